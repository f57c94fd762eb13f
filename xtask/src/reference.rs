//! `cargo xtask reference`: writes the pages of the documentation that are made from the code.
//!
//! A test of the crate that makes a page fails when the page in `docs/` is another one.

use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::step;

/// A page, and the crate and example program that print it.
const PAGES: [(&str, &str, &str); 1] = [(
    "docs/reference/agreement.md",
    "zwerm-agreement",
    "agreement_reference",
)];

/// Writes every page anew.
///
/// # Errors
/// When a program does not end well, or a page cannot be written.
pub(crate) fn run(root: &Path) -> Result<()> {
    for (page, package, program) in PAGES {
        let arguments = ["run", "--quiet", "--package", package, "--example", program];
        let made = step::cargo(root, &arguments)
            .stderr(std::process::Stdio::inherit())
            .output()
            .with_context(|| format!("cannot start `{program}`"))?;
        if !made.status.success() {
            bail!("`{program}` failed ({})", made.status);
        }
        let path = root.join(page);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("cannot make `{}`", folder.display()))?;
        }
        std::fs::write(&path, &made.stdout).with_context(|| format!("cannot write `{page}`"))?;
        println!("written: {page}");
    }
    Ok(())
}
