//! Closed lists of words: an enum whose values have one fixed spelling in documents, JSON and codes.
//!
//! One macro, [`words`](crate::words!), keeps the spelling, `Display`, `FromStr` and serde of all of them the same.

use thiserror::Error;

/// What the macro names, whatever the crate that uses it depends on.
#[doc(hidden)]
pub use serde;

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
pub trait Word: Copy + 'static {
    /// Every value.
    fn all() -> &'static [Self];
    /// Its spelling.
    fn word(self) -> &'static str;
    /// The value that is spelt so.
    ///
    /// ```
    /// use zwerm_agreement::{agreement::Helix, words::Word};
    /// assert_eq!(Helix::from_word("residents"), Some(Helix::Residents));
    /// assert_eq!(Helix::from_word("Residents"), None);
    /// ```
    fn from_word(word: &str) -> Option<Self> {
        Self::all().iter().copied().find(|w| w.word() == word)
    }
}

/// Makes an enum whose values have one fixed spelling; `in` says where it is public, for its example.
///
/// ```
/// # mod inner {
/// zwerm_agreement::words! {
///     in "zwerm_agreement::agreement";
///     /// A side of a coin.
///     pub enum Side {
///         /// The king's.
///         Heads = "heads",
///         /// The other.
///         Tails = "tails",
///     }
/// }
/// # pub fn check() {
/// assert_eq!(Side::Tails.to_string(), "tails");
/// let unknown = "edge".parse::<Side>().unwrap_err();
/// assert_eq!(unknown.to_string(), "`edge` is not known here; use one of heads, tails");
/// # }
/// # }
/// # inner::check();
/// ```
#[macro_export]
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

            /// The fixed spelling wherever it is written; `FromStr` reads it back.
            #[doc = concat!("\n```\nuse ", $module, "::", stringify!($name), ";\n",
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

        impl $crate::words::serde::Serialize for $name {
            fn serialize<S: $crate::words::serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::words::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::words::serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let word = <String as $crate::words::serde::Deserialize>::deserialize(d)?;
                word.parse().map_err($crate::words::serde::de::Error::custom)
            }
        }
    };
}
