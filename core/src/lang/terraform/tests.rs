use super::frontend::read;
use super::*;
use crate::eval::Truth;
use crate::lang::{Lowered, Resource};
use crate::text::FileId;

/// Expands the files as one project; the module is that without a directory.
fn parsed<'t>(files: &[(&str, &'t str)]) -> Vec<File<'t>> {
    let file = |(at, (path, text)): (usize, &(&str, &'t str))| File {
        id: FileId(at as u32),
        path: (*path).to_owned(),
        text,
        source: Rc::new(read(path, text)),
    };
    files.iter().enumerate().map(file).collect()
}

/// Endings of files that are part of a module.
const MODULE: &[&str] = &[".tf", ".tofu", ".tf.json", ".tofu.json"];

fn expand_in(directory: &str, files: &[(&str, &str)], inputs: &Inputs, with_summaries: bool) -> Lowered {
    let read = parsed(files);
    let text = |path: &str| files.iter().find(|(known, _)| *known == path).map(|(_, text)| *text);
    let modules = || read.iter().filter(|file| MODULE.iter().any(|ending| file.path.ends_with(ending)));
    let (written, summaries) =
        (Written::new(modules()), summary::summaries(modules().filter(|_| with_summaries)));
    expansion::lower(&Files::new(&written, &summaries, &text), directory, inputs)
}

fn expand_with(files: &[(&str, &str)], inputs: &Inputs) -> Lowered {
    expand_in("", files, inputs, false)
}

/// Expands with the built-in summaries.
fn summarized(text: &str) -> Lowered {
    expand_in("", &[("main.tf", text)], &Inputs::default(), true)
}

fn expand(text: &str) -> Lowered {
    expand_with(&[("main.tf", text)], &Inputs::default())
}

fn only(text: &str) -> Resource {
    let mut lowered = expand(text);
    assert_eq!(lowered.problems, [], "{text}");
    assert_eq!(lowered.resources.len(), 1, "{text}");
    lowered.resources.remove(0)
}

/// The value of an expression, as the name of a vault.
fn value(expression: &str) -> String {
    let text = format!(
        r#"
        variable "open" {{}}
        variable "list" {{ default = ["b", "a"] }}
        variable "settings" {{
          type    = object({{ name = optional(string, "n"), size = number, none = optional(string) }})
          default = {{ size = "3", other = true }}
        }}
        locals {{ map = {{ b = 2, a = 1 }} }}
        resource "random_string" "r" {{}}
        resource "azurerm_key_vault" "kv" {{ name = {expression} }}
        "#
    );
    only(&text).name.normal()
}

#[test]
fn expressions_are_evaluated_as_far_as_they_go() {
    for (expression, expected) in [
        ("var.open", "var.open"),
        ("\"kv-${var.open}\"", "kv-${var.open}"),
        ("\"kv-${random_string.r.result}\"", "kv-${random_string.r.result}"),
        ("\"${true}-${1.5}-${7 / 2 * 2}\"", "true-1.5-${multiply(divide(7, 2), 2)}"),
        ("var.list[0]", "'b'"),
        ("join(\",\", sort(var.list))", "'a,b'"),
        ("join(\",\", [for k, v in local.map : \"${k}${v}\"])", "'a1,b2'"),
        ("join(\",\", keys({ for k in var.list : upper(k) => k }))", "'A,B'"),
        ("join(\",\", [for i, v in var.list : \"${i}${v}\" if v != \"b\"])", "'1a'"),
        ("{ for v in [\"a\", \"b\", \"aa\"] : substr(v, 0, 1) => v... }[\"a\"][1]", "'aa'"),
        ("var.open == null ? \"a\" : \"b\"", "if(equals(var.open, null), 'a', 'b')"),
        ("local.map == null ? \"a\" : \"b\"", "'b'"),
        ("var.settings.name", "'n'"),
        ("try(var.settings.other, \"none\")", "'none'"),
        ("try(var.settings.size + 1, 0) > 3 ? \"big\" : \"small\"", "'big'"),
        ("coalesce(var.settings.none, \"\", \"c\")", "'c'"),
        ("lookup(local.map, \"c\", \"d\")", "'d'"),
        ("format(\"%s-%03d-%s\", \"a\", 7, var.open)", "a-007-${var.open}"),
        ("can(var.settings.name) && !can(var.settings.x.y) ? \"y\" : \"n\"", "'y'"),
        ("one([for v in var.list : v if v == \"a\"])", "'a'"),
        ("length(flatten([[1, [2]], [], [3]])) == 3 ? \"y\" : \"n\"", "'y'"),
        ("merge({ a = \"1\" }, null, { a = \"2\" }).a", "'2'"),
        ("element(var.list, 3)", "'a'"),
        ("compact([\"\", null, \"x\"])[0]", "'x'"),
        ("cidrsubnet(\"10.0.0.0/16\", 8, 2)", "'10.0.2.0/24'"),
        ("cidrsubnets(\"10.0.0.0/16\", 8, 4, 8)[1]", "'10.0.16.0/20'"),
        ("cidrhost(\"10.0.0.0/24\", -2)", "'10.0.0.254'"),
        ("cidrnetmask(\"10.0.0.0/20\")", "'255.255.240.0'"),
        ("contains(var.list, \"a\") ? \"y\" : \"n\"", "'y'"),
        ("jsondecode(\"{\\\"a\\\": [\\\"b\\\"]}\").a[0]", "'b'"),
        ("jsondecode(jsonencode({ a = var.open })).a", "var.open"),
        ("base64decode(base64encode(\"x\"))", "'x'"),
        ("trimsuffix(trimprefix(\"kv-a-x\", \"kv-\"), \"-x\")", "'a'"),
        ("replace(\"a-b\", \"-\", \"\")", "'ab'"),
        ("title(\"ab cd\")", "'Ab Cd'"),
        ("join(\"\", tolist(toset([\"b\", \"a\", \"b\"])))", "'ab'"),
        ("join(\"\", setproduct([\"a\"], [\"b\", \"c\"])[1])", "'ac'"),
        ("join(\"\", slice([\"a\", \"b\", \"c\"], 1, 3))", "'bc'"),
        ("join(\"\", [for v in range(3) : v])", "'012'"),
        ("max(1, 3, 2) == 3 && min([2, 1]...) == 1 ? \"y\" : \"n\"", "'y'"),
        ("\"%{ if var.list[0] == \"b\" }yes%{ else }no%{ endif }\"", "'yes'"),
        ("\"%{ for v in var.list }${v}.%{ endfor }\"", "'b.a.'"),
        ("regex(\"a+\", var.open)", "regex('a+', var.open)"),
        ("regex(\"a+\", \"aa\") == regex(\"a+\", \"aa\") ? \"y\" : \"n\"", "'y'"),
        ("sha256(\"a\") == sha256(\"a\") ? \"y\" : \"n\"", "'y'"),
        ("substr(md5(var.open), 0, 8)", "take(md5(var.open), 8)"),
        ("uuidv5(\"dns\", \"a\")", "uuidv5('dns', 'a')"),
        ("uuid() == uuid() ? \"y\" : \"n\"", "if(equals(uuid(1), uuid(2)), 'y', 'n')"),
        ("timeadd(\"2024-02-28T23:00:00Z\", \"1h30m\")", "'2024-02-29T00:30:00Z'"),
        ("timeadd(\"2024-01-01T00:00:00Z\", \"-24h\")", "'2023-12-31T00:00:00Z'"),
        ("timeadd(\"2024-01-01T00:00:00Z\", \"1.5h\")", "timeadd('2024-01-01T00:00:00Z', '1.5h')"),
        ("timeadd(timestamp(), \"1h\")", "timeadd(timestamp(), '1h')"),
        (
            "formatdate(\"YYYY-MM-DD hh:mm:ss (YY/M/D H)\", \"2024-03-04T15:06:07Z\")",
            "'2024-03-04 15:06:07 (24/3/4 3)'",
        ),
        ("formatdate(\"DD MMM\", \"2024-03-04T15:06:07Z\")", "formatdate('DD MMM', '2024-03-04T15:06:07Z')"),
        ("yamldecode(\"{\\\"a\\\": \\\"b\\\"}\").a", "'b'"),
        ("yamldecode(yamlencode({ a = var.open })).a", "var.open"),
        ("yamldecode(\"a: b\").a", "yamldecode('a: b').a"),
        (
            "templatestring(\"$${a}-$${b.c[0]}%%{ if d }!%%{ endif }\", { a = var.open, b = { c = [1] }, d = true })",
            "${var.open}-1!",
        ),
        ("templatestring(\"$${a}\", var.open)", "templatestring('${a}', var.open)"),
        ("provider::x::y(1)", "provider::x::y(1)"),
        ("\"a%{ if var.open }b%{ endif }\"", "if(var.open, 'ab', 'a')"),
    ] {
        assert_eq!(value(expression).trim_matches('\''), expected.trim_matches('\''), "{expression}");
    }
}

#[test]
fn copies_have_the_addresses_that_terraform_prints() {
    let lowered = expand(
        r#"
        variable "open" {}
        resource "azurerm_key_vault" "count" { 
          count = 2
          name  = "kv-${count.index}"
        }
        resource "azurerm_key_vault" "each" {
          for_each = { b = "2", a = "1" }
          name     = "kv-${each.key}${each.value}"
        }
        resource "azurerm_key_vault" "maybe" {
          count = var.open ? 1 : 0
          name  = "maybe"
        }
        resource "azurerm_key_vault" "some" {
          for_each = var.open
          name     = each.key
        }
        "#,
    );
    let shown: Vec<(String, String, bool)> = lowered
        .resources
        .iter()
        .map(|resource| (resource.address.clone(), resource.name.display(), resource.repeated))
        .collect();
    let expected = [
        ("azurerm_key_vault.count[0]", "kv-0", false),
        ("azurerm_key_vault.count[1]", "kv-1", false),
        ("azurerm_key_vault.each[\"a\"]", "kv-a1", false),
        ("azurerm_key_vault.each[\"b\"]", "kv-b2", false),
        ("azurerm_key_vault.maybe[0]", "maybe", false),
        ("azurerm_key_vault.some[*]", "each.key(var.open)", true),
    ];
    let expected: Vec<_> = expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c)).into();
    assert_eq!(shown, expected);
    let conditions: Vec<Truth> =
        lowered.resources.iter().map(|resource| resource.condition.is_true()).collect();
    assert!(conditions[4].is_unknown());
    assert!(conditions.iter().enumerate().all(|(at, truth)| at == 4 || truth.is_true()));
}

#[test]
fn what_a_default_switches_off_is_left_out_by_it() {
    let vault = only(
        r#"
        variable "on" { default = false }
        resource "azurerm_key_vault" "kv" { 
          count = var.on ? 1 : 0
          name  = "kv"
        }
        "#,
    );
    let Truth::False(assumed) = vault.condition.is_true() else { panic!("{:?}", vault.condition) };
    assert_eq!(assumed.names().collect::<Vec<_>>(), ["on"]);
}

#[test]
fn ids_are_those_that_references_give() {
    let lowered = expand(
        r#"
        resource "azurerm_resource_group" "rg" { name = "rg-${random_string.r.result}" }
        resource "random_string" "r" {}
        resource "azurerm_key_vault" "kv" {
          count               = 1
          name                = "kv"
          resource_group_name = azurerm_resource_group.rg.name
        }
        resource "azurerm_private_endpoint" "pe" {
          for_each  = { a = data.azurerm_subnet.s.id }
          name      = "pe"
          subnet_id = each.value
          private_service_connection {
            private_connection_resource_id = azurerm_key_vault.kv[0].id
            is_manual_connection           = false
          }
        }
        data "azurerm_subnet" "s" {
          name                 = "s"
          virtual_network_name = "v"
          resource_group_name  = azurerm_resource_group.rg.name
        }
        "#,
    );
    assert_eq!(lowered.problems, []);
    let of = |address: &str| {
        let found = lowered.resources.iter().find(|resource| resource.address == address);
        found.unwrap_or_else(|| panic!("{address}"))
    };
    let endpoint = &of("azurerm_private_endpoint.pe[\"a\"]").body;
    let connection = endpoint.path(&["properties", "privateLinkServiceConnections"]);
    let target = connection.as_array().unwrap()[0].get("privateLinkServiceId");
    assert_eq!(target.normal(), of("azurerm_key_vault.kv[0]").id.normal());
    assert_eq!(
        target.normal(),
        "${subscription().id}/resourceGroups/rg-${random_string.r.result}/providers/Microsoft.KeyVault/vaults/kv"
    );
    assert_eq!(
        endpoint.path(&["properties", "subnet", "id"]).normal(),
        of("data.azurerm_subnet.s").id.normal()
    );
    assert!(of("data.azurerm_subnet.s").referenced);
}

#[test]
fn dynamic_blocks_are_there_when_their_list_is() {
    let acls = |each: &str| {
        let text = format!(
            r#"
            variable "open" {{}}
            resource "azurerm_key_vault" "kv" {{
              name = "kv"
              dynamic "network_acls" {{
                for_each = {each}
                iterator = acl
                content {{ default_action = acl.value }}
              }}
            }}
            "#
        );
        only(&text).body.path(&["properties", "networkAcls"])
    };
    assert_eq!(acls("[\"Deny\"]").get("defaultAction").normal(), "'Deny'");
    assert!(acls("[]").is_null());
    assert_eq!(acls("var.open ? [\"Deny\"] : []").normal(), "if(var.open, {defaultAction: 'Deny'}, null)");
    assert!(acls("var.open").is_set().is_unknown());
}

#[test]
fn modules_pass_values_down_and_up() {
    let main = r#"
        variable "prefix" { default = "contoso" }
        module "a" {
          source   = "./modules/vault"
          for_each = toset(["x"])
          name     = "${var.prefix}-${each.key}"
        }
        resource "azurerm_role_assignment" "r" {
          name  = "r"
          scope = module.a["x"].inner.id
        }
    "#;
    let vault = r#"
        variable "name" { type = string }
        module "inner" {
          source = "../inner"
          name   = var.name
        }
        output "inner" { value = { id = module.inner.id } }
    "#;
    let inner = r#"
        variable "name" {}
        variable "group" { default = "rg" }
        resource "azurerm_key_vault" "kv" {
          name                = var.name
          resource_group_name = var.group
        }
        output "id" { value = azurerm_key_vault.kv.id }
    "#;
    let files = [("main.tf", main), ("modules/vault/main.tf", vault), ("modules/inner/main.tf", inner)];
    let lowered = expand_with(&files, &Inputs::default());
    assert_eq!(lowered.problems, []);
    let vault =
        lowered.resources.iter().find(|resource| &*resource.kind == "Microsoft.KeyVault/vaults").unwrap();
    assert_eq!(vault.address, "module.a[\"x\"].module.inner.azurerm_key_vault.kv");
    assert_eq!(vault.name.normal(), "'contoso-x'");
    assert_eq!(vault.name.assumed.names().collect::<Vec<_>>(), ["prefix"]);
    // A default inside a module is what the call surely gives.
    assert!(vault.body.assumed.is_empty());
    let role = &lowered.resources[0];
    assert!(role.id.normal().starts_with(&vault.id.normal()), "{}", role.id.normal());
    assert_eq!(lowered.used, ["modules/inner", "modules/vault"]);
}

#[test]
fn a_module_may_need_what_depends_on_it() {
    let main = r#"
        module "app" {
          source   = "./app"
          vault_id = module.vault.id
        }
        module "vault" {
          source    = "./vault"
          principal = module.app.principal
        }
    "#;
    let app = r#"
        variable "vault_id" {}
        resource "azurerm_linux_web_app" "app" {
          name                = "app"
          resource_group_name = "rg"
          app_settings        = { V = var.vault_id }
        }
        output "principal" { value = "p" }
    "#;
    let vault = r#"
        variable "principal" {}
        resource "azurerm_key_vault" "kv" {
          name                = "kv"
          resource_group_name = "rg"
        }
        resource "azurerm_role_assignment" "r" {
          scope        = azurerm_key_vault.kv.id
          principal_id = var.principal
        }
        output "id" { value = azurerm_key_vault.kv.id }
    "#;
    let files = [("main.tf", main), ("app/main.tf", app), ("vault/main.tf", vault)];
    let lowered = expand_with(&files, &Inputs::default());
    assert_eq!(lowered.problems, []);
    let role = lowered.resources.iter().find(|resource| resource.kind.ends_with("roleAssignments")).unwrap();
    assert_eq!(role.body.path(&["properties", "principalId"]).normal(), "'p'");
}

#[test]
fn an_index_after_an_output_is_into_the_output() {
    let module = r#"
        output "map" { value = { a = { id = "first" }, b = { id = "second" } } }
        output "list" { value = ["zero", "one"] }
    "#;
    let name = |expression: &str, argument: &str| {
        let main = format!(
            r#"
            module "m" {{
              source = "./m"
              {argument}
            }}
            resource "azurerm_key_vault" "kv" {{ name = {expression} }}
            "#
        );
        let files = [("main.tf", main.as_str()), ("m/main.tf", module)];
        expand_with(&files, &Inputs::default()).resources[0].name.normal()
    };
    for (expression, argument, expected) in [
        ("module.m.map[\"b\"].id", "", "'second'"),
        ("module.m.list[1]", "", "'one'"),
        ("module.m[0].list[1]", "count = 1", "'one'"),
        ("module.m[\"x\"].map[\"b\"].id", "for_each = toset([\"x\"])", "'second'"),
        ("try(module.m.map[\"c\"].id, \"none\")", "", "'none'"),
    ] {
        assert_eq!(name(expression, argument), expected, "{expression}");
    }
}

#[test]
fn modules_that_are_not_here_are_unknown() {
    let main = r#"
        module "local" { source = "./gone" }
        module "naming" {
          source  = "Azure/naming/azurerm"
          version = "0.4"
        }
        resource "azurerm_key_vault" "kv" { name = module.naming.key_vault.name_unique }
    "#;
    let lowered = expand(main);
    assert_eq!(lowered.missing, ["gone/"]);
    assert_eq!(lowered.summarized, [".terraform/modules/modules.json"]);
    assert!(lowered.partially_parsed);
    let problems: Vec<_> = lowered.problems.iter().map(|problem| problem.kind).collect();
    assert_eq!(problems, [ProblemKind::UnresolvedModule]);
    assert_eq!(lowered.resources[0].name.normal(), "module.naming.key_vault.name_unique");
}

#[test]
fn modules_that_were_downloaded_are_read() {
    let list = (
        "infra/.terraform/modules/modules.json",
        r#"{"Modules":[
            {"Key":"","Source":"","Dir":"."},
            {"Key":"kv","Source":"x/kv/azurerm","Dir":".terraform/modules/kv"},
            {"Key":"kv.inner","Source":"git::https://example.com/inner","Dir":".terraform/modules/kv.inner/sub"},
            {"Key":"plain","Source":"Azure/avm-res-keyvault-vault/azurerm","Dir":".terraform/modules/plain"}
        ]}"#,
    );
    let main = (
        "infra/main.tf",
        r#"
        module "kv" {
          source   = "x/kv/azurerm"
          for_each = toset(["a.b"])
        }
        "#,
    );
    let vault = (
        "infra/.terraform/modules/kv/main.tf",
        r#"
        resource "azurerm_key_vault" "this" { name = "kv" }
        module "inner" { source = "git::https://example.com/inner" }
        "#,
    );
    let inner = (
        "infra/.terraform/modules/kv.inner/sub/main.tf",
        r#"resource "azurerm_key_vault" "inner" { name = "inner" }"#,
    );
    let summarized = (
        "infra/main.tf",
        r#"
        module "plain" {
          source = "Azure/avm-res-keyvault-vault/azurerm"
          name   = "known"
        }
        "#,
    );
    // One step after the other: a host adds the files that `references` lists, and asks again.
    for (files, asked, addresses, hides) in [
        (vec![main], Some("infra/.terraform/modules/modules.json"), vec![], true),
        (vec![main, list], Some("infra/.terraform/modules/kv/"), vec![], true),
        (
            vec![main, list, vault],
            Some("infra/.terraform/modules/kv.inner/sub/"),
            vec!["module.kv[\"a.b\"].azurerm_key_vault.this"],
            true,
        ),
        (
            vec![main, list, vault, inner],
            None,
            vec![
                "module.kv[\"a.b\"].azurerm_key_vault.this",
                "module.kv[\"a.b\"].module.inner.azurerm_key_vault.inner",
            ],
            false,
        ),
        (
            vec![summarized],
            Some("infra/.terraform/modules/modules.json"),
            vec!["module.plain.azurerm_key_vault.this"],
            false,
        ),
        (
            vec![summarized, list],
            Some("infra/.terraform/modules/plain/"),
            vec!["module.plain.azurerm_key_vault.this"],
            false,
        ),
        // A list without it: there is nothing more to ask for.
        (vec![("infra/main.tf", "module \"new\" { source = \"x/kv/azurerm\" }"), list], None, vec![], true),
    ] {
        let read = parsed(&files);
        let modules = read.iter().filter(|file| file.path.ends_with(".tf"));
        assert_eq!(Written::new(modules).entries(), ["infra"]);
        let lowered = expand_in("infra", &files, &Inputs::default(), true);
        let found: Vec<_> = lowered.resources.iter().map(|resource| resource.address.as_str()).collect();
        assert_eq!((found, lowered.partially_parsed), (addresses, hides));
        assert_eq!(lowered.summarized, Vec::from_iter(asked));
        assert_eq!((lowered.missing, lowered.problems), (vec![], vec![]));
    }
}

#[test]
fn a_circle_of_modules_is_told() {
    let files = [
        ("main.tf", "module \"a\" { source = \"./a\" }"),
        ("a/main.tf", "module \"b\" { source = \"../b\" }"),
        ("b/main.tf", "module \"a\" { source = \"../a\" }"),
    ];
    let lowered = expand_with(&files, &Inputs::default());
    assert_eq!(lowered.problems.len(), 1);
    assert_eq!(lowered.problems[0].message, "module `../a` is called from inside itself");
    let itself = expand(
        "locals { a = local.b\n b = local.a }\nresource \"azurerm_key_vault\" \"kv\" { name = local.a }",
    );
    assert!(itself.resources[0].name.normal().contains("defined by itself"));
}

#[test]
fn values_of_variables_come_from_files_and_options() {
    let text =
        "variable \"name\" { default = \"a\" }\nresource \"azurerm_key_vault\" \"kv\" { name = var.name }";
    let given = |given: Vec<(Rc<str>, Value)>, parameters: Vec<(String, Value)>| {
        let inputs = Inputs { given, parameters, ..Inputs::default() };
        let name = expand_with(&[("main.tf", text)], &inputs).resources[0].name.clone();
        (name.normal(), name.assumed.is_empty())
    };
    let of = |value: &str| vec![(Rc::from("name"), Value::text(value))];
    assert_eq!(given(Vec::new(), Vec::new()), ("'a'".to_owned(), false));
    assert_eq!(given([of("b"), of("c")].concat(), Vec::new()), ("'c'".to_owned(), true));
    let single = vec![("name".to_owned(), Value::text("d"))];
    assert_eq!(given(of("b"), single), ("'d'".to_owned(), true));
    let source = Rc::new(read("x.tfvars", "name = \"e\"\nlist = [1, { a = true }]\n"));
    let file = File { id: FileId(0), path: "x.tfvars".to_owned(), text: "", source };
    let values: Vec<String> = expansion::literals(&file).iter().map(|(_, value)| value.normal()).collect();
    assert_eq!(values, ["'e'", "[1, {a: true}]"]);
}

#[test]
fn null_is_replaced_where_a_variable_does_not_take_it() {
    let module = |nullable: &str| {
        let inner = format!(
            "variable \"n\" {{\n default = \"d\"\n {nullable}\n}}\nresource \"azurerm_key_vault\" \"kv\" {{ name = coalesce(var.n, \"null\") }}"
        );
        let files = [("main.tf", "module \"m\" {\n source = \"./m\"\n n = null\n}"), ("m/main.tf", &inner)];
        expand_with(&files, &Inputs::default()).resources[0].name.normal()
    };
    assert_eq!(module(""), "'null'");
    assert_eq!(module("nullable = false"), "'d'");
}

#[test]
fn override_files_win() {
    let files = [
        ("main.tf", "resource \"azurerm_key_vault\" \"kv\" {\n name = \"a\"\n sku_name = \"standard\"\n}"),
        ("override.tf", "resource \"azurerm_key_vault\" \"kv\" { name = \"b\" }"),
    ];
    let lowered = expand_with(&files, &Inputs::default());
    assert_eq!(lowered.problems, []);
    let vault = &lowered.resources[0];
    assert_eq!(
        (vault.name.normal(), vault.body.path(&["properties", "sku", "name"]).normal()),
        ("'b'".to_owned(), "'standard'".to_owned())
    );
    assert_eq!(vault.name.place.unwrap().file, FileId(1));
    let twice = expand("resource \"azurerm_key_vault\" \"kv\" {}\nresource \"azurerm_key_vault\" \"kv\" {}");
    assert_eq!(twice.problems[0].kind, ProblemKind::DuplicateKey);
}

#[test]
fn json_is_another_way_to_write_it() {
    let text = r#"{
      "variable": { "name": { "type": "string", "default": "kv" } },
      "resource": { "azurerm_key_vault": { "main": {
        "name": "${var.name}-x",
        "network_acls": { "default_action": "Deny", "ip_rules": ["10.0.0.1"] }
      } } }
    }"#;
    let lowered = expand_with(&[("main.tf.json", text)], &Inputs::default());
    assert_eq!(lowered.problems, []);
    let vault = &lowered.resources[0];
    assert_eq!(
        (vault.address.as_str(), vault.name.normal()),
        ("azurerm_key_vault.main", "'kv-x'".to_owned())
    );
    let rules = vault.body.path(&["properties", "networkAcls", "ipRules"]);
    assert_eq!(rules.normal(), "[{value: '10.0.0.1'}]");
    let place = rules.as_array().unwrap()[0].place.unwrap().span;
    assert_eq!(text.get(place.start as usize..place.end as usize), Some("\"10.0.0.1\""));
}

#[test]
fn what_nothing_declares_is_told() {
    let lowered = expand(
        r#"
        locals { a = var.gone }
        resource "azurerm_key_vault" "kv" {
          name       = azurerm_resource_group.gone.name
          depends_on = [module.gone]
          dynamic "network_acls" {
            for_each = [1]
            content { default_action = network_acls.value }
          }
          lifecycle { ignore_changes = [network_acls] }
        }
        moved {
          from = azurerm_key_vault.old
          to   = azurerm_key_vault.kv
        }
        "#,
    );
    let mut messages: Vec<_> = lowered.problems.iter().map(|problem| problem.message.as_str()).collect();
    messages.sort_unstable();
    assert_eq!(
        messages,
        [
            "nothing declares the module `gone`",
            "nothing declares the resource `azurerm_resource_group.gone`",
            "nothing declares the variable `gone`",
        ]
    );
}

#[test]
fn every_generation_of_the_provider_is_read() {
    let policies = |attribute: &str| {
        let text = format!("resource \"azurerm_subnet\" \"s\" {{\n name = \"s\"\n {attribute}\n}}");
        only(&text).body.path(&["properties", "privateEndpointNetworkPolicies"]).normal()
    };
    assert_eq!(policies("private_endpoint_network_policies = \"Enabled\""), "'Enabled'");
    assert_eq!(policies("private_endpoint_network_policies_enabled = false"), "'Disabled'");
    assert_eq!(policies("enforce_private_link_endpoint_network_policies = true"), "'Disabled'");
    let link = |attributes: &str| {
        let text = format!(
            r#"
            resource "azurerm_private_dns_zone" "z" {{
              name                = "z"
              resource_group_name = "rg"
            }}
            resource "azurerm_private_dns_zone_virtual_network_link" "l" {{
              name = "l"
              {attributes}
            }}
            "#
        );
        let lowered = expand(&text);
        (lowered.resources[1].id.normal(), lowered.resources[1].name.normal())
    };
    let old = link("private_dns_zone_name = azurerm_private_dns_zone.z.name\n resource_group_name = \"rg\"");
    let new = link("private_dns_zone_id = azurerm_private_dns_zone.z.id");
    assert_eq!(old.0, new.0);
    assert_eq!((old.1.as_str(), new.1.as_str()), ("'z/l'", "'z/l'"));
}

#[test]
fn what_changes_another_resource_is_put_into_it() {
    let lowered = expand(
        r#"
        resource "azurerm_subnet" "s" {
          name                 = "s"
          virtual_network_name = "v"
          resource_group_name  = "rg"
        }
        resource "azurerm_subnet_network_security_group_association" "a" {
          subnet_id                 = azurerm_subnet.s.id
          network_security_group_id = "nsg"
        }
        resource "azurerm_key_vault" "kv" {
          name                = "kv"
          resource_group_name = "rg"
        }
        resource "azapi_update_resource" "u" {
          type        = "Microsoft.KeyVault/vaults@2024-11-01"
          resource_id = azurerm_key_vault.kv.id
          body        = { properties = { publicNetworkAccess = "SecuredByPerimeter" } }
        }
        "#,
    );
    assert_eq!(lowered.resources.len(), 2);
    let of = |at: usize, path: &[&str]| lowered.resources[at].body.get("properties").path(path).normal();
    assert_eq!(of(0, &["networkSecurityGroup", "id"]), "'nsg'");
    assert_eq!(of(1, &["publicNetworkAccess"]), "'SecuredByPerimeter'");
}

#[test]
fn texts_name_attributes_as_the_provider_does() {
    let cases = [
        ("azurerm_key_vault", "it has no `networkAcls`", "it has no `network_acls`"),
        ("azurerm_key_vault", "`defaultAction` is `Allow`", "`default_action` is `Allow`"),
        (
            "azurerm_key_vault",
            "`publicNetworkAccess` is `Disabled`",
            "`public_network_access_enabled` is `false`",
        ),
        ("azurerm_key_vault", "vault `Disabled` is open", "vault `Disabled` is open"),
        ("azurerm_key_vault", "resolutionPolicy", "resolutionPolicy"),
        ("azurerm_subnet", "set `resolutionPolicy`", "set `resolution_policy`"),
        ("azurerm_key_vault", "`subnets` `networkAcls", "`subnets` `network_acls"),
        ("azapi_resource", "`${subscription().id}/resourceGroups/a`", "`/subscriptions/…/resourceGroups/a`"),
        ("azapi_resource", "it has no `networkAcls`", "it has no `networkAcls`"),
    ];
    for (kind, text, expected) in cases {
        assert_eq!(words::in_own_words(text, kind), expected);
    }
}

#[test]
fn the_permission_model_has_a_default_up_to_version_four() {
    let vault = |requirement: &str, inside: &str| {
        only(&format!(
            r#"
            terraform {{
              required_providers {{ azurerm = {{ version = "{requirement}" }} }}
            }}
            resource "azurerm_key_vault" "kv" {{
              name = "kv"
              {inside}
            }}
            "#
        ))
    };
    let wanted =
        |vault: &Resource| vault.provider.as_ref().is_some_and(|provider| !provider.wanted.is_empty());
    let model = |vault: &Resource| vault.body.path(&["properties", "enableRbacAuthorization"]);
    for (requirement, is_wanted, default) in [
        ("~> 4.0", false, Some(false)),
        ("< 5", false, Some(false)),
        (">= 3.0", true, Some(false)),
        (">= 4.0, < 6.0", true, Some(false)),
        ("~> 5.0", true, None),
        (">= 5.1, != 5.2.0", true, None),
        ("5.0.0", true, None),
    ] {
        let found = vault(requirement, "");
        assert_eq!(wanted(&found), is_wanted, "{requirement}");
        assert_eq!(model(&found).as_bool(), default, "{requirement}");
        assert!(!model(&found).is_null(), "{requirement}");
        let written = vault(requirement, "rbac_authorization_enabled = true");
        assert!(!wanted(&written), "{requirement}");
        assert_eq!(model(&written).as_bool(), Some(true), "{requirement}");
        // The finding about its new name is at the argument.
        assert!(!wanted(&vault(requirement, "enable_rbac_authorization = true")), "{requirement}");
    }
    assert!(!wanted(&only("resource \"azurerm_key_vault\" \"kv\" { name = \"kv\" }")));
}

#[test]
fn names_have_case() {
    let lowered = expand(
        r#"
        variable "name" { default = "a" }
        variable "Name" { default = "b" }
        variable "open" {}
        variable "Open" {}
        locals {
          kv  = "c"
          Kv  = "d"
          map = { K = "e", k = "f" }
        }
        resource "azurerm_key_vault" "kv" { name = "${var.name}${var.Name}${local.kv}${local.Kv}" }
        resource "azurerm_key_vault" "Kv" { name = "${local.map.K}${local.map.k}${lookup(local.map, "k", "")}" }
        resource "azurerm_key_vault" "nested" {
          name = join("", [for K in ["x"] : join("", [for k in ["y"] : "${K}${k}"])])
        }
        resource "azurerm_key_vault" "none" {
          name = "${lookup({ K = "e" }, "k", "g")}${try({ K = "e" }.k, "h")}"
        }
        resource "azurerm_key_vault" "open" { name = "kv-${var.open}" }
        resource "azurerm_key_vault" "Open" { name = "kv-${var.Open}" }
        "#,
    );
    assert_eq!(lowered.problems, []);
    let names: Vec<String> = lowered.resources.iter().map(|resource| resource.name.display()).collect();
    assert_eq!(names, ["abcd", "eff", "xy", "gh", "kv-${var.open}", "kv-${var.Open}"]);
    let [.., open, capital] = lowered.resources.as_slice() else { panic!("{names:?}") };
    assert!(!open.id.is_alike(&capital.id));
    assert!(open.id.is_alike(&open.id.clone()));
    // What Azure calls something has none.
    let vault =
        |name: &str| only(&format!("resource \"azurerm_key_vault\" \"kv\" {{ name = \"{name}\" }}")).id;
    assert!(vault("KV-a").is_alike(&vault("kv-A")));
}

#[test]
fn blocks_of_json_are_those_of_hcl() {
    let hcl = r#"
        terraform {
          required_providers {
            azurerm = { version = ">= 4.0" }
          }
        }
        variable "rules" { default = ["20.0.0.1"] }
        variable "open" {}
        resource "azurerm_key_vault" "kv" {
          name = "kv"
          dynamic "network_acls" {
            for_each = ["Deny"]
            iterator = acl
            content {
              default_action = acl.value
              ip_rules       = var.rules
            }
          }
        }
        resource "azurerm_virtual_network" "net" {
          name = "net"
          dynamic "subnet" {
            for_each = toset(["a", "b"])
            content {
              name = subnet.key
              dynamic "delegation" {
                for_each = { web = "Microsoft.Web/serverFarms" }
                content {
                  name = delegation.key
                  service_delegation { name = delegation.value }
                }
              }
            }
          }
          dynamic "subnet" {
            for_each = var.open
            content { name = subnet.value }
          }
        }
        resource "azurerm_subnet" "s" {
          name                 = "s"
          virtual_network_name = "net"
          delegation {
            name = "d"
            dynamic "service_delegation" {
              for_each = [1]
              content { name = "Microsoft.Web/serverFarms" }
            }
          }
          lifecycle { ignore_changes = [service_endpoints, delegation[0].name] }
        }
        resource "azurerm_key_vault_secret" "s" {
          name       = "s"
          depends_on = [azurerm_subnet.s]
        }
    "#;
    let json = r#"{
      "//": "a ${comment}",
      "terraform": { "required_providers": { "azurerm": { "version": ">= 4.0" } } },
      "variable": { "rules": { "default": ["20.0.0.1"] }, "open": {} },
      "resource": {
        "azurerm_key_vault": {
          "kv": {
            "//": "ours",
            "name": "kv",
            "dynamic": {
              "network_acls": {
                "for_each": ["Deny"],
                "iterator": "acl",
                "content": { "default_action": "${acl.value}", "ip_rules": "${var.rules}" }
              }
            }
          }
        },
        "azurerm_virtual_network": {
          "net": {
            "name": "net",
            "dynamic": [
              {
                "subnet": {
                  "for_each": "${toset([\"a\", \"b\"])}",
                  "content": {
                    "name": "${subnet.key}",
                    "dynamic": {
                      "delegation": {
                        "for_each": { "web": "Microsoft.Web/serverFarms" },
                        "content": [
                          { "name": "${delegation.key}", "service_delegation": { "name": "${delegation.value}" } }
                        ]
                      }
                    }
                  }
                }
              },
              { "subnet": { "for_each": "${var.open}", "content": { "name": "${subnet.value}" } } }
            ]
          }
        },
        "azurerm_subnet": {
          "s": {
            "name": "s",
            "virtual_network_name": "net",
            "delegation": [
              {
                "name": "d",
                "dynamic": {
                  "service_delegation": [{ "for_each": [1], "content": { "name": "Microsoft.Web/serverFarms" } }]
                }
              }
            ],
            "lifecycle": { "ignore_changes": ["service_endpoints", "delegation[0].name"] }
          }
        },
        "azurerm_key_vault_secret": { "s": { "name": "s", "depends_on": ["azurerm_subnet.s"] } }
      }
    }"#;
    let lowered = [("main.tf", hcl), ("main.tf.json", json)].map(|(path, text)| {
        let made = expand_with(&[(path, text)], &Inputs::default());
        assert_eq!(made.problems, [], "{path}");
        let shown = made.resources.iter().map(|resource| {
            let provider = resource.provider.as_ref().unwrap();
            let (ignores, after) = (provider.ignores.join(" "), provider.after.clone());
            format!(
                "{} {} {ignores} {after:?} {}",
                resource.address,
                resource.body.normal(),
                provider.wanted.len()
            )
        });
        let mut shown: Vec<String> = shown.collect();
        shown.sort();
        shown
    });
    let [hcl, json] = lowered;
    assert_eq!(hcl.len(), 4);
    for (hcl, json) in hcl.iter().zip(&json) {
        assert_eq!(hcl, json);
    }
}

#[test]
fn outputs_are_what_modules_give_back() {
    let module = ("net/main.tf", "output \"zone\" { value = \"z\" }");
    let main = ("main.tf", "module \"net\" { source = \"./net\" }\noutput \"b\" { value = module.net.zone }");
    let outputs = expand_with(&[main, module], &Inputs::default()).outputs;
    let given: Vec<(&str, String)> =
        outputs.iter().map(|output| (output.address.as_str(), output.body.normal())).collect();
    assert_eq!(given, [("output.b", "'z'".to_owned()), ("module.net.output.zone", "'z'".to_owned())]);
}

#[test]
fn an_argument_is_written_once_in_a_block() {
    let text = "resource \"azurerm_key_vault\" \"kv\" {\n  name = \"a\"\n  network_acls {\n    bypass = \"None\"\n    bypass = \"None\"\n  }\n}";
    let read = parsed(&[("main.tf", text)]);
    let problems = read[0].problems();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(problems[0].kind, ProblemKind::DuplicateKey);
    assert_eq!(problems[0].place.span.start as usize, text.rfind("bypass").unwrap());
}

#[test]
fn what_is_encoded_as_json_stands_where_it_is_written() {
    let text = "resource \"azapi_resource\" \"kv\" {\n  type = \"Microsoft.KeyVault/vaults@2023-07-01\"\n  body = jsonencode({ properties = { publicNetworkAccess = \"Enabled\", tenantId = var.t } })\n}\nvariable \"t\" {}";
    let vault = only(text);
    let at = |value: &Value| value.place.map(|place| place.span.start as usize);
    let access = vault.body.path(&["properties", "publicNetworkAccess"]);
    assert_eq!((access.as_text(), at(&access)), (Some("Enabled"), text.find("\"Enabled")));
    assert_eq!(
        (vault.api_version.as_text(), at(&vault.api_version)),
        (Some("2023-07-01"), text.find("2023"))
    );
}

#[test]
fn names_of_resources_stand_where_they_are_used() {
    let text = "resource \"azurerm_subnet\" \"s\" { name = \"s\" }\nresource \"azurerm_private_endpoint\" \"p\" { subnet_id = azurerm_subnet.s.id }";
    let endpoint = expand(text).resources.remove(1);
    let place = endpoint.body.path(&["properties", "subnet", "id"]).place.unwrap();
    assert_eq!(place.span.start as usize, text.find("azurerm_subnet.s.id").unwrap());
}

#[test]
fn a_loop_makes_more_turns_than_azure_would() {
    assert_eq!(value("length([for n in range(1001) : n]) == 1001 ? \"all\" : \"no\""), "'all'");
}

#[test]
fn files_are_read_below_the_module_that_terraform_runs_in() {
    let main = r#"
        variable "open" {}
        locals { config = jsondecode(file("config.json")) }
        resource "azurerm_key_vault" "file" { name = local.config.name }
        resource "azurerm_key_vault" "template" {
          name = templatefile("${path.module}/name.tftpl", { suffix = var.open, list = ["a", "b"] })
        }
        resource "azurerm_key_vault" "absent" { name = file("absent.txt") }
        resource "azurerm_key_vault" "key" { name = "${file("~/.ssh/id")}${file("/etc/hosts")}" }
        resource "azurerm_key_vault" "loop" { name = templatefile("loop.tftpl", {}) }
        resource "azurerm_key_vault" "outside" { name = templatestring("$${var.open}", {}) }
        module "inner" { source = "./inner" }
    "#;
    let inner = r#"
        resource "azurerm_key_vault" "inner" {
          name = "${file("${path.module}/own.txt")}${file("${path.root}/name.txt")}"
        }
    "#;
    let files = [
        ("infra/main.tf", main),
        ("infra/inner/main.tf", inner),
        ("infra/config.json", r#"{ "name": "kv" }"#),
        ("infra/name.tftpl", "%{ for item in list }${item}%{ endfor }-${suffix}"),
        ("infra/loop.tftpl", "${templatefile(\"loop.tftpl\", {})}"),
        ("infra/inner/own.txt", "own"),
        ("infra/name.txt", "root"),
    ];
    let lowered = expand_in("infra", &files, &Inputs::default(), true);
    assert_eq!(lowered.problems, []);
    let names: Vec<String> = lowered.resources.iter().map(|resource| resource.name.normal()).collect();
    assert_eq!(names.get(..3).unwrap(), ["'kv'", "ab-${var.open}", "file('absent.txt')"]);
    assert_eq!(names[3], "${file('~/.ssh/id')}${file('/etc/hosts')}");
    assert!(names[4].starts_with("templatefile("), "{}", names[4]);
    assert!(!names[5].contains("var.open}") || names[5].contains("limit"), "{}", names[5]);
    assert_eq!(names[6], "'ownroot'");
    assert_eq!(lowered.missing, ["infra/absent.txt"]);
}

#[test]
fn modules_that_make_nothing_hide_nothing() {
    let lowered = summarized(
        r#"
        module "naming" {
          source = "Azure/naming/azurerm"
          suffix = ["prod"]
        }
        module "regions" { source = "registry.terraform.io/Azure/avm-utl-regions/azurerm" }
        resource "azurerm_key_vault" "kv" {
          name     = module.naming.key_vault.name_unique
          location = module.regions.regions[0].name
        }
        "#,
    );
    assert_eq!(lowered.problems, []);
    assert!(!lowered.partially_parsed && lowered.unread.is_empty());
    assert_eq!(lowered.resources.len(), 1);
    assert_eq!(lowered.resources[0].name.normal(), "module.naming.key_vault.name_unique");
    let other = summarized("module \"x\" { source = \"Azure/naming2/azurerm\" }");
    assert!(other.partially_parsed && !other.unread.is_empty());
}

#[test]
fn parts_of_modules_are_known_and_found_by_their_path() {
    let lowered = summarized(
        r#"
        module "subnet" {
          source            = "Azure/avm-res-network-virtualnetwork/azurerm//modules/subnet"
          name              = "endpoints"
          parent_id         = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/hub"
          address_prefixes  = ["10.0.1.0/24"]
          service_endpoints = ["Microsoft.KeyVault"]
        }
        "#,
    );
    assert!(!lowered.partially_parsed);
    let subnet = &lowered.resources[0];
    assert_eq!(subnet.name.normal(), "'hub/endpoints'");
    assert_eq!(
        subnet.body.path(&["properties", "serviceEndpoints"]).normal(),
        "[{service: 'Microsoft.KeyVault'}]"
    );
    let files = [
        ("main.tf", "module \"part\" {\n  source = \"x/kv/azurerm//modules/vault\"\n  name = \"kv\"\n}"),
        (
            ".terraform/modules/modules.json",
            r#"{"Modules":[{"Key":"part","Source":"x/kv/azurerm//modules/vault","Dir":".terraform/modules/part/modules/vault"}]}"#,
        ),
        (
            ".terraform/modules/part/modules/vault/main.tf",
            "variable \"name\" {}\nmodule \"up\" {\n  source = \"../..\"\n  name = var.name\n}",
        ),
        (
            ".terraform/modules/part/main.tf",
            "variable \"name\" {}\nresource \"azurerm_key_vault\" \"this\" {\n  name = var.name\n}",
        ),
    ];
    let lowered = expand_with(&files, &Inputs::default());
    assert_eq!((lowered.partially_parsed, lowered.missing.len(), lowered.summarized.len()), (false, 0, 0));
    assert_eq!(lowered.resources[0].address, "module.part.module.up.azurerm_key_vault.this");
    assert_eq!(lowered.resources[0].name.normal(), "'kv'");
}

#[test]
fn roles_of_a_known_vault_are_given_by_name_or_id() {
    let role = |named: &str| {
        let lowered = summarized(&format!(
            r#"
            variable "open" {{}}
            module "kv" {{
              source           = "Azure/avm-res-keyvault-vault/azurerm"
              name             = "kv"
              role_assignments = {{
                one = {{ role_definition_id_or_name = {named}, principal_id = "p" }}
              }}
            }}
            "#
        ));
        let is_role = |resource: &&Resource| resource.kind.ends_with("roleAssignments");
        let role = lowered.resources.iter().find(is_role).unwrap();
        role.body.path(&["properties", "roleDefinitionId"]).normal()
    };
    let reader = "/providers/Microsoft.Authorization/roleDefinitions/21090545-7ca7-4776-b22c-e363652d74d2";
    assert_eq!(role("\"Key Vault Reader\""), format!("'{reader}'"));
    let whole = format!("/subscriptions/s{reader}");
    assert_eq!(role(&format!("\"{whole}\"")), format!("'{whole}'"));
    assert!(role("var.open").contains("var.open"));
}

#[test]
fn a_dynamic_block_without_turns_is_no_list() {
    let vault = only(
        "variable \"policies\" {\n  default = []\n}\nresource \"azurerm_key_vault\" \"kv\" {\n  name = \"kv\"\n  dynamic \"access_policy\" {\n    for_each = var.policies\n    content {\n      object_id = access_policy.value\n    }\n  }\n}",
    );
    // An empty one would take away the policies that are there.
    assert!(vault.body.path(&["properties", "accessPolicies"]).is_null());
}
