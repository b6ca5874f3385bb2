//! Random draws: named streams of uniforms and normal scores, rank correlation, and sampling by inversion.
//!
//! Sample `i` of a quantity depends only on (seed, name, design, i, N): not on the thread, the machine, the order of the
//! file or which other quantities exist. The way of one draw:
//!
//! ```text
//! Stream(seed, name)  ──uniform u──▶  normal score z = Φ⁻¹(u)  ──Copula──▶  z'  ──Sampler──▶  value in base units
//! ```
//!
//! Everything comes twice, for one draw and for [`LANES`] draws at once, with the same bits. The kernels are branch-free
//! scalar code that the compiler turns into vector code inside `#[multiversion]` functions; no fused multiply-add is ever
//! formed, so all instruction sets agree to the last bit.

pub mod copula;
pub mod kernel;
pub mod key;
mod percentiles;
pub mod permutation;
pub mod philox;
pub mod sampler;
pub mod sobol;
pub mod sobol_points;
pub mod stream;

pub use copula::{Copula, NotPositiveDefinite};
pub use percentiles::percentiles;
pub use sampler::Sampler;
pub use stream::Stream;

/// Draws handled at once: four AVX-512 registers of doubles. More draws in a group share the cost of everything that is
/// decided once for all of them, fewer need less memory; this many measured fastest.
pub const LANES: usize = 32;

/// One value of each of [`LANES`] draws, on a cache line of its own.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[repr(C, align(64))]
pub struct Lanes(pub [f64; LANES]);

impl Lanes {
    /// All lanes equal.
    #[inline(always)]
    pub const fn splat(value: f64) -> Lanes {
        Lanes([value; LANES])
    }

    /// A value for each lane.
    #[inline(always)]
    pub fn from_fn(f: impl FnMut(usize) -> f64) -> Lanes {
        Lanes(std::array::from_fn(f))
    }

    /// One operation in every lane.
    #[inline(always)]
    pub fn map(self, f: impl Fn(f64) -> f64) -> Lanes {
        let mut out = [0.0; LANES];
        for lane in 0..LANES {
            out[lane] = f(self.0[lane]);
        }
        Lanes(out)
    }
}

impl std::ops::Deref for Lanes {
    type Target = [f64; LANES];

    #[inline(always)]
    fn deref(&self) -> &[f64; LANES] {
        &self.0
    }
}

impl std::ops::DerefMut for Lanes {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [f64; LANES] {
        &mut self.0
    }
}
