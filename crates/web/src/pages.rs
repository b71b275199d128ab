//! The pages: one file each with its view, form and handlers. Whole without JavaScript; no rule of care lives here,
//! the domain is asked.

pub mod dutch;
pub mod field;
pub mod frame;
pub mod mark;
pub mod plan_view;
