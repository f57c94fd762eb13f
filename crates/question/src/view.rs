//! A view's SQL as a plan over the datasets: checked against what was agreed of it, before any row is read.

use datafusion::{
    arrow::{compute::can_cast_types, datatypes::DataType},
    error::DataFusionError,
    logical_expr::{Expr, LogicalPlan, UNNAMED_TABLE, Volatility},
    prelude::{DataFrame, SQLOptions, SessionContext},
};
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::{
    agreement::{Agreement, View},
    text::Text,
};

use crate::{
    error::{NotBuildable, QuestionError},
    parse,
};

/// The view as a plan, checked against what was agreed of it.
pub(crate) async fn plan(
    session: &SessionContext,
    agreement: &Agreement,
    view: &View,
) -> Result<DataFrame, QuestionError> {
    if parse::could_nest_too_deep(&view.sql) {
        return Err(QuestionError::Data(vec![too_deep(view)]));
    }
    let options = SQLOptions::new()
        .with_allow_ddl(false)
        .with_allow_dml(false)
        .with_allow_statements(false);
    let frame = session.sql_with_options(&view.sql, options).await;
    let frame = frame.map_err(|error| QuestionError::Data(vec![does_not_work(view, &error)]))?;
    let mut faults = shape_faults(&frame, view);
    faults.extend(origin_fault(frame.logical_plan(), agreement, view));
    if let Some(name) = volatile(frame.logical_plan()) {
        faults.push(view_fault(
            view,
            FaultCode::Unsupported,
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

fn too_deep(view: &View) -> Diagnostic {
    view_fault(
        view,
        FaultCode::TooLarge,
        (
            "de SQL van de basis is te lang of te diep genest".into(),
            "the view's SQL is too long or nested too deeply".into(),
        ),
        (
            "reken minder in de basis: lever een kolom die al is uitgerekend",
            "compute less in the view: deliver a column that is computed already",
        ),
    )
}

fn does_not_work(view: &View, error: &DataFusionError) -> Diagnostic {
    let message = error.find_root().to_string();
    let message = message.lines().next().unwrap_or_default();
    view_fault(
        view,
        FaultCode::Malformed,
        (
            format!("de SQL van de basis klopt niet: {message}"),
            format!("the view's SQL does not work: {message}"),
        ),
        (
            "pas `sql` aan: één SELECT over de gegevensbronnen van de afspraak",
            "change `sql`: one SELECT over the agreement's datasets",
        ),
    )
}

/// What the view is made of must be the datasets, by steps whose columns can be traced.
fn origin_fault(plan: &LogicalPlan, agreement: &Agreement, view: &View) -> Option<Diagnostic> {
    use datafusion::common::tree_node::TreeNodeRecursion;
    let mut other = None;
    let mut scans = false;
    let walked = plan.apply_with_subqueries(|node| {
        scans |= matches!(node, LogicalPlan::TableScan(_));
        if !is_traceable(node, agreement) && other.is_none() {
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
        FaultCode::Unsupported,
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

/// Whether a step is one of the list: a dataset, or something whose columns come from those of its inputs.
fn is_traceable(node: &LogicalPlan, agreement: &Agreement) -> bool {
    match node {
        LogicalPlan::TableScan(scan) => {
            let name = scan.table_name.table();
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
    }
}

/// Columns that the view must have, of kinds that can be grouped by or added up.
fn shape_faults(frame: &DataFrame, view: &View) -> Vec<Diagnostic> {
    let dimensions = view.dimension.iter().map(|d| d.name.as_str());
    let measures = view.measure.iter().map(|m| m.name.as_str());
    let grouped_by = std::iter::once(view.key.as_str()).chain(dimensions);
    let all = grouped_by.chain(measures.clone());
    let mut faults: Vec<Diagnostic> = all
        .flat_map(|name| column_faults(frame, view, name))
        .collect();
    faults.extend(measures.filter_map(|name| no_number(frame, view, name)));
    faults
}

fn column_faults(frame: &DataFrame, view: &View, name: &str) -> Vec<Diagnostic> {
    let fields = frame.schema().fields().iter();
    let mut fields = fields.filter(|field| field.name() == name);
    let Some(first) = fields.next() else {
        let fault = view_fault(
            view,
            FaultCode::Missing,
            (
                format!("de SQL levert geen kolom `{name}`"),
                format!("the SQL gives no column `{name}`"),
            ),
            (
                "voeg de kolom toe aan de SELECT, of haal haar uit de basis",
                "add the column to the SELECT, or take it out of the view",
            ),
        );
        return vec![fault];
    };
    let mut faults = Vec::new();
    if fields.next().is_some() {
        faults.push(view_fault(
            view,
            FaultCode::Duplicate,
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
    if !can_cast_types(first.data_type(), &DataType::Utf8) {
        faults.push(view_fault(
            view,
            FaultCode::Unsupported,
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
    faults
}

fn no_number(frame: &DataFrame, view: &View, name: &str) -> Option<Diagnostic> {
    let mut fields = frame.schema().fields().iter();
    let field = fields.find(|field| field.name() == name)?;
    if field.data_type().is_numeric() {
        return None;
    }
    Some(view_fault(
        view,
        FaultCode::WrongType,
        (
            format!("meetwaarde `{name}` is geen getal"),
            format!("measure `{name}` is no number"),
        ),
        (
            "maak er een kenmerk van, of geef de kolom de soort `float64`",
            "make it a dimension, or give the column the type `float64`",
        ),
    ))
}

fn view_fault(
    view: &View,
    code: FaultCode,
    what: (String, String),
    cure: (&str, &str),
) -> Diagnostic {
    let (what, cure) = (Text::new(what.0, what.1), Text::new(cure.0, cure.1));
    Diagnostic::new(code, what, cure).at(format!("view.{}.sql", view.name))
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

/// What went wrong while rows passed, without the engine's words: those may repeat a value.
pub(crate) fn failed(view: &View, error: DataFusionError) -> QuestionError {
    match error.find_root() {
        DataFusionError::ArrowError(..)
        | DataFusionError::Execution(_)
        | DataFusionError::ParquetError(_)
        | DataFusionError::External(_) => {
            let place = format!("view.{}", view.name);
            QuestionError::NotBuildable(NotBuildable::because(place, vec![fails_on_a_row(view)]))
        }
        _ => error.into(),
    }
}

fn fails_on_a_row(view: &View) -> Diagnostic {
    view_fault(
        view,
        FaultCode::Unreadable,
        (
            "de SQL van de basis loopt vast op een rij, of een bestand is beschadigd".into(),
            "the view's SQL fails on a row, or a file is damaged".into(),
        ),
        (
            "zoek een omzetting, een deling door nul of een getal dat te groot wordt",
            "look for a conversion, a division by zero or a number that grows too large",
        ),
    )
}
