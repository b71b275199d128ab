//! The uniform form (ACP-zib2020 1.0.0-rc3): its questions as one table, answers to it, and both ways between
//! answers and plan. Pages, Questionnaire, QuestionnaireResponse and paper are all made from this table.

mod answers;
mod check;
mod echo;
mod older;
mod read;
mod specialties;
#[cfg(test)]
mod standard;
mod table;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod write;

pub use answers::{Answer, Answers, Item, Value};
pub use check::{FormProblem, MAX_PROBLEMS, MAX_TEXT, ProblemKind, Step, check};
pub use echo::without_own_lines;
pub use older::modernise;
pub use read::{FormIdentity, FormRead, LimitsAs, ReadCtx, read};
pub use table::*;
pub use write::{CurrentHead, agreement_lines, life_wish_lines, write};

#[cfg(test)]
mod tests;
