use super::*;

fn value(text: &str) -> String {
    let file = parse(&format!("x = {text}\n"));
    assert_eq!(file.problems, [], "{text}");
    file.body.value("x").map(ToString::to_string).unwrap_or_default()
}

fn problems(text: &str) -> Vec<(u32, String)> {
    parse(text).problems.into_iter().map(|problem| (problem.span.start, problem.message)).collect()
}

#[test]
fn expressions_become_those_of_the_shared_tree() {
    for (text, expected) in [
        ("var.name", "var.name"),
        ("var.a.b[0]", "var.a.b[0]"),
        ("azurerm_key_vault.kv[\"a\"].id", "azurerm_key_vault.kv['a'].id"),
        ("data.azurerm_subnet.s.id", "data.azurerm_subnet.s.id"),
        ("module.kv.id", "module.kv.id"),
        ("module.kv[\"a\"].id.b", "module.kv.id['a'].b"),
        ("module.kv[*].id", "[for [*] in tf.splat(module.kv): [*].id]"),
        ("-1", "-1"),
        ("1.5", "tf.decimal('1.5')"),
        ("1 + 2 * 3", "tf.add(1, tf.multiply(2, 3))"),
        ("a.b - 1 - 2", "tf.subtract(tf.subtract(a.b, 1), 2)"),
        ("!a.b && c.d || e.f", "tf.or(tf.and(tf.not(a.b), c.d), e.f)"),
        ("a.b != null ? 1 : 2", "if(tf.unequal(a.b, null()), 1, 2)"),
        ("f(1, a.b...)", "tf.f(1, ...a.b)"),
        ("a.b[*].id", "[for [*] in tf.splat(a.b): [*].id]"),
        ("a.b.*.id[0]", "[for [*] in tf.splat(a.b): [*].id][0]"),
        ("a.b[*]", "tf.splat(a.b)"),
        ("a.b.0.c", "a.b[0].c"),
        ("[for x in a.b : x.c if x.d]", "[for x in a.b: if (x.d) x.c]"),
        ("{ for k, v in a.b : k => v... }", "tf.groups([for (v, k) in a.b: createArray(k, v)])"),
        ("{ for k, v in a.b : k => v }", "tf.pairs([for (v, k) in a.b: createArray(k, v)])"),
        ("{ a = 1, \"b\" : 2\n (var.c) = 3\n}", "createObject('a', 1, 'b', 2, var.c, 3)"),
        ("[\n  1,\n  2, # two\n]", "createArray(1, 2)"),
        ("provider::time::rfc3339_parse(a.b)", "tf.provider::time::rfc3339_parse(a.b)"),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
}

#[test]
fn texts_are_templates() {
    for (text, expected) in [
        (r#""a\"b\n\u00e9""#, "'a\"b\né'"),
        (r#""${var.x}""#, "var.x"),
        (r#""kv-${var.x}-a""#, "concat('kv-', tf.tostring(var.x), '-a')"),
        (r#""$${x} %%{y} $5 100%""#, "'${x} %{y} $5 100%'"),
        (r#""${"a${var.b}"}""#, "concat('a', tf.tostring(var.b))"),
        (r#""a %{ if var.x }b%{ else }c%{ endif }""#, "concat('a ', tf.tostring(if(var.x, 'b', 'c')))"),
        (
            r#""%{ for x in var.l ~} ${x}, %{ endfor }""#,
            "tf.join('', [for x in var.l: concat(tf.tostring(x), ', ')])",
        ),
        ("<<EOT\n  a ${var.b}\nEOT", "concat('  a ', tf.tostring(var.b), '\n')"),
        ("<<-EOT\n    a\n      b\n    EOT", "'a\n  b\n'"),
        ("<<EOT\nEOT", "''"),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
}

#[test]
fn bodies_hold_attributes_and_blocks() {
    let text = "\u{feff}# one\r\nresource \"t\" \"n\" {\r\n  a = 1 // two\r\n  b { c = 2 }\r\n  dynamic \"d\" {}\r\n}\r\n/* three */\r\n";
    let file = parse(text);
    assert_eq!(file.problems, []);
    let block = &file.body.blocks[0];
    assert_eq!((&*block.kind, block.label(0), block.label(1)), ("resource", Some("t"), Some("n")));
    assert_eq!(block.body.attributes.len(), 1);
    assert_eq!(block.body.blocks.iter().map(|block| &*block.kind).collect::<Vec<_>>(), ["b", "dynamic"]);
    let at = |span: Span| text.get(span.start as usize..span.end as usize).unwrap_or_default();
    assert_eq!(at(block.head), "resource \"t\" \"n\"");
    assert_eq!(at(block.body.attributes[0].value.span), "1");
    assert_eq!(file.comments.iter().map(|span| at(*span)).collect::<Vec<_>>(), [" one", " two", " three "]);
}

#[test]
fn what_is_broken_does_not_hide_the_rest() {
    let file = parse("resource \"t\" \"n\" {\n  a = \n  b = 2\n  c = f(1,\n}\nlocals {\n  x = 1\n}\n");
    assert_eq!(file.body.blocks.iter().map(|block| &*block.kind).collect::<Vec<_>>(), ["resource", "locals"]);
    assert!(file.body.blocks[0].body.value("b").is_some());
    assert!(file.body.blocks[0].body.partially_parsed);
    assert!(!file.body.blocks[1].body.partially_parsed);
    assert_eq!(file.problems.len(), 2);
}

#[test]
fn a_block_that_is_not_closed_ends_before_the_next() {
    let file = parse("resource \"t\" \"n\" {\n  a = 1\n  b {\n\nresource \"t\" \"m\" {\n  a = 1\n}\n");
    let names: Vec<_> = file.body.blocks.iter().map(|block| block.label(1)).collect();
    assert_eq!(names, [Some("n"), Some("m")]);
    assert_eq!(problems("a {\n"), [(0, "this block is not closed".to_owned())]);
}

#[test]
fn faults_are_told_in_words() {
    for (text, message) in [
        ("a = \"x\n", "this text is not closed"),
        ("a = <<EOT\nx\n", "no line ends this text: `EOT` is expected alone in one"),
        ("a = [1 2]", "`,` or `]` is expected here, not `2`"),
        ("a = 1 b = 2", "the end of the line is expected here, not `b`"),
        ("a = \"\\q\"", "there is no such escape"),
        ("}", "an attribute or a block is expected here, not `}`"),
        ("a = \n", "a value is expected here, not the end of the line"),
    ] {
        assert_eq!(problems(text).first().map(|(_, message)| message.as_str()), Some(message), "{text}");
    }
}

#[test]
fn what_is_nested_without_end_is_refused() {
    for (open, close) in
        [("(", ")"), ("[", "]"), ("{a=", "}"), ("\"${", "}\""), ("!", ""), ("f(", ")"), ("a ? ", "")]
    {
        let text = format!("x = {}1{}\ny = 2\n", open.repeat(20_000), close.repeat(20_000));
        let file = parse(&text);
        assert!(!file.problems.is_empty(), "{open}");
    }
    for link in [".a", "[0]", " + 1", "[*]"] {
        let text = format!("x = a.b{}\ny = 2\n", link.repeat(20_000));
        let file = parse(&text);
        assert!(!file.problems.is_empty(), "{link}");
        assert!(file.body.value("y").is_some(), "{link}");
    }
    assert!(!parse(&"a {\n".repeat(20_000)).problems.is_empty());
}
