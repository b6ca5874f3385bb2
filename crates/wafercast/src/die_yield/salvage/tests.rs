use super::*;
use crate::die_yield::{bose_einstein, poisson};
use proptest::prelude::*;

/// The definition for one density: `Σ_{j≥k} C(n, j)·p^j·(1−p)^{n−j} · e^{−x_u}`.
fn at_density(salvage: &Salvage, x: f64) -> f64 {
    let n = salvage.total();
    let x_core = x * salvage.area_share() / f64::from(n);
    let bad = -libm::expm1(-x_core);
    let mut sum = 0.0;
    for j in salvage.min_good()..=n {
        let log_choose = libm::lgamma(f64::from(n) + 1.0)
            - libm::lgamma(f64::from(j) + 1.0)
            - libm::lgamma(f64::from(n - j) + 1.0);
        let log_bad = if j == n {
            0.0
        } else {
            f64::from(n - j) * libm::log(bad)
        };
        sum += libm::exp(log_choose - f64::from(j) * x_core + log_bad);
    }
    sum * poisson(x * (1.0 - salvage.area_share()))
}

/// `∫ at_density(x·λ)·density(λ) dλ` over `[from, to]` by Simpson's rule.
fn integrate(salvage: &Salvage, x: f64, from: f64, to: f64, density: impl Fn(f64) -> f64) -> f64 {
    const PANELS: usize = 4000;
    let step = (to - from) / PANELS as f64;
    let value = |i: usize| {
        let lambda = from + i as f64 * step;
        at_density(salvage, x * lambda) * density(lambda)
    };
    let inner: f64 = (1..PANELS)
        .map(|i| value(i) * if i % 2 == 1 { 4.0 } else { 2.0 })
        .sum();
    (value(0) + inner + value(PANELS)) * step / 3.0
}

/// Gamma mixture by integration over `t = ln λ`, which has no singularity for small shapes.
fn integrate_gamma(salvage: &Salvage, x: f64, shape: f64) -> f64 {
    const PANELS: usize = 8000;
    let (from, to) = (-80.0, libm::log(60.0 / shape.min(1.0)));
    let step = (to - from) / PANELS as f64;
    let log_norm = shape * libm::log(shape) - libm::lgamma(shape);
    // The integrand vanishes with all its derivatives at both ends, where the trapezoidal rule is at its best.
    let values = (0..=PANELS).map(|i| {
        let t = from + i as f64 * step;
        let lambda = libm::exp(t);
        at_density(salvage, x * lambda) * libm::exp(log_norm + shape * t - shape * lambda)
    });
    values.sum::<f64>() * step
}

fn rules() -> Vec<Salvage> {
    [
        (25, 20, 0.55),
        (4, 3, 0.8),
        (144, 132, 0.7),
        (144, 1, 1.0),
        (1, 1, 0.5),
    ]
    .map(|(total, min_good, share)| Salvage::new(total, min_good, share).unwrap())
    .into()
}

#[test]
fn poisson_agrees_with_the_definition() {
    for salvage in rules() {
        for x in [1e-6, 0.05, 0.7, 2.0, 12.0, 150.0] {
            let (y, expected) = (salvage.yield_at(Model::Poisson, x), at_density(&salvage, x));
            assert!(
                (y - expected).abs() <= 1e-11 * expected + 1e-19,
                "{x}: {y} {expected}"
            );
        }
    }
}

#[test]
fn mixtures_agree_with_brute_force_integration() {
    for salvage in rules() {
        for x in [0.05, 0.7, 2.0, 12.0] {
            let uniform = integrate(&salvage, x, 0.0, 2.0, |_| 0.5);
            let triangle = integrate(&salvage, x, 0.0, 1.0, |l| l)
                + integrate(&salvage, x, 1.0, 2.0, |l| 2.0 - l);
            let mut cases = vec![
                (Model::MurphyRectangular, uniform),
                (Model::Murphy, triangle),
                (Model::Seeds, integrate_gamma(&salvage, x, 1.0)),
            ];
            for alpha in [0.5, 2.5, 10.0] {
                let model = Model::NegativeBinomial { alpha };
                cases.push((model, integrate_gamma(&salvage, x, alpha)));
            }
            for (model, expected) in cases {
                let y = salvage.yield_at(model, x);
                assert!(
                    (y - expected).abs() < 1e-9,
                    "{model:?} {salvage:?} {x}: {y} {expected}"
                );
            }
        }
    }
}

#[test]
fn a_die_of_one_sort_of_area_agrees_with_the_models_in_closed_form() {
    // With every core needed, salvage is plain yield; with the sum of all w_N = a^N, it is the yield of the rest.
    for model in Model::all(12.0, 2.5) {
        let all_needed = Salvage::new(25, 25, 0.55).unwrap();
        for x in [0.0, 0.3, 4.0] {
            assert_eq!(all_needed.yield_at(model, x), model.yield_at(x));
        }
        let hardly_any_needed = Salvage::new(1000, 1, 0.6).unwrap();
        for x in [0.3, 4.0] {
            let per_layer_rest = match model {
                Model::BoseEinstein { n } => bose_einstein(0.4 * x, n),
                _ => model.yield_at(0.4 * x),
            };
            let y = hardly_any_needed.yield_at(model, x);
            assert!(
                (y - per_layer_rest).abs() < 1e-12,
                "{model:?} {x}: {y} {per_layer_rest}"
            );
        }
    }
}

#[test]
fn negative_binomial_agrees_with_a_simulation() {
    const DIES: u32 = 200_000;
    let (salvage, alpha, x) = (Salvage::new(25, 20, 0.55).unwrap(), 3.0, 3.0);
    let mut uniform = SplitMix(2027);
    let mut sold = 0_u32;
    for _ in 0..DIES {
        // Gamma with whole shape 3: the sum of three exponentials.
        let density: f64 = (0..3).map(|_| -libm::log(uniform.next())).sum::<f64>() / alpha;
        let mut defects = 0;
        let mut time = -libm::log(uniform.next());
        while time < x * density {
            defects += 1;
            time -= libm::log(uniform.next());
        }
        let mut hit = [false; 25];
        let in_rest = (0..defects).any(|_| {
            let place = uniform.next();
            if place < 0.55 {
                hit[(place / 0.55 * 25.0) as usize] = true;
            }
            place >= 0.55
        });
        let bad = hit.iter().filter(|is_hit| **is_hit).count();
        sold += u32::from(!in_rest && bad <= 5);
    }
    let simulated = f64::from(sold) / f64::from(DIES);
    let y = salvage.yield_at(Model::NegativeBinomial { alpha }, x);
    let error = (y * (1.0 - y) / f64::from(DIES)).sqrt();
    println!(
        "{simulated} against {y}: {} standard errors",
        (simulated - y) / error
    );
    assert!((simulated - y).abs() < 4.0 * error);
}

/// A small generator for this test (Steele, Lea & Flood 2014); uniforms in (0, 1).
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 12) as f64 / (1_u64 << 52) as f64 + 0.5 / (1_u64 << 52) as f64
    }
}

#[test]
fn many_defects_on_many_cores_stay_finite() {
    let salvage = Salvage::new(1000, 1, 1.0).unwrap();
    for model in Model::all(12.0, 2.5) {
        for x in [800.0, 3000.0, 1e5, 1e9, 1e300, f64::INFINITY] {
            let y = salvage.yield_at(model, x);
            assert!((0.0..=1.0).contains(&y), "{model:?} {x}: {y}");
        }
    }
    // 800 defects on 1000 cores never hit them all.
    assert!((salvage.yield_at(Model::Poisson, 800.0) - 1.0).abs() < 1e-11);
}

#[test]
fn rules_that_make_no_sense_are_refused() {
    assert!(Salvage::new(0, 0, 0.5).is_err());
    assert!(Salvage::new(MAX_CORES + 1, 1, 0.5).is_err());
    assert!(Salvage::new(8, 9, 0.5).is_err());
    assert!(Salvage::new(8, 0, 0.5).is_err());
    assert!(Salvage::new(8, 6, 1.1).is_err());
    assert!(Salvage::new(8, 6, f64::NAN).is_err());
}

proptest! {
    #[test]
    fn salvage_lies_between_perfect_dies_and_the_rest_of_the_die(
        total in 1_u32..60, spare in 0_u32..20, share in 0.0..=1.0_f64,
        x in 0.0..30.0, n in 1.0..20.0, alpha in 0.3..20.0,
    ) {
        let min_good = total.saturating_sub(spare).max(1);
        let salvage = Salvage::new(total, min_good, share).unwrap();
        for model in Model::all(n, alpha) {
            let y = salvage.yield_at(model, x);
            prop_assert!(y >= model.yield_at(x) * (1.0 - 1e-12), "{model:?}");
            prop_assert!(y <= model.yield_at(x * (1.0 - share)) * (1.0 + 1e-12), "{model:?}");
        }
    }

    #[test]
    fn asking_for_fewer_good_cores_never_sells_fewer_dies(
        total in 2_u32..40, x in 0.0..20.0, share in 0.1..=1.0_f64, alpha in 0.3..20.0,
    ) {
        for model in Model::all(12.0, alpha) {
            let mut previous = 1.0 + 1e-12;
            for min_good in 1..=total {
                let y = Salvage::new(total, min_good, share).unwrap().yield_at(model, x);
                prop_assert!(y <= previous * (1.0 + 1e-12), "{model:?} {min_good}: {y} {previous}");
                previous = y;
            }
        }
    }

    #[test]
    fn inverse_of_salvage_is_identity(
        total in 2_u32..40, spare in 1_u32..8, share in 0.1..=1.0_f64, x in 1e-3..20.0, alpha in 0.3..20.0,
    ) {
        let min_good = total.saturating_sub(spare).max(1);
        let salvage = Salvage::new(total, min_good, share).unwrap();
        for model in Model::all(12.0, alpha) {
            let y = salvage.yield_at(model, x);
            // Where nearly every die is sold, rounding of the yield hides the defects.
            if y < 1e-200 || 1.0 - y < 1e-6 {
                continue;
            }
            let back = salvage.yield_at(model, salvage.defects_at(model, y));
            prop_assert!((back - y).abs() <= 1e-11 * y, "{model:?} {x}: {y} {back}");
        }
    }
}
