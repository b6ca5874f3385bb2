//! A group of draws in the registers of an instruction set, for code that branches too much for the compiler to find the
//! vectors in it. Every operation is one of IEEE 754 in every lane, so the bits do not depend on the instruction set.

use std::ops::{Add, BitAnd, BitOr, Div, Mul, Sub};

use pulp::{Simd, WithSimd};

use super::lanes::{LANES, Lanes};

/// A value of each draw of a group, in `K` registers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Vector<S: Simd, const K: usize> {
    simd: S,
    registers: [S::f64s; K],
}

/// A truth value of each draw of a group.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mask<S: Simd, const K: usize> {
    simd: S,
    registers: [S::m64s; K],
}

/// What makes vectors: the instruction set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Set<S: Simd, const K: usize> {
    simd: S,
}

/// Work that is compiled for every instruction set.
pub(crate) trait Work {
    /// Does it.
    fn work<S: Simd, const K: usize>(self, set: Set<S, K>);
}

/// Does the work with the widest vectors at hand.
pub(crate) fn dispatch(work: impl Work) {
    struct Adapter<W>(W);
    impl<W: Work> WithSimd for Adapter<W> {
        type Output = ();
        #[inline(always)]
        fn with_simd<S: Simd>(self, simd: S) {
            match S::F64_LANES {
                8 => self.0.work(Set::<S, 4> { simd }),
                4 => self.0.work(Set::<S, 8> { simd }),
                2 => self.0.work(Set::<S, 16> { simd }),
                _ => self.0.work(Set::<S, 32> { simd }),
            }
        }
    }
    pulp::Arch::new().dispatch(Adapter(work));
}

impl<S: Simd, const K: usize> Set<S, K> {
    /// All lanes equal.
    #[inline(always)]
    pub(crate) fn splat(self, value: f64) -> Vector<S, K> {
        Vector {
            simd: self.simd,
            registers: [self.simd.splat_f64s(value); K],
        }
    }

    /// From memory.
    #[inline(always)]
    pub(crate) fn load(self, lanes: &Lanes) -> Vector<S, K> {
        let (registers, _) = S::as_simd_f64s(&lanes.0);
        Vector {
            simd: self.simd,
            registers: std::array::from_fn(|k| registers[k]),
        }
    }
}

impl<S: Simd, const K: usize> Vector<S, K> {
    /// To memory.
    #[inline(always)]
    pub(crate) fn store(self, lanes: &mut Lanes) {
        let (registers, _) = S::as_mut_simd_f64s(&mut lanes.0);
        registers[..K].copy_from_slice(&self.registers);
    }

    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(S, S::f64s, S::f64s) -> S::f64s) -> Self {
        Vector {
            simd: self.simd,
            registers: std::array::from_fn(|k| f(self.simd, self.registers[k], other.registers[k])),
        }
    }

    #[inline(always)]
    fn compare(self, other: Self, f: impl Fn(S, S::f64s, S::f64s) -> S::m64s) -> Mask<S, K> {
        Mask {
            simd: self.simd,
            registers: std::array::from_fn(|k| f(self.simd, self.registers[k], other.registers[k])),
        }
    }

    /// `self < other`
    #[inline(always)]
    pub(crate) fn below(self, other: Self) -> Mask<S, K> {
        self.compare(other, |simd, a, b| simd.less_than_f64s(a, b))
    }

    /// `self ≤ other`
    #[inline(always)]
    pub(crate) fn at_most(self, other: Self) -> Mask<S, K> {
        self.compare(other, |simd, a, b| simd.less_than_or_equal_f64s(a, b))
    }

    /// `self < other ? self : other`
    #[inline(always)]
    pub(crate) fn min(self, other: Self) -> Self {
        if S::F64_LANES >= 4 {
            // The instruction of x86 is just this.
            self.zip(other, |simd, a, b| simd.min_f64s(a, b))
        } else {
            self.below(other).select(self, other)
        }
    }

    /// `self > other ? self : other`
    #[inline(always)]
    pub(crate) fn max(self, other: Self) -> Self {
        if S::F64_LANES >= 4 {
            self.zip(other, |simd, a, b| simd.max_f64s(a, b))
        } else {
            other.below(self).select(self, other)
        }
    }
}

impl<S: Simd, const K: usize> Mask<S, K> {
    /// `then` where true, else `otherwise`.
    #[inline(always)]
    pub(crate) fn select(self, then: Vector<S, K>, otherwise: Vector<S, K>) -> Vector<S, K> {
        Vector {
            simd: self.simd,
            registers: std::array::from_fn(|k| {
                let (then, otherwise) = (then.registers[k], otherwise.registers[k]);
                self.simd.select_f64s(self.registers[k], then, otherwise)
            }),
        }
    }

    /// Whether it is true in any draw.
    #[inline(always)]
    pub(crate) fn any(self) -> bool {
        let any = |k: usize| self.simd.first_true_m64s(self.registers[k]) < S::F64_LANES;
        (0..K).fold(false, |found, k| found | any(k))
    }
}

macro_rules! operators {
    ($($trait:ident $name:ident $operation:ident),*) => { $(
        impl<S: Simd, const K: usize> $trait for Vector<S, K> {
            type Output = Self;
            #[inline(always)]
            fn $name(self, other: Self) -> Self {
                self.zip(other, |simd, a, b| simd.$operation(a, b))
            }
        }
    )* };
}

operators!(Add add add_f64s, Sub sub sub_f64s, Mul mul mul_f64s, Div div div_f64s);

macro_rules! logic {
    ($($trait:ident $name:ident $operation:ident),*) => { $(
        impl<S: Simd, const K: usize> $trait for Mask<S, K> {
            type Output = Self;
            #[inline(always)]
            fn $name(self, other: Self) -> Self {
                Mask {
                    simd: self.simd,
                    registers: std::array::from_fn(|k| {
                        let (a, b) = (self.registers[k], other.registers[k]);
                        self.simd.$operation(a, b)
                    }),
                }
            }
        }
    )* };
}

logic!(BitAnd bitand and_m64s, BitOr bitor or_m64s);

/// [`dispatch`] counts the registers for this many lanes.
const _: () = assert!(LANES == 32);

#[cfg(test)]
mod tests {
    use super::*;

    /// Every operation once, on numbers with ties, zeros of both signs and infinities.
    struct Everything<'a> {
        a: &'a Lanes,
        b: &'a Lanes,
        out: &'a mut Vec<u64>,
    }

    impl Work for Everything<'_> {
        fn work<S: Simd, const K: usize>(self, set: Set<S, K>) {
            let (a, b) = (set.load(self.a), set.load(self.b));
            let (below, at_most) = (a.below(b), a.at_most(b));
            for value in [
                a + b,
                a - b,
                a * b,
                a / (b + set.splat(3.5)),
                a.min(b),
                a.max(b),
                below.select(a, b),
                (below | at_most).select(b, a),
                (below & at_most).select(b, a),
            ] {
                let mut lanes = Lanes::default();
                value.store(&mut lanes);
                self.out.extend(lanes.iter().map(|x| x.to_bits()));
            }
            self.out.push(u64::from(below.any()));
            self.out
                .push(u64::from(set.splat(1.0).below(set.splat(1.0)).any()));
        }
    }

    #[test]
    fn all_instruction_sets_give_the_same_bits() {
        let pool = [0.0, -0.0, 1.0, 1.0, -2.5, 1e-300, 1e300, f64::INFINITY, 0.1];
        for shift in 0..pool.len() {
            let a = Lanes::from_fn(|lane| pool[lane % pool.len()]);
            let b = Lanes::from_fn(|lane| pool[(lane * 5 + shift) % pool.len()]);
            let (mut wide, mut plain) = (Vec::new(), Vec::new());
            dispatch(Everything {
                a: &a,
                b: &b,
                out: &mut wide,
            });
            Everything {
                a: &a,
                b: &b,
                out: &mut plain,
            }
            .work(Set::<pulp::Scalar, LANES> {
                simd: pulp::Scalar::new(),
            });
            let numbers = |bits: &[u64]| {
                bits.iter()
                    .map(|&bits| {
                        if f64::from_bits(bits).is_nan() {
                            0
                        } else {
                            bits
                        }
                    })
                    .collect::<Vec<_>>()
            };
            assert_eq!(numbers(&wide), numbers(&plain));
        }
    }
}
