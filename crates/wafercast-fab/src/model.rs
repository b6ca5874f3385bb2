//! A fab as its author describes it: names, routes, tools, orders. Read by [`crate::autosched`] and [`crate::native`],
//! checked by [`crate::check`], made dense by [`crate::plan`].

use crate::problem::Place;
use crate::span::{Distribution, Millis};

/// A whole model.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FabModel {
    /// What it is called.
    pub name: String,
    /// Instant 0 of the simulation: seconds since 1970-01-01 00:00:00 of the model's own calendar.
    pub epoch: i64,
    /// Tool families.
    pub families: Vec<Family>,
    /// Routes.
    pub routes: Vec<Route>,
    /// Products.
    pub parts: Vec<Part>,
    /// Repeating releases of lots.
    pub orders: Vec<Order>,
    /// Lots that are in the fab at instant 0.
    pub initial_lots: Vec<InitialLot>,
    /// Times of setup changes.
    pub setup_changes: Vec<SetupChange>,
    /// Minimum runs.
    pub minimum_runs: Vec<MinimumRun>,
    /// Breakdown calendars.
    pub breakdowns: Vec<Breakdown>,
    /// Maintenance calendars.
    pub maintenances: Vec<Maintenance>,
    /// Which calendar applies to which tools.
    pub attachments: Vec<Attachment>,
    /// From each instant on, releases come this many times as often as the orders say; empty: as they say.
    pub starts_over_time: Vec<(Millis, f64)>,
    /// Transport times between locations.
    pub transports: Vec<Transport>,
}

/// A family: tools that can replace each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Family {
    /// Where it is defined.
    pub place: Place,
    /// Name.
    pub name: String,
    /// Area of the fab, to which calendars attach and by which results are grouped.
    pub area: String,
    /// Place in the fab, for transport.
    pub location: String,
    /// Number of tools.
    pub tools: u32,
    /// When each tool comes to the fab; tools beyond the list are there from the start.
    pub arrivals: Vec<Millis>,
    /// Lots a tool can hold at once. More than one lets a lot enter behind another on a cascading tool.
    pub lots_held: u32,
    /// Time to load a job.
    pub load: Millis,
    /// Time to unload a job.
    pub unload: Millis,
    /// How a tool chooses among waiting lots.
    pub rule: DispatchRule,
    /// Order of the waiting lots, most significant first.
    pub ranking: Vec<Rank>,
    /// Which idle tool takes an arriving lot.
    pub wake: WakeRule,
    /// What batch sizes are counted in.
    pub batch_unit: BatchUnit,
    /// Group whose minimum runs hold for this family.
    pub setup_group: Option<String>,
}

/// How a tool chooses among waiting lots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DispatchRule {
    /// By the family's ranking alone.
    #[default]
    Ranking,
    /// Lots of orders marked hot first, then the ranking.
    HotLotsFirst,
    /// Hot lots first, then the ranking; a setup may change only after its minimum run.
    LeastSetup,
}

/// Which idle tool takes an arriving lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WakeRule {
    /// The one idle longest.
    #[default]
    LongestIdle,
    /// The one with the least setup time for the lot; among equals the longest idle.
    LeastSetup,
}

/// One criterion of a ranking.
#[derive(Debug, Clone, PartialEq)]
pub enum Rank {
    /// Higher priority first.
    Priority,
    /// Less setup time on this tool first.
    SetupTime,
    /// First come, first served.
    Fifo,
    /// Smallest critical ratio first: (due − now) / remaining expected work.
    CriticalRatio,
    /// Earliest due date first.
    DueDate,
    /// Shortest expected processing time first.
    ShortestProcess,
    /// Smallest value of a user's expression first.
    Expression(crate::rank::Expression),
}

/// What batch sizes are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BatchUnit {
    /// Wafers.
    #[default]
    Wafers,
    /// Lots.
    Lots,
}

/// A sequence of steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// Where it begins.
    pub place: Place,
    /// Name.
    pub name: String,
    /// Steps in order.
    pub steps: Vec<Step>,
}

/// One step of a route.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Where it is defined.
    pub place: Place,
    /// Key within the route.
    pub id: String,
    /// A label.
    pub description: String,
    /// Family that performs it.
    pub family: String,
    /// Processing time, drawn once a job.
    pub process: Distribution,
    /// What the time is for.
    pub per: Per,
    /// Smallest and largest batch, in the family's [`BatchUnit`].
    pub batch: Option<(u32, u32)>,
    /// Setup the tool must have.
    pub setup: Option<SetupNeed>,
    /// Step of the same lot that must run on the tool used here.
    pub same_tool_for: Option<String>,
    /// When the next wafer or lot may follow.
    pub cascade: Option<Cascade>,
    /// Chance to go back.
    pub rework: Option<Rework>,
    /// Percentage of lots that perform the step.
    pub sampling_percent: f64,
    /// Limit on the time until a later step.
    pub queue_time: Option<QueueTime>,
}

/// What a processing time is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Per {
    /// A lot.
    #[default]
    Lot,
    /// A wafer.
    Wafer,
    /// A batch.
    Batch,
}

/// Setup a step needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupNeed {
    /// Its name.
    pub name: String,
    /// Time of the change; overrides the model's table of setup changes.
    pub time: Option<Millis>,
    /// Set up anew for every job, even if the tool has this setup.
    pub always: bool,
}

/// When the next may follow on a cascading tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cascade {
    /// A wafer enters every so often.
    Wafers(Millis),
    /// The next lot may enter so long after this one.
    Lots(Millis),
}

/// Chance to go back.
#[derive(Debug, Clone, PartialEq)]
pub struct Rework {
    /// Step to redo from.
    pub to: String,
    /// Percentage of passes.
    pub percent: f64,
}

/// Limit on the time from the end of a step to the start of a later one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueTime {
    /// The later step.
    pub to: String,
    /// The limit.
    pub limit: Millis,
}

/// A product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Where it is defined.
    pub place: Place,
    /// Name.
    pub name: String,
    /// Product family, a label.
    pub product_family: String,
    /// Product group, a label.
    pub product_group: String,
    /// Its route.
    pub route: String,
}

/// A repeating release of lots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Where it is defined.
    pub place: Place,
    /// Name of its lots.
    pub lot: String,
    /// Name of the order.
    pub name: String,
    /// Product.
    pub part: String,
    /// Priority; larger goes first.
    pub priority: i32,
    /// Wafers in a lot.
    pub wafers: u32,
    /// First release.
    pub start: Millis,
    /// Time between releases.
    pub interval: Distribution,
    /// Number of releases.
    pub releases: u64,
    /// Lots released each time.
    pub lots_per_release: u32,
    /// Due date of a lot, counted from its release.
    pub due_after: Option<Millis>,
    /// Reserve the next tool while a lot is processed, and pass all others.
    pub hot: bool,
}

/// A lot that is in the fab at instant 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InitialLot {
    /// Where it is defined.
    pub place: Place,
    /// Name.
    pub lot: String,
    /// Order under which it is reported.
    pub order: String,
    /// Product.
    pub part: String,
    /// Priority; larger goes first.
    pub priority: i32,
    /// Wafers.
    pub wafers: u32,
    /// Release.
    pub start: Millis,
    /// Step it waits for; the first one when absent.
    pub step: Option<String>,
    /// Due date.
    pub due: Option<Millis>,
    /// See [`Order::hot`].
    pub hot: bool,
}

/// Time of a setup change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupChange {
    /// Where it is defined.
    pub place: Place,
    /// Setup before; `None` is any.
    pub from: Option<String>,
    /// Setup after.
    pub to: String,
    /// Time.
    pub time: Millis,
}

/// Lots that must run under a setup before another change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MinimumRun {
    /// Where it is defined.
    pub place: Place,
    /// Group; families name it.
    pub group: String,
    /// Setup.
    pub setup: String,
    /// Lots.
    pub lots: u32,
}

/// Breakdowns: the time to failure counts calendar time from the end of the last repair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breakdown {
    /// Where it is defined.
    pub place: Place,
    /// Name.
    pub name: String,
    /// Time to failure.
    pub time_to_failure: Distribution,
    /// Time to repair.
    pub time_to_repair: Distribution,
}

/// Maintenance, by time or by wafers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maintenance {
    /// Where it is defined.
    pub place: Place,
    /// Name.
    pub name: String,
    /// When it is due again.
    pub every: Interval,
    /// How long it takes.
    pub duration: Distribution,
}

/// An interval between maintenances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interval {
    /// Calendar time from start to start.
    Time(Millis),
    /// Wafers through the tool since the last one.
    Wafers(u64),
}

/// A calendar applied to the tools of an area or a family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Where it is defined.
    pub place: Place,
    /// Breakdown or maintenance calendar.
    pub calendar: String,
    /// Whether the calendar is a breakdown calendar.
    pub breakdown: bool,
    /// The tools.
    pub target: Target,
    /// First occurrence; absent: one interval.
    pub first: Option<First>,
}

/// Tools that a calendar applies to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// All tools of an area.
    Area(String),
    /// All tools of a family.
    Family(String),
}

/// First occurrence of an outage. A constant is staggered: tool k of N in its family at k/N of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First {
    /// After a time.
    Time(Distribution),
    /// After a number of wafers.
    Wafers(u64),
}

/// Transport between two locations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transport {
    /// Where it is defined.
    pub place: Place,
    /// Location left.
    pub from: String,
    /// Location reached.
    pub to: String,
    /// Time.
    pub time: Distribution,
}
