//! Closed-form approximations of gross dies per wafer. None knows the shape of the die or the placement of the grid, so
//! they are compared with the exact count and never used in its place. Results are not rounded, and are zero where the
//! formula turns negative (a die nearly as large as the wafer).

use std::f64::consts::PI;

/// `πd²/4A − πd/√(2A)`: the area of the wafer over that of the die, less the dies cut by the rim (Hennessy & Patterson,
/// *Computer Architecture: A Quantitative Approach*, 5th ed., §1.6). `area` in mm², `diameter` in mm.
pub fn plain(area: f64, diameter: f64) -> f64 {
    let whole = PI * diameter * diameter / (4.0 * area);
    let cut = PI * diameter / (2.0 * area).sqrt();
    (whole - cut).max(0.0)
}

/// [`plain`] on the diameter left inside an edge exclusion of `edge` mm.
pub fn with_edge(area: f64, diameter: f64, edge: f64) -> f64 {
    plain(area, diameter - 2.0 * edge)
}

/// [`with_edge`] on a square die grown by one scribe line of `scribe` mm in both directions (Feng & Ma, DAC 2022, the
/// Chiplet Actuary cost model).
pub fn with_edge_and_scribe(area: f64, diameter: f64, edge: f64, scribe: f64) -> f64 {
    let pitch = area.sqrt() + scribe;
    with_edge(pitch * pitch, diameter, edge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_textbook_example() {
        assert_eq!(plain(225.0, 300.0).floor(), 269.0);
        assert_eq!(plain(100.0, 300.0).round(), 640.0);
    }

    #[test]
    fn a_die_as_large_as_the_wafer_gives_none() {
        assert_eq!(plain(60_000.0, 300.0), 0.0);
    }
}
