//! Queues whose answer is known: the simulated confidence interval must hold it.
//!
//! Intervals are 99.9 % (t of the replications × 1.9 of the 95 % one), so that a correct simulator passes at fixed seeds
//! and one that is off by more than its error does not.

use wafercast_fab::plan::Plan;
use wafercast_fab::span::DAY;
use wafercast_fab::summary::Estimate;

use crate::{plan, run};

/// Mean cycle time in minutes over replications after a warm-up.
fn cycle(plan: &Plan) -> Estimate {
    let values: Vec<f64> = (0..12)
        .map(|replication| {
            let run = run(plan, replication, 450.0, 50.0);
            let total: f64 = run
                .completions
                .iter()
                .map(|lot| (lot.finish - lot.release) as f64)
                .sum();
            total / run.completions.len() as f64 / 60_000.0
        })
        .collect();
    Estimate::new(&values)
}

fn assert_holds(name: &str, simulated: Estimate, exact: f64) {
    let half = 1.9 * simulated.half_width.unwrap_or(0.0);
    println!(
        "{name}: {:.3} ± {half:.3}, exact {exact:.3}",
        simulated.mean
    );
    assert!(
        (simulated.mean - exact).abs() <= half,
        "{name}: {:.3} ± {half:.3}, exact {exact:.3}",
        simulated.mean
    );
    // An interval so wide that it holds anything proves nothing.
    assert!(half < 0.05 * exact, "{name}: interval too wide");
}

fn queue(tools: u32, process: &str, interval: &str) -> Plan {
    plan(&format!(
        r#"
[[family]]
name = "a"
tools = {tools}
ranking = ["fifo"]
[[route]]
name = "r"
steps = [{{ id = "1", family = "a", process = "{process}" }}]
[[part]]
name = "p"
route = "r"
[[order]]
name = "o"
part = "p"
wafers = 1
interval = "{interval}"
"#
    ))
}

/// Erlang's C: chance to wait in M/M/c with load `a` in Erlang.
fn erlang_c(c: u32, a: f64) -> f64 {
    let mut term = 1.0;
    let mut sum = 0.0;
    for k in 0..c {
        sum += term;
        term *= a / f64::from(k + 1);
    }
    let last = term * f64::from(c) / (f64::from(c) - a);
    last / (sum + last)
}

#[test]
fn mm1() {
    // ρ = 0.7, mean service 7 min: W = 7/(1 − 0.7).
    assert_holds(
        "M/M/1",
        cycle(&queue(1, "exponential 7 min", "exponential 10 min")),
        7.0 / 0.3,
    );
}

#[test]
fn mmc() {
    // 4 servers, service 32 min, arrivals every 10 min: a = 3.2 Erlang.
    let wait = erlang_c(4, 3.2) * 32.0 / (4.0 - 3.2);
    assert_holds(
        "M/M/4",
        cycle(&queue(4, "exponential 32 min", "exponential 10 min")),
        32.0 + wait,
    );
}

#[test]
fn mg1() {
    // Pollaczek–Khinchine: W = s + λ(s² + h²/3)/(2(1 − ρ)) for uniform service s ± h.
    let (s, h, lambda) = (7.0, 6.0, 0.1);
    let exact = s + lambda * (s * s + h * h / 3.0) / (2.0 * (1.0 - lambda * s));
    assert_holds(
        "M/G/1",
        cycle(&queue(1, "7 ± 6 min", "exponential 10 min")),
        exact,
    );
    assert_holds(
        "M/D/1",
        cycle(&queue(1, "7 min", "exponential 10 min")),
        7.0 + 0.1 * 49.0 / 0.6,
    );
}

#[test]
fn jackson_network() {
    // Two stations in a row; after the second, 20 % go back to the first: each sees 1.25 λ.
    let network = plan(
        r#"
[[family]]
name = "a"
[[family]]
name = "b"
tools = 2
[[route]]
name = "r"
steps = [
  { id = "1", family = "a", process = "exponential 6 min" },
  { id = "2", family = "b", process = "exponential 11 min", rework = { to = "1", percent = 20 } },
]
[[part]]
name = "p"
route = "r"
[[order]]
name = "o"
part = "p"
wafers = 1
interval = "exponential 12 min"
"#,
    );
    let lambda = 1.25 / 12.0;
    let first = 6.0 / (1.0 - lambda * 6.0);
    let second = 11.0 + erlang_c(2, lambda * 11.0) * 11.0 / (2.0 - lambda * 11.0);
    assert_holds("Jackson network", cycle(&network), 1.25 * (first + second));
}

/// A machine that fails while it works, with jobs resumed: the server of M/G/1 whose completion time C has
/// E C = s(1 + r/f) and E C² = E s² (1 + r/f)² + 2 r² s/f (Avi-Itzhak & Naor 1963), but whose clock also runs while it is
/// idle, so only the mean utilization is compared: busy share λ·s, repair share r/(f + r).
#[test]
fn breakdowns_take_their_share() {
    let fab = plan(
        r#"
[[family]]
name = "a"
[[route]]
name = "r"
steps = [{ id = "1", family = "a", process = "exponential 6 min" }]
[[part]]
name = "p"
route = "r"
[[order]]
name = "o"
part = "p"
wafers = 1
interval = "exponential 12 min"
[[breakdown]]
name = "b"
time_to_failure = "exponential 10 hr"
time_to_repair = "exponential 2 hr"
applies_to = [{ family = "a" }]
"#,
    );
    let shares: Vec<[f64; 2]> = (0..12)
        .map(|replication| {
            let run = run(&fab, replication, 450.0, 50.0);
            let total = 400.0 * DAY as f64;
            [
                run.tools[0][1] as f64 / total,
                run.tools[0][4] as f64 / total,
            ]
        })
        .collect();
    let of = |at: usize| Estimate::new(&shares.iter().map(|share| share[at]).collect::<Vec<f64>>());
    assert_holds("busy", of(0), 0.5);
    assert_holds("repair", of(1), 2.0 / 12.0);
}
