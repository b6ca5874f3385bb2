//! Shapley values of a game of a few players: exact over all coalitions, or by sampled orders. Either way the values are
//! linear in the worth of coalitions, and add up exactly to the worth of all less that of none.

use std::collections::BTreeMap;

/// Players of an exact attribution at most: 2⁶ coalitions.
pub const MOST_EXACT: usize = 6;
/// Players at most: coalitions are bit sets.
pub const MOST_PLAYERS: usize = 60;

/// Which coalitions are looked at, and how much each counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Design {
    players: usize,
    /// Coalitions as bit sets, ascending; the first is empty, the last has everybody.
    pub coalitions: Vec<u64>,
    /// Numerators of the coefficients by player: (place of a coalition, ± count).
    terms: Vec<Vec<(usize, i128)>>,
    /// Their common denominator.
    denominator: i128,
    /// Terms of each pair of orders, for the error of sampling them; empty where exact.
    pairs: Vec<Vec<Vec<(usize, i128)>>>,
}

impl Design {
    /// All orders, by way of all coalitions: `φᵢ = Σ |S|!(n−|S|−1)!/n! · (v(S ∪ i) − v(S))`.
    pub fn exact(players: usize) -> Design {
        let players = players.min(MOST_EXACT);
        let factorial = |n: usize| (1..=n as i128).product::<i128>();
        let coalitions: Vec<u64> = (0..1 << players).collect();
        let terms = (0..players)
            .map(|player| {
                coalitions
                    .iter()
                    .map(|&coalition| {
                        let others = (coalition & !(1 << player)).count_ones() as usize;
                        let weight = factorial(others) * factorial(players - others - 1);
                        let is_in = coalition >> player & 1 == 1;
                        (coalition as usize, if is_in { weight } else { -weight })
                    })
                    .collect()
            })
            .collect();
        Design {
            players,
            coalitions,
            terms,
            denominator: factorial(players),
            pairs: Vec::new(),
        }
    }

    /// Orders, each taken forwards and backwards (antithetic pairs, which cancel much of the sampling error; Mitchell,
    /// Cooper, Frank & Holmes 2022).
    pub fn sampled(players: usize, orders: &[Vec<usize>]) -> Design {
        let walk = |order: &mut dyn Iterator<Item = usize>| {
            let mut coalition = 0_u64;
            let mut steps = Vec::with_capacity(players);
            for player in order {
                let next = coalition | 1 << player;
                steps.push((player, coalition, next));
                coalition = next;
            }
            steps
        };
        let walks: Vec<[Vec<(usize, u64, u64)>; 2]> = orders
            .iter()
            .map(|order| {
                [
                    walk(&mut order.iter().copied()),
                    walk(&mut order.iter().rev().copied()),
                ]
            })
            .collect();
        let mut coalitions: Vec<u64> = walks
            .iter()
            .flatten()
            .flatten()
            .flat_map(|&(_, from, to)| [from, to])
            .collect();
        coalitions.push(0);
        coalitions.sort_unstable();
        coalitions.dedup();
        let place = |coalition: u64| coalitions.binary_search(&coalition).unwrap_or(0);
        let pairs: Vec<Vec<Vec<(usize, i128)>>> = walks
            .iter()
            .map(|pair| {
                let mut terms = vec![Vec::new(); players];
                for &(player, from, to) in pair.iter().flatten() {
                    terms[player].extend([(place(to), 1), (place(from), -1)]);
                }
                terms
            })
            .collect();
        let terms = (0..players)
            .map(|player| {
                let mut sums = BTreeMap::<usize, i128>::new();
                for (place, count) in pairs.iter().flat_map(|pair| &pair[player]) {
                    *sums.entry(*place).or_default() += count;
                }
                sums.into_iter().filter(|(_, count)| *count != 0).collect()
            })
            .collect();
        Design {
            players,
            denominator: 2 * orders.len().max(1) as i128,
            coalitions,
            terms,
            pairs,
        }
    }

    /// Number of players.
    pub fn players(&self) -> usize {
        self.players
    }

    /// Whether all orders are taken into account.
    pub fn is_exact(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Number of orders sampled; 0 where exact.
    pub fn orders(&self) -> usize {
        2 * self.pairs.len()
    }

    /// Coefficients of a player: places of coalitions, and how much their worth counts.
    pub fn coefficients(&self, player: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let denominator = self.denominator as f64;
        self.terms[player]
            .iter()
            .map(move |(place, count)| (*place, *count as f64 / denominator))
    }

    /// The standard error of a player's value that is due to the sampling of orders.
    pub fn order_error(&self, player: usize, worth: &[f64]) -> f64 {
        let values = self.pairs.iter().map(|pair| {
            let sum: f64 = pair[player]
                .iter()
                .map(|(place, count)| *count as f64 * worth[*place])
                .sum();
            sum / 2.0
        });
        crate::moments::Moments::of(values).standard_error()
    }

    /// The values of all players, and the worths of no one and of everybody, all multiples of one power of two so large
    /// that their sums are exact: the values add up to the difference of the two worths to the last bit, in any order.
    pub fn values(&self, worth: &[f64]) -> Values {
        let largest = worth.iter().fold(0.0_f64, |most, w| most.max(w.abs()));
        let quantum = quantum(largest);
        let grid: Vec<i128> = worth
            .iter()
            .map(|w| (w / quantum).round() as i128)
            .collect();
        let numerators: Vec<i128> = self
            .terms
            .iter()
            .map(|terms| {
                terms
                    .iter()
                    .map(|(place, count)| count * grid[*place])
                    .sum()
            })
            .collect();
        let mut values: Vec<i128> = numerators
            .iter()
            .map(|numerator| numerator.div_euclid(self.denominator))
            .collect();
        // What is lost by rounding down is a whole number of quanta; it goes to the largest remainders.
        let remainders: Vec<i128> = numerators
            .iter()
            .map(|numerator| numerator.rem_euclid(self.denominator))
            .collect();
        let lost = remainders.iter().sum::<i128>() / self.denominator;
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by_key(|player| std::cmp::Reverse(remainders[*player]));
        for player in order.into_iter().take(lost.max(0) as usize) {
            values[player] += 1;
        }
        let real = |whole: i128| whole as f64 * quantum;
        Values {
            none: grid.first().map_or(0.0, |w| real(*w)),
            all: grid.last().map_or(0.0, |w| real(*w)),
            players: values.into_iter().map(real).collect(),
        }
    }
}

/// Shapley values that add up exactly.
#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    /// Worth of no one.
    pub none: f64,
    /// Worth of everybody.
    pub all: f64,
    /// Value of each player.
    pub players: Vec<f64>,
}

/// A power of two, 2⁻⁴⁴ of the largest worth: fine enough to be lost in rounding for people, coarse enough that sums over
/// sixty players stay below 2⁵³ of it.
fn quantum(largest: f64) -> f64 {
    const BITS: i32 = 44;
    if largest == 0.0 || !largest.is_finite() {
        return 1.0;
    }
    libm::ldexp(1.0, libm::ilogb(largest) - BITS)
}

/// Orders of players from a stream of uniform numbers (Fisher and Yates).
pub fn orders(players: usize, count: usize, mut uniform: impl FnMut() -> f64) -> Vec<Vec<usize>> {
    (0..count)
        .map(|_| {
            let mut order: Vec<usize> = (0..players).collect();
            for last in (1..players).rev() {
                let chosen = (uniform() * (last + 1) as f64) as usize;
                order.swap(last, chosen.min(last));
            }
            order
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A little generator for tests (Knuth's MMIX constants).
    fn noise(seed: u64) -> impl FnMut() -> f64 {
        let mut state = seed;
        move || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        }
    }

    #[test]
    fn the_glove_game() {
        // One left and two right gloves: the left one gets 2/3, the right ones 1/6 each (Shapley & Shubik 1969).
        let design = Design::exact(3);
        let worth: Vec<f64> = design
            .coalitions
            .iter()
            .map(|c| if c & 1 == 1 && c & 6 != 0 { 6.0 } else { 0.0 })
            .collect();
        let values = design.values(&worth);
        for (value, exact) in values.players.iter().zip([4.0, 1.0, 1.0]) {
            assert!((value - exact).abs() < 1e-12, "{values:?}");
        }
    }

    #[test]
    fn interactions_are_shared_equally() {
        // v = Σ a_i + Π: each gets its own and an equal part of the product.
        for players in 1..=MOST_EXACT {
            let design = Design::exact(players);
            let worth: Vec<f64> = design
                .coalitions
                .iter()
                .map(|c| {
                    let own: f64 = (0..players)
                        .filter(|i| c >> i & 1 == 1)
                        .map(|i| 1.5 * i as f64)
                        .sum();
                    let all = c.count_ones() as usize == players;
                    own + if all { 12.0 } else { 0.0 }
                })
                .collect();
            let values = design.values(&worth);
            for (player, value) in values.players.iter().enumerate() {
                let exact = 1.5 * player as f64 + 12.0 / players as f64;
                assert!((value - exact).abs() < 1e-10, "{players} {player} {value}");
            }
        }
    }

    /// Random games, of all sizes and scales, exact and sampled: forwards, backwards and from the middle the parts sum to
    /// the whole.
    #[test]
    fn values_add_up_to_the_last_bit() {
        let mut uniform = noise(7);
        for round in 0..600 {
            let players = 1 + round % 12;
            let design = if players <= MOST_EXACT && round % 2 == 0 {
                Design::exact(players)
            } else {
                let drawn = orders(players, 1 + round % 5, &mut uniform);
                Design::sampled(players, &drawn)
            };
            let scale = libm::exp(40.0 * (uniform() - 0.5));
            let worth: Vec<f64> = design
                .coalitions
                .iter()
                .map(|_| scale * (uniform() - 0.3))
                .collect();
            let values = design.values(&worth);
            let total = values.all - values.none;
            let forwards: f64 = values.players.iter().sum();
            let backwards: f64 = values.players.iter().rev().sum();
            let (left, right) = values.players.split_at(players / 2);
            let middle = right.iter().sum::<f64>() + left.iter().sum::<f64>();
            for sum in [forwards, backwards, middle] {
                assert_eq!(sum.to_bits(), total.to_bits(), "{players} players");
            }
            let all = worth[worth.len() - 1];
            assert!((values.all - all).abs() <= 1e-12 * scale);
        }
    }

    #[test]
    fn sampled_orders_come_near_the_exact_values() {
        let mut uniform = noise(3);
        let exact = Design::exact(5);
        let worth_of = |c: u64| {
            let n = f64::from(c.count_ones());
            // Antithetic pairs are exact up to squares.
            n * n * n + f64::from(c as u32 & 3) * n * n
        };
        let worth: Vec<f64> = exact.coalitions.iter().map(|c| worth_of(*c)).collect();
        let right = exact.values(&worth);
        let sampled = Design::sampled(5, &orders(5, 200, &mut uniform));
        let worth: Vec<f64> = sampled.coalitions.iter().map(|c| worth_of(*c)).collect();
        let found = sampled.values(&worth);
        for player in 0..5 {
            let error = sampled.order_error(player, &worth);
            let apart = (found.players[player] - right.players[player]).abs();
            println!("{apart:.3} ± {error:.3}");
            assert!(apart <= 4.0 * error.max(1e-9));
        }
        assert!((0..5).any(|player| sampled.order_error(player, &worth) > 0.0));
    }
}
