//! Kept draws as tables: one row per draw.

use wafercast::scenario::Scenario;
use wafercast::table::{ColumnKind, DrawColumn, DrawTable};

use crate::table::Table;

/// The draws: their number, then the inputs, yearly series and claims.
pub fn draws(tables: &[DrawTable]) -> Table {
    let numbers = tables.iter().flat_map(|table| {
        let rows = table
            .columns
            .first()
            .map_or(0, |column| column.values.len());
        (table.first..).take(rows).map(|draw| draw as i64)
    });
    let mut whole = Table::new().integer("draw", numbers);
    let Some(first) = tables.first() else {
        return whole;
    };
    for (index, column) in first.columns.iter().enumerate() {
        let values = tables
            .iter()
            .flat_map(|table| table.columns[index].values.iter().copied());
        whole = whole.number(&column_name(column), values);
    }
    whole
}

/// What the columns are: name, kind, unit.
pub fn columns(tables: &[DrawTable]) -> Table {
    let columns = tables.first().map_or(&[][..], |table| &table.columns);
    Table::new()
        .text(
            "column",
            columns.iter().map(|column| Some(column_name(column))),
        )
        .text(
            "kind",
            columns.iter().map(|column| Some(kind(column).to_owned())),
        )
        .text(
            "unit",
            columns.iter().map(|column| Some(column.unit.clone())),
        )
}

/// Gives the columns of claims the claims' ids; the engine knows them by their place in the scenario.
pub fn name_claims(table: &mut DrawTable, scenario: &Scenario) {
    let claims = table
        .columns
        .iter_mut()
        .filter(|column| column.kind == ColumnKind::Claim);
    for column in claims {
        let claim = column
            .name
            .parse::<usize>()
            .ok()
            .and_then(|index| scenario.claims.get(index));
        if let Some(claim) = claim {
            column.name.clone_from(&claim.id);
        }
    }
}

fn column_name(column: &DrawColumn) -> String {
    format!("{}:{}", kind(column), column.name)
}

fn kind(column: &DrawColumn) -> &'static str {
    match column.kind {
        ColumnKind::Input => "input",
        ColumnKind::Series => "series",
        ColumnKind::Claim => "claim",
    }
}
