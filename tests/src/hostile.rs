//! Hostile texts, each with the expected report. `tests/tests/guards/hostile.rs` checks the reports, and `make hostile` measures
//! their time and memory.

mod terraform;

use std::fmt::Write;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// Processor time of this thread, where the system measures it: wall time would blame the engine for a busy machine.
pub fn spent() -> Duration {
    spent_by("thread-self")
}

/// What the first thread of this process has had.
pub fn spent_by_main() -> Duration {
    spent_by("self")
}

fn spent_by(thread: &str) -> Duration {
    static STARTED: LazyLock<Instant> = LazyLock::new(Instant::now);
    std::fs::read_to_string(format!("/proc/{thread}/schedstat"))
        .ok()
        .and_then(|line| line.split(' ').next()?.parse().ok())
        .map_or_else(|| STARTED.elapsed(), Duration::from_nanos)
}

/// Files by their paths.
pub type Files = Vec<(String, String)>;

/// A project that is hostile.
pub struct Input {
    /// What is tried, in a few words.
    pub name: String,
    /// Part of the report as JSON: what is said of it, or what an open question depends on; nothing where it is enough
    /// that it ends.
    pub says: &'static str,
    files: Box<dyn Fn() -> Files>,
}

impl Input {
    /// Whether it is so large that only `make hostile` tries it.
    pub fn is_large(&self) -> bool {
        if terraform::is_left_out(&self.name) {
            return true;
        }
        let is_sample =
            ["JSON commas", "Bicep brackets", "HCL list"].iter().any(|end| self.name.ends_with(end));
        let is_other_pair = self.name.starts_with("pair ") && !self.name.ends_with("; sample");
        let is_large = ["50 MB", "10^6", "fixes in a text"].iter().any(|what| self.name.contains(what));
        is_other_pair || (is_large && !is_sample)
    }

    /// Its files, made anew: some have tens of megabytes.
    pub fn files(&self) -> Files {
        (self.files)()
    }
}

/// The list that is being written.
#[derive(Default)]
struct Inputs(Vec<Input>);

impl Inputs {
    fn add(
        &mut self,
        name: &str,
        says: &'static str,
        path: &'static str,
        text: impl Fn() -> String + 'static,
    ) {
        self.files(name, says, move || vec![(path.to_owned(), text())]);
    }

    fn files(&mut self, name: &str, says: &'static str, files: impl Fn() -> Files + 'static) {
        self.0.push(Input { name: name.to_owned(), says, files: Box::new(files) });
    }
}

/// Every input there is.
pub fn inputs() -> Vec<Input> {
    let mut all = Inputs::default();
    nested(&mut all);
    long_lines(&mut all);
    doubled(&mut all);
    cyclic(&mut all);
    repeated(&mut all);
    multiplied(&mut all);
    linked(&mut all);
    characters(&mut all);
    pairs_of_values(&mut all);
    pairs_of_levels(&mut all);
    terraform::pairs(&mut all);
    all.0
}

/// How deep what is nested is nested.
const DEPTH: usize = 100_000;
/// The bytes of a long line.
const LINE: usize = 50_000_000;
/// How many resources a large file has.
const RESOURCES: usize = 1_000_000;

/// An ARM template of these sections, each `"name": …`.
pub fn template(sections: &str) -> String {
    format!(
        r#"{{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0", {sections} }}"#
    )
}

/// A template with a vault whose name is this JSON text.
fn named(sections: &str, name: &str) -> String {
    template(&format!(
        r#"{sections} "resources": [{{ "type": "Microsoft.KeyVault/vaults", "apiVersion": "2023-07-01", "name": {name}, "properties": {{}} }}]"#
    ))
}

/// Declarations in Bicep, and a vault whose name is this expression.
fn bicep(declarations: &str, name: &str) -> String {
    format!(
        "{declarations}\nresource kv 'Microsoft.KeyVault/vaults@2023-07-01' = {{\n  name: {name}\n  properties: {{}}\n}}\n"
    )
}

/// Blocks of Terraform, and a vault whose name is this expression.
fn module(blocks: &str, name: &str) -> String {
    format!("{blocks}\nresource \"azurerm_key_vault\" \"kv\" {{\n  name = {name}\n}}\n")
}

fn around(open: &str, inner: &str, close: &str) -> String {
    format!("{}{inner}{}", open.repeat(DEPTH), close.repeat(DEPTH))
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect::<Vec<_>>().join("\n")
}

fn nested(all: &mut Inputs) {
    const JSON: &[(&str, &str, &str)] = &[("arrays", "[", "]"), ("objects", "{\"a\":", "}")];
    for &(name, open, close) in JSON {
        all.add(&format!("JSON: nested {name}"), "nested more than 200 deep", "main.json", move || {
            named(&format!("\"variables\": {{ \"x\": {} }},", around(open, "1", close)), "\"kv\"")
        });
        all.add(&format!("JSON: unclosed {name}"), "nested more than 200 deep", "main.json", move || {
            named(&format!("\"variables\": {{ \"x\": {}", open.repeat(DEPTH)), "\"kv\"")
        });
    }
    const ARM: &[(&str, &str, &str)] = &[
        ("calls", "concat(", ")"),
        ("choices", "if(parameters('p'), 'b', ", ")"),
        ("indices", "variables('x')[", "]"),
        ("lambdas", "map(createArray(1, 2), lambda('x', ", "))"),
    ];
    for &(name, open, close) in ARM {
        all.add(&format!("ARM: nested {name}"), "longer than 24576 characters", "main.json", move || {
            named("", &format!("\"[{}]\"", around(open, "'a'", close)))
        });
        all.add(&format!("ARM: unclosed {name}"), "longer than 24576 characters", "main.json", move || {
            named("", &format!("\"[{}]\"", open.repeat(DEPTH)))
        });
    }
    for (name, part) in [("properties", ".a"), ("subscripts", "[0]")] {
        all.add(&format!("ARM: a chain of {name}"), "longer than 24576 characters", "main.json", move || {
            named("", &format!("\"[parameters('p'){}]\"", part.repeat(DEPTH)))
        });
    }
    const BICEP: &[(&str, &str, &str)] = &[
        ("arrays", "[", "]"),
        ("objects", "{ a: ", "}"),
        ("objects on lines", "{\na: ", "\n}"),
        ("parentheses", "(", ")"),
        ("interpolations", "'${", "}'"),
        ("ternaries", "p ? ", " : 1"),
        ("other branches", "p ? 1 : ", ""),
        ("calls", "concat(", ")"),
        ("negations", "!", ""),
        ("lambdas", "map([1, 2], x => ", ")"),
        ("loops", "[for x in [1, 2]: ", "]"),
        ("sums", "1 + ", ""),
        ("fallbacks", "p ?? ", ""),
        ("subscripts", "p[", "]"),
    ];
    for &(name, open, close) in BICEP {
        all.add(&format!("Bicep: nested {name}"), "nested more than 64 deep", "main.bicep", move || {
            bicep("param p bool", &around(open, "1", close))
        });
        all.add(&format!("Bicep: unclosed {name}"), "nested more than 64 deep", "main.bicep", move || {
            bicep("param p bool", &open.repeat(DEPTH))
        });
    }
    const BICEP_CHAINS: &[(&str, &str)] = &[
        ("properties", ".a"),
        ("elements", "[0]"),
        ("assertions", "!"),
        ("calls", ".a()"),
        ("resources", "::a"),
    ];
    for &(name, part) in BICEP_CHAINS {
        all.add(&format!("Bicep: a chain of {name}"), "nested more than 64 deep", "main.bicep", move || {
            bicep("param p object", &format!("p{}", part.repeat(DEPTH)))
        });
    }
    for (name, open, close) in [("types", "{ a: ", " }"), ("lists of types", "(", ")[]")] {
        all.add(&format!("Bicep: nested {name}"), "nested more than 64 deep", "main.bicep", move || {
            bicep(&format!("param p {}", around(open, "string", close)), "'kv'")
        });
    }
    all.add("Bicep: nested resources", "nested more than 64 deep", "main.bicep", || {
        around("resource a 'Microsoft.KeyVault/vaults@2023-07-01' = {\n", "", "}\n")
    });
    all.add("Bicep: a long union", "retires on", "main.bicep", || {
        bicep(&format!("param p {}", around("'a' | ", "string", "")), "'kv'")
    });
    all.add("Bicep: decorators", "retires on", "main.bicep", || {
        bicep(&format!("{}param p string", "@secure()\n".repeat(DEPTH)), "p")
    });
    const HCL: &[(&str, &str, &str)] = &[
        ("parentheses", "(", ")"),
        ("lists", "[", "]"),
        ("objects", "{ a = ", "}"),
        ("templates", "\"${", "}\""),
        ("calls", "lower(", ")"),
        ("negations", "!", ""),
        ("ternaries", "true ? 1 : ", ""),
        ("conditions", "(true ? ", " : 1)"),
        ("loops", "[for x in [1]: ", "]"),
        ("sums", "1 + ", ""),
        ("indices", "var.v[", "]"),
    ];
    for &(name, open, close) in HCL {
        all.add(&format!("HCL: nested {name}"), "nested too deeply", "main.tf", move || {
            module("variable \"v\" {}", &around(open, "1", close))
        });
        all.add(&format!("HCL: unclosed {name}"), "nested too deeply", "main.tf", move || {
            module("variable \"v\" {}", &open.repeat(DEPTH))
        });
    }
    for (name, part) in
        [("attributes", ".a"), ("elements", "[0]"), ("splats", "[*]"), ("legacy splats", ".*")]
    {
        all.add(&format!("HCL: a chain of {name}"), "nested too deeply", "main.tf", move || {
            module("variable \"v\" {}", &format!("var.v{}", part.repeat(DEPTH)))
        });
    }
    all.add("HCL: heredocs in heredocs", "no line ends this text", "main.tf", || {
        module("variable \"v\" {}", &around("<<E\n${", "1", "}\nE\n"))
    });
    all.add("HCL: heredocs without end", "no line ends this text", "main.tf", || {
        module("variable \"v\" {}", &"<<E\n${".repeat(DEPTH))
    });
    all.add("HCL: nested blocks", "nested too deeply", "main.tf", || around("a {\n", "", "}\n"));
    all.add("HCL: unclosed blocks", "nested too deeply", "main.tf", || "a {\n".repeat(DEPTH));
    all.add("HCL: nested blocks of a vault", "nested too deeply", "main.tf", || {
        format!(
            "resource \"azurerm_key_vault\" \"kv\" {{\n  name = \"kv\"\n{}}}\n",
            around("dynamic \"network_acls\" {\ncontent {\n", "", "}\n}\n")
        )
    });
    all.add("HCL: directives", "nested too deeply", "main.tf", || {
        module("", &format!("\"{}\"", around("%{ if true }", "", "%{ endif }")))
    });
    all.add("HCL: types", "nested too deeply", "main.tf", || {
        module(&format!("variable \"v\" {{\n  type = {}\n}}", around("list(", "string", ")")), "\"kv\"")
    });
    all.add("HCL in JSON: nested objects", "nested more than 200 deep", "main.tf.json", || {
        format!("{{\"locals\": {}}}", around("{\"a\":", "1", "}"))
    });
    all.add("Azure JSON: nested", "nested more than 200 deep", "rows.json", || {
        format!(
            r#"{{"id":"/subscriptions/0/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv","name":"kv","type":"Microsoft.KeyVault/vaults","properties":{{"vaultUri":"u","x":{}}}}}"#,
            around("[", "", "]")
        )
    });
    all.add("plan: nested modules", "nested more than 200 deep", "plan.json", || {
        format!(
            r#"{{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{{"root_module":{}}}}}"#,
            around(r#"{"child_modules":["#, "", "]}")
        )
    });
}

fn long_lines(all: &mut Inputs) {
    let letters = || "a".repeat(LINE);
    all.add("a line of 50 MB: JSON text", "text too long", "main.json", move || {
        named(&format!("\"variables\": {{ \"x\": \"{}\" }},", letters()), "\"[variables('x')]\"")
    });
    all.add("a line of 50 MB: JSON escapes", "too large: what follows is not read", "main.json", || {
        named(
            &format!("\"variables\": {{ \"x\": \"{}\" }},", "\\u0061".repeat(LINE / 6)),
            "\"[variables('x')]\"",
        )
    });
    all.add("a line of 50 MB: JSON brackets", "nested more than 200 deep", "main.json", || {
        template(&format!("\"resources\": {}", "[".repeat(LINE)))
    });
    all.add(
        "a line of 50 MB: JSON pairs of brackets",
        "too large: what follows is not read",
        "main.json",
        || template(&format!("\"resources\": [{}]", "[],".repeat(LINE / 3))),
    );
    all.add("a line of 50 MB: JSON numbers", "too large: what follows is not read", "main.json", || {
        template(&format!("\"resources\": [{}1]", "1,".repeat(LINE / 2)))
    });
    all.add("a line of 50 MB: JSON quotes", "too large: what follows is not read", "main.json", || {
        template(&format!("\"resources\": [{}]", "\"".repeat(LINE)))
    });
    all.add("a line of 50 MB: JSON commas", "too large: what follows is not read", "main.json", || {
        template(&format!("\"resources\": [{}]", ",".repeat(LINE)))
    });
    all.add("a line of 50 MB: JSON comments", "too large: what follows is not read", "main.json", || {
        template(&format!("\"resources\": [{}]", "/**/".repeat(LINE / 4)))
    });
    all.add("a line of 50 MB: one expression", "", "main.json", || {
        named("", &format!("\"[concat({}'a')]\"", "'a',".repeat(LINE / 4)))
    });
    all.add("a line of 50 MB: not ours", "", "main.json", move || format!("microsoft. {}", letters()));
    all.add("a line of 50 MB: rows", "", "rows.json", || {
        "{\"id\":\"/subscriptions/0\",\"vaultUri\":\"\"}".repeat(LINE / 39)
    });
    all.add("a line of 50 MB: Bicep word", "", "main.bicep", letters);
    all.add("a line of 50 MB: Bicep text", "", "main.bicep", move || bicep("", &format!("'{}'", letters())));
    all.add(
        "a line of 50 MB: Bicep interpolations",
        "too large: what follows is not read",
        "main.bicep",
        || bicep("param p string", &format!("'{}'", "${p}".repeat(LINE / 4))),
    );
    all.add("a line of 50 MB: Bicep brackets", "too large: what follows is not read", "main.bicep", || {
        format!("var x = {}", "[".repeat(LINE))
    });
    all.add("a line of 50 MB: Bicep list", "too large: what follows is not read", "main.bicep", || {
        format!("var x = [{}]", "1,".repeat(LINE / 2))
    });
    all.add("a line of 50 MB: Bicep quotes", "", "main.bicep", || format!("var x = {}", "'".repeat(LINE)));
    all.add("a line of 50 MB: Bicep sum", "too large: what follows is not read", "main.bicep", || {
        format!("var x = {}1", "1+".repeat(LINE / 2))
    });
    all.add("a line of 50 MB: Bicep at signs", "too large: what follows is not read", "main.bicep", || {
        "@".repeat(LINE)
    });
    all.add("a line of 50 MB: Bicep comments", "too large: what follows is not read", "main.bicep", || {
        "/**/".repeat(LINE / 4)
    });
    all.add("a line of 50 MB: HCL word", "", "main.tf", letters);
    all.add("a line of 50 MB: HCL text", "", "main.tf", move || module("", &format!("\"{}\"", letters())));
    all.add("a line of 50 MB: HCL template", "too large: what follows is not read", "main.tf", || {
        module("variable \"v\" {}", &format!("\"{}\"", "${var.v}".repeat(LINE / 8)))
    });
    all.add("a line of 50 MB: HCL brackets", "nested too deeply", "main.tf", || {
        format!("locals {{\n x = {}\n}}", "[".repeat(LINE))
    });
    all.add("a line of 50 MB: HCL list", "too large: what follows is not read", "main.tf", || {
        format!("locals {{\n x = [{}]\n}}", "1,".repeat(LINE / 2))
    });
    all.add("a line of 50 MB: HCL quotes", "too large: what follows is not read", "main.tf", || {
        format!("locals {{\n x = {}\n}}", "\"".repeat(LINE))
    });
    all.add("a line of 50 MB: HCL sum", "nested too deeply", "main.tf", || {
        format!("locals {{\n x = {}1\n}}", "1+".repeat(LINE / 2))
    });
    all.add("a line of 50 MB: HCL blocks", "too large: what follows is not read", "main.tf", || {
        "a{}".repeat(LINE / 3)
    });
    all.add("a line of 50 MB: HCL dots", "nested too deeply", "main.tf", || {
        module("", &format!("var{}", ".a".repeat(LINE / 2)))
    });
    all.add("50 MB of lines: empty, JSON", "too large: what follows is not read", "main.json", || {
        named(&"\n".repeat(LINE), "\"kv\"")
    });
    all.add("50 MB of lines: empty, Bicep", "too large: what follows is not read", "main.bicep", || {
        bicep(&"\n".repeat(LINE), "'kv'")
    });
    all.add("50 MB of lines: empty, HCL", "too large: what follows is not read", "main.tf", || {
        module(&"\n".repeat(LINE), "\"kv\"")
    });
    all.add("50 MB of lines: Bicep variables", "too large: what follows is not read", "main.bicep", || {
        lines(LINE / 16, |at| format!("var v{at} = 1"))
    });
    all.add("50 MB of lines: HCL locals", "too large: what follows is not read", "main.tf", || {
        format!("locals {{\n{}\n}}\n", lines(LINE / 16, |at| format!("v{at} = 1")))
    });
}

fn doubled(all: &mut Inputs) {
    const CALLS: &[(&str, &str)] = &[
        ("concat", "concat(X, X)"),
        ("format", "format('{0}{0}', X)"),
        ("join", "join(createArray(X, X), '')"),
        ("replace", "replace(X, 'a', 'aa')"),
        ("string", "string(createArray(X, X))"),
        ("createObject", "createObject('a', X, 'b', X)"),
        ("union", "union(createObject('a', X), createObject('b', X))"),
        ("map", "map(createArray(1, 2), lambda('y', X))"),
        ("base64", "base64(X)"),
        ("uriComponent", "uriComponent(concat('%', X))"),
        ("json", "string(json(string(createArray(X, X))))"),
        ("resourceId", "resourceId('a/b', concat(X, X))"),
        ("if", "if(parameters('b'), concat('a', X), concat('b', X))"),
    ];
    for &(name, call) in CALLS {
        for (kind, first) in [("known", "aaaaaaaa"), ("open", "[parameters('p')]")] {
            all.add(&format!("doubled: ARM {name}, {kind}"), "nests its values too deeply", "main.json", move || {
                let next = |at: usize| format!("\"v{}\": \"[{}]\"", at + 1, call.replace('X', &format!("variables('v{at}')")));
                let rest = (0..200).map(next).collect::<Vec<_>>().join(", ");
                named(
                    &format!(r#""parameters": {{ "p": {{ "type": "string" }}, "b": {{ "type": "bool" }} }}, "variables": {{ "v0": "{first}", {rest} }},"#),
                    "\"[string(variables('v200'))]\"",
                )
            });
        }
    }
    const BICEP: &[(&str, &str)] = &[
        ("interpolation", "'${X}${X}'"),
        ("join", "join([X, X], '')"),
        ("replace", "replace(X, 'a', 'aa')"),
        ("lists", "string([X, X])"),
        ("loop", "join(map(range(0, 2), i => X), '')"),
        ("ternary", "b ? 'a${X}' : 'b${X}'"),
        ("object", "string({ a: X, b: X })"),
    ];
    for &(name, call) in BICEP {
        for (kind, first) in [("known", "'aaaaaaaa'"), ("open", "p")] {
            all.add(
                &format!("doubled: Bicep {name}, {kind}"),
                "nests its values too deeply",
                "main.bicep",
                move || {
                    let next =
                        |at: usize| format!("var v{} = {}", at + 1, call.replace('X', &format!("v{at}")));
                    bicep(
                        &format!("param p string\nparam b bool\nvar v0 = {first}\n{}", lines(200, next)),
                        "v200",
                    )
                },
            );
        }
    }
    const HCL: &[(&str, &str)] = &[
        ("template", "\"${X}${X}\""),
        ("format", "format(\"%s%s\", X, X)"),
        ("join", "join(\"\", [X, X])"),
        ("replace", "replace(X, \"a\", \"aa\")"),
        ("jsonencode", "jsonencode([X, X])"),
        ("loop", "join(\"\", [for y in range(2) : X])"),
        ("ternary", "var.b ? \"a${X}\" : \"b${X}\""),
        ("templatestring", "join(X, [X, X, X])"),
    ];
    for &(name, call) in HCL {
        for (kind, first) in [("known", "\"aaaaaaaa\""), ("open", "var.p")] {
            all.add(
                &format!("doubled: HCL {name}, {kind}"),
                "nests its values too deeply",
                "main.tf",
                move || {
                    let next =
                        |at: usize| format!("  v{} = {}", at + 1, call.replace('X', &format!("local.v{at}")));
                    module(
                        &format!(
                            "variable \"p\" {{}}\nvariable \"b\" {{}}\nlocals {{\n  v0 = {first}\n{}\n}}",
                            lines(200, next)
                        ),
                        "local.v200",
                    )
                },
            );
        }
    }
}

fn cyclic(all: &mut Inputs) {
    const ARM: &[(&str, &str)] = &[
        ("variable", r#""variables": { "a": "[variables('a')]" },"#),
        (
            "two variables",
            r#""variables": { "a": "[concat(variables('b'), variables('b'))]", "b": "[concat(variables('a'), variables('a'))]" },"#,
        ),
        (
            "parameter",
            r#""parameters": { "a": { "type": "string", "defaultValue": "[parameters('a')]" } }, "variables": { "a": "[parameters('a')]" },"#,
        ),
        (
            "function",
            r#""functions": [{ "namespace": "n", "members": { "f": { "parameters": [], "output": { "type": "string", "value": "[concat(n.f(), n.f())]" } } } }], "variables": { "a": "[n.f()]" },"#,
        ),
    ];
    for &(name, sections) in ARM {
        all.add(&format!("cycle: ARM {name}"), "by", "main.json", move || {
            named(sections, "\"[variables('a')]\"")
        });
    }
    all.add("cycle: 100,000 ARM variables", "nests its values too deeply", "main.json", || {
        let of = |at: usize| format!("\"v{at}\": \"[variables('v{}')]\"", (at + 1) % DEPTH);
        named(
            &format!("\"variables\": {{ {} }},", (0..DEPTH).map(of).collect::<Vec<_>>().join(",")),
            "\"[variables('v0')]\"",
        )
    });
    all.add("cycle: Bicep variable", "Microsoft.KeyVault", "main.bicep", || bicep("var a = a", "a"));
    all.add("cycle: Bicep function", "too many evaluation steps", "main.bicep", || {
        bicep("func f() string => '${f()}${f()}'", "f()")
    });
    all.add("cycle: Bicep type", "Microsoft.KeyVault", "main.bicep", || {
        bicep("type t = { a: t? }\nparam p t", "p.a.a.a.a.a")
    });
    all.add("cycle: Bicep parameter", "Microsoft.KeyVault", "main.bicep", || {
        bicep("param a string = a", "a")
    });
    all.add("cycle: Bicep resource", "Microsoft.KeyVault", "main.bicep", || {
        bicep("", "kv.properties.vaultUri")
    });
    all.add("cycle: 100,000 Bicep variables", "nests its values too deeply", "main.bicep", || {
        bicep(&lines(DEPTH, |at| format!("var v{at} = v{}", (at + 1) % DEPTH)), "v0")
    });
    all.add("a chain of 100,000 Bicep variables", "nests its values too deeply", "main.bicep", || {
        bicep(
            &format!("{}\nvar v{DEPTH} = 'kv'", lines(DEPTH, |at| format!("var v{at} = v{}", at + 1))),
            "v0",
        )
    });
    all.add("cycle: HCL local", "by", "main.tf", || module("locals {\n  a = local.a\n}", "local.a"));
    all.add("cycle: 100,000 HCL locals", "nests its values too deeply", "main.tf", || {
        module(
            &format!("locals {{\n{}\n}}", lines(DEPTH, |at| format!("v{at} = local.v{}", (at + 1) % DEPTH))),
            "local.v0",
        )
    });
    all.add("cycle: HCL resource", "Microsoft.KeyVault", "main.tf", || {
        module("", "azurerm_key_vault.kv.name")
    });
    all.add("cycle: HCL module outputs", "called from inside itself", "main.tf", || {
        module("module \"m\" {\n  source = \"./\"\n}\noutput \"o\" {\n  value = module.m.o\n}", "module.m.o")
    });
    all.files("cycle: Bicep modules", "deploys itself", || {
        let of = |next: &str| bicep(&format!("module m '{next}.bicep' = {{\n  name: 'm'\n}}\nmodule n '{next}.bicep' = {{\n  name: 'n'\n}}\noutput o string = m.outputs.o"), "m.outputs.o");
        vec![("a.bicep".to_owned(), of("b")), ("b.bicep".to_owned(), of("a"))]
    });
    all.files("cycle: Bicep imports", "Microsoft.KeyVault", || {
        let of = |next: &str| {
            format!(
                "import * as n from '{next}.bicep'\n@export()\nvar v = '${{n.v}}${{n.v}}'\n{}",
                bicep("", "v")
            )
        };
        vec![("a.bicep".to_owned(), of("b")), ("b.bicep".to_owned(), of("a"))]
    });
    all.files("cycle: Bicep parameters", "Microsoft.KeyVault", || {
        vec![
            (
                "a.bicepparam".to_owned(),
                "using 'a.bicep'\nextends 'b.bicepparam'\nparam p = 'x'\n".to_owned(),
            ),
            (
                "b.bicepparam".to_owned(),
                "using 'a.bicep'\nextends 'a.bicepparam'\nparam p = 'x'\n".to_owned(),
            ),
            ("a.bicep".to_owned(), bicep("param p string", "p")),
        ]
    });
    all.files("cycle: Terraform modules", "called from inside itself", || {
        let of = |next: &str| {
            module(
                &format!(
                    "module \"m\" {{\n  source = \"../{next}\"\n}}\noutput \"o\" {{\n  value = module.m.o\n}}"
                ),
                "module.m.o",
            )
        };
        vec![("a/main.tf".to_owned(), of("b")), ("b/main.tf".to_owned(), of("a"))]
    });
    all.files("cycle: linked templates", "deploys itself", || {
        let of = |next: &str| {
            let link = |name: &str| format!(r#"{{ "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "{name}", "properties": {{ "mode": "Incremental", "templateLink": {{ "relativePath": "{next}.json" }} }} }}"#);
            template(&format!(r#""resources": [{}, {}], "outputs": {{ "o": {{ "type": "string", "value": "[reference('d').outputs.o.value]" }} }}"#, link("d"), link("e")))
        };
        vec![("a.json".to_owned(), of("b")), ("b.json".to_owned(), of("a"))]
    });
    all.files("modules in modules, 20 times each", "too many resources", || {
        (0..12)
            .map(|at| {
                (
                    format!("m{at}.bicep"),
                    bicep(
                        &format!(
                            "module m 'm{}.bicep' = [for i in range(0, 20): {{\n  name: 'm${{i}}'\n}}]",
                            at + 1
                        ),
                        "'kv'",
                    ),
                )
            })
            .collect()
    });
}

fn repeated(all: &mut Inputs) {
    all.add("copies: 10^9 in ARM", "copies, not 1000000000", "main.json", || {
        template(r#""resources": [{ "type": "Microsoft.KeyVault/vaults", "apiVersion": "2023-07-01", "name": "[concat('kv', copyIndex())]", "copy": { "name": "l", "count": 1000000000 }, "properties": {} }]"#)
    });
    all.add("copies: properties in properties", "too many evaluation steps", "main.json", || {
        let copies = |name: &str, input: &str| {
            format!(r#"{{ "copy": [{{ "name": "{name}", "count": 800, "input": {input} }}] }}"#)
        };
        let three = copies("a", &copies("b", &copies("c", "\"[copyIndex('c')]\"")));
        named(&format!("\"variables\": {{ \"x\": {three} }},"), "\"[string(variables('x'))]\"")
    });
    all.add("copies: deployments in deployments", "too many resources", "main.json", || {
        let mut inner = r#"{ "type": "Microsoft.KeyVault/vaults", "apiVersion": "2023-07-01", "name": "kv", "properties": {} }"#.to_owned();
        for depth in 0..8 {
            inner = format!(
                r#"{{ "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "[concat('d{depth}-', copyIndex())]", "copy": {{ "name": "l{depth}", "count": 800 }}, "properties": {{ "mode": "Incremental", "template": {} }} }}"#,
                template(&format!("\"resources\": [{inner}]"))
            );
        }
        template(&format!("\"resources\": [{inner}]"))
    });
    all.add("copies: 10^9 in Bicep", "makes 0 to 10000 numbers", "main.bicep", || {
        "resource kv 'Microsoft.KeyVault/vaults@2023-07-01' = [for i in range(0, 1000000000): {\n  name: 'kv${i}'\n  properties: {}\n}]\n".to_owned()
    });
    all.add("copies: 10^9 in Terraform", "too many copies", "main.tf", || {
        "resource \"azurerm_key_vault\" \"kv\" {\n  count = 1000000000\n  name = \"kv-${count.index}\"\n}\n"
            .to_owned()
    });
    all.add("10^6 resources: ARM", "too many resources", "main.json", || {
        let of = |at: usize| format!(r#"{{"type":"Microsoft.KeyVault/vaults","apiVersion":"2023-07-01","name":"kv{at}","properties":{{}}}}"#);
        template(&format!("\"resources\": [{}]", (0..RESOURCES).map(of).collect::<Vec<_>>().join(",")))
    });
    all.add("10^6 resources: rows", "those behind them are not read", "rows.json", || {
        lines(RESOURCES, |at| format!(r#"{{"id":"/subscriptions/0/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv{at}","name":"kv{at}","type":"Microsoft.KeyVault/vaults","properties":{{"vaultUri":""}}}}"#))
    });
    all.add("10^6 resources: a list", "those behind them are not read", "rows.json", || {
        let of = |at: usize| format!(r#"{{"id":"/subscriptions/0/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv{at}","name":"kv{at}","type":"Microsoft.KeyVault/vaults","properties":{{"vaultUri":""}}}}"#);
        format!("[{}]", (0..RESOURCES).map(of).collect::<Vec<_>>().join(","))
    });
    all.add("10^6 resources: Bicep", "too many resources", "main.bicep", || {
        lines(RESOURCES, |at| {
            format!("resource kv{at} 'Microsoft.KeyVault/vaults@2023-07-01' = {{\n name: 'kv{at}'\n}}")
        })
    });
    all.add("10^6 resources: Terraform", "too many resources", "main.tf", || {
        lines(RESOURCES, |at| format!("resource \"azurerm_key_vault\" \"kv{at}\" {{\n name = \"kv{at}\"\n}}"))
    });
}

fn multiplied(all: &mut Inputs) {
    const HCL: &[(&str, &str)] = &[
        ("range", "range(1000000000)"),
        ("setproduct", "setproduct(range(1000), range(1000), range(1000))"),
        (
            "flatten",
            "flatten([for a in range(1000) : [for b in range(1000) : [for c in range(1000) : [a, b, c]]]])",
        ),
        (
            "loops over loops",
            "[for x in [for y in [for z in range(1024) : range(1024)] : [for a in y : range(1024)]] : x]",
        ),
        ("loops of open values", "[for x in range(1024) : [for y in range(1024) : \"${var.v}${x}${y}\"]]"),
        (
            "objects",
            "{ for x in range(1024) : x => { for y in range(1024) : y => { for z in range(1024) : z => x } } }",
        ),
        ("groups", "{ for x in setproduct(range(1000), range(1000)) : \"a\" => x... }"),
        ("chunks", "[for x in range(1024) : chunklist(range(1024), 1)]"),
        ("sorted", "[for x in range(1024) : sort(reverse(range(1024)))]"),
        ("merged", "merge([for x in range(1024) : { for y in range(1024) : \"${x}-${y}\" => y }]...)"),
        ("width", "format(\"%999999999d\", 1)"),
        (
            "repeated text",
            "join(\"\", [for x in range(1024) : join(\"\", [for y in range(1024) : \"aaaaaaaaaaaaaaaa\"])])",
        ),
        ("expression", "replace(join(\"\", range(1024)), \"/(a*)*b/\", \"x\")"),
    ];
    for &(name, expression) in HCL {
        all.add(&format!("multiplied: HCL {name}"), "", "main.tf", move || {
            module("variable \"v\" {}", &format!("jsonencode({expression})"))
        });
        all.add(&format!("multiplied: HCL {name}, for each"), "", "main.tf", move || {
            format!("variable \"v\" {{}}\nresource \"azurerm_key_vault\" \"kv\" {{\n  for_each = toset({expression})\n  name = each.key\n}}\n")
        });
    }
    const BICEP: &[(&str, &str)] = &[
        ("range", "range(0, 1000000000)"),
        ("flatten", "flatten(map(range(0, 10000), x => map(range(0, 10000), y => range(0, 10000))))"),
        ("loops", "[for x in range(0, 10000): map(range(0, 10000), y => '${p}${x}${y}')]"),
        ("reduce", "reduce(range(0, 10000), [], (a, b) => concat(a, range(0, 10000)))"),
        ("sort", "sort(range(0, 10000), (a, b) => length(filter(range(0, 10000), c => c < a)) < b)"),
        ("groupBy", "groupBy(range(0, 10000), x => string(map(range(0, 10000), y => x)))"),
        ("union", "map(range(0, 10000), x => union(range(0, 10000), range(5000, 10000)))"),
        ("intersection", "map(range(0, 10000), x => intersection(range(0, 10000), range(5000, 10000)))"),
        ("interpolation", "map(range(0, 10000), x => '${padLeft('a', 200000)}${x}')"),
        (
            "lookups",
            "map(range(0, 10000), x => map(range(0, 10000), y => o['k${y}']))\nvar o = toObject(range(0, 10000), x => 'k${x}')",
        ),
        ("spread", "map(range(0, 10000), x => [...range(0, 10000)])"),
        ("padLeft", "padLeft('a', 2000000000)"),
        ("split", "split(padLeft('', 200000, ','), ',')"),
        (
            "toObject",
            "toObject(range(0, 10000), x => string(x), x => toObject(range(0, 10000), y => string(y)))",
        ),
    ];
    for &(name, expression) in BICEP {
        all.add(&format!("multiplied: Bicep {name}"), "", "main.bicep", move || {
            bicep(&format!("param p string\nvar v = {expression}"), "string(v)")
        });
        all.add(&format!("multiplied: Bicep {name}, a loop over it"), "", "main.bicep", move || {
            format!("param p string\nvar v = {expression}\nresource kv 'Microsoft.KeyVault/vaults@2023-07-01' = [for x in v: {{\n  name: string(x)\n  properties: {{ networkAcls: {{ ipRules: v }} }}\n}}]\n")
        });
    }
}

/// How many resources there are of each type that may be linked to any of the others.
const OPEN: usize = 4_000;
/// How many files a large project has.
const FILES: usize = 2_000;

fn linked(all: &mut Inputs) {
    all.add("open ids: ARM", "too many ids", "main.json", || {
        let of = |at: usize| {
            [
                r#"{"type":"Microsoft.KeyVault/vaults","apiVersion":"2023-07-01","name":"[parameters('kvAT')]","properties":{}}"#,
                r#"{"type":"Microsoft.Network/privateEndpoints","apiVersion":"2023-04-01","name":"[parameters('peAT')]","properties":{"subnet":{"id":"[parameters('subnetAT')]"},"privateLinkServiceConnections":[{"name":"c","properties":{"privateLinkServiceId":"[parameters('toAT')]","groupIds":["vault"]}}]}}"#,
                r#"{"type":"Microsoft.Network/virtualNetworks","apiVersion":"2023-04-01","name":"[parameters('netAT')]","properties":{"subnets":[{"name":"[parameters('snetAT')]"}]}}"#,
                r#"{"type":"Microsoft.Network/privateDnsZones","apiVersion":"2020-06-01","name":"[parameters('zoneAT')]"}"#,
                r#"{"type":"Microsoft.Network/privateDnsZones/virtualNetworkLinks","apiVersion":"2020-06-01","name":"[concat(parameters('linkedAT'), '/l')]","properties":{"virtualNetwork":{"id":"[parameters('linkAT')]"}}}"#,
                r#"{"type":"Microsoft.Network/privateEndpoints/privateDnsZoneGroups","apiVersion":"2023-04-01","name":"[concat(parameters('groupedAT'), '/g')]","properties":{"privateDnsZoneConfigs":[{"name":"c","properties":{"privateDnsZoneId":"[parameters('groupAT')]"}}]}}"#,
            ]
            .join(",")
            .replace("AT", &at.to_string())
        };
        let names = ["kv", "pe", "subnet", "to", "net", "snet", "zone", "linked", "link", "grouped", "group"];
        let parameter = |name: String| format!(r#""{name}":{{"type":"string"}}"#);
        let parameters = names.iter().flat_map(|name| (0..OPEN).map(move |at| parameter(format!("{name}{at}"))));
        let resources: Vec<String> = (0..OPEN).map(of).collect();
        template(&format!(
            r#""parameters": {{ {} }}, "resources": [{}]"#,
            parameters.collect::<Vec<_>>().join(","),
            resources.join(",")
        ))
    });
    let all_of = |of: &dyn Fn(usize) -> String| (0..DEPTH / 2).map(of).collect::<Vec<_>>().join(",");
    all.add("50,000 names, each used: ARM", "Microsoft.KeyVault", "main.json", move || {
        let parameters = all_of(&|at| format!(r#""p{at}":{{"type":"string","defaultValue":"a"}}"#));
        let variables = all_of(&|at| format!(r#""v{at}":"[parameters('p{at}')]""#));
        let outputs = all_of(&|at| format!(r#""o{at}":{{"type":"string","value":"[variables('v{at}')]"}}"#));
        named(
            &format!(r#""parameters":{{{parameters}}},"variables":{{{variables}}},"outputs":{{{outputs}}},"#),
            "\"kv\"",
        )
    });
    all.add("50,000 names, each used: Bicep", "Microsoft.KeyVault", "main.bicep", || {
        let of =
            |at: usize| format!("param p{at} string = 'a'\nvar v{at} = p{at}\noutput o{at} string = v{at}");
        bicep(&lines(DEPTH / 2, of), "'kv'")
    });
    all.add("20,000 variables that loops make, each used: ARM", "Microsoft.KeyVault", "main.json", || {
        let all_of = |of: &dyn Fn(usize) -> String| (0..DEPTH / 5).map(of).collect::<Vec<_>>().join(",");
        let copies = all_of(&|at| format!(r#"{{"name":"v{at}","count":1,"input":"a"}}"#));
        let outputs = all_of(&|at| format!(r#""o{at}":{{"type":"array","value":"[variables('v{at}')]"}}"#));
        named(&format!(r#""variables":{{"copy":[{copies}]}},"outputs":{{{outputs}}},"#), "\"kv\"")
    });
    all.files("50,000 parameters, each given: ARM", "Microsoft.KeyVault", move || {
        let parameters = all_of(&|at| format!(r#""p{at}":{{"type":"string"}}"#));
        let given = all_of(&|at| format!(r#""p{at}":{{"reference":{{"keyVault":{{"id":"x"}},"secretName":"s"}}}}"#));
        let outputs = all_of(&|at| format!(r#""o{at}":{{"type":"string","value":"[parameters('p{at}')]"}}"#));
        vec![
            ("main.json".to_owned(), named(&format!(r#""parameters":{{{parameters}}},"outputs":{{{outputs}}},"#), "\"kv\"")),
            (
                "main.parameters.json".to_owned(),
                format!(r#"{{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#","contentVersion":"1.0.0.0","parameters":{{{given}}}}}"#),
            ),
        ]
    });
    all.files("an alias in a long configuration, in a loop", "Microsoft.KeyVault", || {
        let aliases = (0..DEPTH / 5).map(|at| format!(r#""a{at}":{{"registry":"example.azurecr.io"}}"#));
        let config = format!(r#"{{"moduleAliases":{{"br":{{{}}}}}}}"#, aliases.collect::<Vec<_>>().join(","));
        let text = "import * as n from 'br/a1:x:1'\nmodule m 'br/a1:y:1' = [for i in range(0, 800): {\n  name: 'm${i}'\n}]\nvar v = [for i in range(0, 800): n.f('${i}')]";
        vec![("main.bicep".to_owned(), bicep(text, "string(v)")), ("bicepconfig.json".to_owned(), config)]
    });
    all.add("lists of variables of variables in a loop: Bicep", "Microsoft.KeyVault", "main.bicep", || {
        let next = |at: usize| format!("var v{} = [{}]", at + 1, format!("v{at}, ").repeat(100));
        let levels = lines(15, next);
        bicep(&format!("var v0 = 1\n{levels}\nvar w = [for x in v15: [for y in [v15]: y]]"), "'kv'")
    });
    all.add("50,000 names, each used: HCL", "gives back too much", "main.tf", || {
        let of = |at: usize| {
            format!("variable \"p{at}\" {{\n  default = \"a\"\n}}\nlocals {{\n  v{at} = var.p{at}\n}}\noutput \"o{at}\" {{\n  value = local.v{at}\n}}")
        };
        module(&lines(DEPTH / 2, of), "\"kv\"")
    });
    all.add("fixes in a text of one line: ARM", "rest is left out", "main.json", || {
        let of = |at: usize| format!(r#"{{"type":"Microsoft.KeyVault/vaults","apiVersion":"2023-07-01","name":"kv-vault{at}","properties":{{"networkAcls":{{"defaultAction":"Allow"}}}}}}"#);
        template(&format!("\"resources\": [{}]", (0..RESOURCES / 50).map(of).collect::<Vec<_>>().join(",")))
    });
    all.add("fixes in a text without indentation: Bicep", "rest is left out", "main.bicep", || {
        lines(RESOURCES / 50, |at| format!("resource kv{at} 'Microsoft.KeyVault/vaults@2023-07-01' = {{\nname: 'kv-vault{at}'\nproperties: {{ networkAcls: {{ defaultAction: 'Allow' }} }}\n}}"))
    });
    all.add("fixes in a text without indentation: Terraform", "rest is left out", "main.tf", || {
        lines(RESOURCES / 50, |at| format!("resource \"azurerm_key_vault\" \"kv{at}\" {{\nname = \"kv-vault{at}\"\nnetwork_acls {{\ndefault_action = \"Allow\"\nbypass = \"None\"\n}}\n}}"))
    });
    let project = |path: &'static str, text: &'static str| {
        move || {
            let of = |at: usize| {
                let (number, next) = (at.to_string(), (at + 1).to_string());
                let filled = |text: &str| text.replace("AT", &number).replace("NEXT", &next);
                (filled(path), filled(text))
            };
            (0..FILES).map(of).collect()
        }
    };
    let vault = r#"{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0","resources":[{"type":"Microsoft.KeyVault/vaults","apiVersion":"2023-07-01","name":"kv-vaultAT","properties":{}}]}"#;
    all.files("2,000 files: ARM", "kv-vault1999", project("folderAT/main.json", vault));
    all.files(
        "2,000 files: rows",
        "kv-vault1999",
        project(
            "rows/AT.json",
            r#"{"id":"/subscriptions/0/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv-vaultAT","name":"kv-vaultAT","type":"Microsoft.KeyVault/vaults","properties":{"vaultUri":""}}"#,
        ),
    );
    all.files(
        "2,000 files: Bicep",
        "kv-vault1999",
        project(
            "folderAT/main.bicep",
            "resource kv 'Microsoft.KeyVault/vaults@2023-07-01' = {\n  name: 'kv-vaultAT'\n  properties: {}\n}\n",
        ),
    );
    all.files(
        "2,000 files: Bicep, a chain of modules",
        "nested too deeply",
        project(
            "mAT.bicep",
            "module next 'mNEXT.bicep' = {\n  name: 'next'\n}\nresource kv 'Microsoft.KeyVault/vaults@2023-07-01' = {\n  name: 'kv-vaultAT'\n  properties: {}\n}\n",
        ),
    );
    all.files("2,000 files: Bicep parameters", "kv-vault1998", || {
        let of = |at: usize| match at % 2 {
            0 => (format!("m{at}.bicep"), bicep("param name string", "name")),
            _ => {
                let template = at - 1;
                (
                    format!("m{template}.bicepparam"),
                    format!("using 'm{template}.bicep'\nparam name = 'kv-vault{template}'\n"),
                )
            }
        };
        (0..FILES).map(of).collect()
    });
    all.files("2,000 files: Bicep modules", "kv-vault1999", || {
        let module = |at: usize| format!("module m{at} 'm{at}.bicep' = {{\n  name: 'm{at}'\n}}");
        let of = |at: usize| (format!("m{at}.bicep"), bicep("", &format!("'kv-vault{at}'")));
        (1..FILES).map(of).chain([("main.bicep".to_owned(), lines(FILES - 1, |at| module(at + 1)))]).collect()
    });
    all.files("2,000 files: Terraform modules", "kv-vault1999", || {
        let call = |at: usize| format!("module \"m{at}\" {{\n  source = \"./m{at}\"\n}}");
        let of = |at: usize| (format!("m{at}/main.tf"), module("", &format!("\"kv-vault{at}\"")));
        (1..FILES).map(of).chain([("main.tf".to_owned(), lines(FILES - 1, |at| call(at + 1)))]).collect()
    });
    all.files(
        "2,000 files: Terraform",
        "kv-vault1999",
        project("folderAT/main.tf", "resource \"azurerm_key_vault\" \"kv\" {\n  name = \"kv-vaultAT\"\n}\n"),
    );
    all.files(
        "2,000 files: Terraform, one module",
        "kv-vault1999",
        project("kvAT.tf", "resource \"azurerm_key_vault\" \"kvAT\" {\n  name = \"kv-vaultAT\"\n}\n"),
    );
    all.files(
        "2,000 files: Terraform, a chain of modules",
        "nested too deeply",
        project(
            "mAT/main.tf",
            "module \"next\" {\n  source = \"../mNEXT\"\n}\nresource \"azurerm_key_vault\" \"kv\" {\n  name = \"kv-vaultAT\"\n}\n",
        ),
    );
    all.files("2,000 files: not ours", "", project("AT.json", r#"{"name":"microsoft.AT"}"#));
}

/// What makes more of a value X, in Bicep.
const VALUES: &[(&str, &str)] = &[
    ("list", "[X, X]"),
    ("object", "{ a: X, b: X }"),
    ("spread", "[...[X], ...[X]]"),
    ("map", "map(range(0, 100), i => X)"),
    ("filter", "filter(range(0, 100), i => length(string(X)) > i)"),
    ("reduce", "reduce(range(0, 100), [], (a, b) => concat(a, [X]))"),
    ("sort", "sort(range(0, 100), (a, b) => string(X) < string(a))"),
    ("groupBy", "groupBy(range(0, 100), i => '${i}${string(X)}')"),
    ("toObject", "toObject(range(0, 100), i => string(i), i => X)"),
    ("join", "join([string(X), string(X)], '')"),
    ("replace", "replace(string(X), 'a', 'aaaaaaaa')"),
    ("format", "format('{0}{0}{0}', string(X))"),
    ("padLeft", "padLeft(string(X), 200000)"),
    ("json", "json(string([X]))"),
    ("base64", "base64(string(X))"),
    ("split", "split(string(X), 'a')"),
    ("union", "union({ a: X, c: { d: X } }, { b: X, c: { e: X } })"),
    ("intersection", "intersection([X], [X])"),
    ("choice", "b ? X : [X]"),
    ("function", "f(X)"),
];

/// Which pairs are tried by every test run: each construct once as the outer and once as the inner one.
fn sampled(name: String, outer: usize, inner: usize, count: usize) -> String {
    if (outer * 3 + 1) % count == inner { name + "; sample" } else { name }
}

/// Levels, each made of the one below by two of these, over a value that is long, has many elements or is open; and copies.
fn pairs_of_values(all: &mut Inputs) {
    for (at, &(outer_name, outer)) in VALUES.iter().enumerate() {
        for (other, &(inner_name, inner)) in VALUES.iter().enumerate() {
            let payload = ["padLeft('', 1000, 'a')", "range(0, 1000)", "p"][(at + other) % 3];
            let name =
                sampled(format!("pair of values: {outer_name} of {inner_name}"), at, other, VALUES.len());
            all.add(&name, "", "main.bicep", move || {
                let level = outer.replace('X', &format!("({inner})"));
                let next = |at: usize| {
                    format!("var v{} = {}", at + 1, level.replace('X', &format!("v{at}")))
                };
                let head = "param p string\nparam b bool\nfunc f(x string) object => { a: x, b: [x, x] }";
                let copies = "resource n 'Microsoft.Network/virtualNetworks@2023-04-01' = [for i in range(0, 100): {\n  name: 'n${i}'\n  tags: { a: v6, b: v1 }\n}]";
                bicep(&format!("{head}\nvar v0 = {payload}\n{}\n{copies}", lines(6, next)), "string(v6)")
            });
        }
    }
}

/// How a template deploys the one below it, in JSON: what stands around the copies.
const LEVELS: &[&str] = &[
    "links",
    "links in a loop",
    "inner templates in a loop",
    "outer templates in a loop",
    "modules",
    "modules in a loop",
    "imports",
];
/// What each level adds.
const PAYLOADS: &[&str] = &[
    "nothing",
    "a vault",
    "a doubled text",
    "a doubled list",
    "outputs",
    "a loop of literals",
    "a loop of resources",
    "a long expression",
    "a user function",
    "references",
    "defaults",
    "open names",
];

/// Templates in one another, in every way, each of which adds something.
fn pairs_of_levels(all: &mut Inputs) {
    for (at, &level) in LEVELS.iter().enumerate() {
        for (other, &payload) in PAYLOADS.iter().enumerate() {
            // Each way once, and with no more findings than a report of every test may have.
            let is_sample = other == (at * 5 + 4) % PAYLOADS.len();
            let end = if is_sample { "; sample" } else { "" };
            all.files(&format!("pair of levels: {level} with {payload}{end}"), "", move || match level {
                "modules" | "modules in a loop" | "imports" => {
                    (0..=16).map(|at| bicep_level(at, level, payload)).collect()
                }
                "links" | "links in a loop" => (0..=16)
                    .map(|at| {
                        let inner = format!(r#""templateLink": {{ "relativePath": "m{}.json" }}"#, at + 1);
                        (
                            format!("m{at}.json"),
                            arm_level(at, (at < 16).then_some(inner.as_str()), level, payload),
                        )
                    })
                    .collect(),
                _ => {
                    let scope = if level.starts_with("inner") { "inner" } else { "outer" };
                    let text = (0..8).rev().fold(arm_level(8, None, level, payload), |below, at| {
                        let inner = format!(
                            r#""expressionEvaluationOptions": {{ "scope": "{scope}" }}, "template": {below}"#
                        );
                        arm_level(at, Some(&inner), level, payload)
                    });
                    vec![("m0.json".to_owned(), text)]
                }
            });
        }
    }
}

fn arm_level(at: usize, inner: Option<&str>, level: &str, payload: &str) -> String {
    let (passed, kind) = match payload {
        "a doubled text" => ("[concat(parameters('p'), parameters('p'))]", "string"),
        "a doubled list" => ("[concat(parameters('p'), parameters('p'))]", "array"),
        _ => ("[parameters('p')]", "string"),
    };
    let first = if kind == "array" { "[1, 2, 3, 4]" } else { "\"aaaa\"" };
    let default = match (at, payload) {
        (0, "open names") => String::new(),
        (0, _) | (_, "defaults") => format!(r#", "defaultValue": {first}"#),
        _ => String::new(),
    };
    let is_looped = level.ends_with("loop");
    let deploy = |name: String, inner: &str| {
        let copy = if is_looped {
            format!(r#""copy": {{ "name": "l{at}", "count": 100 }},"#)
        } else {
            String::new()
        };
        let given = if payload == "defaults" {
            String::new()
        } else {
            format!(r#""parameters": {{ "p": {{ "value": "{passed}" }} }},"#)
        };
        format!(
            r#"{{ "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "{name}", {copy} "properties": {{ "mode": "Incremental", {given} {inner} }} }}"#
        )
    };
    let mut resources: Vec<String> = match inner {
        Some(inner) if is_looped => vec![deploy(format!("[concat('d{at}-', copyIndex())]"), inner)],
        Some(inner) => (0..8).map(|copy| deploy(format!("d{at}-{copy}"), inner)).collect(),
        None => Vec::new(),
    };
    let vault = |name: &str, more: &str| {
        format!(
            r#"{{ "type": "Microsoft.KeyVault/vaults", "apiVersion": "2023-07-01", "name": "{name}", {more} "properties": {{ "networkAcls": {{ "defaultAction": "Allow" }} }} }}"#
        )
    };
    let mut sections = String::new();
    let numbers = |count: usize| (0..count).map(|at| at.to_string()).collect::<Vec<_>>().join(", ");
    match payload {
        "nothing" => {}
        "a loop of literals" => {
            sections = format!(
                r#""variables": {{ "copy": [{{ "name": "v", "count": 800, "input": {{ "a": [{}] }} }}] }},"#,
                numbers(1000)
            );
            resources.push(vault("[string(variables('v'))]", ""));
        }
        "a loop of resources" => {
            resources.push(vault("[concat('kv', copyIndex())]", r#""copy": { "name": "k", "count": 800 },"#));
        }
        "a long expression" => {
            let expression = format!("[if(true(), parameters('p'), concat({}'a'))]", "'a',".repeat(5_000));
            resources.push(vault(&expression, ""));
        }
        "a user function" => {
            sections = r#""functions": [{ "namespace": "n", "members": { "f": { "parameters": [{ "name": "x", "type": "string" }], "output": { "type": "string", "value": "[concat(parameters('x'), parameters('x'))]" } } } }],"#.to_owned();
            resources.push(vault("[n.f(n.f(n.f(n.f(n.f(n.f(parameters('p')))))))]", ""));
        }
        "references" => {
            resources.push(vault("kv", &format!(r#""tags": {{ "a": [{}] }},"#, numbers(1000))));
            sections = r#""variables": { "copy": [{ "name": "v", "count": 800, "input": "[reference('kv', '2023-07-01', 'Full').tags]" }] },"#.to_owned();
            resources.push(vault("[string(variables('v'))]", ""));
        }
        _ => resources.push(vault("[string(parameters('p'))]", "")),
    }
    let output = match (payload, inner) {
        ("outputs", Some(_)) => {
            let below = if is_looped {
                let turns = (0..100).map(|copy| format!("reference('d{at}-{copy}').outputs.o.value"));
                turns.collect::<Vec<_>>().join(", ")
            } else {
                (0..8)
                    .map(|copy| format!("reference('d{at}-{copy}').outputs.o.value"))
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            format!("[createArray({below})]")
        }
        _ => "[parameters('p')]".to_owned(),
    };
    let outputs = format!(r#""outputs": {{ "o": {{ "type": "array", "value": "{output}" }} }}"#);
    template(&format!(
        r#""parameters": {{ "p": {{ "type": "{kind}" {default} }} }}, {sections} "resources": [{}], {outputs}"#,
        resources.join(", ")
    ))
}

fn bicep_level(at: usize, level: &str, payload: &str) -> (String, String) {
    let below = at + 1;
    let passed = match payload {
        "a doubled text" => "'${p}${p}'",
        "a doubled list" => "concat(p, p)",
        _ => "p",
    };
    let (kind, first) =
        if payload == "a doubled list" { ("array", "[1, 2, 3, 4]") } else { ("string", "'aaaa'") };
    let default = match (at, payload) {
        (0, "open names") => String::new(),
        (0, _) | (_, "defaults") => format!(" = {first}"),
        _ => String::new(),
    };
    let body = |name: &str| {
        let given =
            if payload == "defaults" { String::new() } else { format!("  params: {{ p: {passed} }}\n") };
        format!("{{\n  name: {name}\n{given}}}")
    };
    let mut text = format!("param p {kind}{default}\n");
    let is_last = at == 16;
    match level {
        _ if is_last => text.push_str("@export()\nvar v = 'aaaa'\n@export()\nfunc f(x string) string => x\n"),
        "modules" => {
            for copy in 0..8 {
                let _ = writeln!(text, "module m{copy} 'm{below}.bicep' = {}", body(&format!("'m{copy}'")));
            }
        }
        "imports" => {
            let _ = writeln!(
                text,
                "import * as n from 'm{below}.bicep'\nimport * as m from 'm{below}.bicep'\n@export()\nvar v = '${{n.v}}${{m.v}}'\n@export()\nfunc f(x string) string => '${{n.f(x)}}${{m.f(x)}}'"
            );
        }
        _ => {
            let _ =
                writeln!(text, "module m 'm{below}.bicep' = [for i in range(0, 100): {}]", body("'m${i}'"));
        }
    }
    let vault = |symbol: &str, name: &str, tags: &str| {
        format!(
            "resource {symbol} 'Microsoft.KeyVault/vaults@2023-07-01' = {{\n  name: {name}\n{tags}  properties: {{ networkAcls: {{ defaultAction: 'Allow' }} }}\n}}\n"
        )
    };
    let numbers = |count: usize| (0..count).map(|at| at.to_string()).collect::<Vec<_>>().join(", ");
    let name = if level == "imports" && !is_last { "'${v}${f('x')}'" } else { "string(p)" };
    text.push_str(&match payload {
        "nothing" => String::new(),
        "a loop of literals" => {
            format!("var l = [for i in range(0, 800): {{ a: [{}] }}]\n", numbers(1000)) + &vault("kv", "string(l)", "")
        }
        "a loop of resources" => "resource kv 'Microsoft.KeyVault/vaults@2023-07-01' = [for i in range(0, 800): {\n  name: 'kv${i}'\n  properties: {}\n}]\n".to_owned(),
        "a long expression" => vault("kv", &format!("true ? string(p) : concat({}'a')", "'a',".repeat(5_000)), ""),
        "a user function" => {
            "func g(x string) string => '${x}${x}'\n".to_owned() + &vault("kv", "g(g(g(g(g(g(string(p)))))))", "")
        }
        "references" => {
            vault("kv", "'kv'", &format!("  tags: {{ a: [{}] }}\n", numbers(1000)))
                + "var l = [for i in range(0, 800): kv.tags]\n"
                + &vault("kx", "string(l)", "")
        }
        _ => vault("kv", name, ""),
    });
    let output = match (payload, level) {
        ("outputs", "modules") if !is_last => {
            (0..8).map(|copy| format!("m{copy}.outputs.o")).collect::<Vec<_>>().join(", ")
        }
        ("outputs", "modules in a loop") if !is_last => "[for i in range(0, 100): m[i].outputs.o]".to_owned(),
        _ => "p".to_owned(),
    };
    let _ = writeln!(text, "output o array = [{output}]");
    (format!("m{at}.bicep"), text)
}

fn characters(all: &mut Inputs) {
    let arm = || named("\"variables\": { \"a\": 1,\n \"a\": 2 },\n", "\"kv\"");
    let bicep_text = || bicep("var a = 1\n// b\nvar a = 2", "'kv'");
    let hcl = || module("locals {\n  a = 1\n  # b\n}", "\"kv\"");
    for (name, from, to) in [
        ("NUL bytes", " ", "\0"),
        ("NUL bytes after lines", "\n", "\n\0"),
        ("marks of byte order", "\n", "\n\u{feff}"),
        ("CRLF", "\n", "\r\n"),
        ("CR", "\n", "\r"),
        ("U+2028", "\n", "\u{2028}"),
        ("U+0085", "\n", "\u{85}"),
        ("U+FFFD", "\n", "\n\u{fffd}"),
        ("writing from right to left", "kv", "\u{202e}kv"),
    ] {
        all.add(&format!("{name}: JSON"), "", "main.json", move || arm().replace(from, to));
        all.add(&format!("{name}: Bicep"), "", "main.bicep", move || bicep_text().replace(from, to));
        all.add(&format!("{name}: HCL"), "", "main.tf", move || hcl().replace(from, to));
    }
    all.add("a mark of byte order first: JSON", "", "main.json", move || format!("\u{feff}{}", arm()));
    all.add("a mark of byte order first: Bicep", "", "main.bicep", move || {
        format!("\u{feff}{}", bicep_text())
    });
    all.add("a mark of byte order first: HCL", "", "main.tf", move || format!("\u{feff}{}", hcl()));
    all.add("only NUL bytes: Bicep", "", "main.bicep", || "\0".repeat(1_000_000));
    all.add("only NUL bytes: HCL", "", "main.tf", || "\0".repeat(1_000_000));
    all.add("NUL bytes in a template", "", "main.json", move || {
        arm().replace("\"kv\"", &format!("\"{}\"", "\0".repeat(1_000_000)))
    });
    all.add("suppressions", "rest is left out", "main.bicep", || {
        let mut text = String::new();
        for _ in 0..200_000 {
            let _ = writeln!(text, "// vaultmoat-ignore public-vault: x");
        }
        bicep(&text, "'kv'")
    });
}
