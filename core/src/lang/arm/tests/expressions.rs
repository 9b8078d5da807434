//! Every function of Azure's public reference is known.

use super::*;

#[test]
fn no_function_of_the_reference_is_unknown() {
    // Whether a call is right is another question: what is not known at all is listed.
    for name in "array concat contains createArray empty first indexFromEnd indexOf intersection last lastIndexOf length max min \
        range skip take tryGet tryIndexFromEnd union parseCidr cidrSubnet cidrHost coalesce equals greater greaterOrEquals less \
        lessOrEquals dateTimeAdd dateTimeFromEpoch dateTimeToEpoch utcNow deployer deployment environment parameters variables \
        filter groupBy map mapValues reduce sort toObject lambda lambdaVariables and bool false if not or true add copyIndex div \
        float int mod mul sub createObject items json null objectKeys shallowMerge extensionResourceId listAccountSas listKeys \
        listSecrets listClusterAdminCredential list pickZones providers reference references resourceId resourceInfo \
        subscriptionResourceId tenantResourceId managementGroupResourceId managementGroup resourceGroup subscription tenant base64 \
        base64ToJson base64ToString dataUri dataUriToString endsWith format guid join newGuid padLeft replace split startsWith \
        string substring toLower toUpper trim uniqueString uri uriComponent uriComponentToString flatten fail toLogicalZone \
        toLogicalZones toPhysicalZone toPhysicalZones parseUri buildUri getSecret like distinct"
        .split_whitespace()
    {
        for arguments in ["", "1", "1, 2", "1, 2, 3"] {
            let lowered = lower(&kv("", &format!(r#""[{name}({arguments})]""#)));
            assert_eq!(lowered.unknown_functions, <[&str; 0]>::default());
        }
    }
    let unknown = lower(&kv("", r#""[nothing()]""#));
    assert_eq!((unknown.unknown_functions.concat(), problems(&unknown).len()), ("nothing".to_owned(), 0));
}

#[test]
fn calls_with_the_wrong_number_of_arguments_are_reported() {
    let of = |call: &str| {
        let lowered = lower(&kv("", &format!(r#""[{call}]""#)));
        problems(&lowered).join("; ")
    };
    assert_eq!(of("if(true(), 1)"), "`if` takes 3 arguments, and gets 2");
    assert_eq!(of("parameters()"), "`parameters` takes 1 argument, and gets 0");
    assert_eq!(of("resourceGroup('x')"), "`resourceGroup` takes no arguments, and gets 1");
}

#[test]
fn a_condition_that_is_open_gives_both_branches_and_one_that_is_not_only_its_own() {
    let parameters =
        r#""parameters": {"on": {"type": "bool"}, "off": {"type": "bool", "defaultValue": false}}"#;
    check(&[
        (parameters, r#""[if(parameters('on'), 'a', 'b')]""#, "if(parameters('on'), 'a', 'b')"),
        (parameters, r#""[if(parameters('off'), reference('nothing').x, 'b')]""#, "'b' assuming off"),
        (parameters, r#""[if(true(), 'a', variables('not there'))]""#, "'a'"),
        (
            parameters,
            r#""[concat('x-', if(parameters('on'), 'a', 'b'))]""#,
            "if(parameters('on'), 'x-a', 'x-b')",
        ),
    ]);
}

#[test]
fn lambdas_over_what_is_known() {
    check(&[
        (
            "",
            r#""[map(createArray('a', 'b'), lambda('n', concat(lambdaVariables('n'), '1')))]""#,
            "['a1', 'b1']",
        ),
        ("", r#""[map(createArray('a', 'b'), lambda('n', 'i', lambdaVariables('i')))]""#, "[0, 1]"),
        ("", r#""[filter(createArray(1, 2, 3), lambda('n', greater(lambdaVariables('n'), 1)))]""#, "[2, 3]"),
        (
            "",
            r#""[reduce(createArray(1, 2, 3), 0, lambda('a', 'b', add(lambdaVariables('a'), lambdaVariables('b'))))]""#,
            "6",
        ),
        (
            "",
            r#""[sort(createArray(3, 1, 2), lambda('a', 'b', less(lambdaVariables('a'), lambdaVariables('b'))))]""#,
            "[1, 2, 3]",
        ),
        (
            "",
            r#""[toObject(createArray('a'), lambda('n', lambdaVariables('n')), lambda('n', 1))]""#,
            "{a: 1}",
        ),
        ("", r#""[mapValues(createObject('a', 1), lambda('n', add(lambdaVariables('n'), 1)))]""#, "{a: 2}"),
        (
            "",
            r#""[groupBy(createArray('aa', 'ab', 'b'), lambda('n', first(lambdaVariables('n'))))]""#,
            "{a: ['aa', 'ab'], b: ['b']}",
        ),
    ]);
}
