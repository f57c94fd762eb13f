//! The protected cube of one view: the only thing that a question is ever run against.
//!
//! It holds published cells, rounded, and nothing about which hidden cells were unsafe themselves.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::prelude::DataFrame;
use zwerm_agreement::{
    agreement::{Agreement, Mode, View},
    condition,
    refusal::{Code, Refusal},
    text::Text,
};
use zwerm_disclosure::{
    Cell, Dimension, DisclosureError, Dominance, Knowledge, Measure, Protected, Rules, Table,
    protect, related,
};
use zwerm_intake::{Checked, IntakeError, Sources};

use crate::{
    aggregate,
    error::{DataFault, QuestionError},
    lineage,
    linked::{self, Link, known_to},
    register::Register,
    session::{self, Limits},
    source, view,
};

/// Whose cube it is and what it was made of.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Origin {
    /// The agreement's id.
    pub agreement: String,
    /// Its version.
    pub version: u32,
    /// Its hash.
    pub hash: String,
    /// The view.
    pub view: String,
    /// SHA-256 of each dataset's file, by `provider/dataset`.
    pub data: BTreeMap<String, String>,
}

/// A dimension of a cube.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CubeDimension {
    /// Its name.
    pub name: String,
    /// What it may be grouped and filtered by: the registered values, `(other)` and `(unknown)`, then larger
    /// wholes and groups; see [`Register`].
    pub values: Vec<String>,
}

/// Published cells of all combinations of up to so many dimensions.
#[derive(Debug, Clone, PartialEq)]
pub struct Cube {
    /// Whose it is.
    pub origin: Origin,
    /// Dimensions, as in the view.
    pub dimensions: Vec<CubeDimension>,
    /// Names of the measures, as in the view.
    pub measures: Vec<String>,
    /// The cells; every combination of values has one.
    pub cells: Vec<Cell>,
}

/// How much of a cube is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Cells.
    pub cells: usize,
    /// Cells whose counts are protected.
    pub protected: usize,
    /// Empty cells that are shown as empty.
    pub empty: usize,
}

/// Something to tell whoever waits for a cube.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A dataset is read and checked.
    Checking(String),
    /// So many units were counted.
    Counting(u64),
    /// Cells are protected jointly.
    Protecting,
}

/// Why a view cannot be answered as a table yet; empty when it can.
///
/// ```
/// # use zwerm_agreement::{agreement::{Document, Mode}, sample};
/// # let mut agreement = Document::parse("sample.toml", sample::AGREEMENT)?.agreement;
/// use zwerm_question::cube::unsupported;
/// agreement.view[0].mode = Mode::Noisy;
/// let refusals = unsupported(&agreement, &agreement.view[0]);
/// assert_eq!(refusals[0].code.as_str(), "noisy-view");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn unsupported(agreement: &Agreement, view: &View) -> Vec<Refusal> {
    if view.mode == Mode::Table {
        return Vec::new();
    }
    let name = &view.name;
    let path = format!("view.{name}.mode");
    let what = Text::new(
        format!("`{name}` geeft antwoorden met ruis; dat kan Zwerm nog niet"),
        format!("`{name}` answers with noise; Zwerm cannot do that yet"),
    );
    let lifts = condition::amend(agreement, &path);
    vec![Refusal::new(Code::NoisyView, what, lifts).under(path)]
}

/// Every source column that a view's rows depend on, as `dataset.column`: what it shows, and what
/// decides which rows are in it. Reads no row of it.
///
/// # Errors
/// A dataset's file or the view's SQL that is not as agreed.
pub async fn source_columns(
    agreement: &Agreement,
    view: &View,
    sources: &Sources,
    limits: &Limits,
) -> Result<BTreeSet<String>, QuestionError> {
    let checked = check_all(agreement, sources, &|_| {}).await?;
    let frame = frame(agreement, view, &checked, limits).await?;
    let all = lineage::touched(frame.logical_plan());
    Ok(all
        .into_iter()
        .map(|(dataset, column)| format!("{dataset}.{column}"))
        .collect())
}

/// The view over checked datasets, in a session of its own.
pub(crate) async fn frame(
    agreement: &Agreement,
    view: &View,
    checked: &[Checked],
    limits: &Limits,
) -> Result<DataFrame, QuestionError> {
    let session = session::bounded(limits)?;
    for dataset in checked {
        source::register(dataset, &session).await?;
    }
    view::plan(&session, agreement, view).await
}

/// Checks every dataset of the agreement, all faults at once.
///
/// # Errors
/// [`QuestionError::Data`] with the faults of all files, or that a file cannot be read.
pub async fn check_all(
    agreement: &Agreement,
    sources: &Sources,
    progress: &(dyn Fn(Step) + Send + Sync),
) -> Result<Vec<Checked>, QuestionError> {
    let mut all = Vec::new();
    let mut faults: Vec<DataFault> = Vec::new();
    for dataset in &agreement.dataset {
        progress(Step::Checking(dataset.id.clone()));
        // reading a large file must not keep the clock, or Ctrl-C, from being heard
        let (own, files) = (dataset.clone(), sources.clone());
        let checked = tokio::task::spawn_blocking(move || zwerm_intake::check(&own, &files)).await;
        match checked.map_err(|e| QuestionError::Internal(e.to_string()))? {
            Ok(checked) => all.push(checked),
            Err(IntakeError::Data(found)) => faults.extend(found),
            Err(other) => return Err(other.into()),
        }
    }
    if faults.is_empty() {
        Ok(all)
    } else {
        Err(QuestionError::Data(faults))
    }
}

/// SHA-256 of each dataset's file, by `provider/dataset`.
#[must_use]
pub fn fingerprints(checked: &[Checked]) -> BTreeMap<String, String> {
    let name = |c: &Checked| format!("{}/{}", c.provider, c.id);
    let pair = |c: &Checked| (name(c), c.fingerprint.clone());
    checked.iter().map(pair).collect()
}

/// Builds the protected cube of a view from its sources.
///
/// # Errors
/// A shape that cannot be protected yet, faults of the data, or a limit that was reached.
pub async fn build(
    agreement: &Agreement,
    view: &View,
    sources: &Sources,
    limits: &Limits,
    progress: &(dyn Fn(Step) + Send + Sync),
) -> Result<Cube, QuestionError> {
    within(limits, async {
        refuse_unsupported(agreement, view)?;
        let checked = check_all(agreement, sources, progress).await?;
        build_unbounded(agreement, view, &checked, &[], limits, progress).await
    })
    .await
}

/// The same from datasets that were checked already, and protected together with `links`: what was released
/// before of the same units.
///
/// # Errors
/// As [`build`], and that a release would give away something of an earlier one whatever it hides.
pub async fn build_linked(
    agreement: &Agreement,
    view: &View,
    checked: &[Checked],
    links: &[Link],
    limits: &Limits,
    progress: &(dyn Fn(Step) + Send + Sync),
) -> Result<Cube, QuestionError> {
    within(limits, async {
        refuse_unsupported(agreement, view)?;
        build_unbounded(agreement, view, checked, links, limits, progress).await
    })
    .await
}

fn refuse_unsupported(agreement: &Agreement, view: &View) -> Result<(), QuestionError> {
    let refusals = unsupported(agreement, view);
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(QuestionError::Refused(refusals))
    }
}

/// Does work within the time that it may take.
async fn within(
    limits: &Limits,
    work: impl Future<Output = Result<Cube, QuestionError>>,
) -> Result<Cube, QuestionError> {
    let start = std::time::Instant::now();
    let built = tokio::time::timeout(limits.time, work).await;
    match built {
        // work that never paused was not interrupted: it was late all the same
        Ok(cube) if cube.is_err() || start.elapsed() <= limits.time => cube,
        _ => Err(too_late(limits)),
    }
}

pub(crate) fn too_late(limits: &Limits) -> QuestionError {
    QuestionError::Limit {
        limit: format!("{} s", limits.time.as_secs()),
        cure: Text::new(
            "geef meer met `--time`, of maak de basis kleiner",
            "give it more with `--time`, or make the view smaller",
        ),
    }
}

async fn build_unbounded(
    agreement: &Agreement,
    view: &View,
    checked: &[Checked],
    links: &[Link],
    limits: &Limits,
    progress: &(dyn Fn(Step) + Send + Sync),
) -> Result<Cube, QuestionError> {
    let rules = rules(agreement);
    let cells = match links
        .iter()
        .find(|l| nothing_new(l, agreement, view, checked))
    {
        Some(link) => link.cube.cells.clone(),
        None if links.is_empty() => {
            let frame = frame(agreement, view, checked, limits).await?;
            let counted = |units| progress(Step::Counting(units));
            let minimum = rules.minimum_units;
            let statistics =
                aggregate::collect(frame, view, rules.keep(), minimum, &counted).await?;
            progress(Step::Protecting);
            let table = table(agreement, view, statistics);
            protected(view, table, rules).await?.cells()
        }
        None => {
            let (table, joint) =
                linked::join(agreement, view, checked, links, limits, progress).await?;
            progress(Step::Protecting);
            let protected = protected(view, table, rules).await?;
            joint.cells(protected.cells())
        }
    };
    let grains: Vec<Option<f64>> = view
        .measure
        .iter()
        .map(|m| grain(m, rules.round_to))
        .collect();
    let cells = cells
        .into_iter()
        .map(|c| c.rounded(rules.round_to, &grains));
    Ok(Cube {
        origin: Origin {
            agreement: agreement.id.clone(),
            version: agreement.version,
            hash: agreement
                .hash()
                .map_err(|e| QuestionError::Internal(e.to_string()))?,
            view: view.name.clone(),
            data: fingerprints(checked),
        },
        dimensions: dimensions(view),
        measures: view.measure.iter().map(|m| m.name.clone()).collect(),
        cells: cells.collect(),
    })
}

/// Whether an earlier release is of the same view, data and rules: then showing it again tells nothing new.
fn nothing_new(link: &Link, agreement: &Agreement, view: &View, checked: &[Checked]) -> bool {
    let rules = |a: &Agreement| zwerm_agreement::agreement::Protection {
        release_rhythm: zwerm_agreement::agreement::Rhythm::Once,
        ..a.protection.clone()
    };
    link.view == *view
        && rules(&link.agreement) == rules(agreement)
        && fingerprints(&link.checked) == fingerprints(checked)
}

async fn protected(view: &View, table: Table, rules: Rules) -> Result<Protected, QuestionError> {
    // hours of arithmetic must not keep the clock from running out
    tokio::task::spawn_blocking(move || protect(&table, &rules))
        .await
        .map_err(|e| QuestionError::Internal(e.to_string()))?
        .map_err(|e| undisclosed(view, &e))
}

/// The dimensions of a view's cube.
#[must_use]
pub(crate) fn dimensions(view: &View) -> Vec<CubeDimension> {
    let own = |d: &zwerm_agreement::agreement::Dimension| CubeDimension {
        name: d.name.clone(),
        values: Register::of(d).names,
    };
    view.dimension.iter().map(own).collect()
}

pub(crate) fn rules(agreement: &Agreement) -> Rules {
    let of = &agreement.protection;
    Rules {
        minimum_units: of.minimum_units,
        dominance: of.dominance.as_ref().map(|d| Dominance {
            largest: d.largest as usize,
            percent: d.percent,
        }),
        p_percent: of.p_percent,
        protect_zeros: of.protect_zeros,
        round_to: of.round_to,
    }
}

pub(crate) fn table(
    agreement: &Agreement,
    view: &View,
    statistics: aggregate::Statistics,
) -> Table {
    let providers = linked::providers([agreement]);
    let known = |sources: &BTreeSet<lineage::Source>| known_to(agreement, sources, &providers);
    let tally = statistics.tally;
    let found = related(&tally.gram, 2);
    let dimensions = view.dimension.iter().zip(&statistics.dimensions);
    let measures = view.measure.iter().zip(&statistics.measures);
    Table {
        dimensions: dimensions
            .map(|(d, sources)| {
                let register = Register::of(d);
                Dimension {
                    name: d.name.clone(),
                    size: register.values,
                    unions: register.unions,
                    sensitive: d.sensitive,
                    known_to: known(sources),
                }
            })
            .collect(),
        measures: measures
            .map(|(m, sources)| Measure {
                name: m.name.clone(),
                lower: m.lower,
                upper: m.upper,
                known_to: known(sources),
            })
            .collect(),
        related: found.classes,
        count_like: found.count_like,
        providers: providers.len(),
        max_dimensions: agreement.protection.max_dimensions,
        cells: tally.cells(),
        straddlers: tally.straddlers,
        ..Table::default()
    }
}

/// What published sums of a measure are rounded to.
///
/// ```
/// # use zwerm_agreement::{agreement::Document, sample};
/// # let agreement = Document::parse("sample.toml", sample::AGREEMENT)?.agreement;
/// let income = agreement.view[0].measure.iter().find(|m| m.upper == 200_000.0).unwrap();
/// assert_eq!(zwerm_question::cube::grain(income, 5), Some(10_000.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn grain(of: &zwerm_agreement::agreement::Measure, round_to: u64) -> Option<f64> {
    let measure = Measure {
        name: of.name.clone(),
        lower: of.lower,
        upper: of.upper,
        known_to: Vec::new(),
    };
    measure.grain(round_to)
}

pub(crate) fn undisclosed(view: &View, error: &DisclosureError) -> QuestionError {
    if let DisclosureError::Unprotectable {
        dimensions,
        known: Knowledge::Earlier,
    } = error
    {
        return QuestionError::Refused(vec![given_away(dimensions)]);
    }
    let message = error.to_string();
    QuestionError::Data(vec![DataFault {
        place: format!("view.{}", view.name),
        what: Text::new(
            format!("de basis kan niet worden beschermd: {message}"),
            format!("the view cannot be protected: {message}"),
        ),
        cure: Text::new(
            "neem minder kenmerken of kortere waardelijsten in de basis op",
            "take fewer dimensions or shorter value lists into the view",
        ),
    }])
}

/// What was published before would give a cell away, whatever this release hides.
fn given_away(dimensions: &[String]) -> Refusal {
    let names = dimensions.join(" × ");
    Refusal::new(
        Code::SecondRelease,
        Text::new(
            format!("samen met wat al is uitgegeven zou een cel van `{names}` te herleiden zijn, wat deze uitgave ook afschermt"),
            format!("together with what was released already, a cell of `{names}` could be derived, whatever this release protects"),
        ),
        Text::new(
            "vraag een uitgave die er al is, spreek minder kenmerken of grovere waarden af, of begin een periode met andere eenheden",
            "ask a release that is there, agree on fewer dimensions or coarser values, or start a period with other units",
        ),
    )
    .under("protection.release_rhythm")
}

impl Cube {
    /// How much of it is protected.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let count = |f: &dyn Fn(&Cell) -> bool| self.cells.iter().filter(|c| f(c)).count();
        Tally {
            cells: self.cells.len(),
            protected: count(&|c| c.units.is_none()),
            empty: count(&|c| c.units == Some(0)),
        }
    }
}
