//! Arithmetic on a group of draws at once. Every operation is a plain loop over the lanes, so the compiler makes vector
//! instructions of it, and the bits do not depend on which.

pub(crate) use crate::draw::{LANES, Lanes};

use pulp::Simd;

use super::vector::Set;

/// All lanes equal.
#[inline(always)]
pub(crate) fn splat(value: f64) -> Lanes {
    Lanes::splat(value)
}

/// One operation in every lane.
#[inline(always)]
pub(crate) fn map(a: &Lanes, f: impl Fn(f64) -> f64) -> Lanes {
    // Loading all lanes first leaves the compiler no reason to branch around a load.
    let a = *a;
    let mut out = [0.0; LANES];
    for l in 0..LANES {
        out[l] = f(a[l]);
    }
    Lanes(out)
}

/// One operation on two operands in every lane.
#[inline(always)]
pub(crate) fn zip(a: &Lanes, b: &Lanes, f: impl Fn(f64, f64) -> f64) -> Lanes {
    let (a, b) = (*a, *b);
    let mut out = [0.0; LANES];
    for l in 0..LANES {
        out[l] = f(a[l], b[l]);
    }
    Lanes(out)
}

/// `a + b`
#[inline(always)]
pub(crate) fn add(a: &Lanes, b: &Lanes) -> Lanes {
    zip(a, b, |x, y| x + y)
}

/// `a − b`
#[inline(always)]
pub(crate) fn sub(a: &Lanes, b: &Lanes) -> Lanes {
    zip(a, b, |x, y| x - y)
}

/// `a · b`
#[inline(always)]
pub(crate) fn mul(a: &Lanes, b: &Lanes) -> Lanes {
    zip(a, b, |x, y| x * y)
}

/// `a / b`
#[inline(always)]
pub(crate) fn div(a: &Lanes, b: &Lanes) -> Lanes {
    zip(a, b, |x, y| x / y)
}

/// The smaller. Operands are never NaN.
#[inline(always)]
pub(crate) fn min(a: &Lanes, b: &Lanes) -> Lanes {
    zip(a, b, |x, y| if x < y { x } else { y })
}

/// The larger. Operands are never NaN.
#[inline(always)]
pub(crate) fn max(a: &Lanes, b: &Lanes) -> Lanes {
    zip(a, b, |x, y| if x > y { x } else { y })
}

/// `sum += a`
#[inline(always)]
pub(crate) fn accumulate(sum: &mut Lanes, a: &Lanes) {
    // By way of a copy, which measured faster than adding in place.
    *sum = add(sum, a);
}

/// `sum += a · b`
#[inline(always)]
pub(crate) fn accumulate_product(sum: &mut Lanes, a: &Lanes, b: &Lanes) {
    *sum = add(sum, &mul(a, b));
}

/// Smallest lane.
#[inline(always)]
pub(crate) fn smallest(a: &Lanes) -> f64 {
    a.iter()
        .fold(f64::INFINITY, |x, &y| if y < x { y } else { x })
}

/// Largest lane.
#[inline(always)]
pub(crate) fn largest(a: &Lanes) -> f64 {
    a.iter()
        .fold(f64::NEG_INFINITY, |x, &y| if y > x { y } else { x })
}

/// Whether any lane is above zero.
#[inline(always)]
pub(crate) fn any_positive(a: &Lanes) -> bool {
    a.iter().fold(false, |any, &x| any | (x > 0.0))
}

/// How a lag of `L` months (any L ≥ 0, one per lane) spreads one month over later ones: weight `max(0, 1 − |L − q|)` at
/// `q` months, which is `1 − f` at `k = ⌊L⌋` and `f` at `k + 1` (model §3).
#[derive(Debug, Clone)]
pub(crate) struct Lag {
    /// Months of delay of the first weight.
    pub(crate) first: usize,
    /// Weights at `first`, `first + 1`, …
    pub(crate) weights: Vec<Lanes>,
}

impl Lag {
    /// A lag without weights.
    pub(crate) fn empty() -> Self {
        Lag {
            first: 0,
            weights: Vec::new(),
        }
    }

    /// No lag: everything arrives in its own month.
    pub(crate) fn none() -> Self {
        Lag {
            first: 0,
            weights: vec![splat(1.0)],
        }
    }

    /// Sets the weights for the lags `months`, of which those beyond `horizon` months never arrive.
    #[inline(always)]
    pub(crate) fn set(&mut self, months: &Lanes, horizon: usize) {
        let longest = horizon as f64 + 1.0;
        let bounded = map(months, |l| if l < longest { l } else { longest });
        self.first = smallest(&bounded) as usize;
        let last = largest(&bounded) as usize + 1;
        self.weights.clear();
        for q in self.first..=last {
            let q = q as f64;
            self.weights.push(map(&bounded, |l| {
                let distance = if l > q { l - q } else { q - l };
                if distance < 1.0 { 1.0 - distance } else { 0.0 }
            }));
        }
    }

    /// `out[m] = Σ_q w_q · flow[m − q]`, where months before 0 hold `before`.
    /// Model eq. (14).
    #[inline(always)]
    pub(crate) fn pull<S: Simd, const K: usize>(
        &self,
        set: Set<S, K>,
        flow: &[Lanes],
        before: &Lanes,
        out: &mut [Lanes],
    ) {
        let taps = self.weights.len();
        // From this month on every source lies inside the flow.
        let whole = (self.first + taps).saturating_sub(1).min(out.len());
        for (m, value) in out[..whole].iter_mut().enumerate() {
            let mut sum = set.splat(0.0);
            for (i, weight) in self.weights.iter().enumerate() {
                let delay = self.first + i;
                let source = if delay <= m { &flow[m - delay] } else { before };
                sum = sum + set.load(weight) * set.load(source);
            }
            sum.store(value);
        }
        for (value, sources) in out[whole..].iter_mut().zip(flow.windows(taps.max(1))) {
            let mut sum = set.splat(0.0);
            for (weight, source) in self.weights.iter().zip(sources.iter().rev()) {
                sum = sum + set.load(weight) * set.load(source);
            }
            sum.store(value);
        }
    }
}
