//! Go and its code for transparency logs: with them the tests have our log judged by somebody else's program.
//!
//! Installed where that can be done by itself; where not, it is said, and the tests that want it skip themselves.

use std::path::Path;
use std::process::{Command, Stdio};

/// What Debian calls them.
const PACKAGES: [&str; 2] = ["golang-go", "golang-golang-x-mod-dev"];
/// Where the second package puts what the tests need.
const SOURCES: &str = "/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog";

/// Installs Go where it is missing and can be installed; says so where it cannot.
pub(crate) fn provide() {
    if is_there() {
        return;
    }
    let names = PACKAGES.join(" ");
    if is_root() && quiet(Command::new("apt-get").arg("--version")) {
        println!("installing {names}, to have the public log judged by a program that is not ours");
        // a machine without a mirror in reach must not keep the tests waiting
        let options = [
            "-qq",
            "-o",
            "Acquire::Retries=1",
            "-o",
            "Acquire::http::Timeout=20",
        ];
        let mut update = Command::new("apt-get");
        quiet(update.arg("update").args(options));
        let mut install = Command::new("apt-get");
        install.args(["install", "-y", "--no-install-recommends"]);
        quiet(
            install
                .args(options)
                .args(PACKAGES)
                .env("DEBIAN_FRONTEND", "noninteractive"),
        );
    }
    if !is_there() {
        println!(
            "Go is not there: tests that have the public log judged by it skip themselves; \
             on Debian or Ubuntu: `apt-get install {names}`"
        );
    }
}

fn is_there() -> bool {
    Path::new(SOURCES).is_dir() && quiet(Command::new("go").arg("version"))
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
