//! Where the data are, seen from the document: in its own folder or below, as an agreement names them.

use std::path::{Component, Path, PathBuf};

use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::text::Text;
use zwerm_home::load;

use crate::error::AppError;
use crate::share::own::draft::{DraftTable, fault};

/// Names each file as the document at `path` will; the faults are of files that it cannot name.
pub(super) fn seen_from(
    path: &Path,
    tables: &mut [DraftTable],
) -> Result<Vec<Diagnostic>, AppError> {
    let folder = whole(load::folder(path))?;
    let mut faults = Vec::new();
    for table in tables {
        let file = whole(load::folder(&table.file))?;
        let name = table.file.file_name().unwrap_or_default();
        match file.strip_prefix(&folder) {
            Ok(below) => table.source = written(&below.join(name)),
            Err(_) => faults.push(elsewhere(&table.file, path)),
        }
    }
    Ok(faults)
}

fn whole(folder: &Path) -> Result<PathBuf, AppError> {
    folder.canonicalize().map_err(AppError::at(folder))
}

/// A path with `/` between its parts, on every machine.
fn written(path: &Path) -> String {
    let parts = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    });
    parts.collect::<Vec<_>>().join("/")
}

fn elsewhere(file: &Path, document: &Path) -> Diagnostic {
    let shown = document.display();
    fault(
        file.display().to_string(),
        FaultCode::NotApplicable,
        Text::new(
            format!("dit staat niet in de map van de afspraak `{shown}` of daaronder"),
            format!("this is not in the folder of the agreement `{shown}` or below"),
        ),
        Text::new(
            "zet de bestanden bij elkaar, of schrijf de afspraak met `--output` in een map erboven",
            "put the files together, or write the agreement with `--output` in a folder above",
        ),
    )
}
