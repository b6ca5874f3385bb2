//! Writing a model in AutoSched's format.

use crate::model::FabModel;

/// The model's files: `(name, text)`.
pub fn write(_model: &FabModel) -> Vec<(String, String)> {
    Vec::new()
}
