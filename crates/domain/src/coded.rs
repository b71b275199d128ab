//! The one shape of a short list of choices: each with a code for forms and tables and a word for people.

/// Makes an enum whose values have a code and a Dutch word. In JSON a value is its code.
macro_rules! coded {
    ($(#[$meta:meta])* pub enum $name:ident { $($variant:ident $code:literal $dutch:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name { $(#[doc = $dutch] #[serde(rename = $code)] $variant,)+ }
        impl $name {
            /// Every value, in the order in which they are shown.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
            /// Code in forms and tables.
            pub fn code(self) -> &'static str { match self { $(Self::$variant => $code,)+ } }
            /// In words.
            pub fn dutch(self) -> &'static str { match self { $(Self::$variant => $dutch,)+ } }
            /// The value with this code.
            pub fn of_code(code: &str) -> Option<Self> { match code { $($code => Some(Self::$variant),)+ _ => None } }
        }
    };
}
pub(crate) use coded;
