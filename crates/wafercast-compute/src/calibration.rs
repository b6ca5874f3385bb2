//! The fitted constants as a file: written by the calibration, read by everyone else.

use std::fmt::Write;

use wafercast::diagnostic::Diagnostic;
use wafercast::document::{Table, from_toml};
use wafercast::load::Limits;
use wafercast::source_map::SourceMap;

use crate::chip::Family;
use crate::codes;
use crate::fields::Fields;
use crate::serving::calibrate::on_bounds;
use crate::serving::constants::{BOUNDS, Constants, POINT_BOUNDS};
use crate::training::{Coefficients, FAMILIES, Form, NAMES};

/// All fitted constants.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// Of training.
    pub training: Coefficients,
    /// Of serving.
    pub serving: Constants,
    /// Keys of the models whose serving was measured.
    pub models: Vec<String>,
}

impl Calibration {
    /// Reads the file of a source map. `None` if anything is missing; what, is in the diagnostics.
    pub fn read(sources: &SourceMap) -> (Option<Calibration>, Vec<Diagnostic>) {
        let text = sources.files().first().map_or("", |file| &file.text);
        let (root, mut diagnostics) = from_toml(0, text, &Limits::default(), &mut 0);
        let training = section(&root, "training", &mut diagnostics, |mut fields| {
            let coefficient = -10.0..=10.0;
            let terms = NAMES.map(|name| fields.required(name, coefficient.clone(), "0.1"));
            let families =
                FAMILIES.map(|family| fields.required(family.name(), coefficient.clone(), "0.1"));
            fields.finish();
            Some(Coefficients {
                form: Form::SHIPPED,
                terms: all(terms)?,
                families: all(families)?,
            })
        });
        let serving = section(&root, "serving", &mut diagnostics, |mut fields| {
            let values =
                BOUNDS.map(|bound| fields.required(bound.name, bound.low..=bound.high, "0.5"));
            let points = POINT_BOUNDS
                .map(|bound| fields.required(bound.name, bound.low..=bound.high, "0.5"));
            let models: Vec<String> = fields
                .texts("models")
                .into_iter()
                .map(|(text, _)| text.to_owned())
                .collect();
            fields.finish();
            let constants = Constants::from_array(&all(values)?);
            Some((constants.with_points(all(points)?), models))
        });
        let calibration = training
            .zip(serving)
            .map(|(training, (serving, models))| Calibration {
                training,
                serving,
                models,
            });
        (calibration, diagnostics)
    }

    /// The file.
    pub fn to_toml(&self) -> String {
        let mut text = String::from(
            "# Fitted constants. Written by `wafercast fit --calibrate`: change the data, not this file.\n\n[training]\n",
        );
        for (name, value) in NAMES.iter().zip(self.training.terms) {
            let _ = writeln!(text, "{name} = {value:.6}");
        }
        for (family, value) in FAMILIES.iter().zip(self.training.families) {
            let _ = writeln!(text, "{} = {value:.6}", Family::name(*family));
        }
        text.push_str("\n[serving]\n");
        let bounded = on_bounds(&self.serving);
        let points = self.serving.points();
        let values = self.serving.to_array();
        let values = values.iter().chain(&points);
        for (bound, value) in BOUNDS.iter().chain(&POINT_BOUNDS).zip(values) {
            let note = if bounded.contains(&bound.name) {
                " # on its bound: a lumped cost"
            } else {
                ""
            };
            let _ = writeln!(text, "{} = {}{note}", bound.name, rounded(*value));
        }
        let models: Vec<String> = self
            .models
            .iter()
            .map(|model| format!("\"{model}\""))
            .collect();
        let _ = writeln!(text, "models = [{}]", models.join(", "));
        text
    }

    /// Factor of the range of serving, up and down: 1.5 for measured models on measured chips, else 2.
    pub fn serving_range(&self, model: &str, is_measured_chip: bool) -> f64 {
        if is_measured_chip && self.models.iter().any(|known| known == model) {
            1.5
        } else {
            2.0
        }
    }
}

/// Six significant figures, in a form that TOML reads.
fn rounded(value: f64) -> String {
    let text = format!("{value:.5e}");
    if text.contains('.') {
        text
    } else {
        format!("{value:?}")
    }
}

fn all<const N: usize>(values: [Option<f64>; N]) -> Option<[f64; N]> {
    let mut out = [0.0; N];
    for (slot, value) in out.iter_mut().zip(values) {
        *slot = value?;
    }
    Some(out)
}

fn section<T>(
    root: &Table,
    name: &'static str,
    diagnostics: &mut Vec<Diagnostic>,
    read: impl FnOnce(Fields) -> Option<T>,
) -> Option<T> {
    let Some((entry, table)) = root
        .entries
        .get(name)
        .and_then(|entry| Some((entry, entry.node.table()?)))
    else {
        diagnostics.push(Diagnostic::error(
            codes::MISSING_KEY,
            format!("the calibration has no `[{name}]`"),
            wafercast::diagnostic::Span::default(),
            "missing",
        ));
        return None;
    };
    read(Fields::new(
        table,
        entry.key,
        format!("`[{name}]`"),
        diagnostics,
    ))
}
