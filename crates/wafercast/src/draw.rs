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

/// Draws handled at once: one AVX-512 register of doubles.
pub const LANES: usize = 8;

/// One value of each of [`LANES`] draws.
pub type Lanes = [f64; LANES];
