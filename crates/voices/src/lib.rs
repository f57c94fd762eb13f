//! Residents' voices as mathematics: who thinks alike, what they share, and a panel drawn with chances as equal as quotas allow.

pub mod lottery;
pub mod opinion;
