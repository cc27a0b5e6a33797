//! The page around figures and charts.

use super::palette::STYLE;
use std::fmt::Write;

const LAYOUT: &str = "
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 20px 64px; }
h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 18px; margin: 36px 0 10px; } h3 { font-size: 15px; margin: 0; }
p { margin: 6px 0; color: var(--muted); }
section.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; margin: 14px 0; }
svg { display: block; width: 100%; min-width: 720px; height: auto; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 6px 7px; text-align: right; border-bottom: 1px solid var(--line); font-size: 14px; white-space: nowrap; }
th { color: var(--muted); font-weight: 600; font-size: 13px; line-height: 1.3; vertical-align: bottom; white-space: normal; } th:first-child, td:first-child { text-align: left; }
tr:last-child td { border-bottom: 0; } .good { color: var(--good); } .bad { color: var(--bad); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 6px 0 0; color: var(--muted); font-size: 13px; }
.legend i { display: inline-block; width: 14px; height: 3px; margin-right: 6px; vertical-align: middle; border-radius: 2px; }";

/// A page under construction.
pub struct Page {
    title: String,
    body: String,
}

impl Page {
    /// An empty page with its title and what it is about.
    pub fn new(title: &str, lead: &str) -> Self {
        let title = escape(title);
        let body = format!("<h1>{title}</h1>\n<p>{}</p>\n", escape(lead));
        Self { title, body }
    }

    /// A heading over what follows.
    pub fn heading(&mut self, text: &str) {
        self.push(&format!("<h2>{}</h2>\n", escape(text)));
    }

    /// A line of text that explains what is above it.
    pub fn remark(&mut self, text: &str) {
        self.push(&format!("<p>{}</p>\n", escape(text)));
    }

    /// A chart with its name, its legend (names and colours) and what it shows.
    pub fn chart(&mut self, name: &str, remark: &str, legend: &[(String, String)], svg: &str) {
        let mut keys = String::new();
        for (text, colour) in legend {
            // Writing to a string cannot fail.
            let _ = write!(keys, "<span><i style=\"background:{colour}\"></i>{}</span>", escape(text));
        }
        self.push(&format!(
            "<section class=\"card\"><h3>{}</h3><p>{}</p><div class=\"scroll\">{svg}</div><div class=\"legend\">{keys}</div></section>\n",
            escape(name),
            escape(remark)
        ));
    }

    /// A table; cells that begin with `+` or `-` are shown as good or bad, without the sign.
    pub fn table(&mut self, heads: &[&str], rows: &[Vec<String>]) {
        let heads: String = heads.iter().map(|head| format!("<th>{}</th>", escape(head))).collect();
        let rows: String = rows
            .iter()
            .map(|row| format!("<tr>{}</tr>\n", row.iter().map(|cell| td(cell)).collect::<String>()))
            .collect();
        self.push(&format!(
            "<section class=\"card scroll\"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></section>\n"
        ));
    }

    /// All of it as HTML.
    pub fn finish(self) -> String {
        format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <title>{}</title><style>{STYLE}{LAYOUT}</style></head>\n<body><main>\n{}</main></body></html>\n",
            self.title, self.body
        )
    }

    fn push(&mut self, html: &str) {
        self.body.push_str(html);
    }
}

fn td(cell: &str) -> String {
    match cell.split_at_checked(1) {
        Some(("+", text)) => format!("<td class=\"good\">{}</td>", escape(text)),
        Some(("-", text)) => format!("<td class=\"bad\">{}</td>", escape(text)),
        _ => format!("<td>{}</td>", escape(cell)),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
