//! A polynomial of the uniforms that stands in for a model where its moments are known: a control variate.
//!
//! The polynomials are Legendre's, scaled to be orthonormal on (0, 1): a coefficient's square is its share of the
//! variance (Sudret 2008).

use wafercast::draw::{LANES, Lanes};

use super::linear_algebra::Factor;

/// Degrees of polynomials of one coordinate, where there are few coordinates and where there are many.
const DEGREES_FEW: usize = 12;
const DEGREES_MANY: usize = 4;
/// Up to so many coordinates, polynomials of pairs are used too.
const FEW: usize = 6;
/// Points for each polynomial that is taken in, at least.
const POINTS_PER_TERM: f64 = 16.0;
/// Times that polynomials are taken in.
const ROUNDS: usize = 3;
/// A variance below this share is rounding.
const NO_VARIANCE: f64 = 1e-24;

/// One polynomial of one or two coordinates: (coordinate, degree) each.
#[derive(Debug, Clone, Copy)]
struct Term {
    first: (usize, usize),
    second: Option<(usize, usize)>,
}

/// The polynomials that are looked at.
#[derive(Debug)]
pub struct Basis {
    degrees: usize,
    terms: Vec<Term>,
}

/// The polynomials of one coordinate each at a group of points.
#[derive(Debug, Clone)]
pub struct Powers {
    degrees: usize,
    /// `[coordinate][degree − 1]`
    values: Vec<Lanes>,
}

impl Powers {
    fn at(&self, (coordinate, degree): (usize, usize)) -> &Lanes {
        &self.values[coordinate * self.degrees + degree - 1]
    }
}

impl Basis {
    /// For so many coordinates.
    pub fn new(coordinates: usize) -> Basis {
        let few = coordinates <= FEW;
        let degrees = if few { DEGREES_FEW } else { DEGREES_MANY };
        let mut terms: Vec<Term> = (0..coordinates)
            .flat_map(|c| (1..=degrees).map(move |degree| (c, degree)))
            .map(|first| Term {
                first,
                second: None,
            })
            .collect();
        if few {
            for c in 0..coordinates {
                for other in c + 1..coordinates {
                    for degree in 1..degrees {
                        for of_other in 1..=degrees - degree {
                            terms.push(Term {
                                first: (c, degree),
                                second: Some((other, of_other)),
                            });
                        }
                    }
                }
            }
        }
        Basis { degrees, terms }
    }

    /// The polynomials of each coordinate at a group of points.
    pub fn powers(&self, uniforms: &[Lanes]) -> Powers {
        let mut values = Vec::with_capacity(uniforms.len() * self.degrees);
        for u in uniforms {
            let x = u.map(|u| 2.0 * u - 1.0);
            let (mut before, mut here) = (Lanes::splat(1.0), x);
            for degree in 1..=self.degrees {
                let k = degree as f64;
                let scale = (2.0 * k + 1.0).sqrt();
                values.push(here.map(|p| p * scale));
                let next = Lanes::from_fn(|lane| {
                    ((2.0 * k + 1.0) * x[lane] * here[lane] - k * before[lane]) / (k + 1.0)
                });
                (before, here) = (here, next);
            }
        }
        Powers {
            degrees: self.degrees,
            values,
        }
    }

    /// The polynomial that fits an output at many points (in groups).
    ///
    /// Polynomials on which what is left over projects more than chance would make any of them do are taken in, at most
    /// one per [`POINTS_PER_TERM`] points and the largest first; then all are fitted together by least squares; and again,
    /// as what is left over becomes smaller.
    pub fn fit(&self, powers: &[Powers], values: &[Lanes]) -> Surrogate {
        let n = (values.len() * LANES) as f64;
        let mean = values.iter().flat_map(|y| y.iter()).sum::<f64>() / n.max(1.0);
        let mut surrogate = Surrogate {
            mean,
            kept: Vec::new(),
        };
        let mut rest: Vec<Lanes> = values.iter().map(|y| y.map(|y| y - mean)).collect();
        let scale: f64 = rest.iter().map(|r| dot(r, r)).sum::<f64>() / n.max(1.0);
        if scale <= NO_VARIANCE * mean * mean {
            return surrogate;
        }
        let most = (n / POINTS_PER_TERM) as usize;
        let mut taken = vec![false; self.terms.len()];
        for _ in 0..ROUNDS {
            let variance = rest.iter().map(|r| dot(r, r)).sum::<f64>() / n;
            if variance <= NO_VARIANCE * scale {
                break;
            }
            // The largest of m standard normals is about √(2·ln m).
            let least = 2.0 * libm::log(self.terms.len() as f64) * variance / n;
            let mut found: Vec<(f64, usize)> = (0..self.terms.len())
                .filter(|term| !taken[*term])
                .map(|term| {
                    let coefficient = self.terms[term].projection(powers, &rest) / n;
                    (coefficient * coefficient, term)
                })
                .filter(|(square, _)| *square > least)
                .collect();
            found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            found.truncate(most.saturating_sub(surrogate.kept.len()));
            if found.is_empty() {
                break;
            }
            for (_, term) in found {
                taken[term] = true;
                surrogate.kept.push((self.terms[term], 0.0));
            }
            surrogate.solve(powers, values);
            for ((rest, y), powers) in rest.iter_mut().zip(values).zip(powers) {
                let known = surrogate.at(powers);
                *rest = Lanes::from_fn(|lane| y[lane] - known[lane]);
            }
        }
        surrogate
    }
}

fn dot(a: &Lanes, b: &Lanes) -> f64 {
    a.iter().zip(b.iter()).map(|(a, b)| a * b).sum()
}

fn multiply_add(sums: &mut Lanes, a: &Lanes, b: &Lanes) {
    for lane in 0..LANES {
        sums[lane] += a[lane] * b[lane];
    }
}

impl Term {
    fn value(&self, powers: &Powers) -> Lanes {
        self.mixed(powers, powers, |_| false)
    }

    /// With the coordinates that are `swapped` from another point.
    fn mixed(&self, powers: &Powers, other: &Powers, swapped: impl Fn(usize) -> bool) -> Lanes {
        let of = |(coordinate, degree)| {
            if swapped(coordinate) {
                other.at((coordinate, degree))
            } else {
                powers.at((coordinate, degree))
            }
        };
        let first = of(self.first);
        match self.second {
            None => *first,
            Some(second) => {
                let second = of(second);
                Lanes::from_fn(|lane| first[lane] * second[lane])
            }
        }
    }

    /// The sum of products with values at points.
    fn projection(&self, powers: &[Powers], values: &[Lanes]) -> f64 {
        let mut sums = Lanes::splat(0.0);
        for (powers, values) in powers.iter().zip(values) {
            multiply_add(&mut sums, &self.value(powers), values);
        }
        sums.iter().sum()
    }

    fn coordinates(&self) -> impl Iterator<Item = usize> + use<> {
        std::iter::once(self.first.0).chain(self.second.map(|(coordinate, _)| coordinate))
    }
}

/// The polynomial of one output.
#[derive(Debug, Clone)]
pub struct Surrogate {
    mean: f64,
    kept: Vec<(Term, f64)>,
}

impl Surrogate {
    /// Fits mean and coefficients by least squares.
    fn solve(&mut self, powers: &[Powers], values: &[Lanes]) {
        let size = self.kept.len() + 1;
        // Lane by lane, added up at the end: sums across lanes are slow.
        let mut squares = vec![Lanes::splat(0.0); size * (size + 1) / 2];
        let mut with_values = vec![Lanes::splat(0.0); size];
        let mut row = vec![Lanes::splat(1.0); size];
        for (powers, values) in powers.iter().zip(values) {
            for (value, (term, _)) in row[1..].iter_mut().zip(&self.kept) {
                *value = term.value(powers);
            }
            let mut squares = squares.iter_mut();
            for (i, first) in row.iter().enumerate() {
                multiply_add(&mut with_values[i], first, values);
                for (second, sum) in row[..=i].iter().zip(&mut squares) {
                    multiply_add(sum, first, second);
                }
            }
        }
        let mut gram = vec![0.0; size * size];
        let mut squares = squares.iter();
        for i in 0..size {
            for (entry, sum) in gram[i * size..=i * size + i].iter_mut().zip(&mut squares) {
                *entry = sum.iter().sum();
            }
        }
        let mut products: Vec<f64> = with_values.iter().map(|sum| sum.iter().sum()).collect();
        Factor::new(&gram, size).solve(&mut products, 1);
        self.mean = products[0];
        for ((_, coefficient), solved) in self.kept.iter_mut().zip(&products[1..]) {
            *coefficient = *solved;
        }
    }

    /// Its value at a group of points.
    pub fn at(&self, powers: &Powers) -> Lanes {
        let mut sum = Lanes::splat(self.mean);
        for (term, coefficient) in &self.kept {
            add(&mut sum, &term.value(powers), *coefficient);
        }
        sum
    }

    /// Its variance.
    pub fn variance(&self) -> f64 {
        self.kept.iter().map(|(_, c)| c * c).sum()
    }

    /// What it says of groups of coordinates (`group[coordinate]`).
    pub fn by_group(&self, group: &[usize], groups: usize) -> Vec<GroupSurrogate> {
        let mut found = vec![GroupSurrogate::default(); groups];
        for (term, coefficient) in &self.kept {
            let mut touched: Vec<usize> = term.coordinates().map(|c| group[c]).collect();
            touched.sort_unstable();
            touched.dedup();
            for of in &touched {
                let of = &mut found[*of];
                of.total += coefficient * coefficient;
                if touched.len() == 1 {
                    of.first += coefficient * coefficient;
                }
                of.terms.push((*term, *coefficient));
            }
        }
        found
    }
}

/// The part of a surrogate that a group of coordinates is in.
#[derive(Debug, Clone, Default)]
pub struct GroupSurrogate {
    /// Variance of the polynomials of the group alone.
    pub first: f64,
    /// Variance of all polynomials that the group is in.
    pub total: f64,
    terms: Vec<(Term, f64)>,
}

impl GroupSurrogate {
    /// By how much the surrogate changes if the group's coordinates (`swapped`) are taken from another point.
    pub fn change(
        &self,
        powers: &Powers,
        other: &Powers,
        swapped: impl Fn(usize) -> bool + Copy,
    ) -> Lanes {
        let mut sum = Lanes::splat(0.0);
        for (term, coefficient) in &self.terms {
            add(&mut sum, &term.mixed(powers, other, swapped), *coefficient);
            add(&mut sum, &term.value(powers), -*coefficient);
        }
        sum
    }
}

fn add(sum: &mut Lanes, values: &Lanes, factor: f64) {
    for (sum, value) in sum.iter_mut().zip(values.iter()) {
        *sum += factor * value;
    }
}
