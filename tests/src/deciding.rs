//! Rules over every way in which a template can give, or not give, the value that decides them.
//!
//! A [`Row`] names an example of a page and the place in it that decides the rule. The example is rewritten once for
//! each [`Form`], and what the rule says of it is compared with what it says of the plain literals.

use crate::fixture::load;
use crate::page::{Example, Language, Page};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use vaultmoat_core::report::{Confidence, Report, Severity};
use vaultmoat_core::{Options, Profile};

/// How a template gives the value that decides a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A parameter has it as its default: the finding is likely, and names the parameter.
    Default,
    /// A variable has it: the finding is certain.
    Variable,
    /// The resource is in a loop, and a list has it: a finding for each bad copy.
    Loop,
    /// A condition on a parameter without default chooses between it and a harmless value: undecided.
    Condition,
    /// A parameter without default is it: undecided.
    Open,
    /// The innermost list around it is a loop over properties; where that list has one entry.
    PropertyLoop,
    /// Both branches of an unknown condition have it: the finding is certain.
    Branches,
    /// A parameter without default allows nothing else: the finding is certain. Only for plain scalars.
    Allowed,
}

impl Form {
    const ALL: [Self; 8] = [
        Self::Default,
        Self::Variable,
        Self::Loop,
        Self::Condition,
        Self::Open,
        Self::PropertyLoop,
        Self::Branches,
        Self::Allowed,
    ];
}

/// A place that decides a rule.
#[derive(Clone, Debug)]
pub struct Row {
    /// The rule.
    pub rule: &'static str,
    page: &'static str,
    section: &'static str,
    index: usize,
    given: Vec<(&'static str, &'static str)>,
    at: &'static str,
    bad: Option<&'static str>,
    good: &'static str,
    recorded_by: Option<&'static str>,
    without: Vec<Form>,
}

/// The value at a JSON pointer in the first bad ARM template of the rule's page decides the rule; `good`, as JSON, is one on
/// which it is silent.
pub fn row(rule: &'static str, at: &'static str, good: &'static str) -> Row {
    Row {
        rule,
        page: rule,
        section: "Bad",
        index: 0,
        given: Vec::new(),
        at,
        bad: None,
        good,
        recorded_by: None,
        without: Vec::new(),
    }
}

impl Row {
    /// A value on which the rule fires, as JSON; without this it is the one in the example.
    pub fn bad(mut self, bad: &'static str) -> Self {
        self.bad = Some(bad);
        self
    }

    /// Another ARM template than the first bad one.
    pub fn on(mut self, section: &'static str, index: usize) -> Self {
        (self.section, self.index) = (section, index);
        self
    }

    /// An example of another rule's page.
    pub fn of(mut self, page: &'static str) -> Self {
        self.page = page;
        self
    }

    /// What is changed in the example first.
    pub fn given(mut self, at: &'static str, value: &'static str) -> Self {
        self.given.push((at, value));
        self
    }

    /// What is wholly unknown another rule records, for its whole family.
    pub fn recorded_by(mut self, rule: &'static str, _reason: &'static str) -> Self {
        self.recorded_by = Some(rule);
        self
    }

    /// A form in which the value cannot be given, or says something else.
    pub fn without(mut self, form: Form, _reason: &'static str) -> Self {
        self.without.push(form);
        self
    }

    /// What is not as it must be, in words.
    pub fn faults(&self) -> Vec<String> {
        let subject = match Subject::read(self) {
            Ok(subject) => subject,
            Err(fault) => return vec![format!("{} at {}: {fault}", self.rule, self.at)],
        };
        let forms = Form::ALL.into_iter().filter(|form| !self.without.contains(form));
        let faults = forms.filter_map(|form| {
            let fault = subject.fault(form)?;
            Some(format!("{} at {} by {form:?}: {fault}", self.rule, self.at))
        });
        faults.collect()
    }
}

/// A finding of a rule, without its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    message: String,
    severity: Severity,
    is_likely: bool,
}

/// What a rule says of a template.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    found: BTreeSet<Found>,
    /// What its undecided entries depend on, an entry each.
    open: Vec<Vec<String>>,
}

/// A row with its example.
struct Subject<'r> {
    row: &'r Row,
    options: Options,
    template: Value,
    bad: Value,
    good: Value,
    with_bad: Said,
    with_good: Said,
}

const PARAMETER: &str = "parameters('deciding')";

impl<'r> Subject<'r> {
    fn read(row: &'r Row) -> Result<Self, String> {
        let example = example(row)?;
        let options = Options { profile: Profile::Strict, ..example.settings()? };
        let (_, text) = example.files.first().ok_or("the example has no file")?;
        let mut template: Value = serde_json::from_str(text).map_err(|fault| fault.to_string())?;
        let parse =
            |text: &str| serde_json::from_str::<Value>(text).map_err(|fault| format!("{text}: {fault}"));
        for (at, value) in &row.given {
            set(&mut template, at, parse(value)?);
        }
        let bad = match row.bad {
            Some(bad) => parse(bad)?,
            None => template.pointer(row.at).cloned().ok_or("nothing is there")?,
        };
        let mut subject = Self {
            row,
            options,
            template,
            bad,
            good: parse(row.good)?,
            with_bad: Said { found: BTreeSet::new(), open: Vec::new() },
            with_good: Said { found: BTreeSet::new(), open: Vec::new() },
        };
        subject.with_bad = subject.said(&subject.with(subject.bad.clone()));
        subject.with_good = subject.said(&subject.with(subject.good.clone()));
        let (bad, good) = (&subject.with_bad.found, &subject.with_good.found);
        if good.len() >= bad.len() || !good.is_subset(bad) || bad.iter().any(|found| found.is_likely) {
            return Err(format!("the literals give {bad:?} and {good:?}"));
        }
        Ok(subject)
    }

    /// The template with another value at the place that decides.
    fn with(&self, value: Value) -> Value {
        let mut template = self.template.clone();
        set(&mut template, self.row.at, value);
        template
    }

    /// What is wrong with what the rule says of a form; nothing where the form does not exist.
    fn fault(&self, form: Form) -> Option<String> {
        let (template, wanted) = self.written(form)?;
        let report = self.report(&template);
        let said = said(&report, self.row.rule);
        let is_open = matches!(form, Form::Condition | Form::Open);
        let syntax: Vec<_> = report.diagnostics.iter().filter(|found| found.rule == "syntax").collect();
        if !syntax.is_empty() {
            return Some(format!("{syntax:?} in {template}"));
        }
        if form == Form::Allowed {
            // What has one allowed value is known, and still goes by the parameter's name.
            let kinds = |found: &BTreeSet<Found>| -> Vec<_> {
                found.iter().map(|found| (found.severity, found.is_likely)).collect()
            };
            let is_same = kinds(&said.found) == kinds(&wanted);
            return (!is_same).then(|| format!("found {:?}; open {:?}", said.found, said.open));
        }
        if said.found != wanted {
            return Some(format!("found {:?}, not {wanted:?}; open {:?}", said.found, said.open));
        }
        if !is_open {
            let open = [self.with_bad.open.len(), self.with_good.open.len()];
            return (!open.contains(&said.open.len())).then(|| format!("leaves {:?} open", said.open));
        }
        let mentions = |said: &Said| said.open.iter().any(|open| open.iter().any(|name| name == PARAMETER));
        match self.row.recorded_by.filter(|_| form == Form::Open) {
            Some(_) if mentions(&said) => Some("is recorded by itself too".to_owned()),
            Some(other) => {
                let by_other = self::said(&report, other);
                (!mentions(&by_other)).then(|| format!("{other} leaves {:?} open", by_other.open))
            }
            None => (!mentions(&said)).then(|| format!("leaves {:?} open", said.open)),
        }
    }

    /// The template in a form, and what the rule must find in it.
    fn written(&self, form: Form) -> Option<(Value, BTreeSet<Found>)> {
        let (bad, good) = (self.with_bad.found.clone(), self.with_good.found.clone());
        let chosen = |other: &str| {
            json!(format!("[if(equals({PARAMETER}, 'x'), variables('bad'), variables('{other}'))]"))
        };
        let kind = kind(if self.bad.is_null() { &self.good } else { &self.bad });
        let mut open = json!({ "type": kind });
        let by_parameter = json!(format!("[{PARAMETER}]"));
        Some(match form {
            Form::Default => {
                set(&mut open, "/defaultValue", self.bad.clone());
                if self.bad.is_null() {
                    set(&mut open, "/nullable", json!(true));
                }
                let likely = bad.iter().map(|found| match good.contains(found) {
                    true => found.clone(),
                    false => Found {
                        message: format!("{} (with the default of parameter `deciding`)", found.message),
                        is_likely: true,
                        ..found.clone()
                    },
                });
                (self.with_parameter(open, by_parameter), likely.collect())
            }
            Form::Open => (self.with_parameter(open, by_parameter), good),
            Form::Allowed => {
                let is_plain = match &self.bad {
                    Value::String(text) => !text.starts_with('['),
                    other => other.is_boolean() || other.is_number(),
                };
                set(&mut open, "/allowedValues", json!([self.bad]));
                is_plain.then(|| (self.with_parameter(open, by_parameter), bad))?
            }
            Form::Condition => (self.with_parameter(json!({ "type": "string" }), chosen("good")), good),
            Form::Branches => (self.with_parameter(json!({ "type": "string" }), chosen("bad")), bad),
            Form::Variable => (self.with_variables(json!("[variables('bad')]"), vec![]), bad),
            Form::Loop => self.in_loop(),
            Form::PropertyLoop => (self.in_property_loop()?, bad),
        })
    }

    fn with_parameter(&self, parameter: Value, value: Value) -> Value {
        let mut template = self.with_variables(value, vec![]);
        set(&mut template, "/parameters/deciding", parameter);
        template
    }

    fn with_variables(&self, value: Value, list: Vec<&Value>) -> Value {
        let mut template = self.with(value);
        set(&mut template, "/variables/bad", self.bad.clone());
        set(&mut template, "/variables/good", self.good.clone());
        set(&mut template, "/variables/list", json!(list));
        template
    }

    /// The resource in a loop. A resource that stands alone gets three copies, of which the middle one is harmless; one
    /// that others name has to stay what they name.
    fn in_loop(&self) -> (Value, BTreeSet<Found>) {
        let index = self.row.at.split('/').nth(2).unwrap_or_default();
        let name_at = format!("/resources/{index}/name");
        let name = self.template.pointer(&name_at).and_then(Value::as_str).unwrap_or_default();
        let resources = self.template.pointer("/resources").and_then(Value::as_array).map_or(0, Vec::len);
        let is_alone = resources == 1 && !name.starts_with('[');
        let is_name = self.row.at == name_at;
        let list = match (is_alone, is_name) {
            (true, true) => vec![&self.good, &self.bad],
            (true, false) => vec![&self.bad, &self.good, &self.bad],
            (false, _) => vec![&self.bad],
        };
        let count = list.len();
        let mut template = self.with_variables(json!("[variables('list')[copyIndex()]]"), list);
        set(&mut template, &format!("/resources/{index}/copy"), json!({ "name": "copies", "count": count }));
        if !is_alone || is_name {
            return (template, self.with_bad.found.clone());
        }
        set(&mut template, &name_at, json!(format!("[format('{name}{{0}}', copyIndex())]")));
        let found = [&self.with_bad, &self.with_good, &self.with_bad];
        let of_copy = |(at, said): (usize, &&Said)| {
            let named = |found: &Found| Found {
                message: found.message.replace(&format!("`{name}`"), &format!("`{name}{at}`")),
                ..found.clone()
            };
            said.found.iter().map(named).collect::<Vec<_>>()
        };
        (template, found.iter().enumerate().flat_map(of_copy).collect())
    }

    /// The innermost list around the value as a loop over properties.
    fn in_property_loop(&self) -> Option<Value> {
        let steps: Vec<&str> = self.row.at.split('/').collect();
        let last = steps.iter().rposition(|step| step.parse::<usize>().is_ok()).filter(|at| *at > 2)?;
        let (owner, name) = (steps[..last - 1].join("/"), steps[last - 1]);
        let list = self.template.pointer(&format!("{owner}/{name}"))?.as_array()?;
        let [entry] = list.as_slice() else { return None };
        let value = json!(format!("[variables('list')[copyIndex('{name}')]]"));
        let input = match &steps[last + 1..] {
            [] => value,
            within => {
                let mut entry = entry.clone();
                set(&mut entry, &format!("/{}", within.join("/")), value);
                entry
            }
        };
        let mut template = self.with_variables(self.bad.clone(), vec![&self.bad]);
        template.pointer_mut(&owner)?.as_object_mut()?.remove(name);
        let copy = json!([{ "name": name, "count": 1, "input": input }]);
        set(&mut template, &format!("{owner}/copy"), copy);
        Some(template)
    }

    fn said(&self, template: &Value) -> Said {
        said(&self.report(template), self.row.rule)
    }

    fn report(&self, template: &Value) -> Report {
        let project = load(self.options.clone(), [("main.json", &format!("{template:#}"))]);
        project.check()
    }
}

fn example(row: &Row) -> Result<Example, String> {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/src/rules/docs");
    let text = std::fs::read_to_string(pages.join(format!("{}.md", row.page)));
    let page = Page::read(&text.map_err(|fault| fault.to_string())?);
    let is_one = |example: &Example| example.section == row.section && example.language() == Language::Arm;
    page.examples
        .into_iter()
        .filter(is_one)
        .nth(row.index)
        .ok_or_else(|| format!("no example {} under {}", row.index, row.section))
}

fn said(report: &Report, rule: &str) -> Said {
    let found = report.diagnostics.iter().filter(|found| found.rule == rule).map(|found| Found {
        message: found.message.clone(),
        severity: found.severity,
        is_likely: found.confidence == Confidence::Likely,
    });
    let open = report.undecided.iter().filter(|open| open.rule == rule);
    Said { found: found.collect(), open: open.map(|open| open.depends_on.clone()).collect() }
}

/// Puts a value where a JSON pointer says; objects on the way are made.
fn set(root: &mut Value, at: &str, value: Value) {
    let mut here = root;
    for step in at.split('/').skip(1) {
        if here.is_null() {
            *here = Value::Object(Map::new());
        }
        here = match here {
            Value::Array(items) => {
                let index = step.parse::<usize>().ok();
                index.and_then(|index| items.get_mut(index)).expect("an entry of the list")
            }
            Value::Object(members) => members.entry(step).or_insert(Value::Null),
            other => panic!("{other} has no `{step}`"),
        };
    }
    *here = value;
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Array(_) => "array",
        Value::Object(_) => "object",
        Value::Bool(_) => "bool",
        Value::Number(_) => "int",
        // A list that an expression makes.
        Value::String(text) if text.starts_with("[map(") => "array",
        Value::String(_) | Value::Null => "string",
    }
}

/// Fails with everything that is not as it must be.
pub fn assert_all(rows: &[Row]) {
    let faults: Vec<String> = rows.iter().flat_map(Row::faults).collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}
