//! A table of named columns, and how it becomes CSV or Parquet.

pub mod csv;
pub mod parquet;

/// A table: columns of one length.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The columns, in the order in which they are written.
    pub columns: Vec<Column>,
}

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its cells.
    pub cells: Cells,
}

/// The cells of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Cells {
    /// Text; `None` is an empty cell.
    Text(Vec<Option<String>>),
    /// Numbers.
    Number(Vec<f64>),
    /// Numbers; `None` is an empty cell.
    OptionalNumber(Vec<Option<f64>>),
    /// Whole numbers.
    Integer(Vec<i64>),
}

impl Table {
    /// An empty table.
    pub fn new() -> Table {
        Table {
            columns: Vec::new(),
        }
    }

    /// Adds a column of text.
    pub fn text(
        mut self,
        name: &str,
        cells: impl IntoIterator<Item = impl Into<Option<String>>>,
    ) -> Table {
        let cells = cells.into_iter().map(Into::into).collect();
        self.push(name, Cells::Text(cells));
        self
    }

    /// Adds a column of numbers.
    pub fn number(mut self, name: &str, cells: impl IntoIterator<Item = f64>) -> Table {
        self.push(name, Cells::Number(cells.into_iter().collect()));
        self
    }

    /// Adds a column of numbers of which some are missing.
    pub fn optional_number(
        mut self,
        name: &str,
        cells: impl IntoIterator<Item = Option<f64>>,
    ) -> Table {
        self.push(name, Cells::OptionalNumber(cells.into_iter().collect()));
        self
    }

    /// Adds a column of whole numbers.
    pub fn integer(mut self, name: &str, cells: impl IntoIterator<Item = i64>) -> Table {
        self.push(name, Cells::Integer(cells.into_iter().collect()));
        self
    }

    fn push(&mut self, name: &str, cells: Cells) {
        debug_assert!(self.columns.is_empty() || self.rows() == cells.len());
        self.columns.push(Column {
            name: name.to_owned(),
            cells,
        });
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.cells.len())
    }
}

impl Cells {
    /// Number of cells.
    pub fn len(&self) -> usize {
        match self {
            Cells::Text(cells) => cells.len(),
            Cells::Number(cells) => cells.len(),
            Cells::OptionalNumber(cells) => cells.len(),
            Cells::Integer(cells) => cells.len(),
        }
    }
}
