//! Runs the rules and builds the report: findings, suppressed findings, and questions that the rules could not decide.

mod fix;
mod ignore;
mod problems;
mod runner;
mod skipped;
mod suppress;
mod yields;

pub(crate) use fix::edits;
pub use skipped::names_vault;

use crate::eval::evaluator::function_names;
use crate::input::Environment;
use crate::lang::{Documents, Language, Problem, ProblemKind, Resource, is_foreign, origins};
use crate::options::{ANY, Options};
use crate::render::{Places, shown};
use crate::report::{
    Diagnostic, FileReport, Range, Report, Severity, Summary, Undecided, UndeclaredParameter, VERSION,
};
use crate::rules::{Level, MAX_FINDINGS, RULES};
use crate::sorted::{Set, sort_by};
use crate::text::{Place, nearest};
use problems::{more_than, of_problem, of_text, rule_of, slug_of};
pub(crate) use runner::Results;
use runner::Runner;
use std::collections::HashMap;
use std::rc::Rc;
use suppress::Suppressions;
use yields::Reported;

/// A finding with the resource that it is about.
pub(crate) struct ReportedFinding {
    pub(crate) diagnostic: Diagnostic,
    pub(crate) resource: Option<Rc<Resource>>,
}

impl From<Diagnostic> for ReportedFinding {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { diagnostic, resource: None }
    }
}

/// Runs every rule that the options ask for.
pub(crate) fn report(
    documents: &Documents,
    environments: &[Rc<Environment>],
    options: &Options,
    known: &Results,
) -> Report {
    let Findings { findings, suppressed, undecided, missing } =
        evaluate(documents, environments, options, known, &|_| true);
    let mut undecided: Vec<Undecided> = undecided.into_iter().map(|(open, _)| open).collect();
    undecided.extend(unknown_functions(environments, options));
    let undecided: Vec<Undecided> = Set::from(undecided).into_iter().collect();
    let diagnostics: Vec<Diagnostic> = findings.into_iter().map(|finding| finding.diagnostic).collect();
    let suppressed: Vec<Diagnostic> = suppressed.into_iter().map(|finding| finding.diagnostic).collect();
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

/// Values in the options for parameters that no template declares. Names are compared without case, as in templates.
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

/// An open question for each unknown function that is called: it may be newer than vaultmoat, or misspelt.
fn unknown_functions(environments: &[Rc<Environment>], options: &Options) -> Vec<Undecided> {
    let rule = rule_of(ProblemKind::UnresolvedReference).filter(|rule| options.runs(rule));
    let Some(rule) = rule else { return Vec::new() };
    let names = environments.iter().flat_map(|environment| &environment.unknown_functions);
    let open = |name: &String| {
        let hint = nearest(function_names(), name).map(|known| format!("; did you mean `{known}`?"));
        let hint = hint.unwrap_or_default();
        Undecided {
            rule: rule.slug.to_owned(),
            resource: None,
            reason: shown(format!("the result of function `{name}`, which vaultmoat does not know{hint}")),
            depends_on: vec![shown(format!("{name}()"))],
        }
    };
    names.map(open).collect()
}

/// The result of the rules, and the problems in the text itself.
pub(crate) struct Findings {
    /// Sorted by file and position.
    pub(crate) findings: Vec<ReportedFinding>,
    /// Suppressed findings, in the same order.
    suppressed: Vec<ReportedFinding>,
    /// Open questions, each with the resource that it is about.
    pub(crate) undecided: Vec<(Undecided, Rc<Resource>)>,
    missing: Vec<String>,
}

/// Runs the rules. `owns` selects the resources whose findings are reported, by the place of the resource or of the one
/// that causes the finding.
pub(crate) fn evaluate(
    documents: &Documents,
    environments: &[Rc<Environment>],
    options: &Options,
    known: &Results,
    owns: &dyn Fn(Place) -> bool,
) -> Findings {
    let places = Places::new(documents);
    let mut findings = Vec::new();
    let mut undecided = Vec::new();
    let mut missing = Vec::new();
    let mut suppressions = Suppressions::read(documents, environments, options);
    let of_suppressible = |problem: &Problem, suppressions: &mut Suppressions| {
        let (slug, path) = (slug_of(problem.kind), places.path(problem.place));
        let suppression = suppressions.covers(slug, problem.place, path, None);
        ReportedFinding::from(Diagnostic { suppression, ..of_problem(problem, &places) })
    };
    let mut of_problems = |problems: &[Problem], suppressions: &mut Suppressions| {
        let owned = problems.iter().filter(|problem| owns(problem.place));
        findings.extend(owned.map(|problem| of_suppressible(problem, suppressions)));
    };
    // Registry modules are left out: the author of the files cannot change them.
    for document in documents.all().iter().filter(|document| !is_foreign(document.path)) {
        if let Some(language) = document.language {
            of_problems(&language.frontend().problems(document), &mut suppressions);
        }
    }
    for environment in environments {
        of_problems(&environment.problems, &mut suppressions);
    }
    let origin = origins(documents);
    let runner = Runner { documents, places: &places, options, origin: &origin, owns };
    known.tidy();
    let mut limits = Vec::new();
    for environment in environments {
        missing.extend(environment.missing.iter().cloned());
        let results = known.of(environment, || runner.results(&environment.model));
        let mut reported = Vec::new();
        for result in results.iter() {
            let slug = result.rule.slug;
            limits.extend(result.limit.clone());
            for found in &result.findings {
                let mut covering =
                    |place| suppressions.covers(slug, place, places.path(place), Some(&found.resource));
                let suppression =
                    covering(found.place).or_else(|| found.others.iter().find_map(|place| covering(*place)));
                reported.push(Reported::new(result.rule, found, suppression));
            }
            let elsewhere = yields::opens_elsewhere(&results, result.rule);
            let is_own = |open: &&(Undecided, Rc<Resource>)| !elsewhere.contains(&yields::question(open));
            for (open, resource) in result.undecided.iter().filter(is_own) {
                suppressions.may_cover(slug, resource, places.path(resource.place));
                undecided.push((open.clone(), Rc::clone(resource)));
            }
        }
        yields::settle(&mut reported, options);
        findings.extend(
            reported.into_iter().filter(|reported| reported.found.owned && !reported.is_replaced).map(
                |reported| {
                    let Reported { found, suppression, severity, .. } = reported;
                    let diagnostic = Diagnostic { suppression, severity, ..found.diagnostic.clone() };
                    ReportedFinding { diagnostic, resource: Some(Rc::clone(&found.resource)) }
                },
            ),
        );
    }
    findings.extend(limits.iter().map(|limit| of_suppressible(limit, &mut suppressions)));
    findings.extend(suppressions.unused().map(|(entry, (file, range))| {
        let mut what = match entry.resource.as_str() {
            ANY => String::new(),
            address => format!(" in `{address}`"),
        };
        what.extend(entry.file.as_ref().map(|pattern| format!(" in files `{pattern}`")));
        let message = format!("`{}` finds nothing{what}", entry.rule);
        of_text(ProblemKind::UnusedSuppression, message, file.clone(), *range).into()
    }));
    findings.extend(suppressions.problems().iter().map(|problem| of_problem(problem, &places).into()));
    let is_wanted = |diagnostic: &mut Diagnostic| {
        let setting = options.rules.get(&diagnostic.rule);
        match setting.and_then(|setting| setting.level) {
            Some(Level::Off) => return false,
            Some(Level::As(severity)) => diagnostic.severity = severity,
            None => {}
        }
        true
    };
    findings.retain_mut(|finding| is_wanted(&mut finding.diagnostic));
    sort_by(&mut findings, |a, b| {
        let (a, b) = (&a.diagnostic, &b.diagnostic);
        let places = |found: &Diagnostic| -> Vec<(String, Range)> {
            found.related.iter().map(|related| (related.file.clone(), related.range)).collect()
        };
        let by_finding =
            (&a.file, a.range, &a.rule, &a.message).cmp(&(&b.file, b.range, &b.rule, &b.message));
        // Of equal findings the first is kept. A finding that is suppressed in only one run is reported as not
        // suppressed.
        by_finding
            .then_with(|| places(a).cmp(&places(b)))
            .then(a.suppression.is_some().cmp(&b.suppression.is_some()))
    });
    findings.dedup_by(|a, b| {
        let (a, b) = (&a.diagnostic, &b.diagnostic);
        let is_same = a.rule == b.rule && a.file == b.file && a.range == b.range && a.message == b.message;
        is_same && a.related == b.related
    });
    leave_out(&mut findings, &is_wanted);
    let (suppressed, findings) =
        findings.into_iter().partition(|finding| finding.diagnostic.suppression.is_some());
    Findings { findings, suppressed, undecided, missing: Set::from(missing).into_iter().collect() }
}

/// Limits the findings of a rule about the text itself to [`MAX_FINDINGS`] and replaces the next one by a note that
/// there are more: one wrong character can cause thousands.
fn leave_out(findings: &mut Vec<ReportedFinding>, is_wanted: &dyn Fn(&mut Diagnostic) -> bool) {
    let mut counts: HashMap<&'static str, usize> = HashMap::new();
    findings.retain_mut(|ReportedFinding { diagnostic, resource }| {
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

fn files(documents: &Documents, environments: &[Rc<Environment>]) -> Vec<FileReport> {
    let mut counts = vec![0u32; documents.all().len()];
    for file in environments.iter().flat_map(|environment| &environment.found) {
        if let Some(count) = counts.get_mut(file.0 as usize) {
            *count += 1;
        }
    }
    documents
        .all()
        .iter()
        .zip(counts)
        .map(|(document, resources)| FileReport {
            path: document.path.to_owned(),
            language: document.language.map_or("other", Language::name).to_owned(),
            resources,
        })
        .collect()
}
