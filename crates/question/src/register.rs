//! What a dimension may be grouped and filtered by, numbered: its values, `(other)` and `(unknown)`, then the
//! larger wholes of its hierarchy, then its registered groups.

use zwerm_agreement::agreement::Dimension;

use crate::{OTHER, UNKNOWN};

/// The coordinates of a dimension in a cube.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    /// The name of each coordinate.
    pub names: Vec<String>,
    /// How many of them are values that a unit can have, `(other)` and `(unknown)` included.
    pub values: usize,
    /// The values of each larger whole and each group.
    pub unions: Vec<Vec<u32>>,
    /// How many of the unions are larger wholes; these come first.
    pub wholes: usize,
}

/// At which level of a dimension cells are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DimensionLevel {
    /// Each value by itself.
    Value,
    /// The larger whole that a value is part of; a value without one is its own.
    Parent,
    /// Registered groups, which may overlap.
    Group,
}

impl Register {
    /// The coordinates of a dimension.
    ///
    /// ```
    /// # use zwerm_agreement::{agreement::Document, sample};
    /// use zwerm_question::register::Register;
    /// # let mut agreement = Document::parse("sample.toml", sample::AGREEMENT)?.agreement;
    /// let mut wijk = agreement.view[0].dimension[0].clone();
    /// wijk.parents.clear();
    /// wijk.groups = [("Samen".to_owned(), wijk.values.clone())].into();
    /// let register = Register::of(&wijk);
    /// assert_eq!(register.names.last().map(String::as_str), Some("Samen"));
    /// assert_eq!(register.values, wijk.values.len() + 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of(dimension: &Dimension) -> Register {
        let mut names = dimension.values.clone();
        names.extend([OTHER.to_owned(), UNKNOWN.to_owned()]);
        let values = names.len();
        let mut unions: Vec<Vec<u32>> = Vec::new();
        let number = |value: &String| {
            let at = dimension.values.iter().position(|v| v == value);
            at.map(|at| at as u32)
        };
        for (value, at) in dimension.values.iter().zip(0_u32..) {
            let Some(parent) = dimension.parents.get(value) else {
                continue;
            };
            let known = names.iter().skip(values).position(|n| n == parent);
            match known.and_then(|known| unions.get_mut(known)) {
                Some(members) => members.push(at),
                None => {
                    names.push(parent.clone());
                    unions.push(vec![at]);
                }
            }
        }
        let wholes = unions.len();
        for (group, members) in &dimension.groups {
            names.push(group.clone());
            unions.push(members.iter().filter_map(number).collect());
        }
        Register {
            names,
            values,
            unions,
            wholes,
        }
    }

    /// The coordinate of a name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<u32> {
        let at = self.names.iter().position(|n| n == name);
        at.map(|at| at as u32)
    }

    /// The name of a coordinate.
    #[must_use]
    pub fn name(&self, at: u32) -> Option<&str> {
        self.names.get(at as usize).map(String::as_str)
    }

    /// The values that a coordinate stands for.
    #[must_use]
    pub fn members(&self, at: u32) -> Vec<u32> {
        match (at as usize).checked_sub(self.values) {
            None => vec![at],
            Some(union) => self.unions.get(union).cloned().unwrap_or_default(),
        }
    }

    /// The coordinates of a level, in the order of the register.
    #[must_use]
    pub fn level(&self, level: DimensionLevel) -> Vec<u32> {
        let values = self.values as u32;
        let wholes = values + self.wholes as u32;
        match level {
            DimensionLevel::Value => (0..values).collect(),
            DimensionLevel::Group => (wholes..self.names.len() as u32).collect(),
            DimensionLevel::Parent => {
                let parts = self.unions.iter().take(self.wholes).flatten();
                let parts: Vec<u32> = parts.copied().collect();
                let alone = (0..values).filter(|v| !parts.contains(v));
                (values..wholes).chain(alone).collect()
            }
        }
    }

    /// The coordinates in the order in which they are shown: a larger whole after its values, groups last.
    #[must_use]
    pub fn order(&self) -> Vec<u32> {
        let mut order = Vec::with_capacity(self.names.len());
        for value in self.level(DimensionLevel::Value) {
            let whole = self.parent(value);
            if whole == value {
                order.push(value);
            } else if !order.contains(&whole) {
                order.extend(self.members(whole));
                order.push(whole);
            }
        }
        order.extend(self.level(DimensionLevel::Group));
        order
    }

    /// The larger whole that a value is part of, or the value itself.
    #[must_use]
    pub fn parent(&self, at: u32) -> u32 {
        let wholes = self.unions.iter().take(self.wholes);
        let found = wholes
            .zip(self.values as u32..)
            .find(|(m, _)| m.contains(&at));
        found.map_or(at, |(_, whole)| whole)
    }
}
