//! Closed lists of words: an enum whose values have one fixed spelling in the database and in forms.

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

            /// The fixed spelling; `FromStr` reads it back.
            #[doc = concat!("\n```\nuse zwerm_store::", $module, "::", stringify!($name), ";\n",
                "for value in ", stringify!($name), "::ALL {\n",
                "    assert_eq!(value.as_str().parse(), Ok(*value));\n}\n```")]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = zwerm_agreement::UnknownWordError;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|value| value.as_str() == word).ok_or_else(|| {
                    zwerm_agreement::UnknownWordError {
                        word: word.to_owned(),
                        known: [$($word),+].join(", "),
                    }
                })
            }
        }
    };
}
pub(crate) use words;
