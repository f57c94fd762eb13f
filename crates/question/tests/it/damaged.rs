//! A release that is no release, was cut off or was changed gives an error or another hash, never a panic.

use proptest::prelude::*;
use zwerm_agreement::digest::Digest;
use zwerm_question::{cube::Cube, release};

use crate::project::project;

fn bytes() -> &'static (Vec<u8>, Cube, Digest) {
    static RELEASE: std::sync::OnceLock<(Vec<u8>, Cube, Digest)> = std::sync::OnceLock::new();
    RELEASE.get_or_init(|| {
        let cube = project().build().unwrap();
        let (bytes, identity) = release::encode(&cube).unwrap();
        (bytes, cube, identity.hash)
    })
}

/// Damaged bytes are refused, or at least are another release.
fn check(damaged: Vec<u8>) {
    let (_, _, hash) = bytes();
    if let Ok((_, identity)) = release::decode(damaged) {
        assert_ne!(&identity.hash, hash);
    }
}

#[test]
fn what_is_no_release_is_an_error() {
    for wrong in [&b""[..], b"PAR1", b"PAR1PAR1", b"onzin", &[0; 4096]] {
        assert!(release::decode(wrong.to_vec()).is_err());
    }
}

#[test]
fn every_release_that_was_cut_off_is_an_error() {
    let (whole, ..) = bytes();
    for length in (0..whole.len())
        .step_by(97)
        .chain(whole.len() - 12..whole.len())
    {
        assert!(
            release::decode(whole[..length].to_vec()).is_err(),
            "{length}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn noise_is_an_error(noise in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        prop_assert!(release::decode(noise).is_err());
    }

    #[test]
    fn a_flipped_bit_is_seen(at in any::<prop::sample::Index>(), bit in 0..8_u32) {
        let mut damaged = bytes().0.clone();
        let at = at.index(damaged.len());
        damaged[at] ^= 1 << bit;
        check(damaged);
    }

    #[test]
    fn a_flipped_bit_in_the_footer_is_seen(back in 1..3_000_usize, bit in 0..8_u32) {
        let mut damaged = bytes().0.clone();
        let at = damaged.len() - back.min(damaged.len());
        damaged[at] ^= 1 << bit;
        check(damaged);
    }

    #[test]
    fn overwritten_parts_are_seen(at in any::<prop::sample::Index>(), part in proptest::collection::vec(any::<u8>(), 1..64)) {
        let mut damaged = bytes().0.clone();
        let at = at.index(damaged.len() - part.len());
        let same = damaged[at..at + part.len()] == part[..];
        damaged[at..at + part.len()].copy_from_slice(&part);
        if !same {
            check(damaged);
        }
    }
}
