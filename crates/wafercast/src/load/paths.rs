//! Paths of scenario files: `/`-separated, resolved by their text alone.

/// Without `.` and inner `..`.
pub fn normalise(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    let joined = parts.join("/");
    if path.starts_with('/') {
        format!("/{joined}")
    } else {
        joined
    }
}

fn folder(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        normalise(name)
    } else {
        normalise(&format!("{folder}/{name}"))
    }
}

/// What no file name of a scenario may have.
fn refuse(name: &str) -> Result<(), &'static str> {
    if name.is_empty() {
        Err("the name is empty")
    } else if name.starts_with('/') || name.starts_with('~') {
        Err("expected a relative path")
    } else if name.contains('\\') {
        Err("folders are separated by `/`")
    } else if name.contains(':') {
        Err("expected a path, not a drive or an address")
    } else if name.chars().any(char::is_control) {
        Err("it has a control character")
    } else {
        Ok(())
    }
}

/// The path of a file included by `main`: inside the folder of `main`.
pub fn inside(main: &str, name: &str) -> Result<String, &'static str> {
    refuse(name)?;
    if name.split('/').any(|part| part == "..") {
        return Err("included files lie inside the scenario's folder, `..` leaves it");
    }
    if name.ends_with('/') {
        return Err("expected a file, not a folder");
    }
    Ok(join(folder(main), name))
}

/// The main file of the scenario that `main` extends: a `.toml` file, or a folder with `scenario.toml`.
pub fn scenario(main: &str, name: &str) -> Result<String, &'static str> {
    refuse(name)?;
    let path = join(folder(main), name);
    Ok(if path.ends_with(".toml") {
        path
    } else {
        join(&path, "scenario.toml")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlays_are_found_beside_their_base() {
        let main = "scenarios/china-fast/scenario.toml";
        assert_eq!(
            scenario(main, "../china").as_deref(),
            Ok("scenarios/china/scenario.toml")
        );
        assert_eq!(
            scenario(main, "base.toml").as_deref(),
            Ok("scenarios/china-fast/base.toml")
        );
        assert_eq!(
            scenario("scenario.toml", "../china").as_deref(),
            Ok("../china/scenario.toml")
        );
        assert_eq!(
            scenario("/a/b/scenario.toml", "../c").as_deref(),
            Ok("/a/c/scenario.toml")
        );
    }

    #[test]
    fn includes_stay_inside() {
        assert_eq!(inside("a/s.toml", "x/y.toml").as_deref(), Ok("a/x/y.toml"));
        for bad in ["", "/x", "../x", "x/../../y", "c:x", "a\\b", "~/x", "x/"] {
            assert!(inside("a/s.toml", bad).is_err(), "{bad}");
        }
    }
}
