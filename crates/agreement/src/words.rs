//! Closed lists of words: an enum whose values have one fixed spelling in documents, JSON and codes.
//!
//! One macro keeps the spelling, `Display`, `FromStr` and serde of all of them the same.

use thiserror::Error;

/// A word that is not on the list, with the words that are.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{word}` is not known here; use one of {known}")]
pub struct UnknownWordError {
    /// What was written.
    pub word: String,
    /// The words that are known, separated by commas.
    pub known: String,
}

/// An enum with one fixed spelling per value.
pub(crate) trait Word: Copy + 'static {
    /// Every value.
    fn all() -> &'static [Self];
    /// Its spelling.
    fn word(self) -> &'static str;
    /// The value that is spelt so.
    fn from_word(word: &str) -> Option<Self> {
        Self::all().iter().copied().find(|w| w.word() == word)
    }
}

macro_rules! words {
    (
        in $module:literal;
        $(#[$meta:meta])*
        pub enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vmeta])* $variant),+ }

        impl $name {
            /// Every value, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The fixed spelling in documents and JSON; `FromStr` reads it back.
            #[doc = concat!("\n```\nuse zwerm_agreement::", $module, "::", stringify!($name), ";\n",
                "for value in ", stringify!($name), "::ALL {\n",
                "    assert_eq!(value.as_str().parse(), Ok(*value));\n}\n```")]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl $crate::words::Word for $name {
            fn all() -> &'static [Self] { Self::ALL }
            fn word(self) -> &'static str { self.as_str() }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::words::UnknownWordError;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                <Self as $crate::words::Word>::from_word(word).ok_or_else(|| {
                    $crate::words::UnknownWordError {
                        word: word.to_owned(),
                        known: [$($word),+].join(", "),
                    }
                })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let word = String::deserialize(d)?;
                word.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use words;
