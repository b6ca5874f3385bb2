//! A small checker of nesting: HTML with void elements, and SVG in it as XML.

/// An element that was opened.
#[derive(Debug, Clone)]
pub struct Element {
    /// Name.
    pub name: String,
    /// Attributes in order.
    pub attributes: Vec<(String, String)>,
}

impl Element {
    /// An attribute's value.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

const VOID: [&str; 4] = ["meta", "input", "br", "link"];

/// All elements of a document, or the first place where it is not well nested or an attribute is not quoted.
pub fn elements(document: &str) -> Result<Vec<Element>, String> {
    let mut open: Vec<String> = Vec::new();
    let mut found = Vec::new();
    let mut rest = document.strip_prefix("<!DOCTYPE html>").unwrap_or(document);
    while let Some(start) = rest.find('<') {
        if rest[..start].contains('>') {
            return Err(format!("a bare > in {:?}", near(rest)));
        }
        rest = &rest[start + 1..];
        let end = rest.find('>').ok_or("a tag without end")?;
        let tag = &rest[..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            match open.pop() {
                Some(last) if last == name => {}
                last => return Err(format!("</{name}> closes {last:?} before {:?}", near(rest))),
            }
            continue;
        }
        let (tag, closed) = match tag.strip_suffix('/') {
            Some(tag) => (tag, true),
            None => (tag, false),
        };
        let (name, attributes) = read_tag(tag)?;
        found.push(Element {
            name: name.clone(),
            attributes,
        });
        if name == "style" || name == "script" {
            let close = format!("</{name}>");
            let at = rest.find(&close).ok_or("raw text without end")?;
            rest = &rest[at + close.len()..];
        } else if !closed && !VOID.contains(&name.as_str()) {
            open.push(name);
        }
    }
    if open.is_empty() {
        Ok(found)
    } else {
        Err(format!("never closed: {open:?}"))
    }
}

fn read_tag(tag: &str) -> Result<(String, Vec<(String, String)>), String> {
    let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(format!("an odd element {tag:?}"));
    }
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return Ok((name.to_owned(), attributes));
        }
        // Attributes without a value (`checked`) are HTML.
        let end = rest.find(['=', ' ']).unwrap_or(rest.len());
        let key = rest[..end].to_owned();
        rest = &rest[end..];
        let Some(value) = rest.strip_prefix("=\"") else {
            if rest.starts_with('=') {
                return Err(format!("an attribute without quotes in {tag:?}"));
            }
            attributes.push((key, String::new()));
            continue;
        };
        let close = value
            .find('"')
            .ok_or_else(|| format!("a value without end in {tag:?}"))?;
        if attributes.iter().any(|(other, _)| *other == key) {
            return Err(format!("{key} twice in {tag:?}"));
        }
        attributes.push((key, value[..close].to_owned()));
        rest = &value[close + 1..];
    }
}

fn near(text: &str) -> String {
    text.chars().take(60).collect()
}

#[test]
fn the_checker_finds_faults() {
    assert!(elements("<p><b>a</b></p>").is_ok());
    assert!(elements("<p><b>a</p></b>").is_err());
    assert!(elements("<p>").is_err());
    assert!(elements("<p class=a></p>").is_err());
    assert!(elements("<p class=\"a\" class=\"b\"></p>").is_err());
    assert!(elements("<p>a > b</p>").is_err());
    assert!(elements("<svg><line x1=\"1\"/></svg>").is_ok_and(|found| found.len() == 2));
}
