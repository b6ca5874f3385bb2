//! The one function through which every text reaches HTML and SVG.

/// Makes text safe inside an element or a double-quoted attribute. Control characters, which XML cannot carry, become
/// the replacement character.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' | '\r' => out.push(' '),
            // Direction overrides could make a source's address read as another.
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => out.push('\u{FFFD}'),
            control if control.is_control() => out.push('\u{FFFD}'),
            other => out.push(other),
        }
    }
    out
}

/// The address, if it may be a link: only `http` and `https`, so that no `javascript:` address is ever clickable.
pub fn link(address: &str) -> Option<&str> {
    let address = address.trim();
    let lower = address.get(..8).unwrap_or(address).to_ascii_lowercase();
    (lower.starts_with("https://") || lower.starts_with("http://")).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_markup_and_controls() {
        assert_eq!(
            escape("<script>alert(\"1\" & '2')</script>"),
            "&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;"
        );
        assert_eq!(escape("a\u{0}b\nc\u{202E}d"), "a\u{FFFD}b c\u{FFFD}d");
    }

    #[test]
    fn links_only_to_the_web() {
        assert_eq!(
            link(" https://example.org/a "),
            Some("https://example.org/a")
        );
        assert_eq!(link("HTTP://example.org"), Some("HTTP://example.org"));
        assert_eq!(link("javascript:alert(1)"), None);
        assert_eq!(link("data:text/html,x"), None);
        assert_eq!(link("日本語"), None);
        assert_eq!(link(""), None);
    }
}
