//! Dutch words for what a plan says.
