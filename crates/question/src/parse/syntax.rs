//! What is no SQL, in words: where it goes wrong, and which word was probably meant.
//!
//! The parser's own words are English, and say what a grammar expected. Of these only the place and what stands there are
//! taken over.

use datafusion::sql::sqlparser::parser::ParserError;
use zwerm_agreement::refusal::{Code, Refusal};
use zwerm_agreement::suggest::nearest;
use zwerm_agreement::text::Text;

use super::reasons::{self, quote};

/// Words that a question is written with.
const WORDS: [&str; 17] = [
    "SELECT", "FROM", "WHERE", "GROUP", "BY", "HAVING", "ORDER", "LIMIT", "AND", "OR", "NOT", "IN",
    "AS", "ROLLUP", "CUBE", "DESC", "OFFSET",
];

/// The refusal of what is no SQL.
pub(super) fn refusal(error: &ParserError) -> Refusal {
    let (ParserError::ParserError(message) | ParserError::TokenizerError(message)) = error else {
        return reasons::refusal(
            Code::Syntax,
            "de vraag is te diep genest".into(),
            "the question is nested too deeply".into(),
            "stel de vraag in delen",
            "ask it in parts",
        );
    };
    Refusal::new(
        Code::Syntax,
        words(message),
        Text::new(
            "schrijf `SELECT kenmerken, aantallen FROM basis GROUP BY kenmerken`",
            "write `SELECT dimensions, aggregates FROM view GROUP BY dimensions`",
        ),
    )
}

fn words(message: &str) -> Text {
    let (what, place) = message.rsplit_once(" at Line: ").unwrap_or((message, ""));
    let place = place.split_once(", Column: ");
    let (nl, en) = match place {
        Some((line, column)) => (
            format!("op regel {line}, teken {column}"),
            format!("on line {line}, at character {column}"),
        ),
        None => ("ergens".to_owned(), "somewhere".to_owned()),
    };
    if what.contains("Unterminated") {
        return Text::new(
            format!("dit is geen SQL: {nl} begint iets met een aanhalingsteken dat niet eindigt"),
            format!("this is not SQL: {en} something begins with a quote that does not end"),
        );
    }
    let found = what
        .rsplit_once("found: ")
        .map_or("", |(_, found)| found.trim());
    match found {
        "" => Text::new(
            format!("dit is geen SQL: {nl} gaat het mis"),
            format!("this is not SQL: it goes wrong {en}"),
        ),
        "EOF" => Text::new(
            "dit is geen SQL: de vraag houdt te vroeg op",
            "this is not SQL: the question ends too early",
        ),
        found => unfit(&quote(found), &nl, &en),
    }
}

/// A word that does not fit where it stands.
fn unfit(found: &str, nl: &str, en: &str) -> Text {
    let known = WORDS.iter().any(|word| word.eq_ignore_ascii_case(found));
    let near = nearest(found, WORDS).filter(|_| !known);
    let meant = near.map_or((String::new(), String::new()), |n| {
        (
            format!("; bedoelde u `{n}`?"),
            format!("; did you mean `{n}`?"),
        )
    });
    Text::new(
        format!(
            "dit is geen SQL: {nl} staat `{found}`, en dat past daar niet{}",
            meant.0
        ),
        format!("this is not SQL: `{found}` does not fit {en}{}", meant.1),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(message: &str, nl: &str) {
        let refusal = refusal(&ParserError::ParserError(message.into()));
        assert_eq!(refusal.what.nl, nl);
        assert!(!refusal.what.nl.contains("Expected"), "{}", refusal.what.nl);
    }

    #[test]
    fn what_is_no_sql_is_said_in_the_readers_language() {
        check(
            "Expected: an SQL statement, found: SELEC at Line: 1, Column: 1",
            "dit is geen SQL: op regel 1, teken 1 staat `SELEC`, en dat past daar niet; bedoelde u `SELECT`?",
        );
        check(
            "Expected: end of statement, found: huishoudens at Line: 2, Column: 7",
            "dit is geen SQL: op regel 2, teken 7 staat `huishoudens`, en dat past daar niet",
        );
        check(
            "Expected: an expression, found: EOF",
            "dit is geen SQL: de vraag houdt te vroeg op",
        );
        check(
            "Unterminated string literal at Line: 1, Column: 8",
            "dit is geen SQL: op regel 1, teken 8 begint iets met een aanhalingsteken dat niet eindigt",
        );
        check("something else", "dit is geen SQL: ergens gaat het mis");
    }
}
