//! Values of the flags of `wafercast fit`.

use wafercast::diagnostic::did_you_mean;
use wafercast_compute::format::Format;

/// More tokens than have ever been written.
const MOST_TOKENS: f64 = 1e18;
/// Longer contexts than any model has by a factor of ten.
const LONGEST: f64 = 1e8;

/// What `--serve` says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Serve {
    /// Tokens of a prompt.
    pub prompt: f64,
    /// Tokens of an output.
    pub output: f64,
    /// Sequences at a time.
    pub concurrency: f64,
}

/// A positive number with k, M, B, T; no greater than a limit.
fn number(text: &str, most: f64) -> Result<f64, String> {
    let text = text.trim();
    let (digits, factor) = match text.char_indices().next_back() {
        Some((at, 'k' | 'K')) => (&text[..at], 1e3),
        Some((at, 'm' | 'M')) => (&text[..at], 1e6),
        Some((at, 'b' | 'B' | 'g' | 'G')) => (&text[..at], 1e9),
        Some((at, 't' | 'T')) => (&text[..at], 1e12),
        _ => (text, 1.0),
    };
    let number = digits
        .trim()
        .replace('_', "")
        .parse::<f64>()
        .unwrap_or(f64::NAN)
        * factor;
    if number > 0.0 && number <= most {
        Ok(number)
    } else if number > most {
        Err(format!("`{text}` is more than {most:e}"))
    } else {
        Err(format!(
            "`{text}` is not a positive number such as 4096, 15T or 300B"
        ))
    }
}

/// `--train`, `--sequence`
pub fn tokens(text: &str) -> Result<f64, String> {
    number(text, MOST_TOKENS)
}

/// `--chips`
pub fn chips(text: &str) -> Result<f64, String> {
    let chips = number(text, 1e7)?;
    if chips.fract() == 0.0 {
        Ok(chips)
    } else {
        Err("expected a whole number of chips".into())
    }
}

/// `--max-tpot`
pub fn milliseconds(text: &str) -> Result<f64, String> {
    number(text.trim().trim_end_matches("ms"), 1e7)
}

/// `--accept`
pub fn share(text: &str) -> Result<f64, String> {
    match text.trim().parse::<f64>() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err(format!("`{text}` is not a share from 0 to 1 such as 0.8")),
    }
}

/// `--electricity`
pub fn price(text: &str) -> Result<f64, String> {
    number(text.trim().trim_start_matches('$'), 10.0)
}

/// `--serve`: PROMPT/OUTPUT@CONCURRENCY
pub fn serve(text: &str) -> Result<Serve, String> {
    const SHAPE: &str = "expected PROMPT/OUTPUT@CONCURRENCY, for example 4096/1024@256";
    let (lengths, concurrency) = text.split_once('@').ok_or(SHAPE)?;
    let (prompt, output) = lengths.split_once('/').ok_or(SHAPE)?;
    let part = |name: &str, text: &str, most: f64| {
        number(text, most).map_err(|cause| format!("{name}: {cause}"))
    };
    Ok(Serve {
        prompt: part("prompt", prompt, LONGEST)?,
        output: part("output", output, LONGEST)?,
        concurrency: part("concurrency", concurrency, 1e7)?,
    })
}

/// `--weights`
pub fn format(text: &str) -> Result<Format, String> {
    Format::parse(text).ok_or_else(|| {
        let names = Format::ALL.map(Format::name);
        let near = did_you_mean(text, names.into_iter());
        near.unwrap_or_else(|| format!("expected one of {}", names.join(", ")))
    })
}

/// `--as-of`
pub fn date(text: &str) -> Result<String, String> {
    text.parse::<jiff::civil::Date>()
        .map(|date| date.to_string())
        .map_err(|_| format!("`{text}` is not a day such as 2025-09-01"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type() {
        assert_eq!(tokens("15T"), Ok(15e12));
        assert_eq!(tokens("300b"), Ok(300e9));
        assert_eq!(milliseconds("50ms"), Ok(50.0));
        let expected = Serve {
            prompt: 4096.0,
            output: 1000.0,
            concurrency: 256.0,
        };
        assert_eq!(serve("4096/1k@256"), Ok(expected));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for bad in ["", "-1", "0", "nan", "inf", "1e30", "ten", "T", "é"] {
            assert!(tokens(bad).is_err(), "{bad}");
        }
        for bad in [
            "4096",
            "4096/1024",
            "4096/1024@0",
            "4096/-1@4",
            "a/b@c",
            "1e12/1@1",
        ] {
            assert!(serve(bad).is_err(), "{bad}");
        }
        assert!(format("fp9").unwrap_err().contains("did you mean"));
        assert!(chips("1.5").is_err());
        assert!(share("80").is_err() && share("-0.1").is_err() && share("nan").is_err());
        assert!(date("soon").is_err());
    }
}
