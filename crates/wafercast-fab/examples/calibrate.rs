use std::collections::BTreeMap;
use wafercast_fab::{autosched, check, plan, simulate::Simulation, calendar::BucketCalendar, span::DAY};
fn main() {
    let dir = std::env::args().nth(1).unwrap();
    let days: f64 = std::env::args().nth(2).unwrap().parse().unwrap();
    let reps: u32 = std::env::args().nth(3).unwrap().parse().unwrap();
    let knobs = std::env::args().nth(4).unwrap_or_default();
    let mut texts = Vec::new();
    for e in std::fs::read_dir(format!("{dir}/HVLM")).unwrap() {
        let p = e.unwrap().path();
        texts.push((p.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(&p).unwrap()));
    }
    let files: Vec<_> = texts.iter().map(|(n, t)| autosched::NamedText { name: n, text: t }).collect();
    let (model, problems) = autosched::read("HVLM", &files);
    let (checked, problems) = check::check(model, problems);
    for p in &problems { println!("{p}"); }
    let checked = checked.unwrap();
    let mut reading = plan::Reading::default();
    for k in knobs.split(',') { match k {
        "rsetup" => reading.setup_rank = plan::SetupRankReading::WhenAsked,
        "lateentry" => reading.least_setup_entry = plan::LeastSetupEntry::AtEntry,
        "any" => reading.cascade_choice = plan::CascadeChoice::Any,
        "serial" => reading.cascade_handling = plan::CascadeHandling::Serial,
        "runwait" => reading.minimum_run = plan::MinimumRunReading::WhileLotsWait,
        "runstrict" => reading.minimum_run = plan::MinimumRunReading::Strict,
        "bwait" => reading.breakdown = plan::BreakdownReading::WaitsForJob,
        "empty" => reading.cascade_choice = plan::CascadeChoice::EmptyFirst,
        "occ" => reading.cascade_choice = plan::CascadeChoice::OccupiedFirst,
        "long" => reading.cascade_choice = plan::CascadeChoice::LongestAvailable,
        _ => {} } }
    let mut plan = plan::compile(&checked, reading);
    for f in &mut plan.families {
        if knobs.contains("nowake") { f.wakes_least_setup = false; }
        if knobs.contains("norsetX") { f.criteria.retain(|c| *c != plan::Criterion::SetupTime); f.changing = false; f.frozen = f.criteria.len(); }
        if knobs.contains("nomin") { f.keeps_minimum_run = false; }
    }
    let refm = std::fs::read_to_string(format!("{dir}/reference/machines_SMT2020_HVLM.txt")).unwrap();
    let refm: BTreeMap<String, Vec<f64>> = refm.lines().skip(1).map(|l| { let w: Vec<_> = l.split(' ').collect(); (w[0].to_owned(), w[1..].iter().map(|x| x.parse().unwrap()).collect()) }).collect();
    let refl = std::fs::read_to_string(format!("{dir}/reference/lots_SMT2020_HVLM.txt")).unwrap();
    let refl: BTreeMap<String, Vec<f64>> = refl.lines().skip(1).map(|l| { let w: Vec<_> = l.split(' ').collect(); (w[0].to_owned(), w[1..].iter().map(|x| x.parse().unwrap()).collect()) }).collect();
    let mut fam = vec![[0.0f64; 8]; plan.families.len()];
    let mut ord: BTreeMap<String, Vec<[f64; 4]>> = BTreeMap::new();
    for r in 0..reps {
        let t = std::time::Instant::now();
        let s: Simulation<'_, BucketCalendar> = Simulation::new(&plan, 1, r);
        let res = s.run_days(days, 0.0);
        let el = t.elapsed().as_secs_f64();
        eprintln!("rep {r}: {el:.2}s events {} moves {} ns/move {:.0} moves/day {:.0} wip {:?}", res.events, res.moves, el / res.moves as f64 * 1e9, res.moves as f64 / days, res.samples.iter().step_by(60).map(|s| s.lots).collect::<Vec<_>>());
        for (i, f) in plan.families.iter().enumerate() {
            let total = (f.tools as f64) * (res.ended - res.began) as f64;
            for t in f.first_tool..f.first_tool + f.tools { for k in 0..5 { fam[i][k] += res.tools[t as usize][k] as f64 / total * 100.0 / reps as f64; } }
            fam[i][5] += res.families[i].waiting as f64 / res.families[i].moves as f64 / 3.6e6 / reps as f64;
            fam[i][6] += res.families[i].moves as f64 / res.families[i].jobs as f64 / reps as f64;
            fam[i][7] += res.families[i].moves as f64 / (res.families[i].setups as f64) / reps as f64;
        }
        for (i, o) in plan.orders.iter().enumerate() {
            let cs: Vec<_> = res.completions.iter().filter(|c| c.order == i as u32).collect();
            let n = cs.len() as f64;
            let ct = cs.iter().map(|c| (c.finish - c.release) as f64 / DAY as f64).sum::<f64>() / n;
            let ot = cs.iter().filter(|c| c.finish <= c.due).count() as f64 / n * 100.0;
            ord.entry(o.lot.clone()).or_default().push([n, ct, ot, 0.0]);
        }
    }
    for (k, v) in &ord {
        let m = |j: usize| v.iter().map(|x| x[j]).sum::<f64>() / v.len() as f64;
        println!("{k}: n {:.1} ct {:.2} ot {:.1}  ref {:?} ct% {:+.2}", m(0), m(1), m(2), refl.get(k), refl.get(k).map_or(0.0, |r| (m(1) / r[1] - 1.0) * 100.0));
    }
    for (i, f) in plan.families.iter().enumerate() {
        let [st, pr, se, pm, br, w, b, ls] = fam[i];
        let avail = 100.0 - pm - br;
        let Some(r) = refm.get(&f.name) else { continue };
        println!("{:20} n{:3} cap{} avail {:.2}/{:.2} util(p+s)/av {:.2} ref {:.2} d {:+.2} br {:+.2} pm {:+.2} setup {:.2}({:.2} of av) ref {:.2}  wait {:.2}h batch {:.2} lots/setup {:.1} st {:.1}", f.name, f.tools, f.lots_held, avail, r[0], (pr + se) / avail * 100.0, r[1], (pr + se) / avail * 100.0 - r[1], br - r[2], pm - r[3], se, se / avail * 100.0, r[4], w, b, ls, st);
    }
}
