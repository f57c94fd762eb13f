//! `cargo xtask bench`: runs the benchmarks that are named, or all of them.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::report::{self, BenchResult};
use crate::{
    arguments::Arguments, cube, growth, linked, machine, noise, numbers, opinion, peers, protect,
    python::Python, question,
};

/// A benchmark: its name, and what runs it.
type Bench = (&'static str, fn(&Ground) -> Result<BenchResult>);

/// All of them, in the order in which they are shown.
const BENCHES: [Bench; 8] = [
    ("cube", cube::run),
    ("protect", protect::run),
    ("peers", peers::run),
    ("linked", linked::run),
    ("question", question::run),
    ("noise", noise::run),
    ("growth", growth::run),
    ("opinion", opinion::run),
];

/// What benchmarks stand on.
pub(crate) struct Ground {
    /// Whether smaller versions are run, to see that they work.
    pub(crate) quick: bool,
    /// Where data and results go.
    pub(crate) folder: PathBuf,
    python: OnceCell<Python>,
}

impl Ground {
    /// The peers' packages, installed when they are first needed.
    ///
    /// # Errors
    /// When they cannot be.
    pub(crate) fn python(&self) -> Result<&Python> {
        if let Some(python) = self.python.get() {
            return Ok(python);
        }
        let ready = Python::ready()?;
        Ok(self.python.get_or_init(|| ready))
    }

    /// Our own version, to which those of the peers are added.
    pub(crate) fn versions(&self) -> BTreeMap<String, String> {
        BTreeMap::from([("zwerm".to_owned(), env!("CARGO_PKG_VERSION").to_owned())])
    }
}

/// Runs benchmarks, and writes down what they gave.
///
/// # Errors
/// Names that are not known, a machine that lacks something, and benchmarks that failed, all at the end.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let mut arguments = Arguments::new(arguments);
    let quick = arguments.flag("--quick");
    let names = arguments.names()?;
    let known: Vec<&str> = BENCHES.iter().map(|(name, _)| *name).collect();
    if let Some(other) = names.iter().find(|name| !known.contains(&name.as_str())) {
        bail!(
            "there is no benchmark `{other}`; there are: {}",
            known.join(", ")
        );
    }
    let folder = machine::target()?.join("bench");
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make `{}`", folder.display()))?;
    let ground = Ground {
        quick,
        folder,
        python: OnceCell::new(),
    };
    let here = machine::Machine::here();
    println!("bench: {}", here.shown());
    let mut failed = Vec::new();
    for (name, work) in BENCHES {
        if !names.is_empty() && !names.iter().any(|n| n == name) {
            continue;
        }
        let start = Instant::now();
        println!("== {name}");
        match work(&ground) {
            Ok(measured) => {
                report::print(name, &measured);
                let mark = if quick { "quick-" } else { "" };
                let path = ground.folder.join(format!("{mark}{name}.json"));
                report::details(&path, &measured, &here)?;
                if !quick {
                    let page = machine::root()?.join("bench");
                    report::publish(&page, &known, name, &measured, &here)?;
                }
                let took = numbers::time(start.elapsed().as_secs_f64());
                println!("== {name}: {took}, details in `{}`", path.display());
            }
            Err(error) => {
                eprintln!("== {name}: failed: {error:#}");
                failed.push(name);
            }
        }
    }
    if !failed.is_empty() {
        bail!("not measured: {}", failed.join(", "));
    }
    Ok(())
}

/// What a measurement in a process of its own does: from what is asked to what was found.
type Measurement = (&'static str, fn(Value) -> Result<Value>);

const MEASUREMENTS: [Measurement; 6] = [
    ("cube", cube::measure),
    ("protect", protect::measure),
    ("table", peers::measure),
    ("audit", peers::audit),
    ("question", question::measure),
    ("opinion", opinion::measure),
];

/// One measurement: reads what is asked from standard input and writes what was found.
///
/// # Errors
/// Those of the measurement.
pub(crate) fn measure(arguments: &[String]) -> Result<()> {
    let name = arguments.first().map_or("", String::as_str);
    let found = MEASUREMENTS.iter().find(|(known, _)| *known == name);
    let (_, work) = found.with_context(|| format!("there is no measurement `{name}`"))?;
    let asked = serde_json::from_reader(std::io::stdin())?;
    println!("{}", work(asked)?);
    Ok(())
}
