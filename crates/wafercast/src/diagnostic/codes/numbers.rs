//! `WF02` and `WF03`: units, numbers and distributions. The codes of the number notation itself are raised by
//! [`crate::notation`].

use super::define_pages;

define_pages! {
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
