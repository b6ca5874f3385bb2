//! Everything that changes during a run, as flat arrays of plain data.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use serde::{Deserialize, Serialize};

use super::result::{Completion, Sample, TraceInterval};
use crate::calendar::EventQueue;
use crate::plan::{NONE, Plan};
use crate::span::{DAY, Millis};

/// What a tool does, in the terms of SEMI E10.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[repr(u8)]
pub enum ToolState {
    /// Standby: nothing to do.
    Standby = 0,
    /// Productive: loads, processes or unloads.
    Productive = 1,
    /// Scheduled downtime: setup.
    Setup = 2,
    /// Scheduled downtime: maintenance.
    Maintenance = 3,
    /// Unscheduled downtime: repair.
    Repair = 4,
    /// Non-scheduled time: the tool has not come yet.
    Absent = 5,
}

/// Number of tool states.
pub const TOOL_STATES: usize = 6;

impl ToolState {
    /// All states, in the order of their numbers.
    pub const ALL: [ToolState; TOOL_STATES] = [
        ToolState::Standby,
        ToolState::Productive,
        ToolState::Setup,
        ToolState::Maintenance,
        ToolState::Repair,
        ToolState::Absent,
    ];

    /// Its name on screens and in files.
    pub const fn name(self) -> &'static str {
        match self {
            ToolState::Standby => "standby",
            ToolState::Productive => "productive",
            ToolState::Setup => "setup",
            ToolState::Maintenance => "maintenance",
            ToolState::Repair => "repair",
            ToolState::Absent => "absent",
        }
    }
}

/// Where a lot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Whereabouts {
    /// Nowhere: the entry is free.
    Gone,
    /// On its way to a family.
    Transit,
    /// In a family's queue.
    Waiting,
    /// In a tool.
    Processing,
}

/// A lot. Entries are reused when lots leave.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Lot {
    /// Order under which it is reported.
    pub order: u32,
    /// Number within the order; with it the key of its draws.
    pub number: u32,
    /// Step it is at.
    pub step: u32,
    /// One past the last step of its route.
    pub end_step: u32,
    /// Priority.
    pub priority: i32,
    /// Wafers.
    pub wafers: u32,
    /// Whether it is hot.
    pub hot: bool,
    /// Where it is.
    pub whereabouts: Whereabouts,
    /// Times it went back for rework.
    pub pass: u32,
    /// Release.
    pub release: Millis,
    /// Due date; `Millis::MAX` without one.
    pub due: Millis,
    /// When it came to its family.
    pub arrived: Millis,
    /// Draws of this pass through this step: process, rework, transport.
    pub words: [u32; 3],
    /// Next lot of the same job, or next free entry.
    pub next: u32,
}

/// A tool.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Tool {
    /// Present setup; 0 none.
    pub setup: u32,
    /// Lots since the last change of setup.
    pub run: u32,
    /// Jobs inside.
    pub jobs: u32,
    /// Earliest start of processing of a lot that follows those inside.
    pub entry: Millis,
    /// End of the setup in progress.
    pub setup_end: Millis,
    /// Wafers it has taken.
    pub used: u64,
    /// Whether it is under repair.
    pub down: bool,
    /// Whether it is in maintenance.
    pub maintained: bool,
    /// Start of the outage in progress.
    pub outage_began: Millis,
    /// Its calendar.
    pub outage_calendar: u32,
    /// Breakdown calendars that wait for the end of something.
    pub failures_due: u64,
    /// Maintenance calendars that are due.
    pub maintenance_due: u64,
    /// Hot lot it is kept for.
    pub kept_for: u32,
    /// Whether it stands in its family's list of available tools.
    pub listed: bool,
    /// Neighbours in that list.
    pub before: u32,
    /// See `before`.
    pub after: u32,
    /// What it does.
    pub state: ToolState,
    /// Since when.
    pub since: Millis,
    /// Time in each state.
    pub times: [Millis; TOOL_STATES],
}

/// A place for a job in a tool.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Slot {
    /// First lot of the job; `NONE` when free.
    pub first_lot: u32,
    /// When the job leaves.
    pub end: Millis,
}

/// Ends of a family's list of available tools, longest available first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Available {
    /// Longest available.
    pub first: u32,
    /// Latest.
    pub last: u32,
}

/// Counts of a family.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct FamilyCounts {
    /// Lots processed.
    pub moves: u64,
    /// Wafers processed.
    pub wafers: u64,
    /// Jobs: batches, or lots where nothing is batched.
    pub jobs: u64,
    /// Setup changes.
    pub setups: u64,
    /// Total time that lots waited.
    pub waiting: i64,
    /// Hot lots that found a tool kept for them.
    pub kept: u64,
    /// Tool time of the lots at the theoretical rate: full batches, unbroken cascades; in ms.
    pub theoretical: f64,
}

/// Counts of an order.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct OrderCounts {
    /// Lots released.
    pub released: u64,
    /// Lots finished.
    pub finished: u64,
    /// Lots in the fab now.
    pub present: u64,
    /// Lots × time in the fab, in lot·ms, up to `present_since`.
    pub present_time: i128,
    /// Since when `present` holds.
    pub present_since: Millis,
    /// Queue-time windows closed.
    pub windows: u64,
    /// Of these, too late.
    pub violations: u64,
}

/// Outages to come.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Outages {
    pub(super) heap: BinaryHeap<Reverse<(Millis, u64, u32, u32)>>,
    pub(super) serial: u64,
}

impl Outages {
    pub(super) fn push(&mut self, time: Millis, tool: u32, what: u32) {
        self.heap.push(Reverse((time, self.serial, tool, what)));
        self.serial += 1;
    }

    pub(super) fn next_time(&self) -> Millis {
        self.heap
            .peek()
            .map_or(Millis::MAX, |Reverse((time, ..))| *time)
    }
}

/// The state of a run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct State<Q> {
    /// Now.
    pub now: Millis,
    pub(super) calendar: Q,
    pub(super) outages: Outages,
    pub(super) lots: Vec<Lot>,
    pub(super) free_lot: u32,
    pub(super) tool_notes: Vec<u32>,
    pub(super) window_notes: Vec<Millis>,
    pub(super) ranks: Vec<f64>,
    pub(super) tools: Vec<Tool>,
    pub(super) slots: Vec<Slot>,
    pub(super) available: Vec<Available>,
    pub(super) queues: Vec<VecDeque<u32>>,
    pub(super) queue_sizes: Vec<u64>,
    pub(super) waiting_for_tool: Vec<VecDeque<u32>>,
    pub(super) outage_counts: Vec<u32>,
    pub(super) wafers_since: Vec<u64>,
    pub(super) released: Vec<u64>,
    pub(super) lot_numbers: Vec<u32>,
    // statistics
    pub(super) began: Millis,
    pub(super) events: u64,
    pub(super) moves: u64,
    pub(super) families: Vec<FamilyCounts>,
    pub(super) orders: Vec<OrderCounts>,
    pub(super) completions: Vec<Completion>,
    pub(super) next_sample: Millis,
    pub(super) samples: Vec<Sample>,
    pub(super) trace_window: Option<(Millis, Millis)>,
    pub(super) traced: Vec<TraceInterval>,
}

impl<Q: EventQueue> State<Q> {
    pub(super) fn new(plan: &Plan) -> State<Q> {
        let tools = plan.tool_family.len();
        let calendars = plan.tool_calendar.last().copied().unwrap_or(0) as usize;
        let queues = plan.family_queue.last().copied().unwrap_or(0) as usize;
        State {
            now: 0,
            calendar: Q::default(),
            outages: Outages::default(),
            lots: Vec::new(),
            free_lot: NONE,
            tool_notes: Vec::new(),
            window_notes: Vec::new(),
            ranks: Vec::new(),
            tools: vec![Tool::new(); tools],
            slots: vec![
                Slot {
                    first_lot: NONE,
                    end: 0
                };
                plan.slot_tool.len()
            ],
            available: vec![
                Available {
                    first: NONE,
                    last: NONE
                };
                plan.families.len()
            ],
            queues: vec![VecDeque::new(); queues],
            queue_sizes: vec![0; queues],
            waiting_for_tool: vec![VecDeque::new(); plan.families.len()],
            outage_counts: vec![0; calendars],
            wafers_since: vec![0; calendars],
            released: vec![0; plan.orders.len()],
            lot_numbers: vec![0; plan.orders.len()],
            began: 0,
            events: 0,
            moves: 0,
            families: vec![FamilyCounts::default(); plan.families.len()],
            orders: vec![OrderCounts::default(); plan.orders.len()],
            completions: Vec::new(),
            next_sample: DAY,
            samples: Vec::new(),
            trace_window: None,
            traced: Vec::new(),
        }
    }
}

impl Tool {
    fn new() -> Tool {
        Tool {
            setup: 0,
            run: 0,
            jobs: 0,
            entry: 0,
            setup_end: 0,
            used: 0,
            down: false,
            maintained: false,
            outage_began: 0,
            outage_calendar: 0,
            failures_due: 0,
            maintenance_due: 0,
            kept_for: NONE,
            listed: false,
            before: NONE,
            after: NONE,
            state: ToolState::Standby,
            since: 0,
            times: [0; TOOL_STATES],
        }
    }

    /// Whether it stands still for repair or maintenance.
    pub(super) fn out(&self) -> bool {
        self.down || self.maintained
    }
}
