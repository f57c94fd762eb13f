//! Statistical disclosure control for linked tables, with certificates.
//!
//! Give [`protect`] a [`Table`] of statistics per combination of values and the [`Rules`]; it returns
//! which cells of *all* tables over up to `max_dimensions` dimensions may be published together.
//! Nothing here reads a file, asks a clock or draws a random number; nothing knows of agreements.
//!
//! The mathematics, in one paragraph: published cells are sums of base cells, so an attacker knows a
//! linear system over whole numbers. A cell is safe when the system has another solution in which that
//! cell differs enough. We look for such solutions (moves, put together of boxes with alternating signs at their
//! corners: the hypercube method, carried further) and hide exactly the cells in which they differ from the truth;
//! each move is a certificate. No move, no claim of safety: more is hidden until there is one. See [`protect`] for what
//! then holds and an example.
//!
//! | step | what it does |
//! |---|---|
//! | `table` | what comes in: dimensions, measures, base cells, what was published before, the rules; whether it fits |
//! | `lattice` | every table that is published, as levels of one lattice, with the figures of every cell |
//! | `moves` | second tables that nobody can tell from the true one |
//! | `primary` | which cells are unsafe by themselves, and how far each must be able to differ |
//! | `pattern` | which cells are hidden so that no secret follows, with the certificates that prove it |
//! | [`audit`] | the same claims checked by code that shares nothing with what made them |
//!
//! Each step knows those above it and none below. [`protect`] takes them all; [`primary_only`] hides what the fourth
//! finds and no more.
//! The words are in `docs/glossary.md`, each with the literature's.
//!
//! Sources: Hundepool et al., *Statistical Disclosure Control* (2012); Repsilber, *Preservation of confidentiality in
//! aggregated data* (1994); Fischetti & Salazar, *Solving the cell suppression problem on tabular data with linear
//! constraints* (2001); De Loera & Onn, *Markov bases of three-way tables are arbitrarily complicated* (2006);
//! Langsrud, *Secondary cell suppression by Gaussian elimination* (2024).

mod error;
mod ids;
mod lattice;
mod moves;
mod pattern;
mod primary;
mod primary_only;
mod protect;
mod publish;
mod table;
mod witness;

pub mod audit;

pub use error::{DisclosureError, Knowledge};
pub use primary_only::primary_only;
pub use protect::protect;
pub use publish::Protected;
pub use table::{
    BaseCell, Cell, Contributions, DominanceRule, Earlier, PublishedPart, Quantity, Related, Rules,
    Straddler, StraddlerPart, Table, TableDimension, TableMeasure, related,
};
pub use witness::Witness;
