//! Multiplication in Terraform: every construct with many elements around every expression with a large value.

use super::{Files, Inputs};

/// Short expressions with large values; `local.l` is a list of 1,000 texts, `local.m` an object of as many, `local.t` a long
/// text, `i` the index of the surrounding construct.
const LARGE: &[(&str, &str)] = &[
    ("a shared list", "local.l"),
    ("a loop", "[for x in local.l : \"${x}-${i}\"]"),
    ("a loop in a loop", "[for x in local.l : [for y in local.l : y]]"),
    ("a loop over an object", "{ for k, v in local.m : k => \"${v}${i}\" }"),
    ("groups", "{ for x in local.l : substr(x, 0, 3) => x... }"),
    ("a filter", "[for x in local.l : x if x != i]"),
    ("range", "range(0, 1000)"),
    ("setproduct", "setproduct(range(200), range(200))"),
    ("flatten", "flatten([local.l, [local.l, [local.l]]])"),
    ("concat", "concat(local.l, local.l, [i])"),
    ("merge", "merge(local.m, { a = i })"),
    ("toset", "toset(local.l)"),
    ("distinct", "distinct(local.l)"),
    ("sort", "sort(local.l)"),
    ("reverse", "reverse(local.l)"),
    ("chunklist", "chunklist(local.l, 2)"),
    ("keys", "keys(local.m)"),
    ("values", "values(local.m)"),
    ("zipmap", "zipmap(local.l, local.l)"),
    ("transpose", "transpose({ for x in range(1000) : \"k${x}\" => local.l })"),
    ("formatlist", "formatlist(\"%s-%s\", local.l, i)"),
    ("formatlist of a long text", "formatlist(\"${local.t}%s\", local.l)"),
    ("format", "format(\"%s%s\", local.t, i)"),
    ("join", "join(\",\", local.l)"),
    ("split", "split(\"a\", local.t)"),
    ("replace", "replace(local.t, \"a\", local.t)"),
    ("a template", "\"%{ for x in local.l }${x}${i}%{ endfor }\""),
    ("a heredoc", "<<E\n%{ for x in local.l }${x}\n%{ endfor }\nE\n"),
    ("templatestring", "templatestring(local.t, { a = local.l })"),
    ("templatefile", "templatefile(\"big.txt\", { a = local.l })"),
    ("file", "\"${file(\"big.txt\")}${i}\""),
    ("jsonencode", "jsonencode(local.m)"),
    ("jsondecode", "jsondecode(jsonencode(local.l))"),
    ("lookups", "[for x in local.l : lookup(local.m, x, i)]"),
    ("indices", "[for x in range(1000) : local.l[x]]"),
    ("contains", "[for x in local.l : contains(local.l, \"${x}${i}\")]"),
    ("try", "try(local.m[i], local.m.a.b.c, local.l)"),
    ("choices", "var.p == i ? local.l : concat(local.l, [i])"),
    ("conditions", "[for x in local.l : var.p == x ? x : i]"),
    ("open texts", "[for x in local.l : \"${var.p}${x}\"]"),
    ("many defaults", "[for x in local.l : \"${var.d}${x}\"]"),
    ("all copies", "azurerm_key_vault.other[*].name"),
    ("one copy of many", "azurerm_key_vault.other[i].name"),
    ("outputs of all copies", "module.other[*].o"),
    ("cidrsubnets", "[for x in range(1000) : cidrsubnet(\"10.0.0.0/8\", 16, x)]"),
];

/// Constructs with many elements around a value of [`LARGE`] (`VALUE`, in which `INDEX` is the index).
const MANY: &[(&str, &str, &str)] = &[
    (
        "copies",
        "resource \"azurerm_key_vault\" \"kv\" {\n  count = 1000\n  name = \"kv-${count.index}\"\n  tags = { a = VALUE }\n}\n",
        "count.index",
    ),
    (
        "copies for each",
        "resource \"azurerm_key_vault\" \"kv\" {\n  for_each = local.m\n  name = \"kv-${each.key}\"\n  network_acls {\n    default_action = \"Deny\"\n    bypass = \"None\"\n    ip_rules = VALUE\n  }\n}\n",
        "each.key",
    ),
    (
        "a module's copies",
        "module \"m\" {\n  source = \"./m\"\n  count = 1000\n  l = VALUE\n}\n",
        "count.index",
    ),
    (
        "a module's copies for each",
        "module \"m\" {\n  source = \"./m\"\n  for_each = local.m\n  l = VALUE\n}\n",
        "each.value",
    ),
    (
        "dynamic blocks",
        "resource \"azurerm_key_vault\" \"kv\" {\n  name = \"kv\"\n  dynamic \"access_policy\" {\n    for_each = local.l\n    content {\n      object_id = access_policy.value\n      key_permissions = VALUE\n    }\n  }\n}\n",
        "access_policy.value",
    ),
    (
        "dynamic in dynamic",
        "resource \"azurerm_key_vault\" \"kv\" {\n  name = \"kv\"\n  dynamic \"contact\" {\n    for_each = local.l\n    content {\n      dynamic \"x\" {\n        for_each = local.l\n        content {\n          email = VALUE\n        }\n      }\n    }\n  }\n}\n",
        "x.value",
    ),
    (
        "turns of a loop",
        "locals {\n  all = [for i in local.l : VALUE]\n}\nresource \"azurerm_key_vault\" \"kv\" {\n  name = \"kv\"\n  tags = { a = jsonencode(local.all) }\n}\n",
        "i",
    ),
    (
        "local values",
        "LOCALS\nresource \"azurerm_key_vault\" \"kv\" {\n  name = \"kv\"\n  tags = { a = jsonencode(local.x999) }\n}\n",
        "\"a\"",
    ),
    ("resources", "RESOURCES", "\"a\""),
];

/// What a module of [`MANY`] is given, and what the values refer to.
const AROUND: &str = "variable \"p\" {\n  type = string\n}\nvariable \"d\" {\n  default = \"d\"\n}\nlocals {\n  l = [for x in range(1000) : \"10.${floor(x / 256)}.${x % 256}.0/24\"]\n  m = { for x in range(1000) : \"k${x}\" => \"v${x}\" }\n  t = join(\"\", [for x in range(1000) : \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"])\n}\nresource \"azurerm_key_vault\" \"other\" {\n  count = 300\n  name = \"other-${count.index}\"\n}\nmodule \"other\" {\n  source = \"./o\"\n  count = 300\n}\n";

fn files(many: &str, turn: &str, large: &str) -> Files {
    let value = with_turn(large, turn);
    let one = |at: usize| {
        format!(
            "resource \"azurerm_key_vault\" \"kv{at}\" {{\n  name = \"kv-{at}\"\n  tags = {{ a = {value} }}\n}}\n"
        )
    };
    let local = |at: usize| {
        format!(
            "locals {{\n  x{at} = [{value}, {}]\n}}\n",
            if at == 0 { "1".to_owned() } else { format!("local.x{}", at - 1) }
        )
    };
    let text = match many {
        "RESOURCES" => (0..1000).map(one).collect(),
        _ if many.starts_with("LOCALS") => many.replace("LOCALS", &(0..1000).map(local).collect::<String>()),
        _ => many.replace("VALUE", &value),
    };
    let inner = "variable \"l\" {\n  type = any\n}\nresource \"azurerm_key_vault\" \"kv\" {\n  name = \"kv\"\n  tags = { a = var.l }\n}\noutput \"o\" {\n  value = var.l\n}\n";
    let of = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    vec![
        of("main.tf", &format!("{AROUND}{text}")),
        of("m/main.tf", inner),
        of("o/main.tf", "output \"o\" {\n  value = [for x in range(300) : x]\n}\n"),
        of("big.txt", &"a long text with ${a[0]} in it, ".repeat(4_000)),
    ]
}

/// The value where `i` is that turn.
fn with_turn(large: &str, turn: &str) -> String {
    let mut text = String::new();
    let mut before = ' ';
    let mut chars = large.chars().peekable();
    while let Some(c) = chars.next() {
        let is_whole = |c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-' && c != '.';
        let is_turn = c == 'i' && is_whole(before) && chars.peek().is_none_or(|next| is_whole(*next));
        match is_turn {
            true => text.push_str(turn),
            false => text.push(c),
        }
        before = c;
    }
    text
}

/// The words in the name of every pair: `make hostile` tries all of them.
const PAIR: &str = "Terraform pair";

/// Whether something is in a list so long that `make test` tries a few of it.
pub(super) fn is_left_out(name: &str) -> bool {
    let is_sample = |at: usize, many: &str| {
        LARGE.get(at * LARGE.len() / MANY.len()).is_some_and(|(large, _)| name == pair(many, large))
    };
    match name.starts_with(PAIR) {
        true => !MANY.iter().enumerate().any(|(at, (many, ..))| is_sample(at, many)),
        false => name.contains(" levels of ") && !name.ends_with("module.a[*].o"),
    }
}

fn pair(many: &str, large: &str) -> String {
    format!("{PAIR}: {many} of {large}")
}

pub(super) fn pairs(all: &mut Inputs) {
    for &(many, text, turn) in MANY {
        for &(large, value) in LARGE {
            all.files(&pair(many, large), "", move || files(text, turn, value));
        }
    }
    levels(all);
}

/// The same through several levels, and what stands alone.
fn levels(all: &mut Inputs) {
    let chain = |levels: usize, count: usize, output: &'static str| {
        move || -> Files {
            let of = |at: usize| {
                let call = format!("module \"a\" {{\n  source = \"../m{}\"\n  count = {count}\n}}\n", at + 1);
                let vault = if at == 0 {
                    "resource \"azurerm_key_vault\" \"kv\" {\n  name = jsonencode(module.a[*].o)\n}\n"
                } else {
                    ""
                };
                (format!("m{at}/main.tf"), format!("{call}output \"o\" {{\n  value = {output}\n}}\n{vault}"))
            };
            let last = (format!("m{levels}/main.tf"), "output \"o\" {\n  value = \"x\"\n}\n".to_owned());
            (0..levels).map(of).chain([last]).collect()
        }
    };
    for (name, levels, count) in [
        ("two levels of 1,000", 2, 1000),
        ("16 levels of 1,000", 16, 1000),
        ("16 levels of 2", 16, 2),
        ("5 levels of 6", 5, 6),
    ] {
        for output in [
            "module.a[*].o",
            "module.a[0].o",
            "flatten(module.a[*].o)",
            "[for x in range(100) : module.a[*].o]",
            "module.a",
        ] {
            all.files(
                &format!("modules: {name}, each gives back {output}"),
                "",
                chain(levels, count, output),
            );
        }
    }
    all.files("modules: a long list for 1,000 of them, converted", "too many evaluation steps", || {
        let of = |path: &str, text: &str| (path.to_owned(), text.to_owned());
        vec![
            of("main.tf", "module \"m\" {\n  source = \"./m\"\n  count = 1000\n  l = [for x in range(1000) : \"10.0.0.${x}\"]\n}\n"),
            of("m/main.tf", "variable \"l\" {\n  type = set(string)\n}\nresource \"azurerm_key_vault\" \"kv\" {\n  name = \"kv\"\n  network_acls {\n    default_action = \"Deny\"\n    bypass = \"None\"\n    ip_rules = var.l\n  }\n}\n"),
        ]
    });
    all.files("modules: a long default for 1,000 of them, converted", "", || {
        let of = |path: &str, text: &str| (path.to_owned(), text.to_owned());
        let texts: Vec<String> = (0..2_000).map(|at| format!("\"10.0.0.{at}\"")).collect();
        vec![
            of("main.tf", "module \"m\" {\n  source = \"./m\"\n  count = 1000\n}\n"),
            of("m/main.tf", &format!("variable \"l\" {{\n  type = map(object({{ a = optional(string, \"x\") }}))\n  default = {{ for x in [{}] : x => {{}} }}\n}}\nresource \"azurerm_key_vault\" \"kv\" {{\n  name = \"kv\"\n  tags = var.l\n}}\n", texts.join(", "))),
        ]
    });
    all.add("dynamic in dynamic in dynamic", "too many evaluation steps", "main.tf", || {
        let open = |kind: &str| format!("dynamic \"{kind}\" {{\nfor_each = range(1024)\ncontent {{\n");
        format!(
            "resource \"azurerm_key_vault\" \"kv\" {{\nname = \"kv\"\n{}{}{}z = \"b\"\n{}}}\n",
            open("contact"),
            open("x"),
            open("y"),
            "}\n}\n".repeat(3)
        )
    });
    all.add("20,000 blocks of one kind", "", "main.tf", || {
        format!("resource \"azurerm_virtual_network\" \"v\" {{\nname = \"v\"\n{}}}\nresource \"azurerm_key_vault\" \"kv\" {{\n  name = azurerm_virtual_network.v.subnet[0].name\n}}\n", "subnet {\nname = \"s\"\n}\n".repeat(20_000))
    });
    all.add("20,000 dynamic blocks of one kind", "", "main.tf", || {
        format!(
            "resource \"azurerm_virtual_network\" \"v\" {{\nname = \"v\"\n{}}}\n",
            "dynamic \"subnet\" {\nfor_each = [1]\ncontent {\nname = \"s\"\n}\n}\n".repeat(20_000)
        )
    });
    all.add("20,000 kinds of blocks and attributes", "", "main.tf", || {
        let of = |at: usize| format!("b{at} {{\na = 1\n}}\na{at} = 1\n");
        format!(
            "resource \"azurerm_key_vault\" \"v\" {{\nname = \"v\"\n{}}}\n",
            (0..20_000).map(of).collect::<String>()
        )
    });
    all.files("20,000 override files", "", || {
        let of = |at: usize| {
            (
                format!("x{at}_override.tf"),
                format!("resource \"azurerm_key_vault\" \"kv\" {{\n  a{at} = 1\n}}\n"),
            )
        };
        let first = (
            "main.tf".to_owned(),
            "resource \"azurerm_key_vault\" \"kv\" {\n  name = \"kv\"\n  count = 100\n}\n".to_owned(),
        );
        (0..20_000).map(of).chain([first]).collect()
    });
    all.files("1,000 files of variables with loops", "", || {
        let of = |at: usize| (format!("x{at}.auto.tfvars"), format!("v{at} = [for x in [for y in range(1000) : y] : [for z in range(1000) : [for w in range(1000) : z]]]\n"));
        let first = ("main.tf".to_owned(), "variable \"v1\" {}\nresource \"azurerm_key_vault\" \"kv\" {\n  name = jsonencode(var.v1)\n}\n".to_owned());
        (0..1_000).map(of).chain([first]).collect()
    });
    all.add("20,000 imports and copies", "", "main.tf", || {
        let of = |at: usize| format!("import {{\n  to = azurerm_key_vault.kv{at}[0]\n  id = \"x\"\n}}\n");
        let vault = |at: usize| format!("resource \"azurerm_key_vault\" \"kv{at}\" {{\n  count = 50\n  name = \"kv{at}-${{count.index}}\"\n}}\n");
        (0..20_000).map(of).chain((0..20).map(vault)).collect()
    });
    all.add("20,000 moved blocks", "", "main.tf", || {
        let of = |at: usize| {
            format!("moved {{\n  from = azurerm_key_vault.a{at}\n  to = azurerm_key_vault.a{}\n}}\n", at + 1)
        };
        (0..20_000)
            .map(of)
            .chain(["resource \"azurerm_key_vault\" \"a20000\" {\n  name = \"kv\"\n}\n".to_owned()])
            .collect()
    });
    all.add("20,000 associations of one subnet", "", "main.tf", || {
        let of = |at: usize| format!("variable \"c{at}\" {{\n  type = bool\n}}\nresource \"azurerm_subnet_network_security_group_association\" \"a{at}\" {{\n  count = var.c{at} ? 1 : 0\n  subnet_id = azurerm_subnet.s.id\n  network_security_group_id = \"x{at}\"\n}}\n");
        (0..20_000).map(of).chain(["resource \"azurerm_subnet\" \"s\" {\n  name = \"s\"\n  virtual_network_name = \"v\"\n  resource_group_name = \"rg\"\n}\nresource \"azurerm_key_vault\" \"kv\" {\n  name = \"kv\"\n}\n".to_owned()]).collect()
    });
    all.add("800 copies with one open name and what is about them", "rest is left out", "main.tf", || {
        let about = "resource \"azurerm_role_assignment\" \"r\" {\n  count = var.on ? 800 : 0\n  scope = azurerm_key_vault.kv[0].id\n  role_definition_name = \"Key Vault Secrets User\"\n  principal_id = var.name\n}\nresource \"azurerm_key_vault_access_policy\" \"p\" {\n  count = var.on ? 800 : 0\n  key_vault_id = azurerm_key_vault.kv[0].id\n  object_id = var.name\n  secret_permissions = [\"Get\"]\n}\nresource \"azurerm_monitor_diagnostic_setting\" \"d\" {\n  count = var.on ? 800 : 0\n  target_resource_id = azurerm_key_vault.kv[0].id\n  log_analytics_workspace_id = var.name\n  enabled_log {\n    category = var.name\n  }\n}\n";
        format!("variable \"on\" {{}}\nvariable \"name\" {{}}\nvariable \"rbac\" {{}}\nresource \"azurerm_key_vault\" \"kv\" {{\n  count = var.on ? 800 : 0\n  name = format(\"%s-kv\", var.name)\n  rbac_authorization_enabled = var.rbac\n}}\n{about}")
    });
    all.add("800 copies of each of two, each of which refers to the other's", "", "main.tf", || {
        let of = |name: &str, other: &str| format!("resource \"azurerm_key_vault\" \"{name}\" {{\n  count = 800\n  name = \"kv-{name}-${{count.index}}\"\n  tags = {{ a = azurerm_virtual_network.{other}[count.index].id, b = azurerm_virtual_network.{other}[*].id }}\n}}\nresource \"azurerm_virtual_network\" \"{other}\" {{\n  count = 800\n  name = \"v-{name}-${{count.index}}\"\n}}\n");
        [of("a", "b"), of("c", "d"), of("e", "f")].concat()
    });
    all.add("a value that rests on 20,000 defaults", "", "main.tf", || {
        let of = |at: usize| format!("variable \"p{at}\" {{\n  default = \"\"\n}}\n");
        let names: Vec<String> = (0..20_000).map(|at| format!("var.p{at}")).collect();
        format!(
            "{}resource \"azurerm_key_vault\" \"kv\" {{\n  name = join(\"\", [{}])\n}}\n",
            (0..20_000).map(of).collect::<String>(),
            names.join(", ")
        )
    });
}
