//! Parameters and variables.

use super::*;

#[test]
fn a_parameter_has_its_default_until_something_else_is_given() {
    let members =
        kv(r#""parameters": {"p": {"type": "string", "defaultValue": "a"}}"#, r#""[parameters('P')]""#);
    let with = |case: Case| shown(&x(&case.lower(), "kv"));
    assert_eq!(with(Case::new(&members)), "'a' assuming p");
    assert_eq!(with(Case::new(&members).parameter_file(r#""p": {"value": "b"}"#)), "'b'");
    assert_eq!(with(Case::new(&members).parameter_file(r#""P": {"value": "b"}"#).parameter("p", "c")), "'c'");
    let secret = r#""p": {"reference": {"keyVault": {"id": "/v"}, "secretName": "s"}}"#;
    assert_eq!(with(Case::new(&members).parameter_file(secret)), "getSecret('p')");
}

#[test]
fn declarations_say_what_is_known_of_a_parameter() {
    check(&[
        (r#""parameters": {"p": {"type": "string"}}"#, r#""[parameters('p')]""#, "parameters('p')"),
        (
            r#""parameters": {"p": {"type": "string", "nullable": true}}"#,
            r#""[parameters('p')]""#,
            "null assuming p",
        ),
        (
            r#""parameters": {"p": {"type": "securestring", "defaultValue": "a"}}"#,
            r#""[parameters('p')]""#,
            "parameters('p')",
        ),
        (
            r#""parameters": {"p": {"type": "string", "defaultValue": "[newGuid()]"}}"#,
            r#""[parameters('p')]""#,
            "parameters('p')",
        ),
        (
            r#""parameters": {"p": {"type": "string", "defaultValue": "[concat(parameters('q'), '1')]"}, "q": {"type": "string", "defaultValue": "b"}}"#,
            r#""[parameters('p')]""#,
            "'b1' assuming p q",
        ),
        (
            r##""definitions": {"t": {"type": "string", "nullable": true}}, "parameters": {"p": {"$ref": "#/definitions/t"}}"##,
            r#""[coalesce(parameters('p'), 'none')]""#,
            "'none' assuming p",
        ),
        (
            r##""definitions": {"t": {"$ref": "#/definitions/t"}}, "parameters": {"p": {"$ref": "#/definitions/t"}}"##,
            r#""[parameters('p')]""#,
            "parameters('p')",
        ),
    ]);
}

#[test]
fn allowed_values_bound_what_a_parameter_may_be() {
    let members = r#""parameters": {"p": {"type": "string", "allowedValues": ["Allow", "allow"]}}"#;
    let value = x(&lower(&kv(members, r#""[parameters('p')]""#)), "kv");
    assert!(value.is_word("Allow").is_true());
    assert!(value.is_word("Deny").is_false());
}

#[test]
fn a_parameter_that_refers_to_itself_is_given_up_on() {
    let members = r#""parameters": {"p": {"type": "string", "defaultValue": "[parameters('p')]"}}"#;
    let value = x(&lower(&kv(members, r#""[parameters('p')]""#)), "kv");
    assert_eq!(shown(&value), "limit('defined by itself') assuming p");
}

#[test]
fn variables_and_their_loops() {
    check(&[
        (r#""variables": {"v": {"a": ["b", {"c": 1}]}}"#, r#""[variables('V').A[1].c]""#, "1"),
        (r#""variables": {"v": "[variables('w')]", "w": true}"#, r#""[variables('v')]""#, "true"),
        (
            r#""variables": {"copy": [{"name": "v", "count": 3, "input": "[concat('s', copyIndex('v', 1))]"}]}"#,
            r#""[variables('v')]""#,
            "['s1', 's2', 's3']",
        ),
        (
            r#""variables": {"v": {"copy": [{"name": "list", "count": 2, "input": {"at": "[copyIndex('list')]"}}], "other": 1}}"#,
            r#""[variables('v')]""#,
            "{list: [{at: 0}, {at: 1}], other: 1}",
        ),
        (
            r#""variables": {"copy": [{"name": "v", "count": "[length(variables('names'))]", "input": "[variables('names')[copyIndex('v')]]"}], "names": ["a", "b"]}"#,
            r#""[variables('v')]""#,
            "['a', 'b']",
        ),
    ]);
}

#[test]
fn what_nothing_declares_is_reported_where_it_is_named() {
    let case = Case::new(&kv("", r#""[concat(parameters('p'), variables('v'), ns.f(), nothing(1))]""#));
    let lowered = case.lower();
    let text = &case.files[0].1;
    let found: Vec<_> = lowered
        .problems
        .iter()
        .map(|problem| {
            (&text[problem.place.span.start as usize..problem.place.span.end as usize], &*problem.message)
        })
        .collect();
    assert_eq!(
        found,
        [
            ("parameters('p')", "nothing declares the parameter `p`"),
            ("variables('v')", "nothing declares the variable `v`"),
            ("ns.f()", "nothing declares the function `ns.f`"),
        ]
    );
    // A function without a namespace may be newer than this.
    assert_eq!(lowered.unknown_functions, ["nothing"]);
}

#[test]
fn what_cannot_be_read_may_declare_what_seems_to_be_missing() {
    let broken =
        template("deploymentTemplate", &kv(r#""variables": {"a": , "b": 1}"#, r#""[variables('a')]""#));
    let lowered = Case::text(&broken).lower();
    assert!(lowered.partially_parsed);
    assert_eq!(problems(&lowered), <[&str; 0]>::default());
    assert_eq!(shown(&x(&lowered, "kv")), "variables('a')");
}

#[test]
fn user_functions_see_their_own_parameters_and_one_another() {
    let functions = r#""functions": [
        {"namespace": "a", "members": {
            "twice": {"parameters": [{"name": "s", "type": "string"}], "output": {"type": "string", "value": "[concat(parameters('s'), parameters('S'))]"}},
            "four": {"parameters": [{"name": "t", "type": "string"}], "output": {"type": "string", "value": "[a.twice(a.twice(parameters('t')))]"}},
            "loop": {"output": {"type": "string", "value": "[a.loop()]"}}
        }}
    ], "parameters": {"s": {"type": "string", "defaultValue": "outside"}}"#;
    check(&[
        (functions, r#""[A.Twice('x')]""#, "'xx'"),
        (functions, r#""[a.four('x')]""#, "'xxxx'"),
        (functions, r#""[a.twice(parameters('s'))]""#, "'outsideoutside' assuming s"),
    ]);
    let endless = lower(&kv(functions, r#""[a.loop()]""#));
    assert_eq!(shown(&x(&endless, "kv")), "limit('nested too deeply')");
    assert_eq!(problems(&endless), ["the template nests its values too deeply"]);
}

#[test]
fn a_parameter_file_that_reads_secrets_makes_the_deployment_read_the_vault() {
    let members =
        kv(r#""parameters": {"password": {"type": "securestring"}, "plain": {"type": "string"}}"#, "1");
    let file = r#""password": {"reference": {"keyVault": {"id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v"}, "secretName": "n"}},
        "plain": {"value": "x"}, "undeclared": {"reference": {"keyVault": {"id": "/other"}, "secretName": "n"}}"#;
    let lowered = Case::new(&members).parameter_file(file).lower();
    let reader = lowered.resources.iter().find(|resource| resource.kind.ends_with("/deployments")).unwrap();
    assert_eq!(reader.address, "Microsoft.Resources/deployments/deployment().name");
    assert_eq!(
        reader.body.normal(),
        "{properties: {parameters: {password: {reference: {keyVault: {id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v'}, secretName: 'n'}}}}}"
    );
    assert_eq!(reader.place.file, FileId(1));
    let overridden = Case::new(&members).parameter_file(file).parameter("password", "x").lower();
    assert_eq!(overridden.resources.len(), 1);
}
