//! What names may look like: ids of parties and agreements, and names that appear in SQL.
//!
//! Only lower-case ASCII letters, digits and one joining sign pass, so no name can look like another.

/// The longest name; PostgreSQL's limit for identifiers.
pub const LONGEST: usize = 63;

/// Words that SQL, or the question language built on it, already uses.
const RESERVED: &[&str] = &[
    "all",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "avg",
    "between",
    "both",
    "by",
    "case",
    "cast",
    "check",
    "collate",
    "column",
    "constraint",
    "count",
    "create",
    "cross",
    "cube",
    "current_date",
    "current_time",
    "current_timestamp",
    "default",
    "delete",
    "desc",
    "describe",
    "distinct",
    "do",
    "drop",
    "else",
    "end",
    "except",
    "exists",
    "explain",
    "extract",
    "false",
    "fetch",
    "filter",
    "for",
    "foreign",
    "from",
    "full",
    "grant",
    "group",
    "grouping",
    "having",
    "ilike",
    "in",
    "inner",
    "insert",
    "intersect",
    "interval",
    "into",
    "is",
    "join",
    "lateral",
    "left",
    "like",
    "limit",
    "max",
    "min",
    "natural",
    "not",
    "null",
    "nullif",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "outer",
    "over",
    "partition",
    "primary",
    "qualify",
    "recursive",
    "references",
    "returning",
    "right",
    "rollup",
    "round",
    "row",
    "rows",
    "select",
    "set",
    "sets",
    "similar",
    "some",
    "sum",
    "table",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "units",
    "update",
    "user",
    "using",
    "values",
    "when",
    "where",
    "window",
    "with",
    "within",
];

/// Whether this is an id: lower-case words of letters and digits, joined by hyphens, a letter first.
///
/// ```
/// use zwerm_agreement::name::is_id;
/// assert!(is_id("gemeente-leiden"));
/// assert!(!is_id("Gemeente Leiden"));
/// ```
pub fn is_id(text: &str) -> bool {
    text.len() <= LONGEST
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.split('-').all(|part| {
            !part.is_empty()
                && part
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
}

/// Whether this can be written in SQL without quotes and means nothing else there.
///
/// ```
/// use zwerm_agreement::name::is_sql_name;
/// assert!(is_sql_name("huur_2026"));
/// assert!(!is_sql_name("select"));
/// assert!(!is_sql_name("huurprijs€"));
/// ```
pub fn is_sql_name(text: &str) -> bool {
    text.len() <= LONGEST
        && text.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !is_reserved(text)
}

/// Characters in the name of a column of a file, at most.
pub const LONGEST_HEADER: usize = 100;

/// Whether a column of a file can have this name: any short name that can be quoted in SQL.
///
/// ```
/// use zwerm_agreement::name::is_header;
/// assert!(is_header("Inkomen (EUR)"));
/// assert!(!is_header("a\"b"));
/// ```
pub fn is_header(text: &str) -> bool {
    let short = !text.is_empty() && text.chars().count() <= LONGEST_HEADER;
    short && text.trim() == text && !text.chars().any(|c| c.is_control() || c == '"')
}

/// Whether SQL or the question language already uses this word.
///
/// ```
/// assert!(zwerm_agreement::name::is_reserved("group"));
/// ```
pub fn is_reserved(text: &str) -> bool {
    RESERVED.contains(&text)
}
