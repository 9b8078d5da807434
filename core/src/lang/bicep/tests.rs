//! What Bicep files lower to.

#![allow(clippy::string_slice, reason = "tests may panic: that is how they fail")]

use super::parameters::given;
use super::{File, Source};
use crate::azure::Cloud;
use crate::eval::{Budget, Value};
use crate::lang::deployment::{self, Anchor, Inputs, Template, Templates};
use crate::lang::{Lowered, ProblemKind, Resource};
use crate::text::FileId;
use std::rc::Rc;

/// Files of one project; the first is the template.
struct Files {
    texts: Vec<(&'static str, String)>,
    parsed: Vec<Rc<Source>>,
}

impl Files {
    fn new(main: &str) -> Self {
        Self { texts: Vec::new(), parsed: Vec::new() }.with("main.bicep", main)
    }

    fn with(mut self, path: &'static str, text: &str) -> Self {
        self.texts.push((path, text.to_owned()));
        self.parsed.push(Rc::new(Source::read(text)));
        self
    }

    fn file(&self, path: &str) -> Option<File<'_>> {
        let at = self.texts.iter().position(|(known, _)| *known == path)?;
        let source = Rc::clone(&self.parsed[at]);
        Some(File { id: FileId(u32::try_from(at).unwrap()), path: self.texts[at].0, source })
    }

    /// With the parameters of `main.bicepparam`, if that is there.
    fn lower(&self) -> Lowered {
        let params = self.file("main.bicepparam");
        let given = params.map(|file| given(&self, &file, Cloud::Public, &Budget::default()).0);
        let inputs = Inputs { given: given.into_iter().map(Rc::new).collect(), ..Inputs::default() };
        let entry = self.file("main.bicep").map(|file| Rc::new(file.template())).unwrap();
        deployment::lower(&self, entry, &inputs)
    }
}

impl<'t> Templates<'t> for &'t Files {
    fn template(&self, path: &str, _: Option<Anchor>) -> Option<Rc<dyn Template<'t> + 't>> {
        Some(Rc::new(self.file(path)?.template()))
    }

    fn text(&self, path: &str) -> Option<(FileId, &'t str)> {
        let at = self.texts.iter().position(|(known, _)| *known == path)?;
        Some((FileId(u32::try_from(at).unwrap()), &self.texts[at].1))
    }
}

fn lower(text: &str) -> Lowered {
    Files::new(text).lower()
}

/// Resources that are not modules.
fn own(lowered: &Lowered) -> impl Iterator<Item = &Resource> {
    lowered.resources.iter().filter(|resource| !resource.kind.ends_with("/deployments"))
}

fn shown(value: &Value) -> String {
    let assumed: Vec<&str> = value.assumed.names().collect();
    let assumed = if assumed.is_empty() { String::new() } else { format!(" assuming {}", assumed.join(" ")) };
    format!("{}{assumed}", value.normal())
}

fn short(id: &Value) -> String {
    let id = id.normal();
    id.trim_matches('\'').replace("${resourceGroup().id}/providers/", "~/").replace("Microsoft.", "")
}

/// `symbol: id` of every resource that is not a module.
fn ids(lowered: &Lowered) -> Vec<String> {
    own(lowered).map(|resource| format!("{}: {}", resource.address, short(&resource.id))).collect()
}

/// `name: condition` of them.
fn conditions(lowered: &Lowered) -> Vec<String> {
    own(lowered)
        .map(|resource| format!("{}: {}", resource.name.display(), shown(&resource.condition)))
        .collect()
}

/// The property `x` of the resource with that symbolic name.
fn x(lowered: &Lowered, address: &str) -> Value {
    let found = own(lowered).find(|resource| resource.address == address);
    found.unwrap_or_else(|| panic!("no `{address}` among {:?}", ids(lowered))).body.path(&["properties", "x"])
}

fn problems(lowered: &Lowered) -> Vec<&str> {
    lowered.problems.iter().map(|problem| problem.message.as_str()).collect()
}

/// A vault `kv` with the property `x`, below other declarations.
fn kv(declarations: &str, value: &str) -> String {
    format!(
        "{declarations}\nresource kv 'Microsoft.KeyVault/vaults@2024-11-01' = {{\n  name: 'kv'\n  properties: {{\n    x: {value}\n  }}\n}}\n"
    )
}

/// Declarations, an expression, and what that is.
fn check(cases: &[(&str, &str, &str)]) {
    for (declarations, value, expected) in cases {
        let lowered = lower(&kv(declarations, value));
        assert_eq!(shown(&x(&lowered, "kv")), *expected, "{declarations} {value}");
        assert_eq!(problems(&lowered), <[&str; 0]>::default(), "{declarations} {value}");
    }
}

const NET: &str = "resource hub 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'hub'
  properties: {
    subnets: [{ name: 'apps', properties: { addressPrefix: '10.0.1.0/24' } }]
  }
  resource apps 'subnets' existing = {
    name: 'apps'
  }
}";

#[test]
fn names_mean_what_they_are_declared_as() {
    check(&[
        ("param a string", "a", "parameters('a')"),
        ("param a string = 'd'", "a", "'d' assuming a"),
        ("var a = 'v'", "'${a}-x'", "'v-x'"),
        ("param kv2 string = 'p'\nvar b = { c: [kv2] }", "b.c[0]", "'p' assuming kv2"),
        ("", "map([1, 2], n => n * 2)", "[2, 4]"),
        ("var n = 9", "map([1, 2], n => n)", "[1, 2]"),
        ("var n = 9", "[for n in [1, 2]: n]", "[1, 2]"),
        ("", "[for (n, i) in ['a', 'b']: '${n}${i}']", "['a0', 'b1']"),
        ("func double(n int) int => n * 2", "double(4)", "8"),
        ("", "sys.toLower('A')", "'a'"),
        ("", "az.resourceGroup().id", "resourceGroup().id"),
        ("var items = ['a']", "nameof(items)", "'items'"),
        ("", "any('a')", "'a'"),
        ("param o object = { a: { b: 1 } }", "o.?a.?b ?? 2", "1 assuming o"),
        ("var o = { a: 1 }", "o.?b", "null"),
        ("var o = { a: 1 }", "o.?b ?? 'd'", "'d'"),
        ("var more = { b: 2 }", "{ a: 1, ...more }.b", "2"),
        ("var more = ['b']", "['a', ...more]", "['a', 'b']"),
        ("param on bool", "on ? 'a' : 'b'", "if(parameters('on'), 'a', 'b')"),
        ("var l = ['a', 'b']", "l[^1]", "'b'"),
    ]);
}

#[test]
fn properties_of_resources_are_what_they_declare() {
    check(&[
        ("resource a 'X.Y/z@1' = {\n  name: 'n'\n  location: 'w'\n}", "a.name", "'n'"),
        ("resource a 'X.Y/z@1' = {\n  name: 'n'\n  location: 'w'\n}", "a.location", "'w'"),
        ("resource a 'X.Y/z@1' = {\n  name: 'n'\n}", "a.type", "'X.Y/z'"),
        ("resource a 'X.Y/z@1' = {\n  name: 'n'\n}", "a.apiVersion", "'1'"),
        ("resource a 'X.Y/z@1' = {\n  name: 'n'\n  properties: { p: 1 }\n}", "a.properties.p", "1"),
        (NET, "hub.id", "${resourceGroup().id}/providers/Microsoft.Network/virtualNetworks/hub"),
        (
            NET,
            "hub::apps.id",
            "${resourceGroup().id}/providers/Microsoft.Network/virtualNetworks/hub/subnets/apps",
        ),
        (NET, "hub.properties.subnets[0].properties.addressPrefix", "'10.0.1.0/24'"),
    ]);
}

#[test]
fn ids_are_made_of_names_parents_and_scopes() {
    let cases: &[(&str, &[&str])] = &[
        (NET, &["hub: ~/Network/virtualNetworks/hub", "hub::apps: ~/Network/virtualNetworks/hub/subnets/apps"]),
        (
            "resource z 'Microsoft.Network/privateDnsZones@1' existing = {\n  name: 'zone'\n  scope: resourceGroup('dns')\n}
             resource l 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@1' = {\n  parent: z\n  name: 'link'\n}",
            &[
                "z: ${subscription().id}/resourceGroups/dns/providers/Network/privateDnsZones/zone",
                "l: ${subscription().id}/resourceGroups/dns/providers/Network/privateDnsZones/zone/virtualNetworkLinks/link",
            ],
        ),
        (
            "resource z 'Microsoft.Network/privateDnsZones@1' existing = {\n  name: 'zone'\n  scope: resourceGroup('sub', 'dns')\n}",
            &["z: /subscriptions/sub/resourceGroups/dns/providers/Network/privateDnsZones/zone"],
        ),
        (
            "resource v 'Microsoft.KeyVault/vaults@1' = {\n  name: 'kv'\n}
             resource d 'Microsoft.Insights/diagnosticSettings@1' = {\n  name: 'audit'\n  scope: v\n}",
            &[
                "v: ~/KeyVault/vaults/kv",
                "d: ~/KeyVault/vaults/kv/providers/Insights/diagnosticSettings/audit",
            ],
        ),
        (
            "resource v 'Microsoft.KeyVault/vaults@1' = {\n  name: 'kv'\n  resource s 'secrets' = {\n    name: 'one'\n  }\n}
             resource t 'Microsoft.KeyVault/vaults/secrets@1' = {\n  name: 'kv/two'\n}",
            &[
                "v: ~/KeyVault/vaults/kv",
                "v::s: ~/KeyVault/vaults/kv/secrets/one",
                "t: ~/KeyVault/vaults/kv/secrets/two",
            ],
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(ids(&lower(text)), *expected, "{text}");
    }
}

#[test]
fn loops_make_a_resource_for_each_element() {
    let looped = |list: &str| {
        format!(
            "resource v 'Microsoft.KeyVault/vaults@1' = [for (name, i) in {list}: {{\n  name: 'kv-${{name}}-${{i}}'\n}}]\n"
        )
    };
    assert_eq!(
        ids(&lower(&looped("['a', 'b']"))),
        ["v[0]: ~/KeyVault/vaults/kv-a-0", "v[1]: ~/KeyVault/vaults/kv-b-1"]
    );
    let text = format!("param names array = ['a']\n{}output last string = v[0].id", looped("names"));
    assert_eq!(conditions(&lower(&text)), ["kv-a-0: true assuming names"]);
    let open = lower(&format!("param names array\n{}", looped("names")));
    assert_eq!(open.resources.iter().map(|resource| resource.repeated).collect::<Vec<_>>(), [true]);
    let children = lower(&format!(
        "{}resource s 'Microsoft.KeyVault/vaults/secrets@1' = [for i in range(0, 2): {{\n  parent: v[i]\n  name: 's'\n}}]",
        looped("['a', 'b']")
    ));
    assert_eq!(
        ids(&children)[2..],
        ["s[0]: ~/KeyVault/vaults/kv-a-0/secrets/s", "s[1]: ~/KeyVault/vaults/kv-b-1/secrets/s"]
    );
}

#[test]
fn conditions_are_those_of_the_resources_around_too() {
    let text = "param on bool\nparam also bool = true
        resource v 'Microsoft.KeyVault/vaults@1' = if (on) {
          name: 'kv'
          resource s 'secrets' = if (also) {\n    name: 's'\n  }
        }
        resource w 'Microsoft.KeyVault/vaults@1' = [for i in [1]: if (on) {\n  name: 'kv${i}'\n}]";
    assert_eq!(
        conditions(&lower(text)),
        ["kv: parameters('on')", "kv/s: parameters('on') assuming also", "kv1: parameters('on')"]
    );
}

#[test]
fn what_exists_is_only_referred_to() {
    let text = kv(
        "resource z 'Microsoft.Network/privateDnsZones@1' existing = {\n  name: 'zone'\n}",
        "z.properties.y",
    );
    let lowered = lower(&text);
    assert_eq!(
        lowered.resources.iter().map(|resource| resource.referenced).collect::<Vec<_>>(),
        [true, false]
    );
    assert_eq!(
        shown(&x(&lowered, "kv")),
        "reference(${resourceGroup().id}/providers/Microsoft.Network/privateDnsZones/zone).y"
    );
}

#[test]
fn modules_take_parameters_and_give_outputs() {
    let module = "param name string\nparam open bool = true
        resource v 'Microsoft.KeyVault/vaults@1' = if (open) {\n  name: name\n}
        output id string = v.id\noutput all array = [for n in ['a', 'b']: '${name}${n}']";
    let main = kv(
        "module m 'm.bicep' = {\n  name: 'm'\n  params: { name: 'inner' }\n}",
        "[m.outputs.id, m.outputs.all[1]]",
    );
    let lowered = Files::new(&main).with("m.bicep", module).lower();
    assert_eq!(ids(&lowered), ["m.v: ~/KeyVault/vaults/inner", "kv: ~/KeyVault/vaults/kv"]);
    assert_eq!(
        shown(&x(&lowered, "kv")),
        "[${resourceGroup().id}/providers/Microsoft.KeyVault/vaults/inner, 'innerb']"
    );
    let main = "module m 'm.bicep' = [for n in ['a', 'b']: {\n  params: { name: n }\n  scope: resourceGroup('g')\n}]";
    let lowered = Files::new(main).with("m.bicep", module).lower();
    let group = "${subscription().id}/resourceGroups/g/providers/KeyVault/vaults";
    assert_eq!(ids(&lowered), [format!("m[0].v: {group}/a"), format!("m[1].v: {group}/b")]);
    let lowered = lower("module m 'm.bicep' = {\n  name: 'm'\n}");
    assert_eq!(
        problems(&lowered),
        ["the module `m.bicep` is not among the checked files, so what it deploys is unknown"]
    );
}

#[test]
fn what_is_imported_means_what_it_does_there() {
    let library =
        "@export()\nvar office = '20.50.1.7'\n@export()\nfunc rule(a string) object => { value: '${a}/32' }";
    let cases = [
        ("import { office } from 'lib.bicep'", "office", "'20.50.1.7'"),
        ("import { office as o } from 'lib.bicep'", "o", "'20.50.1.7'"),
        ("import { rule } from 'lib.bicep'", "rule('1.2.3.4').value", "'1.2.3.4/32'"),
        ("import * as lib from 'lib.bicep'", "lib.rule(lib.office).value", "'20.50.1.7/32'"),
    ];
    for (import, value, expected) in cases {
        let lowered = Files::new(&kv(import, value)).with("lib.bicep", library).lower();
        assert_eq!(shown(&x(&lowered, "kv")), expected, "{import}");
    }
}

#[test]
fn files_are_read_where_they_were_handed_over() {
    let text =
        kv("var rules = loadJsonContent('rules.json')", "[rules[0].value, loadTextContent('rules.json')]");
    let lowered = Files::new(&text).with("rules.json", "[{\"value\": 1}]").lower();
    assert_eq!(shown(&x(&lowered, "kv")), "[1, '[{\"value\": 1}]']");
}

#[test]
fn a_parameter_file_gives_what_it_computes() {
    let text = kv("param a string\nparam b string = 'd'\nparam c string", "[a, b, c]");
    let params = "using 'main.bicep'\nvar head = 'h'\nparam a = '${head}-a'\nparam c = readEnvironmentVariable('C', 'none')";
    let lowered = Files::new(&text).with("main.bicepparam", params).lower();
    assert_eq!(shown(&x(&lowered, "kv")), "['h-a', 'd', readEnvironmentVariable('C', 'none')]");
    let files = Files::new("param c string").with("main.bicepparam", params);
    let read = given(&&files, &files.file("main.bicepparam").unwrap(), Cloud::Public, &Budget::default()).1;
    assert_eq!(read.problems, []);
}

#[test]
fn values_stand_where_they_are_named() {
    let text = kv(
        "param on string = 'Allow'\nvar off = 'Deny'",
        "[on, off, hub.id, hub.name, resourceGroup().location, '${on}']",
    );
    let text = format!("{NET}\n{text}");
    let lowered = lower(&text);
    let list = x(&lowered, "kv");
    let at = |value: &Value| {
        let span = value.place.unwrap().span;
        text[span.start as usize..span.end as usize].to_owned()
    };
    let places: Vec<String> = list.as_array().unwrap().iter().map(at).collect();
    assert_eq!(places, ["'Allow'", "'Deny'", "hub.id", "hub.name", "resourceGroup().location", "'${on}'"]);
    let vault = own(&lowered).find(|resource| resource.address == "kv").unwrap();
    assert_eq!(at(&vault.api_version), "2024-11-01");
}

#[test]
fn texts_name_parameters_as_they_are_declared() {
    let cases = [
        ("a", "a"),
        ("`kv-${parameters('x')}-${variables('y')}`", "`kv-${x}-${y}`"),
        ("parameters('a b')", "parameters('a b')"),
        ("myparameters('a')", "myparameters('a')"),
        ("parameters('x", "parameters('x"),
        ("parameters('a b') parameters('c')", "parameters('a b') c"),
    ];
    for (text, expected) in cases {
        assert_eq!(super::names::in_own_words(text), expected);
    }
}

#[test]
fn what_is_wrong_with_names_is_said() {
    let cases = [
        ("output x string = a", ProblemKind::UnresolvedReference, "nothing declares `a`"),
        (
            "output x object = { a: 1, 'A': 2 }",
            ProblemKind::DuplicateKey,
            "`A` is given twice in one object, which Bicep refuses",
        ),
        (
            "resource v 'X.Y/z@1' = {\n  name: 'a'\n  name: 'b'\n}",
            ProblemKind::DuplicateKey,
            "`name` is given twice in one object, which Bicep refuses",
        ),
    ];
    for (text, kind, message) in cases {
        let problems = Source::read(text).problems(FileId(0));
        let found: Vec<_> = problems.iter().map(|problem| (problem.kind, problem.message.as_str())).collect();
        assert_eq!(found, [(kind, message)], "{text}");
    }
}

#[test]
fn resources_that_name_each_other_as_parents_keep_nothing_alive() {
    for parents in [["a", "a"], ["b", "a"]] {
        let [first, second] = parents;
        let files = Files::new(&format!(
            "resource a 'Microsoft.Network/virtualNetworks@2024-05-01' = {{
  parent: {first}
  name: 'a'
}}
resource b 'Microsoft.Network/virtualNetworks/subnets@2024-05-01' = {{
  parent: {second}
  name: 'b'
}}
"
        ));
        assert_eq!(files.lower().resources.len(), 2);
        assert!(files.parsed.iter().all(|source| Rc::strong_count(source) == 1), "{parents:?}");
    }
}
