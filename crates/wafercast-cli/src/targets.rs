//! Claims and metrics named on the command line.

use wafercast::diagnostic::did_you_mean;
use wafercast::scenario::Scenario;
use wafercast_analysis::Target;

use crate::failure::Failure;

/// Targets by the id of a claim or as expressions; what is wrong with any of them is told at once.
pub fn parse(texts: &[String], scenario: &Scenario) -> Result<Vec<Target>, Failure> {
    let mut targets = Vec::new();
    let mut problems = Vec::new();
    for text in texts {
        match Target::parse(text, scenario) {
            Ok(target) => targets.push(target),
            Err(errors) => problems.extend(problem(text, &errors, scenario)),
        }
    }
    if problems.is_empty() {
        return Ok(targets);
    }
    Err(Failure::usage(
        problems.join("\n       "),
        "name a claim by its id, or write a metric: 'units(home, 2027)', 'h100e(home, 2027) > 1e6'",
    ))
}

/// Like [`parse`]; the usual targets if none is named.
pub fn parse_or_defaults(texts: &[String], scenario: &Scenario) -> Result<Vec<Target>, Failure> {
    if texts.is_empty() {
        return Ok(Target::defaults(scenario));
    }
    parse(texts, scenario)
}

/// The problems of one text; of a single word, that no claim has this name.
fn problem(
    text: &str,
    errors: &[wafercast::metric::ExpressionError],
    scenario: &Scenario,
) -> Vec<String> {
    let is_word = text
        .chars()
        .all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    if is_word {
        let ids = scenario.claims.iter().map(|claim| claim.id.as_str());
        let near = did_you_mean(text, ids).map_or_else(String::new, |near| format!("; {near}"));
        return vec![format!("there is no claim `{text}`{near}")];
    }
    errors
        .iter()
        .map(|error| format!("`{text}`: {}", error.message))
        .collect()
}
