//! The report's languages.

/// A language of the report. All three are in every file; this says which is shown first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Language {
    /// English: `1,650,000.5`
    #[default]
    English,
    /// German: `1.650.000,5`
    German,
    /// Chinese (simplified): `165.00005万`
    Chinese,
}

impl Language {
    /// All, in the order of the switch.
    pub const ALL: [Language; 3] = [Language::English, Language::German, Language::Chinese];

    /// The tag of `lang` attributes: `en`, `de`, `zh`.
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::German => "de",
            Language::Chinese => "zh",
        }
    }

    /// Its name in itself.
    pub fn name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::German => "Deutsch",
            Language::Chinese => "中文",
        }
    }

    /// From a language tag or an environment's locale (`de`, `de_DE.UTF-8`, `zh-Hans`); none if it is another language.
    pub fn from_tag(tag: &str) -> Option<Language> {
        let primary = tag.split(['-', '_', '.', '@']).next().unwrap_or(tag);
        Language::ALL
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(primary))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_tags_and_locales() {
        assert_eq!(Language::from_tag("de_DE.UTF-8"), Some(Language::German));
        assert_eq!(Language::from_tag("zh-Hans"), Some(Language::Chinese));
        assert_eq!(Language::from_tag("EN"), Some(Language::English));
        assert_eq!(Language::from_tag("fr"), None);
        assert_eq!(Language::from_tag(""), None);
    }
}
