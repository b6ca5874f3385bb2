//! All analyses of a run together: schema `wafercast/analysis/1`.

use serde::{Deserialize, Serialize};

use crate::binding::Binding;

/// The schema's name.
pub const SCHEMA: &str = "wafercast/analysis/1";

/// What was analysed. What was not asked for is absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Analyses {
    /// `wafercast/analysis/1`
    pub schema: String,
    /// What binds, when stocks run out, and what more of a resource would bring.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub binding: Option<Binding>,
    /// What would have to be true for claims.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requirements: Option<crate::require::Requirements>,
    /// The best use of the resources.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planning: Option<crate::planning::Planning>,
    /// What the observations say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<crate::evidence::Evidence>,
    /// What moves the targets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sensitivity: Option<crate::sensitivity::Sensitivity>,
    /// What to look up next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learning: Option<crate::learn::Learning>,
    /// What the scenario would have forecast earlier, and how that did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backtest: Option<crate::backtest::Backtest>,
}

impl Default for Analyses {
    fn default() -> Self {
        Analyses {
            schema: SCHEMA.to_owned(),
            binding: None,
            requirements: None,
            planning: None,
            evidence: None,
            sensitivity: None,
            learning: None,
            backtest: None,
        }
    }
}
