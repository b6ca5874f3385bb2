//! How many rectangles fit on a round wafer: gross dies per wafer (GDPW) and packages per interposer wafer.
//!
//! [`pack`] counts exactly: the rectangles of a regular grid that lie whole inside the circle of radius
//! `diameter/2 − edge`, the largest count over the four standard placements of the grid (a tile or a street centred on
//! the wafer, in x and in y). The usual closed forms are approximations of it and are offered only under their
//! [names](crate::packing::formula): for packages of 2,739 mm² on a 300 mm wafer the commonest gives 13 where 16 or 17
//! fit.
//!
//! All lengths are in millimetres.

use serde::Serialize;

pub mod formula;

/// Finest tiles that are counted: a wafer may be at most this many of them across.
pub const MAX_TILES_ACROSS: f64 = 100_000.0;

/// What touches the usable edge counts as inside, up to this length in mm: sizes such as 0.1 mm have no exact binary
/// form, and rounding must not decide whether a tile that just fits is counted.
const TOUCH: f64 = 1e-9;

/// A round wafer with its edge exclusion.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Wafer {
    /// Diameter, mm.
    pub diameter: f64,
    /// Edge exclusion: the width of the ring in which nothing is counted, mm.
    pub edge: f64,
}

impl Wafer {
    /// The usual wafer: 300 mm with an edge exclusion of 3 mm.
    pub const STANDARD: Wafer = Wafer {
        diameter: 300.0,
        edge: 3.0,
    };

    /// Radius of the usable circle, mm.
    pub fn usable_radius(&self) -> f64 {
        self.diameter / 2.0 - self.edge
    }
}

/// What is repeated over the wafer: a die between its streets, or a package-sized piece of interposer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Tile {
    /// Width without streets, mm.
    pub width: f64,
    /// Height without streets, mm.
    pub height: f64,
    /// Street (scribe line) between neighbours, mm.
    pub street: f64,
}

/// What stands on the centre line of the wafer along one axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Centred {
    /// The middle of a tile: an odd number of tiles across.
    Tile,
    /// The middle of a street: an even number of tiles across.
    Street,
}

/// One of the four standard placements of the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Placement {
    /// What is centred along x.
    pub x: Centred,
    /// What is centred along y.
    pub y: Centred,
}

/// The four standard placements, in the order in which ties are broken.
pub const PLACEMENTS: [Placement; 4] = [
    Placement {
        x: Centred::Tile,
        y: Centred::Tile,
    },
    Placement {
        x: Centred::Tile,
        y: Centred::Street,
    },
    Placement {
        x: Centred::Street,
        y: Centred::Tile,
    },
    Placement {
        x: Centred::Street,
        y: Centred::Street,
    },
];

/// The best packing and the placement that gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Packing {
    /// Whole tiles on the wafer.
    pub count: u64,
    /// The placement; of several equally good ones the first of [`PLACEMENTS`].
    pub placement: Placement,
}

/// One whole tile of a layout; the centre of the wafer is the origin.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Site {
    /// Column, counted from the left of the layout.
    pub column: u32,
    /// Row, counted from the bottom of the layout.
    pub row: u32,
    /// Left side, mm.
    pub left: f64,
    /// Lower side, mm.
    pub bottom: f64,
}

/// Why tiles cannot be counted.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum PackingError {
    /// A size that is not a positive number.
    #[error("the {what} is {value} mm; expected a positive length")]
    NotPositive {
        /// `width`, `height` or `wafer diameter`.
        what: &'static str,
        /// Its value, mm.
        value: f64,
    },
    /// A street or edge that is not zero or more.
    #[error("the {what} is {value} mm; expected zero or more")]
    Negative {
        /// `street` or `edge exclusion`.
        what: &'static str,
        /// Its value, mm.
        value: f64,
    },
    /// Nothing of the wafer is left inside the edge exclusion.
    #[error("an edge exclusion of {edge} mm leaves nothing of a {diameter} mm wafer")]
    NoUsableArea {
        /// Edge exclusion, mm.
        edge: f64,
        /// Wafer diameter, mm.
        diameter: f64,
    },
    /// More tiles across than [`MAX_TILES_ACROSS`].
    #[error("tiles of {width} mm × {height} mm are too small for a {diameter} mm wafer")]
    TooFine {
        /// Width, mm.
        width: f64,
        /// Height, mm.
        height: f64,
        /// Wafer diameter, mm.
        diameter: f64,
    },
}

/// Checks that `tile` and `wafer` can be packed. A tile too large for the wafer is not an error: none fits.
pub fn validate(tile: &Tile, wafer: &Wafer) -> Result<(), PackingError> {
    let positive = [
        ("wafer diameter", wafer.diameter),
        ("width", tile.width),
        ("height", tile.height),
    ];
    if let Some((what, value)) = positive
        .into_iter()
        .find(|(_, value)| !(value.is_finite() && *value > 0.0))
    {
        return Err(PackingError::NotPositive { what, value });
    }
    let not_negative = [("edge exclusion", wafer.edge), ("street", tile.street)];
    if let Some((what, value)) = not_negative
        .into_iter()
        .find(|(_, value)| !(value.is_finite() && *value >= 0.0))
    {
        return Err(PackingError::Negative { what, value });
    }
    if wafer.usable_radius() <= 0.0 {
        return Err(PackingError::NoUsableArea {
            edge: wafer.edge,
            diameter: wafer.diameter,
        });
    }
    let finest = wafer.diameter / MAX_TILES_ACROSS;
    if tile.width < finest || tile.height < finest {
        return Err(PackingError::TooFine {
            width: tile.width,
            height: tile.height,
            diameter: wafer.diameter,
        });
    }
    Ok(())
}

/// The exact number of whole tiles per wafer, the largest over the four standard placements (model §4).
///
/// Total: what [`validate`] refuses counts as zero.
/// Model eq. (16).
pub fn pack(tile: &Tile, wafer: &Wafer) -> Packing {
    let mut best = Packing {
        count: 0,
        placement: PLACEMENTS[0],
    };
    for placement in PLACEMENTS {
        let count = count(tile, wafer, placement);
        if count > best.count {
            best = Packing { count, placement };
        }
    }
    best
}

/// The exact number of whole tiles per wafer in one placement; zero for what [`validate`] refuses.
pub fn count(tile: &Tile, wafer: &Wafer, placement: Placement) -> u64 {
    if validate(tile, wafer).is_err() {
        return 0;
    }
    let mut total = 0;
    let mut row = 0;
    while let Some(across) = tiles_in_row(tile, wafer, placement, row) {
        // Rows come in pairs above and below the centre line, except one that stands on it.
        let is_single = placement.y == Centred::Tile && row == 0;
        total += if is_single { across } else { 2 * across };
        row += 1;
    }
    total
}

/// Positions of the whole tiles in one placement, row by row from the bottom, each from the left; empty for what
/// [`validate`] refuses.
pub fn layout(tile: &Tile, wafer: &Wafer, placement: Placement) -> Vec<Site> {
    if validate(tile, wafer).is_err() {
        return Vec::new();
    }
    let mut upper = Vec::new();
    while let Some(across) = tiles_in_row(tile, wafer, placement, upper.len() as u64) {
        // Outer rows are never longer than inner ones: behind an empty row there is nothing.
        if across == 0 {
            break;
        }
        upper.push(across);
    }
    let lower_rows = match placement.y {
        Centred::Tile => upper.len().saturating_sub(1),
        Centred::Street => upper.len(),
    };
    let widest = upper.first().copied().unwrap_or(0);
    let mut sites = Vec::new();
    let mirrored = upper[upper.len() - lower_rows..].iter().rev();
    for (row, &across) in mirrored.chain(&upper).enumerate() {
        let bottom = low_side(
            placement.y,
            tile.height,
            tile.street,
            row as i64 - lower_rows as i64,
        );
        // Rows differ by an even number of tiles, so columns stay aligned.
        let first_column = (widest - across) / 2;
        for k in 0..across {
            let column = first_column + k;
            let from_centre = column as i64 - (widest / 2) as i64;
            sites.push(Site {
                column: column as u32,
                row: row as u32,
                left: low_side(placement.x, tile.width, tile.street, from_centre),
                bottom,
            });
        }
    }
    sites
}

/// Lower coordinate of the tile `index` pitches from the centre (index 0 on or just above the centre line).
fn low_side(centred: Centred, size: f64, street: f64, index: i64) -> f64 {
    let origin = match centred {
        Centred::Tile => -size / 2.0,
        Centred::Street => street / 2.0,
    };
    origin + index as f64 * (size + street)
}

/// Whole tiles in the `row`-th row from the centre line upwards; `None` beyond the circle.
fn tiles_in_row(tile: &Tile, wafer: &Wafer, placement: Placement, row: u64) -> Option<u64> {
    let radius = wafer.usable_radius() + TOUCH;
    let top = low_side(placement.y, tile.height, tile.street, row as i64) + tile.height;
    if top > radius {
        return None;
    }
    let half_chord = ((radius - top) * (radius + top)).sqrt();
    let pitch = tile.width + tile.street;
    let whole = |length: f64| ((length + TOUCH) / pitch).floor() as u64;
    Some(match placement.x {
        Centred::Tile if half_chord + TOUCH < tile.width / 2.0 => 0,
        Centred::Tile => 1 + 2 * whole(half_chord - tile.width / 2.0),
        Centred::Street => 2 * whole(half_chord + tile.street / 2.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn square(side: f64) -> Tile {
        Tile {
            width: side,
            height: side,
            street: 0.0,
        }
    }

    /// Counts by looking at every tile of the grid and the distance of its farthest corner.
    fn count_by_corners(tile: &Tile, wafer: &Wafer, placement: Placement) -> u64 {
        let reach = |pitch: f64| (wafer.diameter / pitch) as i64 + 2;
        let (nx, ny) = (
            reach(tile.width + tile.street),
            reach(tile.height + tile.street),
        );
        let mut total = 0;
        for i in -nx..=nx {
            for j in -ny..=ny {
                let left = low_side(placement.x, tile.width, tile.street, i);
                let bottom = low_side(placement.y, tile.height, tile.street, j);
                let x = left.abs().max((left + tile.width).abs());
                let y = bottom.abs().max((bottom + tile.height).abs());
                if (x * x + y * y).sqrt() <= wafer.usable_radius() + TOUCH {
                    total += 1;
                }
            }
        }
        total
    }

    #[test]
    fn a_tile_that_just_touches_the_edge_counts() {
        // A 6 × 8 tile has a diagonal of 10.
        let tile = Tile {
            width: 6.0,
            height: 8.0,
            street: 0.0,
        };
        let wafer = |diameter| Wafer {
            diameter,
            edge: 0.0,
        };
        assert_eq!(pack(&tile, &wafer(10.0)).count, 1);
        assert_eq!(pack(&tile, &wafer(9.999)).count, 0);
    }

    #[test]
    fn four_squares_need_a_street_in_the_middle() {
        let wafer = Wafer {
            diameter: 2.0 * 2.0_f64.sqrt(),
            edge: 0.0,
        };
        let packing = pack(&square(1.0), &wafer);
        assert_eq!(packing.count, 4);
        assert_eq!(packing.placement, PLACEMENTS[3]);
    }

    #[test]
    fn interposers_of_2739_mm2_pack_better_than_the_formula_says() {
        let area = 2739.0_f64;
        assert_eq!(formula::plain(area, 300.0).floor(), 13.0);
        assert_eq!(pack(&square(area.sqrt()), &Wafer::STANDARD).count, 16);
        let oblong = Tile {
            width: 57.81,
            height: 47.38,
            street: 0.0,
        };
        assert_eq!(pack(&oblong, &Wafer::STANDARD).count, 17);
    }

    #[test]
    fn a_die_of_25_6_by_26_mm_packs_to_82() {
        let tile = Tile {
            width: 25.6,
            height: 26.0,
            street: 0.1,
        };
        assert_eq!(pack(&tile, &Wafer::STANDARD).count, 82);
    }

    #[test]
    fn what_cannot_be_packed_is_refused_and_counts_zero() {
        let cases = [
            (square(0.0), Wafer::STANDARD),
            (square(f64::NAN), Wafer::STANDARD),
            (square(1e-6), Wafer::STANDARD),
            (
                Tile {
                    street: -0.1,
                    ..square(5.0)
                },
                Wafer::STANDARD,
            ),
            (
                square(5.0),
                Wafer {
                    diameter: 300.0,
                    edge: 150.0,
                },
            ),
            (
                square(5.0),
                Wafer {
                    diameter: f64::INFINITY,
                    edge: 3.0,
                },
            ),
        ];
        for (tile, wafer) in cases {
            assert!(validate(&tile, &wafer).is_err(), "{tile:?} {wafer:?}");
            assert_eq!(pack(&tile, &wafer).count, 0);
            assert!(layout(&tile, &wafer, PLACEMENTS[0]).is_empty());
        }
        assert_eq!(pack(&square(400.0), &Wafer::STANDARD).count, 0);
        assert!(layout(&square(400.0), &Wafer::STANDARD, PLACEMENTS[0]).is_empty());
    }

    fn any_tile() -> impl Strategy<Value = Tile> {
        (2.0..80.0, 2.0..80.0, 0.0..1.0).prop_map(|(width, height, street)| Tile {
            width,
            height,
            street,
        })
    }

    fn any_wafer() -> impl Strategy<Value = Wafer> {
        (prop_oneof![Just(150.0), Just(200.0), Just(300.0)], 0.0..8.0)
            .prop_map(|(diameter, edge)| Wafer { diameter, edge })
    }

    proptest! {
        #[test]
        fn rows_agree_with_corners(tile in any_tile(), wafer in any_wafer()) {
            for placement in PLACEMENTS {
                prop_assert_eq!(count(&tile, &wafer, placement), count_by_corners(&tile, &wafer, placement));
            }
        }

        #[test]
        fn turning_the_tile_changes_nothing(tile in any_tile(), wafer in any_wafer()) {
            let turned = Tile { width: tile.height, height: tile.width, ..tile };
            prop_assert_eq!(pack(&tile, &wafer).count, pack(&turned, &wafer).count);
        }

        #[test]
        fn a_wider_exclusion_or_a_larger_tile_never_fits_more(
            tile in any_tile(), wafer in any_wafer(), more in 0.0..5.0,
        ) {
            let count = pack(&tile, &wafer).count;
            let narrower = Wafer { edge: wafer.edge + more, ..wafer };
            prop_assert!(pack(&tile, &narrower).count <= count);
            // Only along one axis at a time and with the street fixed: then every tile's far corner moves outwards.
            let wider = Tile { width: tile.width + more, ..tile };
            prop_assert!(pack(&wider, &wafer).count <= count);
        }

        #[test]
        fn tiles_cover_no_more_than_the_usable_area(tile in any_tile(), wafer in any_wafer()) {
            let radius = wafer.usable_radius();
            let covered = pack(&tile, &wafer).count as f64 * tile.width * tile.height;
            prop_assert!(covered <= std::f64::consts::PI * radius * radius);
        }

        #[test]
        fn a_layout_holds_the_counted_tiles_whole_and_apart(tile in any_tile(), wafer in any_wafer()) {
            for placement in PLACEMENTS {
                let sites = layout(&tile, &wafer, placement);
                prop_assert_eq!(sites.len() as u64, count(&tile, &wafer, placement));
                for site in &sites {
                    let x = site.left.abs().max((site.left + tile.width).abs());
                    let y = site.bottom.abs().max((site.bottom + tile.height).abs());
                    prop_assert!((x * x + y * y).sqrt() <= wafer.usable_radius() + 1e-6);
                }
                for pair in sites.windows(2) {
                    let is_next_in_row = pair[1].row == pair[0].row
                        && pair[1].column == pair[0].column + 1
                        && pair[1].left - pair[0].left >= tile.width + tile.street - 1e-9;
                    let is_next_row = pair[1].row == pair[0].row + 1
                        && pair[1].bottom - pair[0].bottom >= tile.height + tile.street - 1e-9;
                    prop_assert!(is_next_in_row || is_next_row);
                }
            }
        }
    }
}
