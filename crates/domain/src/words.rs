//! Dutch words for what a plan says: the one place for them. Pages, comparison, notices and paper speak with these.
//!
//! Pure functions without mark-up. Three values stay apart everywhere: what was not discussed has no statement and is
//! [`NOT_DISCUSSED`], what is not known is 'nog onbekend', and 'no' is a decision of its own (R2).

mod date;
mod decision;
mod list;
mod mark;
mod people;
mod statement;
mod topic;
mod value;
mod version;

pub use date::{age, age_of, date, day, moment, months_between, old, short_date, short_day};
pub use decision::{decision_line, decision_phrase, decision_short, decision_value, decision_words, undiscussed_line};
pub use list::{capitalised, counted, join, number};
pub use mark::Mark;
pub use people::{
    contact_role, contact_role_of, function, parties, party, person, person_name, phone, phones, professional,
    professional_name, relation, relation_of, role_in_plan, set_by,
};
pub use statement::{
    FiledSaid, Said, comment, document_line, filed, mark, proposed, proposed_line, said, statement_line, topics,
    without_answer,
};
pub use topic::{NOT_DISCUSSED, UNKNOWN, in_text, is_plural, long_title, title};
pub use value::{
    agreement_state, capacity, document_kind, donor, earlier, euthanasia, goal, goal_short, icd, icd_kind, informed,
    place, policy_differs, sharing, yes_no_unknown,
};
pub use version::{mark_kind, version_kind};

pub(crate) use date::every;
pub(crate) use list::{quoted, trimmed};
pub(crate) use statement::{capacity_parts, earlier_itself, is_proposed, open_conflict, phrase_of, topics_of_both};
pub(crate) use topic::title_is;

#[cfg(test)]
mod tests;
