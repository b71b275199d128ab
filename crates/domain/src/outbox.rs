//! What leaves this system after a change is on disk (DESIGN sections 1 and 3): when it is tried again, when it is
//! given up, and when the one message of a day goes.

use crate::coded::coded;
use crate::date::TIME_ZONE;
use crate::ident::{HookId, Invalid, PersonId};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

coded! {
    /// What a message is.
    pub enum Kind {
        Urgent "urgent" "bericht dat een behandelgrens veranderde";
        Digest "digest" "bericht van de dag";
        Confirm "confirm" "code om een adres te bevestigen";
        Spread "spread" "melding van een wijziging aan gekoppelde systemen";
        Hook "hook" "bericht";
        Handover "handover" "overdracht";
    }
}

coded! {
    /// What has become of a message.
    pub enum State {
        Waiting "waiting" "wacht";
        Sent "sent" "verstuurd";
        Dropped "dropped" "was niet meer nodig";
        Dead "dead" "mislukt";
        GivenUp "given-up" "opgegeven";
    }
}

coded! {
    /// Why a try failed. Only this is kept of what another machine said: its words may name somebody.
    pub enum Failure {
        NoAnswer "no-answer" "de ontvanger was niet bereikbaar";
        NotSecure "not-secure" "een beveiligde verbinding lukte niet";
        Later "later" "de ontvanger vroeg om het later te proberen";
        Answer "answer" "de ontvanger antwoordde met een fout";
        Refused "refused" "de ontvanger weigerde het bericht";
        Address "address" "het adres kan niet gebruikt worden";
        Unknown "unknown" "er ging iets anders mis";
    }
}

/// To whom a message goes. What goes to one target about one patient goes in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Somebody who works with it.
    Person(PersonId),
    /// A system, where it asked to be told.
    Hook(HookId),
    /// Nobody yet: it becomes a message for each system that is to be told.
    Spread,
}

impl Target {
    /// As it stands in the table.
    pub fn code(&self) -> String {
        match self {
            Self::Person(id) => ["person:", id.as_str()].concat(),
            Self::Hook(id) => ["hook:", id.as_str()].concat(),
            Self::Spread => "spread".to_owned(),
        }
    }

    /// The target with this code.
    ///
    /// # Errors
    /// Where it is none.
    pub fn parse(code: &str) -> Result<Self, Invalid> {
        match code.split_once(':') {
            Some(("person", id)) => PersonId::parse(id).map(Self::Person),
            Some(("hook", id)) => HookId::parse(id).map(Self::Hook),
            None if code == "spread" => Ok(Self::Spread),
            _ => Err(Invalid("Dit is geen ontvanger.")),
        }
    }
}

impl Failure {
    /// Can another try help?
    pub fn may_pass(self) -> bool {
        !matches!(self, Self::Refused | Self::Address)
    }
}

/// Tries before a message waits for an administrator: a receiver may be away for a day.
pub const MOST_TRIES: u32 = 14;
/// The first wait; each next one is twice as long, up to [`LONGEST`].
const FIRST: SignedDuration = SignedDuration::from_secs(30);
const LONGEST: SignedDuration = SignedDuration::from_hours(4);

/// How long to wait after the `tries`-th try failed; `None`: no more by itself. `dice` (0 to 255) makes the wait up to a
/// quarter longer, so that what failed together does not come back together.
pub fn again_after(failure: Failure, tries: u32, dice: u8) -> Option<SignedDuration> {
    if tries >= MOST_TRIES || !failure.may_pass() {
        return None;
    }
    let doubled = FIRST.checked_mul(1_i32.checked_shl(tries.saturating_sub(1)).filter(|n| *n > 0)?);
    let wait = doubled.map_or(LONGEST, |wait| wait.min(LONGEST));
    Some(wait + wait * i32::from(dice) / 1024)
}

/// The day of the next digest and its moment: seven in the morning, before work begins.
pub fn next_digest(now: Timestamp) -> (Date, Timestamp) {
    let zone = TimeZone::get(TIME_ZONE).unwrap_or(TimeZone::UTC);
    let local = now.to_zoned_datetime(zone.clone());
    let at = |day: Date| day.at(7, 0, 0, 0).to_zoned_datetime(zone.clone()).map_or(now, |z| z.timestamp());
    let today = local.date();
    let day = if at(today) > now { today } else { today.checked_add(1.day()).unwrap_or(today) };
    (day, at(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let wait = |tries| again_after(Failure::NoAnswer, tries, 0).map(|d| d.as_secs());
        assert_eq!([wait(1), wait(2), wait(3)], [Some(30), Some(60), Some(120)]);
        assert_eq!(wait(13), Some(4 * 3600), "no longer than four hours");
        assert_eq!(wait(14), None);
        let total: i64 = (1..14).filter_map(wait).sum();
        assert!(total > 20 * 3600, "a receiver that is away for most of a day gets it: {total} s");
        assert!(again_after(Failure::NoAnswer, 1, 255).unwrap().as_secs() > 30, "not all at once");
        assert_eq!(again_after(Failure::Refused, 1, 0), None, "asking again changes nothing");
    }

    #[test]
    fn a_target_is_read_as_it_was_written() {
        for target in [Target::Person(PersonId::from_bits(1)), Target::Hook(HookId::from_bits(2)), Target::Spread] {
            assert_eq!(Target::parse(&target.code()), Ok(target));
        }
        for wrong in ["", "person:", "hook:x", "spread:1", "client:a"] {
            assert!(Target::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_digest_goes_at_seven_in_the_morning_here() {
        let next = |at: &str| next_digest(at.parse().unwrap());
        let is = |day: &str, at: &str| (day.parse::<Date>().unwrap(), at.parse::<Timestamp>().unwrap());
        assert_eq!(next("2026-11-23T05:00:00Z"), is("2026-11-23", "2026-11-23T06:00:00Z"));
        assert_eq!(next("2026-11-23T06:00:00Z"), is("2026-11-24", "2026-11-24T06:00:00Z"));
        assert_eq!(next("2026-07-01T12:00:00Z"), is("2026-07-02", "2026-07-02T05:00:00Z"), "in summer");
    }
}
