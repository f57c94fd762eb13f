//! zwerm
fn main() {}
