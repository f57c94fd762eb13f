//! What a search for a text looks for in the database.

/// How many characters of a search text are used; the rest is ignored.
const LONGEST: usize = 200;

/// A pattern that matches whatever contains this text, in small letters or capitals; `!` is its escape.
pub(crate) fn containing(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text.to_lowercase().chars().take(LONGEST) {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::containing;

    #[test]
    fn what_means_something_in_a_pattern_is_looked_for_as_it_is() {
        assert_eq!(containing("10%_!"), "%10!%!_!!%");
        assert_eq!(containing(&"A".repeat(300)).len(), 202);
    }
}
