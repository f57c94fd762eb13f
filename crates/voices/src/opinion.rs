//! Opinion groups: who votes alike on statements, what sets groups apart, and what they share.
