//! A text in all languages at once: one document holds all three, and a style rule shows one.

use crate::escape::escape;
use crate::language::Language;

/// Plain text, one string per language, not escaped.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text([String; 3]);

impl Text {
    /// The same in every language (names, formulas).
    pub fn same(text: impl Into<String>) -> Text {
        let text = text.into();
        Text([text.clone(), text.clone(), text])
    }

    /// Made language by language.
    pub fn each(make: impl Fn(Language) -> String) -> Text {
        Text(Language::ALL.map(make))
    }

    /// In one language.
    pub fn get(&self, language: Language) -> &str {
        &self.0[language as usize]
    }

    /// True if there is nothing in any language.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(String::is_empty)
    }

    /// Several texts with a separator between them.
    pub fn join(parts: &[Text], separator: &str) -> Text {
        Text::each(|language| {
            let parts: Vec<&str> = parts.iter().map(|part| part.get(language)).collect();
            parts.join(separator)
        })
    }

    /// Several clauses of a sentence, with the language's semicolon.
    pub fn clauses(parts: &[Text]) -> Text {
        Text::each(|language| {
            let parts: Vec<&str> = parts.iter().map(|part| part.get(language)).collect();
            parts.join(if language == Language::Chinese {
                "；"
            } else {
                "; "
            })
        })
    }

    /// Several sentences; Chinese puts no space between them.
    pub fn sentences(parts: &[Text]) -> Text {
        Text::each(|language| {
            let parts: Vec<&str> = parts.iter().map(|part| part.get(language)).collect();
            parts.join(sentence_space(language))
        })
    }

    /// This text followed by another.
    pub fn then(&self, next: &Text) -> Text {
        Text::each(|language| format!("{}{}", self.get(language), next.get(language)))
    }

    /// With a capital first letter, for titles.
    pub fn capitalized(&self) -> Text {
        Text::each(|language| {
            let mut characters = self.get(language).chars();
            match characters.next() {
                Some(first) => first.to_uppercase().chain(characters).collect(),
                None => String::new(),
            }
        })
    }

    /// As HTML: escaped, with one `span` per language where they differ.
    pub fn html(&self) -> String {
        self.markup().html()
    }

    /// As the content of an SVG `text` element.
    pub fn svg(&self) -> String {
        self.markup().elements("tspan")
    }

    /// As the descriptions of an SVG picture, one per language.
    pub fn svg_description(&self) -> String {
        self.markup().elements("desc")
    }

    /// Escaped, ready to be mixed with elements.
    pub fn markup(&self) -> Markup {
        Markup(Language::ALL.map(|language| escape(self.get(language))))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text::same(text)
    }
}

/// Escaped text with elements, one string per language.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Markup(pub(crate) [String; 3]);

fn sentence_space(language: Language) -> &'static str {
    if language == Language::Chinese {
        ""
    } else {
        " "
    }
}

impl Markup {
    /// Several sentences, as [`Text::sentences`].
    pub fn sentences(parts: &[Markup]) -> Markup {
        Markup(Language::ALL.map(|language| {
            let parts: Vec<&str> = parts
                .iter()
                .map(|part| part.0[language as usize].as_str())
                .collect();
            parts.join(sentence_space(language))
        }))
    }

    /// As HTML, with one `span` per language where they differ.
    pub fn html(&self) -> String {
        self.elements("span")
    }

    /// English and Chinese numbers are mostly written alike; such texts share an element of class `x`, which is hidden in
    /// German only. It saves a fifth of the file.
    fn elements(&self, element: &str) -> String {
        let [english, german, chinese] = &self.0;
        if english == german && english == chinese {
            return english.clone();
        }
        if english == chinese {
            return format!(
                "<{element} class=\"x\">{english}</{element}><{element} lang=\"de\">{german}</{element}>"
            );
        }
        let mut out = String::new();
        for language in Language::ALL {
            let tag = language.tag();
            let text = &self.0[language as usize];
            out.push_str(&format!("<{element} lang=\"{tag}\">{text}</{element}>"));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_shared_text_once() {
        assert_eq!(Text::same("A & B").html(), "A &amp; B");
        let number = Text::each(|language| match language {
            Language::German => "1.000".to_owned(),
            _ => "1,000".to_owned(),
        });
        assert_eq!(
            number.html(),
            "<span class=\"x\">1,000</span><span lang=\"de\">1.000</span>"
        );
        assert_eq!(
            Text::each(|language| language.tag().to_owned()).svg(),
            "<tspan lang=\"en\">en</tspan><tspan lang=\"de\">de</tspan><tspan lang=\"zh\">zh</tspan>"
        );
    }
}
