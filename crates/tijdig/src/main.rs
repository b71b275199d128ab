//! tijdig
fn main() {}
