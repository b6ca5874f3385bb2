//! What the files mean, one small fab each: the places where simulators of this model go wrong.

use wafercast_fab::calendar::{BucketCalendar, HeapCalendar};
use wafercast_fab::plan::{QueueTimeReading, Reading};
use wafercast_fab::simulate::{RunResult, Simulation, State, ToolState};
use wafercast_fab::span::{DAY, HOUR, MINUTE};

use crate::{plan, plan_with, run};

/// A fab of one route from its families, steps and anything more; lots of 25 wafers of part `p`.
fn fab(families: &str, steps: &str, rest: &str) -> String {
    format!(
        "{families}\n[[route]]\nname = \"r\"\nsteps = [{steps}]\n[[part]]\nname = \"p\"\nroute = \"r\"\n{rest}"
    )
}

fn lots(count: u32) -> String {
    format!(
        "[[order]]\nname = \"o\"\npart = \"p\"\nreleases = 1\nlots_per_release = {count}\ninterval = \"1 day\"\n"
    )
}

/// Finishing times in minutes.
fn finishes(run: &RunResult) -> Vec<i64> {
    run.completions
        .iter()
        .map(|lot| lot.finish / MINUTE)
        .collect()
}

#[test]
fn load_process_unload_and_transport() {
    let text = fab(
        "[[family]]\nname = \"a\"\nlocation = \"F\"\nload = \"1 min\"\nunload = \"2 min\"\n[[transport]]\nfrom = \"F\"\nto = \"F\"\ntime = \"7 min\"",
        r#"{ id = "1", family = "a", process = "2 min", per = "wafer" }, { id = "2", family = "a", process = "10 min" }"#,
        &lots(1),
    );
    assert_eq!(
        finishes(&run(&plan(&text), 0, 1.0, 0.0)),
        [1 + 50 + 2 + 7 + 1 + 10 + 2]
    );
}

#[test]
fn cascade_by_wafers_and_by_lots() {
    let family = "[[family]]\nname = \"a\"\nlots_held = 2";
    let wafers = fab(
        family,
        r#"{ id = "1", family = "a", process = "5 min", per = "wafer", wafer_interval = "2 min" }"#,
        &lots(3),
    );
    // An isolated lot takes 5 + 24·2; the next enters when its first wafer can: 50 after.
    assert_eq!(finishes(&run(&plan(&wafers), 0, 1.0, 0.0)), [53, 103, 153]);
    let by_lot = fab(
        family,
        r#"{ id = "1", family = "a", process = "60 min", lot_interval = "40 min" }"#,
        &lots(3),
    );
    assert_eq!(finishes(&run(&plan(&by_lot), 0, 1.0, 0.0)), [60, 100, 140]);
    // A tool that holds one lot does not cascade, and one that holds two has not twice the capacity.
    let single = by_lot.replace("lots_held = 2", "lots_held = 1");
    assert_eq!(finishes(&run(&plan(&single), 0, 1.0, 0.0)), [60, 120, 180]);
    let plain = fab(
        family,
        r#"{ id = "1", family = "a", process = "60 min" }"#,
        &lots(2),
    );
    assert_eq!(finishes(&run(&plan(&plain), 0, 1.0, 0.0)), [60, 120]);
}

#[test]
fn a_gap_breaks_the_cascade() {
    let text = fab(
        "[[family]]\nname = \"a\"\nlots_held = 2",
        r#"{ id = "1", family = "a", process = "60 min", lot_interval = "40 min" }"#,
        "[[order]]\nname = \"o\"\npart = \"p\"\ninterval = \"100 min\"\nreleases = 3\n",
    );
    assert_eq!(finishes(&run(&plan(&text), 0, 1.0, 0.0)), [60, 160, 260]);
}

#[test]
fn batches_start_from_their_smallest_and_never_mix_steps() {
    let families = "[[family]]\nname = \"a\"\ntools = 1";
    let steps =
        r#"{ id = "1", family = "a", process = "60 min", per = "batch", batch = [75, 150] }"#;
    // Three lots wait: a batch starts though six would fit. Two would wait for ever.
    let three = run(&plan(&fab(families, steps, &lots(3))), 0, 1.0, 0.0);
    assert_eq!(finishes(&three), [60, 60, 60]);
    assert_eq!(three.families[0].jobs, 1);
    assert!(finishes(&run(&plan(&fab(families, steps, &lots(2))), 0, 1.0, 0.0)).is_empty());
    // Two lots each of two routes make no batch.
    let mixed = format!(
        "{families}\n[[route]]\nname = \"r\"\nsteps = [{steps}]\n[[route]]\nname = \"s\"\nsteps = [{steps}]\n\
         [[part]]\nname = \"p\"\nroute = \"r\"\n[[part]]\nname = \"q\"\nroute = \"s\"\n{}{}",
        lots(2),
        lots(2).replace("\"o\"", "\"o2\"").replace("\"p\"", "\"q\"")
    );
    assert!(finishes(&run(&plan(&mixed), 0, 1.0, 0.0)).is_empty());
}

#[test]
fn setup_lasts_through_a_step_without_setup() {
    let families = "[[family]]\nname = \"a\"";
    let steps = r#"{ id = "1", family = "a", process = "10 min", setup = "X", setup_time = "5 min" },
        { id = "2", family = "a", process = "10 min" },
        { id = "3", family = "a", process = "10 min", setup = "X", setup_time = "5 min" }"#;
    let result = run(&plan(&fab(families, steps, &lots(1))), 0, 1.0, 0.0);
    assert_eq!(finishes(&result), [35]);
    assert_eq!(result.families[0].setups, 1);
    assert_eq!(result.tools[0][ToolState::Setup as usize], 5 * MINUTE);
}

#[test]
fn minimum_run_holds_and_ends() {
    let text = "[[family]]\nname = \"a\"\nrule = \"least-setup\"\nranking = [\"setup\", \"fifo\"]\nsetup_group = \"g\"\n\
         [[minimum_run]]\ngroup = \"g\"\nsetup = \"X\"\nlots = 2\n\
         [[setup_change]]\nto = \"X\"\ntime = \"5 min\"\n[[setup_change]]\nto = \"Y\"\ntime = \"5 min\"\n\
         [[route]]\nname = \"r\"\nsteps = [{ id = \"1\", family = \"a\", process = \"10 min\", setup = \"X\" }]\n\
         [[route]]\nname = \"s\"\nsteps = [{ id = \"1\", family = \"a\", process = \"10 min\", setup = \"Y\" }]\n\
         [[part]]\nname = \"p\"\nroute = \"r\"\n[[part]]\nname = \"q\"\nroute = \"s\"\n\
         [[order]]\nname = \"x\"\npart = \"p\"\ninterval = \"100 min\"\nreleases = 2\n\
         [[order]]\nname = \"y\"\npart = \"q\"\nreleases = 1\n";
    // X runs at 0; Y waits although the tool is free, until the second X at 100 has completed the run of two.
    assert_eq!(finishes(&run(&plan(text), 0, 1.0, 0.0)), [15, 110, 125]);
}

#[test]
fn hot_lots_pass_setup_matches() {
    let text = "[[family]]\nname = \"a\"\nrule = \"least-setup\"\nranking = [\"priority\", \"setup\", \"fifo\"]\n\
         [[setup_change]]\nto = \"X\"\ntime = \"5 min\"\n[[setup_change]]\nto = \"Y\"\ntime = \"5 min\"\n\
         [[route]]\nname = \"r\"\nsteps = [{ id = \"1\", family = \"a\", process = \"10 min\", setup = \"X\" }]\n\
         [[route]]\nname = \"s\"\nsteps = [{ id = \"1\", family = \"a\", process = \"10 min\", setup = \"Y\" }]\n\
         [[part]]\nname = \"p\"\nroute = \"r\"\n[[part]]\nname = \"q\"\nroute = \"s\"\n\
         [[order]]\nname = \"x\"\npart = \"p\"\nreleases = 1\nlots_per_release = 3\n\
         [[order]]\nname = \"y\"\npart = \"q\"\nreleases = 1\npriority = 10\nstart = \"1 min\"\n";
    let result = run(&plan(text), 0, 1.0, 0.0);
    let order: Vec<u32> = result.completions.iter().map(|lot| lot.order).collect();
    assert_eq!(order, [0, 1, 0, 0]);
}

#[test]
fn a_tool_is_kept_for_a_hot_lot() {
    let text = "[[family]]\nname = \"a\"\n[[family]]\nname = \"b\"\n\
         [[route]]\nname = \"r\"\nsteps = [{ id = \"1\", family = \"a\", process = \"10 min\" }, { id = \"2\", family = \"b\", process = \"10 min\" }]\n\
         [[route]]\nname = \"s\"\nsteps = [{ id = \"1\", family = \"b\", process = \"60 min\" }]\n\
         [[part]]\nname = \"p\"\nroute = \"r\"\n[[part]]\nname = \"q\"\nroute = \"s\"\n\
         [[order]]\nname = \"hot\"\npart = \"p\"\nreleases = 1\nhot = true\n\
         [[order]]\nname = \"other\"\npart = \"q\"\nreleases = 1\nstart = \"5 min\"\n";
    let result = run(&plan(text), 0, 1.0, 0.0);
    assert_eq!(finishes(&result), [20, 80]);
    assert_eq!(result.families[1].kept, 1);
    // Without the mark the tool is taken at minute 5.
    assert_eq!(
        finishes(&run(
            &plan(&text.replace("hot = true", "hot = false")),
            0,
            1.0,
            0.0
        )),
        [65, 75]
    );
}

#[test]
fn a_saved_tool_is_used_again() {
    let steps = r#"{ id = "1", family = "a", process = "10 min", same_tool_for = "3" },
        { id = "2", family = "b", process = "1 min" },
        { id = "3", family = "a", process = "10 min" }"#;
    let text = fab(
        "[[family]]\nname = \"a\"\ntools = 3\n[[family]]\nname = \"b\"\ntools = 3",
        steps,
        &lots(1),
    );
    let result = run(&plan(&text), 0, 1.0, 0.0);
    let busy: Vec<i64> = result.tools[..3]
        .iter()
        .map(|times| times[ToolState::Productive as usize] / MINUTE)
        .collect();
    assert_eq!(busy.iter().max(), Some(&20), "{busy:?}");
    // Without it, the tool idle for longest takes the third step.
    let free = run(
        &plan(&text.replace(", same_tool_for = \"3\"", "")),
        0,
        1.0,
        0.0,
    );
    assert!(
        free.tools[..3]
            .iter()
            .all(|times| times[ToolState::Productive as usize] <= 10 * MINUTE)
    );
}

#[test]
fn a_breakdown_pauses_the_job_and_an_idle_tool_that_is_down_takes_none() {
    let down = "[[breakdown]]\nname = \"d\"\ntime_to_failure = \"100 day\"\ntime_to_repair = \"30 min\"\napplies_to = [{ family = \"a\", first = \"20 min\" }]\n";
    let steps = r#"{ id = "1", family = "a", process = "60 min" }"#;
    let families = "[[family]]\nname = \"a\"";
    let text = fab(families, steps, &format!("{}{down}", lots(1)));
    assert_eq!(finishes(&run(&plan(&text), 0, 1.0, 0.0)), [90]);
    let later = fab(
        families,
        steps,
        &format!("{}{down}", lots(1)).replace("releases = 1", "releases = 1\nstart = \"25 min\""),
    );
    assert_eq!(finishes(&run(&plan(&later), 0, 1.0, 0.0)), [50 + 60]);
}

#[test]
fn maintenance_waits_for_the_job_is_staggered_and_keeps_its_calendar() {
    let text = fab(
        "[[family]]\nname = \"a\"\ntools = 2",
        r#"{ id = "1", family = "a", process = "60 min" }"#,
        &format!(
            "{}[[maintenance]]\nname = \"m\"\nevery = \"10 hr\"\nduration = \"1 hr\"\napplies_to = [{{ family = \"a\", first = \"1 hr\" }}]\n",
            lots(1)
        ),
    );
    let plan = plan(&text);
    let mut fab = Simulation::<BucketCalendar>::new(&plan, 1, 0);
    fab.trace(0, DAY);
    fab.run_until(DAY);
    let result = fab.result();
    let starts = |tool: u32| -> Vec<i64> {
        let own = result
            .trace
            .iter()
            .filter(|i| i.tool == tool && i.state == ToolState::Maintenance);
        own.map(|interval| interval.start / MINUTE).collect()
    };
    // Tool 1 of 2 is due at half of the first occurrence, works until 60, and is due again 10 h after it was due.
    assert_eq!(starts(0), [60, 30 + 600, 30 + 1200]);
    assert_eq!(starts(1), [60, 60 + 600, 60 + 1200]);
}

#[test]
fn maintenance_by_wafers_counts_each_tool_and_carries_over() {
    let text = fab(
        "[[family]]\nname = \"a\"",
        r#"{ id = "1", family = "a", process = "10 min" }"#,
        &format!(
            "{}[[maintenance]]\nname = \"m\"\nevery_wafers = 60\nduration = \"5 min\"\napplies_to = [{{ family = \"a\" }}]\n",
            lots(8)
        ),
    );
    let result = run(&plan(&text), 0, 1.0, 0.0);
    // Due after lot 3 (75 ≥ 60, 15 over), lot 5 (125 ≥ 120) and lot 8 (200 ≥ 180).
    assert_eq!(finishes(&result), [10, 20, 30, 45, 55, 70, 80, 90]);
    assert_eq!(
        result.tools[0][ToolState::Maintenance as usize],
        15 * MINUTE
    );
}

#[test]
fn sampling_rework_and_queue_time_windows() {
    let steps = r#"{ id = "1", family = "a", process = "10 min", queue_time = { to = "3", limit = "30 min" } },
        { id = "2", family = "b", process = "20 min", sampling_percent = 50 },
        { id = "3", family = "a", process = "10 min", rework = { to = "3", percent = 10 } }"#;
    let order = "[[order]]\nname = \"o\"\npart = \"p\"\ninterval = \"100 min\"\n";
    let text = fab(
        "[[family]]\nname = \"a\"\ntools = 9\n[[family]]\nname = \"b\"\ntools = 9",
        steps,
        order,
    );
    let result = run(&plan(&text), 0, 730.0, 0.0);
    let released = result.orders[0].released as f64;
    // Binomial shares within four standard errors.
    let share = result.families[1].moves as f64 / released;
    assert!(
        (share - 0.5).abs() < 4.0 * (0.25 / released).sqrt(),
        "{share}"
    );
    let passes = (result.families[0].moves as f64 - released) / result.completions.len() as f64;
    assert!(
        (passes - 1.0 / 0.9).abs() < 4.0 * (0.1f64 / 0.81 / released).sqrt() + 1.0 / released,
        "{passes}"
    );
    assert_eq!(result.orders[0].violations, 0);
    let tight = run(&plan(&text.replace("30 min", "15 min")), 0, 730.0, 0.0);
    let late = tight.orders[0].violations as f64 / tight.orders[0].windows as f64;
    assert!((late - share).abs() < 0.01, "{late}");
}

#[test]
fn enforced_windows_go_first() {
    let text = "[[family]]\nname = \"a\"\n[[family]]\nname = \"b\"\nranking = [\"fifo\"]\n\
         [[route]]\nname = \"r\"\nsteps = [{ id = \"1\", family = \"a\", process = \"10 min\", queue_time = { to = \"2\", limit = \"30 min\" } }, { id = \"2\", family = \"b\", process = \"10 min\" }]\n\
         [[route]]\nname = \"s\"\nsteps = [{ id = \"1\", family = \"b\", process = \"10 min\" }]\n\
         [[part]]\nname = \"p\"\nroute = \"r\"\n[[part]]\nname = \"q\"\nroute = \"s\"\n\
         [[order]]\nname = \"x\"\npart = \"p\"\nreleases = 1\n\
         [[order]]\nname = \"y\"\npart = \"q\"\nreleases = 1\nlots_per_release = 6\n";
    assert_eq!(run(&plan(text), 0, 1.0, 0.0).orders[0].violations, 1);
    let enforced = Reading {
        queue_time: QueueTimeReading::Enforced,
        ..Reading::default()
    };
    assert_eq!(
        run(&plan_with(text, enforced), 0, 1.0, 0.0).orders[0].violations,
        0
    );
}

#[test]
fn rankings_order_the_queue() {
    let order = |ranking: &str| {
        let text = fab(
            &format!("[[family]]\nname = \"a\"\nranking = [{ranking}]"),
            r#"{ id = "1", family = "a", process = "60 min" }"#,
            "[[order]]\nname = \"first\"\npart = \"p\"\nreleases = 1\n\
             [[order]]\nname = \"late\"\npart = \"p\"\nreleases = 1\nstart = \"1 min\"\ndue_after = \"9 hr\"\npriority = 5\n\
             [[order]]\nname = \"soon\"\npart = \"p\"\nreleases = 1\nstart = \"2 min\"\ndue_after = \"2 hr\"\npriority = 1\n",
        );
        let result = run(&plan(&text), 0, 1.0, 0.0);
        result
            .completions
            .iter()
            .map(|lot| lot.order)
            .collect::<Vec<u32>>()
    };
    assert_eq!(order("\"fifo\""), [0, 1, 2]);
    assert_eq!(order("\"due-date\""), [0, 2, 1]);
    assert_eq!(order("\"critical-ratio\""), [0, 2, 1]);
    assert_eq!(order("\"priority\""), [0, 1, 2]);
    assert_eq!(order("\"-arrival\""), [0, 2, 1]);
    assert_eq!(order("\"(due - now) / remaining_work\""), [0, 2, 1]);
}

#[test]
fn starts_and_tools_change_over_time() {
    let text = fab(
        "[[family]]\nname = \"a\"",
        r#"{ id = "1", family = "a", process = "55 min" }"#,
        "[[order]]\nname = \"o\"\npart = \"p\"\ninterval = \"1 hr\"\n",
    );
    let (mut model, _) = wafercast_fab::native::read("t", "fab.toml", &text);
    for change in [
        wafercast_fab::change::parse_starts("0:1, 10:2"),
        wafercast_fab::change::parse_tools("a=+1@10"),
    ] {
        let change = change.unwrap_or_else(|error| panic!("{error}"));
        wafercast_fab::change::apply(&mut model, &change).unwrap_or_else(|error| panic!("{error}"));
    }
    let (model, _) = wafercast_fab::check::check(model, Vec::new());
    let plan = wafercast_fab::plan::compile(
        &model.unwrap_or_else(|| panic!("has errors")),
        Reading::default(),
    );
    let result = run(&plan, 0, 20.0, 0.0);
    let before = result
        .completions
        .iter()
        .filter(|lot| lot.finish < 10 * DAY)
        .count();
    assert_eq!(before, 240);
    assert_eq!(result.completions.len() - before, 479);
    assert_eq!(result.tools[1][ToolState::Absent as usize], 10 * DAY);
}

#[test]
fn save_restore_and_fork_give_the_same_bits() {
    let text = crate::random_fabs::random_fab(17);
    let plan = plan(&text);
    let whole = run(&plan, 3, 40.0, 0.0);
    let mut half = Simulation::<BucketCalendar>::new(&plan, 20_200_707, 3);
    half.run_until(17 * DAY + 5 * HOUR + 1);
    let bytes = postcard::to_stdvec(half.state()).unwrap_or_else(|error| panic!("{error}"));
    let state: State<BucketCalendar> =
        postcard::from_bytes(&bytes).unwrap_or_else(|error| panic!("{error}"));
    let mut restored = Simulation::restore(&plan, 20_200_707, 3, state);
    let mut fork = half.clone();
    for run in [&mut half, &mut restored, &mut fork] {
        run.run_until(40 * DAY);
        assert_eq!(run.result(), whole);
    }
}

#[test]
fn the_calendar_does_not_change_results() {
    for seed in 0..8 {
        let plan = plan(&crate::random_fabs::random_fab(seed));
        let heap = Simulation::<HeapCalendar>::new(&plan, 20_200_707, 0).run_days(30.0, 5.0);
        assert_eq!(run(&plan, 0, 30.0, 5.0), heap);
    }
}
