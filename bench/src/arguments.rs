//! Words of the command line: names, flags, and options with a number.

use anyhow::{Context as _, Result, bail};

/// Words that were not taken yet.
pub(crate) struct Arguments {
    words: Vec<String>,
}

impl Arguments {
    pub(crate) fn new(words: &[String]) -> Arguments {
        Arguments {
            words: words.to_vec(),
        }
    }

    /// Whether a flag is there.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let before = self.words.len();
        self.words.retain(|word| word != name);
        self.words.len() < before
    }

    /// The number after an option, if it is there.
    ///
    /// # Errors
    /// When no whole number follows it.
    pub(crate) fn number(&mut self, name: &str) -> Result<Option<u64>> {
        let Some(at) = self.words.iter().position(|word| word == name) else {
            return Ok(None);
        };
        self.words.remove(at);
        if at >= self.words.len() {
            bail!("`{name}` needs a whole number after it");
        }
        let word = self.words.remove(at);
        let number = word.replace('_', "").parse();
        let number = number.with_context(|| format!("`{name}` takes a whole number, not `{word}`"));
        number.map(Some)
    }

    /// What is left, which must be names.
    ///
    /// # Errors
    /// When an option is left that nobody knows.
    pub(crate) fn names(self) -> Result<Vec<String>> {
        match self.words.iter().find(|word| word.starts_with('-')) {
            Some(word) => bail!("`{word}` is no option here"),
            None => Ok(self.words),
        }
    }

    /// # Errors
    /// When anything is left.
    pub(crate) fn finish(self) -> Result<()> {
        match self.words.first() {
            Some(word) => bail!("`{word}` is not understood here"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Arguments {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Arguments::new(&words)
    }

    #[test]
    fn options_are_taken_and_names_are_left() -> Result<()> {
        let mut arguments = of("cube --seed 1_000 --quick protect");
        assert!(arguments.flag("--quick") && !arguments.flag("--quick"));
        assert_eq!(arguments.number("--seed")?, Some(1_000));
        assert_eq!(arguments.number("--cubes")?, None);
        assert_eq!(arguments.names()?, ["cube", "protect"]);
        Ok(())
    }

    #[test]
    fn what_is_not_understood_is_said() {
        assert!(of("--seed").number("--seed").is_err());
        assert!(of("--seed many").number("--seed").is_err());
        assert!(of("--fast").names().is_err());
        assert!(of("more").finish().is_err());
    }
}
