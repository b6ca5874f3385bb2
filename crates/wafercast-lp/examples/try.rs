#[path = "../../wafercast/tests/support/disk.rs"]
mod disk;
#[path = "../../wafercast/tests/support/fact_base.rs"]
mod fact_base;
use wafercast::check::{CheckOptions, check};
use wafercast::compile::compile;
use wafercast::experiment::*;
use wafercast::load::{Limits, load};
use wafercast::metric::Metric;
use wafercast::simulate::Sampling;
use wafercast_lp::formulation::*;
use wafercast_lp::numbers::Numbers;
fn main() {
    let name = std::env::args().nth(1).unwrap_or("china".into());
    let from: usize = std::env::args().nth(2).map_or(42, |s| s.parse().unwrap());
    let scenarios = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let facts = fact_base::facts(&scenarios.join("facts"));
    let disk = disk::Disk(scenarios);
    let loaded = load(&format!("{name}/scenario.toml"), &disk, &[], &Limits::default());
    let scenario = check(&loaded.document, &facts, &CheckOptions::default()).scenario.unwrap();
    let plan = compile(&scenario);
    let e = Experiment::new(&plan, Sampling{draws:1000,seed:1,design:wafercast::scenario::Design::Lhs}, vec![]);
    e.each(0..8, &Untouched, |o| for lane in o.lanes.clone() {
        let t = std::time::Instant::now();
        let n = Numbers::read(o, lane, Metric::Value, from);
        let t1 = t.elapsed();
        let aim = Aim{ clearing: std::env::args().nth(3).map(|f| wafercast_lp::clearing::Clearing{flow_factor: f.parse().unwrap()}), ..Aim::of_discount(0.992)};
        let f = Formulation::new(&n, &aim);
        let t2 = t.elapsed();
        let prio = value_of(&n, 0.992, |k| &n.accelerators[k].delivered);
        let s = wafercast_lp::solve::solve(&f.program);
        let t3 = t.elapsed();
        let t4 = t.elapsed(); let uq = s.as_ref().and_then(|s| wafercast_lp::degeneracy::unique_prices(s)).map(|u| u.iter().filter(|u| !**u).count()); let t5 = t.elapsed();
        println!("nonunique {uq:?} {:?}", t5-t4);println!("rows {} cols {} nnz {} bounded {} it {:?} prio {:.6e} opt {:.6e} read {t1:?} form {:?} solve {:?}", f.program.rows(), f.program.columns(), f.program.nonzeros(), f.program.upper.iter().filter(|u| u.is_finite()).count(),
          s.as_ref().map(|s| (s.solution.iterations, s.certificate)), prio, s.as_ref().map_or(f64::NAN, |s| f.value(&s.solution)), t2-t1, t3-t2);
    });
}
