//! Percentiles of a sample without sorting it.

/// The quantiles of `values` at `levels` in [0, 1], by linear interpolation between order statistics (Hyndman & Fan's type
/// 7, the usual default). Reorders `values`; takes time linear in their number for each new stretch between levels. NaN
/// for an empty sample or a level outside [0, 1].
pub fn percentiles(values: &mut [f64], levels: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..levels.len()).collect();
    order.sort_by(|&i, &j| levels[i].total_cmp(&levels[j]));
    let mut results = vec![f64::NAN; levels.len()];
    // Everything before `start` is known to be no larger than what follows.
    let mut start = 0;
    for index in order {
        let level = levels[index];
        if values.is_empty() || !(0.0..=1.0).contains(&level) {
            continue;
        }
        let position = level * (values.len() - 1) as f64;
        let whole = position as usize;
        let at = whole.max(start);
        let (_, &mut lower, above) =
            values[start..].select_nth_unstable_by(at - start, f64::total_cmp);
        let next = above
            .iter()
            .copied()
            .min_by(f64::total_cmp)
            .unwrap_or(lower);
        let fraction = position - whole as f64;
        results[index] = if fraction > 0.0 {
            lower + fraction * (next - lower)
        } else {
            lower
        };
        start = at;
    }
    results
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn equals_sorting(
            mut values in prop::collection::vec(-1e6..1e6f64, 1..200),
            levels in prop::collection::vec(0.0..=1.0f64, 0..8),
        ) {
            let mut sorted = values.clone();
            sorted.sort_by(f64::total_cmp);
            let expected: Vec<f64> = levels
                .iter()
                .map(|level| {
                    let position = level * (sorted.len() - 1) as f64;
                    let lower = sorted[position as usize];
                    let upper = sorted[(position as usize + 1).min(sorted.len() - 1)];
                    lower + (position - position.floor()) * (upper - lower)
                })
                .collect();
            prop_assert_eq!(percentiles(&mut values, &levels), expected);
        }
    }

    #[test]
    fn edges() {
        assert_eq!(
            percentiles(&mut [3.0, 1.0, 2.0], &[1.0, 0.0, 0.5, 0.5, 0.25]),
            [3.0, 1.0, 2.0, 2.0, 1.5]
        );
        assert!(percentiles(&mut [], &[0.5])[0].is_nan());
        assert!(percentiles(&mut [1.0], &[1.5])[0].is_nan());
        assert_eq!(percentiles(&mut [1.0], &[0.7]), [1.0]);
    }
}
