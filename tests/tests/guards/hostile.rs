//! Hostile texts: the engine neither panics nor hangs nor grows without bound on any of them.

use proptest::prelude::*;
use std::fmt::Write;
use std::time::Duration;
use vaultmoat_core::report::Report;
use vaultmoat_core::{Options, Profile, Project};
use vaultmoat_tests::hostile::{inputs, spent, template};

/// Far more than any of these needs, also in a debug build.
const LIMIT: Duration = Duration::from_secs(20);
/// Bytes of a report, as JSON, on a text of at most a few hundred kilobytes.
const MAX_REPORT: usize = 32 << 20;

/// Checks and describes files with every rule, within the bounds.
fn check(name: &str, files: &[(&str, &str)]) -> Report {
    let started = spent();
    let mut project = Project::new(Options { profile: Profile::Strict, ..Options::default() });
    for (path, text) in files {
        project.set(path, text);
    }
    let report = project.check();
    let model = project.model();
    project.apply(&report, &[], true);
    let took = spent().saturating_sub(started);
    let size = serde_json::to_string(&report).unwrap().len() + serde_json::to_string(&model).unwrap().len();
    eprintln!("{name}: {took:?}, {size} bytes, {:?}", report.summary);
    assert!(took < LIMIT, "{name} took {took:?}");
    assert!(size < MAX_REPORT, "{name} is answered with {size} bytes");
    report
}

/// A vault whose name and IP rules are these JSON texts.
fn vault(name: &str, rules: &str) -> String {
    format!(
        r#"{{ "type": "Microsoft.KeyVault/vaults", "apiVersion": "2023-07-01", "name": {name}, "properties": {{ "networkAcls": {{ "defaultAction": "Deny", "ipRules": {rules} }} }} }}"#
    )
}

fn with_name(sections: &str, name: &str) -> String {
    template(&format!(r#"{sections} "resources": [{}]"#, vault(&format!("{name:?}"), "[]")))
}

fn many(count: usize, of: impl Fn(usize) -> String) -> String {
    (0..count).map(of).collect::<Vec<_>>().join(", ")
}

#[test]
fn every_hostile_input_ends_and_says_why() {
    let mut silent = Vec::new();
    for input in inputs().iter().filter(|input| !input.is_large()) {
        let files = input.files();
        let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let report = check(&input.name, &files);
        if !serde_json::to_string(&report).unwrap().contains(input.says) {
            let said: Vec<_> = report.diagnostics.iter().map(|found| &found.message).take(5).collect();
            silent.push(format!(
                "{}: `{}` is not in {said:?}, {:?}",
                input.name,
                input.says,
                report.undecided.first()
            ));
        }
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}

#[test]
fn brackets_nested_deeply() {
    for depth in [150, 199, 1_000, 100_000] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let nested = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            check("nested", &[("main.json", &nested)]);
            check(
                "nested in a vault",
                &[("main.json", &template(&format!(r#""resources": [{}]"#, vault("\"kv\"", &nested))))],
            );
            check(
                "unclosed",
                &[("main.json", &template(&format!(r#""resources": [{}"#, open.repeat(depth))))],
            );
            check(
                "in a variable",
                &[(
                    "main.json",
                    &with_name(&format!(r#""variables": {{ "x": {nested} }},"#), "[string(variables('x'))]"),
                )],
            );
        }
    }
}

#[test]
fn expressions_nested_deeply() {
    for depth in [50, 100, 150, 200, 5_000, 100_000] {
        let calls = format!("[{}'a'{}]", "concat(".repeat(depth), ")".repeat(depth));
        check("calls", &[("main.json", &with_name("", &calls))]);
        check("unclosed calls", &[("main.json", &with_name("", &format!("[{}]", "concat(".repeat(depth))))]);
        check(
            "properties",
            &[("main.json", &with_name("", &format!("[parameters('x'){}]", ".a".repeat(depth))))],
        );
        check(
            "indices",
            &[("main.json", &with_name("", &format!("[parameters('x'){}]", "[0]".repeat(depth))))],
        );
        check(
            "nested indices",
            &[(
                "main.json",
                &with_name("", &format!("[{}0{}]", "variables('x')[".repeat(depth), "]".repeat(depth))),
            )],
        );
        check(
            "choices",
            &[(
                "main.json",
                &with_name(
                    r#""parameters": { "p": { "type": "bool" } },"#,
                    &format!("[{}'a'{}]", "if(parameters('p'), 'b', ".repeat(depth), ")".repeat(depth)),
                ),
            )],
        );
        check(
            "lambdas",
            &[(
                "main.json",
                &with_name(
                    "",
                    &format!(
                        "[{}'a'{}]",
                        "map(createArray(1, 2), lambda('x', ".repeat(depth),
                        "))".repeat(depth)
                    ),
                ),
            )],
        );
    }
}

#[test]
fn variables_that_double() {
    for double in [
        "[concat(variables('v{}'), variables('v{}'))]",
        "[createArray(variables('v{}'), variables('v{}'))]",
        "[format('{0}{0}', variables('v{}'))]",
        "[union(createObject('a', variables('v{}')), createObject('b', variables('v{}')))]",
        "[if(equals(parameters('p'), 'x'), concat('a', variables('v{}')), concat('b', variables('v{}')))]",
        "[string(createArray(variables('v{}'), variables('v{}')))]",
        "[replace(variables('v{}'), 'a', 'aa')]",
        "[base64(variables('v{}'))]",
        "[uriComponent(variables('v{}'))]",
        "[flatten(createArray(variables('v{}'), variables('v{}')))]",
        "[toUpper(concat(variables('v{}'), parameters('p'), variables('v{}')))]",
    ] {
        for first in ["\"aaaaaaaa\"", "\"[parameters('p')]\"", "[1, 2]", "{ \"a\": 1 }"] {
            let rest =
                many(200, |at| format!("\"v{}\": \"{}\"", at + 1, double.replace("{}", &at.to_string())));
            let sections = format!(
                r#""parameters": {{ "p": {{ "type": "string" }} }}, "variables": {{ "v0": {first}, {rest} }},"#
            );
            check(double, &[("main.json", &with_name(&sections, "[variables('v200')]"))]);
        }
    }
}

#[test]
fn what_is_defined_by_itself() {
    for sections in [
        r#""variables": { "a": "[variables('a')]" },"#,
        r#""variables": { "a": "[concat(variables('b'), variables('b'))]", "b": "[concat(variables('a'), variables('a'))]" },"#,
        r#""parameters": { "a": { "type": "string", "defaultValue": "[parameters('a')]" } }, "variables": { "a": "[parameters('a')]" },"#,
        r#""functions": [{ "namespace": "n", "members": { "f": { "parameters": [], "output": { "type": "string", "value": "[concat(n.f(), n.f())]" } } } }], "variables": { "a": "[n.f()]" },"#,
        r##""definitions": { "d": { "$ref": "#/definitions/d" } }, "parameters": { "a": { "$ref": "#/definitions/d" } }, "variables": { "a": "[parameters('a')]" },"##,
    ] {
        check(sections, &[("main.json", &with_name(sections, "[variables('a')]"))]);
    }
    let references = many(100, |at| {
        let next = (at + 1) % 100;
        vault(
            &format!("\"kv{at}\""),
            &format!(
                r#""[reference(resourceId('Microsoft.KeyVault/vaults', 'kv{next}')).networkAcls.ipRules]""#
            ),
        )
    });
    check("cyclic references", &[("main.json", &template(&format!(r#""resources": [{references}]"#)))]);
    let own = vault(r#""[reference(resourceId('Microsoft.KeyVault/vaults', 'kv')).name]""#, "[]");
    check("a name by its reference", &[("main.json", &template(&format!(r#""resources": [{own}]"#)))]);
}

#[test]
fn chains_of_variables() {
    for count in [100, 10_000] {
        let chain = many(count, |at| format!(r#""v{at}": "[variables('v{}')]""#, at + 1));
        let sections = format!(r#""variables": {{ {chain}, "v{count}": "kv" }},"#);
        check("a chain", &[("main.json", &with_name(&sections, "[variables('v0')]"))]);
        let chain =
            many(count, |at| format!(r#""v{at}": "[concat(variables('v{}'), parameters('p'))]""#, at + 1));
        let sections = format!(
            r#""parameters": {{ "p": {{ "type": "string" }} }}, "variables": {{ {chain}, "v{count}": "kv" }},"#
        );
        let used = vault("\"[variables('v0')]\"", "[]");
        let all = many(count.min(800), |at| vault(&format!("\"[variables('v{}')]\"", count - at), "[]"));
        check(
            "a growing chain",
            &[("main.json", &template(&format!(r#"{sections} "resources": [{used}, {all}]"#)))],
        );
    }
}

#[test]
fn loops_in_loops() {
    let copies = |name: &str, input: &str| {
        format!(r#"{{ "copy": [{{ "name": "{name}", "count": 800, "input": {input} }}] }}"#)
    };
    let three = copies("a", &copies("b", &copies("c", "\"[copyIndex('c')]\"")));
    check(
        "a property",
        &[(
            "main.json",
            &with_name(&format!(r#""variables": {{ "x": {three} }},"#), "[string(variables('x'))]"),
        )],
    );
    let children = r#""resources": [{ "type": "secrets", "apiVersion": "2023-07-01", "name": "[format('s{0}', copyIndex())]", "copy": { "name": "inner", "count": 800 }, "properties": {} }]"#;
    let resource = format!(
        r#"{{ "type": "Microsoft.KeyVault/vaults", "apiVersion": "2023-07-01", "name": "[format('kv{{0}}', copyIndex())]", "copy": {{ "name": "outer", "count": 800 }}, "properties": {{}}, {children} }}"#
    );
    check("resources", &[("main.json", &template(&format!(r#""resources": [{resource}]"#)))]);
    let mut nested = vault("\"kv\"", "[]");
    for depth in 0..8 {
        nested = format!(
            r#"{{ "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "[concat('d{depth}-', copyIndex())]", "copy": {{ "name": "l{depth}", "count": 20 }}, "properties": {{ "mode": "Incremental", "template": {} }} }}"#,
            template(&format!(r#""resources": [{nested}]"#))
        );
    }
    check("deployments", &[("main.json", &template(&format!(r#""resources": [{nested}]"#)))]);
    let lists = "[map(range(0, 10000), lambda('x', map(range(0, 10000), lambda('y', map(range(0, 10000), lambda('z', concat(string(lambdaVariables('x')), 'a')))))))]";
    check("lambdas", &[("main.json", &with_name("", lists))]);
}

#[test]
fn huge_results_of_short_calls() {
    for call in [
        "range(0, 2147483647)",
        "range(-9223372036854775808, 10000)",
        "padLeft('a', 2147483647)",
        "padLeft(parameters('p'), 2000000000)",
        "string(range(0, 10000))",
        "substring('a', -1, 9223372036854775807)",
        "add(9223372036854775807, 1)",
        "mul(9223372036854775807, 9223372036854775807)",
        "div(-9223372036854775808, -1)",
        "mod(-9223372036854775808, -1)",
        "sub(-9223372036854775808, 1)",
        "div(1, 0)",
        "mod(1, 0)",
        "take(range(0, 10000), -9223372036854775808)",
        "skip(range(0, 10000), 9223372036854775807)",
        "cidrSubnet('0.0.0.0/0', 32, 9223372036854775807)",
        "cidrHost('255.255.255.255/0', 9223372036854775807)",
        "cidrSubnet('::/0', 128, 0)",
        "parseCidr('999.0.0.0/99')",
        "dateTimeAdd('2020-01-01', 'P99999999999999999Y')",
        "dateTimeFromEpoch(9223372036854775807)",
        "dateTimeToEpoch('9999-99-99T99:99:99Z')",
        "json('[[[[[[[[[[[[[')",
        "format('{999999999}', 1)",
        "format('{0,2147483647}', 1)",
        "format('{0:N99999999}', 1)",
        "indexOf('aaaa', '')",
        "replace('aaaa', '', 'bbbb')",
        "split('aaaa', '')",
        "uniqueString()",
        "guid()",
        "split(padLeft('', 200000, ','), ',')",
        "join(split(padLeft('', 200000, ','), ','), padLeft('', 200000, 'x'))",
        "reduce(range(0, 10000), '', lambda('a', 'b', concat(lambdaVariables('a'), 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaa')))",
        "sort(range(0, 10000), lambda('a', 'b', true))",
        "groupBy(range(0, 10000), lambda('a', string(lambdaVariables('a'))))",
        "toObject(range(0, 10000), lambda('a', string(lambdaVariables('a'))))",
        "union(range(0, 10000), range(5000, 10000))",
        "intersection(range(0, 10000), range(5000, 10000))",
        "union(toObject(range(0, 9000), lambda('a', string(lambdaVariables('a')))), toObject(range(100, 9000), lambda('a', string(lambdaVariables('a')))))",
        "contains(range(0, 10000), 'x')",
        "bool(padLeft('true', 100000))",
        "int('99999999999999999999999')",
        "base64ToString('////')",
        "uriComponentToString('%%%')",
        "dataUriToString('data:;base64,//')",
    ] {
        for whole in [
            format!("[{call}]"),
            format!("[string({call})]"),
            format!("[length({call})]"),
            format!("[concat({call}, {call})]"),
            format!("[equals({call}, {call})]"),
        ] {
            check(
                &whole,
                &[("main.json", &with_name(r#""parameters": { "p": { "type": "string" } },"#, &whole))],
            );
        }
    }
}

#[test]
fn templates_that_link_to_themselves() {
    let link = |path: &str, name: &str, copies: usize| {
        format!(
            r#"{{ "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "{name}", "copy": {{ "name": "l", "count": {copies} }}, "properties": {{ "mode": "Incremental", "templateLink": {{ "relativePath": "{path}" }}, "parameters": {{ "p": {{ "value": "[concat(parameters('p'), parameters('p'))]" }} }} }} }}"#
        )
    };
    let file = |resources: &str| {
        template(&format!(
            r#""parameters": {{ "p": {{ "type": "string", "defaultValue": "x" }} }}, "resources": [{resources}, {}]"#,
            vault("\"[parameters('p')]\"", "[]")
        ))
    };
    check("itself", &[("main.json", &file(&link("main.json", "d", 1)))]);
    check(
        "itself, twice",
        &[("main.json", &file(&format!("{}, {}", link("main.json", "d", 1), link("main.json", "e", 1))))],
    );
    check("itself, often", &[("main.json", &file(&link("main.json", "d", 800)))]);
    check(
        "each other",
        &[("a.json", &file(&link("b.json", "d", 3))), ("b.json", &file(&link("a.json", "d", 3)))],
    );
    let names: Vec<String> = (0..8).map(|at| format!("f{at}.json")).collect();
    let texts: Vec<String> = (0..8)
        .map(|at| {
            file(&format!("{}, {}", link(&names[(at + 1) % 8], "d", 1), link(&names[(at + 3) % 8], "e", 1)))
        })
        .collect();
    let files: Vec<(&str, &str)> =
        names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_str())).collect();
    check("a ring", &files);
}

#[test]
fn thousands_of_the_same() {
    let rules = |count| format!("[{}]", many(count, |_| r#"{ "value": "10.0.0.0/8" }"#.to_owned()));
    check(
        "rules",
        &[("main.json", &template(&format!(r#""resources": [{}]"#, vault("\"kv\"", &rules(5_000)))))],
    );
    let vaults = many(2_000, |_| vault("\"kv\"", &rules(2)));
    check("vaults", &[("main.json", &template(&format!(r#""resources": [{vaults}]"#)))]);
    let keys = many(20_000, |_| r#""a": 1"#.to_owned());
    check(
        "keys",
        &[(
            "main.json",
            &template(&format!(r#""variables": {{ {keys} }}, "resources": [{}]"#, vault("\"kv\"", "[]"))),
        )],
    );
    let parameters = many(5_000, |at| format!(r#""p{at}": {{ "type": "string", "defaultValue": "x" }}"#));
    let name = format!("[concat({})]", many(5_000, |at| format!("parameters('p{at}')")));
    check(
        "assumptions",
        &[("main.json", &with_name(&format!(r#""parameters": {{ {parameters} }},"#), &name))],
    );
    let endpoints = many(200, |at| {
        format!(
            r#"{{ "type": "Microsoft.Network/privateEndpoints", "apiVersion": "2023-04-01", "name": "pe{at}", "properties": {{ "subnet": {{ "id": "[resourceId('Microsoft.Network/virtualNetworks/subnets', parameters('v'), parameters('s'))]" }}, "privateLinkServiceConnections": [{{ "name": "c", "properties": {{ "privateLinkServiceId": "[resourceId('Microsoft.KeyVault/vaults', parameters('kv{at}'))]", "groupIds": ["vault"] }} }}] }} }}"#
        )
    });
    let vaults = many(200, |at| vault(&format!("\"[parameters('name{at}')]\""), "[]"));
    check("open ids", &[("main.json", &template(&format!(r#""resources": [{endpoints}, {vaults}]"#)))]);
    let comments: String = (0..20_000).fold(String::new(), |mut all, _| {
        let _ = writeln!(all, "// vaultmoat-ignore public-vault: x");
        all
    });
    check(
        "suppressions",
        &[("main.json", &template(&format!(r#""resources": [{comments} {}]"#, vault("\"kv\"", "[]"))))],
    );
    check(
        "suppressions in a line",
        &[(
            "main.json",
            &template(&format!(
                r#""resources": [{} {}]"#,
                "/* vaultmoat-ignore public-vault: x */".repeat(10_000),
                vault("\"kv\"", "[]")
            )),
        )],
    );
}

#[test]
fn little_text_that_means_much() {
    let rules = "[map(range(0, 10000), lambda('x', createObject('value', '10.0.0.0/8')))]";
    let copies = |properties: &str| {
        format!(
            r#"{{ "type": "Microsoft.KeyVault/vaults", "apiVersion": "2023-07-01", "name": "[concat(padLeft('', 100000, 'x'), copyIndex())]", "copy": {{ "name": "l", "count": 800 }}, "properties": {properties} }}"#
        )
    };
    let acls = r#"{ "networkAcls": { "defaultAction": "Deny", "ipRules": "[variables('rules')]" } }"#;
    let variables = format!(r#""variables": {{ "rules": "{rules}" }},"#);
    check(
        "rules in a loop",
        &[("main.json", &template(&format!(r#"{variables} "resources": [{}]"#, copies(acls))))],
    );
    let resources = many(20, |_| copies(acls));
    check(
        "rules in many loops",
        &[("main.json", &template(&format!(r#"{variables} "resources": [{resources}]"#)))],
    );
}

/// Parts of templates that real ones are made of, and that mutations put together anew.
const PARTS: &[&str] = &[
    r#"{ "#,
    r#" }"#,
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "//",
    "/*",
    "*/",
    "\n",
    "\u{feff}",
    "😀",
    "null",
    "true",
    "1e999",
    "-1",
    r#""type": "Microsoft.KeyVault/vaults""#,
    r#""type": "Microsoft.Network/privateEndpoints""#,
    r#""type": "Microsoft.Resources/deployments""#,
    r#""name": "[parameters('p')]""#,
    r#""name": "[concat('a', copyIndex())]""#,
    r#""copy": { "name": "l", "count": 3 }"#,
    r#""copy": [{ "name": "ipRules", "count": 2, "input": { "value": "[copyIndex('ipRules')]" } }]"#,
    r#""properties": { "networkAcls": { "defaultAction": "Allow", "ipRules": [{ "value": "10.0.0.0/8" }, { "value": "0.0.0.0/0" }] } }"#,
    r#""properties": { "template": "#,
    r#""expressionEvaluationOptions": { "scope": "inner" }"#,
    r#""resources": ["#,
    r#""resources": {"#,
    r#""parameters": { "p": { "type": "string", "defaultValue": "x" } }"#,
    r#""variables": { "v": "[parameters('p')]" }"#,
    r#""metadata": { "vaultmoat": { "ignore": [{ "rule": "public-vault", "reason": "x" }] } }"#,
    "// vaultmoat-ignore public-vault: x\n",
    r#""condition": "[equals(parameters('p'), 'x')]""#,
    r#""scope": "[resourceId('Microsoft.KeyVault/vaults', 'kv')]""#,
    r#""existing": true"#,
    "[if(equals(parameters('p'), 'x'), variables('v'), null())]",
    "[reference('kv').vaultUri]",
    "[resourceId('a/b', 'c')]",
];

/// Calls and literals that expressions are made of.
const WORDS: &[&str] = &[
    "concat(",
    "format('{0}-{1}', ",
    "if(",
    "parameters('p')",
    "variables('v')",
    "variables('x')",
    "createArray(",
    "createObject('a', ",
    "map(",
    "filter(",
    "lambda('x', ",
    "lambdaVariables('x')",
    "resourceId('a/b', ",
    "reference(",
    "range(0, ",
    "split(",
    "union(",
    "substring(",
    ")",
    "(",
    ",",
    "[",
    "]",
    ".a",
    ".?b",
    "'",
    "''",
    "'{0}'",
    "-1",
    "9223372036854775808",
    "0",
    "null()",
    "true()",
    " ",
    "😀",
    "\\\"",
];

/// A text with parts of it cut out, doubled, or replaced.
fn mutated(
    text: String,
    changes: Vec<(prop::sample::Index, prop::sample::Index, usize, &'static str)>,
) -> String {
    changes.into_iter().fold(text, |text, (start, length, kind, part)| {
        let chars: Vec<char> = text.chars().collect();
        let start = start.index(chars.len() + 1);
        let end = (start + length.index(60)).min(chars.len());
        let (before, cut, after) = (&chars[..start], &chars[start..end], &chars[end..]);
        let of = |chars: &[char]| chars.iter().collect::<String>();
        match kind {
            0 => of(before),
            1 => of(before) + &of(after),
            2 => of(before) + &of(cut) + &of(cut) + &of(after),
            _ => of(before) + part + &of(after),
        }
    })
}

fn examples() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/templates");
    let mut texts: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| std::fs::read_to_string(entry.unwrap().path()).ok())
        .collect();
    texts.sort();
    assert!(!texts.is_empty());
    texts
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn templates_cut_doubled_and_spliced(
        text in prop::sample::select(examples()),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..8usize, prop::sample::select(PARTS)), 1..12),
    ) {
        let text = mutated(text, changes);
        check_quietly(&text);
    }

    #[test]
    fn templates_of_random_parts(parts in prop::collection::vec(prop::sample::select(PARTS), 1..40)) {
        check_quietly(&template(&format!("\"resources\": [{{ {} }}]", parts.join(", "))));
        check_quietly(&template(&parts.join(", ")));
        check_quietly(&parts.concat());
    }

    #[test]
    fn expressions_of_random_words(words in prop::collection::vec(prop::sample::select(WORDS), 1..20)) {
        let open = words.iter().map(|word| word.matches('(').count()).sum::<usize>();
        let close = words.iter().map(|word| word.matches(')').count()).sum::<usize>();
        let expression = words.concat() + &")".repeat(open.saturating_sub(close));
        let sections = format!(r#""parameters": {{ "p": {{ "type": "string" }} }}, "variables": {{ "v": [1, "a", {{ "a": null }}], "x": "[{expression}]" }},"#);
        check_quietly(&with_name(&sections, "[variables('x')]"));
    }
}

/// Checks a text; every fix it is offered leaves a text that parses.
fn check_quietly(text: &str) {
    let mut project = Project::new(Options { profile: Profile::Strict, ..Options::default() });
    project.set("main.json", text);
    let report = project.check();
    project.model();
    for file in project.apply(&report, &[], true) {
        let problems = vaultmoat_core::syntax::json::parse(&file.text).problems;
        assert!(problems.is_empty(), "{problems:?}\n{}", file.text);
    }
}

#[test]
fn a_rule_that_finds_more_than_is_reported_says_so() {
    let rules = format!("[{}]", many(4_000, |at| format!(r#"{{ "value": "office {at}" }}"#)));
    let vaults = many(3, |at| vault(&format!("\"kv{at}\""), &rules));
    let text = template(&format!(r#""resources": [{vaults}]"#));
    let mut project = Project::new(Options { profile: Profile::Strict, ..Options::default() });
    project.set("main.json", &text);
    let report = project.check();
    let limits: Vec<_> = report
        .diagnostics
        .iter()
        .filter(|found| found.rule == "evaluation-limit")
        .map(|found| found.message.as_str())
        .collect();
    assert_eq!(
        limits,
        ["`invalid-ip-rule` has more than 5000 findings or open questions; the rest is left out"]
    );
}

#[test]
fn a_model_in_which_everything_may_be_linked_says_that_links_are_left_out() {
    let of = |count: usize| {
        let endpoint = |at: usize| {
            format!(
                r#"{{ "type": "Microsoft.Network/privateEndpoints", "name": "e{at}", "properties": {{ "subnet": {{ "id": "[parameters('p')]" }} }} }}"#
            )
        };
        let subnet = |at: usize| {
            format!(r#"{{ "type": "Microsoft.Network/virtualNetworks/subnets", "name": "v/s{at}" }}"#)
        };
        let resources = format!("{}, {}", many(count, endpoint), many(count, subnet));
        let mut project = Project::new(Options::default());
        let parameters = r#""parameters": { "p": { "type": "string" } }"#;
        project.set("main.json", &template(&format!(r#"{parameters}, "resources": [{resources}]"#)));
        let model = project.model();
        (model.links.len(), model.links_left_out)
    };
    assert_eq!(of(100), (10_000, false));
    assert_eq!(of(101), (10_000, true));
}

#[test]
fn what_is_left_out_because_ids_are_open_is_not_taken_to_be_absent() {
    let of = |count: usize| {
        let endpoint = |at: usize| {
            format!(
                r#"{{ "type": "Microsoft.Network/privateEndpoints", "name": "e{at}", "properties": {{ "privateLinkServiceConnections": [{{ "name": "c", "properties": {{ "privateLinkServiceId": "[parameters('p')]", "groupIds": ["managedInstance"] }} }}] }} }}"#
            )
        };
        let vaults = many(count, |at| {
            format!(
                r#"{{ "type": "Microsoft.KeyVault/vaults", "name": "kv-vault{at}", "properties": {{}} }}"#
            )
        });
        let parameters = r#""parameters": { "p": { "type": "string" } }"#;
        let resources = format!("{vaults}, {}", many(count, endpoint));
        let mut project =
            Project::new(Options { profile: Profile::Strict, complete: true, ..Options::default() });
        project.set("main.json", &template(&format!(r#"{parameters}, "resources": [{resources}]"#)));
        let report = project.check();
        let says = |rule: &str, text: &str| {
            report.diagnostics.iter().filter(|of| of.rule == rule && of.message.contains(text)).count()
        };
        (says("evaluation-limit", "too many ids are open"), says("no-private-endpoint", ""))
    };
    assert_eq!(of(100), (0, 100));
    assert_eq!(of(400), (1, 0));
}

/// A vault of Terraform whose name is this expression, behind other blocks.
fn module(blocks: &str, name: &str) -> String {
    format!("{blocks}\nresource \"azurerm_key_vault\" \"kv\" {{\n  name = {name}\n}}\n")
}

#[test]
fn modules_of_terraform_nested_deeply() {
    for depth in [50, 100, 200, 5_000, 100_000] {
        for (open, close) in [
            ("(", ")"),
            ("[", "]"),
            ("{ a = ", "}"),
            ("\"${", "}\""),
            ("f(", ")"),
            ("!", ""),
            ("true ? ", ""),
            ("[for x in ", "]"),
        ] {
            let nested = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            check(open, &[("main.tf", &module("", &nested))]);
            check(open, &[("main.tf", &module("", &open.repeat(depth)))]);
        }
        for link in [".a", "[0]", " + 1", " && true", "[*].a", ".*.a", "[*][0]"] {
            check(
                link,
                &[("main.tf", &module("variable \"v\" {}", &format!("var.v{}", link.repeat(depth))))],
            );
        }
        check("blocks", &[("main.tf", &"a {\n".repeat(depth))]);
        check("directives", &[("main.tf", &module("", &format!("\"{}\"", "%{ if true }".repeat(depth))))]);
        check(
            "JSON",
            &[(
                "main.tf.json",
                &format!("{{\"locals\": {}1{}}}", "{\"a\":".repeat(depth), "}".repeat(depth)),
            )],
        );
        check(
            "a type",
            &[(
                "main.tf",
                &format!(
                    "variable \"v\" {{\n type = {}string{}\n default = null\n}}\n",
                    "list(".repeat(depth),
                    ")".repeat(depth)
                ),
            )],
        );
    }
}

#[test]
fn modules_of_terraform_that_mean_much() {
    let locals = |first: &str, next: &dyn Fn(usize) -> String| {
        let all: Vec<String> = (1..200).map(|at| format!("  x{at} = {}", next(at - 1))).collect();
        format!("locals {{\n  x0 = {first}\n{}\n}}\n", all.join("\n"))
    };
    for (name, first, next) in [
        (
            "text",
            "\"a\"",
            &(|at| format!("\"${{local.x{at}}}${{local.x{at}}}\"")) as &dyn Fn(usize) -> String,
        ),
        ("lists", "[1]", &|at| format!("concat(local.x{at}, local.x{at})")),
        ("nested lists", "[1]", &|at| format!("[local.x{at}, local.x{at}]")),
        ("products", "[1, 2]", &|at| format!("setproduct(local.x{at}, local.x{at})")),
        ("loops", "[1, 2]", &|at| {
            format!("flatten([for a in local.x{at} : [for b in local.x{at} : [a, b]]])")
        }),
        ("choices", "var.v", &|at| format!("var.v{at} ? local.x{at} : [local.x{at}]")),
    ] {
        let blocks = format!("variable \"v\" {{}}\n{}", locals(first, next));
        check(name, &[("main.tf", &module(&blocks, "jsonencode(local.x199)"))]);
    }
    for each in [
        "range(1000000)",
        "[for x in range(1024) : [for y in range(1024) : y]]",
        "setproduct(range(1000), range(1000), range(1000))",
    ] {
        check(
            each,
            &[(
                "main.tf",
                &format!(
                    "resource \"azurerm_key_vault\" \"kv\" {{\n for_each = toset({each})\n name = each.key\n}}\n"
                ),
            )],
        );
    }
    check(
        "copies",
        &[(
            "main.tf",
            "resource \"azurerm_key_vault\" \"kv\" {\n count = 100000000\n name = \"kv-${count.index}\"\n}\n",
        )],
    );
    check("width", &[("main.tf", &module("", "format(\"%999999999d\", 1)"))]);
    // Each calls the next one twenty times.
    let modules: Vec<(String, String)> = (0..12)
        .map(|at| {
            (
                format!("m{at}/main.tf"),
                format!("module \"m\" {{\n source = \"../m{}\"\n count = 20\n}}\n", at + 1),
            )
        })
        .collect();
    let files: Vec<(&str, &str)> =
        modules.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    check("modules", &files);
    check("a module in itself", &[("main.tf", "module \"m\" {\n source = \"./\"\n}\n")]);
    let resources = |count: usize| {
        (0..count)
            .map(|at| format!("resource \"azurerm_key_vault\" \"kv{at}\" {{\n name = \"kv-{at}\"\n}}\n"))
            .collect::<String>()
    };
    check("thousands", &[("main.tf", &resources(3_000))]);
}

#[test]
fn broken_files_of_terraform() {
    let text = "resource \"azurerm_key_vault\" \"kv\" {\n  name = \"kv-${var.x}\" # é😀\n  network_acls {\n    ip_rules = [for x in var.l : x if x != \"\"]\n  }\n  doc = <<-EOT\n    a %{ if var.x ~}\n    b\n    %{ endif }\n  EOT\n}\nlocals {\n  a = { b = 1, \"c\" = [1, 2] }\n}\n";
    for (at, _) in text.char_indices() {
        check("cut", &[("main.tf", &text[..at])]);
        let rest = text[at..].chars().next().map_or(0, char::len_utf8);
        check("without a character", &[("main.tf", &format!("{}{}", &text[..at], &text[at + rest..]))]);
        for c in ['"', '{', '}', '$', '\n', '[', '<', '\0'] {
            check("with another", &[("main.tf", &format!("{}{c}{}", &text[..at], &text[at..]))]);
        }
    }
}
