//! Asking: the answer's shape in each format, where it is written, and what can interrupt it.

use serde_json::json;

use crate::place::Place;
use crate::small::{Asking, SMALL, SMALL_ID, changed, data};

fn file() -> Asking<'static> {
    Asking {
        agreement: "agreement.toml",
        ..Asking::default()
    }
}

#[test]
fn the_json_of_an_answer() {
    let place = Place::small_home();
    let answer = Asking::default().answer(&place);
    let mut keys: Vec<_> = answer
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    let expected = [
        "agreement",
        "columns",
        "mode",
        "notes",
        "protected",
        "release",
        "rows",
        "totals",
        "trial",
    ];
    assert_eq!(keys, expected);
    assert_eq!(answer["agreement"]["id"], SMALL_ID);
    assert_eq!(answer["agreement"]["version"], 1);
    assert_eq!(answer["agreement"]["hash"].as_str().unwrap().len(), 64);
    assert_eq!(
        (&answer["trial"], &answer["mode"]),
        (&json!(false), &json!("table"))
    );
    let built = place
        .zwerm(&["release", "show", SMALL_ID, "--json"])
        .json(0);
    assert_eq!(answer["release"], built["release"]);
    let sum = json!({ "name": "som", "kind": "sum", "quantity": "EUR/year", "label": answer["columns"][3]["label"] });
    assert_eq!(answer["columns"][3], sum);
    let kinds: Vec<_> = answer["columns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| &c["kind"])
        .collect();
    assert_eq!(kinds, ["dimension", "dimension", "count", "sum", "average"]);
    let rows = answer["rows"].as_array().unwrap();
    let places = |name: &str| -> Vec<(usize, String)> {
        let listed = answer[name].as_array().unwrap().iter();
        let place = |p: &serde_json::Value| {
            let row = usize::try_from(p["row"].as_u64().unwrap()).unwrap();
            (row, p["column"].as_str().unwrap().to_owned())
        };
        listed.map(place).collect()
    };
    let mut listed = [places("protected"), places("totals")].concat();
    listed.sort();
    let mut null = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let cells = row.as_object().unwrap();
        let nulls = cells.iter().filter(|(_, value)| value.is_null());
        null.extend(nulls.map(|(name, _)| (number, name.clone())));
    }
    null.sort();
    assert_eq!(null, listed);
    assert!(
        !places("protected").is_empty()
            && places("totals").contains(&(rows.len() - 1, "wijk".into()))
    );
    assert_eq!(
        rows[0],
        json!({ "wijk": "A", "boven": "ja", "n": 60, "som": rows[0]["som"], "huur": rows[0]["huur"] })
    );
}

#[test]
fn the_same_json_twice_however_it_is_asked_for() {
    let place = Place::small();
    let answer = file().answer(&place);
    assert_eq!(file().run(&place, &["--format", "json"]).json(0), answer);
    let home = Place::small_home();
    let first = Asking::default().answer(&home);
    assert_eq!(Asking::default().answer(&home), first);
    for part in ["rows", "protected", "totals", "agreement", "columns"] {
        assert_eq!(first[part], answer[part], "{part}");
    }
}

#[test]
fn csv_names_what_is_protected() {
    let place = Place::small();
    let told = file().run(&place, &["--format", "csv"]).ok();
    let mut lines = told.lines();
    assert_eq!(lines.next(), Some("wijk,boven,n,som,huur,protected,totals"));
    let protected: Vec<_> = lines.clone().filter(|l| l.starts_with("D,ja,")).collect();
    assert_eq!(protected, ["D,ja,,,,n;som;huur,"]);
    assert!(
        lines
            .clone()
            .any(|l| l.starts_with("A,ja,60,") && l.ends_with(",,"))
    );
    assert!(lines.any(|l| l.starts_with(",,306,") && l.ends_with(",,wijk;boven")));
}

#[test]
fn parquet_can_be_a_source_of_another_agreement() {
    let place = Place::small();
    let sql = "SELECT wijk, klasse, units() AS n FROM huishoudens GROUP BY wijk, klasse";
    let asking = Asking { sql, ..file() };
    asking
        .run(
            &place,
            &["--format", "parquet", "--output", "data/cijfers.parquet"],
        )
        .ok();
    let bytes = std::fs::read(place.path("data/cijfers.parquet")).unwrap();
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
    let piped = place
        .command(&asking.args(&["--format", "parquet"]))
        .output()
        .unwrap();
    assert_eq!(piped.stdout, bytes);
    let old = SMALL
        .lines()
        .find(|l| l.starts_with("columns") && l.contains("boven"))
        .unwrap();
    let sql = SMALL.lines().find(|l| l.starts_with("sql")).unwrap();
    let text = changed("data/inkomens.csv", "data/cijfers.parquet")
        .replace(old, "columns = { wijk = \"utf8\", klasse = \"utf8\", n = \"int64\", protected = \"utf8\", totals = \"utf8\" }")
        .replace(sql, "sql = \"SELECT w.huishouden, w.adres, w.wijk, w.klasse, w.huur, CASE WHEN c.n > 50 THEN 'ja' ELSE 'nee' END AS boven, CAST(c.n AS DOUBLE) AS inkomen FROM woningen w JOIN inkomens c ON w.wijk = c.wijk AND w.klasse = c.klasse\"")
        .replace("[[embargo]]\ncolumns = [\"inkomens.inkomen\"]", "[[embargo]]\ncolumns = [\"inkomens.n\"]");
    place.write("next.toml", text);
    let sql = "SELECT boven, units() AS n FROM huishoudens GROUP BY boven";
    let answer = Asking {
        agreement: "next.toml",
        sql,
        ..file()
    }
    .run(&place, &["--json"]);
    assert_eq!(answer.code, 0, "{}", answer.out);
    let answer = answer.json(0);
    let rows = json!([{ "boven": "ja", "n": 70 }, { "boven": "nee", "n": 236 }]);
    assert_eq!(answer["rows"], rows);
}

#[test]
fn output_is_there_whole_or_not_at_all() {
    let place = Place::small();
    let csv = ["--format", "csv", "--output", "out.csv"];
    place.write("out.csv", "old");
    let refused = Asking {
        purpose: "fraud",
        ..file()
    };
    assert_eq!(refused.run(&place, &csv).code, 1);
    assert_eq!(place.read("out.csv"), "old");
    assert_eq!(file().run(&place, &csv).ok(), "");
    assert_eq!(
        place.read("out.csv"),
        file().run(&place, &["--format", "csv"]).ok()
    );
    place.write("folder/inside", "");
    for output in ["folder", "gone/out.csv", "out.csv/out.csv"] {
        let run = file().run(&place, &["--output", output]);
        assert_eq!(
            (run.code, run.out.as_str()),
            (3, ""),
            "{output}: {}",
            run.err
        );
    }
    let left = place.files(".");
    let half = left
        .iter()
        .find(|(path, _)| path.to_string_lossy().contains(".part"));
    assert!(half.is_none(), "{half:?}");
}

#[test]
fn an_explanation_goes_beside_the_answer() {
    let place = Place::small();
    let run = file().run(&place, &["--format", "csv", "--explain", "--lang", "en"]);
    assert_eq!(run.code, 0);
    assert!(run.out.starts_with("wijk,"), "{}", run.out);
    for part in [
        "SELECT wijk, boven",
        "`universiteit` may ask questions",
        "[protection.minimum_units]",
    ] {
        assert!(run.err.contains(part), "{part}: {}", run.err);
    }
}

#[test]
fn people_read_it_in_their_language_and_hear_that_it_is_a_trial() {
    let (place, home) = (Place::small(), Place::small_home());
    let dutch = file().run(&place, &[]).ok();
    let english = file().run(&place, &["--lang", "en"]).ok();
    assert!(
        dutch.contains("PROEF (een los bestand") && dutch.contains("niet beschermd tegen eerdere"),
        "{dutch}"
    );
    assert!(
        english.contains("TRIAL (a plain file")
            && english.contains("not protected against earlier"),
        "{english}"
    );
    assert!(dutch.contains("totaal") && english.contains("total") && !english.contains("totaal"));
    assert!(
        dutch.contains("▒▒▒ = ") && dutch.contains("11.600.000") && english.contains("11,600,000"),
        "{dutch}"
    );
    let kept = Asking::default().run(&home, &["--lang", "en"]).ok();
    assert!(
        kept.contains("entered in the public log") && !kept.contains("TRIAL"),
        "{kept}"
    );
    assert!(!place.path("zwerm-home").exists());
}

#[test]
fn misspelt_names_get_a_suggestion() {
    let place = Place::small_home();
    let own = Asking::default();
    for (asking, code, near) in [
        (
            Asking {
                agreement: "kleim",
                ..own
            },
            2,
            "klein",
        ),
        (
            Asking {
                party: "universitiet",
                ..own
            },
            1,
            "universiteit",
        ),
        (
            Asking {
                sql: "SELECT units() FROM huishouden",
                ..own
            },
            1,
            "huishoudens",
        ),
        (
            Asking {
                sql: "SELECT wijken, units() FROM huishoudens GROUP BY wijken",
                ..own
            },
            1,
            "wijk",
        ),
    ] {
        let told = asking.run(&place, &["--lang", "en"]).told(code);
        assert!(told.contains(&format!("did you mean `{near}`?")), "{told}");
    }
    let told = place
        .zwerm(&["release", "show", SMALL_ID, "--view", "huishouden"])
        .told(2);
    assert!(told.contains("bedoelt u `huishoudens`?"), "{told}");
}

#[test]
fn little_memory_gives_the_same_answer_or_a_failure_of_the_machine() {
    let place = Place::small();
    let whole = file().answer(&place);
    for memory in ["1", "2", "16"] {
        let run = file().run(&place, &["--memory", memory, "--json"]);
        match run.code {
            0 => assert_eq!(run.json(0)["rows"], whole["rows"], "{memory}"),
            _ => assert!(run.json(3)["faults"][0]["cure"].is_string(), "{memory}"),
        }
    }
    let run = file().run(&place, &["--memory", "0"]);
    assert_eq!(run.code, 2, "{}", run.err);
}

#[test]
fn a_release_is_built_once_and_shown() {
    let place = Place::small_home();
    let told = place.zwerm(&["release", "show", SMALL_ID]).told(2);
    assert!(told.contains("zwerm release build klein"), "{told}");
    let build = ["release", "build", SMALL_ID, "--json"];
    let first = place.zwerm(&build).json(0);
    assert_eq!(first["existed"], false);
    let files = place.files("zwerm-home/releases");
    let second = place.zwerm(&build).json(0);
    assert_eq!(second["existed"], true);
    assert_eq!(first["release"], second["release"]);
    assert_eq!(place.files("zwerm-home/releases"), files);
    let shown = place
        .zwerm(&["release", "show", SMALL_ID, "--json"])
        .json(0);
    assert_eq!(shown["tables"], first["tables"]);
    let cells = |name: &str| -> u64 {
        let tables = shown["tables"].as_array().unwrap().iter();
        tables.map(|table| table[name].as_u64().unwrap()).sum()
    };
    assert_eq!(
        (json!(cells("cells")), json!(cells("protected"))),
        (shown["cells"].clone(), shown["protected"].clone())
    );
    let text = place
        .zwerm(&["release", "show", SMALL_ID, "--lang", "en"])
        .ok();
    let hash = first["release"]["hash"].as_str().unwrap();
    assert!(
        text.contains(hash) && text.contains("wijk × boven"),
        "{text}"
    );
    let elsewhere = Place::small_home();
    assert_eq!(elsewhere.zwerm(&build).json(0)["release"], first["release"]);
}

#[test]
fn two_first_questions_at_once_build_one_release() {
    let place = Place::small_home();
    let asking = Asking::default();
    let args = asking.args(&["--json"]);
    let running: Vec<_> = (0..4)
        .map(|_| place.command(&args).spawn().unwrap())
        .collect();
    let told: Vec<_> = running
        .into_iter()
        .map(|child| child.wait_with_output().unwrap())
        .collect();
    for output in &told {
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stdout)
        );
        assert_eq!(output.stdout, told[0].stdout);
    }
    let releases = place.files("zwerm-home/releases");
    let cells = releases
        .iter()
        .filter(|(path, _)| path.extension().is_some_and(|e| e == "parquet"));
    assert_eq!(cells.count(), 1);
    let answers = place.kinds().into_iter().filter(|kind| kind == "answer");
    assert_eq!(answers.count(), 4);
}

/// Until `probe` holds; a test that waits in vain stops.
#[cfg(target_os = "linux")]
fn wait_for(mut probe: impl FnMut() -> bool) {
    for _ in 0..2_000 {
        if probe() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("it never came");
}

/// Whether a process has a file open.
#[cfg(target_os = "linux")]
fn has_open(process: u32, file: &std::path::Path) -> bool {
    let Ok(open) = std::fs::read_dir(format!("/proc/{process}/fd")) else {
        return false;
    };
    let file = file.canonicalize().unwrap();
    open.flatten()
        .any(|fd| std::fs::read_link(fd.path()).is_ok_and(|path| path == file))
}

/// A home where somebody else is building a release, and a question that waits for it.
#[cfg(target_os = "linux")]
fn waiting(place: &Place) -> (std::fs::File, std::process::Child) {
    place.write("zwerm-home/releases/lock", "");
    let lock = place.path("zwerm-home/releases/lock");
    let held = std::fs::File::options().write(true).open(&lock).unwrap();
    held.lock().unwrap();
    let child = place
        .command(&Asking::default().args(&["--json"]))
        .spawn()
        .unwrap();
    wait_for(|| has_open(child.id(), &lock));
    (held, child)
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_suspended_while_a_question_is_under_way_is_not_answered() {
    let place = Place::small_home();
    let (held, child) = waiting(&place);
    place.change("suspend", SMALL_ID, "huurders", &[]).ok();
    drop(held);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        crate::small::codes(&crate::small::refusals(&told)),
        ["suspended"]
    );
    let kinds = place.kinds();
    assert_eq!(kinds[kinds.len() - 2..], ["agreement-suspended", "refusal"]);
    assert!(
        !kinds
            .iter()
            .any(|kind| kind == "answer" || kind == "question")
    );
}

#[cfg(target_os = "linux")]
fn interrupt(child: &std::process::Child) {
    let kill = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
}

#[cfg(target_os = "linux")]
#[test]
fn whoever_waits_for_another_can_stop() {
    let place = Place::small_home();
    let (_held, child) = waiting(&place);
    interrupt(&child);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stdout).contains("afgebroken"));
    assert!(!place.kinds().iter().any(|kind| kind == "question"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_build_that_is_interrupted_leaves_no_release() {
    let place = Place::small();
    let (homes, incomes) = data(400);
    place.write("data/woningen.csv", homes);
    place.write("data/inkomens.csv", incomes);
    place.zwerm(&["init"]).ok();
    place.zwerm(&["agreement", "add", "agreement.toml"]).ok();
    let child = place
        .command(&["release", "build", SMALL_ID])
        .spawn()
        .unwrap();
    // the lock is there once the build began, which is long before these data are counted
    let lock = place.path("zwerm-home/releases/lock");
    wait_for(|| lock.exists());
    interrupt(&child);
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert!(told.contains("afgebroken"), "{told}");
    let left: Vec<_> = place
        .files("zwerm-home/releases")
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    assert_eq!(left, [std::path::PathBuf::from("zwerm-home/releases/lock")]);
    let shown = place.zwerm(&["release", "show", SMALL_ID]);
    assert_eq!(shown.code, 2, "{}", shown.err);
}
