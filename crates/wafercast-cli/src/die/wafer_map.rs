//! The wafer as it would look: every whole tile a box inside a dotted rim, or, where tiles are too small for boxes, a
//! dot raster to scale. Plain characters; nothing depends on colour.

use wafercast::die_calculator::DieReport;
use wafercast::packing::{Site, Tile};

/// Most lines that a map takes.
const MOST_ROWS: usize = 36;
/// Columns of the dot raster at most.
const RASTER_COLUMNS: usize = 64;
/// A terminal character is about twice as high as wide.
const CHARACTER_ASPECT: f64 = 2.0;
/// A braille character holds this many dots across and down.
const DOTS: (usize, usize) = (2, 4);

/// Draws the best packing in at most `width` columns, with a legend in which a tile is called `noun`.
pub fn draw(report: &DieReport, noun: &str, width: usize) -> String {
    let (canvas, shape) = match Boxes::that_fit(report, width) {
        Some(boxes) => (boxes.draw(report), "a box is"),
        None => (raster(report, width), "filled is"),
    };
    format!(
        "{}{shape} a whole {noun}, dotted the rim of the wafer\n",
        canvas.into_text()
    )
}

/// A rectangle of characters over the wafer, whose centre lies at `centre` (in characters).
struct Canvas {
    cells: Vec<Vec<char>>,
    centre: (f64, f64),
    /// Size of a character on the wafer, mm.
    scale: (f64, f64),
}

impl Canvas {
    fn new(columns: usize, rows: usize, centre: (f64, f64), scale: (f64, f64)) -> Canvas {
        Canvas {
            cells: vec![vec![' '; columns]; rows],
            centre,
            scale,
        }
    }

    /// Sets in every blank character the braille dots for which `is_set` holds of the dot's place on the wafer (mm, y
    /// upwards).
    fn dot(&mut self, is_set: impl Fn(f64, f64) -> bool) {
        // Bits of the dots of a braille character, row by row.
        const BITS: [[u32; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
        for (row, line) in self.cells.iter_mut().enumerate() {
            for (column, cell) in line.iter_mut().enumerate() {
                if *cell != ' ' {
                    continue;
                }
                let mut pattern = 0;
                for (down, bits) in BITS.iter().enumerate() {
                    for (across, bit) in bits.iter().enumerate() {
                        let x = column as f64 + (across as f64 + 0.5) / DOTS.0 as f64;
                        let y = row as f64 + (down as f64 + 0.5) / DOTS.1 as f64;
                        let place = (
                            (x - self.centre.0) * self.scale.0,
                            (self.centre.1 - y) * self.scale.1,
                        );
                        if is_set(place.0, place.1) {
                            pattern |= bit;
                        }
                    }
                }
                if pattern != 0 {
                    *cell = char::from_u32(0x2800 + pattern).unwrap_or(' ');
                }
            }
        }
    }

    fn dot_rim(&mut self, radius: f64) {
        let dot = (self.scale.0 / DOTS.0 as f64).max(self.scale.1 / DOTS.1 as f64);
        self.dot(|x, y| ((x * x + y * y).sqrt() - radius).abs() <= dot / 2.0);
    }

    fn into_text(self) -> String {
        let lines: Vec<String> = self
            .cells
            .into_iter()
            .map(|line| line.into_iter().collect::<String>().trim_end().to_owned())
            .collect();
        let is_drawn = |line: &String| !line.is_empty();
        let first = lines.iter().position(is_drawn).unwrap_or(0);
        let last = lines.iter().rposition(is_drawn).map_or(0, |i| i + 1);
        let mut text = lines[first..last].join("\n");
        text.push('\n');
        text
    }
}

/// A grid in which a tile takes a whole number of characters, borders shared with its neighbours.
struct Boxes {
    columns: usize,
    rows: usize,
    /// Characters per tile, border on one side included.
    cell: (usize, usize),
    margin: (usize, usize),
}

impl Boxes {
    /// The largest boxes for which the whole rim fits; `None` if even the smallest are too many.
    fn that_fit(report: &DieReport, width: usize) -> Option<Boxes> {
        let (smallest, largest) = (3, 12);
        (smallest..=largest)
            .rev()
            .map(|cell_width| Boxes::new(report, cell_width))
            .find(|boxes| {
                let (columns, rows) = boxes.size();
                boxes.cell.1 >= 2 && columns <= width && rows <= MOST_ROWS
            })
    }

    fn new(report: &DieReport, cell_width: usize) -> Boxes {
        let (pitch_x, pitch_y) = pitch(&report.tile);
        let cell_height =
            (pitch_y / pitch_x * cell_width as f64 / CHARACTER_ASPECT).round() as usize;
        let count = |index: fn(&Site) -> u32| {
            report
                .sites
                .iter()
                .map(index)
                .max()
                .map_or(0, |last| last as usize + 1)
        };
        let (columns, rows) = (count(|site| site.column), count(|site| site.row));
        let margin = |tiles: usize, pitch: f64, cell: usize| {
            let beyond = (report.wafer.diameter / pitch - tiles as f64) / 2.0;
            (beyond.max(0.0) * cell as f64).ceil() as usize
        };
        Boxes {
            columns,
            rows,
            cell: (cell_width, cell_height),
            margin: (
                margin(columns, pitch_x, cell_width),
                margin(rows, pitch_y, cell_height),
            ),
        }
    }

    fn size(&self) -> (usize, usize) {
        (
            self.columns * self.cell.0 + 1 + 2 * self.margin.0,
            self.rows * self.cell.1 + 1 + 2 * self.margin.1,
        )
    }

    fn draw(&self, report: &DieReport) -> Canvas {
        let (pitch_x, pitch_y) = pitch(&report.tile);
        let (columns, rows) = self.size();
        // Grids are symmetric about the centre of the wafer.
        let centre = (columns as f64 / 2.0, rows as f64 / 2.0);
        let scale = (pitch_x / self.cell.0 as f64, pitch_y / self.cell.1 as f64);
        let mut canvas = Canvas::new(columns, rows, centre, scale);
        self.draw_borders(&report.sites, &mut canvas);
        canvas.dot_rim(report.wafer.diameter / 2.0);
        canvas
    }

    fn draw_borders(&self, sites: &[Site], canvas: &mut Canvas) {
        const UP: usize = 1;
        const RIGHT: usize = 2;
        const DOWN: usize = 4;
        const LEFT: usize = 8;
        // By the arms that meet in a character.
        const LINES: [char; 16] = [
            ' ', '╵', '╶', '└', '╷', '│', '┌', '├', '╴', '┘', '─', '┴', '┐', '┤', '┬', '┼',
        ];
        let (columns, rows) = self.size();
        let mut arms = vec![vec![0_usize; columns]; rows];
        let (width, height) = self.cell;
        for site in sites {
            let left = self.margin.0 + site.column as usize * width;
            let top = self.margin.1 + (self.rows - 1 - site.row as usize) * height;
            let (right, bottom) = (left + width, top + height);
            for x in left..right {
                for y in [top, bottom] {
                    arms[y][x] |= RIGHT;
                    arms[y][x + 1] |= LEFT;
                }
            }
            for y in top..bottom {
                for x in [left, right] {
                    arms[y][x] |= DOWN;
                    arms[y + 1][x] |= UP;
                }
            }
        }
        for (line, arms) in canvas.cells.iter_mut().zip(arms) {
            for (cell, arms) in line.iter_mut().zip(arms) {
                *cell = LINES[arms];
            }
        }
    }
}

/// The wafer to scale in braille dots: tiles filled, a dot of space between them where they are large enough.
fn raster(report: &DieReport, width: usize) -> Canvas {
    let columns = RASTER_COLUMNS.min(width);
    let across = report.wafer.diameter / (columns as f64 - 1.0);
    let scale = (across, across * CHARACTER_ASPECT);
    let rows = (columns as f64 / CHARACTER_ASPECT).ceil() as usize;
    let centre = (columns as f64 / 2.0, rows as f64 / 2.0);
    let mut canvas = Canvas::new(columns, rows, centre, scale);
    let dot = (scale.0 / DOTS.0 as f64, scale.1 / DOTS.1 as f64);
    let (pitch_x, pitch_y) = pitch(&report.tile);
    let Some(grid) = Grid::of(report) else {
        return canvas;
    };
    let radius = report.wafer.diameter / 2.0;
    canvas.dot(|x, y| {
        let is_rim = ((x * x + y * y).sqrt() - radius).abs() <= dot.0.max(dot.1) / 2.0;
        let starts_street = |at: f64, dot: f64, pitch: f64| {
            pitch >= 3.0 * dot && (at / pitch).floor() != ((at + dot) / pitch).floor()
        };
        let (from_left, from_bottom) = (x - grid.left, y - grid.bottom);
        let is_street =
            starts_street(from_left, dot.0, pitch_x) || starts_street(from_bottom, dot.1, pitch_y);
        let column = (from_left / pitch_x).floor();
        let row = (from_bottom / pitch_y).floor();
        is_rim || (!is_street && grid.holds(column, row))
    });
    canvas
}

/// Which places of the grid hold a whole tile.
struct Grid {
    left: f64,
    bottom: f64,
    /// First and last column of each row.
    rows: Vec<(f64, f64)>,
}

impl Grid {
    fn of(report: &DieReport) -> Option<Grid> {
        let first = report.sites.first()?;
        let (pitch_x, _) = pitch(&report.tile);
        let mut rows: Vec<(f64, f64)> = Vec::new();
        for site in &report.sites {
            let column = f64::from(site.column);
            match rows.get_mut(site.row as usize) {
                Some(row) => row.1 = column,
                None => rows.push((column, column)),
            }
        }
        Some(Grid {
            left: first.left - f64::from(first.column) * pitch_x - report.tile.street / 2.0,
            bottom: first.bottom - report.tile.street / 2.0,
            rows,
        })
    }

    fn holds(&self, column: f64, row: f64) -> bool {
        if row < 0.0 {
            return false;
        }
        self.rows
            .get(row as usize)
            .is_some_and(|(first, last)| (*first..=*last).contains(&column))
    }
}

/// Width and height of a tile with its street, mm.
fn pitch(tile: &Tile) -> (f64, f64) {
    (tile.width + tile.street, tile.height + tile.street)
}
