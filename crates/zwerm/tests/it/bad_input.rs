//! Documents and files that are not what they should be: a clear error with its place, and nothing written.

use insta::assert_snapshot;

use crate::place::{Place, V2};

#[test]
fn all_faults_of_a_document_are_told_at_once() {
    let place = Place::new();
    place.write(
        "a.toml",
        V2.replace("version = 2", "version = 0\nkleur = \"rood\"")
            .replace("helix = \"knowledge\"", "helix = \"kennis\"")
            .replace("minimum_units = 10", "minimum_units = \"tien\""),
    );
    assert_snapshot!(
        "faults_nl",
        place.zwerm(&["agreement", "check", "a.toml"]).told(2)
    );
    let json = place
        .zwerm(&["agreement", "check", "a.toml", "--json", "--lang", "en"])
        .json(2);
    let faults = json["faults"].as_array().unwrap();
    assert_eq!(faults.len(), 4, "{json}");
    assert!(
        faults
            .iter()
            .all(|f| f["place"].as_str().unwrap().starts_with("a.toml:"))
    );
    assert!(
        faults
            .iter()
            .all(|f| !f["cure"].as_str().unwrap().is_empty())
    );
}

#[test]
fn malformed_toml_is_told_with_its_lines() {
    let place = Place::new();
    place.write("a.toml", "id = \nversion = [1\ntitle = }\n");
    let told = place
        .zwerm(&["agreement", "check", "a.toml", "--lang", "en"])
        .told(2);
    assert!(told.starts_with("a.toml:1:"), "{told}");
    assert!(told.contains("not valid TOML"), "{told}");
}

#[test]
fn what_is_no_document_is_told_so() {
    let place = Place::new();
    place.write("folder/a.toml", "");
    place.write("binary.toml", [b'a', b'\n', b'b', 0xff, 0x00, 0xfe]);
    place.write("large.toml", vec![b'#'; (1 << 20) + 1]);
    for (file, expected) in [
        ("gone.toml", "there is no file `gone.toml`"),
        ("binary.toml/a.toml", "there is no file"),
        ("folder", "`folder` is a folder"),
        ("binary.toml", "binary.toml:2:2: this is not text in UTF-8"),
        ("large.toml", "the document is too large"),
        ("folder/a.toml", "`id` is missing"),
    ] {
        let told = place
            .zwerm(&["agreement", "check", file, "--lang", "en"])
            .told(2);
        assert!(told.contains(expected), "{file}: {told}");
    }
}

#[test]
fn data_outside_the_folder_or_of_another_kind_are_a_fault_on_their_line() {
    let place = Place::leiden();
    place.zwerm(&["init"]).ok();
    let before = place.files("zwerm-home");
    let line = V2
        .lines()
        .position(|l| l.contains("data/woningen.csv"))
        .unwrap()
        + 1;
    for source in [
        "../woningen.csv",
        "/etc/passwd.csv",
        "data/woningen.xls",
        "data",
    ] {
        place.write("a.toml", V2.replace("data/woningen.csv", source));
        for command in ["add", "check", "show"] {
            let told = place.zwerm(&["agreement", command, "a.toml"]).told(2);
            assert!(
                told.starts_with(&format!("a.toml:{line}:")),
                "{source}: {told}"
            );
        }
    }
    assert_eq!(place.files("zwerm-home"), before);
}
