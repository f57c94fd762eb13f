//! Statistical disclosure control for linked tables, with certificates.
//!
//! Give [`protect`] a [`Table`] of statistics per combination of values and the [`Rules`]; it says
//! which cells of *all* tables over up to `max_dimensions` dimensions may be published together.
//! Nothing here reads a file, asks a clock or draws a random number; nothing knows of agreements.
//!
//! The mathematics, in one paragraph: published cells are sums of base cells, so an attacker knows a
//! linear system over whole numbers. A cell is safe when the system has another solution in which that
//! cell differs enough. We look for such solutions (walks of alternating boxes) and hide exactly the
//! cells in which they differ from the truth; each walk is a certificate. No walk, no claim of safety:
//! more is hidden until there is one. See [`protect`] for what then holds and an example.
//!
//! Sources: Hundepool et al., *Statistical Disclosure Control* (2012); Fischetti & Salazar, *Solving the
//! cell suppression problem on tabular data with linear constraints* (2001); De Loera & Onn, *Markov bases
//! of three-way tables are arbitrarily complicated* (2006); Langsrud, *Secondary cell suppression by
//! Gaussian elimination* (2024).

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
    Asked, BaseCell, Cell, Contributions, Dimension, Dominance, Earlier, Measure, Part, Quantity,
    Related, Rules, Straddler, Table, related,
};
pub use witness::Witness;
