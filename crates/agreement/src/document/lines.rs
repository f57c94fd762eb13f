//! From a byte offset to a line and a column that an editor shows.

/// Where lines begin.
pub(super) struct LineStarts<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> LineStarts<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let after_breaks = text
            .bytes()
            .enumerate()
            .filter(|(_, b)| *b == b'\n')
            .map(|(i, _)| i + 1);
        Self {
            text,
            starts: std::iter::once(0).chain(after_breaks).collect(),
        }
    }

    /// The line, from 1.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.starts
            .partition_point(|start| *start <= offset.min(self.text.len()))
    }

    /// Line and column, both from 1, the column in characters; an offset past the end is the end.
    pub(super) fn place(&self, offset: usize) -> (usize, usize) {
        let offset = offset.min(self.text.len());
        let line = self.line(offset);
        let start = self
            .starts
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or(0);
        let before = self.text.as_bytes().get(start..offset).unwrap_or_default();
        let column = before.iter().filter(|byte| (**byte & 0xC0) != 0x80).count();
        (line, column + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::LineStarts;

    #[test]
    fn columns_count_characters() {
        let lines = LineStarts::new("één = 1\r\ntwee = 2\n");
        assert_eq!(lines.place(0), (1, 1));
        assert_eq!(lines.place("één".len()), (1, 4));
        assert_eq!(lines.place("één = 1\r\n".len()), (2, 1));
        assert_eq!(lines.place(9999), (3, 1));
    }

    #[test]
    fn an_empty_text_has_a_first_place() {
        assert_eq!(LineStarts::new("").place(0), (1, 1));
    }
}
