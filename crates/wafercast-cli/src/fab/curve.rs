//! Operating curves: simulated on threads, and kept by the content of the model.

use std::path::PathBuf;

use wafercast_analysis::seal::sha256;
use wafercast_fab::check::{CheckedModel, check};
use wafercast_fab::curve::{Curve, Experiment, FORMAT, LOADS, Sample};
use wafercast_fab::native;
use wafercast_fab::plan::{Reading, compile};
use wafercast_fab::simulate::Simulation;

use super::arguments::Simulated;
use super::replicate::replicate;
use crate::failure::Failure;
use crate::run_folder::atomic;
use crate::{console, shipped};

/// Simulated days after the warm-up, unless asked otherwise.
pub const DAYS: u32 = 240;
/// Replications, unless asked otherwise.
pub const REPLICATIONS: u32 = 6;

/// How a curve is measured.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// Simulated days after the warm-up.
    pub days: u32,
    /// Replications.
    pub replications: u32,
    /// Seed.
    pub seed: u64,
    /// Threads.
    pub threads: Option<u16>,
}

impl Default for Effort {
    fn default() -> Effort {
        Effort {
            days: DAYS,
            replications: REPLICATIONS,
            seed: 1,
            threads: None,
        }
    }
}

/// The curve of a model: kept from an earlier time, or simulated and kept. The inner error says why the model has none.
pub fn curve(model: &CheckedModel, effort: Effort) -> Result<Result<Curve, String>, Failure> {
    let kept = kept_at(model, effort);
    if let Some(curve) = kept.as_ref().and_then(read) {
        return Ok(Ok(curve));
    }
    let experiment = match Experiment::new(model) {
        Ok(experiment) => experiment,
        Err(reason) => return Ok(Err(reason)),
    };
    let name = &model.model().name;
    console::say(&format!(
        "simulating `{name}` at {} start rates, {} times {} days each",
        LOADS.len(),
        effort.replications,
        effort.days
    ));
    let samples = samples(&experiment, effort)?;
    let curve = match experiment.curve(name, &samples) {
        Ok(curve) => curve,
        Err(reason) => return Ok(Err(reason)),
    };
    if let Some(path) = kept {
        keep(&path, &curve);
    }
    Ok(Ok(curve))
}

fn samples(experiment: &Experiment, effort: Effort) -> Result<Vec<Vec<Sample>>, Failure> {
    let warm_up = experiment.warm_up_days();
    let simulated = Simulated {
        days: warm_up + f64::from(effort.days),
        warm_up,
        replications: effort.replications,
        seed: effort.seed,
        threads: effort.threads,
    };
    LOADS
        .iter()
        .filter_map(|&load| experiment.plan(load))
        .map(|plan| {
            let runs = replicate(&plan, &simulated, None, None)?.results;
            Ok(runs
                .iter()
                .map(|run| Experiment::sample(&plan, run))
                .collect())
        })
        .collect()
}

/// The file for a curve, named by what it depends on: the model, the effort, and what the simulator makes of a small fab.
/// Without a folder to keep things in there is none.
fn kept_at(model: &CheckedModel, effort: Effort) -> Option<PathBuf> {
    let folder = cache_folder()?;
    let mut key = format!(
        "{FORMAT} {} {} {} {LOADS:?} {}\n",
        effort.days,
        effort.replications,
        effort.seed,
        behaviour()
    );
    key += &native::write(model.model());
    Some(
        folder
            .join("fab")
            .join(format!("{}.curve", sha256(key.as_bytes()))),
    )
}

/// A hash of what the simulator does with the Mini-Fab in a month: another simulator has another.
fn behaviour() -> String {
    let text = shipped::read("fab/mini-fab/fab.toml").unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let (model, problems) = native::read("mini-fab", "fab.toml", &text);
    let Some(model) = check(model, problems).0 else {
        return String::new();
    };
    let plan = compile(&model, Reading::default());
    let run =
        Simulation::<wafercast_fab::calendar::BucketCalendar>::new(&plan, 1, 0).run_days(30.0, 0.0);
    sha256(format!("{:?}{:?}", run.completions, run.tools).as_bytes())
}

/// `$WAFERCAST_CACHE`, else `$XDG_CACHE_HOME/wafercast`, else `~/.cache/wafercast`. An empty variable keeps nothing.
fn cache_folder() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let folder = set("WAFERCAST_CACHE")
        .or_else(|| Some(set("XDG_CACHE_HOME")?.join("wafercast")))
        .or_else(|| Some(set("HOME")?.join(".cache/wafercast")))?;
    folder.is_absolute().then_some(folder)
}

fn read(path: &PathBuf) -> Option<Curve> {
    let bytes = std::fs::read(path).ok()?;
    let curve: Curve = postcard::from_bytes(&bytes).ok()?;
    (curve.format == FORMAT && !curve.fits.is_empty()).then_some(curve)
}

/// What cannot be kept is simulated again next time.
fn keep(path: &std::path::Path, curve: &Curve) {
    let Ok(bytes) = postcard::to_stdvec(curve) else {
        return;
    };
    let folder = path.parent().unwrap_or(path);
    let kept = atomic::create_folder(folder).and_then(|()| atomic::write(path, &bytes));
    if let Err(failure) = kept {
        console::say(&format!("the curve is not kept for next time: {failure}"));
    }
}
