//! Diagnostic codes of this layer, group `WF09`, with their pages for `wafercast explain`.

use wafercast::diagnostic::Code;
use wafercast::diagnostic::codes::Page;

macro_rules! pages {
    ($($name:ident = $code:literal, $title:literal, $explanation:literal, $wrong:literal => $right:literal;)*) => {
        $(#[doc = $title] pub const $name: Code = Code($code);)*
        /// All pages of this layer, in order of the code.
        pub const PAGES: &[Page] = &[$(Page {
            code: $name,
            title: $title,
            explanation: $explanation,
            wrong: $wrong,
            right: $right,
        }),*];
    };
}

pages! {
    UNKNOWN_KEY = "WF0901", "unknown key of a chip, model or table of rows",
        "The file has a key that means nothing here; most often a slip of the keyboard. Nothing is silently ignored.",
        "[chip.mine]\nmemory = 80" => "[chip.mine]\nmemory_gb = 80";
    MISSING_KEY = "WF0902", "a number or name that cannot be guessed is missing",
        "A chip needs at least its vendor, family, memory and a source; a model its layers, width and heads.",
        "[model.mine]\nlayers = 32" => "[model.mine]\nlayers = 32\nhidden = 4096\nheads = 32\nvocabulary = 32000";
    WRONG_KIND = "WF0903", "a value of another kind than the key takes",
        "Numbers are written bare, texts in quotes, lists in brackets.",
        "memory_gb = \"80 GB\"" => "memory_gb = 80";
    OUT_OF_RANGE = "WF0904", "a number that cannot be",
        "Negative sizes, a chip with more bandwidth than any that exists by a factor of ten, zero heads: most often a wrong \
         unit. Bandwidths are in GB/s, compute in TFLOPS, memory in GB, power in W.",
        "memory_bandwidth_gbs = 3.35" => "memory_bandwidth_gbs = 3350";
    UNKNOWN_NAME = "WF0905", "there is no chip, model or format of this name",
        "`wafercast fit --list` shows all of them. Case and punctuation do not matter, and common short names are known.",
        "wafercast fit deepseek-v3 --on H2O" => "wafercast fit deepseek-v3 --on H20";
    CONTRADICTION = "WF0906", "numbers that contradict each other",
        "The number of parameters that follows from layers, widths and experts is more than 5 % away from the one that is \
         stated, or a model has fewer experts than it uses for a token.",
        "experts = 8\nactive_experts = 16" => "experts = 16\nactive_experts = 8";
    IMPOSSIBLE_ROW = "WF0907", "a measurement faster than the chip allows",
        "The row needs more operations or more bytes per second than the peak of the chip. It is a data error (a wrong count \
         of chips, most often), takes no part in any fit, and gets no ratio.",
        "" => "";
    UNREADABLE_ROW = "WF0908", "a row that cannot be read",
        "A number is missing, is not a number, or is negative. Rows are numbered as in the file, the header is row 1.",
        "" => "";
    NO_SOURCE = "WF0909", "a number without a source",
        "Every number of a chip or model is published somewhere or listed under `assumed`.",
        "[chip.mine]\nmemory_gb = 80" => "[chip.mine]\nmemory_gb = 80\nsource = \"https://example.org/datasheet\"";
    NO_PRICE = "WF0910", "a rent that nobody publishes",
        "A `rent` by country and term is read from the dated table of published prices. For this chip there is none of this \
         country and term.",
        "rent = { country = \"CH\", term = \"on-demand\" }" => "rent = \"$1.5/h to $3/h\"";
    COUNTS_NOTHING = "WF0911", "a chip that counts nothing in a workload",
        "The chip names no chip of the library, or a number that the rate needs is not published, or the model does not fit. Then \
         the chip adds nothing to `usable_compute`.",
        "[accelerator.mine]\ndesigner = \"Me\"" => "[accelerator.mine]\ndesigner = \"Me\"\nchip = \"ascend-910c\"";
}

/// The page of a code (case does not matter).
pub fn explain(code: &str) -> Option<&'static Page> {
    PAGES
        .iter()
        .find(|page| page.code.0.eq_ignore_ascii_case(code.trim()))
}
