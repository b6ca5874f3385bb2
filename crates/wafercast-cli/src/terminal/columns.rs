//! Plain tables: columns of text, the first to the left, the others to the right, without lines.

use super::shorten;

/// A table of at most `width` characters: where it would be wider its first column is cut short.
pub fn columns(head: &[&str], rows: &[Vec<String>], width: usize) -> String {
    let length = |text: &str| text.chars().count();
    let mut widths: Vec<usize> = head.iter().map(|text| length(text)).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(length(cell));
        }
    }
    let others: usize = widths.iter().skip(1).map(|width| width + 2).sum();
    if let Some(first) = widths.first_mut() {
        *first = (*first).min(width.saturating_sub(others).max(12));
    }
    let line = |cells: &[String]| {
        let mut line = String::new();
        for (k, (cell, &width)) in cells.iter().zip(&widths).enumerate() {
            if k == 0 {
                line.push_str(&format!("{:width$}", shorten(cell, width)));
            } else {
                line.push_str(&format!("  {cell:>width$}"));
            }
        }
        line.trim_end().to_owned() + "\n"
    };
    let head: Vec<String> = head.iter().map(|&text| text.to_owned()).collect();
    let mut text = line(&head);
    for row in rows {
        text.push_str(&line(row));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_right_and_names_are_cut() {
        let rows = vec![
            vec!["a long name indeed, longer".to_owned(), "1".to_owned()],
            vec!["b".to_owned(), "1000".to_owned()],
        ];
        let text = columns(&["what", "n"], &rows, 20);
        assert_eq!(
            text,
            "what               n\na long name i…     1\nb               1000\n"
        );
    }
}
