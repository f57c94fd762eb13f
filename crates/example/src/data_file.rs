//! A data file that an example makes: its rows are written when they are asked for, so that a large
//! one is never in memory as a whole.

use std::fmt::Debug;
use std::io::{self, Write};

/// A data file of an example.
pub trait DataFile: Debug {
    /// Its name in the folder `data`.
    fn name(&self) -> &'static str;

    /// Its rows, without the heading.
    fn rows(&self) -> usize;

    /// Writes it from the start, and tells now and then how many rows were written since.
    ///
    /// # Errors
    /// Those of `to`.
    fn write(&self, to: &mut dyn Write, wrote: &mut dyn FnMut(usize)) -> io::Result<()>;
}

/// A file that is small enough to be made at once.
#[derive(Debug)]
pub(crate) struct Small {
    /// Its name.
    pub name: &'static str,
    /// Its rows.
    pub rows: usize,
    /// All of it.
    pub text: String,
}

impl DataFile for Small {
    fn name(&self) -> &'static str {
        self.name
    }

    fn rows(&self) -> usize {
        self.rows
    }

    fn write(&self, to: &mut dyn Write, wrote: &mut dyn FnMut(usize)) -> io::Result<()> {
        to.write_all(self.text.as_bytes())?;
        wrote(self.rows);
        Ok(())
    }
}
