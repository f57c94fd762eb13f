//! The functions of a question, and why others are refused.

use zwerm_agreement::{
    refusal::{Code, Refusal},
    suggest::nearest,
};

use super::reasons::{quote, refusal};

/// Functions of SQL that are known and no part of a question.
const OTHERS: &[&str] = &[
    "min",
    "max",
    "array_agg",
    "string_agg",
    "median",
    "stddev",
    "stddev_pop",
    "stddev_samp",
    "var",
    "var_pop",
    "var_samp",
    "variance",
    "corr",
    "covar_pop",
    "covar_samp",
    "approx_distinct",
    "approx_median",
    "approx_percentile_cont",
    "percentile_cont",
    "first_value",
    "last_value",
    "nth_value",
    "bit_and",
    "bit_or",
    "bit_xor",
    "bool_and",
    "bool_or",
    "any_value",
    "mode",
    "total",
];
const SCALARS: &[&str] = &[
    "random",
    "rand",
    "uuid",
    "now",
    "current_date",
    "current_time",
    "current_timestamp",
    "today",
    "abs",
    "ceil",
    "floor",
    "power",
    "sqrt",
    "ln",
    "log",
    "exp",
    "sin",
    "cos",
    "coalesce",
    "nullif",
    "greatest",
    "least",
    "concat",
    "substr",
    "substring",
    "left",
    "right",
    "lower",
    "upper",
    "trim",
    "length",
    "md5",
    "sha256",
    "digest",
    "hash",
    "to_char",
    "to_date",
    "to_timestamp",
    "date_trunc",
    "date_part",
    "extract",
    "version",
    "cast",
    "try_cast",
    "arrow_cast",
    "grouping",
    "if",
    "iif",
    "starts_with",
    "regexp_like",
    "regexp_replace",
    "strpos",
    "chr",
    "ascii",
    "replace",
];
pub(super) const ALLOWED: &[&str] = &["units", "count", "sum", "avg", "round", "parent", "groups"];

pub(super) fn refuse(name: &str) -> Refusal {
    let name = quote(name);
    let lower = name.to_lowercase();
    if OTHERS.contains(&lower.as_str()) {
        return refusal(
            Code::AggregateNotAllowed,
            format!("`{name}` laat de waarde van één eenheid zien of valt niet te beschermen"),
            format!("`{name}` shows the value of one unit or cannot be protected"),
            "gebruik `units()`, `count`, `sum` of `avg`",
            "use `units()`, `count`, `sum` or `avg`",
        );
    }
    if SCALARS.contains(&lower.as_str()) {
        return refusal(
            Code::FunctionNotAllowed,
            format!("de functie `{name}` kan niet in een vraag"),
            format!("the function `{name}` cannot be part of a question"),
            "gebruik `units()`, `count`, `sum`, `avg`, `round` en `+ - * /`",
            "use `units()`, `count`, `sum`, `avg`, `round` and `+ - * /`",
        );
    }
    let near =
        nearest(&name, ALLOWED.iter().copied()).map_or((String::new(), String::new()), |n| {
            (
                format!("; bedoelde u `{n}`?"),
                format!("; did you mean `{n}`?"),
            )
        });
    refusal(
        Code::UnknownFunction,
        format!("de functie `{name}` is onbekend{}", near.0),
        format!("the function `{name}` is unknown{}", near.1),
        "gebruik `units()`, `count`, `sum`, `avg` of `round`",
        "use `units()`, `count`, `sum`, `avg` or `round`",
    )
}
