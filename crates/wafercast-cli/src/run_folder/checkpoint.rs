//! `checkpoint.bin`: the merged tally of draws `0..done`, replaced after every block. What it covers need never be
//! computed again.

use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wafercast::scenario::Design;

use super::atomic;
use crate::failure::Failure;

/// The file's name.
pub const FILE: &str = "checkpoint.bin";

const SCHEMA: &str = "wafercast/checkpoint/1";
const CHECKSUM_BYTES: usize = 8;

/// What the tally belongs to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// `wafercast/checkpoint/1`
    schema: String,
    /// Version of Wafercast that wrote it: another may lay the tally out otherwise.
    version: String,
    /// Hash of the plan.
    pub plan_hash: String,
    /// Seed.
    pub seed: u64,
    /// Number of draws of the whole run (Latin hypercubes depend on it).
    pub draws: u64,
    /// Design.
    pub design: Design,
    /// The tally covers draws `0..done`.
    pub done: u64,
}

impl Header {
    /// A header of this version.
    pub fn new(plan_hash: String, seed: u64, draws: u64, design: Design, done: u64) -> Header {
        Header {
            schema: SCHEMA.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            plan_hash,
            seed,
            draws,
            design,
            done,
        }
    }

    fn belongs_to(&self, other: &Header) -> bool {
        Header {
            done: other.done,
            ..self.clone()
        } == *other
    }
}

/// Writes a checkpoint into a run folder.
pub fn write<T: Serialize>(folder: &Path, header: &Header, tally: &T) -> Result<(), Failure> {
    let path = folder.join(FILE);
    let encode = || -> Result<Vec<u8>, postcard::Error> {
        let bytes = postcard::to_stdvec(header)?;
        postcard::to_extend(tally, bytes)
    };
    let mut bytes = encode()
        .map_err(|cause| Failure::file("write", &path, std::io::Error::other(cause.to_string())))?;
    bytes.extend(checksum(&bytes).to_le_bytes());
    atomic::write(&path, &bytes)
}

/// Reads a run folder's checkpoint: `None` where there is none yet.
///
/// # Errors
/// If it is damaged, or belongs to another plan, seed, number of draws, design or version than `expected`.
pub fn read<T: DeserializeOwned>(
    folder: &Path,
    expected: &Header,
) -> Result<Option<(Header, T)>, Failure> {
    let path = folder.join(FILE);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(Failure::file("read", &path, cause)),
    };
    let damaged = |problem: &str| Failure::Damaged {
        path: path.clone(),
        problem: problem.to_owned(),
        hint: "delete it: the run then starts again from its first draw".to_owned(),
    };
    let (content, sum) = bytes
        .split_last_chunk::<CHECKSUM_BYTES>()
        .ok_or_else(|| damaged("is cut short"))?;
    if checksum(content) != u64::from_le_bytes(*sum) {
        return Err(damaged("is damaged (its checksum does not match)"));
    }
    let (header, rest) = postcard::take_from_bytes::<Header>(content)
        .map_err(|_| damaged("is not a checkpoint of this version"))?;
    if !header.belongs_to(expected) {
        return Err(damaged(
            "belongs to another scenario, seed, number of draws, design or version",
        ));
    }
    let tally = postcard::from_bytes(rest).map_err(|_| damaged("holds no readable tally"))?;
    Ok(Some((header, tally)))
}

/// FNV-1a (Fowler, Noll, Vo), 64 bits: notices damage, not intent.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(done: u64) -> Header {
        Header::new("abc".into(), 1, 100, Design::Lhs, done)
    }

    #[test]
    fn comes_back_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let tally = vec![1.5_f64, f64::MIN_POSITIVE, -0.0];
        write(folder.path(), &header(40), &tally).unwrap();
        let (read_header, read_tally) = read::<Vec<f64>>(folder.path(), &header(0))
            .unwrap()
            .unwrap();
        assert_eq!(read_header.done, 40);
        let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&read_tally), bits(&tally));
    }

    #[test]
    fn no_checkpoint_is_no_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(
            read::<Vec<f64>>(folder.path(), &header(0))
                .unwrap()
                .is_none()
        );
    }

    #[test]
    fn any_flipped_or_missing_byte_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &header(40), &vec![1.0_f64; 3]).unwrap();
        let path = folder.path().join(FILE);
        let good = std::fs::read(&path).unwrap();
        for index in 0..good.len() {
            let mut bad = good.clone();
            bad[index] ^= 0x10;
            std::fs::write(&path, &bad).unwrap();
            assert!(
                read::<Vec<f64>>(folder.path(), &header(0)).is_err(),
                "byte {index}"
            );
            std::fs::write(&path, &good[..index]).unwrap();
            assert!(
                read::<Vec<f64>>(folder.path(), &header(0)).is_err(),
                "cut at {index}"
            );
        }
    }

    #[test]
    fn belongs_to_one_run_only() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &header(40), &vec![1.0_f64]).unwrap();
        let other = Header::new("abc".into(), 2, 100, Design::Lhs, 0);
        let failure = read::<Vec<f64>>(folder.path(), &other).unwrap_err();
        assert!(failure.to_string().contains("another scenario, seed"));
    }
}
