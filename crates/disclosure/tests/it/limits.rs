//! What is refused, and figures at the edge of what can be counted.

use zwerm_disclosure::{DisclosureError, Rules, Table, protect};

use crate::tables::{counts, measure, sound};

fn refused(table: &Table) -> DisclosureError {
    protect(table, &Rules::minimum(3)).unwrap_err()
}

#[test]
fn sums_that_are_no_number() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let places: [fn(&mut zwerm_disclosure::Contributions, f64); 3] = [
            |c, x| c.total = x,
            |c, x| c.absolute = x,
            |c, x| c.largest[0] = x,
        ];
        for place in places {
            let mut table = counts(&[2], &[4, 4]);
            measure(&mut table, 0.0, 9.0, &[&[1.0; 4], &[1.0; 4]]);
            place(&mut table.cells[1].measures[0], bad);
            let error = refused(&table);
            assert!(
                matches!(error, DisclosureError::BadCell { cell: 1, .. }),
                "{error}"
            );
        }
    }
}

#[test]
fn counts_near_the_largest() {
    let most = 1 << 50;
    let table = counts(&[3], &[most - 100, 2, 50]);
    let cells = protect(&table, &Rules::minimum(3)).unwrap().cells();
    assert_eq!(cells.iter().filter(|c| c.units.is_none()).count(), 2);
    assert_eq!(cells[0].units, Some(most - 48));
    let over = refused(&counts(&[2], &[most + 1, 4]));
    assert!(
        matches!(over, DisclosureError::BadCell { cell: 0, .. }),
        "{over}"
    );
    let together = refused(&counts(&[2], &[most, most]));
    assert!(
        matches!(together, DisclosureError::BadTable { .. }),
        "{together}"
    );
    let mut rows = counts(&[2], &[4, 4]);
    rows.cells[0].rows.count = u64::MAX;
    assert!(matches!(refused(&rows), DisclosureError::BadCell { .. }));
    let mut sums = counts(&[2], &[4, 4]);
    measure(&mut sums, 0.0, f64::MAX, &[&[4e307; 4], &[4e307; 4]]);
    assert!(matches!(refused(&sums), DisclosureError::BadTable { .. }));
    let minimum = Rules::minimum(u64::MAX);
    assert!(protect(&counts(&[2], &[4, 4]), &minimum).is_err());
}

#[test]
fn tables_that_are_too_large() {
    let large = counts(&[1, 1], &[4]);
    let mut large = Table {
        max_dimensions: 2,
        ..large
    };
    large.dimensions[0].size = 10_000;
    large.dimensions[1].size = 10_000;
    assert!(matches!(refused(&large), DisclosureError::TooLarge { .. }));
    let many = counts(&[1; 17], &[4]);
    assert!(matches!(
        refused(&many),
        DisclosureError::TooManyDimensions { .. }
    ));
    let mut none = counts(&[1], &[4]);
    none.dimensions[0].size = 0;
    assert!(matches!(
        refused(&none),
        DisclosureError::EmptyDimension { .. }
    ));
}

/// Changes a good table into one that is refused.
type Spoil = fn(&mut Table);

#[test]
fn tables_that_do_not_hold_together() {
    let spoilt: [(Spoil, &str); 12] = [
        (|t| t.cells[0].coordinates = vec![2], "outside"),
        (|t| t.cells[0].coordinates = vec![], "one coordinate"),
        (|t| t.cells[1].coordinates = vec![0], "twice"),
        (|t| t.cells[0].measures.clear(), "one statistic"),
        (|t| t.cells[0].units = 0, "left out"),
        (|t| t.cells[0].measures[0].units = 5, "more units"),
        (
            |t| t.cells[0].measures[0].largest.truncate(1),
            "too few of the largest",
        ),
        (|t| t.cells[0].measures[0].largest.reverse(), "fall"),
        (|t| t.measures[0].upper = f64::NAN, "no range"),
        (|t| t.measures[0].known_to = vec![0], "known to provider"),
        (|t| t.related = vec![vec![0, 1]], "no measure 1"),
        (
            |t| (t.related, t.count_like) = (vec![vec![0]], vec![0]),
            "two classes",
        ),
    ];
    for (spoil, reason) in spoilt {
        let mut table = counts(&[2], &[4, 4]);
        let values = [1.0, 2.0, 3.0, 4.0];
        measure(&mut table, 0.0, 9.0, &[&values, &values]);
        sound(&table, &Rules::minimum(3));
        spoil(&mut table);
        let error = refused(&table).to_string();
        assert!(error.contains(reason), "{reason}: {error}");
    }
}
