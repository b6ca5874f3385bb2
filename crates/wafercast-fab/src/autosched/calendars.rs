//! `downcal.txt`, `pmcal.txt`, `attach.txt`.

use super::NamedText;
use super::table::{DistributionColumns, Row, Table};
use crate::model::{Attachment, Breakdown, FabModel, First, Interval, Maintenance, Target};
use crate::problem::Problem;
use crate::span::Distribution;

pub(super) const BREAKDOWN_COLUMNS: [&str; 10] = [
    "DOWNCALNAME",
    "DOWNCALTYPE",
    "MTTFDIST",
    "MTTF",
    "MTTF2",
    "MTTFUNITS",
    "MTTRDIST",
    "MTTR",
    "MTTR2",
    "MTTRUNITS",
];

const REPAIR: DistributionColumns = DistributionColumns {
    kind: "MTTRDIST",
    mean: "MTTR",
    half_width: "MTTR2",
    unit: "MTTRUNITS",
};

pub(super) fn read_breakdowns(
    file: NamedText<'_>,
    model: &mut FabModel,
    problems: &mut Vec<Problem>,
) {
    let needed = ["DOWNCALNAME", "MTTF", "MTTR"];
    let table = Table::read(file.name, file.text, &BREAKDOWN_COLUMNS, &needed, problems);
    let failure = DistributionColumns {
        kind: "MTTFDIST",
        mean: "MTTF",
        half_width: "MTTF2",
        unit: "MTTFUNITS",
    };
    for row in table.rows() {
        row.choice("DOWNCALTYPE", &[("mttf_by_cal", ())], problems);
        let time_to_failure = row.distribution(failure, problems);
        let time_to_repair = row.distribution(REPAIR, problems);
        let name = row.name("DOWNCALNAME", problems);
        for (column, value) in [("MTTF", time_to_failure), ("MTTR", time_to_repair)] {
            if value.is_none() && row.text(column).is_empty() {
                row.report(
                    column,
                    format!("`{column}` is empty"),
                    "write a time",
                    problems,
                );
            }
        }
        if let (Some(time_to_failure), Some(time_to_repair)) = (time_to_failure, time_to_repair) {
            model.breakdowns.push(Breakdown {
                place: row.place(),
                name,
                time_to_failure,
                time_to_repair,
            });
        }
    }
}

pub(super) const MAINTENANCE_COLUMNS: [&str; 8] = [
    "PMCALNAME",
    "PMCALTYPE",
    "MTBPM",
    "MTBPMUNITS",
    "MTTRDIST",
    "MTTR",
    "MTTR2",
    "MTTRUNITS",
];

pub(super) fn read_maintenance(
    file: NamedText<'_>,
    model: &mut FabModel,
    problems: &mut Vec<Problem>,
) {
    let needed = ["PMCALNAME", "PMCALTYPE", "MTBPM", "MTTR"];
    let table = Table::read(
        file.name,
        file.text,
        &MAINTENANCE_COLUMNS,
        &needed,
        problems,
    );
    for row in table.rows() {
        let name = row.name("PMCALNAME", problems);
        let by_wafers = row.choice(
            "PMCALTYPE",
            &[("mtbpm_by_cal", false), ("mtbpm_by_pieces", true)],
            problems,
        );
        if row.text("PMCALTYPE").is_empty() {
            row.report(
                "PMCALTYPE",
                "`PMCALTYPE` is empty",
                "write `mtbpm_by_cal` or `mtbpm_by_pieces`",
                problems,
            );
        }
        let every = match by_wafers {
            Some(true) => pieces(&row, "MTBPM", "MTBPMUNITS", problems).map(Interval::Wafers),
            Some(false) => row
                .span("MTBPM", "MTBPMUNITS", problems)
                .map(Interval::Time),
            None => None,
        };
        let duration = row.distribution(REPAIR, problems);
        for column in ["MTBPM", "MTTR"] {
            if row.text(column).is_empty() {
                row.report(
                    column,
                    format!("`{column}` is empty"),
                    "write a number",
                    problems,
                );
            }
        }
        model.maintenances.push(Maintenance {
            place: row.place(),
            name,
            every: every.unwrap_or(Interval::Wafers(u64::MAX)),
            duration: duration.unwrap_or(Distribution::ZERO),
        });
    }
}

/// A count of wafers whose unit is `pieces` or absent.
fn pieces(row: &Row<'_, '_>, column: &str, unit: &str, problems: &mut Vec<Problem>) -> Option<u64> {
    row.choice(
        unit,
        &[("pieces", ()), ("piece", ()), ("wafers", ())],
        problems,
    );
    let value = row.number(column, problems)?;
    if !(1.0..=1e12).contains(&value) {
        row.report(
            column,
            format!("`{value}` is not a number of wafers"),
            "write 1 or more",
            problems,
        );
        return None;
    }
    Some(value.round() as u64)
}

pub(super) const ATTACHMENT_COLUMNS: [&str; 8] = [
    "CALNAME", "CALTYPE", "RESTYPE", "RESNAME", "FOADIST", "FOA", "FOA2", "FOAUNITS",
];

pub(super) fn read_attachments(
    file: NamedText<'_>,
    model: &mut FabModel,
    problems: &mut Vec<Problem>,
) {
    let needed = ["CALNAME", "CALTYPE", "RESTYPE", "RESNAME"];
    let table = Table::read(file.name, file.text, &ATTACHMENT_COLUMNS, &needed, problems);
    for row in table.rows() {
        let calendar = row.name("CALNAME", problems);
        let name = row.name("RESNAME", problems);
        let breakdown = row.choice("CALTYPE", &[("down", true), ("pm", false)], problems);
        let area = row.choice("RESTYPE", &[("stngrp", true), ("stnfam", false)], problems);
        for (column, missing) in [
            ("CALTYPE", breakdown.is_none()),
            ("RESTYPE", area.is_none()),
        ] {
            if missing && row.text(column).is_empty() {
                row.report(
                    column,
                    format!("`{column}` is empty"),
                    "write `down` or `pm`; `stngrp` or `stnfam`",
                    problems,
                );
            }
        }
        let (Some(breakdown), Some(area)) = (breakdown, area) else {
            continue;
        };
        model.attachments.push(Attachment {
            place: row.place(),
            breakdown,
            target: if area {
                Target::Area(name)
            } else {
                Target::Family(name)
            },
            first: first(&row, &calendar, breakdown, model, problems),
            calendar,
        });
    }
}

/// The first occurrence counts what its calendar counts: wafers for `mtbpm_by_pieces`, time otherwise.
fn first(
    row: &Row<'_, '_>,
    calendar: &str,
    breakdown: bool,
    model: &FabModel,
    problems: &mut Vec<Problem>,
) -> Option<First> {
    let by_wafers = !breakdown
        && model
            .maintenances
            .iter()
            .any(|known| known.name == calendar && matches!(known.every, Interval::Wafers(_)));
    if by_wafers {
        row.choice("FOADIST", &[("constant", ())], problems);
        return pieces(row, "FOA", "FOAUNITS", problems).map(First::Wafers);
    }
    let columns = DistributionColumns {
        kind: "FOADIST",
        mean: "FOA",
        half_width: "FOA2",
        unit: "FOAUNITS",
    };
    row.distribution(columns, problems).map(First::Time)
}
