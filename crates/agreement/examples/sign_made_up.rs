//! Signs the consents of made-up parties in documents: `cargo run -p zwerm-agreement --example sign_made_up FILE...`.
//!
//! For the worked examples, whenever one of them changes.

#![expect(clippy::disallowed_methods, reason = "a program, not the library")]

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path)?;
        std::fs::write(&path, zwerm_agreement::sample::signed(&text)?)?;
        println!("signed: {path}");
    }
    Ok(())
}
