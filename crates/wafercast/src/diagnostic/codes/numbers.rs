//! `WF02` and `WF03`: units, numbers and distributions. The codes of the number notation itself are raised by
//! [`crate::notation`].

use super::define_pages;

define_pages! {
    UNKNOWN_UNIT = "WF0201", "a unit the language does not know",
        "Units are wafers, dies, stacks, packages, units, $, months, mm, GB, FLOP/s and their like, joined with `*` and `/`, with a magnitude k, M, B or T in front.",
        "add = \"20 kwafres/month\"" => "add = \"20 k wafers/month\"";
    WRONG_DIMENSION = "WF0202", "a quantity of the wrong dimension",
        "A count of dies is not a count of wafers: each key takes quantities of its own dimension.",
        "add = \"20 k dies/month\"" => "add = \"20 k wafers/month\"";
    UNIT_MISSING = "WF0203", "a quantity without its unit",
        "A number with a dimension needs its unit, so that nobody has to guess months or weeks.",
        "delay = 6" => "delay = \"6 months\"";
    UNITS_DO_NOT_MATCH = "WF0204", "units of one quantity that do not match",
        "The parts of a quantity (both ends of an interval, the terms of a mixture, pooled facts) have one dimension.",
        "delay = \"3 months to 6 wafers\"" => "delay = \"3 months to 6 months\"";
    BAD_EXPONENT = "WF0205", "a power of a unit that is out of range",
        "Powers of units are small whole numbers.",
        "d0 = \"0.2 cm^-200\"" => "d0 = \"0.2 cm^-2\"";
    NOTATION_SYNTAX = "WF0301", "text that is not a quantity",
        "The text does not follow the number notation: a number with a unit, an interval `a to b`, or a distribution such as `uniform(a, b)`.",
        "utilisation = \"85%–95%\"" => "utilisation = \"85% to 95%\"";
    NUMBER_OUT_OF_RANGE = "WF0302", "a number too large or too small to compute with",
        "Numbers lie between 1e-40 and 1e40 in base units, so that no product of them becomes infinite.",
        "amount = \"1e50\"" => "amount = \"1.5M\"";
    INTERVAL_REVERSED = "WF0303", "an interval that is reversed or empty",
        "The lower end of `a to b` is below the upper end. If there is no doubt, write one number.",
        "utilisation = \"95% to 85%\"" => "utilisation = \"85% to 95%\"";
    OUTSIDE_DOMAIN = "WF0304", "values that are not possible here",
        "A fraction lies between 0 and 1, an amount is not negative. A distribution that reaches beyond is bounded with `| clamp(a, b)` or `| truncate(a, b)`.",
        "utilisation = \"normal(90%, 10%)\"" => "utilisation = \"normal(90%, 10%) | truncate(0, 1)\"";
    BAD_ARGUMENTS = "WF0305", "arguments that a distribution does not take",
        "Each distribution takes its own number and kind of arguments.",
        "add = \"pert(1 kWSPM, 2 kWSPM)\"" => "add = \"pert(1 kWSPM, 2 kWSPM, 4 kWSPM)\"";
    UNKNOWN_DISTRIBUTION = "WF0306", "a distribution that does not exist",
        "Distributions are normal, lognormal, uniform, triangular, pert, beta, bernoulli, discrete and mix.",
        "add = \"unifrom(1 kWSPM, 2 kWSPM)\"" => "add = \"uniform(1 kWSPM, 2 kWSPM)\"";
    BAD_WEIGHTS = "WF0307", "weights that are not possible",
        "Weights of a mixture or a discrete distribution are not negative and not all zero.",
        "weight = \"mix(-1: 2, 1: 3)\"" => "weight = \"mix(0.3: 2, 0.7: 3)\"";
    BAD_ARITHMETIC = "WF0308", "arithmetic that is not possible",
        "A distribution may be scaled by a certain number. Products of two distributions and divisions by zero are refused.",
        "add = \"(1 to 2) * (3 kWSPM to 4 kWSPM)\"" => "add = \"1.5 * (3 kWSPM to 4 kWSPM)\"";
    NOTATION_TOO_LARGE = "WF0309", "a quantity that is too long or nested too deeply",
        "The text of a quantity may have up to 4,096 bytes and be nested 32 deep.",
        "add = \"((((((…))))))\"" => "add = \"20 kWSPM\"";
    BAD_CREDIBILITY = "WF0310", "a credibility that is none",
        "The credibility of an interval lies between 0 and 100 %: `a to b @80%`.",
        "add = \"20 to 30 kWSPM @100%\"" => "add = \"20 to 30 kWSPM @80%\"";
    OUT_OF_RANGE = "WF0351", "a number outside its range",
        "The number is outside what has a meaning here, or what a computer can do in a lifetime.",
        "run = { samples = 0 }" => "run = { samples = 10_000 }";
    MUST_BE_CERTAIN = "WF0352", "an uncertain number where a certain one is needed",
        "Sizes of dies and packages, counts in a bill of materials and probabilities are single numbers. An uncertain probability has the same effect as its mean.",
        "size = { width = \"25 mm to 27 mm\", height = \"26 mm\" }" => "size = { width = \"26 mm\", height = \"26 mm\" }";
    BAD_RANK = "WF0353", "a rank correlation that is none",
        "A rank correlation lies strictly between −1 and 1.",
        "rank = 1.2" => "rank = 0.8";
    CORRELATED_TWICE = "WF0354", "a pair correlated twice, or a quantity with itself",
        "Each pair of two quantities has one rank correlation.",
        "between = [\"fab.a.utilisation\", \"fab.a.utilisation\"]" => "between = [\"fab.a.utilisation\", \"fab.b.utilisation\"]";
    NOT_POSITIVE_DEFINITE = "WF0355", "correlations that cannot hold together",
        "If a goes with b and b with c, then a cannot go against c: the correlation matrix of the pairs is not positive definite. The pairs are named.",
        "rank = 0.9   # a, b\nrank = 0.9   # b, c\nrank = -0.9  # a, c" => "rank = 0.9   # a, b\nrank = 0.9   # b, c\nrank = 0.7   # a, c";
    CORRELATES_A_CERTAINTY = "WF0356", "a correlation with a number that is certain",
        "The correlation changes nothing, because one of the two quantities is a single number.",
        "between = [\"fab.a.utilisation\", \"fab.b.utilisation\"]   # the first is \"90%\"" => "# fab.a.utilisation = \"85% to 95%\"";
}
