//! Pending events in the order of their time: a bucket calendar, and a binary heap to measure it against.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use serde::{Deserialize, Serialize};

use crate::span::Millis;

/// A pending event. Events of one instant happen in the order in which they were scheduled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub time: Millis,
    /// Serial number of scheduling in the high 36 bits, what happens in the low 28.
    tag: u64,
}

const WHAT_BITS: u32 = 28;

impl Event {
    /// What happens.
    #[inline]
    pub fn what(self) -> u32 {
        (self.tag & ((1 << WHAT_BITS) - 1)) as u32
    }
}

/// A queue of pending events. Implementations give the same order, so results do not depend on the choice.
pub trait EventQueue: Default {
    /// Adds an event; `time` is not before the last event taken, `what` has at most 28 bits.
    fn push(&mut self, time: Millis, what: u32);
    /// When the next event is.
    fn next_time(&mut self) -> Option<Millis>;
    /// Takes the next event.
    fn pop(&mut self) -> Option<Event>;
    /// Number of pending events.
    fn len(&self) -> usize;
    /// Whether none is pending.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Bits of a bucket's width: 2¹³ ms ≈ 8.2 s, so that a bucket of a large fab holds a handful of events.
const WIDTH_BITS: u32 = 13;
/// Number of buckets; together they reach 18.6 hours ahead.
const BUCKETS: usize = 8_192;
const MASK: i64 = BUCKETS as i64 - 1;
/// The end of a bucket's chain.
const END: u32 = u32::MAX;

/// A calendar of buckets with an overflow heap. The bucket in hand is kept sorted; the others are chains through one
/// array, without order, and are sorted when their turn comes, so that an event costs a few nanoseconds while it is far
/// away. Entries of the array are reused latest first: what is pending stays in the nearest caches.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BucketCalendar {
    /// Number of the bucket in hand, counted from instant 0.
    at: i64,
    /// Events of the bucket in hand, the next last.
    hand: Vec<Event>,
    /// First entry of each bucket's chain.
    heads: Vec<u32>,
    /// Events, each with the next entry of its chain, or of the free ones.
    entries: Vec<(Event, u32)>,
    free: u32,
    /// One bit for each bucket that holds something.
    occupied: Vec<u64>,
    overflow: BinaryHeap<Reverse<Event>>,
    pending: usize,
    serial: u64,
}

impl Default for BucketCalendar {
    fn default() -> BucketCalendar {
        BucketCalendar {
            at: 0,
            hand: Vec::new(),
            heads: vec![END; BUCKETS],
            entries: Vec::new(),
            free: END,
            occupied: vec![0; BUCKETS / 64],
            overflow: BinaryHeap::new(),
            pending: 0,
            serial: 0,
        }
    }
}

impl BucketCalendar {
    #[inline]
    fn place(&mut self, event: Event) {
        let bucket = event.time >> WIDTH_BITS;
        if bucket <= self.at {
            let mut place = self.hand.len();
            while place > 0 && self.hand[place - 1] < event {
                place -= 1;
            }
            self.hand.insert(place, event);
        } else if bucket - self.at < BUCKETS as i64 {
            let slot = (bucket & MASK) as usize;
            let chain = (event, self.heads[slot]);
            let entry = self.free;
            if entry == END {
                self.heads[slot] = self.entries.len() as u32;
                self.entries.push(chain);
            } else {
                self.free = self.entries[entry as usize].1;
                self.entries[entry as usize] = chain;
                self.heads[slot] = entry;
            }
            self.occupied[slot / 64] |= 1 << (slot % 64);
        } else {
            self.overflow.push(Reverse(event));
        }
    }

    /// Number of the next bucket that holds something, after the one in hand.
    fn next_occupied(&self) -> Option<i64> {
        let start = ((self.at + 1) & MASK) as usize;
        let words = self.occupied.len();
        let mut word = start / 64;
        let mut bits = self.occupied[word] & (u64::MAX << (start % 64));
        for _ in 0..=words {
            if bits != 0 {
                let slot = (word * 64) as i64 + i64::from(bits.trailing_zeros());
                return Some(self.at + 1 + ((slot - start as i64) & MASK));
            }
            word = (word + 1) % words;
            bits = self.occupied[word];
        }
        None
    }

    /// Takes the next bucket in hand, when the one in hand is used up.
    fn advance(&mut self) -> bool {
        while self.hand.is_empty() {
            let far = self
                .overflow
                .peek()
                .map(|Reverse(event)| event.time >> WIDTH_BITS);
            let near = self.next_occupied();
            let Some(next) = near.into_iter().chain(far).min() else {
                return false;
            };
            self.at = next;
            if near == Some(next) {
                self.take_bucket((next & MASK) as usize);
            }
            // What has come within reach leaves the heap.
            while let Some(&Reverse(event)) = self.overflow.peek() {
                if (event.time >> WIDTH_BITS) - self.at >= BUCKETS as i64 {
                    break;
                }
                self.overflow.pop();
                self.place(event);
            }
        }
        true
    }

    /// Sorts a bucket's chain into the hand and frees its entries.
    fn take_bucket(&mut self, slot: usize) {
        let mut entry = self.heads[slot];
        self.heads[slot] = END;
        self.occupied[slot / 64] &= !(1 << (slot % 64));
        while entry != END {
            let (event, next) = self.entries[entry as usize];
            self.entries[entry as usize].1 = self.free;
            self.free = entry;
            self.hand.push(event);
            entry = next;
        }
        self.hand.sort_unstable_by(|a, b| b.cmp(a));
    }
}

impl EventQueue for BucketCalendar {
    #[inline]
    fn push(&mut self, time: Millis, what: u32) {
        let event = Event {
            time,
            tag: (self.serial << WHAT_BITS) | u64::from(what),
        };
        self.serial += 1;
        self.pending += 1;
        self.place(event);
    }

    #[inline]
    fn next_time(&mut self) -> Option<Millis> {
        if self.hand.is_empty() && !self.advance() {
            return None;
        }
        self.hand.last().map(|event| event.time)
    }

    #[inline]
    fn pop(&mut self) -> Option<Event> {
        if self.hand.is_empty() && !self.advance() {
            return None;
        }
        self.pending -= 1;
        self.hand.pop()
    }

    fn len(&self) -> usize {
        self.pending
    }
}

/// The textbook queue, as a baseline.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct HeapCalendar {
    heap: BinaryHeap<Reverse<Event>>,
    serial: u64,
}

impl EventQueue for HeapCalendar {
    fn push(&mut self, time: Millis, what: u32) {
        self.heap.push(Reverse(Event {
            time,
            tag: (self.serial << WHAT_BITS) | u64::from(what),
        }));
        self.serial += 1;
    }

    fn next_time(&mut self) -> Option<Millis> {
        self.heap.peek().map(|Reverse(event)| event.time)
    }

    fn pop(&mut self) -> Option<Event> {
        self.heap.pop().map(|Reverse(event)| event)
    }

    fn len(&self) -> usize {
        self.heap.len()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The calendar and the heap give the same events in the same order, near and far, dense and sparse.
        #[test]
        fn same_order_as_a_heap(steps in prop::collection::vec((0u8..4, 0u64..1 << 34, 0u32..40), 1..400)) {
            let mut calendar = BucketCalendar::default();
            let mut heap = HeapCalendar::default();
            let mut now = 0;
            for (what, (kind, span, shift)) in (0..).zip(steps) {
                if kind == 0 {
                    let (a, b) = (calendar.pop(), heap.pop());
                    prop_assert_eq!(a, b);
                    now = a.map_or(now, |event| event.time);
                } else {
                    let time = now + (span >> shift.min(34)) as i64;
                    calendar.push(time, what);
                    heap.push(time, what);
                }
                prop_assert_eq!(calendar.len(), heap.len());
            }
            while let Some(event) = heap.pop() {
                prop_assert_eq!(calendar.next_time(), Some(event.time));
                prop_assert_eq!(calendar.pop(), Some(event));
            }
            prop_assert_eq!(calendar.pop(), None);
        }
    }
}
