//! The time of day, for manifests only: no result depends on it.

/// UTC to the second: `2026-11-24T22:10:00Z`.
pub fn utc() -> String {
    let seconds = jiff::Timestamp::now().as_second();
    jiff::Timestamp::from_second(seconds).map_or_else(|_| String::new(), |time| time.to_string())
}
