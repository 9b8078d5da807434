//! Texts that are run elsewhere: commands of the Azure CLI, Kusto queries, Bicep. What comes from the files cannot end a
//! string or a line in them.

pub(crate) mod az;
pub(crate) mod bicep;
pub(crate) mod kusto;

use crate::report::Known;
use crate::text::{shortened, unmarked};

/// The value of a policy's parameter: constants of this crate, or addresses.
fn written(value: &Known, quote: char) -> String {
    match value {
        Known::List(items) => {
            let items: Vec<String> = items.iter().map(|item| written(item, quote)).collect();
            format!("[{}]", items.join(", "))
        }
        Known::Text(text) => format!("{quote}{text}{quote}"),
        _ => "null".to_owned(),
    }
}

/// Bytes of what a text of the files adds to one line.
const MAX_LINE: usize = 1000;

/// A text from the files in one line, without anything that is not seen or that turns the line around.
pub(crate) fn one_line(text: &str) -> String {
    let is_seen = |c: char| {
        !c.is_control()
            && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let text = unmarked(text.to_owned()).chars().map(|c| if is_seen(c) { c } else { '·' }).collect();
    shortened(text, MAX_LINE)
}
