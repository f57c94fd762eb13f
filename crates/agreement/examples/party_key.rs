//! What a party's private key makes, for whoever signs with a program of their own, such as the browser's:
//! `cargo run -p zwerm-agreement --example party_key -- KEY-LINE [STATEMENT-SIGNATURE PUBLIC-KEY]`.
//!
//! Prints one line of JSON: the public key, a statement as it is signed, and its signature. With a signature and a
//! public key it says besides whether that signature is one of this statement.

#![expect(clippy::disallowed_methods, reason = "a program, not the library")]

use std::error::Error;

use serde_json::json;
use zwerm_agreement::digest::Digest;
use zwerm_agreement::signature::{PartyKey, PublicKey, Statement};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let line = arguments.next().ok_or("name the line with the key")?;
    let key = PartyKey::parse(&line)?;
    let statement = Statement {
        agreement: Digest::of("an agreement"),
        party: "corporatie",
        decision: "object",
        reason: Some("te weinig tijd \u{2014} \u{e9}\u{1f41d} \"nee\""),
        lifts: None,
        at: "2026-01-05T10:00:00Z".parse()?,
    };
    let theirs = match (arguments.next(), arguments.next()) {
        (Some(signature), Some(public)) => {
            Some(statement.is_signed_by(&public.parse::<PublicKey>()?, &signature))
        }
        _ => None,
    };
    println!(
        "{}",
        json!({
            "private": line,
            "public": key.public().to_string(),
            "statement": statement.to_canonical()?,
            "signature": key.sign(&statement)?,
            "theirs": theirs,
        })
    );
    Ok(())
}
