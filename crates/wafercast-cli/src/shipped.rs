//! The scenarios and facts that are part of the binary.

use std::borrow::Cow;

/// The folder `scenarios/` of the source tree.
#[derive(rust_embed::Embed)]
#[folder = "../../scenarios"]
struct Scenarios;

/// The main file of a scenario's folder.
pub const MAIN_FILE: &str = "scenario.toml";
/// The folder of chips, models, prices and constants, beside the scenarios' folders and inside them.
pub const COMPUTE: &str = "compute";
/// The folder of facts, beside the scenarios' folders and inside them.
pub const FACTS: &str = "facts";

/// A shipped file, by its path below `scenarios/`.
pub fn read(path: &str) -> Option<Cow<'static, [u8]>> {
    Scenarios::get(path).map(|file| file.data)
}

/// Names of the shipped scenarios, in alphabetical order.
pub fn names() -> Vec<String> {
    let mut names: Vec<String> = Scenarios::iter()
        .filter_map(|path| {
            let (folder, file) = path.split_once('/')?;
            (file == MAIN_FILE).then(|| folder.to_owned())
        })
        .collect();
    names.sort();
    names
}

/// Names of the shipped fabs, in alphabetical order.
pub fn fab_names() -> Vec<String> {
    let mut names: Vec<String> = Scenarios::iter()
        .filter_map(|path| {
            Some(
                path.strip_prefix("fab/")?
                    .strip_suffix("/fab.toml")?
                    .to_owned(),
            )
        })
        .collect();
    names.sort();
    names
}

/// True if there is a shipped scenario of this name.
pub fn is_scenario(name: &str) -> bool {
    !name.contains(['/', '\\']) && Scenarios::get(&format!("{name}/{MAIN_FILE}")).is_some()
}

/// Paths of the shipped fact files below `scenarios/`, in alphabetical order.
pub fn fact_files() -> Vec<String> {
    let mut paths: Vec<String> = Scenarios::iter()
        .map(Cow::into_owned)
        .filter(|path| {
            path.strip_prefix(FACTS)
                .is_some_and(|rest| rest.starts_with('/') && rest.ends_with(".csv"))
        })
        .collect();
    paths.sort();
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_part_of_the_binary() {
        let files = fact_files();
        assert!(!files.is_empty());
        for path in files {
            assert!(read(&path).is_some_and(|bytes| !bytes.is_empty()), "{path}");
        }
    }

    #[test]
    fn a_path_is_no_name() {
        assert!(!is_scenario("../china"));
        assert!(!is_scenario("no-such-scenario"));
    }
}
