//! `zwerm-home.toml`: the file that makes a folder a home, with the version of its layout.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::text::Text;

use crate::error::HomeError;
use crate::files;

/// The layout that this program writes and reads.
pub const LAYOUT: u32 = 2;
/// The layout before there was a public log.
const BEFORE_THE_LOG: u32 = 1;
const MARKER: &str = "zwerm-home.toml";
/// What a crash during `init` may leave behind, beside nothing else.
const OURS: [&str; 9] = [
    "agreements",
    "data",
    "ledger",
    "refusals",
    "releases",
    "lock",
    "turn",
    "zwerm-home.toml.part",
    MARKER,
];

#[derive(Deserialize)]
struct Marker {
    layout: u32,
}

/// The marker's path.
pub(super) fn path(root: &Path) -> PathBuf {
    root.join(MARKER)
}

/// Makes the folder a home.
pub(super) fn write(root: &Path) -> Result<(), HomeError> {
    let text = format!(
        "# Dit is een huis van Zwerm; verander hier niets met de hand.\n\
         # This is a home of Zwerm; change nothing here by hand. See docs/home-layout.md.\n\
         layout = {LAYOUT}\n"
    );
    files::write(&path(root), text.as_bytes())
}

/// Whether the home is of the layout before there was a public log.
pub(super) fn is_before_the_log(root: &Path) -> Result<bool, HomeError> {
    Ok(layout(root)? == BEFORE_THE_LOG)
}

/// Checks that the home has the layout that this program knows.
pub(super) fn check(root: &Path) -> Result<(), HomeError> {
    let found = layout(root)?;
    let root = root.display();
    if found == LAYOUT {
        return Ok(());
    }
    let cure = if found == BEFORE_THE_LOG {
        Text::new(
            format!("`zwerm init --home {root}` geeft het een openbaar logboek; wat er is, blijft"),
            format!("`zwerm init --home {root}` gives it a public log; what is there stays"),
        )
    } else {
        Text::new(
            "gebruik de versie van zwerm die dit huis maakte, of een nieuwere",
            "use the version of zwerm that made this home, or a newer one",
        )
    };
    Err(HomeError::usage(
        FaultCode::Unsupported,
        Text::new(
            format!(
                "het huis `{root}` heeft indeling {found}; dit programma kent indeling {LAYOUT}"
            ),
            format!("the home `{root}` has layout {found}; this program knows layout {LAYOUT}"),
        ),
        cure,
    ))
}

fn layout(root: &Path) -> Result<u32, HomeError> {
    let path = path(root);
    let text = fs::read_to_string(&path).map_err(HomeError::at(&path))?;
    let marker: Marker = toml::from_str(&text).map_err(|_| unreadable(path))?;
    Ok(marker.layout)
}

/// Checks that a folder is free to become a home: not there yet, or empty.
pub(super) fn check_free(root: &Path) -> Result<(), HomeError> {
    let shown = root.display();
    let entries = match fs::read_dir(root) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            return Err(HomeError::usage(
                FaultCode::Unreadable,
                Text::new(
                    format!("`{shown}` is een bestand, geen map"),
                    format!("`{shown}` is a file, not a folder"),
                ),
                another_folder(),
            ));
        }
        Err(error) => return Err(HomeError::at(root)(error)),
    };
    for entry in entries {
        let entry = entry.map_err(HomeError::at(root))?;
        let ours = OURS.iter().any(|name| entry.file_name() == *name);
        if !ours {
            return Err(HomeError::usage(
                FaultCode::Exists,
                Text::new(
                    format!("de map `{shown}` is niet leeg en is geen huis van Zwerm"),
                    format!("the folder `{shown}` is not empty and is no home of Zwerm"),
                ),
                another_folder(),
            ));
        }
    }
    Ok(())
}

/// There is no home here.
pub(super) fn no_home(root: &Path) -> HomeError {
    let shown = root.display();
    HomeError::usage(
        FaultCode::NotFound,
        Text::new(
            format!("`{shown}` is geen huis van Zwerm"),
            format!("`{shown}` is no home of Zwerm"),
        ),
        Text::new(
            format!("maak het met `zwerm init --home {shown}`, of noem een ander met `--home`"),
            format!("make it with `zwerm init --home {shown}`, or name another with `--home`"),
        ),
    )
}

fn another_folder() -> Text {
    Text::new(
        "kies met `--home` een lege of nieuwe map",
        "choose an empty or new folder with `--home`",
    )
}

fn unreadable(path: PathBuf) -> HomeError {
    HomeError::Damaged {
        path,
        what: Text::new(
            "hier staat geen indeling in",
            "this does not say which layout the home has",
        ),
        cure: Text::new(
            format!("zet het bestand terug uit een kopie, of schrijf `layout = {LAYOUT}`"),
            format!("restore the file from a copy, or write `layout = {LAYOUT}`"),
        ),
    }
}
