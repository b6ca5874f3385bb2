//! The file of a sweep: what is changed, and what is shown.

use wafercast::diagnostic::{Code, Diagnostic, Span, codes, did_you_mean};
use wafercast::document::{Entry, Item, Node, Table};

/// Scenarios of a sweep at most.
const MOST_CELLS: usize = 1000;

const TOP: [&str; 4] = ["title", "show", "axis", "case"];
const AXIS: [&str; 5] = ["name", "set", "values", "scale", "by"];
const CASE: [&str; 3] = ["name", "set", "scale"];

/// A sweep as declared.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Declaration {
    /// Title.
    pub title: String,
    /// Metrics and claims.
    pub show: Vec<Shown>,
    /// Axes of the grid.
    pub axes: Vec<Axis>,
    /// Cases beside the grid.
    pub cases: Vec<Cell>,
}

/// A metric to be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// As written.
    pub text: String,
    /// Where.
    pub node: Node,
}

/// An axis: each of its steps is combined with each of the others'.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Name.
    pub name: String,
    steps: Vec<Step>,
}

/// A step of an axis.
#[derive(Debug, Clone, PartialEq)]
struct Step {
    label: String,
    set: Option<Setting>,
    scale: Option<Scale>,
}

/// A value that is set, as `--set` does.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// Path into the scenario.
    pub path: String,
    /// Where the path is written.
    pub span: Span,
    /// The value.
    pub value: Node,
}

/// A quantity that is multiplied.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    /// Its name.
    pub quantity: String,
    /// Where it is written.
    pub span: Span,
    /// Above zero.
    pub factor: f64,
}

/// One scenario of the sweep.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell {
    /// Name.
    pub name: String,
    /// Labels of its steps on the axes.
    pub at: Vec<String>,
    /// What is set.
    pub set: Vec<Setting>,
    /// What is multiplied.
    pub scale: Vec<Scale>,
}

impl Declaration {
    /// Reads the table of a sweep's file. `start` is its beginning, where what is missing is reported.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(root: &Table, start: Span) -> Result<Declaration, Vec<Diagnostic>> {
        let mut reader = Reader {
            diagnostics: Vec::new(),
        };
        let declaration = reader.top(root, start);
        if reader.diagnostics.is_empty() {
            Ok(declaration)
        } else {
            Err(reader.diagnostics)
        }
    }

    /// The scenario as it is, the cells of the grid with the last axis fastest, then the cases.
    pub fn cells(&self) -> Vec<Cell> {
        let mut cells = vec![Cell {
            name: "as it is".to_owned(),
            ..Cell::default()
        }];
        let mut grid = vec![Cell::default()];
        for axis in &self.axes {
            grid = grid
                .iter()
                .flat_map(|cell| axis.steps.iter().map(|step| cell.with(step)))
                .collect();
        }
        if !self.axes.is_empty() {
            for cell in &mut grid {
                cell.name = cell.at.join(", ");
            }
            cells.extend(grid);
        }
        cells.extend(self.cases.iter().cloned());
        cells
    }
}

impl Cell {
    fn with(&self, step: &Step) -> Cell {
        let mut cell = self.clone();
        cell.at.push(step.label.clone());
        cell.set.extend(step.set.clone());
        cell.scale.extend(step.scale.clone());
        cell
    }
}

struct Reader {
    diagnostics: Vec<Diagnostic>,
}

impl Reader {
    fn report(
        &mut self,
        code: Code,
        message: String,
        span: Span,
        label: &str,
        help: Option<String>,
    ) {
        self.diagnostics
            .push(Diagnostic::error(code, message, span, label).help_option(help));
    }

    fn wrong(&mut self, key: &str, node: &Node, expected: &str) {
        let message = format!("`{key}` is {}, expected {expected}", node.kind());
        self.report(
            codes::WRONG_TYPE,
            message,
            node.span,
            "wrong kind of value",
            None,
        );
    }

    /// Every key must be one of the table's.
    fn known_keys(&mut self, table: &Table, keys: &[&str]) {
        for (key, entry) in table.iter() {
            if !keys.contains(&key) {
                let help = did_you_mean(key, keys.iter().copied())
                    .unwrap_or_else(|| format!("the keys are {}", keys.join(", ")));
                let message = format!("a sweep has no key `{key}` here");
                self.report(
                    codes::UNKNOWN_KEY,
                    message,
                    entry.key,
                    "not a key",
                    Some(help),
                );
            }
        }
    }

    fn text(&mut self, table: &Table, key: &str) -> Option<String> {
        let node = table.get(key)?;
        match node.text() {
            Some(text) => Some(text.to_owned()),
            None => {
                self.wrong(key, node, "text");
                None
            }
        }
    }

    fn top(&mut self, root: &Table, start: Span) -> Declaration {
        self.known_keys(root, &TOP);
        let mut declaration = Declaration {
            title: self.text(root, "title").unwrap_or_default(),
            ..Declaration::default()
        };
        match root.get("show") {
            None => self.report(
                codes::MISSING_KEY,
                "the sweep shows nothing: `show` is missing".to_owned(),
                start,
                "in this file",
                Some("show = [\"units(home, 2027)\"]".to_owned()),
            ),
            Some(node) => match node.array() {
                None => self.wrong("show", node, "a list of metrics and claims"),
                Some(nodes) => {
                    for node in nodes {
                        match node.text() {
                            Some(text) => declaration.show.push(Shown {
                                text: text.to_owned(),
                                node: node.clone(),
                            }),
                            None => self.wrong("show", node, "a metric or a claim's id"),
                        }
                    }
                }
            },
        }
        for (table, span) in self.tables(root, "axis") {
            declaration.axes.extend(self.axis(&table, span));
        }
        for (table, span) in self.tables(root, "case") {
            declaration.cases.extend(self.case(&table, span));
        }
        self.size(&declaration, start);
        declaration
    }

    /// A sweep has something to do, and not too much.
    fn size(&mut self, declaration: &Declaration, start: Span) {
        if !self.diagnostics.is_empty() {
            return;
        }
        if declaration.axes.is_empty() && declaration.cases.is_empty() {
            self.report(
                codes::EMPTY,
                "the sweep changes nothing".to_owned(),
                start,
                "in this file",
                Some("add an `[[axis]]` with `set` and `values`, or a `[[case]]`".to_owned()),
            );
        }
        let grid = declaration.axes.iter().fold(1_usize, |count, axis| {
            count.saturating_mul(axis.steps.len())
        });
        if grid.saturating_add(declaration.cases.len()) > MOST_CELLS {
            self.report(
                codes::TOO_MANY_KEYS,
                format!("the sweep has {grid} cells, more than {MOST_CELLS}"),
                start,
                "in this file",
                Some("leave out steps or axes".to_owned()),
            );
        }
    }

    fn tables(&mut self, root: &Table, key: &str) -> Vec<(Table, Span)> {
        let Some(node) = root.get(key) else {
            return Vec::new();
        };
        let nodes = match &node.value {
            Item::Array(nodes) => nodes.as_slice(),
            Item::Table(_) => std::slice::from_ref(node),
            _ => {
                self.wrong(key, node, &format!("tables `[[{key}]]`"));
                return Vec::new();
            }
        };
        let mut tables = Vec::new();
        for node in nodes {
            match node.table() {
                Some(table) => tables.push((table.clone(), node.span)),
                None => self.wrong(key, node, "a table"),
            }
        }
        tables
    }

    fn axis(&mut self, table: &Table, span: Span) -> Option<Axis> {
        self.known_keys(table, &AXIS);
        let (set, scale) = (self.text(table, "set"), self.text(table, "scale"));
        let name = self.text(table, "name");
        let (path, list, key) = match (set, scale) {
            (Some(path), None) => (path, table.get("values"), "values"),
            (None, Some(path)) => (path, table.get("by"), "by"),
            _ => {
                self.report(
                    codes::EXACTLY_ONE,
                    "an axis has either `set` with `values` or `scale` with `by`".to_owned(),
                    span,
                    "this axis",
                    None,
                );
                return None;
            }
        };
        let place = table
            .get("set")
            .or(table.get("scale"))
            .map_or(span, |node| node.span);
        let Some(nodes) = list.and_then(Node::array).filter(|nodes| !nodes.is_empty()) else {
            let message = format!("an axis needs a list `{key}` of at least one step");
            self.report(codes::MISSING_KEY, message, span, "this axis", None);
            return None;
        };
        let steps: Vec<Step> = nodes
            .iter()
            .filter_map(|node| {
                if key == "values" {
                    Some(Step {
                        label: label(node),
                        set: Some(Setting {
                            path: path.clone(),
                            span: place,
                            value: node.clone(),
                        }),
                        scale: None,
                    })
                } else {
                    let scale = self.factor(&path, place, node)?;
                    Some(Step {
                        label: format!("×{}", scale.factor),
                        set: None,
                        scale: Some(scale),
                    })
                }
            })
            .collect();
        Some(Axis {
            name: name.unwrap_or(path),
            steps,
        })
    }

    fn case(&mut self, table: &Table, span: Span) -> Option<Cell> {
        self.known_keys(table, &CASE);
        let mut cell = Cell {
            name: self.text(table, "name").unwrap_or_default(),
            ..Cell::default()
        };
        for (path, entry) in self.entries(table, "set") {
            cell.set.push(Setting {
                path,
                span: entry.key,
                value: entry.node,
            });
        }
        for (quantity, entry) in self.entries(table, "scale") {
            cell.scale
                .extend(self.factor(&quantity, entry.key, &entry.node));
        }
        if cell.set.is_empty() && cell.scale.is_empty() {
            self.report(
                codes::EMPTY,
                "a case changes something with `set` or `scale`".to_owned(),
                span,
                "this case changes nothing",
                Some("set = { \"fab.north.utilisation\" = \"90%\" }".to_owned()),
            );
            return None;
        }
        if cell.name.is_empty() {
            let set = cell
                .set
                .iter()
                .map(|s| format!("{} = {}", s.path, label(&s.value)));
            let scale = cell
                .scale
                .iter()
                .map(|s| format!("{} ×{}", s.quantity, s.factor));
            cell.name = set.chain(scale).collect::<Vec<_>>().join(", ");
        }
        Some(cell)
    }

    /// The entries of a table of a case: paths with what they get.
    fn entries(&mut self, table: &Table, key: &str) -> Vec<(String, Entry)> {
        let Some(node) = table.get(key) else {
            return Vec::new();
        };
        let Some(table) = node.table() else {
            self.wrong(key, node, "a table of paths in quotes");
            return Vec::new();
        };
        table
            .iter()
            .map(|(path, entry)| (path.to_owned(), entry.clone()))
            .collect()
    }

    fn factor(&mut self, quantity: &str, span: Span, node: &Node) -> Option<Scale> {
        let factor = match &node.value {
            Item::Number(text) => text.parse::<f64>().ok(),
            _ => None,
        };
        match factor.filter(|factor| *factor > 0.0 && factor.is_finite()) {
            Some(factor) => Some(Scale {
                quantity: quantity.to_owned(),
                span,
                factor,
            }),
            None => {
                self.report(
                    codes::WRONG_TYPE,
                    "a factor is a number above 0".to_owned(),
                    node.span,
                    "not a factor",
                    Some("for example 0.8, 1, 1.25".to_owned()),
                );
                None
            }
        }
    }
}

/// A value as a step's label.
fn label(node: &Node) -> String {
    match &node.value {
        Item::Text(text) | Item::Number(text) | Item::Date(text) => text.clone(),
        Item::Boolean(value) => value.to_string(),
        Item::Array(_) => "[…]".to_owned(),
        Item::Table(_) => "{…}".to_owned(),
    }
}
