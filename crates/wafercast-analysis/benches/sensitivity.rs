//! Speed of the estimators on functions whose indices are known. What they err is tested beside them.

use criterion::{Criterion, criterion_group, criterion_main};
use wafercast::draw::{LANES, Lanes};
use wafercast_analysis::sensitivity::model::Model;
use wafercast_analysis::sensitivity::variance_based::{Design, indices};

/// sin x₁ + 7 sin² x₂ + 0.1 x₃⁴ sin x₁ on (−π, π)³.
struct Ishigami;

impl Model for Ishigami {
    type Workspace = ();
    fn coordinates(&self) -> usize {
        3
    }
    fn outputs(&self) -> usize {
        1
    }
    fn workspace(&self) {}
    fn place(&self, uniforms: &[Lanes], (): &mut (), point: &mut [Lanes]) {
        for (point, uniforms) in point.iter_mut().zip(uniforms) {
            *point = uniforms.map(|u| std::f64::consts::PI * (2.0 * u - 1.0));
        }
    }
    fn evaluate(&self, point: &[Lanes], (): &mut (), outputs: &mut [Lanes]) {
        for lane in 0..LANES {
            let [first, second, third] = [0, 1, 2].map(|k| point[k][lane]);
            let (first, second) = (libm::sin(first), libm::sin(second));
            let square = third * third;
            outputs[0][lane] = first + 7.0 * second * second + 0.1 * square * square * first;
        }
    }
}

/// First and total indices of three inputs from 2¹⁴ points: 81,920 evaluations.
fn ishigami(criterion: &mut Criterion) {
    let groups: Vec<Vec<usize>> = (0..3).map(|coordinate| vec![coordinate]).collect();
    let mut group = criterion.benchmark_group("sobol indices");
    group.sample_size(10);
    group.bench_function("ishigami, N = 2^14 (4 replicates of 2^12)", |bencher| {
        let design = Design {
            points: 1 << 12,
            replicates: 4,
            seed: 1,
        };
        bencher.iter(|| indices(&Ishigami, &groups, design));
    });
    group.finish();
}

criterion_group!(benches, ishigami);
criterion_main!(benches);
