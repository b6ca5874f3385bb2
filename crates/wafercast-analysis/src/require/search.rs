//! The least change that brings a probability to a level: bracketing and halving on a curve that is known point by point.

/// Halvings of a bracket at most.
const HALVINGS: usize = 12;

/// How far a change may go, and how finely it is told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reach {
    /// Largest size of a change.
    pub most: f64,
    /// Sizes closer than this are not told apart.
    pub finest: f64,
}

/// What a search found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Found {
    /// The level is reached at this change.
    At {
        /// The change.
        change: f64,
        /// Its standard error, from that of the probability over the slope of the curve.
        standard_error: f64,
    },
    /// No change within reach does it.
    Beyond {
        /// The change that comes nearest.
        nearest: f64,
        /// The probability there.
        probability: f64,
    },
}

/// A curve of probabilities over the size of a change in one direction, with the points that are known.
struct Curve<'a> {
    direction: f64,
    level: f64,
    /// ±1: towards the level.
    rises: f64,
    probability: &'a mut dyn FnMut(f64) -> f64,
    /// Size and probability, by size.
    points: Vec<(f64, f64)>,
}

impl Curve<'_> {
    fn at(&mut self, size: f64) -> f64 {
        match self.points.binary_search_by(|(s, _)| s.total_cmp(&size)) {
            Ok(place) => self.points[place].1,
            Err(place) => {
                let probability = (self.probability)(self.direction * size);
                self.points.insert(place, (size, probability));
                probability
            }
        }
    }

    fn reaches(&mut self, size: f64) -> bool {
        (self.at(size) - self.level) * self.rises >= 0.0
    }
}

/// Searches in the directions given (+1, −1) for the least change at which `probability`, which is `now` without a change,
/// crosses `level`. `guess` is a size to begin with; `error` is the standard error of a probability.
///
/// Between no change and the first size found beyond the level the curve is taken to cross once.
pub fn least_change(
    probability: &mut dyn FnMut(f64) -> f64,
    now: f64,
    level: f64,
    directions: &[f64],
    guess: f64,
    reach: Reach,
    error: f64,
) -> Found {
    let mut best: Option<Found> = None;
    for &direction in directions {
        let mut curve = Curve {
            direction,
            level,
            rises: if now < level { 1.0 } else { -1.0 },
            probability,
            points: vec![(0.0, now)],
        };
        let found = along(&mut curve, guess, reach, error);
        best = Some(match best {
            None => found,
            Some(other) => nearer(other, found, level),
        });
    }
    best.unwrap_or(Found::Beyond {
        nearest: 0.0,
        probability: now,
    })
}

/// The smaller of two changes, or the one that comes nearer.
fn nearer(a: Found, b: Found, level: f64) -> Found {
    let rank = |found: &Found| match found {
        Found::At { change, .. } => (0.0, change.abs()),
        Found::Beyond { probability, .. } => (1.0, (probability - level).abs()),
    };
    if rank(&b) < rank(&a) { b } else { a }
}

fn along(curve: &mut Curve, guess: f64, reach: Reach, error: f64) -> Found {
    let Some((mut low, mut high)) = bracket(curve, guess, reach) else {
        let level = curve.level;
        let (nearest, probability) = curve
            .points
            .iter()
            .copied()
            .min_by(|a, b| (a.1 - level).abs().total_cmp(&(b.1 - level).abs()))
            .unwrap_or((0.0, level));
        return Found::Beyond {
            nearest: curve.direction * nearest,
            probability,
        };
    };
    for _ in 0..HALVINGS {
        if high - low <= reach.finest {
            break;
        }
        let middle = 0.5 * (low + high);
        if curve.reaches(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    let (below, above) = (curve.at(low), curve.at(high));
    let share = if above == below {
        1.0
    } else {
        (curve.level - below) / (above - below)
    };
    Found::At {
        change: curve.direction * (low + (high - low) * share),
        standard_error: error / slope(curve, error, reach),
    }
}

/// Two sizes, of which the second reaches the level and the first does not.
fn bracket(curve: &mut Curve, guess: f64, reach: Reach) -> Option<(f64, f64)> {
    let mut high = guess.clamp(reach.finest, reach.most);
    if curve.reaches(high) {
        while high > reach.finest {
            let low = 0.5 * high;
            if !curve.reaches(low) {
                return Some((low, high));
            }
            high = low;
        }
        return Some((0.0, high));
    }
    while high < reach.most {
        let low = high;
        high = (2.0 * high).min(reach.most);
        if curve.reaches(high) {
            return Some((low, high));
        }
    }
    None
}

/// How steep the curve crosses the level, between the nearest known points that differ from it by more than the sampling
/// error; between the outermost ones if there are none.
fn slope(curve: &Curve, error: f64, reach: Reach) -> f64 {
    let off = |(_, p): &(f64, f64)| (p - curve.level) * curve.rises;
    let before = curve.points.iter().rev().find(|point| off(point) <= -error);
    let after = curve.points.iter().find(|point| off(point) >= error);
    let (first, last) = (curve.points.first(), curve.points.last());
    let (Some(a), Some(b)) = (before.or(first), after.or(last)) else {
        return f64::INFINITY;
    };
    let rise = ((b.1 - a.1) * curve.rises).max(0.0);
    (rise / (b.0 - a.0).max(reach.finest)).max(f64::MIN_POSITIVE)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REACH: Reach = Reach {
        most: 3.0,
        finest: 1e-6,
    };

    fn found(p: impl Fn(f64) -> f64, level: f64, guess: f64) -> Found {
        let now = p(0.0);
        least_change(&mut |x| p(x), now, level, &[1.0, -1.0], guess, REACH, 0.01)
    }

    #[test]
    fn crosses_where_the_curve_does() {
        for guess in [0.001, 0.1, 0.4, 3.0] {
            let Found::At {
                change,
                standard_error,
            } = found(|x| 0.3 + 0.25 * x, 0.5, guess)
            else {
                panic!("reached")
            };
            assert!((change - 0.8).abs() < 1e-3, "{change}");
            assert!((standard_error - 0.04).abs() < 1e-9, "{standard_error}");
        }
        // Downwards, from above the level.
        let Found::At { change, .. } = found(|x| 0.8 + 0.1 * x, 0.5, 0.5) else {
            panic!("reached")
        };
        assert!((change + 3.0).abs() < 1e-3, "{change}");
    }

    #[test]
    fn takes_the_shorter_way() {
        // Both more and less help, less sooner.
        let Found::At { change, .. } = found(|x| if x < 0.0 { -x } else { 0.4 * x }, 0.5, 0.1)
        else {
            panic!("reached")
        };
        assert!((change + 0.5).abs() < 1e-3, "{change}");
    }

    #[test]
    fn says_how_near_it_comes() {
        let curve = |x: f64| 0.2 + 0.1 * x.clamp(-1.0, 2.0);
        assert_eq!(
            found(curve, 0.5, 1.0),
            Found::Beyond {
                nearest: 2.0,
                probability: 0.4
            }
        );
    }
}
