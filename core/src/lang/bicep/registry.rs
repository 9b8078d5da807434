//! Modules that come from a registry: as the host found them in Bicep's cache, or a built-in summary of them.

use super::source::Source;
use super::template::BicepTemplate;
use crate::lang::deployment::{Anchor, Frame, Template, is_in_registry};
use crate::lang::relative;
use crate::lang::source::{member, object, text};
use crate::syntax::json;
use crate::text::Place;
use std::cell::OnceCell;
use std::rc::Rc;

/// The public registry.
const PUBLIC: &str = "mcr.microsoft.com/bicep/";

/// Folders above a file in which its configuration is looked for.
const MAX_FOLDERS: usize = 32;

/// Summaries of modules of the public registry, by path: what each deploys that the network model knows. Facts
/// carried over from the modules in Azure/bicep-registry-modules, as far as they had come in 2026-08. They are read with
/// `minor` declared, the version's second number, which represents the whole of it as long as the first is 0.
const SUMMARIES: [(&str, &str); 9] = [
    ("avm/res/key-vault/vault", include_str!("registry/vault.bicep")),
    ("avm/res/key-vault/vault/access-policy", include_str!("registry/vault-access-policy.bicep")),
    ("avm/res/key-vault/vault/key", include_str!("registry/vault-key.bicep")),
    ("avm/res/key-vault/vault/secret", include_str!("registry/vault-secret.bicep")),
    ("avm/res/network/private-endpoint", include_str!("registry/private-endpoint.bicep")),
    ("avm/res/network/private-dns-zone", include_str!("registry/private-dns-zone.bicep")),
    ("avm/res/network/virtual-network", include_str!("registry/virtual-network.bicep")),
    ("avm/res/resources/deployment-script", include_str!("registry/deployment-script.bicep")),
    ("deployment-scripts/create-kv-certificate", include_str!("registry/create-kv-certificate.bicep")),
];

/// What summaries share.
const SHARED: &str = include_str!("registry/roles.bicep");

/// What a path names in a registry, in full: `br:mcr.microsoft.com/bicep/avm/res/key-vault/vault:0.9.0`. `None` when it
/// names a file. An alias that no configuration defines stays as it is.
pub(super) fn reference(frame: &Frame, file: &str, path: &str) -> Option<String> {
    if !is_in_registry(path) {
        return None;
    }
    if let Some(public) = path.strip_prefix("br/public:") {
        return Some(format!("br:{PUBLIC}{public}"));
    }
    let aliased = || {
        let (scheme, rest) = path.split_once('/').filter(|(scheme, _)| matches!(*scheme, "br" | "ts"))?;
        let (alias, module) = rest.split_once(':')?;
        Some(format!("{scheme}:{}/{module}", aliased(frame, file, scheme, alias)?))
    };
    let found = frame.expansion.remember(format!("{file}\n{path}"), aliased);
    Some(found.unwrap_or_else(|| path.to_owned()))
}

/// The meaning of an alias in the nearest configuration above a file; one that is not here is missing.
fn aliased(frame: &Frame, file: &str, scheme: &str, alias: &str) -> Option<String> {
    let mut name = "bicepconfig.json".to_owned();
    for _ in 0..MAX_FOLDERS {
        if let Some(config) = frame.expansion.find(&relative(file, &name)) {
            return defined(config, scheme, alias);
        }
        name.insert_str(0, "../");
    }
    frame.expansion.text(&relative(file, "bicepconfig.json"));
    None
}

fn defined(config: &str, scheme: &str, alias: &str) -> Option<String> {
    let parsed = json::parse(config);
    let aliases = member(object(parsed.root.as_ref()?)?, "moduleAliases").and_then(object)?;
    let alias = member(member(aliases, scheme).and_then(object)?, alias).and_then(object)?;
    let part = |key: &str| member(alias, key).and_then(text);
    Some(match scheme {
        "br" => match part("modulePath") {
            Some(path) => format!("{}/{path}", part("registry")?),
            None => part("registry")?.to_owned(),
        },
        _ => format!("{}/{}", part("subscription")?, part("resourceGroup")?),
    })
}

/// The template of such a module: the compiled one among the files, whose path is its reference, or a summary of it, which
/// `known` keeps. `place` is where the module is named, `anchor` where what is in it is reported; `in_summary` says that a
/// summary names it, not an author.
pub(super) fn template<'t>(
    frame: &Frame<'_, 't>,
    reference: &str,
    known: &OnceCell<Rc<Source>>,
    place: Place,
    anchor: Anchor,
    in_summary: bool,
) -> Option<Rc<dyn Template<'t> + 't>> {
    if (in_summary || !frame.expansion.has(reference))
        && let Some((minor, summary)) = summary(reference)
    {
        if !in_summary {
            frame.expansion.summarize(reference);
        }
        let read = || Rc::new(Source::read(&format!("var minor = {minor}\n{SHARED}{summary}")));
        return Some(Rc::new(BicepTemplate::summary(reference, Rc::clone(known.get_or_init(read)), anchor)));
    }
    frame.expansion.linked(frame, reference, place, "module", Some(anchor))
}

/// The summary of a module with the number of its version.
fn summary(reference: &str) -> Option<(u32, &'static str)> {
    let module = reference.strip_prefix("br:")?.strip_prefix(PUBLIC)?;
    let (module, version) = module.split_once(':')?;
    let (_, summary) = SUMMARIES.iter().find(|(name, _)| *name == module)?;
    let mut numbers = version.split('.');
    let minor = match (numbers.next()?.parse::<u32>().ok()?, numbers.next()?.parse().ok()?) {
        (0, minor) => minor,
        _ => 1_000_000,
    };
    Some((minor, summary))
}
