//! Fits a form to published runs: Levenberg–Marquardt on ln η with the pseudo-Huber loss and ridge penalties. Family
//! effects are shrunk towards none, so that a family of one row does not decide its own constant.

use wafercast::draw::kernel::{exp, ln};

use super::{Coefficients, FAMILIES, Form, Job, TERMS, speed};

/// Penalty on the square of a family's effect, in units of a row.
const FAMILY_PENALTY: f64 = 0.3;
/// Penalty on experts, early stacks and claims.
const EFFECT_PENALTY: f64 = 0.01;
/// Penalty on the three times: none but for numbers that the rows do not determine.
const TIME_PENALTY: f64 = 1e-6;
/// Residuals of ln η beyond this count linearly.
const SCALE: f64 = 0.15;
/// Steps at most; it settles long before.
const MOST_STEPS: usize = 200;
/// The fit has settled when a step changes the loss by less than this share.
const SETTLED: f64 = 1e-12;
/// Fitted coefficients that are no family's: all terms but goodput.
const OWN: usize = TERMS - 1;
/// All fitted coefficients.
const UNKNOWNS: usize = OWN + FAMILIES.len();
/// Where the fit begins.
const START: [f64; OWN] = [0.7, -0.9, -1.0, 0.3, 0.5, -0.3];

/// A published row: the job, and its utilisation of the BF16 peak.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// The job.
    pub job: Job,
    /// Utilisation of the BF16 peak, from chip-hours or as reported.
    pub utilisation: f64,
    /// The utilisation that the authors report beside it, if the row is a run.
    pub reported: Option<f64>,
    /// Weight in the fit; 0 for rows that are predicted only.
    pub weight: f64,
}

/// ln of the goodput ratio: median of reported over recomputed utilisation of the runs that have both.
pub fn goodput_term(rows: &[Observation]) -> f64 {
    let mut ratios: Vec<f64> = rows
        .iter()
        .filter_map(|row| row.reported.map(|reported| ln(reported / row.utilisation)))
        .collect();
    ratios.sort_by(f64::total_cmp);
    match ratios.len() {
        0 => 0.0,
        count if count % 2 == 1 => ratios[count / 2],
        count => f64::midpoint(ratios[count / 2 - 1], ratios[count / 2]),
    }
}

type Vector = [f64; UNKNOWNS];
type Matrix = [Vector; UNKNOWNS];

/// The problem of one fit: rows with ln(1/η) less goodput.
struct Problem<'a> {
    form: Form,
    rows: Vec<(&'a Job, f64, f64)>,
}

impl Problem<'_> {
    /// Residual of a row and its slopes.
    fn residual(&self, job: &Job, time: f64, x: &Vector) -> (f64, Vector) {
        let mut terms = [0.0; TERMS];
        terms[..OWN].copy_from_slice(&x[..OWN]);
        let (own, by_term) = self.form.ln_time(job, &terms);
        let mut slopes = [0.0; UNKNOWNS];
        slopes[..OWN].copy_from_slice(&by_term[..OWN]);
        let mut residual = own - time;
        for (index, family) in FAMILIES.iter().enumerate() {
            if *family == job.family {
                residual += x[OWN + index];
                slopes[OWN + index] = 1.0;
            }
        }
        (residual, slopes)
    }

    fn loss(&self, x: &Vector) -> f64 {
        let rows: f64 = self
            .rows
            .iter()
            .map(|(job, time, weight)| {
                let z = self.residual(job, *time, x).0 / SCALE;
                weight * 2.0 * SCALE * SCALE * ((1.0 + z * z).sqrt() - 1.0)
            })
            .sum();
        let penalties: f64 = x
            .iter()
            .enumerate()
            .map(|(index, value)| penalty(index) * value * value)
            .sum();
        rows + penalties
    }

    /// JᵀWJ and JᵀWr with the penalties.
    fn normal_equations(&self, x: &Vector) -> (Matrix, Vector) {
        let mut matrix = [[0.0; UNKNOWNS]; UNKNOWNS];
        let mut gradient = [0.0; UNKNOWNS];
        for (job, time, weight) in &self.rows {
            let (residual, slopes) = self.residual(job, *time, x);
            let z = residual / SCALE;
            let weight = weight / (1.0 + z * z).sqrt();
            for a in 0..UNKNOWNS {
                gradient[a] += weight * slopes[a] * residual;
                for b in 0..UNKNOWNS {
                    matrix[a][b] += weight * slopes[a] * slopes[b];
                }
            }
        }
        for a in 0..UNKNOWNS {
            matrix[a][a] += penalty(a);
            gradient[a] += penalty(a) * x[a];
        }
        (matrix, gradient)
    }
}

fn penalty(index: usize) -> f64 {
    match index {
        0..3 => TIME_PENALTY,
        3..OWN => EFFECT_PENALTY,
        _ => FAMILY_PENALTY,
    }
}

/// The coefficients of the shipped form that fit the rows best.
pub fn fit(rows: &[Observation]) -> Coefficients {
    fit_form(Form::SHIPPED, rows, None)
}

/// The coefficients of a form that fit the rows best; begins at those of an earlier fit where one is given.
pub fn fit_form(form: Form, rows: &[Observation], begin: Option<&Coefficients>) -> Coefficients {
    let goodput = goodput_term(rows);
    let problem = Problem {
        form,
        rows: rows
            .iter()
            .filter(|row| row.weight > 0.0)
            .map(|row| {
                let time = goodput * speed(&row.job) - ln(row.utilisation);
                (&row.job, time, row.weight)
            })
            .collect(),
    };
    let mut x = [0.0; UNKNOWNS];
    x[..OWN].copy_from_slice(&START);
    if let Some(begin) = begin {
        x[..OWN].copy_from_slice(&begin.terms[..OWN]);
        x[OWN..].copy_from_slice(&begin.families);
    }
    minimise(&problem, &mut x);
    let mut terms = [goodput; TERMS];
    terms[..OWN].copy_from_slice(&x[..OWN]);
    Coefficients {
        form,
        terms,
        families: std::array::from_fn(|index| x[OWN + index]),
    }
}

fn minimise(problem: &Problem, x: &mut Vector) {
    let mut loss = problem.loss(x);
    let mut damping = 1e-3;
    for _ in 0..MOST_STEPS {
        let (matrix, gradient) = problem.normal_equations(x);
        let mut gained = 0.0;
        for _ in 0..20 {
            let mut damped = matrix;
            for (index, row) in damped.iter_mut().enumerate() {
                row[index] *= 1.0 + damping;
            }
            let mut right = gradient.map(|slope| -slope);
            let step = crate::linear::solve(&mut damped, &mut right);
            let next: Vector = std::array::from_fn(|index| x[index] + step[index].clamp(-1.0, 1.0));
            let next_loss = problem.loss(&next);
            if next_loss < loss {
                gained = loss - next_loss;
                (*x, loss) = (next, next_loss);
                damping = (damping * 0.3).max(1e-12);
                break;
            }
            damping *= 4.0;
        }
        if gained <= SETTLED * loss {
            return;
        }
    }
}

/// For each row, the chip-hours predicted without it over those reported, with the shipped form.
pub fn leave_one_out(rows: &[Observation]) -> Vec<f64> {
    leave_one_out_of(Form::SHIPPED, rows)
}

/// The same with any form.
pub fn leave_one_out_of(form: Form, rows: &[Observation]) -> Vec<f64> {
    let whole = fit_form(form, rows, None);
    (0..rows.len())
        .map(|index| {
            let (row, others) = without(rows, index);
            row.utilisation / fit_form(form, &others, Some(&whole)).utilisation(&row.job)
        })
        .collect()
}

/// The same with the form chosen anew for each row, among some, by the mean error of the other rows left out one at a time:
/// what the choice of a form on the same rows is worth.
pub fn nested(forms: &[Form], rows: &[Observation]) -> Vec<f64> {
    (0..rows.len())
        .map(|index| nested_one(forms, rows, index))
        .collect()
}

/// [`nested`] for one row.
pub fn nested_one(forms: &[Form], rows: &[Observation], index: usize) -> f64 {
    let (row, others) = without(rows, index);
    let error = |form: &Form| -> f64 {
        leave_one_out_of(*form, &others)
            .iter()
            .map(|ratio| (ratio - 1.0).abs())
            .sum()
    };
    let best = forms
        .iter()
        .map(|form| (error(form), *form))
        .min_by(|a, b| a.0.total_cmp(&b.0));
    let form = best.map_or(Form::SHIPPED, |(_, form)| form);
    row.utilisation / fit_form(form, &others, None).utilisation(&row.job)
}

fn without(rows: &[Observation], index: usize) -> (Observation, Vec<Observation>) {
    let mut others = rows.to_vec();
    let row = others.remove(index);
    (row, others)
}

/// The same for one constant utilisation per family: the geometric mean of the family's other rows, or of all others
/// where there are none.
pub fn leave_one_out_constant(rows: &[Observation]) -> Vec<f64> {
    let mean = |values: &[f64]| {
        exp(values.iter().map(|value| ln(*value)).sum::<f64>() / values.len().max(1) as f64)
    };
    (0..rows.len())
        .map(|index| {
            let row = &rows[index];
            let others = rows
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != index)
                .map(|(_, other)| other);
            let family: Vec<f64> = others
                .clone()
                .filter(|other| other.job.family == row.job.family)
                .map(|other| other.utilisation)
                .collect();
            let all: Vec<f64> = others.map(|other| other.utilisation).collect();
            row.utilisation / mean(if family.is_empty() { &all } else { &family })
        })
        .collect()
}
