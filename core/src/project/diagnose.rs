//! Findings of the rules as a report.

use super::documents::{Document, Documents};
use super::environment::Environment;
use super::ignore::{ANY, nearest};
use super::suppress::Suppressions;
use super::yields::{self, Heard};
use super::{Language, Options, skipped};
use crate::eval::Assumed;
use crate::lang::{Change, Problem, ProblemKind, Resource, arm, bicep, terraform};
use crate::model::Model;
use crate::report::{
    Confidence, Diagnostic, FileReport, Fix, Position, Range, Related, Report, ResourceRef, Severity,
    Summary, TextEdit, Undecided, UndeclaredParameter, VERSION,
};
use crate::rules::{self, Check, Context, Finding, Level, MAX_FINDINGS, RULES, Rule};
use crate::sorted::{Set, sort_by};
use crate::text::{LineIndex, Place, shortened};
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// Turns places into paths and ranges; a file's lines are counted when it is first asked for.
pub(super) struct Places<'d> {
    files: &'d [Document<'d>],
    lines: Vec<OnceCell<LineIndex<'d>>>,
}

impl<'d> Places<'d> {
    pub(super) fn new(documents: &'d Documents) -> Self {
        let files = &documents.files;
        Self { files, lines: files.iter().map(|_| OnceCell::new()).collect() }
    }

    pub(super) fn path(&self, place: Place) -> &'d str {
        self.files.get(place.file.0 as usize).map_or("", |document| document.path)
    }

    pub(super) fn range(&self, place: Place) -> Range {
        let lines = self.lines.get(place.file.0 as usize);
        let text = self.files.get(place.file.0 as usize).map_or("", |document| document.text);
        let position = |byte| {
            let found = match lines {
                Some(lines) => lines.get_or_init(|| LineIndex::new(text)).position(byte),
                None => crate::text::Utf16Position::default(),
            };
            Position { line: found.line, character: found.character, offset: found.offset }
        };
        Range { start: position(place.span.start), end: position(place.span.end) }
    }
}

/// A finding with the resource that it is about.
pub(super) struct Located {
    pub(super) diagnostic: Diagnostic,
    pub(super) resource: Option<Rc<Resource>>,
}

impl From<Diagnostic> for Located {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { diagnostic, resource: None }
    }
}

pub(super) fn report(documents: &Documents, environments: &[Rc<Environment>], options: &Options) -> Report {
    let Said { located, suppressed, undecided, missing } = say(documents, environments, options, &|_| true);
    let mut undecided: Vec<Undecided> = undecided.into_iter().map(|(open, _)| open).collect();
    undecided.extend(unknown_functions(environments, options));
    let undecided: Vec<Undecided> = Set::from(undecided).into_iter().collect();
    let diagnostics: Vec<Diagnostic> = located.into_iter().map(|located| located.diagnostic).collect();
    let suppressed: Vec<Diagnostic> = suppressed.into_iter().map(|located| located.diagnostic).collect();
    let count = |severity| {
        u32::try_from(diagnostics.iter().filter(|found| found.severity == severity).count())
            .unwrap_or(u32::MAX)
    };
    let files = files(documents, environments);
    let vaults: usize = environments.iter().map(|environment| environment.model.vaults.len()).sum();
    let summary = Summary {
        files: u32::try_from(files.len()).unwrap_or(u32::MAX),
        resources: files.iter().map(|file| file.resources).sum(),
        vaults: u32::try_from(vaults).unwrap_or(u32::MAX),
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        infos: count(Severity::Info),
        undecided: u32::try_from(undecided.len()).unwrap_or(u32::MAX),
        suppressed: u32::try_from(suppressed.len()).unwrap_or(u32::MAX),
    };
    Report {
        version: VERSION,
        summary,
        files,
        diagnostics,
        suppressed,
        undecided,
        missing,
        skipped: skipped::files(documents),
        undeclared: undeclared(environments, options),
    }
}

/// The values that are for parameters which no template declares, compared without case as templates do.
fn undeclared(environments: &[Rc<Environment>], options: &Options) -> Vec<UndeclaredParameter> {
    let declared = environments.iter().flat_map(|environment| &environment.parameters).map(|name| &**name);
    let declared: Set<&str> = Set::from(declared.collect::<Vec<_>>());
    let given = options.parameter.iter().map(|(name, _)| name);
    given
        .filter(|name| !declared.iter().any(|declared| declared.eq_ignore_ascii_case(name)))
        .map(|name| UndeclaredParameter {
            name: name.clone(),
            suggestion: nearest(declared.iter().copied(), name).map(str::to_owned),
        })
        .collect()
}

/// One question for each function that is called and not known: it may be newer than this.
fn unknown_functions(environments: &[Rc<Environment>], options: &Options) -> Vec<Undecided> {
    let rule = rule_of(ProblemKind::UnresolvedReference).filter(|rule| options.runs(rule));
    let Some(rule) = rule else { return Vec::new() };
    let names = environments.iter().flat_map(|environment| &environment.unknown_functions);
    let open = |name: &String| Undecided {
        rule: rule.slug.to_owned(),
        resource: None,
        reason: shown(format!("what the function `{name}` gives, which vaultmoat does not know")),
        depends_on: vec![shown(format!("{name}()"))],
    };
    names.map(open).collect()
}

/// What there is to say of a project.
pub(super) struct Said {
    /// Findings, by file and position.
    pub(super) located: Vec<Located>,
    /// Findings that somebody answered, in the same order.
    suppressed: Vec<Located>,
    /// What is open, with the resources.
    pub(super) undecided: Vec<(Undecided, Rc<Resource>)>,
    missing: Vec<String>,
}

/// What a rule says of an environment, whoever answered it.
#[derive(Debug)]
pub(super) struct Ruling {
    pub(super) rule: &'static Rule,
    pub(super) findings: Vec<Found>,
    pub(super) undecided: Vec<(Undecided, Rc<Resource>)>,
    /// That there is more.
    limit: Option<Problem>,
}

/// A finding.
#[derive(Debug)]
pub(super) struct Found {
    place: Place,
    /// Where else a comment may answer it: where the value is written, or where the files have what stands in a plan.
    others: Vec<Place>,
    resource: Rc<Resource>,
    /// What it is about: which resources of the model, and which part of each.
    pub(super) about: Vec<(*const Resource, String)>,
    /// Whether it is reported here, and not with another part of an estate.
    owned: bool,
    pub(super) diagnostic: Diagnostic,
}

/// What the rules say about the resources that `owns` picks by their place, and by that of what brings them up.
pub(super) fn say(
    documents: &Documents,
    environments: &[Rc<Environment>],
    options: &Options,
    owns: &dyn Fn(Place) -> bool,
) -> Said {
    let places = Places::new(documents);
    let mut located = Vec::new();
    let mut undecided = Vec::new();
    let mut missing = Vec::new();
    let mut suppressions = Suppressions::read(documents, environments, options);
    let of_suppressible = |problem: &Problem, suppressions: &mut Suppressions| {
        let (slug, path) = (slug_of(problem.kind), places.path(problem.place));
        let suppression = suppressions.covers(slug, problem.place, path, None);
        Located::from(Diagnostic { suppression, ..of_problem(problem, &places) })
    };
    let mut of_problems = |problems: &[Problem], suppressions: &mut Suppressions| {
        let owned = problems.iter().filter(|problem| owns(problem.place));
        located.extend(owned.map(|problem| of_suppressible(problem, suppressions)));
    };
    // What a registry holds is nobody's to mend here.
    for file in documents.json.iter().filter(|file| !bicep::is_in_registry(file.path)) {
        of_problems(&file.problems().collect::<Vec<_>>(), &mut suppressions);
    }
    for file in &documents.bicep {
        of_problems(&file.source.problems(file.id), &mut suppressions);
    }
    for file in documents.terraform.iter().filter(|file| !terraform::is_downloaded(&file.path)) {
        of_problems(&file.problems(), &mut suppressions);
    }
    for environment in environments {
        of_problems(&environment.problems, &mut suppressions);
    }
    // Without plans nothing asks for the files.
    let has_plans = documents.paths(Language::TerraformPlan).next().is_some();
    let of_plans =
        documents.terraform.iter().filter(|file| has_plans && documents.is(file.id, Language::Terraform));
    let none = |_: &str| None;
    let files_of_plans = terraform::Files::new(of_plans, &none);
    let origins = terraform::Origins::new(&files_of_plans);
    let judge = Judge { documents, places: &places, options, origins: &origins, owns };
    let mut limits = Vec::new();
    for environment in environments {
        missing.extend(environment.missing.iter().cloned());
        let rulings = environment.rulings.get_or_init(|| judge.rulings(&environment.model));
        let mut heard = Vec::new();
        for ruling in rulings {
            let slug = ruling.rule.slug;
            limits.extend(ruling.limit.clone());
            for found in &ruling.findings {
                let mut covering =
                    |place| suppressions.covers(slug, place, places.path(place), Some(&found.resource));
                let suppression =
                    covering(found.place).or_else(|| found.others.iter().find_map(|place| covering(*place)));
                heard.push(Heard::new(ruling.rule, found, suppression));
            }
            let elsewhere = yields::opens_elsewhere(rulings, ruling.rule);
            let is_own = |open: &Undecided| !elsewhere.contains(&yields::question(open));
            for (open, resource) in ruling.undecided.iter().filter(|(open, _)| is_own(open)) {
                suppressions.may_cover(slug, resource, places.path(resource.place));
                undecided.push((open.clone(), Rc::clone(resource)));
            }
        }
        yields::settle(&mut heard, options);
        located.extend(heard.into_iter().filter(|heard| heard.found.owned && !heard.is_replaced).map(
            |heard| {
                let Heard { found, suppression, severity, .. } = heard;
                let diagnostic = Diagnostic { suppression, severity, ..found.diagnostic.clone() };
                Located { diagnostic, resource: Some(Rc::clone(&found.resource)) }
            },
        ));
    }
    located.extend(limits.iter().map(|limit| of_suppressible(limit, &mut suppressions)));
    located.extend(suppressions.unused().map(|(entry, (file, range))| {
        let mut what = match entry.resource.as_str() {
            ANY => String::new(),
            address => format!(" in `{address}`"),
        };
        what.extend(entry.file.as_ref().map(|pattern| format!(" in files `{pattern}`")));
        let message = format!("`{}` finds nothing{what}", entry.rule);
        of_text(ProblemKind::UnusedSuppression, message, file.clone(), *range).into()
    }));
    located.extend(suppressions.problems().iter().map(|problem| of_problem(problem, &places).into()));
    let is_wanted = |diagnostic: &mut Diagnostic| {
        let setting = options.rules.get(&diagnostic.rule);
        match setting.and_then(|setting| setting.level) {
            Some(Level::Off) => return false,
            Some(Level::As(severity)) => diagnostic.severity = severity,
            None => {}
        }
        true
    };
    located.retain_mut(|located| is_wanted(&mut located.diagnostic));
    sort_by(&mut located, |a, b| {
        let (a, b) = (&a.diagnostic, &b.diagnostic);
        let places = |found: &Diagnostic| -> Vec<(String, Range)> {
            found.related.iter().map(|related| (related.file.clone(), related.range)).collect()
        };
        let by_finding =
            (&a.file, a.range, &a.rule, &a.message).cmp(&(&b.file, b.range, &b.rule, &b.message));
        // Of equal ones the first stays: what somebody answered in one run only is open.
        by_finding
            .then_with(|| places(a).cmp(&places(b)))
            .then(a.suppression.is_some().cmp(&b.suppression.is_some()))
    });
    located.dedup_by(|a, b| {
        let (a, b) = (&a.diagnostic, &b.diagnostic);
        let is_same = a.rule == b.rule && a.file == b.file && a.range == b.range && a.message == b.message;
        is_same && a.related == b.related
    });
    leave_out(&mut located, &is_wanted);
    let (suppressed, located) =
        located.into_iter().partition(|located| located.diagnostic.suppression.is_some());
    Said { located, suppressed, undecided, missing: Set::from(missing).into_iter().collect() }
}

/// Of what is said of the text itself, by one rule, only so much is of use; the next finding says that there are more.
fn leave_out(located: &mut Vec<Located>, is_wanted: &dyn Fn(&mut Diagnostic) -> bool) {
    let mut counts: HashMap<&'static str, usize> = HashMap::new();
    located.retain_mut(|Located { diagnostic, resource }| {
        let rule = RULES.iter().find(|rule| resource.is_none() && rule.slug == diagnostic.rule);
        let Some(rule) = rule else { return true };
        let count = counts.entry(rule.slug).or_default();
        *count += 1;
        if *count != MAX_FINDINGS + 1 {
            return *count <= MAX_FINDINGS;
        }
        let (file, range) = (diagnostic.file.clone(), diagnostic.range);
        *diagnostic = of_text(ProblemKind::EvaluationLimit, more_than(rule), file, range);
        is_wanted(diagnostic)
    });
}

/// Runs the rules.
struct Judge<'d, 't> {
    documents: &'d Documents<'t>,
    places: &'d Places<'d>,
    options: &'d Options,
    origins: &'d terraform::Origins<'d>,
    owns: &'d dyn Fn(Place) -> bool,
}

impl Judge<'_, '_> {
    fn rulings(&self, model: &Model) -> Vec<Ruling> {
        let origin = |place: Place| {
            let is_plan = self.documents.is(place.file, Language::TerraformPlan);
            self.origins.of(self.documents.tree(place.file).filter(|_| is_plan)?, place)
        };
        // Many rules speak of the same resource.
        let known = RefCell::<HashMap<*const Resource, Rc<Resource>>>::default();
        let shared = |resource: &Resource| {
            let mut known = known.borrow_mut();
            Rc::clone(known.entry(std::ptr::from_ref(resource)).or_insert_with(|| Rc::new(resource.clone())))
        };
        let run = |rule: &&'static Rule| {
            // A rule that was turned on by name runs as in its profile.
            let profile = self.options.profile.max(rule.profile);
            let said = Context::run(rule, model, profile, self.options.setting(rule));
            let limit = limit(rule, &said);
            let owned =
                |resource: &Resource, cause: Option<&Resource>| (self.owns)(cause.unwrap_or(resource).place);
            let found = |finding: &Finding| {
                let origin = origin(finding.place);
                let stand = stand(rule, finding, self.documents);
                let mut diagnostic = of_finding(rule, finding, &stand, self.documents, self.places);
                let written = |place| related(place, "written here".to_owned(), self.places);
                diagnostic.related.splice(0..0, origin.map(written));
                let mut about: Vec<_> =
                    finding.about.iter().map(|(of, part)| (std::ptr::from_ref(*of), part.clone())).collect();
                if about.is_empty() {
                    about.push((std::ptr::from_ref(finding.resource), String::new()));
                }
                let owned = owned(finding.resource, finding.cause);
                let resource = shared(finding.resource);
                let others = stand.related.iter().map(|(place, _)| *place).chain(origin).collect();
                Found { place: stand.place, others, resource, about, owned, diagnostic }
            };
            // What is reported with another part of an estate may replace what is reported here.
            let counts = |of: &&Finding| yields::replaces(rule) || owned(of.resource, of.cause);
            let open = |open: &rules::Undecided| {
                let undecided = Undecided {
                    rule: rule.slug.to_owned(),
                    resource: Some(resource_ref(open.resource)),
                    reason: in_own_words(&open.reason, open.resource, open.resource.place, self.documents),
                    depends_on: open.depends.names().map(|name| shown(name.to_owned())).collect(),
                };
                (undecided, shared(open.resource))
            };
            Ruling {
                rule,
                findings: said.findings.iter().filter(counts).map(found).collect(),
                undecided: said
                    .undecided
                    .iter()
                    .filter(|of| owned(of.resource, of.cause))
                    .map(open)
                    .collect(),
                limit,
            }
        };
        RULES.iter().filter(|rule| self.options.runs(rule)).map(run).collect()
    }
}

/// That a rule had more to say than is reported, at the last place where it does.
fn limit(rule: &Rule, said: &rules::Said) -> Option<Problem> {
    let resource = said.undecided.last().map(|open| open.resource.place);
    let place = said.findings.last().map(|finding| finding.place).or(resource).filter(|_| said.left_out)?;
    Some(Problem::new(place, ProblemKind::EvaluationLimit, more_than(rule)))
}

fn more_than(rule: &Rule) -> String {
    format!("`{}` has more than {MAX_FINDINGS} findings or open questions; the rest is left out", rule.slug)
}

fn files(documents: &Documents, environments: &[Rc<Environment>]) -> Vec<FileReport> {
    let mut counts = vec![0u32; documents.files.len()];
    for file in environments.iter().flat_map(|environment| &environment.found) {
        if let Some(count) = counts.get_mut(file.0 as usize) {
            *count += 1;
        }
    }
    documents
        .files
        .iter()
        .zip(counts)
        .map(|(document, resources)| FileReport {
            path: document.path.to_owned(),
            language: document.language.map_or("other", Language::name).to_owned(),
            resources,
        })
        .collect()
}

/// The rule that speaks for a kind of problem.
fn rule_of(kind: ProblemKind) -> Option<&'static Rule> {
    RULES.iter().find(|rule| matches!(rule.check, Check::Text(of, _) if of == kind)).copied()
}

fn slug_of(kind: ProblemKind) -> &'static str {
    rule_of(kind).map_or("syntax", |rule| rule.slug)
}

fn of_problem(problem: &Problem, places: &Places) -> Diagnostic {
    let (file, range) = (places.path(problem.place).to_owned(), places.range(problem.place));
    let diagnostic =
        of_text(problem.kind, with_defaults(&problem.message, &problem.assumed, "parameter"), file, range);
    let confidence = if problem.assumed.is_empty() { Confidence::Certain } else { Confidence::Likely };
    Diagnostic { confidence, ..diagnostic }
}

fn of_text(kind: ProblemKind, message: String, file: String, range: Range) -> Diagnostic {
    let (slug, severity, help) = match rule_of(kind) {
        Some(Rule { slug, severity, check: Check::Text(_, help), .. }) => (*slug, *severity, *help),
        _ => ("syntax", Severity::Error, ""),
    };
    Diagnostic {
        rule: slug.to_owned(),
        severity,
        confidence: Confidence::Certain,
        message: shown(message),
        help: help.to_owned(),
        file,
        range,
        resource: None,
        related: Vec::new(),
        fixes: Vec::new(),
        facts: Vec::new(),
        url: rules::url(slug),
        suppression: None,
    }
}

/// Where a finding is reported, and what else is shown of its value.
struct Stand {
    place: Place,
    related: Vec<(Place, &'static str)>,
}

/// Where a finding is reported: at what its reader can change, inside of the resource that it is about or in the argument
/// of the module that has it. Text that is itself at fault is reported where it stands.
fn stand(rule: &Rule, finding: &Finding, documents: &Documents) -> Stand {
    let (written, resource) = (finding.place, finding.resource);
    let Some(used) = finding.used.as_deref().filter(|_| !resource.place.contains(written)) else {
        return Stand { place: written, related: Vec::new() };
    };
    // A part that another file adds to the resource is used nowhere else.
    let in_resource = Some(used.at).filter(|at| resource.place.contains(*at) && *at != resource.place);
    let is_own = |place: &Place| {
        documents.get(place.file).is_some_and(|document| {
            !terraform::is_downloaded(document.path) && !bicep::is_in_registry(document.path)
        })
    };
    let place = match used.passed.or(in_resource).filter(is_own) {
        Some(place) if !rule.is_about_text() => place,
        _ => written,
    };
    let comes_from = (!place.contains(written)).then_some((written, "the value comes from here"));
    let is_used = in_resource.filter(|at| *at != place).map(|at| (at, "the value is used here"));
    let known = |place: &Place| finding.related.iter().any(|(known, _)| known == place);
    let related = comes_from.into_iter().chain(is_used).filter(|(place, _)| !known(place));
    Stand { place, related: related.collect() }
}

fn of_finding(
    rule: &Rule,
    finding: &Finding,
    stand: &Stand,
    documents: &Documents,
    places: &Places,
) -> Diagnostic {
    let worded = |text: &str| in_own_words(text, finding.resource, finding.place, documents);
    let of_fix = |fix: &rules::Fix| {
        let edits = edits(&fix.changes, documents, places)?;
        Some(Fix { title: worded(&fix.title), applicability: fix.applicability, edits })
    };
    Diagnostic {
        rule: rule.slug.to_owned(),
        severity: finding.severity.unwrap_or(rule.severity),
        confidence: match finding.assumed.is_empty() && !finding.likely {
            true => Confidence::Certain,
            false => Confidence::Likely,
        },
        message: worded(&with_assumptions(finding)),
        help: worded(&finding.help),
        file: places.path(stand.place).to_owned(),
        range: places.range(stand.place),
        resource: Some(resource_ref(finding.resource)),
        related: stand
            .related
            .iter()
            .map(|(place, message)| related(*place, (*message).to_owned(), places))
            .chain(finding.related.iter().map(|(place, message)| related(*place, worded(message), places)))
            .collect(),
        fixes: finding.fixes.iter().filter_map(of_fix).collect(),
        facts: rule.facts.iter().map(|fact| (*fact).to_owned()).collect(),
        url: rules::url(rule.slug),
        suppression: None,
    }
}

/// A text about a resource in the words of its provider, or of the language that it stands in.
pub(super) fn in_own_words(text: &str, resource: &Resource, place: Place, documents: &Documents) -> String {
    shown(match &resource.provider {
        Some(provider) => terraform::in_own_words(text, &provider.kind),
        None if documents.bicep(place.file).is_some() => bicep::in_own_words(text),
        None => text.to_owned(),
    })
}

fn related(place: Place, message: String, places: &Places) -> Related {
    Related { message, file: places.path(place).to_owned(), range: places.range(place) }
}

/// Bytes of one text in a report.
const MAX_SHOWN: usize = 2000;

pub(super) fn shown(text: String) -> String {
    shortened(text, MAX_SHOWN)
}

/// Of what is said of a resource that is new, and need not be so of one that exists.
const WHERE_CREATED: &str = " (where it is created; one that exists keeps its settings)";

/// The message of a finding; one that rests on defaults says so, by name.
fn with_assumptions(finding: &Finding) -> String {
    let Finding { message, assumed, resource, .. } = finding;
    with_defaults(message, assumed, if resource.provider.is_some() { "variable" } else { "parameter" })
}

fn with_defaults(message: &str, assumed: &Assumed, noun: &str) -> String {
    let names: Vec<String> = assumed.names().map(|name| format!("`{name}`")).collect();
    let defaults = match names.as_slice() {
        [] => String::new(),
        [one] => format!(" (with the default of {noun} {one})"),
        _ => format!(" (with the default of {noun}s {})", names.join(", ")),
    };
    format!("{message}{defaults}{}", if assumed.is_created() { WHERE_CREATED } else { "" })
}

/// Changes as text edits; nothing when one of them cannot be made in the text.
pub(super) fn edits(changes: &[Change], documents: &Documents, places: &Places) -> Option<Vec<TextEdit>> {
    let mut changes: Vec<&Change> = changes.iter().collect();
    sort_by(&mut changes, |a, b| a.place().file.cmp(&b.place().file));
    let mut edits = Vec::new();
    for changes in changes.chunk_by(|a, b| a.place().file == b.place().file) {
        let place = changes.first()?.place();
        let id = place.file;
        let rendered = match documents.language(id)? {
            Language::Arm | Language::ArmParameters => arm::render(documents.tree_at(place)?, changes)?,
            Language::Bicep | Language::BicepParameters => bicep::render(documents.bicep(id)?, changes)?,
            Language::Terraform | Language::TerraformVariables => {
                terraform::render(documents.terraform(id)?, &documents.terraform, changes)?
            }
            // What Azure or Terraform prints is a copy: changing it changes nothing.
            Language::AzureJson | Language::TerraformPlan => return None,
        };
        edits.extend(rendered.into_iter().map(|edit| TextEdit {
            file: places.path(edit.place).to_owned(),
            range: places.range(edit.place),
            text: edit.text,
        }));
    }
    (!edits.is_empty()).then_some(edits)
}

pub(super) fn resource_ref(resource: &Resource) -> ResourceRef {
    ResourceRef {
        kind: resource.kind.to_string(),
        name: shown(resource.name.display()),
        address: resource.address.clone(),
    }
}
