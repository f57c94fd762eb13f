//! Writing an example to a folder: its agreements, and its synthetic data beside them.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use zwerm_commons::suggest::nearest;
use zwerm_commons::text::Text;

use super::{EXAMPLES, Generated, find};
use crate::app::error::AppError;
use crate::app::files;

/// An example was written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Written {
    /// What was made.
    pub(crate) generated: Generated,
    /// Where it stands, agreements first.
    pub(crate) files: Vec<PathBuf>,
}

/// Makes an example's data from a seed and writes them beside its agreements.
///
/// Data are made anew over what was there; an agreement that somebody changed is never overwritten.
pub(crate) fn write(name: &str, seed: u64, folder: &Path) -> Result<Written, AppError> {
    let example = find(name).ok_or_else(|| unknown(name))?;
    for (file, text) in example.agreements {
        unchanged(&folder.join(file), text)?;
    }
    let generated = (example.generate)(seed)?;
    let data = folder.join("data");
    files::make_folder(&data)?;
    let mut written = Vec::new();
    for (file, text) in example.agreements {
        written.push(folder.join(file));
        files::write(&folder.join(file), text.as_bytes())?;
    }
    let tables = [
        ("woningen.csv", &generated.woningen_csv),
        ("inkomens.csv", &generated.inkomens_csv),
    ];
    for (file, text) in tables {
        written.push(data.join(file));
        files::write(&data.join(file), text.as_bytes())?;
    }
    Ok(Written {
        generated,
        files: written,
    })
}

fn unchanged(path: &Path, text: &str) -> Result<(), AppError> {
    let same = match std::fs::read(path) {
        Ok(found) => found == text.as_bytes(),
        Err(error) if error.kind() == ErrorKind::NotFound => true,
        Err(error) => return Err(AppError::at(path)(error)),
    };
    if same {
        return Ok(());
    }
    let shown = path.display();
    Err(AppError::usage(
        Text::new(
            format!("`{shown}` is er al, met een andere inhoud"),
            format!("`{shown}` is there already, with other content"),
        ),
        Text::new(
            "kies met `--output` een andere map, of haal het bestand weg",
            "choose another folder with `--output`, or take the file away",
        ),
    ))
}

fn unknown(name: &str) -> AppError {
    let known: Vec<_> = EXAMPLES.iter().map(|example| example.name).collect();
    let cure = match nearest(name, known.iter().copied()) {
        Some(near) => Text::new(
            format!("bedoelt u `{near}`?"),
            format!("did you mean `{near}`?"),
        ),
        None => {
            let known = known.join(", ");
            Text::new(
                format!("kies uit: {known}"),
                format!("choose from: {known}"),
            )
        }
    };
    let what = Text::new(
        format!("er is geen voorbeeld `{name}`"),
        format!("there is no example `{name}`"),
    );
    AppError::usage(what, cure)
}
