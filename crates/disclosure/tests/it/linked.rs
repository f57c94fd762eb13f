//! Releases one after another over the same units: nothing may follow from all of them together.

use zwerm_disclosure::{DisclosureError, Knowledge, PublishedPart, Rules, Table, audit, protect};

use crate::{
    generate::{
        people::{Shape, people},
        releases::{Releases, earlier},
    },
    random::variable,
    tables::{at, counts, measure, publish, sound},
};

/// Protects table after table, each with all that was published before; gives how many were not built.
fn sequence(seed: u64, shape: Shape) -> (u64, u64) {
    let mut releases = Releases::new(seed, shape);
    let rules = releases.rules();
    let (mut tried, mut refused) = (0, 0);
    while let Some(table) = releases.next_table() {
        tried += 1;
        match protect(&table, &rules) {
            Ok(protected) => {
                let cells = protected.cells();
                let findings = audit::findings(&table, &rules, &cells);
                assert!(
                    findings.is_empty(),
                    "seed {seed}, release {tried}: {findings:#?}"
                );
                releases.publish(cells);
            }
            Err(DisclosureError::Unprotectable { .. }) => refused += 1,
            Err(other) => panic!("seed {seed}: {other}"),
        }
    }
    (tried, refused)
}

fn sequences(shape: Shape) {
    let first = variable("ZWERM_SEED", 0);
    let (mut tried, mut refused) = (0, 0);
    for seed in first..first + variable("ZWERM_CUBES", 200) {
        let (t, r) = sequence(seed, shape);
        tried += t;
        refused += r;
    }
    println!("{refused} of {tried} releases were not built");
    assert!(refused * 8 < tried, "{refused} of {tried} were not built");
}

#[test]
fn sequences_of_releases() {
    sequences(Shape {
        unions: false,
        straddlers: false,
    });
}

#[test]
fn sequences_of_releases_of_all_shapes() {
    sequences(Shape {
        unions: true,
        straddlers: true,
    });
}

#[test]
fn the_same_release_again_shows_the_same() {
    let mut refused = 0;
    for seed in 0..100 {
        let people = people(
            seed,
            Shape {
                unions: true,
                straddlers: false,
            },
        );
        let Ok(first) = protect(&people.table, &people.rules) else {
            continue; // a provider's own knowledge gives it away: see `shapes`
        };
        let first = first.cells();
        let mut table = people.table.clone();
        table.earlier = vec![earlier(None, first.clone(), people.rules)];
        let Ok(again) = protect(&table, &people.rules) else {
            refused += 1;
            continue;
        };
        let again = again.cells();
        for (a, b) in first.iter().zip(&again) {
            assert!(
                a.units.is_none() || a.units == b.units,
                "seed {seed}: {a:?} {b:?}"
            );
        }
    }
    assert!(refused <= 2, "{refused} of 100 were not built again");
}

#[test]
fn a_cell_that_has_not_changed_gives_the_earlier_one_away() {
    // first a = 9 and b = 40 are hidden; then a = 10 could be shown, and b with it: a was 9
    let before = counts(&[3], &[9, 40, 60]);
    let rules = Rules::minimum(10);
    let first = sound(&before, &rules).cells();
    assert_eq!(at(&first, &[Some(0)]).units, None);
    let mut now = counts(&[3], &[10, 40, 60]);
    let alone = sound(&now, &rules).cells();
    assert!(alone.iter().all(|c| c.units.is_some()));
    now.earlier = vec![earlier(Some(&before), first, rules)];
    let findings = audit::findings(&now, &rules, &alone);
    assert!(!findings.is_empty());
    let cells = sound(&now, &rules).cells();
    let hidden = cells.iter().filter(|c| c.units.is_none()).count();
    assert!(hidden >= 2, "{cells:?}");
}

#[test]
fn other_people_make_another_cell_though_they_are_as_many() {
    // four of the 40 in b left and four came: that b is 40 again tells nothing of who was in a
    let mut before = counts(&[3], &[9, 40, 60]);
    let mut now = counts(&[3], &[10, 40, 60]);
    for (place, (then, cell)) in before.cells.iter_mut().zip(&mut now.cells).enumerate() {
        then.identity = Some(1_000 + place as u64);
        cell.identity = Some(2_000 + place as u64);
    }
    let rules = Rules::minimum(10);
    let first = sound(&before, &rules).cells();
    now.earlier = vec![earlier(Some(&before), first, rules)];
    let cells = sound(&now, &rules).cells();
    assert!(cells.iter().all(|c| c.units.is_some()), "{cells:?}");
}

#[test]
fn two_views_whose_totals_differ_by_a_few() {
    // all, and all but the four of the second value: the views' totals differ by these four
    let whole = counts(&[2], &[60, 4]);
    let total = Table {
        asked: Some(PublishedPart::default()),
        ..whole.clone()
    };
    let rules = Rules::minimum(10);
    let first = sound(&total, &rules).cells();
    assert_eq!(first[0].units, Some(64));
    let part = Table {
        asked: Some(PublishedPart {
            dimensions: vec![],
            within: vec![(0, 0)],
        }),
        earlier: vec![earlier(None, first, rules)],
        ..whole
    };
    let cells = sound(&part, &rules).cells();
    assert_eq!((cells.len(), cells[0].units), (1, None));
}

#[test]
fn what_was_published_too_freely_is_not_built_upon() {
    // the margins and all cells but one are out: the one follows, whatever is hidden now
    let table = counts(&[2, 2], &[30, 4, 25, 40]);
    let rules = Rules::minimum(10);
    let leaky = publish(&table, |c| c != [Some(0), Some(1)]);
    let next = Table {
        earlier: vec![earlier(None, leaky, rules)],
        ..table
    };
    let error = protect(&next, &rules).unwrap_err();
    let known = matches!(
        error,
        DisclosureError::Unprotectable {
            known: Knowledge::Earlier,
            ..
        }
    );
    assert!(known, "{error}");
}

#[test]
fn what_everyone_knows_is_hidden_and_no_secret() {
    // five were enough then; ten are asked now: the seven are known, and not shown again
    let table = counts(&[3], &[7, 40, 60]);
    let first = sound(&table, &Rules::minimum(5)).cells();
    assert_eq!(at(&first, &[Some(0)]).units, Some(7));
    let next = Table {
        earlier: vec![earlier(None, first, Rules::minimum(5))],
        ..table
    };
    let cells = sound(&next, &Rules::minimum(10)).cells();
    assert_eq!(at(&cells, &[Some(0)]).units, None);
    assert_eq!(at(&cells, &[Some(1)]).units, Some(40));
}

#[test]
fn the_stricter_of_two_agreements_counts() {
    let table = counts(&[4], &[15, 14, 60, 70]);
    let first = sound(&table, &Rules::minimum(20)).cells();
    assert_eq!(at(&first, &[Some(0)]).units, None);
    let next = Table {
        earlier: vec![earlier(None, first, Rules::minimum(20))],
        ..table
    };
    let cells = sound(&next, &Rules::minimum(5)).cells();
    assert_eq!(at(&cells, &[Some(0)]).units, None);
}

/// Three cells of which the sums are hidden or shown by p%; what each unit has.
fn incomes(first: &[f64], second: &[f64], third: &[f64]) -> Table {
    let units = [first.len() as u64, second.len() as u64, third.len() as u64];
    let mut table = counts(&[3], &units);
    measure(&mut table, 0.0, 10_000.0, &[first, second, third]);
    table
}

const P_PERCENT: Rules = Rules {
    p_percent: Some(10.0),
    ..Rules::minimum(3)
};

#[test]
fn as_many_units_do_not_make_a_new_sum_known() {
    // the same people, other incomes: what was shown then is not what must be hidden now
    let even = [100.0, 110.0, 120.0, 130.0];
    let before = incomes(&even, &even, &even);
    let first = sound(&before, &P_PERCENT).cells();
    assert_eq!(at(&first, &[Some(0)]).sums, [Some(460.0)]);
    let mut now = incomes(&[5_000.0, 1.0, 2.0, 3.0], &[90.0; 4], &[95.0; 4]);
    now.earlier = vec![earlier(Some(&before), first, P_PERCENT)];
    let cells = sound(&now, &P_PERCENT).cells();
    let shown = cells.iter().filter(|c| c.sums[0].is_some()).count();
    assert_eq!(at(&cells, &[Some(0)]).sums, [None]);
    assert!(shown < 3, "the total less both others is it: {cells:?}");
}

#[test]
fn an_equal_sum_does_not_make_a_new_count_known() {
    let before = incomes(&[10.0; 12], &[10.0; 30], &[10.0; 40]);
    let rules = Rules::minimum(10);
    let first = sound(&before, &rules).cells();
    assert_eq!(at(&first, &[Some(0)]).units, Some(12));
    let mut now = incomes(&[20.0; 6], &[10.0; 31], &[10.0; 42]);
    now.earlier = vec![earlier(Some(&before), first, rules)];
    let cells = sound(&now, &rules).cells();
    let shown = cells.iter().filter(|c| c.units.is_some()).count();
    assert_eq!(shown, 2, "the 6 would follow: {cells:?}");
}

#[test]
fn a_measure_shown_earlier_does_not_make_a_related_one_known() {
    let even = [100.0, 110.0, 120.0, 130.0];
    let giant = [5_000.0, 1.0, 2.0, 3.0];
    let mut table = incomes(&even, &even, &even);
    let first = sound(&table, &P_PERCENT).cells();
    measure(&mut table, 0.0, 10_000.0, &[&giant, &even, &even]);
    let all = |f: fn(f64, f64) -> f64, a: &[f64], b: &[f64]| -> Vec<f64> {
        a.iter().zip(b).map(|(a, b)| f(*a, *b)).collect()
    };
    let sum = |a: f64, b: f64| a + b;
    let third = [
        all(sum, &even, &giant),
        all(sum, &even, &even),
        all(sum, &even, &even),
    ];
    measure(
        &mut table,
        0.0,
        20_000.0,
        &[&third[0], &third[1], &third[2]],
    );
    table.related = vec![vec![0, 1, 2]];
    table.earlier = vec![earlier(None, first, P_PERCENT)];
    // the second would be out with the third and the first; nothing that is known now helps
    match protect(&table, &P_PERCENT) {
        Err(DisclosureError::Unprotectable { .. }) => {}
        Ok(protected) => {
            let findings = audit::findings(&table, &P_PERCENT, &protected.cells());
            assert!(findings.is_empty(), "{findings:#?}");
        }
        Err(other) => panic!("{other}"),
    }
}

/// The same with everything written in another order.
fn shuffled(table: &Table) -> Table {
    let mut table = table.clone();
    let mut states = vec![(&mut table.cells, &mut table.straddlers)];
    for release in &mut table.earlier {
        release.published.reverse();
        states.extend(
            release
                .then
                .as_mut()
                .map(|(cells, straddlers)| (cells, straddlers)),
        );
    }
    for (cells, straddlers) in states {
        cells.reverse();
        let middle = straddlers.len() / 2;
        straddlers.rotate_left(middle);
        straddlers.iter_mut().for_each(|s| s.parts.reverse());
    }
    table
}

#[test]
fn the_order_of_writing_does_not_matter() {
    for seed in 0..40 {
        let shape = Shape {
            unions: true,
            straddlers: seed % 2 == 0,
        };
        let mut people = people(seed, shape);
        let before = people.table.clone();
        let Ok(first) = protect(&before, &people.rules) else {
            continue;
        };
        people.time_passes();
        let mut now = people.table.clone();
        now.earlier = vec![earlier(Some(&before), first.cells(), people.rules)];
        let pattern = |table: &Table| protect(table, &people.rules).map(|p| p.cells());
        assert_eq!(pattern(&now), pattern(&shuffled(&now)), "seed {seed}");
    }
}

/// Two linked tables of the published example of Statistics Norway's package `GaussSuppression` (vignette "Linked
/// table suppression"): by age, EU or not, and year; and by country and year. Ones and twos are small.
#[test]
fn a_published_case_of_linked_tables() {
    // Spain, Iceland, Portugal; of the young in 2014, 2015, 2016, and of the old
    let freq: [[[u64; 3]; 3]; 2] = [
        [[6, 0, 7], [8, 2, 2], [0, 0, 2]],
        [[9, 4, 0], [0, 0, 0], [1, 3, 0]],
    ];
    let rules = Rules::minimum(3);
    let mut joint = counts(&[2, 3, 3], freq.as_flattened().as_flattened());
    joint.dimensions[1].unions = vec![vec![0, 2], vec![1]];
    joint.asked = Some(PublishedPart {
        dimensions: vec![1, 2],
        within: vec![],
    });

    let of_age = |a: usize| {
        let [spain, iceland, portugal] = freq[a];
        let eu: Vec<u64> = (0..3).map(|year| spain[year] + portugal[year]).collect();
        [eu, iceland.to_vec()].concat()
    };
    let by_age = counts(&[2, 2, 3], &[of_age(0), of_age(1)].concat());
    let mut by_age = sound(&by_age, &rules).cells();
    for cell in &mut by_age {
        // the two unions come after the three countries
        cell.coordinates[1] = cell.coordinates[1].map(|eu| 3 + eu);
    }
    let of_country = |i: usize| freq[0][i / 3][i % 3] + freq[1][i / 3][i % 3];
    let by_country: Vec<u64> = (0..9).map(of_country).collect();
    let mut by_country = sound(&counts(&[3, 3], &by_country), &rules).cells();
    for cell in &mut by_country {
        cell.coordinates.insert(0, None);
    }

    // each by itself is safe, both together are not: the margins that the one shows, the other hid
    joint.earlier = vec![earlier(None, by_age, rules)];
    assert!(!audit::findings(&joint, &rules, &by_country).is_empty());
    let together = sound(&joint, &rules).cells();
    assert_eq!(at(&together, &[None, None, None]).units, Some(44));
    assert_eq!(at(&together, &[None, None, Some(2)]).units, None);
}
