//! The root of a falling function of one variable, by Newton's steps inside a bracket where its slope is known and by
//! false position where it is not.

const MAX_STEPS: usize = 200;
/// As near as the rounding of a logarithm of a yield lets it come.
const CLOSE: f64 = 1e-14;
/// A Newton step this short lands on the root to rounding: its error is about the step's square.
const SHORT_STEP: f64 = 1e-8;

/// Solves `f = 0` in `[low, low + widest]`, where f is not negative at `low`; without `widest` the bracket is found by
/// doubling steps. `f` gives its value and its slope, NaN where that is not known.
pub fn solve(f: impl Fn(f64) -> (f64, f64), (low, widest): (f64, Option<f64>)) -> f64 {
    let mut a = low;
    let mut fa = None;
    let mut step = widest.unwrap_or(0.25);
    let mut b = a + step;
    let (mut fb, mut slope) = f(b);
    while fb > 0.0 {
        (a, fa) = (b, Some(fb));
        step *= 2.0;
        b += step;
        (fb, slope) = f(b);
    }
    let mut x = b;
    let mut fx = fb;
    for _ in 0..MAX_STEPS {
        if fx.abs() <= CLOSE || slope.is_nan() {
            break;
        }
        let newton = x - fx / slope;
        let is_inside = newton >= a && newton <= b;
        if is_inside && (newton - x).abs() <= SHORT_STEP {
            return newton;
        }
        x = if is_inside { newton } else { a + (b - a) / 2.0 };
        (fx, slope) = f(x);
        if fx > 0.0 {
            (a, fa) = (x, Some(fx));
        } else {
            (b, fb) = (x, fx);
        }
    }
    if fx.abs() <= CLOSE {
        return x;
    }
    let fa = fa.unwrap_or_else(|| f(a).0);
    false_position(|x| f(x).0, (a, fa), (b, fb))
}

/// False position with the Illinois weighting, bisecting where that leaves the bracket.
fn false_position(
    f: impl Fn(f64) -> f64,
    (mut a, mut fa): (f64, f64),
    (mut b, mut fb): (f64, f64),
) -> f64 {
    if fa.is_nan() || fa <= 0.0 {
        return a;
    }
    let mut kept_side = 0_i8;
    for _ in 0..MAX_STEPS {
        let mut c = (a * fb - b * fa) / (fb - fa);
        if !(c > a && c < b) {
            c = a + (b - a) / 2.0;
        }
        let fc = f(c);
        if fc.abs() <= CLOSE || b - a <= CLOSE {
            return c;
        }
        if fc > 0.0 {
            (a, fa) = (c, fc);
            if kept_side == 1 {
                fb /= 2.0;
            }
            kept_side = 1;
        } else {
            (b, fb) = (c, fc);
            if kept_side == -1 {
                fa /= 2.0;
            }
            kept_side = -1;
        }
    }
    a + (b - a) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_find_the_root_with_and_without_a_bracket() {
        let cubic = |x: f64| (8.0 - x * x * x, -3.0 * x * x);
        let without_slope = |x: f64| (cubic(x).0, f64::NAN);
        for widest in [Some(3.0), None] {
            assert!((solve(cubic, (0.5, widest)) - 2.0).abs() < 1e-13);
            assert!((solve(without_slope, (0.5, widest)) - 2.0).abs() < 1e-13);
        }
    }

    #[test]
    fn a_step_that_leaves_the_bracket_is_not_taken() {
        // Flat at the right end: Newton's step from there would go far to the left.
        let knee = |x: f64| {
            (
                -libm::atan(5.0 * (x - 1.0)),
                -5.0 / (1.0 + 25.0 * (x - 1.0) * (x - 1.0)),
            )
        };
        assert!((solve(knee, (0.0, Some(10.0))) - 1.0).abs() < 1e-12);
    }
}
