//! A thousand random small fabs: lots are conserved and in one place, tools in one state, Little's law holds.

use std::fmt::Write;

use wafercast_fab::calendar::BucketCalendar;
use wafercast_fab::draw::{Draws, Stream};
use wafercast_fab::simulate::Simulation;
use wafercast_fab::span::DAY;

use crate::plan;

/// Numbers drawn one after another.
struct Numbers {
    draws: Draws,
    at: u32,
}

impl Numbers {
    fn below(&mut self, n: u32) -> u32 {
        self.at += 1;
        self.draws.words(Stream::Release, self.at, 0, 0)[0] % n
    }

    fn one_in(&mut self, n: u32) -> bool {
        self.below(n) == 0
    }
}

/// A small fab with a bit of everything.
pub fn random_fab(seed: u64) -> String {
    let mut n = Numbers {
        draws: Draws::new(seed, 0),
        at: 0,
    };
    let mut text = String::new();
    let families = 2 + n.below(4);
    let mut batching = Vec::new();
    let mut cascading = Vec::new();
    for family in 0..families {
        batching.push(n.one_in(4));
        cascading.push(!batching[family as usize] && n.one_in(3));
        let rule = ["ranking", "hot-lots-first", "least-setup"][n.below(3) as usize];
        let rank = [
            "\"fifo\"",
            "\"priority\", \"setup\", \"fifo\"",
            "\"critical-ratio\"",
            "\"priority\", \"remaining_steps - now\", \"setup\"",
        ][n.below(4) as usize];
        let wake = ["longest-idle", "least-setup"][n.below(2) as usize];
        let _ = writeln!(
            text,
            "[[family]]\nname = \"f{family}\"\narea = \"A{}\"\nlocation = \"L{}\"\ntools = {}\nlots_held = {}\nload = \"{} min\"\nunload = \"1 min\"\nrule = \"{rule}\"\nranking = [{rank}]\nwake = \"{wake}\"\nsetup_group = \"g\"",
            family % 2,
            n.below(2),
            1 + n.below(4),
            if cascading[family as usize] { 2 } else { 1 },
            n.below(3)
        );
    }
    let _ = writeln!(
        text,
        "[[minimum_run]]\ngroup = \"g\"\nsetup = \"s0\"\nlots = 2\n[[setup_change]]\nto = \"s0\"\ntime = \"7 min\"\n[[setup_change]]\nfrom = \"s0\"\nto = \"s1\"\ntime = \"9 min\""
    );
    let _ = writeln!(
        text,
        "[[transport]]\nfrom = \"L0\"\nto = \"L0\"\ntime = \"7.5 ± 2.5 min\""
    );
    for route in 0..2 {
        let steps = 2 + n.below(8);
        let visited: Vec<u32> = (0..steps).map(|_| n.below(families)).collect();
        let mut lines = String::new();
        for step in 0..steps {
            let family = visited[step as usize];
            let mut line = format!(
                "{{ id = \"{step}\", family = \"f{family}\", process = \"{} ± 2 min\"",
                4 + n.below(30)
            );
            if batching[family as usize] {
                line += ", per = \"batch\", batch = [50, 100]";
            } else if cascading[family as usize] {
                line += ", lot_interval = \"6 min\"";
            }
            if n.one_in(3) {
                let _ = write!(line, ", setup = \"s{}\"", n.below(3));
            }
            if step > 0 && n.one_in(4) {
                let _ = write!(
                    line,
                    ", rework = {{ to = \"{}\", percent = 9 }}",
                    n.below(step + 1)
                );
            }
            if n.one_in(3) {
                let _ = write!(line, ", sampling_percent = {}", n.below(101));
            }
            let later = (step + 1..steps).find(|&later| visited[later as usize] == family);
            if let Some(later) = later.filter(|_| n.one_in(2)) {
                let _ = write!(line, ", same_tool_for = \"{later}\"");
            }
            if step + 1 < steps && n.one_in(3) {
                let _ = write!(
                    line,
                    ", queue_time = {{ to = \"{}\", limit = \"1 hr\" }}",
                    step + 1
                );
            }
            lines += &format!("  {line} }},\n");
        }
        let _ = writeln!(
            text,
            "[[route]]\nname = \"r{route}\"\nsteps = [\n{lines}]\n[[part]]\nname = \"p{route}\"\nroute = \"r{route}\""
        );
        let _ = writeln!(
            text,
            "[[order]]\nname = \"o{route}\"\npart = \"p{route}\"\ninterval = \"exponential {} min\"\ndue_after = \"1 day\"\npriority = {}\nhot = {}\nlots_per_release = {}",
            40 + n.below(200),
            n.below(3),
            n.one_in(4),
            1 + n.below(2)
        );
        let _ = writeln!(
            text,
            "[[lot]]\npart = \"p{route}\"\nstep = \"1\"\n[[lot]]\npart = \"p{route}\"\nstart = \"2 hr\""
        );
    }
    let _ = writeln!(
        text,
        "[[breakdown]]\nname = \"b\"\ntime_to_failure = \"exponential 20 hr\"\ntime_to_repair = \"exponential 1 hr\"\napplies_to = [{{ area = \"A0\" }}]\n\
         [[maintenance]]\nname = \"m\"\nevery = \"2 day\"\nduration = \"2 ± 1 hr\"\napplies_to = [{{ area = \"A0\", first = \"1 day\" }}]\n\
         [[maintenance]]\nname = \"w\"\nevery_wafers = 700\nduration = \"30 min\"\napplies_to = [{{ family = \"f1\", first_wafers = 300 }}]"
    );
    text
}

#[test]
fn a_thousand_random_fabs() {
    let mut moves = 0;
    for seed in 0..1_000 {
        let plan = plan(&random_fab(seed));
        let mut fab = Simulation::<BucketCalendar>::new(&plan, seed, 0);
        // Odd times, so that the audit meets every kind of state.
        for step in 1..=12 {
            fab.run_until(step * (DAY / 2 + 7_919_123));
            fab.audit()
                .unwrap_or_else(|problem| panic!("fab {seed}: {problem}"));
        }
        let result = fab.result();
        moves += result.moves;
        for (at, order) in result.orders.iter().enumerate() {
            assert_eq!(order.released, order.finished + order.present, "fab {seed}");
            // Little's law, exactly: the area under the number of lots is the sum of their times in the fab.
            let finished: i64 = result
                .completions
                .iter()
                .filter(|lot| lot.order as usize == at && lot.release >= 0)
                .map(|lot| lot.finish - lot.release)
                .sum();
            let present = fab.time_of_present_lots(at as u32);
            let area = order.average_present * (result.ended - result.began) as f64;
            // Initial lots are counted from the start even if they are due later.
            if plan.orders[at].releases > 0 {
                assert!(
                    (area - (finished + present) as f64).abs() <= 1e-9 * area + 1.0,
                    "fab {seed}: {area} {finished} {present}"
                );
            }
        }
        for times in &result.tools {
            assert_eq!(times.iter().sum::<i64>(), result.ended, "fab {seed}");
        }
    }
    assert!(
        moves > 100_000,
        "{moves} lot-moves are too few to prove anything"
    );
}
