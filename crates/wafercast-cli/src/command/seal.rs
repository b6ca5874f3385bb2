//! `wafercast seal`: today's forecast in a file that shows later whether it was touched.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use wafercast::compile::compile;
use wafercast::experiment::{Experiment, Untouched};
use wafercast::plan::Plan;
use wafercast::simulate::Sampling;
use wafercast_analysis::score::Ensemble;
use wafercast_analysis::seal::{self, Claim, File, Forecast, Head, Series};
use wafercast_analysis::{Target, TargetKind};

use crate::arguments::Seal;
use crate::console::{self, STRONG, styled};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::prepare::Prepared;
use crate::run_folder::atomic;
use crate::{clock, forecast, prepare, shell};

use super::run;

/// Draws of a piece of work.
const PIECE: u64 = 128;

/// Runs the command.
pub fn execute(arguments: &Seal) -> Result<Exit, Failure> {
    let changes = &arguments.scenario.changes;
    let prepared = prepare::analysed(&arguments.scenario.scenario, changes)?;
    let plan = compile(&prepared.scenario);
    let sampling = run::sampling(&prepared, &arguments.sampling);
    let pool = forecast::pool(arguments.sampling.threads)?;
    let made = clock::utc().chars().take(10).collect::<String>();
    let path = arguments
        .out
        .clone()
        .unwrap_or_else(|| PathBuf::from(format!("{}-{made}.seal", prepared.files.name())));
    if path.exists() {
        return Err(Failure::usage(
            format!("`{}` exists already", path.display()),
            "a seal is not written over: choose another file with `--out FILE`",
        ));
    }
    let command = run::reproducing_command("seal", prepared.files.given(), changes, sampling);
    let targets = targets(&prepared);
    let (series, claims) = pool.install(|| distributions(targets, &plan, sampling));
    let forecast = Forecast {
        head: Head {
            schema: seal::SCHEMA.to_owned(),
            made,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            scenario: prepared.files.given().to_owned(),
            title: prepared.scenario.title.clone(),
            as_of: prepared.scenario.as_of.map(|day| day.to_string()),
            draws: sampling.draws,
            seed: sampling.seed,
            plan_hash: plan.hash(),
            command,
            files: files(&prepared),
        },
        series,
        claims,
    };
    let (text, hash) = seal::seal(&forecast).map_err(|cause| Failure::Output(cause.into()))?;
    write(&path, &text)?;
    console::print(&format!(
        "{} {}  ({} series, {} claims)\n{} {hash}\n",
        styled(STRONG, "Sealed:"),
        shell::quoted_path(&path),
        forecast.series.len(),
        forecast.claims.len(),
        styled(STRONG, "SHA-256:"),
    ))?;
    console::say(
        "The hash proves something once others have it: publish it, or send it to somebody, before the outcomes are known.",
    );
    Ok(Exit::Success)
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    atomic::write(path, text.as_bytes())
}

/// The files that went in, with their hashes.
fn files(prepared: &Prepared) -> Vec<File> {
    let file = |path: &str, bytes: &[u8]| File {
        path: path.to_owned(),
        sha256: seal::sha256(bytes),
    };
    let mut files: Vec<File> = prepared
        .files
        .taken()
        .iter()
        .map(|(path, bytes)| file(path, bytes))
        .collect();
    files.extend(
        prepared
            .fact_files
            .iter()
            .chain(&prepared.compute_files)
            .map(|(path, text)| file(path, text.as_bytes())),
    );
    files
}

/// What is sealed: output by year of home, of every designer and of imports; shares; every observed metric; all claims.
fn targets(prepared: &Prepared) -> Vec<Target> {
    let scenario = &prepared.scenario;
    let mut targets = wafercast_analysis::evidence::outputs(scenario);
    let mut designers: Vec<&str> = scenario
        .accelerators
        .iter()
        .map(|accelerator| accelerator.designer.as_str())
        .collect();
    designers.sort_unstable();
    designers.dedup();
    let mut texts = Vec::new();
    for (year, _) in scenario.horizon.years() {
        for designer in &designers {
            let name = if designer.contains(' ') {
                format!("\"{designer}\"")
            } else {
                (*designer).to_owned()
            };
            texts.push(format!("units(designer:{name}, {year})"));
        }
        texts.push(format!("units(imports, {year})"));
        for (metric, depth) in [
            ("units", "designed"),
            ("h100e", "designed"),
            ("h100e", "fabricated"),
            ("h100e", "fully"),
            ("value", "designed"),
        ] {
            texts.push(format!("share_of_purchases({metric}, {depth}, {year})"));
        }
    }
    // Of later observations nothing is used but what they are about.
    let observed = prepared.complete().evidence;
    texts.extend(observed.into_iter().map(|evidence| evidence.text));
    for text in texts {
        // What a scenario does not have (a share without purchases) is not sealed.
        if let Ok(target) = Target::parse(&text, scenario)
            && targets.iter().all(|known| known.name != target.name)
        {
            targets.push(target);
        }
    }
    targets
}

fn distributions(
    targets: Vec<Target>,
    plan: &Plan,
    sampling: Sampling,
) -> (Vec<Series>, Vec<Claim>) {
    let expressions = targets.iter().map(|target| target.expression.clone());
    let experiment = Experiment::new(plan, sampling, expressions.collect());
    let pieces: Vec<Vec<Vec<f64>>> = (0..sampling.draws.div_ceil(PIECE))
        .into_par_iter()
        .map(|k| {
            let end = ((k + 1) * PIECE).min(sampling.draws);
            experiment.run(k * PIECE..end, &Untouched)
        })
        .collect();
    let (mut series, mut claims) = (Vec::new(), Vec::new());
    for (k, target) in targets.into_iter().enumerate() {
        let draws: Vec<f64> = pieces
            .iter()
            .flat_map(|piece| piece[k].iter().copied())
            .collect();
        if target.kind == TargetKind::Claim {
            claims.push(Claim {
                probability: draws.iter().sum::<f64>() / draws.len().max(1) as f64,
                id: target.name,
                says: target.says,
            });
        } else if let Some(ensemble) = Ensemble::new(draws) {
            series.push(Series {
                metric: target.name,
                unit: target.unit,
                quantiles: seal::quantiles(&ensemble),
            });
        }
    }
    (series, claims)
}
