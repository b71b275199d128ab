//! A patient with a plan in several versions, and every page made from it: each template must render, and each page
//! must be one that a screen reader can find its way in. With `TIJDIG_SAMPLES` set to a folder the pages are written
//! there, to be looked at.

mod card;
mod checks;
mod claims;
mod connect;
mod elsewhere;
mod extracts;
mod glass;
mod hooks;
mod implementation;
mod inventory;
mod mail;
mod meetings;
mod pages;
mod plan;
mod practice;
mod record;
mod region;
mod review;
mod talks;
mod toolkit;
mod work;

pub use plan::{Sample, actor, gp, nurse, sample};
pub use talks::known;
