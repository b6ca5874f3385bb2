//! The native format: one readable TOML file.
//!
//! ```toml
//! [[family]]
//! name = "scanner"
//! area = "Litho"
//! tools = 4
//! ranking = ["priority", "fifo"]
//!
//! [[route]]
//! name = "main"
//! steps = [
//!   { id = "1", family = "scanner", process = "1.2 ± 0.1 min", per = "wafer" },
//! ]
//! ```

mod read;
mod table;
mod write;

pub use read::read;
pub use write::write;
