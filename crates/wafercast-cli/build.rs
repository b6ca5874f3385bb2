//! Tells cargo that the scenarios are part of the binary: a new file must rebuild it.

fn main() {
    println!("cargo:rerun-if-changed=../../scenarios");
    println!("cargo:rerun-if-changed=build.rs");
}
