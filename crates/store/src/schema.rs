//! The history of the registry's tables. Steps that have landed are never edited: add one.

use std::borrow::Cow;

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// Every step: its number, its name, its SQL.
const STEPS: [(i64, &str, &str); 15] = [
    (
        1,
        "registry",
        include_str!("../migrations/0001_registry.sql"),
    ),
    (2, "mirror", include_str!("../migrations/0002_mirror.sql")),
    (3, "people", include_str!("../migrations/0003_people.sql")),
    (4, "goals", include_str!("../migrations/0004_goals.sql")),
    (5, "names", include_str!("../migrations/0005_names.sql")),
    (6, "lists", include_str!("../migrations/0006_lists.sql")),
    (
        7,
        "barriers",
        include_str!("../migrations/0007_barriers.sql"),
    ),
    (8, "running", include_str!("../migrations/0008_running.sql")),
    (
        9,
        "awaited_keys",
        include_str!("../migrations/0009_awaited_keys.sql"),
    ),
    (10, "titles", include_str!("../migrations/0010_titles.sql")),
    (
        11,
        "answers_by_entry",
        include_str!("../migrations/0011_answers_by_entry.sql"),
    ),
    (
        12,
        "following",
        include_str!("../migrations/0012_following.sql"),
    ),
    (
        13,
        "words_by_time",
        include_str!("../migrations/0013_words_by_time.sql"),
    ),
    (
        14,
        "words_before",
        include_str!("../migrations/0014_words_before.sql"),
    ),
    (15, "pages", include_str!("../migrations/0015_pages.sql")),
];

/// How often making the tables is tried while others make them too: each time, others may be one step ahead.
pub(crate) const TRIES: usize = STEPS.len() + 3;

/// The migrations that bring a database up to date.
pub(crate) fn migrator() -> Migrator {
    let steps = STEPS.map(|(version, name, sql)| {
        let sql = sql.into_sql_str();
        Migration::new(
            version,
            Cow::Borrowed(name),
            MigrationType::Simple,
            sql,
            false,
        )
    });
    Migrator::with_migrations(steps.into())
}
