//! Deliveries: the guide's examples, random forms there and back, and everything that is refused.

mod deliveries;
mod examples;
mod forms;
mod refusals;
mod roundtrip;
mod section6;
