//! Roots of rising functions by bracketing.

/// An interval with the root inside.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bracket {
    pub low: f64,
    pub high: f64,
}

/// The root of a rising function in a bracket, by Chandrupatla's method (1997): inverse quadratic interpolation where the
/// three last points allow it, bisection elsewhere. Where the function does not change sign, the end nearer to zero. Values
/// may be infinite.
pub(crate) fn find_root(f: impl Fn(f64) -> f64, bracket: Bracket) -> f64 {
    let (mut a, mut b) = (bracket.low, bracket.high);
    let (mut fa, mut fb) = (f(a), f(b));
    if fa >= 0.0 {
        return a;
    }
    if fb <= 0.0 {
        return b;
    }
    let mut t = 0.5;
    for _ in 0..200 {
        let x = a + t * (b - a);
        let fx = f(x);
        // The root lies between x and the end with the other sign; c is the end that is left behind.
        let (c, fc) = if (fx > 0.0) == (fa > 0.0) {
            (a, fa)
        } else {
            (b, fb)
        };
        if (fx > 0.0) != (fa > 0.0) {
            (b, fb) = (a, fa);
        }
        (a, fa) = (x, fx);
        let best = if fa.abs() < fb.abs() { a } else { b };
        let tolerance = 2.0 * f64::EPSILON * best.abs() + f64::MIN_POSITIVE;
        let least = 0.5 * tolerance / (b - a).abs();
        if least > 0.5 || fa == 0.0 {
            return best;
        }
        let xi = (a - b) / (c - b);
        let phi = (fa - fb) / (fc - fb);
        let quadratic = phi * phi < xi && (1.0 - phi) * (1.0 - phi) < 1.0 - xi;
        t = match quadratic {
            true => {
                fa / (fb - fa) * fc / (fb - fc)
                    + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
            }
            false => 0.5,
        };
        t = if t.is_finite() {
            t.clamp(least, 1.0 - least)
        } else {
            0.5
        };
    }
    if fa.abs() < fb.abs() { a } else { b }
}
