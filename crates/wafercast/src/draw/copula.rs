//! Rank correlation between quantities by a Gaussian copula: the quantities keep their own distributions, their normal
//! scores are made correlated.

use super::{LANES, Lanes};
use std::collections::{BTreeMap, BTreeSet};
use std::f64::consts::FRAC_PI_6;

/// A pivot of the factorisation at or below this counts as not positive.
const LEAST_PIVOT: f64 = 1e-12;

/// The declared correlations contradict one another (or one is ±1): no joint distribution has them.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("the correlations of {} pairs cannot all hold: their matrix is not positive definite", pairs.len())]
pub struct NotPositiveDefinite {
    /// The declared pairs among a smallest set of quantities whose matrix is not positive definite: leaving out any one
    /// quantity of them makes it so. A pair that is not declared counts as uncorrelated.
    pub pairs: Vec<(usize, usize)>,
}

/// The correlations of a set of quantities, split into connected components. Quantities in no pair are in no component.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Copula {
    components: Vec<Component>,
}

/// Quantities connected by correlations.
#[derive(Debug, Clone, PartialEq)]
pub struct Component {
    members: Vec<usize>,
    /// Cholesky factor of the correlation matrix of the scores: the lower triangle by rows.
    factor: Vec<f64>,
}

impl Copula {
    /// Correlates quantities `0 … n−1`, given pairs with Spearman's rank correlation, −1 < ρ < 1. The correlation of the
    /// normal scores is `2·sin(π·ρ/6)`. Of a pair declared twice the last holds; a pair of a quantity with itself or with
    /// one beyond `n` is left out.
    ///
    /// # Errors
    /// [`NotPositiveDefinite`] with the offending pairs.
    /// Model eq. (10).
    pub fn new(n: usize, pairs: &[(usize, usize, f64)]) -> Result<Copula, NotPositiveDefinite> {
        let correlations: BTreeMap<(usize, usize), f64> = pairs
            .iter()
            .filter(|&&(i, j, _)| i != j && i < n && j < n)
            .map(|&(i, j, rank)| ((i.min(j), i.max(j)), 2.0 * libm::sin(FRAC_PI_6 * rank)))
            .collect();
        let mut components = Vec::new();
        for members in connected(&correlations) {
            match cholesky(&members, &correlations) {
                Some(factor) => components.push(Component { members, factor }),
                None => {
                    return Err(NotPositiveDefinite {
                        pairs: offending(members, &correlations),
                    });
                }
            }
        }
        Ok(Copula { components })
    }

    /// The components, in order of their first member.
    pub fn components(&self) -> &[Component] {
        &self.components
    }

    /// Correlates independent normal scores in place; `scores[q]` are those of quantity q. What is in no pair is untouched.
    pub fn apply(&self, scores: &mut [Lanes]) {
        let mut gathered = Vec::new();
        for component in &self.components {
            gathered.clear();
            gathered.extend(component.members.iter().map(|&q| scores[q]));
            component.apply(&mut gathered);
            for (&q, z) in component.members.iter().zip(&gathered) {
                scores[q] = *z;
            }
        }
    }
}

impl Component {
    /// The quantities, in rising order. The scores of the first stay as they are.
    pub fn members(&self) -> &[usize] {
        &self.members
    }

    /// Correlates independent normal scores in place; `scores[k]` are those of `members()[k]`.
    #[inline(always)]
    pub fn apply(&self, scores: &mut [Lanes]) {
        let mut row_start = self.factor.len();
        // From the last row up, so that the rows above still find independent scores.
        for row in (0..self.members.len().min(scores.len())).rev() {
            row_start -= row + 1;
            let mut sum = [0.0; LANES];
            for (&l, z) in self.factor[row_start..=row_start + row]
                .iter()
                .zip(scores.iter())
            {
                for lane in 0..LANES {
                    sum[lane] += l * z[lane];
                }
            }
            scores[row] = Lanes(sum);
        }
    }
}

/// Coefficients of the path copula with correlation `rho_month^|Δt|` between anchors: with independent normal scores e,
/// `z[0] = e[0]`, `z[k] = c[k].0·z[k−1] + c[k].1·e[k]`. `positions` in months, strictly increasing; 0 ≤ `rho_month` ≤ 1.
/// Model eq. (7).
pub fn path_coefficients(
    rho_month: f64,
    positions: impl IntoIterator<Item = f64>,
) -> Vec<(f64, f64)> {
    let mut last = None;
    positions
        .into_iter()
        .map(|t| {
            let Some(before) = last.replace(t) else {
                return (0.0, 1.0);
            };
            if rho_month <= 0.0 {
                return (0.0, 1.0);
            }
            let exponent = libm::log(rho_month.min(1.0)) * (t - before);
            (libm::exp(exponent), (-libm::expm1(2.0 * exponent)).sqrt())
        })
        .collect()
}

/// The sets of quantities connected by pairs, each in rising order.
fn connected(correlations: &BTreeMap<(usize, usize), f64>) -> Vec<Vec<usize>> {
    let mut neighbours: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for &(i, j) in correlations.keys() {
        neighbours.entry(i).or_default().push(j);
        neighbours.entry(j).or_default().push(i);
    }
    let mut seen = BTreeSet::new();
    let mut components = Vec::new();
    for &start in neighbours.keys() {
        if !seen.insert(start) {
            continue;
        }
        let mut members = vec![start];
        let mut next = 0;
        while next < members.len() {
            for &q in &neighbours[&members[next]] {
                if seen.insert(q) {
                    members.push(q);
                }
            }
            next += 1;
        }
        members.sort_unstable();
        components.push(members);
    }
    components
}

/// The Cholesky factor of the members' correlation matrix, or `None` where it is not positive definite.
fn cholesky(members: &[usize], correlations: &BTreeMap<(usize, usize), f64>) -> Option<Vec<f64>> {
    let at = |i: usize, j: usize| i * (i + 1) / 2 + j;
    let mut factor = Vec::with_capacity(at(members.len(), 0));
    for i in 0..members.len() {
        for j in 0..=i {
            let entry = match i == j {
                true => 1.0,
                false => correlations
                    .get(&(members[j], members[i]))
                    .copied()
                    .unwrap_or(0.0),
            };
            let rest = (0..j).fold(entry, |rest, k| rest - factor[at(i, k)] * factor[at(j, k)]);
            if i != j {
                factor.push(rest / factor[at(j, j)]);
            } else if rest > LEAST_PIVOT {
                factor.push(rest.sqrt());
            } else {
                return None;
            }
        }
    }
    Some(factor)
}

/// The pairs among a smallest part of `members` whose matrix is not positive definite: a contradicting pair or triple if
/// there is one, else what is left when quantities are dropped one by one for as long as the contradiction stays.
fn offending(
    mut members: Vec<usize>,
    correlations: &BTreeMap<(usize, usize), f64>,
) -> Vec<(usize, usize)> {
    let contradicts = |set: &[usize]| cholesky(set, correlations).is_none();
    let pair = correlations
        .keys()
        .map(|&(i, j)| vec![i, j])
        .find(|set| contradicts(set));
    let triple = || {
        let with_third = correlations
            .keys()
            .flat_map(|&(i, j)| members.iter().map(move |&k| [i, j, k]));
        with_third
            .filter(|&[i, j, k]| k != i && k != j)
            .map(Vec::from)
            .find(|set| {
                let mut sorted = set.clone();
                sorted.sort_unstable();
                contradicts(&sorted)
            })
    };
    match pair.or_else(triple) {
        Some(set) => members = set,
        None => {
            for q in members.clone() {
                let without: Vec<usize> = members.iter().copied().filter(|&m| m != q).collect();
                if contradicts(&without) {
                    members = without;
                }
            }
        }
    }
    correlations
        .keys()
        .copied()
        .filter(|(i, j)| members.contains(i) && members.contains(j))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::Stream;
    use crate::scenario::Design;

    fn scores(names: &[&str], draws: u64) -> Vec<Vec<Lanes>> {
        let streams: Vec<Stream> = names
            .iter()
            .map(|name| Stream::new(1, name, Design::Random, draws))
            .collect();
        (0..draws / LANES as u64)
            .map(|block| {
                streams
                    .iter()
                    .map(|s| s.normal_scores(block * LANES as u64))
                    .collect()
            })
            .collect()
    }

    /// Spearman's rank correlation of normal scores, from the correlation of their Φ.
    fn rank_correlation(blocks: &[Vec<Lanes>], i: usize, j: usize) -> f64 {
        let centred = |z: f64| crate::draw::kernel::normal_cdf(z) - 0.5;
        let n = (blocks.len() * LANES) as f64;
        let products = blocks
            .iter()
            .flat_map(|b| (0..LANES).map(|lane| centred(b[i][lane]) * centred(b[j][lane])));
        12.0 * products.sum::<f64>() / n
    }

    #[test]
    fn realises_rank_correlations_and_leaves_the_rest() {
        let before = scores(&["a", "b", "c", "d", "e"], 80_000);
        let copula = Copula::new(5, &[(3, 0, 0.7), (0, 4, -0.4), (3, 4, 0.1)]).unwrap();
        assert_eq!(copula.components().len(), 1);
        assert_eq!(copula.components()[0].members(), [0, 3, 4]);
        let mut after = before.clone();
        for block in &mut after {
            copula.apply(block);
        }
        for (pair, rank) in [((0, 3), 0.7), ((0, 4), -0.4), ((3, 4), 0.1), ((1, 3), 0.0)] {
            let measured = rank_correlation(&after, pair.0, pair.1);
            assert!((measured - rank).abs() < 0.015, "{pair:?}: {measured}");
        }
        for (a, b) in after.iter().zip(&before) {
            assert_eq!((a[0], a[1], a[2]), (b[0], b[1], b[2]));
        }
    }

    #[test]
    fn unrelated_quantities_change_nothing() {
        let small = Copula::new(3, &[(0, 1, 0.5), (1, 2, 0.3)]).unwrap();
        // The same three among others, which have a correlation of their own.
        let large = Copula::new(9, &[(2, 5, 0.5), (5, 8, 0.3), (0, 1, -0.9)]).unwrap();
        let z: Vec<Lanes> = (0..9)
            .map(|q| Lanes::from_fn(|lane| (q * 8 + lane) as f64 * 0.1 - 3.0))
            .collect();
        let mut three = vec![z[2], z[5], z[8]];
        let mut nine = z.clone();
        small.apply(&mut three);
        large.apply(&mut nine);
        assert_eq!(three, [nine[2], nine[5], nine[8]]);
        assert_eq!(nine[3], z[3]);
    }

    #[test]
    fn names_the_contradiction() {
        // 0–1–2 contradict one another, the others hang on.
        let pairs = [
            (5, 0, 0.3),
            (0, 1, 0.9),
            (1, 2, 0.9),
            (0, 2, -0.5),
            (2, 3, 0.2),
            (3, 4, 0.2),
        ];
        let error = Copula::new(6, &pairs).unwrap_err();
        assert_eq!(error.pairs, [(0, 1), (0, 2), (1, 2)]);
        // A whole correlation is a contradiction of its own.
        assert_eq!(
            Copula::new(4, &[(0, 1, 0.2), (1, 3, 1.0)])
                .unwrap_err()
                .pairs,
            [(1, 3)]
        );
        // Four quantities that exclude one another pairwise, in every triple possible: ρ = −0.4 < −1/3.
        let four: Vec<_> = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
            .map(|(i, j)| (i, j, -0.4))
            .into();
        let mut with_more = four.clone();
        with_more.push((3, 4, 0.1));
        assert_eq!(Copula::new(5, &with_more).unwrap_err().pairs.len(), 6);
    }

    #[test]
    fn path_correlation_falls_with_distance() {
        let positions = [0.0, 3.0, 4.0, 16.0];
        let c = path_coefficients(0.9, positions);
        // Correlation of anchors j < k: the product of the coefficients between.
        for j in 0..4 {
            for k in j..4 {
                let product: f64 = c[j + 1..=k].iter().map(|c| c.0).product();
                assert!((product - libm::pow(0.9, positions[k] - positions[j])).abs() < 1e-14);
            }
        }
        assert!(
            c.iter()
                .all(|c| (c.0 * c.0 + c.1 * c.1 - 1.0).abs() < 1e-14)
        );
        assert_eq!(path_coefficients(1.0, [0.0, 5.0]), [(0.0, 1.0), (1.0, 0.0)]);
        assert_eq!(path_coefficients(0.0, [0.0, 5.0]), [(0.0, 1.0), (0.0, 1.0)]);
    }
}
