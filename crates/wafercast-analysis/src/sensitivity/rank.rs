//! Rank correlation of draws.

/// Ranks of a column, shifted and scaled to mean 0 and sum of squares 1; equal values share their mean rank. Zeros if all
/// are equal.
pub fn standardised_ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<u32> = (0..values.len() as u32).collect();
    order.sort_unstable_by(|a, b| {
        values[*a as usize]
            .total_cmp(&values[*b as usize])
            .then(a.cmp(b))
    });
    let centre = (values.len() as f64 - 1.0) / 2.0;
    let mut ranks = vec![0.0; values.len()];
    let mut squares = 0.0;
    let mut start = 0;
    while start < order.len() {
        let value = values[order[start] as usize];
        let end = start
            + order[start..]
                .iter()
                .take_while(|index| values[**index as usize] == value)
                .count()
                .max(1);
        let rank = (start + end - 1) as f64 / 2.0 - centre;
        for index in &order[start..end] {
            ranks[*index as usize] = rank;
        }
        squares += rank * rank * (end - start) as f64;
        start = end;
    }
    if squares > 0.0 {
        let scale = 1.0 / squares.sqrt();
        for rank in &mut ranks {
            *rank *= scale;
        }
    }
    ranks
}

/// Spearman's rank correlation of two columns of [`standardised_ranks`].
pub fn correlation(first: &[f64], second: &[f64]) -> f64 {
    first.iter().zip(second).map(|(a, b)| a * b).sum()
}

/// Standard error of Spearman's ρ from n independent draws: that of Fisher's z by Bonett & Wright (2000),
/// `√((1 + ρ²/2)/(n − 3))`, times `1 − ρ²`. Latin hypercube draws err less.
pub fn standard_error(correlation: f64, draws: usize) -> f64 {
    let square = (correlation * correlation).min(1.0);
    ((1.0 + square / 2.0) / (draws as f64 - 3.0).max(1.0)).sqrt() * (1.0 - square)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wafercast::draw::Stream;
    use wafercast::scenario::Design;

    #[test]
    fn ties_share_their_rank() {
        let ranks = standardised_ranks(&[3.0, 1.0, 3.0, 0.0]);
        // Ranks 2.5, 1, 2.5, 0 about 1.5; sum of squares 4.5.
        let scale = 1.0 / 4.5f64.sqrt();
        for (rank, expected) in ranks.iter().zip([1.0, -0.5, 1.0, -1.5]) {
            assert!((rank - expected * scale).abs() < 1e-12, "{ranks:?}");
        }
        assert_eq!(standardised_ranks(&[2.0; 5]), [0.0; 5]);
        assert!(standardised_ranks(&[]).is_empty());
    }

    #[test]
    fn one_for_rising_and_minus_one_for_falling() {
        let x: Vec<f64> = (0..50).map(f64::from).collect();
        let up: Vec<f64> = x.iter().map(|x| x * x * x).collect();
        let down: Vec<f64> = x.iter().map(|x| -x).collect();
        let ranks = [&x, &up, &down].map(|column| standardised_ranks(column));
        assert!((correlation(&ranks[0], &ranks[1]) - 1.0).abs() < 1e-12);
        assert!((correlation(&ranks[0], &ranks[2]) + 1.0).abs() < 1e-12);
    }

    /// Bivariate normal: ρ_S = (6/π)·asin(ρ/2), and the errors over replicates are as large as stated.
    #[test]
    fn bivariate_normal() {
        let rho: f64 = 0.6;
        let expected = 6.0 / std::f64::consts::PI * libm::asin(rho / 2.0);
        let (draws, replicates) = (500, 60);
        let mut squares = 0.0;
        for seed in 0..replicates {
            let score =
                |name: &str, i| Stream::new(seed, name, Design::Random, draws).normal_score(i);
            let x: Vec<f64> = (0..draws).map(|i| score("x", i)).collect();
            let y: Vec<f64> = (0..draws)
                .map(|i| rho * x[i as usize] + (1.0 - rho * rho).sqrt() * score("y", i))
                .collect();
            let found = correlation(&standardised_ranks(&x), &standardised_ranks(&y));
            let z = (found - expected) / standard_error(expected, draws as usize);
            assert!(z.abs() < 4.5, "seed {seed}: {z} standard errors");
            squares += z * z / replicates as f64;
        }
        // Mean square of 60 standard normals: 1 ± 0.18.
        assert!((0.5..1.6).contains(&squares), "{squares}");
    }
}
