//! The bars of the calibration against the published and measured tables, where they lie beside the workspace.

#[path = "support/shipped.rs"]
mod support;

use std::collections::BTreeSet;

use support::{library, shared, shipped_calibration};
use wafercast_compute::rows::{self, Outcome};
use wafercast_compute::serving::calibrate;
use wafercast_compute::training::fit::{Observation, leave_one_out, leave_one_out_constant};

#[test]
fn training_rows_left_out_one_at_a_time() {
    let Some(text) = shared("training_runs.csv") else {
        return;
    };
    let observations: Vec<Observation> = rows::read(&text)
        .unwrap()
        .observations(&library())
        .into_iter()
        .map(|(_, _, row)| row)
        .collect();
    let ours = leave_one_out(&observations);
    let score = rows::score(&ours).unwrap();
    println!("training, leave one out: {score:?}");
    assert_eq!(score.count, 52);
    assert!(score.mape <= 0.12 && score.within_25 >= 0.85, "{score:?}");
    let constant = leave_one_out_constant(&observations);
    let families: BTreeSet<_> = observations.iter().map(|row| row.job.family).collect();
    for family in families {
        let of = |ratios: &[f64]| -> Vec<f64> {
            let members = observations
                .iter()
                .zip(ratios)
                .filter(|(row, _)| row.job.family == family);
            members.map(|(_, ratio)| *ratio).collect()
        };
        let (ours, constant) = (
            rows::score(&of(&ours)).unwrap(),
            rows::score(&of(&constant)).unwrap(),
        );
        println!(
            "{:8} {:2} rows: {:.3} with the model, {:.3} with one constant",
            family.name(),
            ours.count,
            ours.mape,
            constant.mape
        );
        assert!(ours.mape < constant.mape, "{}", family.name());
    }
}

#[test]
fn published_points_are_within_a_factor_of_two() {
    let Some(text) = shared("serving_points.csv") else {
        return;
    };
    let evaluated = rows::read(&text)
        .unwrap()
        .evaluate(&library(), &shipped_calibration());
    for row in &evaluated {
        println!("{:28} {:30} {:?}", row.id, row.group, row.outcome);
    }
    for row in evaluated {
        let Outcome::Predicted { ratio, .. } = row.outcome else {
            panic!("row {} {}: {:?}", row.number, row.id, row.outcome);
        };
        assert!(
            (0.5..=2.0).contains(&ratio),
            "row {} {}: {ratio}",
            row.number,
            row.id
        );
    }
}

#[test]
fn measured_rows_with_the_shipped_constants() {
    let Some(text) = shared("calibration/serving_silicon.csv") else {
        return;
    };
    let evaluated = rows::read(&text)
        .unwrap()
        .evaluate(&library(), &shipped_calibration());
    let mut ratios = Vec::new();
    let mut refused = 0;
    for row in &evaluated {
        match &row.outcome {
            Outcome::Predicted { ratio, .. } => ratios.push(*ratio),
            Outcome::Refused(reason) => {
                refused += 1;
                println!("row {} {}: {reason}", row.number, row.id);
            }
            Outcome::Unreadable(problem) => panic!("row {}: {problem}", row.number),
        }
    }
    let score = rows::score(&ratios).unwrap();
    println!("measured: {score:?}, {refused} refused");
    assert!(refused <= 3, "{refused}");
    assert!(
        score.within_1_5 >= 0.90 && score.within_2 >= 0.97,
        "{score:?}"
    );
}

/// Each model is predicted by constants fitted to all others.
#[test]
fn measured_rows_of_a_model_that_the_fit_has_not_seen() {
    let Some(text) = shared("calibration/serving_silicon.csv") else {
        return;
    };
    let library = library();
    let rows_read = rows::read(&text).unwrap();
    // Every third row keeps the test short; the validation page is made from all.
    let all: Vec<_> = rows_read
        .measurements(&library)
        .into_iter()
        .step_by(3)
        .collect();
    let models: BTreeSet<&str> = all.iter().map(|(_, row)| row.model.id.as_str()).collect();
    let mut ratios = Vec::new();
    for model in models {
        let others: Vec<_> = all
            .iter()
            .filter(|(_, row)| row.model.id != model)
            .map(|(_, row)| *row)
            .collect();
        let constants = calibrate::fit(&others);
        for (_, row) in all.iter().filter(|(_, row)| row.model.id == model) {
            ratios.push(row.predict(&constants).unwrap() / row.tpot);
        }
    }
    let score = rows::score(&ratios).unwrap();
    println!("measured, leave one model out: {score:?}");
    assert!(
        score.within_1_5 >= 0.85 && score.within_2 >= 0.95,
        "{score:?}"
    );
}
