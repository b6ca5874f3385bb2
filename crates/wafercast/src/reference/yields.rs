//! Die yield, from the formulas of the model's description.

use super::draw::{Draw, middle};
use crate::scenario::{Cores, DefectDensity, Die, Process, YieldModel};

/// Trapezoidal steps of the integrals over the defect density, which then are exact to rounding.
const STEP: f64 = 0.1;

/// A process during a run.
pub(super) struct ProcessYield<'a> {
    process: &'a Process,
    model: Model,
    /// Wafers that left its lines in earlier months.
    wafers_before: f64,
    /// Wafers leaving its lines this month, by line.
    pub wafers_out: Vec<f64>,
}

/// A yield model with its drawn parameter.
#[derive(Clone, Copy)]
enum Model {
    Poisson,
    Murphy,
    MurphyRectangular,
    Seeds,
    SeedsSqrt,
    BoseEinstein(f64),
    NegativeBinomial(f64),
}

impl<'a> ProcessYield<'a> {
    pub fn new(draw: &Draw, process: &'a Process) -> ProcessYield<'a> {
        let model = match process.yield_model {
            YieldModel::Poisson => Model::Poisson,
            YieldModel::Murphy => Model::Murphy,
            YieldModel::MurphyRectangular => Model::MurphyRectangular,
            YieldModel::Seeds => Model::Seeds,
            YieldModel::SeedsSqrt => Model::SeedsSqrt,
            YieldModel::BoseEinstein { n } => Model::BoseEinstein(draw.once(n)),
            YieldModel::NegativeBinomial { alpha } => Model::NegativeBinomial(draw.once(alpha)),
        };
        ProcessYield {
            process,
            model,
            wafers_before: 0.0,
            wafers_out: Vec::new(),
        }
    }

    /// Adds the month's wafers to those that left.
    pub fn end_month(&mut self) {
        self.wafers_before += self.wafers_out.drain(..).sum::<f64>();
    }

    /// Cumulated wafers, read as everything at the middle of the month.
    fn wafers(&self) -> f64 {
        self.wafers_before + self.wafers_out.iter().sum::<f64>() / 2.0
    }

    /// Defects per mm².
    fn defect_density(&self, draw: &Draw, month: usize) -> f64 {
        match self.process.d0 {
            DefectDensity::Given(density) => draw.at(density, month),
            DefectDensity::Exponential {
                initial,
                floor,
                from,
                time_constant,
            } => {
                let (initial, floor) = (draw.once(initial), draw.once(floor));
                let elapsed = (middle(month) - from).max(0.0);
                floor + (initial - floor) * libm::exp(-elapsed / draw.once(time_constant))
            }
            DefectDensity::Gompertz {
                initial,
                floor,
                from,
                time_constant,
            } => {
                let (initial, floor) = (draw.once(initial), draw.once(floor));
                let elapsed = (middle(month) - from).max(0.0);
                let exponent = libm::exp(-elapsed / draw.once(time_constant));
                floor * libm::pow(initial / floor, exponent)
            }
            DefectDensity::CumulatedWafers {
                initial,
                reference,
                exponent,
            } => {
                let reference = draw.once(reference);
                let ratio = self.wafers().max(reference) / reference;
                draw.once(initial) * libm::pow(ratio, -draw.once(exponent))
            }
            DefectDensity::Calibrated { die, reported } => {
                let die = &draw.scenario.dies[die.0];
                let without_line =
                    draw.at(reported, month) / draw.at(self.process.line_yield, month);
                let area = critical_area(draw, die);
                defects_at(|x| self.model.of_die(x, die.cores), without_line) / area
            }
        }
    }
}

/// Yield of a die in a month, `Y_line · g(A·D0)`.
pub(super) fn die_yield(draw: &Draw, process: &ProcessYield, die: &Die, month: usize) -> f64 {
    let defects = critical_area(draw, die) * process.defect_density(draw, month);
    draw.at(process.process.line_yield, month) * process.model.of_die(defects, die.cores)
}

/// mm²
fn critical_area(draw: &Draw, die: &Die) -> f64 {
    die.width * die.height * draw.once(die.critical_area)
}

/// The root of a falling `g(x) = y`: 0 where y is 1 or more, infinite where it is 0 or less.
fn defects_at(g: impl Fn(f64) -> f64, y: f64) -> f64 {
    if y >= 1.0 {
        return 0.0;
    }
    if y <= 0.0 {
        return f64::INFINITY;
    }
    let (mut low, mut high) = (0.0, 1.0);
    while g(high) > y {
        (low, high) = (high, 2.0 * high);
    }
    // Each step halves the bracket; it is relative to the root, as the bracket's upper end is near it.
    for _ in 0..50 {
        let x = (low + high) / 2.0;
        if g(x) > y {
            low = x;
        } else {
            high = x;
        }
    }
    (low + high) / 2.0
}

impl Model {
    /// Yield of a die with `x` expected defects.
    fn of_die(self, x: f64, cores: Option<Cores>) -> f64 {
        match cores {
            Some(cores) if cores.min_good < cores.total => self.salvaged(x, cores),
            _ => self.whole(x),
        }
    }

    /// `g(x)`
    fn whole(self, x: f64) -> f64 {
        if x == 0.0 {
            return 1.0;
        }
        match self {
            Model::Poisson => libm::exp(-x),
            Model::Murphy => {
                let root = -libm::expm1(-x) / x;
                root * root
            }
            Model::MurphyRectangular => -libm::expm1(-2.0 * x) / (2.0 * x),
            Model::Seeds => 1.0 / (1.0 + x),
            Model::SeedsSqrt => libm::exp(-libm::sqrt(x)),
            Model::BoseEinstein(n) => libm::pow(1.0 + x, -n),
            Model::NegativeBinomial(alpha) => libm::pow(1.0 + x / alpha, -alpha),
        }
    }

    /// Yield of dies with at least `min_good` good cores: the formula for a constant density, averaged over the
    /// distribution of densities whose Laplace transform is `g`.
    fn salvaged(self, x: f64, cores: Cores) -> f64 {
        if x == 0.0 || x.is_infinite() {
            return self.whole(x);
        }
        let at = |density: f64| salvaged_at_constant_density(density * x, cores);
        match self {
            Model::Poisson => at(1.0),
            Model::Murphy => mean_between_0_and_2(|density| 1.0 - (density - 1.0).abs(), at),
            Model::MurphyRectangular => mean_between_0_and_2(|_| 1.0, at),
            Model::Seeds => mean_over_gamma(1.0, 1.0, at),
            Model::SeedsSqrt => mean_over_levy(at),
            Model::BoseEinstein(n) => mean_over_gamma(n, 1.0, at),
            Model::NegativeBinomial(alpha) => mean_over_gamma(alpha, 1.0 / alpha, at),
        }
    }
}

/// `Σ_{j≥k} C(n, j)·p^j·(1−p)^{n−j} · e^{−x_u}`, `p = e^{−x_c}`.
fn salvaged_at_constant_density(x: f64, cores: Cores) -> f64 {
    let x_core = x * cores.area_share / f64::from(cores.total);
    let x_rest = x * (1.0 - cores.area_share);
    let mut sum = 0.0;
    // From all cores good down; with i cores bad the coefficient is C(n, i).
    let mut coefficient = 1.0;
    for bad in 0..=cores.total - cores.min_good {
        let good = f64::from(cores.total - bad);
        let some_bad = libm::pow(-libm::expm1(-x_core), f64::from(bad));
        sum += coefficient * libm::exp(-x_core * good) * some_bad;
        coefficient *= good / f64::from(bad + 1);
    }
    sum * libm::exp(-x_rest)
}

/// Mean of `f` over densities with these weights between 0 and 2, by Simpson's rule on both sides of 1.
fn mean_between_0_and_2(weight: impl Fn(f64) -> f64, f: impl Fn(f64) -> f64) -> f64 {
    const STEPS: usize = 200;
    let (mut sum, mut total) = (0.0, 0.0);
    for half in [0.0, 1.0] {
        for step in 0..=STEPS {
            let density = half + step as f64 / STEPS as f64;
            let simpson = match step {
                0 | STEPS => 1.0,
                odd if odd % 2 == 1 => 4.0,
                _ => 2.0,
            };
            sum += simpson * weight(density) * f(density);
            total += simpson * weight(density);
        }
    }
    sum / total
}

/// Mean of `f` over a gamma distribution, integrated over the logarithm of the density.
fn mean_over_gamma(shape: f64, scale: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (mut sum, mut total) = (0.0, 0.0);
    // Below and above these the weight, relative to that at the mode, is under 1e-15.
    let mode = libm::log(shape);
    let below = mode - 36.0 / shape - 1.0 - 9.0 / libm::sqrt(shape);
    let above = mode + 4.0;
    for step in 0..=((above - below) / STEP) as usize {
        let log = below + step as f64 * STEP;
        let variate = libm::exp(log);
        let weight = libm::exp(shape * (log - mode) - (variate - shape));
        sum += weight * f(scale * variate);
        total += weight;
    }
    sum / total
}

/// Mean of `f` over the Lévy distribution of `1/(2Z²)`, Z standard normal, whose Laplace transform is `e^−√x`;
/// integrated over the logarithm of |Z|.
fn mean_over_levy(f: impl Fn(f64) -> f64) -> f64 {
    let (mut sum, mut total) = (0.0, 0.0);
    for step in -800..=50 {
        let z = libm::exp(f64::from(step) * STEP / 2.0);
        let weight = z * libm::exp(-z * z / 2.0);
        sum += weight * f(0.5 / (z * z));
        total += weight;
    }
    sum / total
}
