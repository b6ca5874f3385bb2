//! What must hold of a state at any time; tests ask for it, runs do not.

use super::Simulation;
use super::state::{ToolState, Whereabouts};
use crate::calendar::EventQueue;
use crate::plan::NONE;

impl<Q: EventQueue> Simulation<'_, Q> {
    /// Time that an order's lots which are in the fab have spent there, in ms.
    pub fn time_of_present_lots(&self, order: u32) -> i64 {
        let lots = self
            .state
            .lots
            .iter()
            .filter(|lot| lot.order == order && lot.whereabouts != Whereabouts::Gone);
        lots.map(|lot| self.state.now - lot.release).sum()
    }

    /// What is wrong with the state, if anything: every lot is in exactly one place and of no other, tools hold the jobs
    /// they say, no tool is both in repair and in maintenance, queues are as long as they say, lots are conserved.
    pub fn audit(&self) -> Result<(), String> {
        let mut seen = vec![0u32; self.state.lots.len()];
        self.audit_queues(&mut seen)?;
        self.audit_tools(&mut seen)?;
        for (at, lot) in self.state.lots.iter().enumerate() {
            let places = match lot.whereabouts {
                Whereabouts::Gone | Whereabouts::Transit => 0,
                Whereabouts::Waiting | Whereabouts::Processing => 1,
            };
            if seen[at] != places {
                return Err(format!(
                    "lot {at} ({:?}) is in {} places",
                    lot.whereabouts, seen[at]
                ));
            }
        }
        let live = self
            .state
            .lots
            .iter()
            .filter(|lot| lot.whereabouts != Whereabouts::Gone)
            .count() as u64;
        let present: u64 = self.state.orders.iter().map(|order| order.present).sum();
        if live != present {
            return Err(format!("{live} lots live, {present} counted"));
        }
        Ok(())
    }

    fn audit_queues(&self, seen: &mut [u32]) -> Result<(), String> {
        for (at, queue) in self.state.queues.iter().enumerate() {
            let mut size = 0;
            for &lot in queue {
                seen[lot as usize] += 1;
                let entry = &self.state.lots[lot as usize];
                if entry.whereabouts != Whereabouts::Waiting {
                    return Err(format!("lot {lot} queues but is {:?}", entry.whereabouts));
                }
                size += self.batch_share(lot, &self.plan.steps[entry.step as usize]);
            }
            let family = self
                .plan
                .family_queue
                .partition_point(|&first| first as usize <= at)
                - 1;
            if self.plan.families[family].groups > 0 && size != self.state.queue_sizes[at] {
                return Err(format!(
                    "queue {at} holds {size}, says {}",
                    self.state.queue_sizes[at]
                ));
            }
        }
        Ok(())
    }

    fn audit_tools(&self, seen: &mut [u32]) -> Result<(), String> {
        for (at, tool) in self.state.tools.iter().enumerate() {
            let mut jobs = 0;
            for slot in self.plan.tool_slot[at]..self.plan.tool_slot[at + 1] {
                let mut lot = self.state.slots[slot as usize].first_lot;
                jobs += u32::from(lot != NONE);
                while lot != NONE {
                    seen[lot as usize] += 1;
                    let entry = &self.state.lots[lot as usize];
                    if entry.whereabouts != Whereabouts::Processing {
                        return Err(format!(
                            "lot {lot} is in tool {at} but {:?}",
                            entry.whereabouts
                        ));
                    }
                    lot = entry.next;
                }
            }
            if jobs != tool.jobs {
                return Err(format!("tool {at} holds {jobs} jobs, says {}", tool.jobs));
            }
            if tool.down && tool.maintained {
                return Err(format!("tool {at} is in repair and in maintenance"));
            }
            let fits = match tool.state {
                ToolState::Standby => jobs == 0 && !tool.out(),
                ToolState::Productive | ToolState::Setup => jobs > 0 && !tool.out(),
                ToolState::Maintenance => tool.maintained && jobs == 0,
                ToolState::Repair => tool.down,
                ToolState::Absent => tool.maintained && jobs == 0,
            };
            if !fits {
                return Err(format!("tool {at} is {:?} with {jobs} jobs", tool.state));
            }
            if tool.listed && !self.can_take(at as u32) {
                return Err(format!("tool {at} is offered but cannot take a lot"));
            }
            let total: i64 = tool.times.iter().sum::<i64>() + self.state.now - tool.since;
            if total != self.state.now - self.state.began {
                return Err(format!("tool {at} accounts for {total} ms"));
            }
        }
        Ok(())
    }
}
