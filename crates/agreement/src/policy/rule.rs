//! One policy and its words, written as Cedar text.

use std::fmt::Write;

use super::request::Action;
use crate::refusal::Code;
use crate::text::Text;

/// A policy to be written.
pub(super) struct Rule<'a> {
    pub(super) id: String,
    /// `Some`: a forbid, which refuses with this code; `None`: a permit.
    pub(super) forbids: Option<Code>,
    /// The party that it applies to; `None` for everybody.
    pub(super) party: Option<&'a str>,
    pub(super) actions: &'a [Action],
    pub(super) agreement: &'a str,
    pub(super) when: Option<String>,
    pub(super) words: Text,
    pub(super) condition: Option<String>,
    pub(super) owner: Option<String>,
    /// What would lift a forbid.
    pub(super) lifts: Option<Text>,
}

impl Rule<'_> {
    pub(super) fn to_cedar(&self) -> String {
        let mut text = String::new();
        for (key, value) in self.annotations() {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "@{key}({})", quote(&value));
        }
        let effect = if self.forbids.is_some() {
            "forbid"
        } else {
            "permit"
        };
        let principal = match self.party {
            Some(id) => format!("principal == Party::{}", quote(id)),
            None => "principal".to_owned(),
        };
        let actions: Vec<_> = self
            .actions
            .iter()
            .map(|a| format!("Action::{}", quote(a.as_str())))
            .collect();
        let action = match actions.as_slice() {
            [one] => format!("action == {one}"),
            several => format!("action in [{}]", several.join(", ")),
        };
        let resource = format!("resource == Agreement::{}", quote(self.agreement));
        let _ = write!(text, "{effect} ({principal}, {action}, {resource})");
        if let Some(when) = &self.when {
            let _ = write!(text, "\nwhen {{ {when} }}");
        }
        text.push_str(";\n");
        text
    }

    fn annotations(&self) -> Vec<(&'static str, String)> {
        let mut all = vec![
            ("id", self.id.clone()),
            ("nl", self.words.nl.clone()),
            ("en", self.words.en.clone()),
        ];
        all.extend(self.party.map(|id| ("party", id.to_owned())));
        all.extend(self.condition.clone().map(|path| ("condition", path)));
        all.extend(self.owner.clone().map(|owner| ("owner", owner)));
        all.extend(self.forbids.map(|code| ("code", code.to_string())));
        if let Some(lifts) = &self.lifts {
            all.extend([
                ("lifts_nl", lifts.nl.clone()),
                ("lifts_en", lifts.en.clone()),
            ]);
        }
        all
    }
}

/// A string literal of Cedar.
pub(super) fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{{{:x}}}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A set literal of Cedar.
pub(super) fn quote_all<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    let quoted: Vec<_> = texts.map(quote).collect();
    format!("[{}]", quoted.join(", "))
}
