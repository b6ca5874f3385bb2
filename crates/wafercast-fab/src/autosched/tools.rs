//! `tool.txt`, `setup.txt`, `setupgrp.txt`, `fromto.txt`.

use super::NamedText;
use super::table::{DistributionColumns, Row, Table};
use crate::model::{
    BatchUnit, DispatchRule, FabModel, Family, MinimumRun, Rank, SetupChange, Transport, WakeRule,
};
use crate::problem::{Problem, suggest};
use crate::rank;

pub(super) const FAMILY_COLUMNS: [&str; 18] = [
    "STNFAM",
    "STN",
    "RULE",
    "FWLRANK",
    "WAKERESRANK",
    "BATCHCRITF",
    "BATCHPER",
    "LTIME",
    "LTUNITS",
    "ULTIME",
    "ULTUNITS",
    "STNCAP",
    "STNQTY",
    "STNGRP",
    "STNFAMSTEP_ACTLIST",
    "STNFAMLOC",
    "PRERULERWL",
    "SETUPGRP",
];

/// The activity list that SMT2020 uses: load, setup, process, unload in one sequence, which is what is simulated.
pub(super) const ACTIVITY_LIST: &str =
    "Custom_actlist_ASISemiOpersDuringSetupAndAdditionalLoadUnload";

pub(super) const RULES: [(&str, DispatchRule); 3] = [
    ("rule_HotLotFIRST", DispatchRule::HotLotsFirst),
    ("rule_LSSU", DispatchRule::LeastSetup),
    ("rule_FIRST", DispatchRule::Ranking),
];

const WAKE_RULES: [(&str, WakeRule); 2] = [
    ("wake_LeastSetupTime", WakeRule::LeastSetup),
    ("wake_LongestIdle", WakeRule::LongestIdle),
];

pub(super) fn read_families(
    file: NamedText<'_>,
    model: &mut FabModel,
    problems: &mut Vec<Problem>,
) {
    let table = Table::read(
        file.name,
        file.text,
        &FAMILY_COLUMNS,
        &["STNFAM", "STNQTY"],
        problems,
    );
    for row in table.rows() {
        let name = row.name("STNFAM", problems);
        row.choice("BATCHCRITF", &[("crit_sameroutestep", ())], problems);
        row.choice("STNFAMSTEP_ACTLIST", &[(ACTIVITY_LIST, ())], problems);
        row.choice("PRERULERWL", &[("no", ())], problems);
        let family = Family {
            place: row.place(),
            area: row.optional_name("STNGRP").unwrap_or_else(|| name.clone()),
            location: row.text("STNFAMLOC").to_owned(),
            tools: row.whole("STNQTY", 0, 100_000, problems).unwrap_or(1) as u32,
            arrivals: Vec::new(),
            lots_held: row.whole("STNCAP", 1, 64, problems).unwrap_or(1) as u32,
            load: row.span("LTIME", "LTUNITS", problems).unwrap_or(0),
            unload: row.span("ULTIME", "ULTUNITS", problems).unwrap_or(0),
            rule: row.choice("RULE", &RULES, problems).unwrap_or_default(),
            ranking: ranking(&row, problems),
            wake: row
                .choice("WAKERESRANK", &WAKE_RULES, problems)
                .unwrap_or_default(),
            batch_unit: row
                .choice(
                    "BATCHPER",
                    &[("piece", BatchUnit::Wafers), ("lot", BatchUnit::Lots)],
                    problems,
                )
                .unwrap_or_default(),
            setup_group: row.optional_name("SETUPGRP"),
            name,
        };
        model.families.push(family);
    }
}

fn ranking(row: &Row<'_, '_>, problems: &mut Vec<Problem>) -> Vec<Rank> {
    let text = row.text("FWLRANK");
    let mut ranking = Vec::new();
    for word in text
        .split(';')
        .map(str::trim)
        .filter(|word| !word.is_empty())
    {
        match rank::from_autosched(word) {
            Some(rank) => ranking.push(rank),
            None => row.report(
                "FWLRANK",
                format!("`{word}` is not a ranking that is understood"),
                suggest(word, rank::AUTOSCHED_NAMES.iter().map(|&(name, _)| name)),
                problems,
            ),
        }
    }
    if ranking.is_empty() {
        ranking.push(Rank::Fifo);
    }
    ranking
}

pub(super) const SETUP_COLUMNS: [&str; 4] = ["CURSETUP", "NEWSETUP", "STIME", "STUNITS"];

pub(super) fn read_setups(file: NamedText<'_>, model: &mut FabModel, problems: &mut Vec<Problem>) {
    let table = Table::read(
        file.name,
        file.text,
        &SETUP_COLUMNS,
        &["NEWSETUP", "STIME"],
        problems,
    );
    for row in table.rows() {
        model.setup_changes.push(SetupChange {
            place: row.place(),
            from: row.optional_name("CURSETUP"),
            to: row.name("NEWSETUP", problems),
            time: row.span("STIME", "STUNITS", problems).unwrap_or(0),
        });
    }
}

pub(super) const SETUP_GROUP_COLUMNS: [&str; 3] = ["SETUPGRP", "SETUP", "MINRUN"];

pub(super) fn read_setup_groups(
    file: NamedText<'_>,
    model: &mut FabModel,
    problems: &mut Vec<Problem>,
) {
    let needed = ["SETUPGRP", "SETUP", "MINRUN"];
    let table = Table::read(
        file.name,
        file.text,
        &SETUP_GROUP_COLUMNS,
        &needed,
        problems,
    );
    let mut group = String::new();
    for row in table.rows() {
        // A group's name stands on its first row only.
        if let Some(name) = row.optional_name("SETUPGRP") {
            group = name;
        }
        if group.is_empty() {
            row.report(
                "SETUPGRP",
                "no group is named yet",
                "write the group's name",
                problems,
            );
        }
        model.minimum_runs.push(MinimumRun {
            place: row.place(),
            group: group.clone(),
            setup: row.name("SETUP", problems),
            lots: row.whole("MINRUN", 0, 1_000_000, problems).unwrap_or(0) as u32,
        });
    }
}

pub(super) const TRANSPORT_COLUMNS: [&str; 6] =
    ["FROMLOC", "TOLOC", "DDIST", "DTIME", "DTIME2", "DUNITS"];

pub(super) fn read_transport(
    file: NamedText<'_>,
    model: &mut FabModel,
    problems: &mut Vec<Problem>,
) {
    let needed = ["FROMLOC", "TOLOC", "DTIME"];
    let table = Table::read(file.name, file.text, &TRANSPORT_COLUMNS, &needed, problems);
    let columns = DistributionColumns {
        kind: "DDIST",
        mean: "DTIME",
        half_width: "DTIME2",
        unit: "DUNITS",
    };
    for row in table.rows() {
        let time = row.distribution(columns, problems);
        model.transports.push(Transport {
            place: row.place(),
            from: row.name("FROMLOC", problems),
            to: row.name("TOLOC", problems),
            time: time.unwrap_or(crate::span::Distribution::ZERO),
        });
    }
}
