//! The model made dense: flat arrays and indices, no names in the way of the simulation.

mod compile;

use serde::{Deserialize, Serialize};

use crate::rank::Expression;
use crate::span::{Distribution, Millis};

pub use compile::compile;

/// Marks the absence of an index.
pub const NONE: u32 = u32::MAX;

/// How the points that AutoSched's manuals leave open are read. [`Reading::default`] is what agrees best with
/// AutoSched's own results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// What loading and unloading mean on a tool that takes one lot behind another.
    pub cascade_handling: CascadeHandling,
    /// What setup time means in the ranking of a family that does not choose by least setup.
    pub setup_rank: SetupRankReading,
    /// When a tool that chooses by least setup takes a lot of its own setup behind another.
    pub least_setup_entry: LeastSetupEntry,
    /// What a minimum run means when no lot of the present setup waits.
    pub minimum_run: MinimumRunReading,
    /// What a breakdown does to the job on the tool.
    pub breakdown: BreakdownReading,
    /// What queue-time windows do.
    pub queue_time: QueueTimeReading,
    /// Which of several tools takes an arriving lot, where the family's wake rule does not say.
    pub tool_choice: ToolChoice,
    /// When a tool that holds a lot can be set up for another.
    pub setup_entry: SetupEntry,
}

impl Default for Reading {
    fn default() -> Reading {
        Reading {
            cascade_handling: CascadeHandling::Overlapped,
            setup_rank: SetupRankReading::OnArrival,
            least_setup_entry: LeastSetupEntry::WithRoom,
            minimum_run: MinimumRunReading::Strict,
            breakdown: BreakdownReading::Pauses,
            queue_time: QueueTimeReading::Measured,
            tool_choice: ToolChoice::LeastUsed,
            setup_entry: SetupEntry::BesideJob,
        }
    }
}

/// Loading and unloading on cascading tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CascadeHandling {
    /// A lot is loaded while the one before it is processed.
    Overlapped,
    /// A lot is loaded when the one before it lets it enter.
    Serial,
}

/// Setup time as a criterion of a family's ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SetupRankReading {
    /// The family's list is ranked when a lot arrives, before any tool asks: setup time says nothing. Only the rule of
    /// least setup looks at the tool.
    OnArrival,
    /// Every tool ranks the list for itself when it asks.
    WhenAsked,
}

/// Entry behind another lot on cascading tools that choose by least setup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LeastSetupEntry {
    /// As soon as the tool has room: the lot waits inside for its turn.
    WithRoom,
    /// When the lot before lets it enter, as on other tools.
    AtEntry,
}

/// Minimum runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MinimumRunReading {
    /// The tool waits for lots of its setup until the run is complete.
    Strict,
    /// The tool may change when no lot of its setup waits.
    WhileLotsWait,
}

/// Breakdowns in processing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum BreakdownReading {
    /// The job pauses and its rest resumes after the repair.
    Pauses,
    /// The breakdown waits for the end of the job.
    WaitsForJob,
}

/// Queue-time windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum QueueTimeReading {
    /// Violations are counted.
    Measured,
    /// Violations are counted, and a lot whose window closes at this step goes before all others, the earliest first.
    Enforced,
}

/// Setups of tools that hold several lots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SetupEntry {
    /// While the lot before is processed. An arriving lot that looks for the least setup time goes to any tool with
    /// room, also behind a lot that does not let it enter yet.
    BesideJob,
    /// When the tool is empty.
    WhenEmpty,
}

/// Choice among tools that could take an arriving lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToolChoice {
    /// The one that has processed the fewest wafers: use, and with it maintenance by wafers, stays even.
    LeastUsed,
    /// The one that has been able to take a lot for longest, empty or not.
    LongestAvailable,
    /// Empty tools first.
    EmptyFirst,
    /// Tools that hold a lot first, so that chains grow.
    OccupiedFirst,
    /// Any, by lot.
    Any,
}

/// A family.
#[derive(Debug, Clone)]
pub struct PlanFamily {
    /// Name.
    pub name: String,
    /// Index of its area.
    pub area: u32,
    /// Index of its location.
    pub location: u32,
    /// Its tools are `first_tool .. first_tool + tools`.
    pub first_tool: u32,
    /// Number of tools.
    pub tools: u32,
    /// Lots (jobs) a tool holds at once.
    pub lots_held: u32,
    /// Load time.
    pub load: Millis,
    /// Unload time.
    pub unload: Millis,
    /// Criteria that order waiting lots.
    pub criteria: Vec<Criterion>,
    /// Number of leading criteria that do not change while a lot waits.
    pub frozen: usize,
    /// Whether any criterion changes while a lot waits.
    pub changing: bool,
    /// Arriving lots take the tool with the least setup time.
    pub wakes_least_setup: bool,
    /// A setup may change only after its minimum run.
    pub keeps_minimum_run: bool,
    /// Whether any of its steps needs a setup or a saved tool, so that not every lot fits every tool.
    pub selective: bool,
    /// A lot goes into a tool as soon as there is room, and waits inside until it may enter.
    pub enters_with_room: bool,
    /// Number of batch groups; 0 when the family does not batch.
    pub groups: u32,
    /// When each of its tools comes to the fab; tools beyond the list are there from the start.
    pub arrivals: Vec<Millis>,
    /// Breakdown calendars.
    pub breakdowns: Vec<PlanBreakdown>,
    /// Maintenance calendars.
    pub maintenances: Vec<PlanMaintenance>,
}

/// A criterion of a ranking; smaller values go first.
#[derive(Debug, Clone, PartialEq)]
pub enum Criterion {
    /// Hot lots first.
    Hot,
    /// Earliest end of a queue-time window that closes here first.
    QueueDeadline,
    /// Higher priority first.
    Priority,
    /// First come first.
    Fifo,
    /// Earliest due date.
    DueDate,
    /// Shortest expected process.
    ShortestProcess,
    /// A user's expression.
    Expression(Expression),
    /// Least setup time.
    SetupTime,
    /// Smallest critical ratio.
    CriticalRatio,
}

impl Criterion {
    /// Whether its value changes while a lot waits, or differs between tools.
    pub fn changes(&self) -> bool {
        match self {
            Criterion::SetupTime | Criterion::CriticalRatio => true,
            Criterion::Expression(expression) => expression.changes(),
            _ => false,
        }
    }
}

/// Breakdowns of a family's tools.
#[derive(Debug, Clone)]
pub struct PlanBreakdown {
    /// To the first failure.
    pub first: Distribution,
    /// From a repair to the next failure.
    pub time_to_failure: Distribution,
    /// To repair.
    pub time_to_repair: Distribution,
}

/// Maintenance of a family's tools.
#[derive(Debug, Clone)]
pub struct PlanMaintenance {
    /// Time between starts; 0 when it counts wafers.
    pub every: Millis,
    /// Wafers between; 0 when it counts time.
    pub every_wafers: u64,
    /// First occurrence in time.
    pub first: Distribution,
    /// First occurrence in wafers.
    pub first_wafers: u64,
    /// How long it takes.
    pub duration: Distribution,
}

/// A step.
#[derive(Debug, Clone)]
pub struct PlanStep {
    /// Family.
    pub family: u32,
    /// Setup needed; 0 none.
    pub setup: u32,
    /// Time of the setup change; negative: look it up.
    pub setup_time: Millis,
    /// Set up anew for every job.
    pub setup_always: bool,
    /// Draw of the processing time.
    pub process: Distribution,
    /// The time is for a wafer.
    pub per_wafer: bool,
    /// A wafer enters every so often; 0 does not apply.
    pub wafer_interval: Millis,
    /// The next lot enters so long after this one; 0 does not apply.
    pub lot_interval: Millis,
    /// Batch group within the family.
    pub group: u32,
    /// Smallest batch.
    pub batch_least: u32,
    /// Largest batch.
    pub batch_most: u32,
    /// Batch sizes count lots, not wafers.
    pub batch_in_lots: bool,
    /// Chance to perform the step, in 2⁻³²: 2³² is always.
    pub sampling: u64,
    /// Step to redo from after this one.
    pub rework_to: u32,
    /// Chance of it, in 2⁻³².
    pub rework: u64,
    /// Where the lot notes the tool used here, for a later step.
    pub saves_tool: u32,
    /// Where the lot noted the tool that must be used here.
    pub uses_tool: u32,
    /// Where the lot notes the end of this step, for a queue-time window.
    pub opens_window: u32,
    /// Queue-time windows that close at the start of this step: a range of [`Plan::windows`].
    pub closes_windows: (u32, u32),
    /// Number of the step within its route.
    pub number: u32,
}

/// What lies ahead of a lot at a step, this one included; weighted by sampling.
#[derive(Debug, Clone, Copy, Default)]
pub struct StepOutlook {
    /// Expected load, process and unload time: constant part, in ms.
    pub constant: f64,
    /// The part for each wafer.
    pub per_wafer: f64,
    /// Expected number of steps.
    pub steps: f64,
}

/// An order, or a group of initial lots, under which lots are reported.
#[derive(Debug, Clone)]
pub struct PlanOrder {
    /// Name.
    pub name: String,
    /// Name of its lots.
    pub lot: String,
    /// First step of its route.
    pub first_step: u32,
    /// One past the last step.
    pub end_step: u32,
    /// Priority.
    pub priority: i32,
    /// Wafers in a lot.
    pub wafers: u32,
    /// First release.
    pub start: Millis,
    /// Between releases.
    pub interval: Distribution,
    /// Number of releases; 0 for initial lots.
    pub releases: u64,
    /// Lots at each release.
    pub lots_per_release: u32,
    /// Due date after the release.
    pub due_after: Option<Millis>,
    /// Hot.
    pub hot: bool,
}

/// A lot in the fab at the start.
#[derive(Debug, Clone)]
pub struct PlanInitialLot {
    /// Index of its order.
    pub order: u32,
    /// Number among the initial lots, for its draws.
    pub number: u32,
    /// Step it waits for.
    pub step: u32,
    /// One past the last step of its route.
    pub end_step: u32,
    /// First step of its route.
    pub first_step: u32,
    /// Priority.
    pub priority: i32,
    /// Wafers.
    pub wafers: u32,
    /// Release.
    pub start: Millis,
    /// Due date.
    pub due: Option<Millis>,
    /// Hot.
    pub hot: bool,
}

/// A compiled model.
#[derive(Debug, Clone)]
pub struct Plan {
    /// How open points are read.
    pub reading: Reading,
    /// Families.
    pub families: Vec<PlanFamily>,
    /// Family of every tool.
    pub tool_family: Vec<u32>,
    /// First job slot of every tool, and one more at the end.
    pub tool_slot: Vec<u32>,
    /// Tool of every job slot.
    pub slot_tool: Vec<u32>,
    /// First outage calendar of every tool, and one more at the end.
    pub tool_calendar: Vec<u32>,
    /// First queue of every family, and one more at the end.
    pub family_queue: Vec<u32>,
    /// Steps of all routes, one after another.
    pub steps: Vec<PlanStep>,
    /// What lies ahead at each step.
    pub outlooks: Vec<StepOutlook>,
    /// Queue-time windows `(note, limit)`, those of one closing step side by side.
    pub windows: Vec<(u32, Millis)>,
    /// Route names with their steps `first .. end`.
    pub routes: Vec<(String, u32, u32)>,
    /// Names of steps.
    pub step_names: Vec<String>,
    /// Orders; the first `released` release lots, the rest hold initial lots.
    pub orders: Vec<PlanOrder>,
    /// From each instant on, releases come this many times as often.
    pub starts_over_time: Vec<(Millis, f64)>,
    /// Initial lots.
    pub initial_lots: Vec<PlanInitialLot>,
    /// Names of areas.
    pub areas: Vec<String>,
    /// Names of setups; 0 is none.
    pub setups: Vec<String>,
    /// For each setup: time from any other, and exceptions `(from, time)`.
    pub setup_times: Vec<(Millis, Vec<(u32, Millis)>)>,
    /// For each setup its minimum run, by family.
    pub minimum_runs: Vec<Vec<u32>>,
    /// Transport by `from × locations + to`.
    pub transport: Vec<Distribution>,
    /// Number of locations.
    pub locations: u32,
    /// Notes of tools that a lot keeps.
    pub tool_notes: u32,
    /// Notes of window starts that a lot keeps.
    pub window_notes: u32,
    /// Most criteria of any family.
    pub most_criteria: u32,
}

impl Plan {
    /// The queue-time windows that close at the start of a step: `(note, limit)`.
    #[inline]
    pub fn closing_windows(&self, step: &PlanStep) -> &[(u32, Millis)] {
        let (first, end) = step.closes_windows;
        &self.windows[first as usize..end as usize]
    }

    /// Time to set a tool with `setup` up for `step`.
    #[inline]
    pub fn setup_time(&self, setup: u32, step: &PlanStep) -> Millis {
        if step.setup == 0 || (step.setup == setup && !step.setup_always) {
            return 0;
        }
        if step.setup_time >= 0 {
            return step.setup_time;
        }
        let (any, exceptions) = &self.setup_times[step.setup as usize];
        exceptions
            .iter()
            .find(|&&(from, _)| from == setup)
            .map_or(*any, |&(_, time)| time)
    }
}
