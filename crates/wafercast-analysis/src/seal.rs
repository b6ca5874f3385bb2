//! Sealed forecasts: what is forecast today, in a file that shows later whether it was touched.
//!
//! A seal is text, one JSON value a line: a head (which scenario, files, day, seed), the distribution of every series as
//! a hundred quantiles, the probability of every claim, and last the seal itself: a short hash of each line, so that a
//! changed one can be named, and the SHA-256 of all bytes before it. Whoever rewrites the file can write a new hash: it
//! proves something only to those who got the hash while the future was open.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::score::{Ensemble, brier};

/// The format's name.
pub const SCHEMA: &str = "wafercast/seal/1";
/// Quantiles kept of each series, at (i + ½)/100.
pub const QUANTILES: usize = 100;
/// Digits of a line's short hash.
const SHORT: usize = 16;

/// A forecast to be sealed.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// What was run.
    pub head: Head,
    /// Distributions.
    pub series: Vec<Series>,
    /// Chances.
    pub claims: Vec<Claim>,
}

/// What was run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// `wafercast/seal/1`
    pub schema: String,
    /// The day it was made.
    pub made: String,
    /// Version of Wafercast.
    pub version: String,
    /// Scenario, as given.
    pub scenario: String,
    /// Its title.
    pub title: String,
    /// Day of knowledge, if it was set.
    pub as_of: Option<String>,
    /// Draws.
    pub draws: u64,
    /// Seed.
    pub seed: u64,
    /// Hash of the compiled scenario.
    pub plan_hash: String,
    /// The command that makes the same forecast.
    pub command: String,
    /// The scenario's files and the facts.
    pub files: Vec<File>,
}

/// A file that went in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Path.
    pub path: String,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// The distribution of a metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// The metric, in the language of scenarios.
    pub metric: String,
    /// Base unit of the values.
    pub unit: String,
    /// Quantiles at (i + ½)/100.
    pub quantiles: Vec<f64>,
}

/// The chance of a claim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// Id.
    pub id: String,
    /// The sentence.
    pub says: String,
    /// Its probability.
    pub probability: f64,
}

/// A line of the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Head(Head),
    Series(Series),
    Claim(Claim),
    Seal(Seal),
}

/// The last line.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Seal {
    /// The first digits of the SHA-256 of each line.
    lines: Vec<String>,
    /// SHA-256 of all bytes before this line.
    sha256: String,
}

/// What is wrong with a sealed file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// It does not end with a seal.
    #[error("does not end with a seal")]
    NoSeal,
    /// The seal was changed.
    #[error("has a changed seal (line {line})")]
    Seal {
        /// Its line, from 1.
        line: usize,
    },
    /// A line was changed.
    #[error("was changed in line {line}: {what}")]
    Changed {
        /// From 1.
        line: usize,
        /// What stands there.
        what: String,
    },
    /// Lines were added or taken away.
    #[error("has {found} lines before its seal, which was put on {sealed}")]
    Lines {
        /// Lines found.
        found: usize,
        /// Lines sealed.
        sealed: usize,
    },
    /// The bytes are those that were sealed, but not a forecast this version reads.
    #[error("holds something else in line {line}: {why}")]
    NotAForecast {
        /// From 1.
        line: usize,
        /// What the reader said.
        why: String,
    },
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

/// The quantiles of draws that are kept, to six significant digits.
pub fn quantiles(draws: &Ensemble) -> Vec<f64> {
    (0..QUANTILES)
        .map(|i| rounded(draws.quantile((i as f64 + 0.5) / QUANTILES as f64)))
        .collect()
}

/// To six significant digits, as they are written.
fn rounded(x: f64) -> f64 {
    format!("{x:.5e}").parse().unwrap_or(x)
}

/// The sealed file of a forecast, and the SHA-256 to be published.
///
/// # Errors
///
/// A number that JSON cannot hold.
pub fn seal(forecast: &Forecast) -> Result<(String, String), serde_json::Error> {
    let mut text = String::new();
    let mut push = |line: &Line| -> Result<(), serde_json::Error> {
        text.push_str(&serde_json::to_string(line)?);
        text.push('\n');
        Ok(())
    };
    push(&Line::Head(forecast.head.clone()))?;
    for series in &forecast.series {
        push(&Line::Series(series.clone()))?;
    }
    for claim in &forecast.claims {
        push(&Line::Claim(claim.clone()))?;
    }
    let seal = seal_of(&text);
    let hash = seal.sha256.clone();
    text.push_str(&serde_json::to_string(&Line::Seal(seal))?);
    text.push('\n');
    Ok((text, hash))
}

fn seal_of(body: &str) -> Seal {
    Seal {
        lines: body.split_inclusive('\n').map(short).collect(),
        sha256: sha256(body.as_bytes()),
    }
}

fn short(line: &str) -> String {
    let mut hash = sha256(line.as_bytes());
    hash.truncate(SHORT);
    hash
}

/// Reads a sealed file whose every byte is as it was sealed, with its SHA-256.
///
/// # Errors
///
/// What was changed, and where.
pub fn open(text: &str) -> Result<(Forecast, String), Broken> {
    let body_end = text
        .trim_end_matches('\n')
        .rfind('\n')
        .map_or(0, |at| at + 1);
    let (body, last) = text.split_at(body_end);
    let number = body.lines().count() + 1;
    let Ok(Line::Seal(seal)) = serde_json::from_str::<Line>(last) else {
        let is_seal = last.contains("\"seal\"") || last.contains("sha256");
        return Err(if is_seal && number > 1 {
            Broken::Seal { line: number }
        } else {
            Broken::NoSeal
        });
    };
    let lines: Vec<&str> = body.split_inclusive('\n').collect();
    if sha256(body.as_bytes()) != seal.sha256 {
        return Err(changed(&lines, &seal));
    }
    let hash = seal.sha256.clone();
    let is_whole = seal == seal_of(body);
    let written = serde_json::to_string(&Line::Seal(seal)).map(|line| line + "\n");
    if !is_whole || written.is_ok_and(|line| line != last) {
        return Err(Broken::Seal { line: number });
    }
    Ok((read(&lines)?, hash))
}

/// Which line was changed, where the whole is not what was sealed.
fn changed(lines: &[&str], seal: &Seal) -> Broken {
    if lines.len() != seal.lines.len() {
        return Broken::Lines {
            found: lines.len(),
            sealed: seal.lines.len(),
        };
    }
    let differs = |(line, hash): (&&str, &String)| short(line) != *hash;
    match lines.iter().zip(&seal.lines).position(differs) {
        Some(k) => Broken::Changed {
            line: k + 1,
            what: named(lines[k]),
        },
        // All lines are as they were: the hash of the whole is not.
        None => Broken::Seal {
            line: lines.len() + 1,
        },
    }
}

/// What a line speaks of, for people: its first hundred characters.
fn named(line: &str) -> String {
    match serde_json::from_str::<Line>(line) {
        Ok(Line::Head(_)) => "the head (scenario, day, files)".to_owned(),
        Ok(Line::Series(series)) => format!("the series `{}`", series.metric),
        Ok(Line::Claim(claim)) => format!("the claim `{}`", claim.id),
        _ => format!(
            "`{}`",
            line.trim_end().chars().take(100).collect::<String>()
        ),
    }
}

fn read(lines: &[&str]) -> Result<Forecast, Broken> {
    let wrong = |line: usize, why: String| Broken::NotAForecast { line, why };
    let (mut head, mut series, mut claims) = (None, Vec::new(), Vec::new());
    for (k, line) in lines.iter().enumerate() {
        match serde_json::from_str::<Line>(line) {
            Ok(Line::Head(found)) if k == 0 && found.schema == SCHEMA => head = Some(found),
            Ok(Line::Series(found)) if k > 0 => series.push(found),
            Ok(Line::Claim(found)) if k > 0 => claims.push(found),
            Ok(_) => return Err(wrong(k + 1, format!("expected a {SCHEMA}"))),
            Err(error) => return Err(wrong(k + 1, error.to_string())),
        }
    }
    let head = head.ok_or_else(|| wrong(1, "the head is missing".to_owned()))?;
    Ok(Forecast {
        head,
        series,
        claims,
    })
}

/// What came of something that was forecast.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// A sealed metric, or the id of a sealed claim.
    pub of: String,
    /// The value in base units; of a claim 1 or 0.
    pub value: f64,
    /// When it became known, in words.
    pub known: String,
    /// Where it is from.
    pub source: String,
}

/// A sealed forecast scored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SealScore {
    /// SHA-256 of the sealed file.
    pub sha256: String,
    /// The day it was made.
    pub made: String,
    /// Series.
    pub series: Vec<SeriesScore>,
    /// Claims.
    pub claims: Vec<ClaimScore>,
}

/// A series scored. Values are in the base unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeriesScore {
    /// The metric.
    pub metric: String,
    /// Its unit.
    pub unit: String,
    /// What came.
    pub outcome: f64,
    /// When it became known.
    pub known: String,
    /// Where it is from.
    pub source: String,
    /// Forecast: 5th percentile, median, 95th percentile.
    pub forecast: [f64; 3],
    /// Continuous ranked probability score, in the unit.
    pub crps: f64,
    /// Logarithmic score.
    pub log_score: f64,
    /// Whether the outcome lies in the central 50 %.
    pub within50: bool,
    /// Whether it lies in the central 90 %.
    pub within90: bool,
}

/// A claim scored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClaimScore {
    /// Id.
    pub id: String,
    /// The sentence.
    pub says: String,
    /// The forecast chance.
    pub probability: f64,
    /// Whether it came true.
    pub happened: bool,
    /// Brier score.
    pub brier: f64,
    /// When it became known.
    pub known: String,
    /// Where it is from.
    pub source: String,
}

/// Scores what became known of a sealed forecast. Outcomes of nothing that is sealed are left out.
pub fn score(forecast: &Forecast, sha256: &str, outcomes: &[Outcome]) -> SealScore {
    let (mut series, mut claims) = (Vec::new(), Vec::new());
    for outcome in outcomes {
        if let Some(claim) = forecast.claims.iter().find(|claim| claim.id == outcome.of) {
            let happened = outcome.value > 0.5;
            claims.push(ClaimScore {
                id: claim.id.clone(),
                says: claim.says.clone(),
                probability: claim.probability,
                happened,
                brier: brier(claim.probability, happened),
                known: outcome.known.clone(),
                source: outcome.source.clone(),
            });
        }
        let sealed = forecast
            .series
            .iter()
            .find(|series| series.metric == outcome.of);
        let found = sealed.and_then(|s| Some((s, Ensemble::new(s.quantiles.clone())?)));
        if let Some((sealed, ensemble)) = found {
            series.push(SeriesScore {
                metric: sealed.metric.clone(),
                unit: sealed.unit.clone(),
                outcome: outcome.value,
                known: outcome.known.clone(),
                source: outcome.source.clone(),
                forecast: [0.05, 0.5, 0.95].map(|u| ensemble.quantile(u)),
                crps: ensemble.crps(outcome.value),
                log_score: ensemble.log_score(outcome.value),
                within50: ensemble.covers(outcome.value, 0.5),
                within90: ensemble.covers(outcome.value, 0.9),
            });
        }
    }
    SealScore {
        sha256: sha256.to_owned(),
        made: forecast.head.made.clone(),
        series,
        claims,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::crps_of_normal;

    fn forecast() -> Forecast {
        let draws = (0..5000).map(|i| {
            let u = (i as f64 + 0.5) / 5000.0;
            100.0 + 10.0 * wafercast::draw::kernel::normal_quantile(u)
        });
        let ensemble = Ensemble::new(draws.collect()).unwrap();
        Forecast {
            head: Head {
                schema: SCHEMA.to_owned(),
                made: "2026-11-25".to_owned(),
                version: "0.1.0".to_owned(),
                scenario: "china".to_owned(),
                title: "t".to_owned(),
                as_of: None,
                draws: 5000,
                seed: 1,
                plan_hash: "ab".to_owned(),
                command: "wafercast seal china".to_owned(),
                files: vec![File {
                    path: "s.toml".to_owned(),
                    sha256: sha256(b"x"),
                }],
            },
            series: vec![Series {
                metric: "units(home, 2027)".to_owned(),
                unit: "units".to_owned(),
                quantiles: quantiles(&ensemble),
            }],
            claims: vec![Claim {
                id: "many".to_owned(),
                says: "Many".to_owned(),
                probability: 0.8,
            }],
        }
    }

    #[test]
    fn known_answer() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc"), abc);
    }

    #[test]
    fn what_is_sealed_is_read_again() {
        let (text, hash) = seal(&forecast()).unwrap();
        assert_eq!(open(&text).unwrap(), (forecast(), hash));
    }

    #[test]
    fn any_changed_byte_is_found_and_named() {
        let (text, _) = seal(&forecast()).unwrap();
        let starts: Vec<usize> = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        for (at, byte) in text.bytes().enumerate() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = if byte == b'7' { b'8' } else { b'7' };
            let changed = String::from_utf8(bytes).unwrap();
            let line = starts.iter().filter(|start| **start <= at).count();
            let error = open(&changed).unwrap_err();
            let named = match &error {
                Broken::Changed { line, .. } | Broken::Seal { line } => Some(*line),
                _ => None,
            };
            // A lost line end joins two lines: then their number is what is wrong.
            if byte != b'\n' {
                assert_eq!(named, Some(line), "byte {at}: {error}");
            }
        }
        let (text, _) = seal(&forecast()).unwrap();
        let changed = text.replacen("units(home", "units(hone", 1);
        assert_eq!(
            open(&changed).unwrap_err().to_string(),
            "was changed in line 2: the series `units(hone, 2027)`"
        );
        assert!(matches!(
            open(&text[..text.len() - 1]),
            Err(Broken::Seal { .. })
        ));
        assert_eq!(open("{}\n"), Err(Broken::NoSeal));
        assert_eq!(open(""), Err(Broken::NoSeal));
    }

    #[test]
    fn scores_what_came() {
        let (text, hash) = seal(&forecast()).unwrap();
        let (opened, _) = open(&text).unwrap();
        let outcome = |of: &str, value| Outcome {
            of: of.to_owned(),
            value,
            known: "2028-02-01".to_owned(),
            source: "IDC".to_owned(),
        };
        let outcomes = [
            outcome("units(home, 2027)", 118.0),
            outcome("many", 1.0),
            outcome("units(home, 2031)", 5.0),
        ];
        let scored = score(&opened, &hash, &outcomes);
        let exact = crps_of_normal(100.0, 10.0, 118.0);
        assert!((scored.series[0].crps - exact).abs() < 0.02 * exact);
        assert!(!scored.series[0].within90 && scored.series.len() == 1);
        assert!((scored.claims[0].brier - 0.04).abs() < 1e-12);
    }
}
