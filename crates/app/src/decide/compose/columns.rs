//! The columns of datasets, as a form has them: a row each, with what it is there for.

use zwerm_agreement::agreement::ColumnType;
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::name::is_sql_name;
use zwerm_agreement::text::Text;

use crate::decide::compose::Writer;
use crate::slug::slug;

/// What a column is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ColumnRole {
    /// It points at a unit.
    Key,
    /// To group by.
    Dimension,
    /// To add up.
    Measure,
    /// It is used, and not asked for.
    Shared,
    /// It is knowingly not shared.
    Withheld,
}

impl ColumnRole {
    /// As a form says it, and the other way.
    pub(super) const WORDS: [(&'static str, ColumnRole); 5] = [
        ("key", ColumnRole::Key),
        ("dimension", ColumnRole::Dimension),
        ("measure", ColumnRole::Measure),
        ("shared", ColumnRole::Shared),
        ("withheld", ColumnRole::Withheld),
    ];

    pub(super) fn word(self) -> &'static str {
        let found = Self::WORDS.iter().find(|(_, role)| *role == self);
        found.map_or("", |(word, _)| word)
    }
}

/// A column of a form.
#[derive(Debug)]
pub(super) struct FormColumn {
    /// The number of its row.
    pub(super) row: usize,
    pub(super) name: String,
    pub(super) kind: ColumnType,
    /// Nothing where nobody said so yet.
    pub(super) role: Option<ColumnRole>,
}

/// A dataset of a form.
#[derive(Debug)]
pub(super) struct FormDataset {
    /// The number of its row.
    pub(super) row: usize,
    pub(super) id: String,
    pub(super) columns: Vec<FormColumn>,
}

impl FormDataset {
    /// Its column that points at a unit.
    pub(super) fn key(&self) -> Option<&FormColumn> {
        self.of(ColumnRole::Key).next()
    }

    pub(super) fn of(&self, role: ColumnRole) -> impl Iterator<Item = &FormColumn> {
        let all = self.columns.iter();
        all.filter(move |column| column.role == Some(role))
    }
}

/// All datasets of a form.
#[derive(Debug, Default)]
pub(super) struct FormDatasets(pub(super) Vec<FormDataset>);

impl FormDatasets {
    pub(super) fn read(writer: &mut Writer<'_>) -> Self {
        let mut all = Self::default();
        for row in writer.rows_of("dataset") {
            let name = writer.text(&format!("dataset{row}_name"));
            let columns = columns_of(writer, row);
            if !name.is_empty() || !columns.is_empty() {
                let id = sql_name(&name);
                all.0.push(FormDataset { row, id, columns });
            }
        }
        for source in &all.0 {
            keyed(writer, source, all.key());
        }
        all
    }

    /// The name of the column that points at a unit, the same in every dataset.
    pub(super) fn key(&self) -> Option<&FormColumn> {
        self.0.iter().find_map(FormDataset::key)
    }

    /// The columns with this part in the view, with the place of their dataset.
    pub(super) fn of(&self, role: ColumnRole) -> impl Iterator<Item = (usize, &FormColumn)> {
        let sources = self.0.iter().enumerate();
        sources.flat_map(move |(place, source)| source.of(role).map(move |c| (place, c)))
    }
}

/// The columns of the dataset of a row.
fn columns_of(writer: &mut Writer<'_>, dataset: usize) -> Vec<FormColumn> {
    let mut columns: Vec<FormColumn> = Vec::new();
    for row in writer.rows_of("column") {
        let at = |part: &str| format!("column{row}_{part}");
        let of = writer.text(&at("of")).parse().unwrap_or(0);
        let name = writer.text(&at("name"));
        if of != dataset || name.is_empty() {
            continue;
        }
        if columns.iter().any(|known| known.name == name) {
            writer.wrong(
                &at("name"),
                FaultCode::Duplicate,
                Text::new(
                    format!("de kolom `{name}` staat er twee keer"),
                    format!("the column `{name}` is there twice"),
                ),
                Text::new("haal er een weg", "take one away"),
            );
            continue;
        }
        let kind = writer.text(&at("kind")).parse().unwrap_or(ColumnType::Utf8);
        let said = writer.text(&at("role"));
        let role = ColumnRole::WORDS.iter().find(|(word, _)| *word == said);
        let role = role.map(|(_, role)| *role);
        if role.is_none() {
            writer.wrong(
                &at("role"),
                FaultCode::Empty,
                Text::new(
                    format!("van de kolom `{name}` is nog niet gezegd wat die is"),
                    format!("nobody said yet what the column `{name}` is"),
                ),
                Text::new(
                    "kies: een kenmerk, een meetwaarde, of niet delen",
                    "choose: a characteristic, a measure, or do not share",
                ),
            );
        }
        columns.push(FormColumn {
            row,
            name,
            kind,
            role,
        });
    }
    columns
}

/// Every dataset has one key, of the same name: that is how they are joined.
fn keyed(writer: &mut Writer<'_>, source: &FormDataset, first: Option<&FormColumn>) {
    let Some(key) = source.key() else {
        let n = source.row + 1;
        let field = match source.columns.first() {
            Some(column) => format!("column{}_role", column.row),
            None => format!("dataset{}_name", source.row),
        };
        writer.wrong(
            &field,
            FaultCode::Missing,
            Text::new(
                format!("bron {n} heeft geen kolom die een eenheid aanwijst"),
                format!("source {n} has no column that points at a unit"),
            ),
            Text::new(
                "kies bij die kolom: wijst één eenheid aan",
                "choose for that column: points at one unit",
            ),
        );
        return;
    };
    for again in source.of(ColumnRole::Key).skip(1) {
        writer.wrong(
            &format!("column{}_role", again.row),
            FaultCode::Duplicate,
            Text::new(
                format!("`{}` wijst al een eenheid aan", key.name),
                format!("`{}` points at a unit already", key.name),
            ),
            Text::new("kies hier iets anders", "choose something else here"),
        );
    }
    if let Some(first) = first.filter(|first| first.name != key.name) {
        writer.wrong(
            &format!("column{}_role", key.row),
            FaultCode::Mismatch,
            Text::new(
                format!(
                    "de sleutel heet hier `{}`, en bij een andere bron `{}`",
                    key.name, first.name
                ),
                format!(
                    "the key is called `{}` here, and `{}` in another source",
                    key.name, first.name
                ),
            ),
            Text::new(
                "geef de kolom in elk bestand dezelfde naam",
                "give the column the same name in every file",
            ),
        );
    }
}

/// A name that SQL can hold, made of any words.
pub(super) fn sql_name(words: &str) -> String {
    if words.is_empty() || is_sql_name(words) {
        return words.to_owned();
    }
    let name = slug(words, "kolom").replace('-', "_");
    if is_sql_name(&name) {
        name
    } else {
        format!("{name}_")
    }
}
