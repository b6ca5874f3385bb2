//! The border at which a fault of ours is caught and owned up to.

use std::panic;

use crate::console::{self, ERROR, HINT, styled};
use crate::exit::Exit;

/// Runs the program. A panic becomes a message to the user and its own exit code.
pub fn catching_bugs(program: fn() -> Exit) -> Exit {
    // The hook runs on the thread that failed, with the place at hand.
    panic::set_hook(Box::new(|info| {
        let place = info
            .location()
            .map_or_else(String::new, |place| format!(" at {place}"));
        let message = info.payload_as_str().unwrap_or("no message");
        console::say(&report(message, &place));
    }));
    panic::catch_unwind(program).unwrap_or(Exit::Bug)
}

fn report(message: &str, place: &str) -> String {
    format!(
        "{}: this is a bug in wafercast {}: {message}{place}\n{}: please report it with the command you typed and, if \
         you can, the scenario; nothing you did wrong should end like this",
        styled(ERROR, "error"),
        env!("CARGO_PKG_VERSION"),
        styled(HINT, "hint")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_exit_70() {
        let hook = panic::take_hook();
        let exit = catching_bugs(|| panic!("on purpose"));
        panic::set_hook(hook);
        assert_eq!(exit, Exit::Bug);
    }

    #[test]
    fn names_version_message_and_place() {
        let text = report("index out of bounds", " at src/x.rs:1:2");
        assert!(text.contains(env!("CARGO_PKG_VERSION")));
        assert!(text.contains("index out of bounds at src/x.rs:1:2"));
        assert!(text.contains("please report it"));
    }
}
