//! What follows by adding and subtracting.

use std::collections::BTreeMap;

/// Linear equations modulo a prime, one row after another.
#[derive(Clone, Default)]
pub(super) struct System {
    rows: Vec<BTreeMap<usize, i128>>,
}

pub(super) const PRIME: i128 = 2_147_483_647;

impl System {
    pub(super) fn reduce(&self, row: &[(usize, i64)]) -> BTreeMap<usize, i128> {
        let mut rest: BTreeMap<usize, i128> = BTreeMap::new();
        for &(k, x) in row {
            *rest.entry(k).or_insert(0) += i128::from(x);
        }
        for known in &self.rows {
            let (&pivot, _) = known.iter().next().expect("no empty row");
            let times = rest.get(&pivot).copied().unwrap_or(0);
            for (&k, &x) in known {
                let of = rest.entry(k).or_insert(0);
                *of = (*of - times * x).rem_euclid(PRIME);
            }
        }
        rest.retain(|_, x| *x != 0);
        rest
    }

    pub(super) fn learn(&mut self, row: &[(usize, i64)]) {
        let mut rest = self.reduce(row);
        let Some((_, &first)) = rest.iter().next() else {
            return;
        };
        let mut inverse = 1;
        let (mut base, mut power) = (first.rem_euclid(PRIME), PRIME - 2);
        while power > 0 {
            if power & 1 == 1 {
                inverse = inverse * base % PRIME;
            }
            base = base * base % PRIME;
            power >>= 1;
        }
        rest.values_mut()
            .for_each(|x| *x = (*x * inverse).rem_euclid(PRIME));
        self.rows.push(rest);
    }

    pub(super) fn derives(&self, row: &[(usize, i64)]) -> bool {
        self.reduce(row).is_empty()
    }
}
