//! The uniform form (ACP-zib2020 1.0.0-rc3): its questions as one table, answers to it, and both ways between
//! answers and plan. Pages, Questionnaire, QuestionnaireResponse and paper are all made from this table.

mod answers;
pub mod specialties;
#[cfg(test)]
mod standard;
mod table;

pub use answers::{Answer, Answers, Item, Value};
pub use table::*;
