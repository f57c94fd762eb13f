//! A complete agreement, for documentation and tests; households and organisations in it are made up.

/// The agreement as TOML, with a consent of each of its parties.
pub const AGREEMENT: &str = include_str!("sample.toml");
