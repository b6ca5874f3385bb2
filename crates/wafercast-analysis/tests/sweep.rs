//! Sweeps: what is declared is what is run, and what is wrong is shown where it stands.

use std::collections::BTreeMap;

use wafercast::check::CheckOptions;
use wafercast::diagnostic::Span;
use wafercast::diagnostic::wire::to_wire;
use wafercast::document::from_toml;
use wafercast::facts::FactBase;
use wafercast::load::{Limits, load};
use wafercast::scenario::Design;
use wafercast::simulate::Sampling;
use wafercast_analysis::sweep::{Base, Declaration, Sweep, prepare};

const SCENARIO: &str = r#"
format = 1
title = "t"
home = "XA"
horizon = { from = "2026-01", to = "2027-12" }

[import.a]
name = "A"
designer = "X"
country = "US"
rate = "50 units/month to 200 units/month"
spec = { bf16 = "100 TFLOP/s", price = "$10 k" }
assumption = "test"

[claim.many]
says = "Many"
holds = "units(imports, 2026) > 1500 units"
"#;

/// The sweep's results, or its problems as `line:column code message (help)`.
fn swept(text: &str) -> Result<Sweep, Vec<String>> {
    let files = BTreeMap::from([("s.toml".to_owned(), SCENARIO.to_owned())]);
    let mut loaded = load("s.toml", &files, &[], &Limits::default());
    let file = loaded.sources.add("sweep.toml", text);
    let (table, problems) = from_toml(file, text, &Limits::default(), &mut 0);
    assert!(problems.is_empty(), "{problems:?}");
    let start = Span {
        file,
        start: 0,
        end: 0,
    };
    let facts = FactBase::default();
    let base = Base {
        document: &loaded.document,
        facts: &facts,
        options: CheckOptions::default(),
    };
    let sampling = Sampling {
        draws: 600,
        seed: 1,
        design: Design::Random,
    };
    Declaration::read(&table, start)
        .and_then(|declaration| prepare(&base, &declaration))
        .map(|ready| ready.run(sampling))
        .map_err(|problems| {
            problems
                .iter()
                .map(|problem| {
                    let wire = to_wire(problem, &loaded.sources);
                    assert_eq!(wire.file, "sweep.toml", "{problem:?}");
                    format!(
                        "{}:{} {} {} ({})",
                        wire.line,
                        wire.column,
                        wire.code,
                        wire.message,
                        wire.help.unwrap_or_default()
                    )
                })
                .collect()
        })
}

#[test]
fn a_grid_scales_as_arithmetic_does() {
    let sweep = swept(
        r#"
show = ["units(imports, 2026)", "value(imports, 2026)", "many"]
[[axis]]
scale = "import.a.rate"
by = [0.5, 2]
[[axis]]
name = "Price"
set = "import.a.spec.price"
values = ["$10 k", "$30 k"]
[[case]]
set = { "import.a.rate" = "1 units/month" }
scale = { "import.a.spec.price" = 4 }
"#,
    )
    .unwrap_or_else(|problems| panic!("{problems:?}"));
    let names: Vec<&str> = sweep.cells.iter().map(|cell| cell.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "as it is",
            "×0.5, $10 k",
            "×0.5, $30 k",
            "×2, $10 k",
            "×2, $30 k",
            "import.a.rate = 1 units/month, import.a.spec.price ×4"
        ]
    );
    assert_eq!(sweep.axes, ["import.a.rate", "Price"]);
    let base = &sweep.cells[0].results;
    for (cell, units, value) in [(1, 0.5, 0.5), (2, 0.5, 1.5), (3, 2.0, 2.0), (4, 2.0, 6.0)] {
        let results = &sweep.cells[cell].results;
        // On the same draws a factor is a factor, in mean, percentiles and difference.
        for (place, factor) in [(0, units), (1, value)] {
            let (now, before) = (&results[place], &base[place]);
            for (found, expected) in [
                (now.mean, factor * before.mean),
                (now.p95, factor * before.p95),
                (now.difference, (factor - 1.0) * before.mean),
            ] {
                assert!(
                    (found - expected).abs() < 1e-9 * before.mean,
                    "{cell} {place}"
                );
            }
        }
    }
    // 125 a month are needed: e^0.47 below the doubled median of 200, e^0.92 above the halved one, with a sigma of 0.42.
    for (cell, exact) in [(1, 0.0148), (3, 0.8677)] {
        let result = &sweep.cells[cell].results[2];
        assert!(
            (result.mean - exact).abs() < 4.0 * result.standard_error,
            "{result:?}"
        );
    }
    let case = &sweep.cells[5].results;
    assert!((case[0].mean - 12.0).abs() < 1e-9 && (case[1].mean - 480_000.0).abs() < 1e-3);
    assert!(case[0].standard_error < 1e-9);
}

#[test]
fn problems_are_shown_where_they_stand() {
    let cases: [(&str, &[&str]); 6] = [
        (
            "show = [\"many\"]\n",
            &["1:1 WF0110 the sweep changes nothing"],
        ),
        (
            "show = [\"many\"]\n[[axes]]\nset = \"x\"\n",
            &["2:3 WF0102 a sweep has no key `axes` here (did you mean `axis`?)"],
        ),
        (
            "show = [\"many\"]\n[[axis]]\nset = \"import.b.rate\"\nvalues = [1]\n",
            &["3:7 WF0106"],
        ),
        (
            "show = [\"units(imports, 2066)\"]\n[[axis]]\nscale = \"import.a.rat\"\nby = [2]\n",
            &[
                "1:",
                "3:9 WF0104 the scenario has no quantity `import.a.rat` (did you mean `import.a.rate`?)",
            ],
        ),
        (
            "show = [\"many\"]\n[[axis]]\nset = \"import.a.rate\"\nvalues = [\"5 k\", \"10 units\"]\n",
            &["4:12 WF0203", "4:19 WF0202"],
        ),
        (
            "show = 5\n[[axis]]\nscale = \"import.a.rate\"\nby = [0]\n[[case]]\nname = \"n\"\n",
            &["1:8 WF0111", "4:7 WF0111", "5:1 WF0110"],
        ),
    ];
    for (text, expected) in cases {
        let problems = swept(text)
            .err()
            .unwrap_or_else(|| panic!("{text} is sound"));
        println!("{problems:#?}");
        for (problem, begin) in problems.iter().zip(expected) {
            assert!(problem.starts_with(begin), "{problem} is not {begin}");
        }
        assert!(problems.len() >= expected.len(), "{problems:?}");
    }
}
