//! The compiled scenario: dense arrays, no names on the way of a draw.
//!
//! Everything random is a *score*: a standard normal number with a stream of its own. Scores become *scalars* (read
//! once per draw) and *series* (read at the middle of every month). The rest of the plan refers to those by index.

use crate::draw::{Copula, Sampler};
use crate::metric::Expression;
use crate::scenario::{Action, Between, RampShape};

/// Index into [`Plan::scores`].
pub type ScoreId = usize;
/// Index into [`Plan::scalars`].
pub type ScalarId = usize;
/// Index into [`Plan::series`].
pub type SeriesId = usize;

/// A scenario, ready to be simulated.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Number of months T.
    pub months: usize,
    /// First year and month, for labels.
    pub horizon: crate::time::Horizon,
    /// Names of the score streams.
    pub scores: Vec<String>,
    /// Correlated groups of scores.
    pub copulas: Vec<(Vec<ScoreId>, Copula)>,
    /// Serial correlation along the anchors of paths.
    pub serial: Vec<SerialCorrelation>,
    /// Values read once per draw.
    pub scalars: Vec<Scalar>,
    /// Values read every month.
    pub series: Vec<SeriesPlan>,
    /// Logic processes.
    pub processes: Vec<ProcessPlan>,
    /// Dies.
    pub dies: Vec<DiePlan>,
    /// Logic lines.
    pub fabs: Vec<FabPlan>,
    /// Memory lines.
    pub memory_lines: Vec<MemoryLinePlan>,
    /// Packaging technologies, each with its lines.
    pub technologies: Vec<TechnologyPlan>,
    /// Stocked parts: dies in order, then memories.
    pub parts: Vec<PartPlan>,
    /// Accelerators.
    pub accelerators: Vec<AcceleratorPlan>,
    /// Bills of materials of all accelerators, in order of accelerator and preference.
    pub items: Vec<Item>,
    /// The kinds of packages of all items.
    pub package_kinds: Vec<PackageKind>,
    /// Tiers in order.
    pub tiers: Vec<TierPlan>,
    /// Imports.
    pub imports: Vec<ImportPlan>,
    /// Workloads.
    pub workloads: Vec<WorkloadPlan>,
    /// What owning a chip costs, where the scenario says it.
    pub ownership: Option<OwnershipPlan>,
    /// Demands.
    pub demands: Vec<DemandPlan>,
    /// Events.
    pub events: Vec<EventPlan>,
    /// Effects, in order of application.
    pub effects: Vec<EffectPlan>,
    /// Claims that are formulas: index into the scenario's claims, and the condition.
    pub claims: Vec<ClaimPlan>,
    /// Evidence: index into the scenario's evidence, and the metric.
    pub evidence: Vec<(usize, Expression)>,
    /// Everything that is tallied.
    pub tracks: crate::tracks::Tracks,
    /// Where each quantity of the scenario is drawn, by [`crate::scenario::QuantityId`].
    pub placements: Vec<Placement>,
    /// Inputs listed in tables of draws: quantity name, unit symbol, scale, scalar.
    pub inputs: Vec<InputPlan>,
    /// Fingerprint of what was compiled.
    pub fingerprint: u64,
}

/// `z_k = ρ_k·z_{k−1} + √(1 − ρ_k²)·e_k` along the anchors of one path.
#[derive(Debug, Clone)]
pub struct SerialCorrelation {
    /// Scores of the anchors, in order.
    pub scores: Vec<ScoreId>,
    /// ρ between each anchor and the one before it (the first entry is 0).
    pub rho: Vec<f64>,
}

/// Where a number comes from.
#[derive(Debug, Clone)]
pub enum Source {
    /// Certain.
    Fixed(f64),
    /// A function of a score.
    Sampled {
        /// The score.
        score: ScoreId,
        /// The quantile function of the score.
        sampler: Sampler,
    },
}

/// Where a quantity of the scenario is drawn: nowhere if no draw reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Placement {
    /// As a number read once per draw.
    pub scalar: Option<ScalarId>,
    /// As a number read every month.
    pub series: Option<SeriesId>,
}

/// A number read once per draw.
#[derive(Debug, Clone)]
pub struct Scalar {
    /// Before effects.
    pub source: Source,
    /// Effects on it (indices into [`Plan::effects`]).
    pub effects: Vec<usize>,
}

/// A number read every month.
#[derive(Debug, Clone)]
pub struct SeriesPlan {
    /// Before effects.
    pub base: SeriesBase,
    /// Effects on it (indices into [`Plan::effects`]).
    pub effects: Vec<usize>,
}

/// A series before effects.
#[derive(Debug, Clone)]
pub enum SeriesBase {
    /// The same every month.
    Constant(Source),
    /// Interpolated between anchors.
    Path(PathPlan),
}

/// A path, with its months sorted into the spans between anchors.
#[derive(Debug, Clone)]
pub struct PathPlan {
    /// Position (months) and value of each anchor.
    pub anchors: Vec<(f64, Source)>,
    /// Interpolation.
    pub between: Between,
    /// Growth per year beyond the last anchor: 0.4 = 40 %/year.
    pub growth: Option<ScalarId>,
}

/// A value read every month: one number, or a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reading {
    /// The same every month.
    Scalar(ScalarId),
    /// Varies.
    Series(SeriesId),
}

/// A yield model with its parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Model {
    /// `e^−x`
    Poisson,
    /// `((1 − e^−x)/x)²`
    Murphy,
    /// `(1 − e^−2x)/2x`
    MurphyRectangular,
    /// `1/(1 + x)`
    Seeds,
    /// `e^−√x`
    SeedsSqrt,
    /// `(1 + x)^−n`
    BoseEinstein(ScalarId),
    /// `(1 + x/α)^−α`
    NegativeBinomial(ScalarId),
}

/// D0 of a process, in 1/mm².
#[derive(Debug, Clone)]
pub enum Density {
    /// Read from a series or number.
    Given(Reading),
    /// Exponential (`gompertz = false`) or Gompertz learning.
    Learning {
        /// Gompertz form.
        gompertz: bool,
        /// D_0.
        initial: ScalarId,
        /// D∞.
        floor: ScalarId,
        /// t0.
        from: f64,
        /// τ.
        time_constant: ScalarId,
    },
    /// By cumulated wafers.
    Cumulated {
        /// D_1.
        initial: ScalarId,
        /// W_1.
        reference: ScalarId,
        /// b.
        exponent: ScalarId,
    },
    /// Solved from a die's reported yield.
    Calibrated {
        /// Die index.
        die: usize,
        /// Reported yield.
        reported: Reading,
    },
}

/// A process.
#[derive(Debug, Clone)]
pub struct ProcessPlan {
    /// Yield model.
    pub model: Model,
    /// Line yield.
    pub line_yield: Reading,
    /// Defect density.
    pub density: Density,
    /// Its dies.
    pub dies: Vec<usize>,
    /// Its lines.
    pub fabs: Vec<usize>,
}

/// A die.
#[derive(Debug, Clone)]
pub struct DiePlan {
    /// Process.
    pub process: usize,
    /// Gross dies per wafer: given, or packed.
    pub gross: Gross,
    /// Area, mm².
    pub area: f64,
    /// Critical-area fraction.
    pub critical_area: ScalarId,
    /// Salvage.
    pub cores: Option<crate::die_yield::Salvage>,
    /// Who uses it: item index and number per package, only each accelerator's first BOM with this die.
    pub users: Vec<(usize, f64)>,
}

/// Gross dies per wafer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Gross {
    /// Packed on the process's wafer (which has fixed size).
    Packed(f64),
    /// A reported count.
    Given(ScalarId),
}

/// A phase of a line.
#[derive(Debug, Clone)]
pub struct PhasePlan {
    /// Size.
    pub add: ScalarId,
    /// Announced start.
    pub start: f64,
    /// Slip.
    pub delay: ScalarId,
    /// Time to full rate.
    pub ramp_time: ScalarId,
    /// Shape.
    pub shape: RampShape,
    /// Whether it happens.
    pub happens: Chance,
}

/// Something that happens or not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chance {
    /// Its probability.
    pub probability: ScalarId,
    /// The score that decides: it happens if Φ(score) > 1 − p. `None`: certain (p is the fixed number 0 or 1).
    pub score: Option<ScoreId>,
}

/// A logic line.
#[derive(Debug, Clone)]
pub struct FabPlan {
    /// Process.
    pub process: usize,
    /// Utilisation.
    pub utilisation: Reading,
    /// Share for accelerators.
    pub ai_share: Reading,
    /// Cycle time: the product of these scalars, months.
    pub cycle_time: (ScalarId, Option<ScalarId>),
    /// Scanners, exposures per scanner-month, exposures per wafer.
    pub tool_limit: Option<(Reading, Reading, Reading)>,
    /// Given mix: die, weight. Empty: by the build plan.
    pub mix: Vec<(usize, Reading)>,
    /// Phases.
    pub phases: Vec<PhasePlan>,
    /// For each die of the process: index of the stock origin its output goes to.
    pub origins: Vec<usize>,
}

/// A memory line.
#[derive(Debug, Clone)]
pub struct MemoryLinePlan {
    /// Part index.
    pub part: usize,
    /// Origin index of its output.
    pub origin: usize,
    /// Utilisation.
    pub utilisation: Reading,
    /// Good stacks per wafer.
    pub stacks: StacksPerWafer,
    /// Cycle time.
    pub cycle_time: ScalarId,
    /// Phases.
    pub phases: Vec<PhasePlan>,
}

/// Good stacks per wafer.
#[derive(Debug, Clone)]
pub enum StacksPerWafer {
    /// Quoted.
    Given(Reading),
    /// dies × die yield / layers × (stack yield, or bond yield^layers).
    Built {
        /// Gross dies per wafer.
        dies: Reading,
        /// Die yield.
        die_yield: Reading,
        /// Layers.
        layers: ScalarId,
        /// Stack yield.
        stack_yield: Option<Reading>,
        /// Bond yield per layer.
        bond_yield: Option<Reading>,
    },
}

/// The lines of one packaging technology, which act as one resource.
#[derive(Debug, Clone)]
pub struct TechnologyPlan {
    /// Lines.
    pub lines: Vec<PackagingLinePlan>,
    /// The item whose packages measure the capacity in reports (the first BOM that uses the technology).
    pub reference_item: Option<usize>,
}

/// A packaging line.
#[derive(Debug, Clone)]
pub struct PackagingLinePlan {
    /// At home.
    pub home: bool,
    /// Phases count interposer wafers.
    pub in_wafers: bool,
    /// Utilisation.
    pub utilisation: Reading,
    /// Assembly yield.
    pub assembly_yield: Reading,
    /// Lead time.
    pub lead_time: ScalarId,
    /// Phases.
    pub phases: Vec<PhasePlan>,
}

/// A part that is stocked.
#[derive(Debug, Clone)]
pub struct PartPlan {
    /// Origins, in order of use.
    pub origins: Vec<OriginPlan>,
    /// Dated deliveries: month, origin, amount.
    pub deliveries: Vec<(usize, usize, ScalarId)>,
}

/// Where parts come from.
#[derive(Debug, Clone)]
pub struct OriginPlan {
    /// ISO country.
    pub country: String,
    /// Maker.
    pub maker: String,
    /// At home.
    pub home: bool,
}

/// An accelerator.
#[derive(Debug, Clone)]
pub struct AcceleratorPlan {
    /// Designed at home.
    pub home: bool,
    /// Launch, announced.
    pub launch: f64,
    /// Slip.
    pub delay: ScalarId,
    /// Whether it is launched.
    pub happens: Chance,
    /// First position after production (infinite if none).
    pub end: f64,
    /// Weight.
    pub weight: Reading,
    /// Cap.
    pub cap: Option<Reading>,
    /// Final test yield.
    pub test_yield: Reading,
    /// Lifetime.
    pub lifetime: ScalarId,
    /// Factors of the metrics.
    pub factors: Factors,
    /// Its BOMs: range of items.
    pub items: std::ops::Range<usize>,
    /// Tier index.
    pub tier: usize,
}

/// What one unit counts in each metric. `None`: not known, counts 0.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Factors {
    /// Dense throughput by format, base units, with fallbacks applied: BF16 or FP16 for formats not native.
    pub compute: Vec<(crate::scenario::NumberFormat, ScalarId)>,
    /// Native formats with bit length, for TPP.
    pub native: Vec<(f64, ScalarId)>,
    /// Price.
    pub price: Option<Reading>,
    /// Memory capacity: sum of scalars times counts.
    pub memory: Vec<(f64, ScalarId)>,
    /// Memory bandwidth: sum of scalars times counts.
    pub bandwidth: Vec<(f64, ScalarId)>,
    /// TDP.
    pub tdp: Option<ScalarId>,
    /// Tokens per month of workloads: workload, rate.
    pub workloads: Vec<(usize, Reading)>,
    /// Rent per month.
    pub rent: Option<Reading>,
}

/// A bill of materials as the allocation sees it.
#[derive(Debug, Clone)]
pub struct Item {
    /// Accelerator.
    pub accelerator: usize,
    /// Parts (index into [`Plan::parts`]) and number per package; the first `dies` of them are dies.
    pub parts: Vec<(usize, f64)>,
    /// How many entries of `parts` are dies.
    pub dies: usize,
    /// Packaging technology.
    pub technology: Option<usize>,
    /// For each line of the technology: packages of this BOM per interposer wafer (lines in wafers), else 1.
    pub packages_per_wafer: Vec<f64>,
    /// Index into [`Plan::package_kinds`].
    pub package_kind: Option<usize>,
}

/// Packages of one size on one technology.
#[derive(Debug, Clone, PartialEq)]
pub struct PackageKind {
    /// Technology.
    pub technology: usize,
    /// As in [`Item::packages_per_wafer`].
    pub packages_per_wafer: Vec<f64>,
}

/// A tier of accelerators that are served together.
#[derive(Debug, Clone)]
pub struct TierPlan {
    /// Its items, in order.
    pub items: Vec<TierItem>,
    /// Places of the items that have an alternative, in order.
    pub chained: Vec<usize>,
    /// Those of them that have parts of their own.
    pub own_chained: Vec<usize>,
    /// Parts that several accelerators of the tier use, and technologies.
    pub shared: Vec<SharedResource>,
}

/// An item as its tier sees it.
#[derive(Debug, Clone)]
pub struct TierItem {
    /// Place in the tier.
    pub place: usize,
    /// Index of the item.
    pub index: usize,
    /// Its accelerator.
    pub maker: usize,
    /// First bill of materials of its accelerator.
    pub is_first: bool,
    /// There is an alternative after it.
    pub has_next: bool,
    /// Its accelerator has a cap.
    pub is_capped: bool,
    /// Parts that no other accelerator of the tier uses.
    pub own: Vec<OwnPart>,
    /// All resources it needs: parts, then the technology.
    pub needs: Vec<Need>,
    /// The same as bits.
    pub resource_bits: u64,
    /// Those of the tier's shared resources (by their place in [`TierPlan::shared`]) that it needs, as bits.
    pub shared_bits: u64,
    /// Resource index of its technology (past the end if it has none).
    pub technology: usize,
}

/// A resource that an item needs.
#[derive(Debug, Clone, Copy)]
pub struct Need {
    /// The resource.
    pub resource: usize,
    /// Number per package of a part that only its accelerator uses in the tier; 0 for shared resources.
    pub own: f64,
    /// The resource as a bit.
    pub bit: u64,
}

/// A part that only one accelerator of a tier uses.
#[derive(Debug, Clone, Copy)]
pub struct OwnPart {
    /// The part.
    pub part: usize,
    /// Number per package.
    pub count: f64,
    /// 1 / count.
    pub packages_per_part: f64,
}

/// A resource that several accelerators of a tier use.
#[derive(Debug, Clone)]
pub struct SharedResource {
    /// Part, or number of parts plus technology.
    pub resource: usize,
    /// The resource as a bit.
    pub bit: u64,
    /// Items with the number per package; 0 for packaging, whose use is worked out by month.
    pub users: Vec<(usize, f64)>,
    /// The [`TierItem::shared_bits`] of each user.
    pub shared_bits: Vec<u64>,
}

/// An import.
#[derive(Debug, Clone)]
pub struct ImportPlan {
    /// Units per month.
    pub rate: Reading,
    /// Legal.
    pub legal: bool,
    /// Designed at home (then it counts as home by design).
    pub home: bool,
    /// Lifetime.
    pub lifetime: ScalarId,
    /// Factors of the metrics.
    pub factors: Factors,
}

/// A model in a format, served or trained.
#[derive(Debug, Clone)]
pub struct WorkloadPlan {
    /// Factor that the rates of all chips have in common.
    pub common: Option<ScalarId>,
    /// What is wanted per month, in units of `load_tokens`.
    pub load: Option<Reading>,
    /// Tokens that one unit of the load is: 1, or the tokens of a run.
    pub load_tokens: f64,
    /// Share of their full rate at which chips work.
    pub utilisation: Reading,
}

/// What owning a chip costs beside its price and power.
#[derive(Debug, Clone)]
pub struct OwnershipPlan {
    /// Investment over the price of the chip.
    pub overhead: ScalarId,
    /// Cost of capital per month.
    pub capital: ScalarId,
    /// Months over which it is written off.
    pub months: ScalarId,
    /// Running cost, share of the investment per month.
    pub running: ScalarId,
    /// Share of the time that it works.
    pub availability: ScalarId,
    /// Power over the chip's own.
    pub power_overhead: ScalarId,
    /// Share of that power that is drawn.
    pub power_load: ScalarId,
    /// US dollars per watt and month.
    pub electricity: Reading,
}

/// A demand.
#[derive(Debug, Clone)]
pub struct DemandPlan {
    /// What it is counted in.
    pub metric: crate::scenario::DemandMetric,
    /// Per month.
    pub rate: Reading,
}

/// An event.
#[derive(Debug, Clone)]
pub struct EventPlan {
    /// Announced date.
    pub date: f64,
    /// Slip.
    pub delay: ScalarId,
    /// Whether it happens.
    pub happens: Chance,
    /// End (infinite if none).
    pub until: f64,
}

/// An effect of an event on a scalar or a series.
#[derive(Debug, Clone)]
pub struct EffectPlan {
    /// The event.
    pub event: usize,
    /// What is done.
    pub action: Action,
    /// The operand, read every month.
    pub operand: Reading,
    /// The operand as a scalar reads it: once.
    pub once: ScalarId,
}

/// A claim that is a formula.
#[derive(Debug, Clone)]
pub struct ClaimPlan {
    /// Index into the scenario's claims.
    pub claim: usize,
    /// True or false in a draw.
    pub condition: Expression,
    /// The months looked at for what binds where it fails: the last twelve of the claim's own span.
    pub months: std::ops::Range<usize>,
}

/// An input in tables of draws.
#[derive(Debug, Clone)]
pub struct InputPlan {
    /// Quantity name.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// Divide base units by this.
    pub scale: f64,
    /// Where it comes from; the first anchor of a path.
    pub source: Source,
}

impl Plan {
    /// Fingerprint of everything that decides the draws and results, in hexadecimal.
    pub fn hash(&self) -> String {
        format!("{:016x}", self.fingerprint)
    }
}
