//! The typed scenario: consistent by construction. Whoever holds a [`Scenario`] holds one that can be compiled and
//! simulated; nothing after it returns an error.
//!
//! Every number of the scenario is a [`Quantity`] in one table, in base units; everything else refers to it by
//! [`QuantityId`]. Tables are in order of their id (not of the file), so the order of the file changes nothing.

use crate::diagnostic::Span;
use crate::distribution::Distribution;
use crate::notation::Domain;
use crate::time::{Date, Horizon};
use crate::unit::Unit;

macro_rules! index {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub usize);
    )*};
}
index! {
    /// Index into [`Scenario::quantities`].
    QuantityId,
    /// Index into [`Scenario::processes`].
    ProcessId,
    /// Index into [`Scenario::fabs`].
    FabId,
    /// Index into [`Scenario::dies`].
    DieId,
    /// Index into [`Scenario::memories`].
    MemoryId,
    /// Index into [`Scenario::technologies`].
    TechnologyId,
    /// Index into [`Scenario::accelerators`].
    AcceleratorId,
    /// Index into [`Scenario::imports`].
    ImportId,
    /// Index into [`Scenario::workloads`].
    WorkloadId,
    /// Index into [`Scenario::events`].
    EventId,
}

/// A number of the scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// Its stable name, e.g. `fab.smic-sn2.phase[1].delay`: the key of its draws.
    pub name: String,
    /// The unit it is shown in. `value` is in base units.
    pub unit: Unit,
    /// The value.
    pub value: Value,
    /// Where values may lie.
    pub domain: Domain,
    /// As written in the file, for display.
    pub text: String,
    /// Fact ids it rests on (cited or pooled). Empty: an assumption.
    pub sources: Vec<String>,
    /// The author's words on it.
    pub note: Option<String>,
    /// True for the language's own defaults (not written by the author): not an assumption of the scenario.
    pub is_default: bool,
    /// Where it is written.
    pub span: Span,
}

/// What a quantity is.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A number or a distribution, the same at all times.
    Constant(Distribution),
    /// A path through time.
    Path(Path),
}

/// A path through dated anchors; flat outside them unless a growth rate is given.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// Position on the time axis in months (see `Horizon::position`), strictly increasing; at least one.
    pub anchors: Vec<(f64, Distribution)>,
    /// How to read between anchors.
    pub between: Between,
    /// Growth beyond the last anchor, as a factor per year minus one (`0.4` = 40 %/year) drawn once per sample,
    /// compounded: `x(t) = x_last · (1 + g)^((t − t_last)/12)`.
    pub growth: Option<QuantityId>,
    /// 1: all anchors share one quantile. Below 1: a Gaussian copula with correlation `rho^|Δt in months|`.
    pub rho_month: f64,
}

/// Interpolation between the anchors of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Between {
    /// Straight line.
    Linear,
    /// The value of the last anchor at or before t (the first anchor's before it).
    Step,
    /// Straight line in the logarithm (linear where an anchor is not positive).
    Geometric,
}

/// The whole scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Title.
    pub title: String,
    /// A few sentences for the head of the report.
    pub description: Option<String>,
    /// ISO country code that `home` means.
    pub home: String,
    /// The months simulated.
    pub horizon: Horizon,
    /// Only facts published by this day are known.
    pub as_of: Option<Date>,
    /// What is known as history: months before this date are drawn as history in charts.
    pub data_until: Option<Date>,
    /// Days of knowledge at which back-tests are made unless the command names others.
    pub backtest: Vec<Date>,
    /// Default options of a run.
    pub run: RunOptions,
    /// What planning looks for.
    pub planning: PlanningOptions,
    /// All quantities, in order of name.
    pub quantities: Vec<Quantity>,
    /// `[process.*]`
    pub processes: Vec<Process>,
    /// `[fab.*]`
    pub fabs: Vec<Fab>,
    /// `[die.*]`
    pub dies: Vec<Die>,
    /// `[memory.*]`
    pub memories: Vec<Memory>,
    /// `[memory_line.*]`
    pub memory_lines: Vec<MemoryLine>,
    /// Packaging technologies, named by packaging lines and BOMs.
    pub technologies: Vec<String>,
    /// `[packaging_line.*]`
    pub packaging_lines: Vec<PackagingLine>,
    /// `[stockpile.*]`
    pub stockpiles: Vec<Stockpile>,
    /// `[accelerator.*]`
    pub accelerators: Vec<Accelerator>,
    /// `[import.*]`
    pub imports: Vec<Import>,
    /// `[workload.*]`
    pub workloads: Vec<Workload>,
    /// `[ownership]`
    pub ownership: Option<Ownership>,
    /// `[demand.*]`
    pub demands: Vec<Demand>,
    /// `[event.*]`
    pub events: Vec<Event>,
    /// `[claim.*]`
    pub claims: Vec<Claim>,
    /// `[evidence.*]`
    pub evidence: Vec<Evidence>,
    /// `[[correlation]]`
    pub correlations: Vec<Correlation>,
}

/// Default options of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct RunOptions {
    /// Number of draws, ≥ 1.
    pub samples: u64,
    /// Seed.
    pub seed: u64,
    /// Sampling design.
    pub design: Design,
    /// How parts are shared out among accelerators.
    pub allocation: Allocation,
}

/// How parts are shared out among accelerators (model §6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Allocation {
    /// By tiers and weights, month by month.
    #[default]
    Priority,
    /// By a linear program over the horizon, draw by draw. The engine does not solve it: see
    /// [`crate::planned::Planner`].
    Optimal,
}

/// What planning looks for.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanningOptions {
    /// What is maximised: deliveries counted in this.
    pub maximise: DemandMetric,
    /// Discount per year, ≥ 0.
    pub discount: f64,
    /// First month of the plan, an index into the horizon.
    pub first: usize,
    /// What must be delivered.
    pub commitments: Vec<Commitment>,
}

/// At least so much of a set of accelerators and imports, delivered in a span of months.
#[derive(Debug, Clone, PartialEq)]
pub struct Commitment {
    /// Its path: `planning.commit[0]`.
    pub path: String,
    /// As written.
    pub text: String,
    /// What is counted.
    pub metric: crate::metric::Metric,
    /// Of what.
    pub set: crate::metric::Set,
    /// When.
    pub span: crate::time::MonthSpan,
    /// At least this much, base units.
    pub amount: f64,
    /// Where it is written.
    pub place: Span,
}

/// Sampling design.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Design {
    /// Latin hypercube: a keyed permutation and a keyed jitter per quantity.
    Lhs,
    /// Independent uniforms.
    Random,
    /// Scrambled Sobol points.
    Sobol,
}

/// A logic process.
#[derive(Debug, Clone, PartialEq)]
pub struct Process {
    /// Id (`smic-n2`).
    pub id: String,
    /// Display name.
    pub name: String,
    /// Wafer diameter, mm.
    pub diameter: QuantityId,
    /// Edge exclusion, mm.
    pub edge: QuantityId,
    /// Yield model.
    pub yield_model: YieldModel,
    /// Line yield (fraction of wafers that survive), a fraction.
    pub line_yield: QuantityId,
    /// Defect density.
    pub d0: DefectDensity,
    /// Sources of the table.
    pub sources: Vec<String>,
}

/// How `A·D0` becomes a yield (model §4).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum YieldModel {
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
    /// `(1 + x)^−n`, D0 per layer.
    BoseEinstein {
        /// Number of critical layers.
        n: QuantityId,
    },
    /// `(1 + x/α)^−α`
    NegativeBinomial {
        /// Clustering parameter.
        alpha: QuantityId,
    },
}

/// Where D0 (defects/cm²) comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum DefectDensity {
    /// A density or a path of it, 1/cm² (quantities of dimension mm⁻² are in base units, 1/mm²).
    Given(QuantityId),
    /// `D∞ + (D_0 − D∞)·e^{−(t−t0)/τ}`, flat at D_0 before t0.
    Exponential {
        /// Density at t0.
        initial: QuantityId,
        /// Density in the long run.
        floor: QuantityId,
        /// Position of t0, months.
        from: f64,
        /// τ, months.
        time_constant: QuantityId,
    },
    /// Gompertz (Organtini & Russo 2013): `D∞·(D_0/D∞)^{exp(−(t−t0)/τ)}`, flat at D_0 before t0.
    Gompertz {
        /// Density at t0.
        initial: QuantityId,
        /// Density in the long run.
        floor: QuantityId,
        /// Position of t0, months.
        from: f64,
        /// τ, months.
        time_constant: QuantityId,
    },
    /// `D_1·(W/W_1)^−b` over the cumulated wafers W out of all lines of the process for any customer, from month 0 to the
    /// middle of the month; W at least W_1.
    CumulatedWafers {
        /// Density at W_1.
        initial: QuantityId,
        /// W_1, wafers.
        reference: QuantityId,
        /// b.
        exponent: QuantityId,
    },
    /// Solved each month from the reported yield of one die of the process.
    Calibrated {
        /// The die.
        die: DieId,
        /// Its reported die yield (path allowed), line yield included.
        reported: QuantityId,
    },
}

/// A dated addition of capacity.
#[derive(Debug, Clone, PartialEq)]
pub struct Phase {
    /// What it is.
    pub note: Option<String>,
    /// Size: wafers/month (or packages/month on packaging lines).
    pub add: QuantityId,
    /// Announced start, position in months.
    pub start: f64,
    /// Slip, months.
    pub delay: QuantityId,
    /// Time to full rate, months (0: at once).
    pub ramp_time: QuantityId,
    /// Shape of the ramp.
    pub ramp_shape: RampShape,
    /// Whether it happens at all (a probability, a point quantity in [0, 1]); drawn as a Bernoulli under the
    /// quantity's name.
    pub probability: QuantityId,
}

/// Shape of a ramp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RampShape {
    /// `clamp(u, 0, 1)`
    Linear,
    /// `3u² − 2u³`
    SCurve,
}

/// A logic line.
#[derive(Debug, Clone, PartialEq)]
pub struct Fab {
    /// Id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Owner.
    pub owner: String,
    /// ISO country code.
    pub country: String,
    /// What it runs.
    pub process: ProcessId,
    /// Share of capacity started, fraction (path).
    pub utilisation: QuantityId,
    /// Share of starts that go to accelerators, fraction (path).
    pub ai_share: QuantityId,
    /// Cycle time.
    pub cycle_time: CycleTime,
    /// Optional tool limit.
    pub tool_limit: Option<ToolLimit>,
    /// Given die mix; empty: follow the build plan.
    pub mix: Vec<(DieId, QuantityId)>,
    /// Phases, at least one.
    pub phases: Vec<Phase>,
}

/// Cycle time of a line, months.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CycleTime {
    /// Given in months.
    Months(QuantityId),
    /// Mask layers × days per layer.
    Layers {
        /// Mask layers.
        layers: QuantityId,
        /// Time per layer, in months (base unit).
        time_per_layer: QuantityId,
    },
}

/// `K ≤ scanners · exposures_per_scanner_month / exposures_per_wafer`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ToolLimit {
    /// Scanners (path).
    pub scanners: QuantityId,
    /// Exposures per scanner and month (dimension wafer/month: wafer passes).
    pub exposures_per_scanner_month: QuantityId,
    /// Exposures per wafer.
    pub exposures_per_wafer: QuantityId,
}

/// A die.
#[derive(Debug, Clone, PartialEq)]
pub struct Die {
    /// Id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Process.
    pub process: ProcessId,
    /// Width, mm.
    pub width: f64,
    /// Height, mm.
    pub height: f64,
    /// Street (scribe line), mm.
    pub street: f64,
    /// Gross dies per wafer where given rather than packed (a reported count).
    pub gross: Option<QuantityId>,
    /// Share of the area in which a defect kills.
    pub critical_area: QuantityId,
    /// Salvage.
    pub cores: Option<Cores>,
}

/// Salvage: sold with at least `min_good` of `total` equal cores good.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cores {
    /// Equal cores on the die.
    pub total: u32,
    /// Good cores needed.
    pub min_good: u32,
    /// Share of the die's area in cores.
    pub area_share: f64,
}

/// A memory stack.
#[derive(Debug, Clone, PartialEq)]
pub struct Memory {
    /// Id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Capacity, GB per stack.
    pub capacity: QuantityId,
    /// Bandwidth per stack in GB/month base units (shown in GB/s).
    pub bandwidth: QuantityId,
    /// DRAM layers.
    pub layers: QuantityId,
}

/// A memory line.
#[derive(Debug, Clone, PartialEq)]
pub struct MemoryLine {
    /// Id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Owner (the maker of the stacks).
    pub owner: String,
    /// ISO country code.
    pub country: String,
    /// What it makes.
    pub memory: MemoryId,
    /// Share of capacity used for these stacks, fraction (path, default 1).
    pub utilisation: QuantityId,
    /// Good stacks per DRAM wafer.
    pub stacks: StackYield,
    /// Time from wafer to stack, months (default 0: folded into the phase dates).
    pub cycle_time: QuantityId,
    /// Phases.
    pub phases: Vec<Phase>,
}

/// Good stacks per wafer of a memory line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum StackYield {
    /// Quoted at once.
    PerWafer(QuantityId),
    /// dies per wafer × die yield / layers × stack yield.
    Built {
        /// Gross dies per wafer.
        dies_per_wafer: QuantityId,
        /// Die yield.
        die_yield: QuantityId,
        /// Stack yield, where given.
        stack_yield: Option<QuantityId>,
        /// Else bond yield per layer: stack yield = bond_yield^layers.
        bond_yield: Option<QuantityId>,
    },
}

/// A packaging line.
#[derive(Debug, Clone, PartialEq)]
pub struct PackagingLine {
    /// Id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Owner.
    pub owner: String,
    /// ISO country code.
    pub country: String,
    /// Technology.
    pub technology: TechnologyId,
    /// True: phases are in interposer wafers/month; false: packages/month.
    pub in_wafers: bool,
    /// Interposer wafer diameter, mm (default 300).
    pub diameter: f64,
    /// Edge exclusion, mm (default 3).
    pub edge: f64,
    /// Share of capacity available to these accelerators, fraction (path, default 1).
    pub utilisation: QuantityId,
    /// Assembly yield, fraction (path).
    pub assembly_yield: QuantityId,
    /// Lead time, months.
    pub lead_time: QuantityId,
    /// Phases.
    pub phases: Vec<Phase>,
}

/// A part that is stocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// A die.
    Die(DieId),
    /// A memory stack.
    Memory(MemoryId),
}

/// A stock of parts bought elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct Stockpile {
    /// Id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// The part.
    pub part: Part,
    /// ISO country of origin.
    pub country: String,
    /// Maker.
    pub maker: String,
    /// What is there at which position (months), in order of time; the first is the stock, the rest deliveries.
    /// What is dated before month 0 is there from month 0.
    pub deliveries: Vec<(f64, QuantityId)>,
    /// Order of use among the stocks of this part: lower first; default: stockpiles (by date) before home output.
    pub order: i32,
}

/// An accelerator made of the parts above.
#[derive(Debug, Clone, PartialEq)]
pub struct Accelerator {
    /// Id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Designer.
    pub designer: String,
    /// ISO country of the designer.
    pub country: String,
    /// First month of production, position in months.
    pub launch: f64,
    /// Slip of the launch, months.
    pub delay: QuantityId,
    /// Whether it is launched at all, probability.
    pub probability: QuantityId,
    /// End of production, position in months.
    pub end: Option<f64>,
    /// Tier: lower is served first.
    pub tier: u32,
    /// Weight in the tier (path).
    pub weight: QuantityId,
    /// Cap, units/month (path).
    pub cap: Option<QuantityId>,
    /// Final test yield, fraction (path).
    pub test_yield: QuantityId,
    /// What it can do.
    pub spec: Spec,
    /// Time in service, months.
    pub lifetime: QuantityId,
    /// What it does of workloads, and its rent.
    pub ability: Ability,
    /// Bills of materials in order of preference, at least one.
    pub boms: Vec<Bom>,
}

/// A bill of materials.
#[derive(Debug, Clone, PartialEq)]
pub struct Bom {
    /// Dies per package.
    pub dies: Vec<(DieId, f64)>,
    /// Stacks per package.
    pub memory: Vec<(MemoryId, f64)>,
    /// Packaging technology, if the package needs a limited one.
    pub technology: Option<TechnologyId>,
    /// Size of the interposer, mm × mm (width, height); needed where a line of the technology counts wafers.
    pub size: Option<(f64, f64)>,
    /// Interposers per package (default 1).
    pub interposers: f64,
}

/// What a chip can do. `None` where not given.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Spec {
    /// Dense throughput by number format (base unit: tera-operations per month, shown in TFLOP/s).
    pub compute: Vec<(NumberFormat, FormatSupport)>,
    /// Memory capacity, GB (else from the stacks of the first BOM).
    pub memory: Option<QuantityId>,
    /// Memory bandwidth, base unit GB per month (else from the stacks of the first BOM).
    pub bandwidth: Option<QuantityId>,
    /// Thermal design power, W.
    pub tdp: Option<QuantityId>,
    /// Price, USD (path allowed).
    pub price: Option<QuantityId>,
}

/// Number formats of dense throughput.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NumberFormat {
    /// FP32 (bit length 32).
    Fp32,
    /// TF32 (bit length 19 counts as 32 in TPP practice: rated at 32).
    Tf32,
    /// BF16.
    Bf16,
    /// FP16.
    Fp16,
    /// FP8.
    Fp8,
    /// INT8.
    Int8,
    /// FP4.
    Fp4,
}

/// Support of a format.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FormatSupport {
    /// Native with this dense throughput.
    Native(QuantityId),
    /// Stated as `"none"`: falls back to BF16/FP16.
    None,
}

/// A foreign accelerator bought whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// Id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Designer.
    pub designer: String,
    /// ISO country of the designer.
    pub country: String,
    /// Units per month (path).
    pub rate: QuantityId,
    /// Legal, or smuggled.
    pub legal: bool,
    /// What it can do.
    pub spec: Spec,
    /// Time in service, months.
    pub lifetime: QuantityId,
    /// What it does of workloads, and its rent.
    pub ability: Ability,
}

/// What a unit does of workloads, and what it is rented for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ability {
    /// The chip of the library that it is.
    pub chip: Option<String>,
    /// In order of workload.
    pub runs: Vec<Runs>,
    /// Rent of a unit, US dollars per month in base units (path).
    pub rent: Option<QuantityId>,
}

impl Ability {
    /// Whether it does a workload at some rate.
    pub fn does(&self, workload: WorkloadId) -> bool {
        let rated = |runs: &Runs| runs.workload == workload && runs.rate.is_some();
        self.runs.iter().any(rated)
    }
}

/// What a unit does of one workload.
#[derive(Debug, Clone, PartialEq)]
pub struct Runs {
    /// The workload.
    pub workload: WorkloadId,
    /// Tokens per month in base units (path); `None`: it cannot, or nothing is known.
    pub rate: Option<QuantityId>,
    /// How it is carried out, or why not.
    pub how: Option<String>,
}

impl Runs {
    /// The word of `how` for a chip that computes in the workload's format.
    pub const NATIVE: &'static str = "native";

    /// Whether the chip computes in the workload's format.
    pub fn is_native(&self) -> bool {
        self.rate.is_some() && self.how.as_deref() == Some(Runs::NATIVE)
    }
}

/// A model in a format, served or trained.
#[derive(Debug, Clone, PartialEq)]
pub struct Workload {
    /// Id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// The model, as written.
    pub model: String,
    /// The format, as written; `None`: that of the checkpoint.
    pub format: Option<String>,
    /// Tokens of a training run; `None`: it is served.
    pub run_tokens: Option<f64>,
    /// Factor that the rates of all chips have in common.
    pub common: Option<QuantityId>,
    /// How much of it is wanted, tokens per month (path); runs per month where the quantity says so.
    pub load: Option<QuantityId>,
    /// Share of their full rate at which chips work (path).
    pub utilisation: QuantityId,
}

/// What owning a chip costs beside its price and power.
#[derive(Debug, Clone, PartialEq)]
pub struct Ownership {
    /// Investment over the price of the chip.
    pub overhead: QuantityId,
    /// Cost of capital, per month.
    pub capital: QuantityId,
    /// Time over which it is written off, months.
    pub years: QuantityId,
    /// Running cost, share of the investment per month.
    pub running: QuantityId,
    /// Share of the time that it works.
    pub availability: QuantityId,
    /// Power over the chip's own.
    pub power_overhead: QuantityId,
    /// Share of that power that is drawn.
    pub power_load: QuantityId,
    /// US dollars per watt and month (path).
    pub electricity: QuantityId,
}

/// Demand of a segment.
#[derive(Debug, Clone, PartialEq)]
pub struct Demand {
    /// Id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// What it is counted in: `units`, `h100e`, `tpp`, `value`.
    pub metric: DemandMetric,
    /// Per month (path).
    pub rate: QuantityId,
}

/// What demand is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DemandMetric {
    /// Accelerators.
    Units,
    /// H100 equivalents.
    H100e,
    /// TPP.
    Tpp,
    /// US dollars.
    Value,
}

/// Something that may happen, and what it does.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Position of the date, months.
    pub date: f64,
    /// Slip of the date, months.
    pub delay: QuantityId,
    /// Probability.
    pub probability: QuantityId,
    /// Position of the end; `None`: for good.
    pub until: Option<f64>,
    /// Effects.
    pub effects: Vec<Effect>,
}

/// What an event does to a quantity, from its date until its end. Effects are applied in order of event id, then as
/// listed. On a quantity read once (a delay, a size, a date) the effect applies to the whole sample if the event happens.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// Which quantity.
    pub quantity: QuantityId,
    /// What to do with it.
    pub action: Action,
    /// The operand, in base units of the quantity (dimensionless for `multiply`).
    pub operand: QuantityId,
}

/// What an effect does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// `x · operand`
    Multiply,
    /// `operand`
    Replace,
    /// `x + operand`
    Add,
}

/// A claim to be checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// Id.
    pub id: String,
    /// The sentence.
    pub says: String,
    /// Fact ids of who says it.
    pub sources: Vec<String>,
    /// A formula, or an answer from the fact base.
    pub answer: ClaimAnswer,
    /// The author's words on how the sentence became the formula.
    pub note: Option<String>,
    /// Where it is written.
    pub span: Span,
}

/// How a claim is answered.
#[derive(Debug, Clone, PartialEq)]
pub enum ClaimAnswer {
    /// True or false in each sample.
    Formula {
        /// As written.
        text: String,
        /// Checked.
        condition: crate::metric::Expression,
    },
    /// Answered from the fact base.
    Facts {
        /// `true`, `mostly true`, `unclear`, `mostly false`, `false`.
        verdict: String,
        /// In words.
        answer: String,
        /// The facts it rests on.
        facts: Vec<String>,
    },
}

/// An observed metric.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// Id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// The metric as written.
    pub text: String,
    /// Checked.
    pub metric: crate::metric::Expression,
    /// The observation.
    pub observed: QuantityId,
    /// Day on which it became known; a back-test before it is scored by it.
    pub known: Option<Date>,
    /// Whether it weighs draws, or is only shown and scored.
    pub weighs: bool,
    /// Fact ids of the same metric in earlier periods: what simple extrapolations start from.
    pub history: Vec<String>,
    /// Fact ids of what others forecast for the metric.
    pub forecasts: Vec<String>,
    /// Sources.
    pub sources: Vec<String>,
    /// The author's words on the observation.
    pub note: Option<String>,
}

/// A rank correlation between two quantities.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Correlation {
    /// One quantity.
    pub first: QuantityId,
    /// The other.
    pub second: QuantityId,
    /// Spearman's rank correlation, −1 < ρ < 1.
    pub rank: f64,
}
