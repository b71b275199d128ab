//! Pieces that several resources share, each with both ways: how it is written and how it is read.

pub(super) mod address;
pub(super) mod codeable;
pub(super) mod extension;
pub(super) mod meta;
pub(super) mod name;
pub(super) mod node;
pub(super) mod object;
pub(super) mod reference;
pub(super) mod telecom;
