//! Data of others: RFC 8785's cases, Trillian's proofs with their mistakes, and Tessera's golden log.

use std::fs;
use std::path::{Path, PathBuf};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::Value;
use zwerm_ledger::canonical;
use zwerm_ledger::disk::FileDisk;
use zwerm_ledger::entry::Sha256Digest;
use zwerm_ledger::note::{Checkpoint, LogVerifier, open_checkpoint};
use zwerm_ledger::reader::LogReader;
use zwerm_ledger::tile::{decode_bundle, encode_bundle};
use zwerm_ledger::tree::{EMPTY_HASH, Hash, check_consistency, check_inclusion, leaf_hash};

use crate::make::{reference_data, root};

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[test]
fn json_is_canonical_byte_for_byte_as_rfc_8785_has_it() {
    let Some(data) = reference_data() else { return };
    let inputs = files(&data.join("jcs/input"));
    assert_eq!(inputs.len(), 6);
    for input in inputs {
        let name = input.file_name().unwrap();
        let expected = fs::read(data.join("jcs/output").join(name)).unwrap();
        let (value, canonical) = canonical::parse(&fs::read(&input).unwrap()).unwrap();
        assert!(!canonical || fs::read(&input).unwrap() == expected);
        let form = canonical::to_vec(&value).unwrap();
        assert_eq!(form, expected, "{}", input.display());
        assert!(canonical::parse(&expected).unwrap().1);
        let hex = data.join("jcs/outhex").join(name).with_extension("txt");
        let hex = fs::read_to_string(hex).unwrap();
        let digits = hex.split_whitespace().map(|d| u8::from_str_radix(d, 16));
        let bytes: Vec<u8> = digits.map(Result::unwrap).collect();
        assert_eq!(form, bytes, "{}", input.display());
    }
}

/// A hash of a test case.
///
/// Some cases have words in place of hashes: a hash of the words stands in for them, so that the same words are still
/// the same hash and others another. Nothing at all is no hash, and whoever reads it refuses.
fn hash(value: &Value) -> Option<Hash> {
    let text = value.as_str().unwrap_or_default();
    let bytes = BASE64_STANDARD.decode(text).unwrap();
    if bytes.is_empty() {
        return None;
    }
    let hash = bytes.try_into().map(Hash);
    Some(hash.unwrap_or_else(|words: Vec<u8>| Hash(Sha256Digest::of(&words).0)))
}

/// Whether a proof is accepted; one with a hash that is none is not even read.
fn accepted(case: &Value, inclusion: bool) -> Option<bool> {
    let proof = case["proof"]
        .as_array()
        .into_iter()
        .flatten()
        .map(hash)
        .collect::<Option<Vec<Hash>>>()?;
    let size = |name: &str| case[name].as_u64().unwrap();
    Some(if inclusion {
        let (root, leaf) = (hash(&case["root"])?, hash(&case["leafHash"])?);
        check_inclusion(&proof, size("treeSize"), root, size("leafIdx"), leaf).is_ok()
    } else {
        let (old, new) = (hash(&case["root1"])?, hash(&case["root2"])?);
        // Growth from an empty tree needs no proof here, as in C2SP's tlog-witness, while Trillian refuses to judge it:
        // its one case of that with a right old root is refused since its new root is no hash.
        let words = BASE64_STANDARD.decode(case["root2"].as_str().unwrap());
        if size("size1") == 0 && words.unwrap().len() != 32 {
            return None;
        }
        check_consistency(&proof, size("size1"), old, size("size2"), new).is_ok()
    })
}

#[test]
fn proofs_are_accepted_and_refused_as_trillian_does() {
    let Some(data) = reference_data() else { return };
    let mut counts = [0, 0];
    for (kind, inclusion) in [("inclusion", true), ("consistency", false)] {
        for path in files(&data.join("merkle").join(kind)) {
            let case: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            let refused = case["wantErr"].as_bool().unwrap();
            counts[usize::from(refused)] += 1;
            let said = accepted(&case, inclusion).unwrap_or(false);
            assert_eq!(said, !refused, "{}", path.display());
        }
    }
    assert_eq!(counts, [12, 184], "accepted and refused");
}

fn golden(data: &Path) -> (LogVerifier, Vec<Checkpoint>) {
    let key = fs::read_to_string(data.join("public.key")).unwrap();
    let key = LogVerifier::parse(&key).unwrap();
    let open = |name: String| {
        let bytes = fs::read(data.join(name)).ok()?;
        Some(open_checkpoint(&bytes, &key, &[]).unwrap())
    };
    let sizes = (0..=15).filter_map(|size| open(format!("checkpoint.{size}")));
    let checkpoints: Vec<Checkpoint> = sizes.collect();
    assert_eq!(open("checkpoint".into()).as_ref(), checkpoints.last());
    (key, checkpoints)
}

#[test]
fn tesseras_golden_log_is_read_and_proved() {
    let Some(data) = reference_data() else { return };
    let data = data.join("tlog");
    let (key, checkpoints) = golden(&data);
    assert!(checkpoints.len() >= 15, "{}", checkpoints.len());
    let disk = FileDisk::new(&data);
    let reader = LogReader::new(&disk, "");
    assert_eq!(reader.checkpoint(&key, &[]).unwrap().size, 15);
    let all = reader.bundle(0, 15).unwrap();
    for tree in &checkpoints {
        let size = usize::try_from(tree.size).unwrap();
        let entries = &all[..size];
        assert_eq!(root(entries), tree.root, "a tree of our own, of {size}");
        if size == 0 {
            assert_eq!(tree.root, EMPTY_HASH);
            continue;
        }
        let bytes = reader.file(&format!("tile/entries/000.p/{size}")).unwrap();
        if let Some(bytes) = bytes {
            assert_eq!(decode_bundle(&bytes).unwrap(), entries);
            let again = encode_bundle(entries.iter().map(Vec::as_slice));
            assert_eq!(again, bytes, "a bundle of our own, of {size}");
        }
        let tile = reader.file(&format!("tile/0/000.p/{size}")).unwrap();
        let Some(tile) = tile else {
            // Tessera's test data leaves some of its partial tiles out
            assert!(reader.prove(tree, 0).is_err());
            continue;
        };
        let leaves: Vec<u8> = entries.iter().flat_map(|e| leaf_hash(e).0).collect();
        assert_eq!(leaves, tile, "leaves of {size}");
        for (index, entry) in (0..).zip(entries) {
            let proof = reader.prove(tree, index).unwrap();
            let leaf = leaf_hash(entry);
            check_inclusion(&proof, tree.size, tree.root, index, leaf).unwrap();
            let other = (index + 1) % tree.size;
            let there = check_inclusion(&proof, tree.size, tree.root, other, leaf);
            assert!(there.is_err() || size == 1);
        }
        for old in checkpoints
            .iter()
            .filter(|c| (1..=tree.size).contains(&c.size))
        {
            let proof = reader.prove_growth(old.size, tree).unwrap();
            check_consistency(&proof, old.size, old.root, tree.size, tree.root).unwrap();
            let wrong = check_consistency(&proof, old.size, EMPTY_HASH, tree.size, tree.root);
            assert!(wrong.is_err());
        }
    }
}

#[test]
fn a_golden_checkpoint_with_another_byte_is_refused() {
    let Some(data) = reference_data() else { return };
    let (key, _) = golden(&data.join("tlog"));
    let bytes = fs::read(data.join("tlog/checkpoint.8")).unwrap();
    for place in 0..bytes.len() {
        for bit in 0..8 {
            let mut other = bytes.clone();
            other[place] ^= 1 << bit;
            let opened = open_checkpoint(&other, &key, &[]);
            assert!(opened.is_err(), "byte {place}, bit {bit}");
        }
    }
}
