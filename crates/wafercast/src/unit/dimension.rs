//! The algebra of dimensions, and how a dimension is shown.

use std::fmt;

use super::{Dimension, SECONDS_PER_MONTH, Unit};

/// Exponents stay within ±`LIMIT`, so that hostile text cannot overflow them and every dimension has an inverse.
const LIMIT: i8 = 100;

/// Names of the base units, many and one, in the order of the fields of [`Dimension`].
const BASE_UNITS: [(&str, &str); 14] = [
    ("wafers", "wafer"),
    ("dies", "die"),
    ("stacks", "stack"),
    ("packages", "package"),
    ("units", "unit"),
    ("$", "$"),
    ("months", "month"),
    ("mm", "mm"),
    ("GB", "GB"),
    ("TFLOP", "TFLOP"),
    ("W", "W"),
    ("TPP", "TPP"),
    ("H100e", "H100e"),
    ("tokens", "token"),
];

impl Dimension {
    /// A plain number.
    pub const NONE: Dimension = Dimension::from_exponents([0; 14]);
    /// Wafers.
    pub const WAFER: Dimension = Dimension::base(0);
    /// Dies.
    pub const DIE: Dimension = Dimension::base(1);
    /// HBM stacks.
    pub const STACK: Dimension = Dimension::base(2);
    /// Packages.
    pub const PACKAGE: Dimension = Dimension::base(3);
    /// Accelerators.
    pub const UNIT: Dimension = Dimension::base(4);
    /// US dollars.
    pub const MONEY: Dimension = Dimension::base(5);
    /// Months.
    pub const TIME: Dimension = Dimension::base(6);
    /// Millimetres.
    pub const LENGTH: Dimension = Dimension::base(7);
    /// Gigabytes.
    pub const DATA: Dimension = Dimension::base(8);
    /// Tera-operations.
    pub const OPERATION: Dimension = Dimension::base(9);
    /// Watts.
    pub const POWER: Dimension = Dimension::base(10);
    /// Total processing performance.
    pub const TPP: Dimension = Dimension::base(11);
    /// H100 equivalents.
    pub const H100E: Dimension = Dimension::base(12);
    /// Tokens of a language model.
    pub const TOKEN: Dimension = Dimension::base(13);
    /// Per month.
    pub const PER_MONTH: Dimension = Dimension {
        time: -1,
        ..Dimension::NONE
    };
    /// Wafers per month.
    pub const WAFERS_PER_MONTH: Dimension = Dimension {
        wafer: 1,
        ..Dimension::PER_MONTH
    };
    /// Packages per month.
    pub const PACKAGES_PER_MONTH: Dimension = Dimension {
        package: 1,
        ..Dimension::PER_MONTH
    };
    /// Accelerators per month.
    pub const UNITS_PER_MONTH: Dimension = Dimension {
        unit: 1,
        ..Dimension::PER_MONTH
    };
    /// Tokens per time.
    pub const TOKEN_RATE: Dimension = Dimension {
        token: 1,
        ..Dimension::PER_MONTH
    };
    /// US dollars per time.
    pub const MONEY_RATE: Dimension = Dimension {
        money: 1,
        ..Dimension::PER_MONTH
    };
    /// US dollars per token.
    pub const MONEY_PER_TOKEN: Dimension = Dimension {
        money: 1,
        token: -1,
        ..Dimension::NONE
    };
    /// Operations per time.
    pub const THROUGHPUT: Dimension = Dimension {
        operation: 1,
        ..Dimension::PER_MONTH
    };
    /// Data per time.
    pub const BANDWIDTH: Dimension = Dimension {
        data: 1,
        ..Dimension::PER_MONTH
    };
    /// Square millimetres.
    pub const AREA: Dimension = Dimension {
        length: 2,
        ..Dimension::NONE
    };
    /// Per square millimetre: the dimension of a defect density.
    pub const PER_AREA: Dimension = Dimension {
        length: -2,
        ..Dimension::NONE
    };

    const fn base(index: usize) -> Dimension {
        let mut exponents = [0; 14];
        exponents[index] = 1;
        Dimension::from_exponents(exponents)
    }

    pub(super) const fn from_exponents(e: [i8; 14]) -> Dimension {
        Dimension {
            wafer: e[0],
            die: e[1],
            stack: e[2],
            package: e[3],
            unit: e[4],
            money: e[5],
            time: e[6],
            length: e[7],
            data: e[8],
            operation: e[9],
            power: e[10],
            tpp: e[11],
            h100e: e[12],
            token: e[13],
        }
    }

    const fn exponents(self) -> [i8; 14] {
        [
            self.wafer,
            self.die,
            self.stack,
            self.package,
            self.unit,
            self.money,
            self.time,
            self.length,
            self.data,
            self.operation,
            self.power,
            self.tpp,
            self.h100e,
            self.token,
        ]
    }

    /// Whether it is that of a plain number.
    pub fn is_none(self) -> bool {
        self == Dimension::NONE
    }

    /// The dimension of a product; `None` if an exponent leaves ±100.
    pub fn checked_mul(self, other: Dimension) -> Option<Dimension> {
        self.combine(other, |a, b| a.checked_add(b))
    }

    /// The dimension of a quotient; `None` if an exponent leaves ±100.
    pub fn checked_div(self, other: Dimension) -> Option<Dimension> {
        self.combine(other, |a, b| a.checked_sub(b))
    }

    /// The dimension of a power; `None` if an exponent leaves ±100.
    pub fn checked_pow(self, power: i8) -> Option<Dimension> {
        self.combine(self, |a, _| a.checked_mul(power))
    }

    /// The dimension of the inverse.
    pub fn inverse(self) -> Dimension {
        Dimension::from_exponents(self.exponents().map(|e| e.saturating_neg()))
    }

    fn combine(
        self,
        other: Dimension,
        operation: impl Fn(i8, i8) -> Option<i8>,
    ) -> Option<Dimension> {
        let mut result = self.exponents();
        for (a, b) in result.iter_mut().zip(other.exponents()) {
            *a = operation(*a, b).filter(|e| (-LIMIT..=LIMIT).contains(e))?;
        }
        Some(Dimension::from_exponents(result))
    }

    /// The unit in which values of this dimension are shown where their author chose none: `TFLOP/s`, `GB/s`, `1/cm2`, `tokens/s`,
    /// else base units, as `wafers/month`.
    pub fn display_unit(self) -> Unit {
        let (symbol, scale) = match self {
            Dimension::THROUGHPUT => ("TFLOP/s".to_owned(), SECONDS_PER_MONTH),
            Dimension::BANDWIDTH => ("GB/s".to_owned(), SECONDS_PER_MONTH),
            Dimension::PER_AREA => ("1/cm2".to_owned(), 0.01),
            Dimension::TOKEN_RATE => ("tokens/s".to_owned(), SECONDS_PER_MONTH),
            Dimension::MONEY_PER_TOKEN => ("$/Mtokens".to_owned(), 1e-6),
            _ => (self.base_symbol(), 1.0),
        };
        Unit {
            dimension: self,
            scale,
            symbol,
        }
    }

    /// Its base unit, as [`Unit::parse`] reads it: `wafers/month`, `1/mm2`, nothing for a plain number.
    pub fn base_symbol(self) -> String {
        let power = |name: &str, exponent: u8| match exponent {
            1 => name.to_owned(),
            _ if name == "H100e" || name == "$" => format!("{name}^{exponent}"),
            _ => format!("{name}{exponent}"),
        };
        let (mut above, mut below) = (Vec::new(), Vec::new());
        for ((many, one), exponent) in BASE_UNITS.into_iter().zip(self.exponents()) {
            if exponent > 0 {
                above.push(power(many, exponent.unsigned_abs()));
            } else if exponent < 0 {
                below.push(power(one, exponent.unsigned_abs()));
            }
        }
        let mut symbol = above.join("*");
        if symbol.is_empty() && !below.is_empty() {
            symbol.push('1');
        }
        for part in below {
            symbol.push('/');
            symbol.push_str(&part);
        }
        symbol
    }

    /// A unit an author would write for this dimension, for help texts.
    pub fn example(self) -> &'static str {
        match self {
            Dimension::WAFERS_PER_MONTH => "kWSPM",
            Dimension::PACKAGES_PER_MONTH => "k packages/month",
            Dimension::UNITS_PER_MONTH => "k units/month",
            Dimension::TIME => "months",
            Dimension::LENGTH => "mm",
            Dimension::AREA => "mm2",
            Dimension::PER_AREA => "/cm2",
            Dimension::MONEY => "$",
            Dimension::THROUGHPUT => "TFLOP/s",
            Dimension::BANDWIDTH => "GB/s",
            Dimension::DATA => "GB",
            Dimension::POWER => "W",
            Dimension::WAFER => "wafers",
            Dimension::DIE => "dies",
            Dimension::STACK => "stacks",
            Dimension::PACKAGE => "packages",
            Dimension::UNIT => "units",
            Dimension::TPP => "TPP",
            Dimension::H100E => "H100e",
            Dimension::TOKEN => "tokens",
            Dimension::TOKEN_RATE => "tokens/s",
            Dimension::MONEY_RATE => "$/month",
            Dimension::MONEY_PER_TOKEN => "$/Mtokens",
            Dimension::PER_MONTH => "%/year",
            _ => "",
        }
    }
}

/// Shows the unit of [`Dimension::display_unit`], and `a plain number` where there is none.
impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_none() {
            f.write_str("a plain number")
        } else {
            f.write_str(&self.display_unit().symbol)
        }
    }
}
