//! A small writer of SVG elements. All text goes through [`Text::svg`], which escapes it.

use std::fmt::Write;

use crate::text::Text;

/// Where a text's anchor lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// At its start.
    Start,
    /// At its middle.
    Middle,
    /// At its end.
    End,
}

/// A place with one decimal, without `.0`: a tenth of a pixel is finer than any screen shows.
pub fn place(value: f64) -> String {
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}

/// An SVG picture being written.
#[derive(Debug)]
pub struct Svg {
    width: f64,
    height: f64,
    body: String,
}

impl Svg {
    /// An empty picture.
    pub fn new(width: f64, height: f64) -> Svg {
        Svg {
            width,
            height,
            body: String::new(),
        }
    }

    /// A line.
    pub fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let _ = write!(
            self.body,
            "<line class=\"{class}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>",
            place(from.0),
            place(from.1),
            place(to.0),
            place(to.1)
        );
    }

    /// A rectangle from its upper left corner.
    pub fn rectangle(&mut self, class: &str, corner: (f64, f64), size: (f64, f64)) {
        let _ = write!(
            self.body,
            "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
            place(corner.0),
            place(corner.1),
            place(size.0.max(0.0)),
            place(size.1.max(0.0))
        );
    }

    /// A circle.
    pub fn circle(&mut self, class: &str, centre: (f64, f64), radius: f64) {
        let _ = write!(
            self.body,
            "<circle class=\"{class}\" cx=\"{}\" cy=\"{}\" r=\"{}\"/>",
            place(centre.0),
            place(centre.1),
            place(radius)
        );
    }

    /// An open line through points.
    pub fn polyline(&mut self, class: &str, points: &[(f64, f64)]) {
        if points.len() > 1 {
            let _ = write!(
                self.body,
                "<path class=\"{class}\" d=\"{}\"/>",
                path(points)
            );
        }
    }

    /// A filled polygon.
    pub fn polygon(&mut self, class: &str, points: &[(f64, f64)]) {
        if points.len() > 2 {
            let _ = write!(
                self.body,
                "<path class=\"{class}\" d=\"{}Z\"/>",
                path(points)
            );
        }
    }

    /// A text with its baseline at a place.
    pub fn text(&mut self, class: &str, at: (f64, f64), anchor: Anchor, text: &Text) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let class = if class.is_empty() {
            String::new()
        } else {
            format!(" class=\"{class}\"")
        };
        let _ = write!(
            self.body,
            "<text{class}{anchor} x=\"{}\" y=\"{}\">{}</text>",
            place(at.0),
            place(at.1),
            text.svg()
        );
    }

    /// Opens a window that hides what is drawn outside it, with the same coordinates.
    pub fn open_window(&mut self, corner: (f64, f64), size: (f64, f64)) {
        let [x, y, width, height] = [corner.0, corner.1, size.0, size.1].map(place);
        let _ = write!(
            self.body,
            "<svg x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" viewBox=\"{x} {y} {width} {height}\">"
        );
    }

    /// Closes it.
    pub fn close_window(&mut self) {
        self.body.push_str("</svg>");
    }

    /// Elements written elsewhere.
    pub fn raw(&mut self, elements: &str) {
        self.body.push_str(elements);
    }

    /// The picture, named by the elements of the page with these ids. `class` chooses between drawings of one chart for
    /// wide and narrow pages.
    pub fn named(&self, class: &str, title: &Text, labelled_by: &str, data: &str) -> String {
        format!(
            "<svg class=\"chart {class}\" viewBox=\"0 0 {} {}\" role=\"img\" aria-labelledby=\"{labelled_by}\"{data}>{}{}</svg>",
            place(self.width),
            place(self.height),
            title.svg_description(),
            self.body
        )
    }

    /// The picture as an ornament beside a number that says the same.
    pub fn ornament(&self, class: &str) -> String {
        format!(
            "<svg class=\"{class}\" viewBox=\"0 0 {} {}\" aria-hidden=\"true\">{}</svg>",
            place(self.width),
            place(self.height),
            self.body
        )
    }
}

/// The `d` of a path through points, relative after the first: half the characters of absolute places.
fn path(points: &[(f64, f64)]) -> String {
    let mut out = String::new();
    // Relative steps are taken between rounded places, so that rounding does not add up along the path.
    let mut last = (0.0, 0.0);
    for (index, point) in points.iter().enumerate() {
        let here = ((point.0 * 10.0).round(), (point.1 * 10.0).round());
        if index == 0 {
            let _ = write!(out, "M{} {}", place(here.0 / 10.0), place(here.1 / 10.0));
        } else {
            let step = ((here.0 - last.0) / 10.0, (here.1 - last.1) / 10.0);
            out.push(if index == 1 { 'l' } else { ' ' });
            let _ = write!(out, "{} {}", place(step.0), place(step.1));
        }
        last = here;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_relative_paths_without_drift() {
        let third = 1.0 / 3.0;
        let points: Vec<(f64, f64)> = (0..4).map(|i| (f64::from(i) * third, 0.0)).collect();
        assert_eq!(path(&points), "M0 0l0.3 0 0.4 0 0.3 0");
    }

    #[test]
    fn writes_short_places() {
        assert_eq!(place(3.0), "3");
        assert_eq!(place(-0.01), "0");
        assert_eq!(place(2.25), "2.2");
    }

    #[test]
    fn escapes_text() {
        let mut svg = Svg::new(10.0, 10.0);
        svg.text("", (0.0, 0.0), Anchor::Start, &Text::same("<script>"));
        assert!(svg.ornament("x").contains("&lt;script&gt;"));
    }
}
