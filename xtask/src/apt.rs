//! Other people's programs, with which the tests have ours judged: Go's code for transparency logs, PostgreSQL, and a
//! browser with Node.js, which drives it.
//!
//! Installed where that can be done by itself; where not, it is said, and the tests that want them skip themselves.

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

/// A program that the tests can do without, and what Debian calls it.
struct WantedProgram {
    name: &'static str,
    packages: &'static [&'static str],
    /// What it is installed for.
    purpose: &'static str,
    /// Which tests skip themselves without it.
    skipped: &'static str,
    is_there: fn() -> bool,
}

const WANTED: [WantedProgram; 4] = [
    WantedProgram {
        name: "Go",
        packages: &["golang-go", "golang-golang-x-mod-dev"],
        purpose: "to have the public log judged by a program that is not ours",
        skipped: "tests that have the public log judged by it",
        is_there: go_is_there,
    },
    WantedProgram {
        name: "PostgreSQL",
        packages: &["postgresql"],
        purpose: "to hold the registry to the same tests on both of its databases",
        skipped: "tests of the registry on it",
        is_there: postgres_is_there,
    },
    WantedProgram {
        name: "Node.js 20 or newer",
        packages: &["nodejs", "npm"],
        purpose: "to run the tests in a browser",
        skipped: "tests in a browser",
        is_there: node_is_there,
    },
    WantedProgram {
        name: "Chromium",
        packages: &["chromium"],
        purpose: "to run the tests in a browser",
        skipped: "tests in a browser",
        is_there: || Path::new(CHROMIUM).is_file(),
    },
];

/// Where Debian puts the browser.
pub(crate) const CHROMIUM: &str = "/usr/bin/chromium";

/// A machine without a mirror in reach must not keep the tests waiting.
const OPTIONS: [&str; 5] = [
    "-qq",
    "-o",
    "Acquire::Retries=1",
    "-o",
    "Acquire::http::Timeout=20",
];

/// Whether programs may be installed without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InstallConsent {
    /// Somebody said so on the command line.
    Given,
    /// Nobody said anything: a person at a terminal is asked.
    Unknown,
}

/// Says what is missing, and installs what can be installed; says so where it cannot.
///
/// A person at a terminal is asked first, unless they said `--yes` or the variable `CI` is set.
pub(crate) fn provide(consent: InstallConsent) {
    let missing: Vec<&WantedProgram> = WANTED.iter().filter(|one| !(one.is_there)()).collect();
    if missing.is_empty() {
        return;
    }
    let can = is_root() && quiet(Command::new("apt-get").arg("--version"));
    if can && may_install(&missing, consent) {
        quiet(Command::new("apt-get").arg("update").args(OPTIONS));
        for one in &missing {
            install(one);
        }
    }
    for one in missing.iter().filter(|one| !(one.is_there)()) {
        println!("{}", absent(one));
    }
}

fn may_install(missing: &[&WantedProgram], consent: InstallConsent) -> bool {
    let packages: Vec<&str> = missing
        .iter()
        .flat_map(|one| one.packages)
        .copied()
        .collect();
    let packages = packages.join(" ");
    println!("the tests want programs that are not there; `apt-get install {packages}` gets them");
    let asks = consent == InstallConsent::Unknown
        && std::env::var_os("CI").is_none()
        && std::io::stdin().is_terminal();
    if !asks {
        return true;
    }
    print!("install them now? [y/N] ");
    // a prompt that cannot be shown gets no answer, which is a no
    let _ = std::io::stdout().flush();
    let mut said = String::new();
    std::io::stdin().read_line(&mut said).is_ok() && is_yes(&said)
}

/// Whether somebody said yes; anything else is a no.
fn is_yes(said: &str) -> bool {
    ["y", "yes", "j", "ja"].contains(&said.trim().to_lowercase().as_str())
}

fn install(one: &WantedProgram) {
    println!("installing {}, {}", one.packages.join(" "), one.purpose);
    let mut command = Command::new("apt-get");
    command.args(["install", "-y", "--no-install-recommends"]);
    let command = command.args(OPTIONS).args(one.packages);
    quiet(command.env("DEBIAN_FRONTEND", "noninteractive"));
}

fn absent(one: &WantedProgram) -> String {
    format!(
        "{} is not there: {} skip themselves; on Debian or Ubuntu: `apt-get install {}`",
        one.name,
        one.skipped,
        one.packages.join(" ")
    )
}

fn go_is_there() -> bool {
    let sources = "/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog";
    Path::new(sources).is_dir() && quiet(Command::new("go").arg("version"))
}

/// One that the tests are told of, or the programs with which they make their own.
fn postgres_is_there() -> bool {
    if std::env::var_os("ZWERM_POSTGRES").is_some() {
        return true;
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql");
    versions.is_ok_and(|mut versions| {
        versions.any(|entry| entry.is_ok_and(|entry| entry.path().join("bin/initdb").is_file()))
    })
}

/// Whether the tests in a browser can run: what is missing, [`provide`] has said.
pub(crate) fn browser_is_there() -> bool {
    node_is_there() && Path::new(CHROMIUM).is_file()
}

fn node_is_there() -> bool {
    let said = Command::new("node").arg("--version").output();
    let version = said.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    version.is_ok_and(|version| is_new_enough(&version))
        && quiet(Command::new("npm").arg("--version"))
}

/// Whether `v20.1.0` and the like is a Node.js whose test runner has what ours use.
fn is_new_enough(version: &str) -> bool {
    let major = version.trim().trim_start_matches('v').split('.').next();
    major
        .and_then(|major| major.parse().ok())
        .is_some_and(|major: u32| major >= 20)
}

fn is_root() -> bool {
    let said = Command::new("id").arg("-u").output();
    said.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// Whether a command starts and ends well; what it prints is of no interest.
fn quiet(command: &mut Command) -> bool {
    let command = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_is_said_with_how_to_get_it() {
        for one in &WANTED {
            let said = absent(one);
            assert!(said.starts_with(one.name), "{said}");
            assert!(said.ends_with(&format!("`apt-get install {}`", one.packages.join(" "))));
        }
    }

    #[test]
    fn only_a_yes_is_one() {
        assert!(is_yes("y\n") && is_yes("Ja\n"));
        assert!(!is_yes("\n") && !is_yes("") && !is_yes("yesterday\n") && !is_yes("n\n"));
    }

    #[test]
    fn node_must_be_new_enough() {
        assert!(is_new_enough("v20.20.2\n"));
        assert!(is_new_enough("v100.0.0"));
        assert!(!is_new_enough("v18.20.4\n"));
        assert!(!is_new_enough(""));
    }
}
