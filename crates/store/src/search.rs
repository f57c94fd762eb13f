//! What a search for words looks for, in the database and beside it.

/// How many characters of a search text are used; the rest is ignored.
const LONGEST: usize = 200;

/// Words that are looked for: each as it is written, in small letters or capitals, in this order, with anything between
/// them.
///
/// ```
/// use zwerm_store::search::SearchWords;
/// let words = SearchWords::of(" Huur  wijk");
/// assert!(words.are_in("De huur per wijk"));
/// assert!(!words.are_in("De wijken"));
/// assert!(SearchWords::of(" ").are_in("anything"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchWords(Vec<String>);

impl SearchWords {
    /// The words of a text; its first 200 characters are used.
    pub fn of(text: &str) -> Self {
        let used: String = text.to_lowercase().chars().take(LONGEST).collect();
        Self(used.split_whitespace().map(str::to_owned).collect())
    }

    /// Whether a text holds them.
    pub fn are_in(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let mut rest = text.as_str();
        self.0.iter().all(|word| {
            let after = rest.split_once(word.as_str());
            rest = after.map_or("", |(_, after)| after);
            after.is_some()
        })
    }

    /// The words one by one, in small letters.
    pub fn each(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// A pattern that matches whatever contains these words, in small letters or capitals; `!` is its escape.
pub(crate) fn containing(text: &str) -> String {
    let mut pattern = String::from("%");
    for word in SearchWords::of(text).each() {
        for letter in word.chars() {
            if matches!(letter, '%' | '_' | '!') {
                pattern.push('!');
            }
            pattern.push(letter);
        }
        pattern.push('%');
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::{SearchWords, containing};

    #[test]
    fn what_means_something_in_a_pattern_is_looked_for_as_it_is() {
        assert_eq!(containing("10%_!"), "%10!%!_!!%");
        assert_eq!(containing("Huur  wijk "), "%huur%wijk%");
        assert_eq!(containing(&"A".repeat(300)).len(), 202);
        assert_eq!(containing(" "), "%");
    }

    #[test]
    fn a_word_is_not_found_twice_in_the_same_place() {
        assert!(SearchWords::of("huur huur").are_in("huur en HUUR"));
        assert!(!SearchWords::of("huur huur").are_in("huur"));
        assert!(!SearchWords::of("wijk huur").are_in("huur per wijk"));
    }
}
