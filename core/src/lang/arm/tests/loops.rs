//! Copy loops and conditions.

use super::*;

fn vaults(members: &str, head: &str) -> Lowered {
    let comma = if members.is_empty() { "" } else { "," };
    lower(&format!(r#"{members}{comma} "resources": [{{"type": "Microsoft.KeyVault/vaults", {head}}}]"#))
}

const COUNT: &str = r#""parameters": {"n": {"type": "int"}, "two": {"type": "int", "defaultValue": 2}, "off": {"type": "int", "defaultValue": 0}, "more": {"type": "bool"}}"#;

#[test]
fn a_resource_loop_makes_its_copies() {
    let cases: &[(&str, &[&str])] = &[
        (
            r#""copy": {"name": "l", "count": 2}, "name": "[concat('kv', copyIndex())]""#,
            &["kv0: true", "kv1: true"],
        ),
        (
            r#""copy": {"name": "l", "count": 2, "mode": "serial", "batchSize": 1}, "name": "[concat('kv', copyIndex('l', 5))]""#,
            &["kv5: true", "kv6: true"],
        ),
        (r#""copy": {"name": "l", "count": 1}, "name": "[concat('kv', copyIndex(1))]""#, &["kv1: true"]),
        (r#""copy": {"name": "l", "count": 0}, "name": "[concat('kv', copyIndex())]""#, &[]),
        (
            r#""copy": {"name": "l", "count": "[parameters('two')]"}, "name": "[concat('kv', copyIndex())]""#,
            &["kv0: true assuming two", "kv1: true assuming two"],
        ),
        (
            r#""copy": {"name": "l", "count": "[if(parameters('more'), 2, 1)]"}, "name": "[concat('kv', copyIndex())]""#,
            &["kv0: true", "kv1: parameters('more')"],
        ),
        (
            r#""copy": {"name": "l", "count": "[parameters('off')]"}, "name": "[concat('kv', copyIndex())]""#,
            &["kv${copyIndex(l)}: false assuming off"],
        ),
        (
            r#""copy": {"name": "l", "count": 2}, "condition": "[equals(copyIndex(), 1)]", "name": "[concat('kv', copyIndex())]""#,
            &["kv0: false", "kv1: true"],
        ),
    ];
    for (head, expected) in cases {
        assert_eq!(conditions(&vaults(COUNT, head)), *expected, "{head}");
    }
}

#[test]
fn a_loop_of_unknown_length_stands_for_any_number() {
    let lowered = vaults(
        COUNT,
        r#""copy": {"name": "l", "count": "[parameters('n')]"}, "name": "[concat('kv', copyIndex())]""#,
    );
    assert_eq!(conditions(&lowered), ["kv${copyIndex(l)}: true"]);
    assert!(lowered.resources[0].repeated);
}

#[test]
fn a_count_that_azure_refuses_is_reported() {
    for count in ["-1", "801"] {
        let head =
            format!(r#""copy": {{"name": "l", "count": {count}}}, "name": "[concat('kv', copyIndex())]""#);
        let lowered = vaults("", &head);
        assert_eq!(problems(&lowered), [format!("a loop makes 0 to 800 copies, not {count}")]);
        assert!(lowered.resources[0].repeated);
    }
    let property = lower(&kv("", r#"{"copy": [{"name": "l", "count": -1, "input": 1}]}"#));
    assert_eq!(problems(&property), ["a loop makes 0 to 800 copies, not -1"]);
}

#[test]
fn property_loops_name_their_index_and_the_one_around_them() {
    let lowered = vaults(
        "",
        r#""copy": {"name": "outer", "count": 2}, "name": "[concat('kv', copyIndex('outer'))]",
           "properties": {"copy": [{"name": "x", "count": 2, "input": {"copy": [{"name": "y", "count": 1, "input": "[format('{0}{1}{2}', copyIndex('outer'), copyIndex('x', 1), copyIndex('y'))]"}]}}]}"#,
    );
    assert_eq!(shown(&x(&lowered, "kv1")), "[{y: ['110']}, {y: ['120']}]");
    check(&[
        (
            COUNT,
            r#"{"copy": [{"name": "l", "count": "[parameters('n')]", "input": "[copyIndex('l')]"}]}"#,
            "{l: copy(parameters('n'), copyIndex(l))}",
        ),
        (
            COUNT,
            r#"{"copy": [{"name": "l", "count": "[if(parameters('more'), 1, 0)]", "input": "a"}]}"#,
            "{l: if(parameters('more'), ['a'], [])}",
        ),
        (COUNT, r#"{"copy": [{"name": "l", "count": "[parameters('off')]", "input": "a"}]}"#, "{l: []}"),
    ]);
    let assumed =
        lower(&kv(COUNT, r#"{"copy": [{"name": "l", "count": "[parameters('off')]", "input": "a"}]}"#));
    assert_eq!(shown(&x(&assumed, "kv").get("l")), "[] assuming off");
}

#[test]
fn an_index_outside_its_loop_is_reported() {
    let lowered = lower(&kv("", r#""[copyIndex('none')]""#));
    assert_eq!(problems(&lowered), ["`copyIndex` is outside the loop that it names"]);
}

#[test]
fn conditions_hold_for_what_is_deployed_with_them() {
    let parameters =
        r#""parameters": {"open": {"type": "bool"}, "off": {"type": "bool", "defaultValue": false}}"#;
    let of = |head: &str| conditions(&vaults(parameters, head));
    assert_eq!(of(r#""name": "kv", "condition": "[parameters('open')]""#), ["kv: parameters('open')"]);
    assert_eq!(of(r#""name": "kv", "condition": "[parameters('off')]""#), ["kv: false assuming off"]);
    assert_eq!(of(r#""name": "kv", "condition": "[not(parameters('off'))]""#), ["kv: true assuming off"]);
    assert_eq!(of(r#""name": "kv", "condition": false"#), ["kv: false"]);
    // A parent's condition is not its children's.
    assert_eq!(
        of(r#""name": "kv", "condition": false, "resources": [{"type": "secrets", "name": "s"}]"#),
        ["kv: false", "kv/s: true"]
    );
}

#[test]
fn the_condition_of_a_deployment_is_that_of_all_in_it() {
    let resource = r#""resources": [{"type": "Microsoft.KeyVault/vaults", "name": "kv", "condition": "[parameters('b')]"}]"#;
    let inner = deployment(r#""name": "in", "condition": "[parameters('a')]""#, "", resource);
    let parameters = r#""parameters": {"a": {"type": "bool"}, "b": {"type": "bool"}}"#;
    let lowered = lower(&format!(r#"{parameters}, "resources": [{inner}]"#));
    assert_eq!(conditions(&lowered), ["kv: and(parameters('a'), parameters('b'))"]);
    let case = Case::new(&format!(r#"{parameters}, "resources": [{inner}]"#)).parameter("a", "false");
    assert_eq!(conditions(&case.lower()), ["kv: false"]);
}
