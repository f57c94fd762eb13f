//! Homes: made, found, of another layout, torn by a crash, and changed by two at once.

use std::fs;

use crate::place::{ID, Place, Run};
use crate::small::Asking;

#[test]
fn a_home_is_made_once() {
    let place = Place::new();
    assert_eq!(place.zwerm(&["init", "--json"]).json(0)["made"], true);
    let before = place.files("zwerm-home");
    assert_eq!(place.zwerm(&["init", "--json"]).json(0)["made"], false);
    assert_eq!(place.files("zwerm-home"), before);
}

#[test]
fn a_home_is_made_where_it_is_asked_for() {
    let place = Place::new();
    place.zwerm(&["init", "--home", "a/b"]).ok();
    assert!(place.path("a/b/zwerm-home.toml").is_file());
    let mut command = place.command(&["agreement", "list"]);
    assert!(
        command
            .env("ZWERM_HOME", "a/b")
            .output()
            .unwrap()
            .status
            .success()
    );
}

#[test]
fn a_folder_of_somebody_else_is_left_alone() {
    let place = Place::new();
    place.write("theirs/letter.txt", "hello");
    place.write("file", "hello");
    for home in ["theirs", "file"] {
        let told = place.zwerm(&["init", "--home", home]).told(2);
        assert!(
            told.contains("kies met `--home` een lege of nieuwe map"),
            "{told}"
        );
    }
    assert_eq!(place.files("theirs").len(), 1);
}

#[test]
fn without_a_home_one_is_told_how_to_make_it() {
    let place = Place::leiden();
    let key = place.key("corporatie");
    for args in [
        ["agreement", "list"].as_slice(),
        &["agreement", "add", "agreement-v2.toml"],
        &["agreement", "show", ID],
        &[
            "agreement",
            "end",
            ID,
            "--as",
            "corporatie",
            "--key",
            &key,
            "--reason",
            "x",
        ],
    ] {
        let told = place.zwerm(args).told(2);
        assert!(told.contains("zwerm init --home ./zwerm-home"), "{told}");
    }
    assert!(!place.path("zwerm-home").exists());
}

#[test]
fn a_newer_layout_is_refused_with_the_cure() {
    let place = Place::with_home();
    place.write("zwerm-home/zwerm-home.toml", "layout = 3\nnew = true\n");
    for args in [["agreement", "list"].as_slice(), &["init"]] {
        let told = place.zwerm(args).told(2);
        assert!(told.contains("indeling 3"), "{told}");
        assert!(told.contains("of een nieuwere"), "{told}");
    }
    place.write("zwerm-home/zwerm-home.toml", "lay");
    let told = place.zwerm(&["agreement", "list"]).told(3);
    assert!(told.contains("zwerm-home.toml"), "{told}");
}

#[test]
fn a_torn_event_does_not_count_and_a_damaged_one_is_told() {
    let place = Place::with_home();
    let journal = format!("zwerm-home/agreements/{ID}/v2/events.jsonl");
    place.change("suspend", ID, "corporatie", &[]).ok();
    let whole = place.read(&journal);
    place.write(&journal, format!("{whole}{{\"party\":\"corp"));
    let run = place.change("resume", ID, "corporatie", &[]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("events.torn"), "{}", run.err);
    assert_eq!(place.read(&journal).lines().count(), 2);
    place.write(&journal, format!("iets\n{whole}"));
    let told = place.zwerm(&["agreement", "show", ID]).told(3);
    assert!(told.contains("regel 1 is niet te lezen"), "{told}");
}

#[test]
fn two_who_make_a_home_at_once_make_one() {
    let place = Place::new();
    let running: Vec<_> = (0..6)
        .map(|_| place.command(&["init", "--json"]).spawn().unwrap())
        .collect();
    let mut made = 0;
    for child in running {
        let output = child.wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{told}");
        made += usize::from(String::from_utf8_lossy(&output.stdout).contains("true"));
    }
    assert_eq!(made, 1);
}

#[test]
fn two_who_add_at_once_do_not_hinder_each_other() {
    let place = Place::leiden();
    place.zwerm(&["init"]).ok();
    let files = ["agreement-v1.toml", "agreement-v2.toml"].repeat(4);
    let running: Vec<_> = files
        .iter()
        .map(|file| place.command(&["agreement", "add", file]).spawn().unwrap())
        .collect();
    for child in running {
        let output = child.wait_with_output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    for version in ["1", "2"] {
        place
            .zwerm(&["agreement", "show", &format!("{ID}@{version}")])
            .ok();
    }
    let left = place.files("zwerm-home");
    assert!(
        left.iter()
            .all(|(path, _)| !path.to_string_lossy().contains(".part"))
    );
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_the_machines_failure() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    place.write("locked/keep", "");
    fs::set_permissions(place.path("locked"), fs::Permissions::from_mode(0o555)).unwrap();
    // Whoever is root may write everywhere, and this cannot be seen.
    if fs::write(place.path("locked/probe"), "").is_ok() {
        return;
    }
    let told = place.zwerm(&["init", "--home", "locked/home"]).told(3);
    assert!(told.contains("locked"), "{told}");
}

/// Whatever the machine lets new files be read by: an open home is as closed as one that was made so.
#[cfg(unix)]
#[test]
fn other_accounts_read_the_published_log_and_nothing_else_of_a_home() {
    for mask in ["000", "022", "077"] {
        let place = Place::small();
        let zwerm = |args: &[&str]| {
            let command = place.command(args);
            let mut shell = std::process::Command::new("sh");
            let script = format!("umask {mask}; exec \"$0\" \"$@\"");
            shell.args(["-c", &script]).arg(command.get_program());
            shell.args(command.get_args());
            shell.current_dir(command.get_current_dir().unwrap());
            for (name, value) in command.get_envs() {
                match value {
                    Some(value) => shell.env(name, value),
                    None => shell.env_remove(name),
                };
            }
            Run::of(shell.output().unwrap())
        };
        zwerm(&["init"]).ok();
        zwerm(&["agreement", "add", "agreement.toml"]).ok();
        zwerm(&Asking::default().args(&[])).ok();
        let refused = Asking {
            sql: "SELECT jansen FROM huishoudens",
            ..Asking::default()
        };
        assert_eq!(zwerm(&refused.args(&[])).code, 1);
        zwerm(&["backup", "copy.tar"]).ok();
        zwerm(&["restore", "copy.tar", "--home", "back"]).ok();
        for home in ["zwerm-home", "back"] {
            modes(&place.path(home));
        }
    }
}

#[cfg(unix)]
fn modes(home: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    let (log, public) = (home.join("ledger"), home.join("ledger/public"));
    let mut folders = vec![home.to_owned()];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        let open = folder == home || folder == log;
        let wanted = match folder.starts_with(&public) {
            true => [0o755, 0o644],
            false => [if open { 0o711 } else { 0o700 }, 0o600],
        };
        let mode = |path: &std::path::Path| {
            let mode = fs::metadata(path).unwrap().permissions().mode();
            mode & 0o777
        };
        assert_eq!(mode(&folder), wanted[0], "{}", folder.display());
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                assert_eq!(mode(&path), wanted[1], "{}", path.display());
                files += 1;
            }
        }
    }
    assert!(files > 10, "{files}");
}

#[test]
fn a_zone_that_is_none_is_reported_with_one_that_is() {
    let place = Place::with_home();
    place.write("zwerm-home/zwerm.toml", "zone = \"Amsterdam\"\n");
    for args in [["agreement", "list"].as_slice(), &["barriers"]] {
        let told = place.zwerm(args).told(2);
        assert!(told.contains("zwerm.toml"), "{told}");
        assert!(told.contains("`Europe/Amsterdam`"), "{told}");
    }
    // what needs no day and no home goes on
    place.zwerm(&["ledger", "show"]).ok();
    place.write("zwerm-home/zwerm.toml", "zone = \"Pacific/Kiritimati\"\n");
    place.zwerm(&["agreement", "list"]).ok();
}
