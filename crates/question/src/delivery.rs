//! What is wrong with the rows of one dataset, before a question trips over it.
//!
//! Only the dataset itself is read, of whoever delivers it: what it would be beside the data of others is not looked at.
//! Whether a key is known elsewhere is what another party knows, and any figure about it, however coarse, would answer
//! one yes-or-no question about one household per delivery.

use datafusion::arrow::array::AsArray as _;
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::prelude::SessionContext;
use zwerm_agreement::agreement::{Agreement, Measure, View};
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::text::Text;
use zwerm_intake::CheckedDataset;

use crate::cube;
use crate::direct;
use crate::error::QuestionError;
use crate::lineage::SourceColumn;
use crate::session::{self, BuildLimits};
use crate::{source, view};

/// Values outside an agreed list that are told, the most frequent first.
const TOLD: usize = 10;

/// A value that is in no list that was agreed, and how many rows have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnlistedValue {
    /// The column of the dataset.
    pub column: String,
    /// The value as it stands in the file.
    pub value: String,
    /// Rows with it.
    pub rows: u64,
}

/// What was found in a dataset, for whoever delivers it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DeliveryFindings {
    /// What keeps questions from being answered.
    pub faults: Vec<Diagnostic>,
    /// What would be lost or look odd, and keeps nothing from being answered.
    pub warnings: Vec<Diagnostic>,
    /// Values outside the agreed lists.
    pub unlisted: Vec<UnlistedValue>,
}

impl DeliveryFindings {
    fn report(&mut self, stops: bool, fault: Diagnostic) {
        let all = if stops {
            &mut self.faults
        } else {
            &mut self.warnings
        };
        if !all.contains(&fault) {
            all.push(fault);
        }
    }
}

/// Looks the rows of a dataset through for every view that is made of it.
///
/// A column counts where a view shows it as it is; one that a view computes with is not looked at here.
///
/// # Errors
/// A view whose SQL is not as agreed, or a file that cannot be read.
pub async fn findings(
    agreement: &Agreement,
    checked: &CheckedDataset,
    limits: &BuildLimits,
) -> Result<DeliveryFindings, QuestionError> {
    let mut found = DeliveryFindings::default();
    for view in &agreement.view {
        of_view(agreement, view, checked, limits, &mut found).await?;
    }
    Ok(found)
}

async fn of_view(
    agreement: &Agreement,
    view: &View,
    checked: &CheckedDataset,
    limits: &BuildLimits,
    found: &mut DeliveryFindings,
) -> Result<(), QuestionError> {
    let session = session::bounded(limits)?;
    for dataset in &agreement.dataset {
        match dataset.id == checked.id {
            true => source::register(checked, &session).await?,
            false => source::register_empty(dataset, &session)?,
        }
    }
    let frame = view::plan(&session, agreement, view).await?;
    let plan = frame.logical_plan();
    let direct = direct::columns(plan);
    let names: Vec<String> = plan
        .schema()
        .fields()
        .iter()
        .map(|f| f.name().clone())
        .collect();
    let mut rows = DatasetRows {
        session: &session,
        dataset: &checked.id,
        view,
        stops: direct::keeps_rows(plan, &checked.id),
        enough: false,
    };
    let all = rows.number(format!("SELECT count(*) FROM {}", quoted(&checked.id)));
    rows.enough =
        u64::try_from(all.await?).is_ok_and(|n| n >= cube::rules(agreement).minimum_units);
    let own = |name: &str| -> Option<String> {
        let place = names.iter().position(|known| known == name)?;
        let SourceColumn { dataset, column } = direct.get(place)?.clone()?;
        (dataset == checked.id).then_some(column)
    };
    let key = own(&view.key);
    if let Some(key) = &key {
        rows.keys(key, found).await?;
    }
    for dimension in &view.dimension {
        let Some(column) = own(&dimension.name) else {
            continue;
        };
        rows.list(&column, &dimension.values, found).await?;
        if let Some(key) = key.as_ref().filter(|_| dimension.per_unit) {
            rows.several(key, &column, found).await?;
        }
    }
    for measure in &view.measure {
        if let Some(column) = own(&measure.name) {
            rows.bounds(&column, measure, found).await?;
        }
    }
    Ok(())
}

/// The rows of a dataset, for one view.
struct DatasetRows<'a> {
    session: &'a SessionContext,
    dataset: &'a str,
    view: &'a View,
    /// Whether every row of it comes into the view.
    stops: bool,
    /// Whether there are enough of them for a sum to be shown.
    enough: bool,
}

impl DatasetRows<'_> {
    async fn keys(&self, key: &str, found: &mut DeliveryFindings) -> Result<(), QuestionError> {
        let empty = self.number(format!(
            "SELECT count(*) FROM {} WHERE {} IS NULL",
            quoted(self.dataset),
            quoted(key)
        ));
        let n = empty.await?;
        if n == 0 {
            return Ok(());
        }
        let fault = self.fault(
            FaultCode::Missing,
            (
                format!("{n} rijen hebben geen `{key}`"),
                format!("{n} rows have no `{key}`"),
            ),
            (
                "vul de sleutel, of laat deze rijen weg",
                "fill the key, or leave these rows out",
            ),
        );
        found.report(self.stops, fault);
        Ok(())
    }

    async fn list(
        &self,
        column: &str,
        values: &[String],
        found: &mut DeliveryFindings,
    ) -> Result<(), QuestionError> {
        if values.is_empty() {
            return Ok(());
        }
        let listed: Vec<String> = values.iter().map(|value| literal(value)).collect();
        let text = format!("CAST({} AS VARCHAR)", quoted(column));
        let sql = format!(
            "SELECT {text} AS value, count(*) AS n FROM {} WHERE {text} NOT IN ({}) GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {TOLD}",
            quoted(self.dataset),
            listed.join(", ")
        );
        for batch in self.session.sql(&sql).await?.collect().await? {
            let text = cast(batch.column(0), &DataType::Utf8);
            let text = text.map_err(|error| QuestionError::Internal(error.to_string()))?;
            let (text, counts) = (
                text.as_string::<i32>(),
                batch.column(1).as_primitive::<Int64Type>(),
            );
            for row in 0..batch.num_rows() {
                let one = UnlistedValue {
                    column: column.to_owned(),
                    value: text.value(row).to_owned(),
                    rows: u64::try_from(counts.value(row)).unwrap_or_default(),
                };
                if !found.unlisted.contains(&one) {
                    found.unlisted.push(one);
                }
            }
        }
        Ok(())
    }

    async fn several(
        &self,
        key: &str,
        column: &str,
        found: &mut DeliveryFindings,
    ) -> Result<(), QuestionError> {
        let (table, key, of) = (quoted(self.dataset), quoted(key), quoted(column));
        let n = self.number(format!(
            "SELECT count(*) FROM (SELECT {key} FROM {table} WHERE {key} IS NOT NULL GROUP BY {key} \
             HAVING min({of}) <> max({of}) OR (count({of}) > 0 AND count({of}) < count(*)))"
        ));
        let n = n.await?;
        if n == 0 {
            return Ok(());
        }
        let unit = &self.view.unit;
        let fault = self.fault(
            FaultCode::SeveralPerUnit,
            (
                format!("{n} keer heeft één {unit} meer dan één waarde van `{column}`"),
                format!("{n} times one {unit} has more than one value of `{column}`"),
            ),
            ("lever van elk één waarde", "deliver one value of each"),
        );
        found.report(true, fault);
        Ok(())
    }

    async fn bounds(
        &self,
        column: &str,
        measure: &Measure,
        found: &mut DeliveryFindings,
    ) -> Result<(), QuestionError> {
        let (low, high) = (measure.lower, measure.upper);
        let (table, of) = (quoted(self.dataset), quoted(column));
        let n = self.number(format!(
            "SELECT count(*) FROM {table} WHERE {of} < {low:?} OR {of} > {high:?}"
        ));
        let n = n.await?;
        if n > 0 {
            let fault = self.fault(
                FaultCode::OutOfRange,
                (
                    format!("`{column}` ligt {n} keer buiten {low} tot {high}"),
                    format!("`{column}` lies outside {low} to {high} {n} times"),
                ),
                (
                    "verbeter de gegevens, of spreek ruimere grenzen af",
                    "mend the data, or agree on wider bounds",
                ),
            );
            found.report(self.stops, fault);
        }
        let different = format!(
            "SELECT count(*) FROM (SELECT DISTINCT {of} FROM {table} WHERE {of} IS NOT NULL LIMIT 3)"
        );
        if self.enough && self.number(different).await? == 2 {
            let fault = self.fault(
                FaultCode::NotProtectable,
                (
                    format!("`{column}` heeft maar twee waarden: een som ervan telt eenheden"),
                    format!("`{column}` has only two values: a sum of it counts units"),
                ),
                ("maak er een kenmerk van", "make it a dimension"),
            );
            found.report(true, fault);
        }
        Ok(())
    }

    async fn number(&self, sql: String) -> Result<i64, QuestionError> {
        let batches = self.session.sql(&sql).await?.collect().await?;
        let first = batches.iter().find(|batch| batch.num_rows() > 0);
        let first = first.ok_or_else(|| QuestionError::Internal("a count gave no row".into()))?;
        Ok(first.column(0).as_primitive::<Int64Type>().value(0))
    }

    fn fault(&self, code: FaultCode, what: (String, String), cure: (&str, &str)) -> Diagnostic {
        Diagnostic::new(code, Text::new(what.0, what.1), Text::new(cure.0, cure.1))
            .at(self.dataset.to_owned())
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn literal(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}
