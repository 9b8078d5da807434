//! The engine against the naive evaluator, over random worlds.

use crate::simulator::fixes;
use crate::simulator::reference::{self, ALIAS, Lead, Outcome};
use crate::simulator::world::{
    Acl, Caller, Dice, Dns, Endpoint, Form, HOST, Hole, Link, RIGHT_ZONE, RULES, Rules, World, Zone, template,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};
use std::cell::Cell;
use std::collections::BTreeSet;
use vaultmoat_core::report::{AnswerKind, Decision, Outcome as Said, Resolution};
use vaultmoat_core::sim::HopKind;
use vaultmoat_core::{Options, Project};
use vaultmoat_tests::fixture::load;

/// How many worlds each property is tried on: few in every test run, many where `SIMULATOR_CASES` says so.
fn cases(few: u32) -> u32 {
    std::env::var("SIMULATOR_CASES").ok().and_then(|many| many.parse().ok()).unwrap_or(few)
}

fn project(world: &World, holes: &[Hole], caller: &Caller) -> Project {
    load(
        Options { complete: world.complete, ..Options::default() },
        [("main.json", &template(world, holes, caller))],
    )
}

pub fn explain(world: &World, holes: &[Hole], caller: &Caller) -> Decision {
    project(world, holes, caller).explain(Some("kv-one"), &caller.text()).expect("a decision")
}

fn resolve(world: &World, holes: &[Hole], caller: &Caller) -> Resolution {
    project(world, holes, caller).resolve(Some("kv-one"), &caller.text()).expect("a resolution")
}

fn via(decision: &Decision) -> String {
    serde_json::to_value(decision.via).expect("JSON").as_str().expect("a word").to_owned()
}

/// Runs a property over random bytes.
fn over_worlds(few: u32, property: impl Fn(&mut Dice) -> Result<(), TestCaseError>) {
    // Up to 4,000 steps make a failure smaller, unless `PROPTEST_MAX_SHRINK_ITERS` says how many.
    let config = Config { cases: cases(few), failure_persistence: None, ..Config::default() };
    let steps = config.max_shrink_iters.min(4_000);
    let config = Config { max_shrink_iters: steps, ..config };
    let bytes = prop::collection::vec(any::<u8>(), 0..160);
    let start = std::time::Instant::now();
    // The same worlds in every run, and others where many are asked for.
    let mut runner = match std::env::var_os("SIMULATOR_CASES") {
        Some(_) => TestRunner::new(config),
        None => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
    };
    let result = runner.run(&bytes, |bytes| property(&mut Dice(&bytes)));
    println!("{} worlds in {:?}", cases(few), start.elapsed());
    match result {
        Ok(()) => {}
        // The bytes say nothing; what they make is in the reason.
        Err(TestError::Fail(reason, _)) => panic!("{reason}"),
        Err(error) => panic!("{error}"),
    }
}

fn describe(world: &World, holes: &[Hole], caller: &Caller, decision: &Decision) -> String {
    let steps: Vec<String> = decision
        .steps
        .iter()
        .map(|step| format!("{:?} {:?} {}", step.gate, step.verdict, step.because))
        .collect();
    format!(
        "{world:?}\n{holes:?}\n{caller:?}\nsaid {:?} via {} error {:?} depends {:?} assumed {:?}\n{}",
        decision.outcome,
        via(decision),
        decision.error,
        decision.depends_on,
        decision.assumed,
        steps.join("\n")
    )
}

/// What all of these have in common, if anything.
fn common<T: Clone + PartialEq>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.all(|other| other == first).then_some(first)
}

/// Whether what is said holds in all of these outcomes.
fn holds(decision: &Decision, outcomes: &BTreeSet<Outcome>) -> Result<(), String> {
    match decision.outcome {
        Said::Allowed => {
            if outcomes.iter().any(|outcome| !outcome.allowed) {
                return Err("not always allowed".into());
            }
            if !outcomes.iter().any(|outcome| outcome.via == via(decision)) {
                return Err("allowed by another path".into());
            }
        }
        Said::Denied => {
            if outcomes.iter().any(|outcome| outcome.allowed) {
                return Err("not always denied".into());
            }
            if decision.error.is_some()
                && common(outcomes.iter().map(|outcome| outcome.error)) != Some(decision.error.as_deref())
            {
                return Err("another error".into());
            }
        }
        Said::Depends => {}
    }
    Ok(())
}

#[test]
fn a_decision_is_what_the_naive_evaluator_says() {
    let (all, open, wrong) = (Cell::new(0), Cell::new(0), Cell::new(0));
    over_worlds(5_000, |dice| {
        let caller = Caller::roll(dice);
        let world = World::roll(dice);
        let decision = explain(&world, &[], &caller);
        let expected = reference::outcomes(&world, &caller);
        let told = || format!("expected {expected:?}\n{}", describe(&world, &[], &caller, &decision));
        if let Err(what) = holds(&decision, &expected) {
            return Err(TestCaseError::fail(format!("{what}: {}", told())));
        }
        let decided = common(expected.iter().map(|outcome| outcome.allowed));
        all.set(all.get() + 1);
        if decision.outcome == Said::Depends && decided.is_some() {
            wrong.set(wrong.get() + 1);
            return Err(TestCaseError::fail(format!("it is decided: {}", told())));
        }
        if (decision.outcome == Said::Depends) == decision.depends_on.is_empty() {
            return Err(TestCaseError::fail(format!("what it depends on: {}", told())));
        }
        // More endpoints, links and zones may be elsewhere, and change nothing but what is refused.
        if !decision.unless.is_empty() {
            if world.complete || decision.outcome != Said::Denied {
                return Err(TestCaseError::fail(format!("{:?}: {}", decision.unless, told())));
            }
            open.set(open.get() + 1);
        }
        let error = common(expected.iter().map(|outcome| outcome.error)).flatten();
        if world.complete && decision.outcome == Said::Denied && decision.error.as_deref() != error {
            return Err(TestCaseError::fail(format!("the error is known: {}", told())));
        }
        Ok(())
    });
    println!("{} worlds, {} refused unless something is elsewhere", all.get(), open.get());
    assert!(open.get() > 0, "nothing outside of the files changes a refusal");
}

/// The worlds that parameters make, all values against all.
fn completions(world: &World, holes: &[Hole]) -> Vec<(Vec<usize>, World)> {
    let mut all = vec![(Vec::new(), world.clone())];
    for hole in holes {
        let mut next = Vec::new();
        for (chosen, world) in &all {
            for (at, (_, world)) in world.fillings(hole.at).into_iter().enumerate() {
                let chosen = chosen.iter().copied().chain([at]).collect();
                next.push((chosen, world));
            }
        }
        all = next;
    }
    all
}

#[test]
fn what_is_said_of_open_parameters_holds_for_every_value() {
    let (agreed, open) = (Cell::new(0), Cell::new(0));
    over_worlds(5_000, |dice| {
        let caller = Caller::roll(dice);
        let mut world = World::roll(dice);
        world.complete = true;
        let holes = world.roll_holes(dice);
        let decision = explain(&world, &holes, &caller);
        // Where the outcome rests on a default, it need not hold for other values.
        let is_meant = |chosen: &[usize]| {
            let mut pairs = chosen.iter().zip(&holes).enumerate();
            pairs.all(|(at, (value, hole))| {
                let is_assumed = decision.assumed.contains(&format!("p{at}"));
                hole.form != Form::Default || !is_assumed || *value == hole.default
            })
        };
        let mut expected = BTreeSet::new();
        let mut of_all = BTreeSet::new();
        for (chosen, world) in completions(&world, &holes) {
            let outcomes = reference::outcomes(&world, &caller);
            if is_meant(&chosen) {
                expected.extend(outcomes.clone());
            }
            of_all.extend(outcomes);
        }
        let told = || format!("expected {expected:?}\n{}", describe(&world, &holes, &caller, &decision));
        if let Err(what) = holds(&decision, &expected) {
            return Err(TestCaseError::fail(format!("{what}: {}", told())));
        }
        if common(of_all.iter().map(|outcome| outcome.allowed)).is_some() {
            agreed.set(agreed.get() + 1);
            if decision.outcome == Said::Depends {
                open.set(open.get() + 1);
            }
        }
        Ok(())
    });
    println!("{} decided whatever the parameters say, {} of them said to depend", agreed.get(), open.get());
    assert!(open.get() * 50 <= agreed.get(), "{} of {} said to depend", open.get(), agreed.get());
}

#[test]
fn a_name_resolves_to_what_a_walk_over_plain_maps_finds() {
    over_worlds(5_000, |dice| {
        let caller = Caller::roll(dice);
        let mut world = World::roll(dice);
        world.complete = true;
        let resolution = resolve(&world, &[], &caller);
        let leads = reference::leads(&world, &caller);
        let kinds: BTreeSet<&str> = leads
            .iter()
            .map(|lead| match lead {
                Lead::Endpoint(..) | Lead::Nobody(_) => "private",
                Lead::Public => "public",
                Lead::Nothing => "nxdomain",
                Lead::Anywhere => "depends",
            })
            .collect();
        let expected = common(kinds.iter().copied()).unwrap_or("depends");
        let said = match resolution.answer.kind {
            AnswerKind::Private => "private",
            AnswerKind::Public => "public",
            AnswerKind::NxDomain => "nxdomain",
            AnswerKind::Depends => "depends",
        };
        let told = || format!("{world:?}\n{caller:?}\nexpected {leads:?}\n{resolution:?}");
        prop_assert_eq!(said, expected, "{}", told());
        let address = common(leads.iter().map(|lead| match lead {
            Lead::Endpoint(_, address) => address.clone(),
            Lead::Nobody(address) => Some(address.clone()),
            _ => None,
        }));
        prop_assert_eq!(&resolution.answer.address, &address.flatten(), "{}", told());
        // The chain is an alias, or none, and the answer.
        let by_alias = reference::has_alias(&world) && !reference::ends_at_host(&world, &caller);
        let is_service = matches!(caller, Caller::Trusted | Caller::Service(_, true));
        if expected != "depends" && !is_service && !matches!(caller, Caller::Network(_)) {
            let chain: Vec<(&str, HopKind)> =
                resolution.chain.iter().map(|hop| (hop.name.as_str(), hop.kind)).collect();
            let last = if expected == "nxdomain" { HopKind::NxDomain } else { HopKind::A };
            let mut wanted = vec![(HOST, last)];
            if by_alias {
                wanted = vec![(HOST, HopKind::Cname), (ALIAS, last)];
            }
            if common(leads.iter()).is_some() {
                prop_assert_eq!(chain, wanted, "{}", told());
            }
        }
        Ok(())
    });
}

fn rank(world: &World, caller: &Caller) -> u8 {
    match explain(world, &[], caller).outcome {
        Said::Denied => 0,
        Said::Depends => 1,
        Said::Allowed => 2,
    }
}

/// A world in which what is not written does not exist, and whose firewall says what it does by default.
fn plain_world(dice: &mut Dice) -> World {
    let mut world = World::roll(dice);
    world.complete = true;
    let mut rules = match &world.acl {
        Acl::Present(rules) => rules.clone(),
        _ => Rules { default: None, bypass: None, addresses: Vec::new(), subnets: Vec::new() },
    };
    rules.default = rules.default.or(Some("Deny"));
    world.acl = Acl::Present(rules);
    world
}

fn with_rules(world: &World, change: impl Fn(&mut Rules)) -> World {
    let mut world = world.clone();
    if let Acl::Present(rules) = &mut world.acl {
        change(rules);
    }
    world
}

#[test]
fn more_rules_never_deny_and_stricter_settings_never_allow() {
    over_worlds(500, |dice| {
        let caller = Caller::roll(dice);
        let world = plain_world(dice);
        let (address, network) = (dice.pick(&RULES), dice.below(3));
        let no_less = |less: &World, more: &World, what: &str| {
            let (less_rank, more_rank) = (rank(less, &caller), rank(more, &caller));
            prop_assert!(less_rank <= more_rank, "{}: {:?}\n{:?}\n{:?}", what, caller, less, more);
            Ok(())
        };
        no_less(&world, &with_rules(&world, |rules| rules.addresses.push(address)), "an IP rule")?;
        no_less(&world, &with_rules(&world, |rules| rules.subnets.push(network)), "a subnet rule")?;
        let default = |word: &'static str| with_rules(&world, |rules| rules.default = Some(word));
        no_less(&default("Deny"), &default("Allow"), "the default action")?;
        let bypass = |word: &'static str| with_rules(&world, |rules| rules.bypass = Some(word));
        no_less(&bypass("None"), &bypass("AzureServices"), "the bypass")
    });
}

#[test]
fn disabled_ignores_the_rules() {
    over_worlds(500, |dice| {
        let caller = Caller::roll(dice);
        let mut world = plain_world(dice);
        world.access = Some("Disabled");
        let bare = with_rules(&world, |rules| {
            rules.addresses.clear();
            rules.subnets.clear();
            rules.default = Some("Allow");
        });
        let (with, without) = (explain(&world, &[], &caller), explain(&bare, &[], &caller));
        prop_assert_eq!(
            (with.outcome, with.via, with.error),
            (without.outcome, without.via, without.error),
            "{:?}\n{:?}",
            caller,
            world
        );
        Ok(())
    });
}

#[test]
fn approving_an_endpoint_lets_its_own_network_in() {
    over_worlds(500, |dice| {
        let mut world = plain_world(dice);
        let network = dice.below(3);
        world.networks[network].dns = Dns::Azure;
        let link = Link { there: true, network, policy: None };
        world.zones = vec![Zone { name: RIGHT_ZONE, links: vec![link], records: Vec::new() }];
        world.endpoints =
            vec![Endpoint { there: true, network, own: true, manual: true, address: None, zones: vec![0] }];
        let mut approved = world.clone();
        approved.endpoints[0].manual = false;
        let caller = Caller::Subnet(network);
        prop_assert_eq!(rank(&approved, &caller), 2, "{:?}", approved);
        for other in [Caller::Internet, Caller::Trusted, Caller::Ip("203.0.113.7")] {
            prop_assert_eq!(rank(&approved, &other), rank(&world, &other), "{:?} {:?}", other, world);
        }
        Ok(())
    });
}

#[test]
fn a_zone_link_is_about_its_own_network() {
    over_worlds(500, |dice| {
        let mut world = plain_world(dice);
        let network = dice.below(3);
        if world.zones.is_empty() {
            world.zones.push(Zone { name: RIGHT_ZONE, links: Vec::new(), records: Vec::new() });
        }
        let zone = dice.below(world.zones.len());
        world.zones[zone].links.retain(|link| link.network != network);
        let mut linked = world.clone();
        linked.zones[zone].links.push(Link { there: true, network, policy: None });
        let resolves_there = |n: usize| {
            n == network
                || matches!(world.networks[n].dns, Dns::Resolver(of) | Dns::Server(of) if of == network)
        };
        let others = (0..3).filter(|n| !resolves_there(*n)).map(Caller::Subnet);
        for caller in others.chain([Caller::Internet, Caller::Trusted, Caller::OnPremises(None)]) {
            let (before, after) = (explain(&world, &[], &caller), explain(&linked, &[], &caller));
            prop_assert_eq!(
                (before.outcome, before.via, before.error),
                (after.outcome, after.via, after.error),
                "{:?}\n{:?}",
                caller,
                linked
            );
        }
        Ok(())
    });
}

#[test]
fn a_fix_lets_the_caller_in_and_nobody_it_does_not_name() {
    let tried = Cell::new(0);
    over_worlds(1_000, |dice| {
        let caller = Caller::roll(dice);
        let world = plain_world(dice);
        let text = template(&world, &[], &caller);
        let mut before = project(&world, &[], &caller);
        let decision = before.explain(Some("kv-one"), &caller.text()).expect("a decision");
        if decision.outcome != Said::Denied || decision.fixes.is_empty() {
            return Ok(());
        }
        let table = before.access(Some("kv-one")).expect("a table");
        for fix in &decision.fixes {
            tried.set(tried.get() + 1);
            let fixed = fixes::apply(&text, fix);
            before.set("main.json", &fixed);
            let after = before.explain(Some("kv-one"), &caller.text()).expect("a decision");
            prop_assert_eq!(
                after.outcome,
                Said::Allowed,
                "{}\n{:?}\n{:?}\n{:#?}",
                fix.title,
                caller,
                world,
                after.steps.iter().map(|step| &step.because).collect::<Vec<_>>()
            );
            for now in before.access(Some("kv-one")).expect("a table").decisions {
                let then =
                    table.decisions.iter().find(|then| then.from == now.from).expect("the same callers");
                let is_new = now.outcome == Said::Allowed && then.outcome != Said::Allowed;
                prop_assert!(
                    !is_new || fixes::names(&world, &fix.title, &caller, &now.from),
                    "`{}` lets in {}\n{:?}\n{:?}",
                    fix.title,
                    now.from,
                    caller,
                    world
                );
            }
        }
        Ok(())
    });
    assert!(tried.get() > 50, "only {} fixes were tried", tried.get());
}
