//! The code on a card and on a plan on paper: what it holds, how it is read, what may be said of it (decision 54).
//!
//! A code is an address, and behind the `#` what stands on the card: `…/kaart/TOKEN#K1.DATE.DECISIONS.KEY.SIGNATURE`. A
//! browser sends no server what stands behind a `#`, so opening the address tells the token alone, which is nothing to
//! whoever has no record of it. The signature is over everything from the token to before the last point; whoever has the
//! published key checks it without a connection. `docs/card.md` describes it for others.

use crate::plan::{EmergencyLine, TopicId};
use crate::words::Mark;
use jiff::civil::Date;
use std::fmt;

/// Letters and digits of a token: none that look alike on paper.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// Letters of a token: 80 bits, more than anybody guesses at a server that slows guessing down.
pub const LENGTH: usize = 16;
/// Where the page is at which a card is checked.
pub const PATH: &str = "/kaart/";

/// The opaque name of one card or sheet.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

impl Token {
    /// The token that these random bytes make.
    pub fn of(bytes: [u8; LENGTH]) -> Self {
        Self(bytes.iter().map(|b| char::from(LETTERS[usize::from(b % 32)])).collect())
    }

    /// A token as somebody types it: lower case, blanks and hyphens pass. `None`: it cannot be one.
    pub fn parse(typed: &str) -> Option<Self> {
        let plain: String = typed
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}'))
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let fits = plain.len() == LENGTH && plain.bytes().all(|b| LETTERS.contains(&b));
        fits.then_some(Self(plain))
    }

    /// As it stands in an address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In groups of four, as it is printed.
    pub fn groups(&self) -> String {
        let letters: Vec<char> = self.0.chars().collect();
        letters.chunks(4).map(|g| g.iter().collect::<String>()).collect::<Vec<_>>().join("-")
    }
}

/// What bears a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The emergency card.
    Card,
    /// The plan on paper.
    Sheet,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Card, Self::Sheet];

    /// Code in tables and the log.
    pub fn code(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Sheet => "sheet",
        }
    }

    /// The one with this code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.code() == code)
    }

    /// How a code of this kind begins; the figure is the version of what follows.
    fn mark(self) -> &'static str {
        match self {
            Self::Card => "K1",
            Self::Sheet => "P1",
        }
    }
}

/// What a code says: what is printed beside it, and with which key it is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// Which card or sheet.
    pub token: Token,
    /// What it is on.
    pub kind: Kind,
    /// Day on which the version was recorded.
    pub day: Date,
    /// The decisions, by [`decisions`]; none on a sheet, which says them itself.
    pub decisions: String,
    /// Number of the key it is signed with.
    pub key: u32,
}

impl Printed {
    /// What is signed.
    pub fn message(&self) -> String {
        let day = self.day.strftime("%Y%m%d");
        format!("{}#{}.{day}.{}.{}", self.token.as_str(), self.kind.mark(), self.decisions, self.key)
    }

    /// Reads what was signed; `None` where it is none of ours.
    pub fn read(message: &str) -> Option<Self> {
        let (token, rest) = message.split_once('#')?;
        let [mark, day, decisions, key] = <[&str; 4]>::try_from(rest.split('.').collect::<Vec<_>>()).ok()?;
        let printed = Self {
            token: Token::parse(token)?,
            kind: Kind::ALL.into_iter().find(|k| k.mark() == mark)?,
            day: Date::strptime("%Y%m%d", day).ok()?,
            decisions: decisions.to_owned(),
            key: key.parse().ok()?,
        };
        // To the letter: two texts that read alike are not both signed.
        (printed.message() == message).then_some(printed)
    }
}

/// What somebody scanned, pasted or typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scanned {
    /// The token alone.
    Token(Token),
    /// The whole code.
    Whole {
        /// What it says.
        printed: Printed,
        /// The signature, as it stands in the code.
        signature: String,
    },
}

impl Scanned {
    /// Reads an address, a whole code or a token; `None` where it is none of these.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let code = text.to_ascii_lowercase().rfind(PATH).map_or(text, |at| &text[at + PATH.len()..]);
        // Some scanners write the sign of an address in its own way.
        let code = code.replace("%23", "#");
        if !code.contains('#') {
            return Token::parse(code.trim_end_matches('/')).map(Self::Token);
        }
        let (message, signature) = code.rsplit_once('.')?;
        Some(Self::Whole { printed: Printed::read(message)?, signature: signature.to_owned() })
    }

    /// Which card or sheet it names.
    pub fn token(&self) -> &Token {
        match self {
            Self::Token(token) => token,
            Self::Whole { printed, .. } => &printed.token,
        }
    }
}

/// What a card or sheet is worth; all that a stranger learns of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It shows the newest version.
    Current,
    /// There is a newer version since this day.
    Replaced(Date),
    /// It was withdrawn, or what it shows was.
    Withdrawn,
    /// It is none of ours.
    Unknown,
}

/// What the decisions printed on a card come down to: a letter for each treatment (`c` resuscitation, `v` ventilation,
/// `i` intensive care, `h` hospital) and a sign: `1` do, `0` do not, `2` under a condition, `9` unknown, `p` only
/// proposed, `x` not discussed.
pub fn decisions(lines: &[EmergencyLine]) -> String {
    lines.iter().filter_map(|line| Some([letter(line.topic)?, sign(line)])).flatten().collect()
}

fn letter(topic: TopicId) -> Option<char> {
    match topic {
        TopicId::Cpr => Some('c'),
        TopicId::Ventilation => Some('v'),
        TopicId::Icu => Some('i'),
        TopicId::Hospital => Some('h'),
        _ => None,
    }
}

fn sign(line: &EmergencyLine) -> char {
    match line.mark {
        _ if line.silent && line.proposed.is_some() => 'p',
        _ if line.silent => 'x',
        Some(Mark::Do) => '1',
        Some(Mark::DoNot) => '0',
        Some(Mark::But) => '2',
        Some(Mark::Unknown) | None => '9',
    }
}

#[cfg(test)]
mod tests;
