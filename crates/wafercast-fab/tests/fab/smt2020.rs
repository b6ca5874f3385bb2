//! The SMT2020 high-volume fab against AutoSched's own results. Skipped where the data is missing.
//!
//! Always: a short run, for static capacity, lot-moves and shares of time. With `WAFERCAST_FAB_REPLICATIONS=20`: the full
//! 730 days from the initial lots, against every published figure.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use wafercast_fab::autosched::{self, NamedText};
use wafercast_fab::calendar::BucketCalendar;
use wafercast_fab::capacity::capacity;
use wafercast_fab::check::check;
use wafercast_fab::native;
use wafercast_fab::plan::{Plan, Reading, compile};
use wafercast_fab::simulate::Simulation;
use wafercast_fab::summary::{RunParameters, Summary, summarize};

/// The data's folder, beside the project.
fn data() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/smt2020");
    if folder.join("HVLM").is_dir() {
        return Some(folder);
    }
    println!("skipped: {} is missing", folder.display());
    None
}

fn load(folder: &Path) -> Plan {
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder.join("HVLM")).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        texts.push((name, fs::read_to_string(&path).expect("text")));
    }
    let files: Vec<NamedText<'_>> = texts
        .iter()
        .map(|(name, text)| NamedText { name, text })
        .collect();
    let (model, problems) = autosched::read("HVLM", &files);
    assert_eq!(problems, []);
    let (again, problems) = native::read("HVLM", "fab.toml", &native::write(&model));
    assert_eq!(problems, []);
    assert_eq!(
        native::write(&again),
        native::write(&model),
        "the native format keeps everything"
    );
    let (model, problems) = check(model, problems);
    assert_eq!(problems, []);
    compile(&model.expect("no errors"), Reading::default())
}

/// A reference table: name → numbers.
fn reference(folder: &Path, file: &str) -> BTreeMap<String, Vec<f64>> {
    let text = fs::read_to_string(folder.join("reference").join(file)).expect("a reference");
    let rows = text.lines().skip(1).filter(|line| !line.trim().is_empty());
    rows.map(|line| {
        let mut words = line.split_whitespace();
        let name = words.next().expect("a name").to_owned();
        (
            name,
            words.map(|word| word.parse().expect("a number")).collect(),
        )
    })
    .collect()
}

fn simulate(plan: &Plan, days: f64, replications: u32) -> Summary {
    let results: Vec<_> = (0..replications)
        .map(|replication| {
            Simulation::<BucketCalendar>::new(plan, 1, replication).run_days(days, 0.0)
        })
        .collect();
    summarize(
        plan,
        &results,
        RunParameters {
            model: "HVLM",
            seed: 1,
            days,
            warm_up_days: 0.0,
        },
    )
}

#[test]
fn static_capacity_agrees_with_the_reference() {
    let Some(folder) = data() else { return };
    let capacity = capacity(&load(&folder));
    assert!(
        (capacity.moves_per_day - 23_764.1).abs() < 0.1,
        "{}",
        capacity.moves_per_day
    );
    let machines = reference(&folder, "machines_SMT2020_HVLM.txt");
    let plain: Vec<_> = capacity
        .families
        .iter()
        .filter(|f| f.plain && machines.contains_key(&f.family))
        .collect();
    assert_eq!(plain.len(), 46);
    for family in plain {
        let off = 100.0 * family.best - machines[&family.family][1];
        assert!(off.abs() <= 0.45, "{}: {off:+.2} points", family.family);
    }
    assert!(capacity.overloaded().is_empty());
}

#[test]
fn sixty_days_run_as_the_reference() {
    let Some(folder) = data() else { return };
    let summary = simulate(&load(&folder), 60.0, 1);
    assert!(
        (summary.moves_per_day.mean / 23_764.0 - 1.0).abs() < 0.01,
        "{:?}",
        summary.moves_per_day
    );
    assert!(
        (summary.work_in_process.mean / 2_265.0 - 1.0).abs() < 0.05,
        "{:?}",
        summary.work_in_process
    );
}

#[test]
fn two_years_agree_with_autosched() {
    let replications = std::env::var("WAFERCAST_FAB_REPLICATIONS")
        .ok()
        .and_then(|text| text.parse().ok());
    let (Some(folder), Some(replications)) = (data(), replications) else {
        println!("skipped: set WAFERCAST_FAB_REPLICATIONS=20 to compare two years with AutoSched");
        return;
    };
    let plan = load(&folder);
    let summary = simulate(&plan, 730.0, replications);
    let mut failures = Vec::new();
    let mut bar = |name: String, off: f64, bound: f64| {
        println!("{name}: {off:+.2} of ± {bound}");
        if off.abs() > bound {
            failures.push(format!("{name}: {off:+.2}, bar ± {bound}"));
        }
    };
    let lots = reference(&folder, "lots_SMT2020_HVLM.txt");
    for order in &summary.orders {
        let Some([throughput, cycle, on_time]) =
            lots.get(&order.lot).map(|row| [row[0], row[1], row[2]])
        else {
            continue;
        };
        bar(
            format!("{} cycle time, %", order.lot),
            100.0 * (order.cycle_time_days.mean / cycle - 1.0),
            2.0,
        );
        bar(
            format!("{} throughput, %", order.lot),
            100.0 * (order.finished.mean / throughput - 1.0),
            2.0,
        );
        bar(
            format!("{} on time, points", order.lot),
            order.on_time_percent.mean - on_time,
            5.0,
        );
    }
    let machines = reference(&folder, "machines_SMT2020_HVLM.txt");
    let capacity = capacity(&plan);
    for (family, plain) in summary
        .families
        .iter()
        .zip(capacity.families.iter().map(|family| family.plain))
    {
        let Some(row) = machines.get(&family.group.name) else {
            continue;
        };
        let off = family.group.utilization.mean - row[1];
        bar(
            format!("{} utilization, points", family.group.name),
            off,
            if plain { 1.0 } else { 2.0 },
        );
    }
    for area in &summary.areas {
        let own: Vec<(f64, &Vec<f64>)> = summary
            .families
            .iter()
            .filter(|family| family.area == area.name)
            .filter_map(|family| {
                Some((
                    f64::from(family.group.tools),
                    machines.get(&family.group.name)?,
                ))
            })
            .collect();
        let tools: f64 = own.iter().map(|(tools, _)| tools).sum();
        let mean = |column: usize| {
            own.iter()
                .map(|(tools, row)| tools * row[column])
                .sum::<f64>()
                / tools
        };
        if tools > 0.0 {
            bar(
                format!("{} repair, points", area.name),
                area.repair.mean - mean(2),
                0.1,
            );
            bar(
                format!("{} maintenance, points", area.name),
                area.maintenance.mean - mean(3),
                0.1,
            );
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}
