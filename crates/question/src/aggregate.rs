//! From sources to statistics per base cell: the only place where sources are scanned.
//!
//! The view is grouped by unit and values (spilling when it must), sorted by unit, and streamed: no
//! row about a unit outlives its turn. What leaves are counts, sums and largest contributions.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use datafusion::{
    arrow::{
        array::{Array, AsArray, RecordBatch},
        compute::can_cast_types,
        datatypes::{DataType, Float64Type, Int64Type},
    },
    error::DataFusionError,
    functions_aggregate::expr_fn::{count, max, min, sum},
    logical_expr::{Expr, LogicalPlan, Volatility},
    prelude::{DataFrame, SQLOptions, SessionContext, cast, ident, lit},
};
use futures::StreamExt;
use zwerm_commons::{
    agreement::{Agreement, View},
    text::Text,
};
use zwerm_disclosure::{BaseCell, Contributions};

use crate::{
    error::{DataFault, QuestionError},
    lineage,
};

/// What is known of a view after all its rows were seen.
#[derive(Debug, Clone)]
pub(crate) struct Statistics {
    pub(crate) cells: Vec<BaseCell>,
    /// Inner products over units of: one, rows, each measure.
    pub(crate) gram: Vec<Vec<f64>>,
    /// Source columns of each dimension and each measure.
    pub(crate) dimensions: Vec<BTreeSet<lineage::Source>>,
    pub(crate) measures: Vec<BTreeSet<lineage::Source>>,
}

/// The view as a plan, checked against what was agreed of it.
pub(crate) async fn plan(
    session: &SessionContext,
    agreement: &Agreement,
    view: &View,
) -> Result<DataFrame, QuestionError> {
    let options = SQLOptions::new()
        .with_allow_ddl(false)
        .with_allow_dml(false)
        .with_allow_statements(false);
    let frame = session
        .sql_with_options(&view.sql, options)
        .await
        .map_err(|error| {
            let message = error.find_root().to_string();
            let message = message.lines().next().unwrap_or_default().to_owned();
            QuestionError::Data(vec![view_fault(
                view,
                (
                    format!("de SQL van de basis klopt niet: {message}"),
                    format!("the view's SQL does not work: {message}"),
                ),
                (
                    "pas `sql` aan: één SELECT over de gegevensbronnen van de afspraak",
                    "change `sql`: one SELECT over the agreement's datasets",
                ),
            )])
        })?;
    let mut faults = shape_faults(&frame, view);
    faults.extend(origin_fault(frame.logical_plan(), agreement, view));
    if let Some(name) = volatile(frame.logical_plan()) {
        faults.push(view_fault(
            view,
            (
                format!("`{name}` geeft elke keer iets anders"),
                format!("`{name}` gives something else each time"),
            ),
            ("laat die functie weg", "leave that function out"),
        ));
    }
    if faults.is_empty() {
        Ok(frame)
    } else {
        Err(QuestionError::Data(faults))
    }
}

/// What the view is made of must be the datasets, by steps whose columns can be traced.
fn origin_fault(plan: &LogicalPlan, agreement: &Agreement, view: &View) -> Option<DataFault> {
    use datafusion::{common::tree_node::TreeNodeRecursion, logical_expr::UNNAMED_TABLE};
    let mut other = None;
    let mut scans = false;
    let walked = plan.apply_with_subqueries(|node| {
        let fine = match node {
            LogicalPlan::TableScan(scan) => {
                let name = scan.table_name.table();
                scans = true;
                name == UNNAMED_TABLE || agreement.dataset.iter().any(|d| d.id == name)
            }
            LogicalPlan::Projection(_)
            | LogicalPlan::Filter(_)
            | LogicalPlan::Window(_)
            | LogicalPlan::Aggregate(_)
            | LogicalPlan::Sort(_)
            | LogicalPlan::Join(_)
            | LogicalPlan::Union(_)
            | LogicalPlan::Subquery(_)
            | LogicalPlan::SubqueryAlias(_)
            | LogicalPlan::Limit(_)
            | LogicalPlan::Distinct(_) => true,
            _ => false,
        };
        if !fine && other.is_none() {
            let shown = node.display().to_string();
            let word = shown.split([':', ' ', '(']).next().unwrap_or_default();
            other = Some(word.to_owned());
        }
        Ok(TreeNodeRecursion::Continue)
    });
    if other.is_none() && scans && walked.is_ok() {
        return None;
    }
    let other = other.unwrap_or_else(|| "SELECT".into());
    Some(view_fault(
        view,
        (
            format!("de SQL gebruikt iets anders dan de gegevensbronnen: `{other}`"),
            format!("the SQL uses something else than the datasets: `{other}`"),
        ),
        (
            "schrijf één SELECT over de gegevensbronnen van de afspraak",
            "write one SELECT over the agreement's datasets",
        ),
    ))
}

/// Columns that the view must have, of kinds that can be grouped by or added up.
fn shape_faults(frame: &DataFrame, view: &View) -> Vec<DataFault> {
    let field = |name: &str| {
        let mut fields = frame.schema().fields().iter();
        fields.find(|f| f.name() == name)
    };
    let dimensions = view.dimension.iter().map(|d| d.name.as_str());
    let measures = view.measure.iter().map(|m| m.name.as_str());
    let mut faults = Vec::new();
    for name in [view.key.as_str()]
        .into_iter()
        .chain(dimensions)
        .chain(measures.clone())
    {
        let same = frame.schema().fields().iter();
        if same.filter(|f| f.name() == name).count() > 1 {
            faults.push(view_fault(
                view,
                (
                    format!("de SQL levert kolom `{name}` twee keer"),
                    format!("the SQL gives column `{name}` twice"),
                ),
                (
                    "kies er één, of geef de andere een naam met `AS`",
                    "choose one, or give the other a name with `AS`",
                ),
            ));
        }
        if field(name).is_some_and(|f| !can_cast_types(f.data_type(), &DataType::Utf8)) {
            faults.push(view_fault(
                view,
                (
                    format!("kolom `{name}` is van een soort die geen waarden heeft om te tellen"),
                    format!("column `{name}` is of a type that has no values to count"),
                ),
                (
                    "maak er in de SELECT tekst of een getal van",
                    "make it text or a number in the SELECT",
                ),
            ));
        }
        if field(name).is_none() {
            faults.push(view_fault(
                view,
                (
                    format!("de SQL levert geen kolom `{name}`"),
                    format!("the SQL gives no column `{name}`"),
                ),
                (
                    "voeg de kolom toe aan de SELECT, of haal haar uit de basis",
                    "add the column to the SELECT, or take it out of the view",
                ),
            ));
        }
    }
    for name in measures {
        if field(name).is_some_and(|f| !f.data_type().is_numeric()) {
            faults.push(view_fault(
                view,
                (
                    format!("meetwaarde `{name}` is geen getal"),
                    format!("measure `{name}` is no number"),
                ),
                (
                    "maak er een kenmerk van, of geef de kolom de soort `float64`",
                    "make it a dimension, or give the column the type `float64`",
                ),
            ));
        }
    }
    faults
}

fn view_fault(view: &View, what: (String, String), cure: (&str, &str)) -> DataFault {
    DataFault {
        place: format!("view.{}.sql", view.name),
        what: Text::new(what.0, what.1),
        cure: Text::new(cure.0, cure.1),
    }
}

fn volatile(plan: &LogicalPlan) -> Option<String> {
    use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
    let mut found = None;
    let _ = plan.apply_with_subqueries(|node| {
        node.apply_expressions(|expression| {
            expression.apply(|inner| {
                if let Expr::ScalarFunction(call) = inner
                    && call.func.signature().volatility != Volatility::Immutable
                {
                    found = Some(call.func.name().to_owned());
                }
                Ok(TreeNodeRecursion::Continue)
            })
        })
    });
    found
}

/// Reads the whole view once.
pub(crate) async fn collect(
    frame: DataFrame,
    view: &View,
    keep: usize,
    minimum_units: u64,
    progress: &dyn Fn(u64),
) -> Result<Statistics, QuestionError> {
    let sources = sources(&frame, view);
    let mut reader = Reader::new(view, keep);
    let stream = grouped(frame, view)?.execute_stream().await;
    let mut stream = stream.map_err(|error| failed(view, error))?;
    while let Some(batch) = stream.next().await {
        reader.read(&batch.map_err(|error| failed(view, error))?)?;
        progress(reader.units);
    }
    reader.finish(minimum_units, sources)
}

/// What went wrong while rows passed, without the engine's words: those may repeat a value.
fn failed(view: &View, error: DataFusionError) -> QuestionError {
    match error.find_root() {
        DataFusionError::ArrowError(..)
        | DataFusionError::Execution(_)
        | DataFusionError::ParquetError(_)
        | DataFusionError::External(_) => QuestionError::Data(vec![view_fault(
            view,
            (
                "de SQL van de basis loopt vast op een rij, of een bestand is beschadigd".into(),
                "the view's SQL fails on a row, or a file is damaged".into(),
            ),
            (
                "zoek een omzetting, een deling door nul of een getal dat te groot wordt",
                "look for a conversion, a division by zero or a number that grows too large",
            ),
        )]),
        _ => error.into(),
    }
}

type Lineage = (
    Vec<BTreeSet<lineage::Source>>,
    Vec<BTreeSet<lineage::Source>>,
);

fn sources(frame: &DataFrame, view: &View) -> Lineage {
    let columns = lineage::columns(frame.logical_plan());
    let of = |name: &str| {
        let mut fields = frame.schema().fields().iter();
        let position = fields.position(|f| f.name() == name);
        position
            .and_then(|p| columns.get(p))
            .cloned()
            .unwrap_or_default()
    };
    (
        view.dimension.iter().map(|d| of(&d.name)).collect(),
        view.measure.iter().map(|m| of(&m.name)).collect(),
    )
}

/// One row per unit and combination of values, sorted by unit.
fn grouped(frame: DataFrame, view: &View) -> Result<DataFrame, QuestionError> {
    let text = |name: &str| cast(ident(name), DataType::Utf8);
    let mut groups = vec![text(&view.key).alias("key")];
    for (position, dimension) in view.dimension.iter().enumerate() {
        groups.push(text(&dimension.name).alias(format!("d{position}")));
    }
    let mut figures = vec![count(lit(1)).alias("rows")];
    for (position, measure) in view.measure.iter().enumerate() {
        let value = cast(ident(&measure.name), DataType::Float64);
        figures.push(sum(value.clone()).alias(format!("sum{position}")));
        figures.push(count(value.clone()).alias(format!("count{position}")));
        figures.push(min(value.clone()).alias(format!("min{position}")));
        figures.push(max(value).alias(format!("max{position}")));
    }
    let sorted = vec![ident("key").sort(true, true)];
    Ok(frame.aggregate(groups, figures)?.sort(sorted)?)
}

/// What is kept while rows pass.
struct Reader<'a> {
    view: &'a View,
    keep: usize,
    /// Per dimension, value to coordinate.
    values: Vec<HashMap<&'a str, u32>>,
    cells: BTreeMap<Vec<u32>, BaseCell>,
    gram: Vec<Vec<f64>>,
    last: Option<String>,
    units: u64,
    keyless: u64,
    straddlers: u64,
    wild: Vec<u64>,
    outside: Vec<u64>,
    /// Up to three different values per measure.
    distinct: Vec<BTreeSet<u64>>,
}

impl<'a> Reader<'a> {
    fn new(view: &'a View, keep: usize) -> Self {
        let measures = view.measure.len();
        let coordinates = |d: &'a zwerm_commons::agreement::Dimension| {
            d.values.iter().map(String::as_str).zip(0..).collect()
        };
        Reader {
            view,
            keep,
            values: view.dimension.iter().map(coordinates).collect(),
            cells: BTreeMap::new(),
            gram: vec![vec![0.0; measures + 2]; measures + 2],
            last: None,
            units: 0,
            keyless: 0,
            straddlers: 0,
            wild: vec![0; measures],
            outside: vec![0; measures],
            distinct: vec![BTreeSet::new(); measures],
        }
    }

    fn read(&mut self, batch: &RecordBatch) -> Result<(), QuestionError> {
        let column = |name: &str| {
            batch
                .column_by_name(name)
                .ok_or_else(|| QuestionError::Internal(format!("no column {name}")))
        };
        let keys = column("key")?.as_string::<i32>();
        let rows = column("rows")?.as_primitive::<Int64Type>();
        let mut dimensions = Vec::new();
        for position in 0..self.view.dimension.len() {
            dimensions.push(column(&format!("d{position}"))?.as_string::<i32>());
        }
        let mut measures = Vec::new();
        for m in 0..self.view.measure.len() {
            measures.push((
                column(&format!("sum{m}"))?.as_primitive::<Float64Type>(),
                column(&format!("count{m}"))?.as_primitive::<Int64Type>(),
                column(&format!("min{m}"))?.as_primitive::<Float64Type>(),
                column(&format!("max{m}"))?.as_primitive::<Float64Type>(),
            ));
        }
        for row in 0..batch.num_rows() {
            if keys.is_null(row) || keys.value(row).is_empty() {
                self.keyless += rows.value(row).unsigned_abs();
                continue;
            }
            if self.last.as_deref() == Some(keys.value(row)) {
                self.straddlers += 1;
                continue;
            }
            self.last = Some(keys.value(row).to_owned());
            let coordinates: Vec<u32> = dimensions
                .iter()
                .zip(&self.values)
                .map(|(column, values)| coordinate(column, row, values))
                .collect();
            let of: Vec<Unit> = measures
                .iter()
                .map(|(sum, count, min, max)| Unit {
                    sum: if sum.is_null(row) {
                        0.0
                    } else {
                        sum.value(row)
                    },
                    count: count.value(row).unsigned_abs(),
                    min: if min.is_null(row) {
                        0.0
                    } else {
                        min.value(row)
                    },
                    max: if max.is_null(row) {
                        0.0
                    } else {
                        max.value(row)
                    },
                })
                .collect();
            self.add(coordinates, rows.value(row).unsigned_abs(), &of);
        }
        Ok(())
    }

    fn add(&mut self, coordinates: Vec<u32>, rows: u64, measures: &[Unit]) {
        self.units += 1;
        let keep = self.keep;
        let cell = self
            .cells
            .entry(coordinates)
            .or_insert_with_key(|at| BaseCell {
                coordinates: at.clone(),
                units: 0,
                rows: Contributions::default(),
                measures: vec![Contributions::default(); measures.len()],
            });
        cell.units += 1;
        cell.rows.add_unit(rows, rows as f64, keep);
        for (unit, into) in measures.iter().zip(&mut cell.measures) {
            if unit.count > 0 {
                into.add_unit(unit.count, unit.sum, keep);
            }
            into.missing += u64::from(unit.count < rows);
        }
        let mut columns = vec![1.0, rows as f64];
        columns.extend(measures.iter().map(|m| m.sum));
        for (a, line) in columns.iter().zip(&mut self.gram) {
            for (b, sum) in columns.iter().zip(line) {
                *sum += a * b;
            }
        }
        self.watch(measures);
    }

    /// Counts values that are no plain number or lie outside their bounds.
    fn watch(&mut self, measures: &[Unit]) {
        let counters = self.wild.iter_mut().zip(&mut self.outside);
        let counters = counters.zip(&mut self.distinct);
        for ((unit, of), ((wild, outside), distinct)) in
            measures.iter().zip(&self.view.measure).zip(counters)
        {
            if unit.count == 0 {
                continue;
            }
            if !(unit.min.is_finite() && unit.max.is_finite() && unit.sum.is_finite()) {
                *wild += 1;
            } else if unit.min < of.lower || unit.max > of.upper {
                *outside += 1;
            }
            for value in [unit.min, unit.max] {
                if distinct.len() < 3 {
                    // `-0` is `0`
                    distinct.insert((value + 0.0).to_bits());
                }
            }
        }
    }

    fn finish(self, minimum_units: u64, sources: Lineage) -> Result<Statistics, QuestionError> {
        let faults = self.faults(minimum_units);
        if !faults.is_empty() {
            return Err(QuestionError::Data(faults));
        }
        Ok(Statistics {
            cells: self.cells.into_values().collect(),
            gram: self.gram,
            dimensions: sources.0,
            measures: sources.1,
        })
    }

    fn faults(&self, minimum_units: u64) -> Vec<DataFault> {
        let view = &self.view.name;
        let fault = |place: String, nl: String, en: String, cure: (&str, &str)| DataFault {
            place,
            what: Text::new(nl, en),
            cure: Text::new(cure.0, cure.1),
        };
        let mut faults = Vec::new();
        if self.keyless > 0 {
            let (n, key) = (self.keyless, &self.view.key);
            faults.push(fault(
                format!("view.{view}.key"),
                format!("{n} rijen hebben geen `{key}`"),
                format!("{n} rows have no `{key}`"),
                (
                    "vul de sleutel, of laat deze rijen weg in de SQL van de basis",
                    "fill the key, or leave these rows out in the view's SQL",
                ),
            ));
        }
        if self.straddlers > 0 {
            let (n, unit) = (self.straddlers, &self.view.unit);
            faults.push(fault(
                format!("view.{view}.dimension"),
                format!("{n} keer heeft één {unit} meer dan één waarde van een kenmerk"),
                format!("{n} times one {unit} has more than one value of a dimension"),
                (
                    "`per_unit = true` belooft één waarde: verbeter de gegevens of de SQL van de basis",
                    "`per_unit = true` promises one value: mend the data or the view's SQL",
                ),
            ));
        }
        for (number, measure) in self.view.measure.iter().enumerate() {
            let place = format!("view.{view}.measure.{}", measure.name);
            let name = &measure.name;
            let at = |counts: &[u64]| counts.get(number).copied().unwrap_or(0);
            if at(&self.wild) > 0 {
                let n = at(&self.wild);
                faults.push(fault(
                    place.clone(),
                    format!("`{name}` is {n} keer oneindig of geen getal"),
                    format!("`{name}` is infinite or not a number {n} times"),
                    (
                        "lever zulke waarden als ontbrekend",
                        "deliver such values as missing",
                    ),
                ));
            }
            if at(&self.outside) > 0 {
                let (n, low, high) = (at(&self.outside), measure.lower, measure.upper);
                faults.push(fault(
                    place.clone(),
                    format!("`{name}` ligt {n} keer buiten {low} tot {high}"),
                    format!("`{name}` lies outside {low} to {high} {n} times"),
                    (
                        "verbeter de gegevens, of spreek ruimere grenzen af",
                        "mend the data, or agree on wider bounds",
                    ),
                ));
            }
            let two = self.distinct.get(number).is_some_and(|d| d.len() == 2);
            if two && self.units >= minimum_units {
                faults.push(fault(
                    place,
                    format!("`{name}` heeft maar twee waarden: een som ervan telt eenheden"),
                    format!("`{name}` has only two values: a sum of it counts units"),
                    ("maak er een kenmerk van", "make it a dimension"),
                ));
            }
        }
        faults
    }
}

/// One unit's part of a measure.
struct Unit {
    sum: f64,
    count: u64,
    min: f64,
    max: f64,
}

/// A registered value's place; then `(other)`, then `(unknown)`.
fn coordinate(
    column: &datafusion::arrow::array::StringArray,
    row: usize,
    values: &HashMap<&str, u32>,
) -> u32 {
    let registered = values.len() as u32;
    if column.is_null(row) {
        registered + 1
    } else {
        values.get(column.value(row)).copied().unwrap_or(registered)
    }
}
