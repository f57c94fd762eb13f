//! Adding up units that are in several base cells: once in every cell that holds any of their rows.

use super::{CellStatistics, fill::LatticeBuilder};
use crate::{
    ids::{CellId, LevelId, StateId},
    table::{Contributions, Straddler},
};

/// What some straddlers contribute together to a cell.
#[derive(Debug, Clone)]
struct Block {
    rows: Contributions,
    measures: Vec<Contributions>,
}

/// How a level puts the parts of straddlers together: per part the block that it is in.
type PartBlocks = Vec<usize>;

impl LatticeBuilder<'_> {
    /// Counts straddlers with rows in the same base cells once in every cell that holds any of their rows.
    ///
    /// All levels that put the same parts together show the same of them, so that is added up once.
    pub(super) fn straddle(
        &self,
        state: StateId,
        members: &[&Straddler],
        statistics: &mut CellStatistics,
    ) {
        let Some(first) = members.first() else { return };
        let mut known: Vec<(PartBlocks, Vec<Block>)> = Vec::new();
        for level in self.lattice.levels.ids() {
            let (cells, together) = self.parts(state, level, first);
            let place = known.iter().position(|(of, _)| *of == together);
            let place = place.unwrap_or_else(|| {
                let blocks = self.blocks(&together, cells.len(), members);
                known.push((together, blocks));
                known.len() - 1
            });
            let blocks = known.get(place).into_iter().flat_map(|(_, blocks)| blocks);
            for (&cell, block) in cells.iter().zip(blocks) {
                statistics.units[cell] += members.len() as u64;
                for member in members {
                    statistics.identify(cell, member.identity);
                }
                statistics.merge(cell, &block.rows, &block.measures, self.keep);
            }
        }
    }

    /// The cells of a level that hold parts of a straddler, and per part which of these.
    fn parts(&self, state: StateId, level: LevelId, of: &Straddler) -> (Vec<CellId>, PartBlocks) {
        let mut cells: Vec<CellId> = Vec::with_capacity(of.parts.len());
        let mut together = Vec::with_capacity(of.parts.len());
        for part in &of.parts {
            let cell = self.lattice.cell(level, &part.coordinates);
            let cell = self.lattice.at(state, cell);
            let block = cells.iter().position(|&c| c == cell);
            together.push(block.unwrap_or(cells.len()));
            if block.is_none() {
                cells.push(cell);
            }
        }
        (cells, together)
    }

    /// What straddlers contribute to each of `count` blocks of parts, given the block of each part.
    fn blocks(&self, together: &PartBlocks, count: usize, members: &[&Straddler]) -> Vec<Block> {
        let measures = self.table.measures.len();
        let nothing = Block {
            rows: Contributions::default(),
            measures: vec![Contributions::default(); measures],
        };
        let mut blocks = vec![nothing; count];
        let mut own = vec![(0, vec![0.0; measures]); count];
        for member in members {
            for (rows, sums) in &mut own {
                *rows = 0;
                sums.fill(0.0);
            }
            for (part, &block) in member.parts.iter().zip(together) {
                if let Some((rows, sums)) = own.get_mut(block) {
                    *rows += part.rows;
                    sums.iter_mut().zip(&part.sums).for_each(|(s, v)| *s += v);
                }
            }
            for (block, (rows, sums)) in blocks.iter_mut().zip(&own) {
                block.rows.add_unit(*rows, *rows as f64, self.keep);
                for (into, &sum) in block.measures.iter_mut().zip(sums) {
                    into.add_unit(*rows, sum, self.keep);
                }
            }
        }
        blocks
    }
}
