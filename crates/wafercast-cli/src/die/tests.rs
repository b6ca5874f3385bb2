use super::*;
use clap::Parser;

#[derive(Parser)]
#[command(name = "die")]
struct Command {
    #[command(flatten)]
    die: DieArgs,
}

/// What `wafercast die` with these flags prints on 80 columns, or says is wrong.
fn die(flags: &str) -> Result<String, String> {
    let words = std::iter::once("die").chain(flags.split_whitespace());
    let command = Command::try_parse_from(words).map_err(|error| error.to_string())?;
    run(&command.die, 80).map_err(|error| format!("{}\n{}", error.message, error.hint))
}

const ASCEND: &str = "--size 21.32x31.22mm --d0 0.2 --model negative_binomial --alpha 2.5 \
                      --wafer-price 9346 --cores 25 --min-good 20";

#[test]
fn a_die_with_salvage_and_price() {
    insta::assert_snapshot!(die(ASCEND).unwrap());
}

#[test]
fn a_reported_yield_and_a_month() {
    let flags = "--area 814mm2 --yield 45% --line-yield 95% --layers 12 --wafers 20k \
                 --dies-per-package 2 --assembly-yield 75% --no-map";
    insta::assert_snapshot!(die(flags).unwrap());
}

#[test]
fn packages_on_an_interposer_wafer() {
    insta::assert_snapshot!(die("--size 57.8x47.4mm --package").unwrap());
}

#[test]
fn small_dies_are_drawn_to_scale() {
    insta::assert_snapshot!(die("--size 8x6mm --diameter 200mm").unwrap());
}

#[test]
fn nothing_fits() {
    let text = die("--size 400x400mm --d0 0.1 --wafer-price 9346").unwrap();
    assert!(text.contains("No whole die fits"), "{text}");
}

#[test]
fn json_holds_the_schema_and_the_numbers_of_the_table() {
    let text = die(&format!("{ASCEND} --format json")).unwrap();
    let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(answer["schema"], SCHEMA);
    assert_eq!(answer["tile_is"], "die");
    let report = &answer["report"];
    assert_eq!(report["gross"]["count"], 85);
    assert_eq!(report["sites"].as_array().map(Vec::len), Some(85));
    let first = &report["yields"][0];
    assert_eq!(first["model"]["name"], "negative_binomial");
    assert_eq!(first["model"]["alpha"], 2.5);
    let cost = first["cost_per_good_die"].as_f64().unwrap();
    let dies = first["good_dies"].as_f64().unwrap();
    assert!((cost * dies - 9346.0).abs() < 1e-6);
}

#[test]
fn errors_name_the_flag_and_what_to_type() {
    let cases = [
        ("", "--size", "--area"),
        ("--size 21.32", "", ""),
        ("--size 21.32x", "--size", "21.32x31.22mm"),
        ("--size 20x30mm --d0 0.2 --yield 30%", "--d0", "--yield"),
        ("--size 20x30mm --yield 35", "--yield", "35%"),
        (
            "--size 20x30mm --yield 96% --line-yield 95%",
            "--yield",
            "--line-yield",
        ),
        ("--size 20x30mm --d0 0.1 --cores 25", "--min-good", ""),
        (
            "--size 20x30mm --d0 0.1 --cores 8 --min-good 9",
            "--min-good",
            "--cores 25",
        ),
        (
            "--size 20x30mm --d0 0.1 --cores 5000 --min-good 9",
            "--cores",
            "1000",
        ),
        (
            "--size 20x30mm --d0 0.1 --model bose_einstein",
            "--model",
            "--layers 12",
        ),
        (
            "--size 20x30mm --d0 0.1 --model murphi",
            "--model",
            "murphy",
        ),
        ("--size 20x30mm --alpha 2", "--alpha", "--d0 0.2"),
        ("--size 20x30mm --edge 150mm", "--edge", "--edge 3mm"),
        ("--size 20x30nm", "--size", "unit"),
        ("--size 20x30mm --wafer-price lots", "--wafer-price", "9346"),
    ];
    for (flags, flag, remedy) in cases {
        match die(flags) {
            Ok(_) => assert!(flag.is_empty(), "accepted: {flags}"),
            Err(error) => {
                assert!(
                    error.contains(flag) && error.contains(remedy),
                    "{flags}\n{error}"
                );
            }
        }
    }
}

#[test]
fn every_line_fits() {
    for side in [1.0, 3.0, 5.0, 9.0, 14.0, 20.0, 33.0, 60.0, 120.0, 200.0] {
        for aspect in [0.2, 0.7, 1.0, 2.0, 6.0] {
            let flags = format!("--area {}mm2 --aspect {aspect}", side * side);
            let text = die(&flags).unwrap();
            for line in text.lines() {
                assert!(line.chars().count() <= 80, "{flags}: {line}");
            }
            assert!(text.lines().count() <= 50, "{flags}:\n{text}");
        }
    }
}

#[test]
fn every_tile_is_drawn_once() {
    let text = die("--size 21.32x31.22mm").unwrap();
    let lines: Vec<Vec<char>> = text.lines().map(|line| line.chars().collect()).collect();
    let is_one_of = |x: usize, y: usize, corners: &str| {
        let character = lines.get(y).and_then(|line| line.get(x));
        character.is_some_and(|c| corners.contains(*c))
    };
    let (width, height) = (4, 3);
    let mut tiles = 0;
    for y in 0..lines.len() {
        for x in 0..lines[y].len() {
            let is_tile = is_one_of(x, y, "┌┬├┼")
                && is_one_of(x + width, y, "┐┬┤┼")
                && is_one_of(x, y + height, "└┴├┼")
                && is_one_of(x + width, y + height, "┘┴┤┼");
            tiles += usize::from(is_tile);
        }
    }
    assert_eq!(tiles, 85, "{text}");
}
