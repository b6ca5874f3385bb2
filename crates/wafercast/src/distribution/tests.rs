//! Laws that hold for every family, and known values.

use super::Distribution;
use proptest::prelude::*;

/// Strictly increasing, continuous distribution functions.
fn continuous() -> impl Strategy<Value = Distribution> {
    let span = || (-50.0..50.0, 0.1..100.0).prop_map(|(a, width): (f64, f64)| (a, a + width));
    prop_oneof![
        (-50.0..50.0, 0.01..30.0).prop_map(|(mean, sd)| Distribution::Normal { mean, sd }),
        (-5.0..5.0, 0.01..2.0).prop_map(|(mu, sigma)| Distribution::Lognormal { mu, sigma }),
        (-3.0..3.0, 0.01..2.0).prop_map(|(mu, sigma)| Distribution::LogitNormal { mu, sigma }),
        span().prop_map(|(a, b)| Distribution::Uniform { a, b }),
        (span(), 0.0..=1.0).prop_map(|((a, b), t)| Distribution::Triangular {
            a,
            mode: a + t * (b - a),
            b
        }),
        (span(), 0.3..20.0, 0.3..20.0).prop_map(|((a, b), alpha, beta)| Distribution::Beta {
            alpha,
            beta,
            a,
            b
        }),
    ]
}

fn discrete() -> impl Strategy<Value = Distribution> {
    prop_oneof![
        (-50.0..50.0).prop_map(Distribution::Point),
        (0.0..=1.0).prop_map(|p| Distribution::Bernoulli { p }),
        prop::collection::vec((-20i32..20, 1u32..10), 1..6).prop_map(|mut atoms| {
            atoms.sort_unstable();
            atoms.dedup_by_key(|(value, _)| *value);
            let total: u32 = atoms.iter().map(|(_, weight)| weight).sum();
            let atom =
                |(value, weight)| (f64::from(value) / 4.0, f64::from(weight) / f64::from(total));
            Distribution::Discrete(atoms.into_iter().map(atom).collect())
        }),
    ]
}

/// Any distribution: mixtures, clamps, truncations and scalings of the above, nested.
fn any() -> impl Strategy<Value = Distribution> {
    let leaf = prop_oneof![2 => continuous(), 1 => discrete()];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec((1u32..10, inner.clone()), 1..4).prop_map(|parts| {
                let total: u32 = parts.iter().map(|(weight, _)| weight).sum();
                let part = |(weight, part)| (f64::from(weight) / f64::from(total), part);
                Distribution::Mixture(parts.into_iter().map(part).collect())
            }),
            (inner.clone(), 0.01..0.4, 0.5..0.99).prop_map(|(inner, low, high)| {
                Distribution::Clamp {
                    low: inner.quantile(low),
                    high: inner.quantile(high),
                    inner: inner.into(),
                }
            }),
            (inner.clone(), 0.01..0.4, 0.5..0.99).prop_map(|(inner, low, high)| {
                Distribution::Truncate {
                    low: inner.quantile(low),
                    high: inner.quantile(high),
                    inner: inner.into(),
                }
            }),
            (inner, prop_oneof![-3.0..-0.1, 0.1..3.0]).prop_map(|(inner, factor)| {
                Distribution::Scaled {
                    factor,
                    inner: inner.into(),
                }
            }),
        ]
    })
}

fn scaled(inner: Distribution, factor: f64) -> Distribution {
    Distribution::Scaled {
        factor,
        inner: inner.into(),
    }
}

proptest! {
    #[test]
    fn quantile_undoes_cdf(d in continuous(), factor in prop_oneof![Just(1.0), -3.0..-0.1], u in 0.001..0.999f64) {
        let d = scaled(d, factor);
        let x = d.quantile(u);
        prop_assert!((d.cdf(x) - u).abs() < 1e-9, "{d:?}: F({x}) = {} for u = {u}", d.cdf(x));
        let again = d.quantile(d.cdf(x));
        prop_assert!((again - x).abs() <= 1e-9 * x.abs().max(1.0), "{d:?}: {x} → {again}");
    }

    #[test]
    fn quantile_and_cdf_rise(d in any(), u in 0.0..=1.0f64, v in 0.0..=1.0f64) {
        let (u, v) = if u <= v { (u, v) } else { (v, u) };
        let (x, y) = (d.quantile(u), d.quantile(v));
        // The inverse by root finding is exact to rounding only.
        prop_assert!(x <= y + 1e-9 * y.abs().max(1.0), "{d:?}: q({u}) = {x} > q({v}) = {y}");
        prop_assert!(d.cdf(x.min(y)) <= d.cdf(y.max(x)) + 1e-12);
        let (low, high) = d.support();
        prop_assert!(low <= x && y <= high, "{d:?}: {x}, {y} outside {low}…{high}");
    }

    /// q(u) ≤ x exactly where u < F(x), for step functions.
    #[test]
    fn discrete_quantile_is_the_galois_inverse(
        d in discrete(), factor in prop_oneof![Just(1.0), -3.0..-0.1], u in 0.0..1.0f64, v in 0.0..1.0f64,
    ) {
        let d = scaled(d, factor);
        for x in [d.quantile(v), d.quantile(v) - 1e-6, d.quantile(v) + 1e-6] {
            prop_assert_eq!(d.quantile(u) <= x, u < d.cdf(x), "{:?} at {}, {}", d, u, x);
        }
    }

    /// The distribution function passes u at the quantile, also across atoms and gaps.
    #[test]
    fn quantile_is_where_the_cdf_passes(d in any(), u in 0.001..0.999f64) {
        let x = d.quantile(u);
        let step = 1e-8 * x.abs().max(1.0);
        prop_assert!(d.cdf(x + step) >= u - 1e-9, "{d:?}: F({x} + ε) = {} < {u}", d.cdf(x + step));
        prop_assert!(d.cdf(x - step) <= u + 1e-9, "{d:?}: F({x} − ε) = {} > {u}", d.cdf(x - step));
    }

    /// Mean and variance against the midpoint rule over the quantile.
    #[test]
    fn moments_agree_with_the_quantile(d in any()) {
        let n = 4000;
        let values: Vec<f64> = (0..n).map(|k| d.quantile((f64::from(k) + 0.5) / f64::from(n))).collect();
        let mean = values.iter().sum::<f64>() / f64::from(n);
        let variance = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / f64::from(n);
        let sd = d.variance().sqrt();
        // The rule leaves out the last 1/8000 of each tail: a lognormal's with σ = 2 holds several percent of the mean
        // and most of the variance.
        prop_assert!((mean - d.mean()).abs() <= 0.05 * sd + 1e-9 * mean.abs(), "{d:?}: {mean} against {}", d.mean());
        prop_assert!(variance <= 1.02 * d.variance() + 1e-9 * (1.0 + mean * mean));
    }
}

#[test]
fn known_values() {
    let close = |a: f64, b: f64| {
        assert!(
            (a - b).abs() <= 1e-12 * b.abs().max(1e-300),
            "{a} against {b}"
        )
    };
    close(
        Distribution::Normal {
            mean: 10.0,
            sd: 2.0,
        }
        .quantile(0.975),
        10.0 + 2.0 * 1.959_963_984_540_054,
    );
    close(
        Distribution::Lognormal {
            mu: 0.0,
            sigma: 1.0,
        }
        .quantile(0.05),
        0.19304081669873657,
    );
    close(
        Distribution::Normal { mean: 0.0, sd: 1.0 }.quantile(1e-12),
        -7.034_483_825_301_131,
    );
    let beta = |alpha, beta| Distribution::Beta {
        alpha,
        beta,
        a: 0.0,
        b: 1.0,
    };
    close(beta(2.0, 3.0).cdf(0.25), 0.26171875);
    assert!((beta(2.0, 3.0).quantile(0.26171875) / 0.25 - 1.0).abs() < 1e-12);
    close(beta(0.5, 0.5).cdf(0.1), 0.20483276469913345);
    assert!((beta(0.5, 0.5).quantile(0.20483276469913345) / 0.1 - 1.0).abs() < 1e-12);
    close(beta(5.4, 1.2).cdf(0.9), 0.6519406108332356);
    assert!((beta(5.4, 1.2).quantile(0.6519406108332356) / 0.9 - 1.0).abs() < 1e-12);
    close(beta(30.0, 70.0).cdf(0.35), 0.861575475866109);
    assert!((beta(30.0, 70.0).quantile(0.861575475866109) / 0.35 - 1.0).abs() < 1e-12);
    close(beta(1.8, 3.2).cdf(1e-06), 9.360154675544846e-11);
    assert!((beta(1.8, 3.2).quantile(9.360154675544846e-11) / 1e-06 - 1.0).abs() < 1e-12);
    close(beta(400.0, 600.0).cdf(0.41), 0.7414814534942454);
    assert!((beta(400.0, 600.0).quantile(0.7414814534942454) / 0.41 - 1.0).abs() < 1e-12);
    let discrete = Distribution::Discrete(vec![(1.0, 0.25), (2.0, 0.5), (5.0, 0.25)]);
    assert_eq!(
        [0.0, 0.2, 0.25, 0.74, 0.75, 1.0].map(|u| discrete.quantile(u)),
        [1.0, 1.0, 2.0, 2.0, 5.0, 5.0]
    );
    assert_eq!(scaled(discrete.clone(), -1.0).quantile(0.25), -2.0);
    assert_eq!(discrete.mean(), 2.5);
    let bernoulli = Distribution::Bernoulli { p: 0.25 };
    assert_eq!(
        [0.7, 0.75, 0.8].map(|u| bernoulli.quantile(u)),
        [0.0, 1.0, 1.0]
    );
    assert_eq!((bernoulli.mean(), bernoulli.variance()), (0.25, 0.1875));
}

#[test]
fn mixtures_know_their_atoms_and_gaps() {
    let gap = Distribution::Mixture(vec![
        (0.5, Distribution::Uniform { a: 0.0, b: 1.0 }),
        (0.5, Distribution::Uniform { a: 2.0, b: 3.0 }),
    ]);
    assert_eq!(gap.quantile(0.25), 0.5);
    assert_eq!(gap.quantile(0.5), 2.0);
    assert_eq!(gap.quantile(0.75), 2.5);
    assert_eq!(gap.cdf(1.5), 0.5);
    let atom = Distribution::Mixture(vec![
        (0.3, Distribution::Point(0.0)),
        (
            0.7,
            Distribution::Lognormal {
                mu: 1.0,
                sigma: 0.5,
            },
        ),
    ]);
    assert_eq!([0.0, 0.1, 0.29].map(|u| atom.quantile(u)), [0.0; 3]);
    assert!((atom.quantile(0.65) - 1f64.exp()).abs() < 1e-12);
    assert_eq!(atom.support(), (0.0, f64::INFINITY));
}

#[test]
fn truncation_is_precise_far_out() {
    // A normal beyond eight standard deviations is close to exponential: the median is ln 2 / 8 above, less O(1/8³).
    let tail = |low: f64, high: f64| Distribution::Truncate {
        inner: Distribution::Normal { mean: 0.0, sd: 1.0 }.into(),
        low,
        high,
    };
    let upper = tail(8.0, f64::INFINITY).quantile(0.5);
    let lower = tail(f64::NEG_INFINITY, -8.0).quantile(0.5);
    assert!((upper - 8.084_2).abs() < 1e-3, "{upper}");
    assert!((upper + lower).abs() < 1e-12);
}

#[test]
fn integrated_moments_match_closed_forms() {
    let normal = Distribution::Normal { mean: 3.0, sd: 2.0 };
    let whole = Distribution::Clamp {
        inner: normal.clone().into(),
        low: -1e9,
        high: 1e9,
    };
    assert!((whole.mean() - 3.0).abs() < 1e-12 && (whole.variance() - 4.0).abs() < 1e-11);
    // A half-normal: mean √(2/π), variance 1 − 2/π.
    let half = Distribution::Truncate {
        inner: Distribution::Normal { mean: 0.0, sd: 1.0 }.into(),
        low: 0.0,
        high: f64::INFINITY,
    };
    let pi = std::f64::consts::PI;
    assert!((half.mean() - (2.0 / pi).sqrt()).abs() < 1e-10);
    assert!((half.variance() - (1.0 - 2.0 / pi)).abs() < 1e-10);
    // max(Z, 0): mean 1/√(2π).
    let clamped = Distribution::Clamp {
        inner: Distribution::Normal { mean: 0.0, sd: 1.0 }.into(),
        low: 0.0,
        high: 1e9,
    };
    assert!((clamped.mean() - (0.5 / pi).sqrt()).abs() < 1e-12);
    // A logit-normal about ½ is symmetric.
    let symmetric = Distribution::LogitNormal {
        mu: 0.0,
        sigma: 1.7,
    };
    assert!((symmetric.mean() - 0.5).abs() < 1e-13);
}
