//! Writing an example to a folder: its agreements, and its synthetic data beside them.

use std::path::{Path, PathBuf};

use zwerm_agreement::agreement::Document;
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::sample::made_up_key;
use zwerm_agreement::suggest::nearest;
use zwerm_agreement::text::Text;
use zwerm_example::{EXAMPLES, ExampleInfo, Generated, find};
use zwerm_home::files;

use crate::error::AppError;

/// An example was written.
#[derive(Debug)]
pub struct WrittenExample {
    /// What was made.
    pub generated: Generated,
    /// The files that were written, agreements first.
    pub files: Vec<PathBuf>,
}

/// How far writing a data file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnFileWritten {
    /// The name of the file that is being written.
    pub file: &'static str,
    /// Rows that are written so far.
    pub done: usize,
    /// Rows in all.
    pub rows: usize,
}

/// Makes an example's data from a seed and writes them beside its agreements.
///
/// Data are made anew over what was there; an agreement that somebody changed is never overwritten.
pub fn write(
    name: &str,
    seed: u64,
    folder: &Path,
    progress: &dyn Fn(OnFileWritten),
) -> Result<WrittenExample, AppError> {
    let example = find(name).ok_or_else(|| unknown(name))?;
    for (file, text) in example.agreements {
        files::keep_others(&folder.join(file), text)?;
    }
    let generated = (example.generate)(seed)?;
    let data = folder.join("data");
    files::make_folder(&data)?;
    let mut written = Vec::new();
    for (file, text) in example.agreements {
        written.push(folder.join(file));
        files::write(&folder.join(file), text.as_bytes())?;
    }
    for file in &generated.files {
        let path = data.join(file.name());
        let rows = file.rows();
        files::stream(&path, |to| {
            let mut done = 0;
            file.write(to, &mut |more| {
                done += more;
                progress(OnFileWritten {
                    file: file.name(),
                    done,
                    rows,
                });
            })
        })?;
        written.push(path);
    }
    written.extend(write_keys(example, folder)?);
    Ok(WrittenExample {
        generated,
        files: written,
    })
}

/// Writes the private keys of the example's parties, which everybody has, as they are made up.
fn write_keys(example: &ExampleInfo, folder: &Path) -> Result<Vec<PathBuf>, AppError> {
    let keys = folder.join("keys");
    files::make_folder(&keys)?;
    let mut written = Vec::new();
    for (file, text) in example.agreements {
        let document = Document::parse(file, text)?;
        for party in document.agreement.seats() {
            let path = keys.join(format!("{}.key", party.id));
            let text = format!(
                "# De sleutel van een verzonnen partner: iedereen heeft hem. / The key of a made-up party: everybody has it.\n\
                 {}\n",
                made_up_key(&party.id).secret()
            );
            if !written.contains(&path) {
                files::write(&path, text.as_bytes())?;
                written.push(path);
            }
        }
    }
    Ok(written)
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
    AppError::usage(FaultCode::NotFound, what, cure)
}
