//! How soon data of a new period may follow those of the last one, as an agreement says.

use zwerm_agreement::agreement::{Agreement, Dataset, Rhythm};
use zwerm_agreement::refusal::{Code, Refusal};
use zwerm_agreement::text::Text;
use zwerm_agreement::{condition, period};
use zwerm_question::cube::Link;

/// Refuses data of a new period that follow sooner than the agreement's rhythm.
pub(super) fn too_soon(agreement: &Agreement, links: &[Link]) -> Vec<Refusal> {
    let apart = match agreement.protection.release_rhythm {
        Rhythm::Once => i64::MAX,
        Rhythm::Yearly => 12,
        Rhythm::Quarterly => 3,
        Rhythm::Monthly => 1,
    };
    let mut refusals: Vec<Refusal> = Vec::new();
    for link in links.iter().filter(|l| l.agreement.id == agreement.id) {
        for dataset in &agreement.dataset {
            let same = |d: &&Dataset| (&d.id, &d.provider) == (&dataset.id, &dataset.provider);
            let Some(before) = link.agreement.dataset.iter().find(same) else {
                continue;
            };
            let start = |d: &Dataset| {
                let from = period::months(d.period.as_ref()?)?.first;
                Some(from / 100 * 12 + from % 100)
            };
            let (Some(then), Some(now)) = (start(before), start(dataset)) else {
                continue;
            };
            let known = refusals
                .iter()
                .any(|r| r.owner.as_ref() == Some(&dataset.provider));
            if now != then && (now - then).abs() < apart && !known {
                refusals.push(sooner(agreement, dataset));
            }
        }
    }
    refusals
}

fn sooner(agreement: &Agreement, dataset: &Dataset) -> Refusal {
    let (id, path) = (&dataset.id, "protection.release_rhythm");
    Refusal::new(
        Code::SecondRelease,
        Text::new(
            format!("gegevensbron `{id}` is van een nieuwe periode, eerder dan is afgesproken"),
            format!("dataset `{id}` is of a new period, sooner than was agreed"),
        ),
        condition::amend(agreement, path),
    )
    .under(path)
    .owned_by(&dataset.provider)
}
