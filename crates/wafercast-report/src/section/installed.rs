//! Accelerators in service.

use crate::message::{Message, html, say};
use crate::page::{Page, grid, missing};
use crate::section::answer::metric_text;
use crate::section::fans::{Subject, fan_figure};
use crate::text::Text;

pub(super) fn body(page: &mut Page) -> String {
    let index = page.index;
    let mut panels = Vec::new();
    for (metric, counted) in [("installed:h100e", "h100e"), ("installed:units", "units")] {
        for of in ["all", "home", "imports"] {
            let title = Text::join(&[index.name(of), metric_text(counted)], " · ");
            panels.extend(fan_figure(
                page,
                Subject {
                    metric,
                    of,
                    depth: "designed",
                    per_month: false,
                },
                &title,
                false,
            ));
        }
    }
    let intro = format!("<p class=\"intro\">{}</p>\n", html(Message::InstalledText));
    intro
        + &if panels.is_empty() {
            missing(&say(Message::TitleInstalled, &[]))
        } else {
            grid(&panels)
        }
}
