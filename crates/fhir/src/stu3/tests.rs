//! STU3 against the guide's own files, and against R4.

mod examples;
mod forms;
mod refusals;
mod roundtrip;
mod structure;
