//! The peers' packages, in a virtual environment of their own under `target/bench`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::machine;

/// What is installed, and from what.
const REQUIREMENTS: &str = "bench/peers/requirements.txt";

/// A Python with the peers' packages.
pub(crate) struct Python {
    program: PathBuf,
}

impl Python {
    /// Makes the environment when it is not there, or when other versions are asked for.
    ///
    /// # Errors
    /// When there is no Python to start from, or a package cannot be installed; with what to do.
    pub(crate) fn ready() -> Result<Python> {
        let folder = machine::target()?.join("bench/venv");
        let requirements = machine::root()?.join(REQUIREMENTS);
        let wanted = std::fs::read_to_string(&requirements)
            .with_context(|| format!("cannot read `{REQUIREMENTS}`"))?;
        let stamp = folder.join("installed.txt");
        let program = folder.join("bin/python");
        if std::fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
            return Ok(Python { program });
        }
        println!("bench: making a virtual environment for the peers");
        make(&folder)?;
        let mut install = Command::new(&program);
        install.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "-r",
        ]);
        let installed = install
            .arg(&requirements)
            .status()
            .context("cannot start `pip`")?;
        if !installed.success() {
            bail!(
                "the peers of `{REQUIREMENTS}` cannot be installed; they need Python 3.11 or newer, \
                 64-bit, and a package index that `pip` can reach"
            );
        }
        std::fs::write(&stamp, wanted)?;
        Ok(Python { program })
    }

    pub(crate) fn program(&self) -> &Path {
        &self.program
    }
}

fn make(folder: &Path) -> Result<()> {
    let cure = "the peers are Python packages; install Python 3.11 or newer with its module `venv` \
                (on Debian or Ubuntu: `apt-get install python3 python3-venv`), or run the benchmarks \
                that need none: `cargo xtask bench protect`";
    let made = Command::new("python3")
        .args(["-m", "venv", "--clear"])
        .arg(folder)
        .status();
    match made {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => bail!("`python3 -m venv` failed; {cure}"),
        Err(_) => bail!("there is no `python3`; {cure}"),
    }
}
