//! What a rule reads, and how it reports.

use super::{Applicability, Profile, Rule, RuleSetting, Severity};
use crate::azure::Cloud;
use crate::azure::Feature;
use crate::eval::{Assumptions, Truth, Unknowns, Used, Value};
use crate::lang::{Change, Resource};
use crate::model::{
    Association, Consumer, DiagnosticSetting, ForwardingRule, Model, Network, PrivateEndpoint, Record,
    RoleAssignment, Subnet, SubnetRule, Vault, Zone, ZoneGroup, ZoneLink, is_deployed,
};
use crate::text::Place;
use std::rc::Rc;

/// The most findings, and the most undecided entries, of one rule in one environment: a report with more is not read.
pub const MAX_FINDINGS: usize = 5_000;

/// The model that a rule reads, and the findings that it reports.
#[derive(Debug)]
pub struct Context<'m> {
    /// The environment that is checked.
    pub model: &'m Model,
    /// The cloud that the environment is deployed to.
    pub cloud: Cloud,
    /// The profile; some rules report more in `strict`.
    pub profile: Profile,
    /// The rule's own setting in the configuration.
    pub setting: RuleSetting,
    findings: Vec<Finding<'m>>,
    undecided: Vec<OpenQuestion<'m>>,
    left_out: bool,
}

/// The result of one rule for one environment.
#[derive(Debug)]
pub struct RuleResult<'m> {
    /// At most [`MAX_FINDINGS`].
    pub findings: Vec<Finding<'m>>,
    /// At most [`MAX_FINDINGS`].
    pub undecided: Vec<OpenQuestion<'m>>,
    /// Whether there was more of either than [`MAX_FINDINGS`].
    pub left_out: bool,
}

/// A finding.
#[derive(Debug)]
pub struct Finding<'m> {
    /// The severity, if it is lower than the rule's.
    pub severity: Option<Severity>,
    /// The parameters whose defaults it rests on.
    pub assumed: Assumptions,
    /// Whether it is likely without resting on a default, because something outside of the files could make it wrong.
    pub likely: bool,
    /// Place of the value that is wrong.
    pub place: Place,
    /// Place where that value is used, if it is written elsewhere.
    pub used: Option<Rc<Used>>,
    /// What is wrong, in one line.
    pub message: String,
    /// Why it matters and what to do.
    pub help: String,
    /// The resource that it is about, which is where `check` counts it.
    pub resource: &'m Resource,
    /// The resource that causes it, if that is another one: `check --stream` reports it in the batch of that resource.
    pub cause: Option<&'m Resource>,
    /// What [`Rule::yields_to`] compares: resources, each with a word for a part of it. If empty, [`Finding::resource`] as a
    /// whole.
    pub about: Vec<(&'m Resource, String)>,
    /// Other places, each with what it shows.
    pub related: Vec<(Place, String)>,
    /// Changes, each of which removes it.
    pub fixes: Vec<OfferedFix>,
}

/// A rule that could not be decided.
#[derive(Debug)]
pub struct OpenQuestion<'m> {
    /// The resource that the rule is about.
    pub resource: &'m Resource,
    /// As [`Finding::cause`].
    pub cause: Option<&'m Resource>,
    /// What is not determined: `whether …`.
    pub reason: String,
    /// The parameters and expressions that would decide it.
    pub depends: Unknowns,
}

/// A change of the model that removes a finding.
#[derive(Clone, Debug)]
pub struct OfferedFix {
    /// What it does, in the imperative.
    pub title: String,
    /// Whether it can be applied without review.
    pub applicability: Applicability,
    /// A fix is offered where the language can write all of these as text edits.
    pub changes: Vec<Change>,
}

/// For each list of the model, the resources in it that the files declare, each with whether it is deployed: a rule that
/// does not say what it makes of that cannot be written.
macro_rules! declared {
    ($($list:ident: $type:ty,)*) => {$(
        #[doc = concat!("Those of `Model::", stringify!($list), "` that the files declare, each with whether it is deployed.")]
        pub fn $list(&self) -> impl Iterator<Item = (&'m $type, Truth)> + use<'m> {
            let declared = self.model.$list.iter().filter(|one| !one.resource.referenced);
            declared.map(|one| (one, is_deployed(&one.resource)))
        }
    )*};
}

impl<'m> Context<'m> {
    /// Runs one rule.
    pub fn run(
        rule: &'static Rule,
        model: &'m Model,
        profile: Profile,
        setting: RuleSetting,
    ) -> RuleResult<'m> {
        let (findings, undecided) = (Vec::new(), Vec::new());
        let cloud = model.clouds.first();
        let mut context = Self { model, cloud, profile, setting, findings, undecided, left_out: false };
        if let super::Check::Model(check) = rule.check {
            check(&mut context);
        }
        let Self { findings, undecided, left_out, .. } = context;
        RuleResult { findings, undecided, left_out }
    }

    /// The vaults and HSMs that the files declare. Whether they are deployed does not matter for what is wrong with them.
    pub fn vaults(&self) -> impl Iterator<Item = &'m Vault> + use<'m> {
        self.model.vaults.iter().filter(|vault| !vault.resource.referenced)
    }

    /// Every vault, also those that the files only refer to: what rests on the settings of these is open.
    pub fn all_vaults(&self) -> impl Iterator<Item = &'m Vault> + use<'m> {
        self.model.vaults.iter()
    }

    /// The vaults that a template deploys: no HSMs, and none that Azure's own JSON shows as they are.
    pub fn templated_vaults(&self) -> impl Iterator<Item = &'m Vault> + use<'m> {
        self.vaults().filter(|vault| vault.has(Feature::DeletionSettings) && !vault.resource.is_shown())
    }

    declared! {
        endpoints: PrivateEndpoint, zones: Zone, zone_links: ZoneLink, zone_groups: ZoneGroup, records: Record,
        forwarding_rules: ForwardingRule, networks: Network, subnets: Subnet, consumers: Consumer,
        associations: Association, role_assignments: RoleAssignment, diagnostic_settings: DiagnosticSetting,
    }

    /// The resources of a type without a list of its own that the files declare, each with whether it is deployed.
    pub fn others(&self, kind: &'static str) -> impl Iterator<Item = (&'m Resource, Truth)> + use<'m> {
        let is_meant = move |other: &Resource| !other.referenced && other.kind.eq_ignore_ascii_case(kind);
        self.all_others().filter(move |(other, _)| is_meant(other))
    }

    /// Every resource of a type without a list of its own, also those that the files only refer to, each with whether it
    /// is deployed.
    pub fn all_others(&self) -> impl Iterator<Item = (&'m Resource, Truth)> + use<'m> {
        self.model.others.iter().map(|other| (other, is_deployed(other)))
    }

    /// What deployments give back, each as a resource with the outputs as properties, and whether it is deployed.
    pub fn outputs(&self) -> impl Iterator<Item = (&'m Resource, Truth)> + use<'m> {
        self.model.outputs.iter().map(|outputs| (outputs, is_deployed(outputs)))
    }

    /// Every private endpoint, also those that the files only refer to.
    pub fn all_endpoints(&self) -> impl Iterator<Item = &'m PrivateEndpoint> + use<'m> {
        self.model.endpoints.iter()
    }

    /// Every private DNS zone, also those that the files only refer to.
    pub fn all_zones(&self) -> impl Iterator<Item = &'m Zone> + use<'m> {
        self.model.zones.iter()
    }

    /// Every virtual network, also those that the files only refer to.
    pub fn all_networks(&self) -> impl Iterator<Item = &'m Network> + use<'m> {
        self.model.networks.iter()
    }

    /// The virtual network rules of all vaults.
    pub fn subnet_rules(&self) -> impl Iterator<Item = (&'m Vault, SubnetRule)> + use<'m> {
        self.vaults().flat_map(|vault| vault.firewall.subnet_rules().map(move |rule| (vault, rule)))
    }

    /// Reports a finding if `holds` is true, and returns whether it is. The finding rests on the assumptions of
    /// `holds`. If `holds` is unknown, that is recorded for `subject`; `whether` says what is not determined.
    pub fn when(
        &mut self,
        subject: &'m Resource,
        holds: Truth,
        whether: &str,
        finding: impl FnOnce() -> Finding<'m>,
    ) -> bool {
        let holds = self.decide(subject, None, holds, whether);
        holds.map(|assumed| self.report(finding().assuming(&assumed))).is_some()
    }

    /// [`Context::when`] for a question about `subject` that arises because of another resource.
    pub fn when_since(
        &mut self,
        subject: &'m Resource,
        cause: &'m Resource,
        holds: Truth,
        whether: &str,
        finding: impl FnOnce() -> Finding<'m>,
    ) -> bool {
        let holds = self.decide(subject, Some(cause), holds, whether);
        holds.map(|assumed| self.report(finding().since(cause).assuming(&assumed))).is_some()
    }

    /// What a true statement rests on; records an unknown one. It is not generic, so that the module has it once.
    fn decide(
        &mut self,
        resource: &'m Resource,
        cause: Option<&'m Resource>,
        holds: Truth,
        whether: &str,
    ) -> Option<Assumptions> {
        match holds {
            Truth::True(assumed) => Some(assumed),
            Truth::False(_) => None,
            Truth::Unknown(depends) => {
                self.record(OpenQuestion { resource, cause, reason: whether.to_owned(), depends });
                None
            }
        }
    }

    /// Records that the rule is open for a resource.
    pub fn leave_open(&mut self, resource: &'m Resource, depends: Unknowns, reason: &str) {
        self.record(OpenQuestion { resource, cause: None, reason: reason.to_owned(), depends });
    }

    fn record(&mut self, undecided: OpenQuestion<'m>) {
        if self.undecided.len() < MAX_FINDINGS {
            self.undecided.push(undecided);
        } else {
            self.left_out = true;
        }
    }

    /// Reports a finding that does not depend on anything open.
    pub fn report(&mut self, finding: Finding<'m>) {
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(finding);
        } else {
            self.left_out = true;
        }
    }
}

impl<'m> Finding<'m> {
    /// `value` of `resource` is wrong: at its place, or where it is missing from.
    pub fn new(
        resource: &'m Resource,
        value: &Value,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            severity: None,
            assumed: Assumptions::default(),
            likely: false,
            place: value.place.unwrap_or(resource.place),
            used: value.place.and(value.used.clone()),
            message: message.into(),
            help: help.into(),
            resource,
            cause: None,
            about: Vec::new(),
            related: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// Reports another severity than the rule's worst.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// Adds assumptions that it rests on, besides those of the truth passed to [`Context::when`].
    pub fn assuming(mut self, assumed: &Assumptions) -> Self {
        self.assumed = self.assumed.and(assumed);
        self
    }

    /// Says that it is only likely, if so, whatever defaults it rests on.
    pub fn likely_if(mut self, likely: bool) -> Self {
        self.likely = likely;
        self
    }

    /// Says what brings it up.
    pub fn since(mut self, cause: &'m Resource) -> Self {
        self.cause = Some(cause);
        self
    }

    /// Says which part of which resource it is about, where that is not the resource of the finding as a whole; there may
    /// be several.
    pub fn about(mut self, resource: &'m Resource, part: impl Into<String>) -> Self {
        self.about.push((resource, part.into()));
        self
    }

    /// Points at another place, if it has one.
    pub fn related(mut self, place: Option<Place>, message: impl Into<String>) -> Self {
        self.related.extend(place.map(|place| (place, message.into())));
        self
    }

    /// Offers a change that keeps the meaning; none, where there is nothing to change in the text.
    pub fn safe_fix(self, title: impl Into<String>, changes: impl IntoIterator<Item = Change>) -> Self {
        self.fix(title.into(), Applicability::Safe, changes)
    }

    /// Offers a change of who can reach what; none, where there is nothing to change in the text.
    pub fn unsafe_fix(self, title: impl Into<String>, changes: impl IntoIterator<Item = Change>) -> Self {
        self.fix(title.into(), Applicability::Unsafe, changes)
    }

    fn fix(
        mut self,
        title: String,
        applicability: Applicability,
        changes: impl IntoIterator<Item = Change>,
    ) -> Self {
        let changes: Vec<Change> = changes.into_iter().collect();
        if !changes.is_empty() {
            self.fixes.push(OfferedFix { title, applicability, changes });
        }
        self
    }
}
