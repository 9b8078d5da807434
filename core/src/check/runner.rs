//! Runs the rules over an environment.

use super::problems::{more_than, with_defaults};
use super::yields;
use crate::input::Environment;
use crate::lang::{Documents, Problem, ProblemKind, Resource, is_foreign};
use crate::model::Model;
use crate::options::Options;
use crate::render::{Places, edits, in_own_words, related, resource_ref, shown};
use crate::report::{Confidence, Diagnostic, Fix, Undecided};
use crate::rules::{self, Context, Finding, RULES, Rule};
use crate::text::Place;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::{Rc, Weak};

/// The results of the rules by environment, from the last check. An environment that did not change is the same object,
/// so its results are reused.
#[derive(Debug, Default)]
pub(crate) struct Results(RefCell<HashMap<*const Environment, Known>>);

/// While the weak reference exists, the address is not reused for another environment.
type Known = (Weak<Environment>, Rc<[RenderedResult]>);

impl Results {
    /// Removes the results of environments that no longer exist.
    pub(super) fn tidy(&self) {
        self.0.borrow_mut().retain(|_, (environment, _)| environment.strong_count() > 0);
    }

    /// The kept results of an environment, or those of `run`, which are then kept.
    pub(super) fn of(
        &self,
        environment: &Rc<Environment>,
        run: impl FnOnce() -> Vec<RenderedResult>,
    ) -> Rc<[RenderedResult]> {
        let address = Rc::as_ptr(environment);
        let known = self.0.borrow().get(&address).map(|(_, results)| Rc::clone(results));
        known.unwrap_or_else(|| {
            let results: Rc<[RenderedResult]> = run().into();
            self.0.borrow_mut().insert(address, (Rc::downgrade(environment), Rc::clone(&results)));
            results
        })
    }
}

/// The result of a rule in an environment, before suppressions.
#[derive(Debug)]
pub(super) struct RenderedResult {
    pub(super) rule: &'static Rule,
    pub(super) findings: Vec<RenderedFinding>,
    pub(super) undecided: Vec<(Undecided, Rc<Resource>)>,
    /// Set if the rule had more findings than the limit.
    pub(super) limit: Option<Problem>,
}

/// A finding as it will be reported.
#[derive(Debug)]
pub(super) struct RenderedFinding {
    pub(super) place: Place,
    /// Further places where a comment can suppress it: the value's origin, or the Terraform file behind a plan.
    pub(super) others: Vec<Place>,
    pub(super) resource: Rc<Resource>,
    /// The resources that it is about, each with the part of the resource.
    pub(super) about: Vec<(*const Resource, String)>,
    /// Whether this batch of a streamed export reports it, and not another batch.
    pub(super) owned: bool,
    pub(super) diagnostic: Diagnostic,
}

/// What the rules need beside the model.
pub(super) struct Runner<'r, 'd, 't> {
    pub(super) documents: &'d Documents<'t>,
    pub(super) places: &'r Places<'d>,
    pub(super) options: &'r Options,
    /// Finds where something that a copy shows is written.
    pub(super) origin: &'r dyn Fn(Place) -> Option<Place>,
    pub(super) owns: &'r dyn Fn(Place) -> bool,
}

impl Runner<'_, '_, '_> {
    pub(super) fn results(&self, model: &Model) -> Vec<RenderedResult> {
        // Many rules report the same resource, which is cloned once.
        let known = RefCell::<HashMap<*const Resource, Rc<Resource>>>::default();
        let shared = |resource: &Resource| {
            let mut known = known.borrow_mut();
            Rc::clone(known.entry(std::ptr::from_ref(resource)).or_insert_with(|| Rc::new(resource.clone())))
        };
        let run = |rule: &&'static Rule| {
            // A rule that the options turn on runs as in its own profile.
            let profile = self.options.profile.max(rule.profile);
            let result = Context::run(rule, model, profile, self.options.setting(rule));
            let limit = limit(rule, &result);
            let owned =
                |resource: &Resource, cause: Option<&Resource>| (self.owns)(cause.unwrap_or(resource).place);
            let found = |finding: &Finding| {
                let origin = (self.origin)(finding.place);
                let location = location(rule, finding, self.documents);
                let mut diagnostic = of_finding(rule, finding, &location, self.documents, self.places);
                let written = |place| related(place, "written here".to_owned(), self.places);
                diagnostic.related.splice(0..0, origin.map(written));
                let mut about: Vec<_> =
                    finding.about.iter().map(|(of, part)| (std::ptr::from_ref(*of), part.clone())).collect();
                if about.is_empty() {
                    about.push((std::ptr::from_ref(finding.resource), String::new()));
                }
                let owned = owned(finding.resource, finding.cause);
                let resource = shared(finding.resource);
                let others = location.related.iter().map(|(place, _)| *place).chain(origin).collect();
                RenderedFinding { place: location.place, others, resource, about, owned, diagnostic }
            };
            // A finding that another batch reports may replace one of this batch.
            let counts = |of: &&Finding| yields::replaces(rule) || owned(of.resource, of.cause);
            let open = |open: &rules::OpenQuestion| {
                let undecided = Undecided {
                    rule: rule.slug.to_owned(),
                    resource: Some(resource_ref(open.resource)),
                    reason: in_own_words(&open.reason, open.resource, open.resource.place, self.documents),
                    depends_on: open.depends.names().map(|name| shown(name.to_owned())).collect(),
                };
                (undecided, shared(open.resource))
            };
            RenderedResult {
                rule,
                findings: result.findings.iter().filter(counts).map(found).collect(),
                undecided: result
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

/// A problem if a rule has more findings than are reported, at the place of the last one.
fn limit(rule: &Rule, result: &rules::RuleResult) -> Option<Problem> {
    let resource = result.undecided.last().map(|open| open.resource.place);
    let place =
        result.findings.last().map(|finding| finding.place).or(resource).filter(|_| result.left_out)?;
    Some(Problem::new(place, ProblemKind::EvaluationLimit, more_than(rule)))
}

/// The place at which a finding is reported, and the other places of its value.
struct Location {
    place: Place,
    related: Vec<(Place, &'static str)>,
}

/// Where a finding is reported: at the text that the reader can change, inside the resource that it is about or in the
/// argument of the module that contains the resource. A finding about the text itself is reported where that is
/// written.
fn location(rule: &Rule, finding: &Finding, documents: &Documents) -> Location {
    let (written, resource) = (finding.place, finding.resource);
    let Some(used) = finding.used.as_deref().filter(|_| !resource.place.contains(written)) else {
        return Location { place: written, related: Vec::new() };
    };
    // A part of the resource that another file adds is used only there.
    let in_resource = Some(used.at).filter(|at| resource.place.contains(*at) && *at != resource.place);
    let is_own = |place: &Place| documents.get(place.file).is_some_and(|document| !is_foreign(document.path));
    let place = match used.passed.or(in_resource).filter(is_own) {
        Some(place) if !rule.is_about_text() => place,
        _ => written,
    };
    let comes_from = (!place.contains(written)).then_some((written, "the value comes from here"));
    let is_used = in_resource.filter(|at| *at != place).map(|at| (at, "the value is used here"));
    let known = |place: &Place| finding.related.iter().any(|(known, _)| known == place);
    let related = comes_from.into_iter().chain(is_used).filter(|(place, _)| !known(place));
    Location { place, related: related.collect() }
}

fn of_finding(
    rule: &Rule,
    finding: &Finding,
    location: &Location,
    documents: &Documents,
    places: &Places,
) -> Diagnostic {
    let worded = |text: &str| in_own_words(text, finding.resource, finding.place, documents);
    let of_fix = |fix: &rules::OfferedFix| {
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
        file: places.path(location.place).to_owned(),
        range: places.range(location.place),
        resource: Some(resource_ref(finding.resource)),
        related: location
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

/// The message of a finding, with the names of the defaults that it rests on.
fn with_assumptions(finding: &Finding) -> String {
    let Finding { message, assumed, resource, .. } = finding;
    with_defaults(message, assumed, if resource.provider.is_some() { "variable" } else { "parameter" })
}
