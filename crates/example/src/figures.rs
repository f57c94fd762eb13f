//! Reading the published figures of an example: small tables that are part of the binary.

use std::collections::BTreeMap;

use crate::ExampleError;

/// A table of figures: rows by their first column, in the order of the file.
#[derive(Debug)]
pub(super) struct FigureFile {
    file: &'static str,
    order: Vec<String>,
    rows: BTreeMap<String, Vec<String>>,
}

impl FigureFile {
    /// Reads CSV with a heading; a line that starts with `#` is a remark.
    ///
    /// # Errors
    /// When rows have different lengths, or two have one name.
    pub(super) fn read(file: &'static str, text: &str) -> Result<Self, ExampleError> {
        let mut reader = csv::ReaderBuilder::new()
            .comment(Some(b'#'))
            .from_reader(text.as_bytes());
        let mut table = Self {
            file,
            order: Vec::new(),
            rows: BTreeMap::new(),
        };
        for record in reader.records() {
            let record = record.map_err(|error| table.fault(error.to_string()))?;
            let mut fields = record.iter().map(str::to_owned);
            let name = fields.next().unwrap_or_default();
            if table.rows.insert(name.clone(), fields.collect()).is_some() {
                return Err(table.fault(format!("two rows `{name}`")));
            }
            table.order.push(name);
        }
        Ok(table)
    }

    /// The names of the rows, in the order of the file.
    pub(super) fn rows(&self) -> impl Iterator<Item = &str> {
        self.order.iter().map(String::as_str)
    }

    /// The field in this column of this row; the row's name is column 0.
    pub(super) fn field(&self, row: &str, column: usize) -> Result<&str, ExampleError> {
        self.rows
            .get(row)
            .and_then(|fields| fields.get(column.checked_sub(1)?))
            .map(String::as_str)
            .ok_or_else(|| self.fault(format!("no column {column} in a row `{row}`")))
    }

    /// A number; a figure that is not published (`.`) is none, and is never taken for zero.
    pub(super) fn number(&self, row: &str, column: usize) -> Result<f64, ExampleError> {
        self.parsed(row, column)
    }

    /// A whole number.
    pub(super) fn whole(&self, row: &str, column: usize) -> Result<u32, ExampleError> {
        self.parsed(row, column)
    }

    /// A percentage, as a fraction of one.
    pub(super) fn share(&self, row: &str, column: usize) -> Result<f64, ExampleError> {
        Ok(self.number(row, column)? / 100.0)
    }

    fn parsed<T: std::str::FromStr>(&self, row: &str, column: usize) -> Result<T, ExampleError> {
        let field = self.field(row, column)?;
        field
            .parse()
            .map_err(|_| self.fault(format!("`{field}` in row `{row}` is no number")))
    }

    fn fault(&self, what: String) -> ExampleError {
        ExampleError::Figures {
            file: self.file,
            what,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_row_a_missing_figure_and_a_word_for_a_number_are_named() -> Result<(), ExampleError>
    {
        let table = FigureFile::read("f.csv", "# remark\nfigure,value\nsingle,half\npair,.\n")?;
        for (row, named) in [("single", "`half`"), ("owner", "`owner`"), ("pair", "`.`")] {
            let told = table
                .share(row, 1)
                .map_or_else(|error| error.to_string(), |_| String::new());
            assert!(told.contains(named) && told.contains("`f.csv`"), "{told}");
        }
        Ok(())
    }

    #[test]
    fn two_rows_of_one_name_are_refused() {
        assert!(FigureFile::read("f.csv", "figure,value\na,1\na,2\n").is_err());
    }
}
