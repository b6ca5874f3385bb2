//! The message table: every sentence of the report, in every language, in one place ([`table`]).

mod table;

pub use table::Message;

use crate::escape::escape;
use crate::language::Language;
use crate::text::{Markup, Text};

/// A message with its `{slots}` filled.
pub fn say(message: Message, slots: &[(&str, Text)]) -> Text {
    Text::each(|language| {
        fill(message.template(language), |name| {
            slot(slots, name).map_or_else(String::new, |text| text.get(language).to_owned())
        })
    })
}

/// A message with its slots filled, those of `strong` in bold, ready for HTML.
pub fn say_strong(message: Message, slots: &[(&str, Text)], strong: &[&str]) -> Markup {
    Markup(Language::ALL.map(|language| {
        fill(&escape(message.template(language)), |name| {
            let text = slot(slots, name).map_or("", |text| text.get(language));
            if strong.contains(&name) {
                format!("<b>{}</b>", escape(text))
            } else {
                escape(text)
            }
        })
    }))
}

/// A country's name from its ISO code; the code itself where the table has none.
pub fn country(code: &str) -> Text {
    let message = match code {
        "CN" => Message::CountryChina,
        "TW" => Message::CountryTaiwan,
        "US" => Message::CountryUnitedStates,
        "KR" => Message::CountryKorea,
        "JP" => Message::CountryJapan,
        "DE" => Message::CountryGermany,
        "IN" => Message::CountryIndia,
        other => return Text::same(other),
    };
    say(message, &[])
}

/// A message without slots, ready for HTML.
pub fn html(message: Message) -> String {
    say(message, &[]).html()
}

fn slot<'a>(slots: &'a [(&str, Text)], name: &str) -> Option<&'a Text> {
    slots
        .iter()
        .find(|(key, _)| *key == name)
        .map(|(_, text)| text)
}

/// Replaces every `{name}`. What is filled in is not looked at again, so no text can smuggle in a slot.
fn fill(template: &str, value: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let Some(length) = rest[open..].find('}') else {
            break;
        };
        out.push_str(&rest[..open]);
        out.push_str(&value(&rest[open + 1..open + length]));
        rest = &rest[open + length + 1..];
    }
    out.push_str(rest);
    out
}

/// The names of a template's slots, in order of name.
#[cfg(test)]
fn slot_names(template: &str) -> Vec<String> {
    let mut names: Vec<String> = template
        .split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}').map(|(name, _)| name.to_owned()))
        .collect();
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_has_all_languages_with_the_same_slots() {
        for message in Message::ALL {
            let english = slot_names(message.template(Language::English));
            for language in Language::ALL {
                let template = message.template(language);
                assert!(
                    !template.trim().is_empty(),
                    "{message:?} has no {} text",
                    language.tag()
                );
                assert_eq!(
                    slot_names(template),
                    english,
                    "slots of {message:?} in {}",
                    language.tag()
                );
            }
        }
    }

    #[test]
    fn chinese_texts_are_chinese_and_german_ones_are_not_english() {
        for message in Message::ALL {
            let [english, german, chinese] =
                Language::ALL.map(|language| message.template(language));
            let letters = fill(english, |_| String::new())
                .chars()
                .filter(char::is_ascii_alphabetic)
                .count();
            // Single words and symbols may be shared between languages.
            if letters > 12 {
                assert!(
                    chinese
                        .chars()
                        .any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)),
                    "{message:?}"
                );
                assert_ne!(english, german, "{message:?}");
            }
        }
    }

    #[test]
    fn fills_slots_once() {
        let text = say(Message::PerMonth, &[("what", Text::same("{what}"))]);
        assert_eq!(text.get(Language::English), "{what} per month");
    }

    #[test]
    fn bold_slots_are_escaped() {
        let text = say_strong(Message::PerMonth, &[("what", Text::same("<i>"))], &["what"]);
        assert!(text.html().contains("<b>&lt;i&gt;</b>"));
    }
}
