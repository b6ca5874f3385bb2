//! CSV (RFC 4180), safe to open in a spreadsheet.

use super::{Cells, Table};
use crate::failure::Failure;

impl Table {
    /// The table as CSV with a header row. Numbers are written so that reading them gives the same bits.
    pub fn to_csv(&self) -> Result<Vec<u8>, Failure> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let failed = |cause: csv::Error| Failure::Output(cause.into());
        writer
            .write_record(self.columns.iter().map(|column| defused(&column.name)))
            .map_err(failed)?;
        for row in 0..self.rows() {
            writer
                .write_record(self.columns.iter().map(|column| cell(&column.cells, row)))
                .map_err(failed)?;
        }
        writer
            .into_inner()
            .map_err(|cause| Failure::Output(cause.into_error()))
    }
}

fn cell(cells: &Cells, row: usize) -> String {
    match cells {
        Cells::Text(cells) => cells[row].as_deref().map_or_else(String::new, defused),
        Cells::Number(cells) => cells[row].to_string(),
        Cells::OptionalNumber(cells) => cells[row].map_or_else(String::new, |x| x.to_string()),
        Cells::Integer(cells) => cells[row].to_string(),
    }
}

/// Text that a spreadsheet would take for a formula gets an apostrophe in front; text that is a plain number does not.
fn defused(text: &str) -> String {
    let looks_like_a_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if looks_like_a_formula && text.parse::<f64>().is_err() {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_formulas_and_leaves_numbers() {
        let words = [
            "=1+1",
            "+A1",
            "-A1",
            "@sum",
            "-1.5e3",
            "plain, with \"quotes\"",
        ];
        let table = Table::new()
            .text("word", words.map(|word| Some(word.to_owned())))
            .number("x", [-1.0, 0.1, 1e300, -0.0, 2.0, 3.0])
            .optional_number("y", [None, Some(-2.5), None, None, None, None])
            .integer("n", [1, 2, 3, -4, 5, 6]);
        let text = String::from_utf8(table.to_csv().unwrap()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "word,x,y,n");
        assert_eq!(lines[1], "'=1+1,-1,,1");
        assert_eq!(lines[2], "'+A1,0.1,-2.5,2");
        assert!(lines[3].starts_with("'-A1,1000000"));
        assert_eq!(lines[4], "'@sum,-0,,-4");
        assert_eq!(lines[5], "-1.5e3,2,,5");
        assert_eq!(lines[6], "\"plain, with \"\"quotes\"\"\",3,,6");
    }
}
