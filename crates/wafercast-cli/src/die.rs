//! `wafercast die`: dies per wafer, yield, salvage, and the cost of a known good die.
//!
//! The arithmetic is [`wafercast::die_calculator`]'s; here flags become its input and its answer becomes text or JSON.

mod answer_text;
mod flag_value;
mod wafer_map;

use clap::{ArgGroup, Args, ValueEnum};
use serde::Serialize;
use wafercast::die_calculator::{self, Defects, DieInput, DieInputError, DieReport, Flow};
use wafercast::die_yield::{Model, Salvage, SalvageError};
use wafercast::packing::{PackingError, Tile, Wafer};

/// Version of the JSON answer.
pub const SCHEMA: &str = "wafercast/die/1";

/// Share of the die's area taken to lie in cores where none is given.
const ASSUMED_CORE_AREA: f64 = 0.5;
/// Clustering where none is given: the value of the ITRS roadmaps.
const ASSUMED_ALPHA: f64 = 2.0;
/// Street between dies where none is given, mm. Interposers are taken without.
const ASSUMED_STREET: f64 = 0.1;

const EXAMPLES: &str = "\
Examples:
  wafercast die --size 21.32x31.22mm --d0 0.2 --wafer-price 9346
  wafercast die --size 21.32x31.22mm --yield 35% --model negative_binomial --alpha 2.5
  wafercast die --area 814mm2 --d0 0.1 --cores 144 --min-good 132 --core-area 60%
  wafercast die --size 57.8x47.4mm --package";

/// What can be asked of the die calculator.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES, group = ArgGroup::new("geometry").required(true).args(["size", "area"]))]
pub struct DieArgs {
    /// Width and height of the die, without street: 21.32x31.22mm
    #[arg(long, value_name = "WxH", value_parser = flag_value::size)]
    pub size: Option<(f64, f64)>,
    /// Area of the die instead of its size: 814mm2
    #[arg(long, value_name = "AREA", value_parser = flag_value::area)]
    pub area: Option<f64>,
    /// Width over height, with --area
    #[arg(long, value_name = "RATIO", default_value = "1", conflicts_with = "size", value_parser = flag_value::positive)]
    pub aspect: f64,
    /// The size is that of a package's interposer: count packages per wafer
    #[arg(long)]
    pub package: bool,
    /// Wafer diameter
    #[arg(long, value_name = "LENGTH", default_value = "300mm", value_parser = flag_value::length)]
    pub diameter: f64,
    /// Edge exclusion
    #[arg(long, value_name = "LENGTH", default_value = "3mm", value_parser = flag_value::length)]
    pub edge: f64,
    /// Street (scribe line) between dies [default: 0.1mm, none with --package]
    #[arg(long, value_name = "LENGTH", value_parser = flag_value::length)]
    pub street: Option<f64>,

    /// Defect density: 0.2 (per cm²), 0.002/mm2
    #[arg(long, value_name = "DENSITY", value_parser = flag_value::density, help_heading = "Yield")]
    pub d0: Option<f64>,
    /// Reported yield of saleable dies (line yield included) to solve the defect density from: 35%
    #[arg(long = "yield", value_name = "YIELD", conflicts_with = "d0", value_parser = flag_value::fraction, help_heading = "Yield")]
    pub reported_yield: Option<f64>,
    /// Yield model to put first; the others are shown below it
    #[arg(long, value_enum, help_heading = "Yield")]
    pub model: Option<ModelChoice>,
    /// Clustering parameter of negative_binomial [default: 2]
    #[arg(long, value_name = "ALPHA", value_parser = flag_value::positive, help_heading = "Yield")]
    pub alpha: Option<f64>,
    /// Critical layers of bose_einstein, whose D0 is per layer
    #[arg(long, value_name = "N", value_parser = flag_value::positive, help_heading = "Yield")]
    pub layers: Option<f64>,
    /// Share of wafers that survive the line
    #[arg(long, value_name = "YIELD", default_value = "100%", value_parser = flag_value::fraction, help_heading = "Yield")]
    pub line_yield: f64,
    /// Share of the die's area in which a defect kills
    #[arg(long, value_name = "SHARE", default_value = "100%", value_parser = flag_value::fraction, help_heading = "Yield")]
    pub critical_area: f64,

    /// Equal cores on the die
    #[arg(
        long,
        value_name = "N",
        requires = "min_good",
        help_heading = "Salvage"
    )]
    pub cores: Option<u32>,
    /// Good cores with which a die is sold
    #[arg(long, value_name = "K", requires = "cores", help_heading = "Salvage")]
    pub min_good: Option<u32>,
    /// Share of the critical area in cores [default: 50%]
    #[arg(long, value_name = "SHARE", requires = "cores", value_parser = flag_value::fraction, help_heading = "Salvage")]
    pub core_area: Option<f64>,

    /// Price of a processed wafer: 9346, $9.3k
    #[arg(long, value_name = "USD", value_parser = flag_value::money, help_heading = "Cost and output")]
    pub wafer_price: Option<f64>,
    /// Test cost per die, good or bad
    #[arg(long, value_name = "USD", requires = "wafer_price", default_value = "0", value_parser = flag_value::money, help_heading = "Cost and output")]
    pub test_cost: f64,
    /// Wafers per month: 20k
    #[arg(long, value_name = "N", value_parser = flag_value::count, help_heading = "Cost and output")]
    pub wafers: Option<f64>,
    /// Dies in one package, with --wafers
    #[arg(long, value_name = "N", requires = "wafers", default_value = "1", value_parser = flag_value::positive, help_heading = "Cost and output")]
    pub dies_per_package: f64,
    /// Yield of packaging, with --wafers
    #[arg(long, value_name = "YIELD", requires = "wafers", default_value = "100%", value_parser = flag_value::fraction, help_heading = "Cost and output")]
    pub assembly_yield: f64,

    /// How to answer
    #[arg(long, value_enum, default_value = "table")]
    pub format: DieFormat,
    /// Leave out the wafer map
    #[arg(long)]
    pub no_map: bool,
}

/// `--format` of this command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DieFormat {
    /// For reading
    Table,
    /// Schema wafercast/die/1
    Json,
}

/// `--model`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum ModelChoice {
    /// e^−x
    Poisson,
    /// ((1 − e^−x)/x)²
    Murphy,
    /// (1 − e^−2x)/2x
    MurphyRectangular,
    /// 1/(1 + x)
    Seeds,
    /// e^−√x
    SeedsSqrt,
    /// (1 + x)^−n, needs --layers
    BoseEinstein,
    /// (1 + x/α)^−α
    NegativeBinomial,
    /// All alike, murphy first
    All,
}

/// Flags that do not go together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageError {
    /// What is wrong, naming the flag.
    pub message: String,
    /// What to type instead.
    pub hint: String,
}

/// Answers on standard output: the text to print, newline included. `width` is the number of columns to draw in.
pub fn run(args: &DieArgs, width: usize) -> Result<String, UsageError> {
    let input = input(args)?;
    let report = die_calculator::calculate(&input).map_err(|error| usage_error(args, &error))?;
    match args.format {
        DieFormat::Json => Ok(json(args, &report)),
        DieFormat::Table => {
            let mut text = answer_text::answer(args, &input, &report, width);
            if !args.no_map && report.gross.count > 0 {
                text.push('\n');
                text.push_str(&wafer_map::draw(&report, noun(args), width.min(80)));
            }
            Ok(text)
        }
    }
}

/// What one tile is called.
fn noun(args: &DieArgs) -> &'static str {
    if args.package { "package" } else { "die" }
}

fn input(args: &DieArgs) -> Result<DieInput, UsageError> {
    let (width, height) = match (args.size, args.area) {
        (Some(size), _) => size,
        (None, Some(area)) => {
            let height = (area / args.aspect).sqrt();
            (height * args.aspect, height)
        }
        (None, None) => {
            return Err(UsageError {
                message: "the size of the die is missing".into(),
                hint: "give `--size 21.32x31.22mm` or `--area 666mm2`".into(),
            });
        }
    };
    let without = if args.package { 0.0 } else { ASSUMED_STREET };
    Ok(DieInput {
        tile: Tile {
            width,
            height,
            street: args.street.unwrap_or(without),
        },
        wafer: Wafer {
            diameter: args.diameter,
            edge: args.edge,
        },
        defects: defects(args)?,
        models: models(args)?,
        line_yield: args.line_yield,
        critical_area: args.critical_area,
        salvage: salvage(args)?,
        wafer_price: args.wafer_price,
        test_per_die: args.test_cost,
        flow: args.wafers.map(|wafers_per_month| Flow {
            wafers_per_month,
            dies_per_package: args.dies_per_package,
            assembly_yield: args.assembly_yield,
        }),
    })
}

/// The defects, and an error where something is asked for that cannot be answered without them.
fn defects(args: &DieArgs) -> Result<Option<Defects>, UsageError> {
    let defects = match (args.d0, args.reported_yield) {
        (Some(d0), _) => Some(Defects::Density(d0)),
        (None, Some(y)) => Some(Defects::SaleableYield(y)),
        (None, None) => None,
    };
    let useless = [
        ("--model", args.model.is_some()),
        ("--alpha", args.alpha.is_some()),
        ("--layers", args.layers.is_some()),
        ("--cores", args.cores.is_some()),
        ("--wafers", args.wafers.is_some()),
    ];
    match useless.iter().find(|(_, is_given)| *is_given) {
        Some((flag, _)) if defects.is_none() => Err(UsageError {
            message: format!("`{flag}` needs to know the defects"),
            hint: "add `--d0 0.2` (defects per cm²) or `--yield 35%`".into(),
        }),
        _ => Ok(defects),
    }
}

/// All models that can be evaluated, the chosen one first.
fn models(args: &DieArgs) -> Result<Vec<Model>, UsageError> {
    let alpha = args.alpha.unwrap_or(ASSUMED_ALPHA);
    let mut models: Vec<Model> = Model::all(args.layers.unwrap_or(1.0), alpha)
        .into_iter()
        .filter(|model| args.layers.is_some() || !matches!(model, Model::BoseEinstein { .. }))
        .collect();
    let first = match args.model {
        Some(ModelChoice::BoseEinstein) if args.layers.is_none() => {
            return Err(UsageError {
                message: "`--model bose_einstein` needs the number of critical layers".into(),
                hint: "add `--layers 12`; its D0 is per layer".into(),
            });
        }
        Some(ModelChoice::Poisson) => "poisson",
        Some(ModelChoice::Murphy | ModelChoice::All) => "murphy",
        Some(ModelChoice::MurphyRectangular) => "murphy_rectangular",
        Some(ModelChoice::Seeds) => "seeds",
        Some(ModelChoice::SeedsSqrt) => "seeds_sqrt",
        Some(ModelChoice::BoseEinstein) => "bose_einstein",
        Some(ModelChoice::NegativeBinomial) => "negative_binomial",
        // Whoever gives a model's parameter means that model.
        None if args.alpha.is_some() => "negative_binomial",
        None if args.layers.is_some() => "bose_einstein",
        None => "murphy",
    };
    // Stable: the rest keeps its order.
    models.sort_by_key(|model| model.name() != first);
    Ok(models)
}

fn salvage(args: &DieArgs) -> Result<Option<Salvage>, UsageError> {
    let (Some(cores), Some(min_good)) = (args.cores, args.min_good) else {
        return Ok(None);
    };
    let core_area = args.core_area.unwrap_or(ASSUMED_CORE_AREA);
    Salvage::new(cores, min_good, core_area)
        .map(Some)
        .map_err(|error| usage_error(args, &error.into()))
}

/// The calculator's objection in terms of flags.
fn usage_error(args: &DieArgs, error: &DieInputError) -> UsageError {
    let (flag, hint) = match error {
        DieInputError::Packing(error) => packing_flag(args, error),
        DieInputError::Salvage(SalvageError::Total { .. }) => (
            "--cores",
            "count the cores that can be switched off, e.g. `--cores 25`",
        ),
        DieInputError::Salvage(SalvageError::MinGood { .. }) => (
            "--min-good",
            "ask for no more cores than there are, e.g. `--cores 25 --min-good 20`",
        ),
        DieInputError::Salvage(SalvageError::AreaShare { .. }) => {
            ("--core-area", "give a share, e.g. `--core-area 55%`")
        }
        DieInputError::AboveLineYield { .. } => (
            "--yield",
            "the reported yield includes the line yield: raise `--line-yield`, or lower `--yield`",
        ),
        DieInputError::Model(_) | DieInputError::NoModel => {
            ("--model", "see `wafercast die --help`")
        }
        DieInputError::OutOfRange { what, .. } => (range_flag(what), "see `wafercast die --help`"),
    };
    UsageError {
        message: format!("`{flag}`: {error}"),
        hint: hint.into(),
    }
}

fn packing_flag(args: &DieArgs, error: &PackingError) -> (&'static str, &'static str) {
    let size = if args.area.is_some() {
        "--area"
    } else {
        "--size"
    };
    match error {
        PackingError::NotPositive { what, .. } if *what == "wafer diameter" => (
            "--diameter",
            "give the wafer's diameter, e.g. `--diameter 300mm`",
        ),
        PackingError::NotPositive { .. } => (size, "give a size, e.g. `--size 21.32x31.22mm`"),
        PackingError::TooFine { .. } => (size, "check the unit: a bare number is in mm"),
        PackingError::Negative { what, .. } if *what == "street" => {
            ("--street", "give the street's width, e.g. `--street 0.1mm`")
        }
        PackingError::Negative { .. } | PackingError::NoUsableArea { .. } => (
            "--edge",
            "give the width of the unusable rim, e.g. `--edge 3mm`",
        ),
    }
}

fn range_flag(what: &str) -> &'static str {
    match what {
        "line yield" => "--line-yield",
        "critical area" => "--critical-area",
        "test cost" => "--test-cost",
        "wafer price" => "--wafer-price",
        "number of wafers" => "--wafers",
        "number of dies per package" => "--dies-per-package",
        "assembly yield" => "--assembly-yield",
        "yield" => "--yield",
        _ => "--d0",
    }
}

#[derive(Serialize)]
struct Answer<'a> {
    schema: &'static str,
    tile_is: &'static str,
    line_yield: f64,
    critical_area: f64,
    salvage: Option<SalvageRule>,
    wafer_price: Option<f64>,
    test_per_die: f64,
    report: &'a DieReport,
}

#[derive(Serialize)]
struct SalvageRule {
    cores: u32,
    min_good: u32,
    core_area: f64,
}

fn json(args: &DieArgs, report: &DieReport) -> String {
    let salvage = args
        .cores
        .zip(args.min_good)
        .map(|(cores, min_good)| SalvageRule {
            cores,
            min_good,
            core_area: args.core_area.unwrap_or(ASSUMED_CORE_AREA),
        });
    let answer = Answer {
        schema: SCHEMA,
        tile_is: if args.package { "interposer" } else { "die" },
        line_yield: args.line_yield,
        critical_area: args.critical_area,
        salvage,
        wafer_price: args.wafer_price,
        test_per_die: args.test_cost,
        report,
    };
    // Plain data with string keys: serialising it cannot fail.
    let mut text = serde_json::to_string_pretty(&answer).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests;
