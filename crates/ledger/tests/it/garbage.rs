//! No bytes make a reader panic, and what is read as something is written as the same bytes again.

use proptest::collection::vec;
use proptest::prelude::*;
use zwerm_ledger::canonical;
use zwerm_ledger::check::{check, check_private};
use zwerm_ledger::disk::Disk;
use zwerm_ledger::entry::Entry;
use zwerm_ledger::log::{Log, PUBLIC};
use zwerm_ledger::note::{LogKey, LogVerifier, LogWitness, WitnessKey, open_checkpoint};
use zwerm_ledger::reader::LogReader;
use zwerm_ledger::receipt::{Receipt, verify};
use zwerm_ledger::tile::{decode_bundle, encode_bundle};
use zwerm_ledger::tree::{Hash, check_consistency, check_inclusion};

use crate::make::{bytes, entries, key, receipt};
use crate::plug::{Files, Plan, Plug};

/// Reads bytes as everything that somebody may hand over.
fn read(bytes: &[u8]) -> Result<(), TestCaseError> {
    let witness = WitnessKey::from_seed("w", &[2; 32]).unwrap();
    if let Ok(receipt) = Receipt::parse(bytes) {
        prop_assert_eq!(receipt.to_bytes().unwrap(), bytes);
        let _ = verify(bytes, &key().verifier(), &[witness.verifier()]);
    }
    if let Ok(entry) = Entry::parse(bytes) {
        prop_assert_eq!(entry.to_bytes().unwrap(), bytes);
    }
    if let Ok((value, true)) = canonical::parse(bytes) {
        prop_assert_eq!(canonical::to_vec(&value).unwrap(), bytes);
    }
    if let Some(entries) = decode_bundle(bytes) {
        prop_assert_eq!(encode_bundle(entries.iter().map(Vec::as_slice)), bytes);
    }
    let _ = open_checkpoint(bytes, &key().verifier(), &[witness.verifier()]);
    let _ = witness.cosign(bytes, 0);
    if let Ok(text) = std::str::from_utf8(bytes) {
        if let Ok(key) = LogKey::parse(text) {
            prop_assert_eq!(key.secret(), text.trim_end());
        }
        let _ = text.parse::<zwerm_ledger::entry::Sha256Digest>();
        let public = LogVerifier::parse(text);
        prop_assert!(public.map_or(true, |key| key.to_string() == text.trim()));
        let witness = LogWitness::parse(text);
        prop_assert!(witness.map_or(true, |key| key.to_string() == text.trim()));
    }
    Ok(())
}

/// Something that is right, to be changed in a few places: from there more is reached than from nothing.
fn right() -> Vec<Vec<u8>> {
    let disk = Plug::new(Files::default(), Plan::default(), 1);
    let log = Log::create(disk.clone(), key()).unwrap();
    let receipt = receipt(&log, 0, 5);
    let witness = WitnessKey::from_seed("w", &[2; 32]).unwrap();
    let cosigned = witness.cosign(receipt.checkpoint.as_bytes(), 1).unwrap();
    let bundle = disk.read("public/tile/entries/000.p/6", 0, u64::MAX);
    vec![
        receipt.to_bytes().unwrap(),
        bytes(2),
        bytes(3),
        cosigned.into_bytes(),
        key().secret().as_bytes().to_vec(),
        key().verifier().to_string().into_bytes(),
        witness.verifier().to_string().into_bytes(),
        bundle.unwrap().unwrap(),
    ]
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..300)) {
        read(&bytes)?;
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,200}") {
        read(text.as_bytes())?;
    }

    #[test]
    fn what_is_nearly_right_is_read_or_refused(
        which in 0..8_usize,
        changes in vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 0..4),
    ) {
        thread_local! {
            static RIGHT: Vec<Vec<u8>> = right();
        }
        let mut bytes = RIGHT.with(|right| right[which].clone());
        for (place, byte, how) in changes {
            let place = place.index(bytes.len());
            match how {
                0 => bytes[place] = byte,
                1 => bytes.insert(place, byte),
                _ => {
                    bytes.remove(place);
                }
            }
        }
        read(&bytes)?;
    }

    #[test]
    fn no_numbers_make_a_proof_panic(
        sizes in (any::<u64>(), any::<u64>(), 0..70_u32, 0..70_u32),
        hashes in vec(any::<[u8; 32]>(), 0..70),
    ) {
        let hashes: Vec<Hash> = hashes.into_iter().map(Hash).collect();
        let size = sizes.0.checked_shr(sizes.2).unwrap_or(u64::MAX);
        let other = sizes.1.checked_shr(sizes.3).unwrap_or(u64::MAX);
        let hash = Hash([1; 32]);
        let included = check_inclusion(&hashes, size, hash, other, hash);
        prop_assert!(included.is_err() || size == 1);
        let _ = check_consistency(&hashes, size, hash, other, hash);
    }

    #[test]
    fn a_signed_checkpoint_of_any_size_is_no_panic(size in any::<u64>(), less in 0..64_u32, index in any::<u64>()) {
        let disk = Plug::new(Files::default(), Plan::default(), 1);
        let log = Log::create(disk.clone(), key()).unwrap();
        log.append(&entries(0, 4)).unwrap();
        let size = (size >> less).max(5);
        let text = key().checkpoint(size, Hash([3; 32])).unwrap();
        disk.write("public/checkpoint", text.as_bytes()).unwrap();
        let reader = LogReader::new(&disk, PUBLIC);
        let tree = reader.checkpoint(&key().verifier(), &[]).unwrap();
        prop_assert!(reader.prove(&tree, index % size).is_err());
        prop_assert!(reader.prove_growth(4, &tree).is_err());
        prop_assert!(reader.bundle(index, size).is_err());
        let report = check(&reader, &key().verifier(), &[], &mut |_| {}).unwrap();
        prop_assert!(!report.findings.is_empty());
        prop_assert!(!check_private(&disk, &key().verifier()).unwrap().is_empty());
        prop_assert!(Log::open(disk, key()).is_err());
    }

    #[test]
    fn any_write_ahead_file_is_opened_or_refused(bytes in vec(any::<u8>(), 0..3000), keep in 0..2200_usize) {
        let disk = Plug::new(Files::default(), Plan::default(), 1);
        let log = Log::create(disk.clone(), key()).unwrap();
        log.append(&entries(0, 4)).unwrap();
        let mut wal = disk.read("wal", 0, u64::MAX).unwrap().unwrap();
        wal.truncate(keep);
        wal.extend(bytes);
        disk.write("wal", &wal).unwrap();
        // 4 entries were published, and fewer of them are left than that, or all with something after them
        match Log::open(disk, key()) {
            Ok(log) => prop_assert!(!log.mended().is_empty()),
            Err(error) => prop_assert!(error.to_string().contains("restore"), "{error}"),
        }
    }
}
