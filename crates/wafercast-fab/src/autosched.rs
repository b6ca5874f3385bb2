//! AutoSched AP's text format: tab-separated tables, one file each.
//!
//! | file | holds |
//! |---|---|
//! | `tool.txt`, `tool.txt.1l` | tool families |
//! | `route_*.txt`, or what `part.txt` names | steps |
//! | `part.txt`, `order.txt`, `WIP.txt` | products, releases, lots in the fab at the start |
//! | `setup.txt`, `setupgrp.txt` | setup times, minimum runs |
//! | `downcal.txt`, `pmcal.txt`, `attach.txt` | breakdowns, maintenance, and the tools they apply to |
//! | `fromto.txt` | transport |
//!
//! Columns may stand in any order; `IGNORE` is a comment; short rows count as padded. Whatever is not understood is an
//! error with its file, row and column.

mod calendars;
mod export;
mod instant;
mod orders;
mod routes;
mod table;
mod tools;

pub use export::write;
pub use instant::{format as format_instant, parse as parse_instant};

use crate::model::FabModel;
use crate::problem::{Place, Problem};

/// A file of a model: its name without folder, and its text.
#[derive(Debug, Clone, Copy)]
pub struct NamedText<'t> {
    /// `tool.txt.1l`
    pub name: &'t str,
    /// Everything in it.
    pub text: &'t str,
}

/// The files of the format besides the routes, which `part.txt` names.
pub const TABLES: [&str; 11] = [
    "tool.txt",
    "tool.txt.1l",
    "order.txt",
    "WIP.txt",
    "setup.txt",
    "setupgrp.txt",
    "downcal.txt",
    "pmcal.txt",
    "attach.txt",
    "fromto.txt",
    "route.txt",
];

/// The route files that a `part.txt` names, each once.
pub fn route_files(part_text: &str) -> Vec<String> {
    let file = NamedText {
        name: "part.txt",
        text: part_text,
    };
    let mut names = Vec::new();
    orders::read_parts(file, &mut FabModel::default(), &mut names, &mut Vec::new());
    names.retain(|name| !name.is_empty());
    names.sort();
    names.dedup();
    names
}

/// What a file of the format holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Tools,
    Routes,
    Parts,
    Orders,
    InitialLots,
    Setups,
    SetupGroups,
    Breakdowns,
    Maintenance,
    Attachments,
    Transport,
}

/// Whether a file name is one that this format uses, so that a folder can be recognised.
pub fn is_model_file(name: &str) -> bool {
    kind(name, &[]).is_some()
}

fn kind(name: &str, route_files: &[String]) -> Option<Kind> {
    if route_files
        .iter()
        .any(|file| file.eq_ignore_ascii_case(name))
    {
        return Some(Kind::Routes);
    }
    let lower = name.to_ascii_lowercase();
    let lower = lower.strip_suffix(".1l").unwrap_or(&lower);
    let stem = lower.strip_suffix(".txt")?;
    match stem {
        "tool" | "tools" => Some(Kind::Tools),
        "part" | "parts" => Some(Kind::Parts),
        "order" | "orders" => Some(Kind::Orders),
        "wip" => Some(Kind::InitialLots),
        "setup" => Some(Kind::Setups),
        "setupgrp" => Some(Kind::SetupGroups),
        "downcal" => Some(Kind::Breakdowns),
        "pmcal" => Some(Kind::Maintenance),
        "attach" => Some(Kind::Attachments),
        "fromto" => Some(Kind::Transport),
        _ if stem.starts_with("route") => Some(Kind::Routes),
        _ => None,
    }
}

/// Reads a model from the files of its folder, in any order. Every problem is reported, not the first only; the model
/// holds whatever could be read, so that [`crate::check`] can find more.
pub fn read(name: &str, files: &[NamedText<'_>]) -> (FabModel, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut model = FabModel {
        name: name.to_owned(),
        ..FabModel::default()
    };
    let of = |wanted: Kind, route_files: &[String]| {
        let mut found: Vec<NamedText<'_>> = files
            .iter()
            .copied()
            .filter(|file| kind(file.name, route_files) == Some(wanted))
            .collect();
        found.sort_by_key(|file| file.name);
        found
    };

    let mut route_files = Vec::new();
    for file in of(Kind::Parts, &[]) {
        orders::read_parts(file, &mut model, &mut route_files, &mut problems);
    }
    for kind in [Kind::Tools, Kind::Orders, Kind::Parts] {
        if of(kind, &route_files).is_empty() {
            let wanted = match kind {
                Kind::Tools => "tool.txt",
                Kind::Orders => "order.txt",
                _ => "part.txt",
            };
            problems.push(Problem::error(
                Place::file(wanted),
                format!("`{wanted}` is missing"),
                "a model in AutoSched's format needs tool.txt, part.txt, order.txt and its route files",
            ));
        }
    }
    for (place, wanted) in orders::route_files_named(&model, &route_files) {
        if !files
            .iter()
            .any(|file| file.name.eq_ignore_ascii_case(wanted))
        {
            problems.push(Problem::error(
                place.column("ROUTEFILE"),
                format!("route file `{wanted}` is not there"),
                crate::problem::suggest(wanted, files.iter().map(|file| file.name)),
            ));
        }
    }
    for file in files {
        if kind(file.name, &route_files).is_none() {
            problems.push(Problem::warning(
                Place::file(file.name),
                "the file is not part of the format and was not read",
                "known are tool, part, order, WIP, route_*, setup, setupgrp, downcal, pmcal, attach and fromto, each .txt",
            ));
        }
    }

    for file in of(Kind::Tools, &route_files) {
        tools::read_families(file, &mut model, &mut problems);
    }
    for file in of(Kind::Setups, &route_files) {
        tools::read_setups(file, &mut model, &mut problems);
    }
    for file in of(Kind::SetupGroups, &route_files) {
        tools::read_setup_groups(file, &mut model, &mut problems);
    }
    for file in of(Kind::Transport, &route_files) {
        tools::read_transport(file, &mut model, &mut problems);
    }
    for file in of(Kind::Routes, &route_files) {
        routes::read_routes(file, &mut model, &mut problems);
    }
    for file in of(Kind::Breakdowns, &route_files) {
        calendars::read_breakdowns(file, &mut model, &mut problems);
    }
    for file in of(Kind::Maintenance, &route_files) {
        calendars::read_maintenance(file, &mut model, &mut problems);
    }
    for file in of(Kind::Attachments, &route_files) {
        calendars::read_attachments(file, &mut model, &mut problems);
    }
    let mut dates = orders::Dates::default();
    for file in of(Kind::Orders, &route_files) {
        orders::read_orders(file, &mut model, &mut dates, &mut problems);
    }
    for file in of(Kind::InitialLots, &route_files) {
        orders::read_initial_lots(file, &mut model, &mut dates, &mut problems);
    }
    dates.settle(&mut model, &mut problems);
    (model, problems)
}
