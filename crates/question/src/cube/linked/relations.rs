//! Relations between measures, over all times together.

use zwerm_disclosure::{Related, related};

use crate::aggregate::BaseTally;

/// Relations between measures that hold at any time: classes of one time that have a measure in common with one
/// of another are one class, and a class with a measure that counts units counts them altogether.
pub(super) fn relations(tallies: &[BaseTally]) -> Related {
    let mut classes: Vec<Vec<usize>> = Vec::new();
    let mut count_like: Vec<usize> = Vec::new();
    for found in tallies.iter().map(|t| related(&t.gram, 2)) {
        count_like.extend(found.count_like);
        for class in found.classes {
            classes = merged(classes, class);
        }
    }
    let (tied, free): (Vec<_>, Vec<_>) = classes
        .into_iter()
        .partition(|c| c.iter().any(|m| count_like.contains(m)));
    count_like.extend(tied.into_iter().flatten());
    Related {
        classes: free,
        count_like: ordered(count_like),
    }
}

/// The classes with one more, into which those go that it has a measure in common with.
fn merged(classes: Vec<Vec<usize>>, mut class: Vec<usize>) -> Vec<Vec<usize>> {
    let (with, mut without): (Vec<_>, Vec<_>) = classes
        .into_iter()
        .partition(|c| c.iter().any(|m| class.contains(m)));
    class.extend(with.into_iter().flatten());
    without.push(ordered(class));
    without
}

fn ordered(mut measures: Vec<usize>) -> Vec<usize> {
    measures.sort_unstable();
    measures.dedup();
    measures
}
