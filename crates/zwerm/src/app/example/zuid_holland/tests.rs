//! What the example on poverty promises about its synthetic households.
