//! The flakeless binary.
fn main() {}
