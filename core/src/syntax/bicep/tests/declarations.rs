use super::super::ast::{Type, TypeKind};
use super::*;

fn show(ty: &Type) -> String {
    match &ty.kind {
        TypeKind::Named(path) => path.join("."),
        TypeKind::Literals(all) => all.iter().map(ToString::to_string).collect::<Vec<_>>().join("|"),
        TypeKind::Nullable(of) => format!("({})?", show(of)),
        TypeKind::Array(of) => format!("({})[]", show(of)),
        TypeKind::Object(members) => {
            let members: Vec<String> =
                members.iter().map(|member| format!("{}: {}", member.name, show(&member.ty))).collect();
            format!("{{{}}}", members.join(", "))
        }
        TypeKind::Other => "other".to_owned(),
    }
}

fn type_of(text: &str) -> String {
    let DeclarationKind::Param { ty, .. } = one(&format!("param x {text}")).kind else { panic!("{text}") };
    show(&ty.expect(text))
}

fn text(value: &Option<Expr>) -> String {
    value.as_ref().map(ToString::to_string).unwrap_or_default()
}

#[test]
fn types_are_read() {
    for (text, expected) in [
        ("string", "string"),
        ("foo.bar", "foo.bar"),
        ("sys.string", "sys.string"),
        ("string?", "(string)?"),
        ("string[]", "(string)[]"),
        ("int [] [] ?", "(((int)[])[])?"),
        ("(string)[]", "(string)[]"),
        ("'a'", "'a'"),
        ("'a' | 'b'", "'a'|'b'"),
        ("('a' | 'b')[]", "('a'|'b')[]"),
        ("1 | -2 | true | null", "1|-2|true()|null()"),
        ("{ a: string, b: int? }", "{a: string, b: (int)?}"),
        ("{\n  @description('x')\n  a: 'x' | 'y'\n\n  *: string\n}", "{a: 'x'|'y', *: string}"),
        ("{ 'a-b': bool }", "{a-b: bool}"),
        ("{}", "{}"),
        ("foo | bar", "other"),
        ("[string, int]", "other"),
        ("[\n  @minLength(1)\n  string\n  int\n]", "other"),
        ("resourceInput<'A/b@2020-01-01'>", "other"),
        ("resourceInput<'A/b@2020-01-01'>.properties.sku", "other"),
        ("resourceOutput<'A/b@2020-01-01'>?", "(other)?"),
        ("foo[*]", "other"),
        ("foo.*", "other"),
        ("foo[0]", "other"),
        ("foo!", "other"),
        ("!true", "other"),
        ("resource 'A/b@2020-01-01'", "other"),
    ] {
        assert_eq!(type_of(text), expected, "{text}");
    }
    let DeclarationKind::Type { name, ty, .. } = one("type t =\n  | 'a'\n  | 'b'\n").kind else { panic!() };
    assert_eq!((&*name, show(&ty.unwrap())), ("t", "'a'|'b'".to_owned()));
}

#[test]
fn parameters_have_a_type_a_default_and_decorators() {
    let declaration = one("@sys.description('d')\n@secure()\n@allowed([\n  'a'\n])\nparam p string = 'a'\n");
    let DeclarationKind::Param { name, ty, default, name_span } = &declaration.kind else { panic!() };
    assert_eq!(
        (&**name, show(ty.as_ref().unwrap()), text(default)),
        ("p", "string".to_owned(), "'a'".to_owned())
    );
    assert_eq!(name_span.end - name_span.start, 1);
    let decorators: Vec<(&str, Vec<String>)> = declaration
        .decorators
        .iter()
        .map(|decorator| (&*decorator.name, decorator.args.iter().map(ToString::to_string).collect()))
        .collect();
    assert_eq!(
        decorators,
        [
            ("description", vec!["'d'".to_owned()]),
            ("secure", vec![]),
            ("allowed", vec!["createArray('a')".to_owned()])
        ]
    );
    for (file, expected) in [("param p = 1", "1"), ("param p = az.getSecret('a')", "az.getSecret('a')")] {
        let DeclarationKind::Param { ty: None, default, .. } = one(file).kind else { panic!("{file}") };
        assert_eq!(text(&default), expected);
    }
    one("@inline()\nparam p");
}

#[test]
fn resources_are_read_in_all_their_forms() {
    let kind = "'A/b@2020-01-01'";
    for (body, existing, condition, looped, object) in [
        ("= { a: 1 }", false, "", "", true),
        ("existing = { a: 1 }", true, "", "", true),
        ("= if (c) { a: 1 }", false, "c", "", true),
        ("=\n  if (c) { a: 1 }", false, "c", "", true),
        ("= [for x in xs: { a: 1 }]", false, "", "x  xs", true),
        ("= [for (x, i) in xs: if (c) { a: 1 }]", false, "c", "x i xs", true),
        ("existing = [for x in xs: { a: 1 }]", true, "", "x  xs", true),
    ] {
        let text = format!("@batchSize(1)\nresource r {kind} {body}\n");
        let declaration = one(&text);
        let found = resource(&declaration);
        assert_eq!(&*found.symbol, "r");
        assert_eq!(found.kind.as_ref().map(|(text, _)| &**text), Some("A/b@2020-01-01"));
        assert_eq!(found.existing, existing, "{body}");
        assert_eq!(self::text(&found.condition), condition, "{body}");
        let shown = found.looped.as_ref().map_or(String::new(), |looped| {
            format!("{} {} {}", looped.item, looped.index.as_deref().unwrap_or(""), looped.list)
        });
        assert_eq!(shown, looped, "{body}");
        assert_eq!(found.body.is_some(), object);
        assert_eq!(self::text(&found.body), "createObject('a', 1)", "{body}");
        assert_eq!(&text[found.body_span.start as usize..found.body_span.end as usize], "{ a: 1 }");
        assert!(text[found.span.start as usize..].starts_with("resource r"));
        assert_eq!(declaration.span.start, 0);
    }
}

#[test]
fn resources_in_a_body_are_apart_from_it() {
    let text = "resource a 'A/b@1' = {
  name: 'a'
  resource: 'a property'
  resource b 'c' = {
    name: 'b'
    resource c 'd' existing = {
      name: 'c'
    }
  }

  @description('d')
  resource d 'e' = [for i in range(0, 2): {
    name: 'd${i}'
  }]
  tags: {}
}";
    let declaration = one(text);
    let outer = resource(&declaration);
    assert_eq!(
        self::text(&outer.body),
        "createObject('name', 'a', 'resource', 'a property', 'tags', createObject())"
    );
    let nested: Vec<&Resource> = outer.nested.iter().map(resource).collect();
    assert_eq!(nested.iter().map(|nested| &*nested.symbol).collect::<Vec<_>>(), ["b", "d"]);
    assert_eq!(&*resource(&nested[0].nested[0]).symbol, "c");
    assert_eq!(&*outer.nested[1].decorators[0].name, "description");
    assert!(nested[1].looped.is_some());
}

#[test]
fn modules_are_read_in_all_their_forms() {
    for (text, path) in [
        ("module m './a.bicep' = { name: 'm' }", "./a.bicep"),
        ("module m 'br:contoso.azurecr.io/a/b:v1' = if (c) { name: 'm' }", "br:contoso.azurecr.io/a/b:v1"),
        ("module m 'br/public:avm/res/x:0.1.0' = [for x in xs: { name: 'm' }]", "br/public:avm/res/x:0.1.0"),
        ("module m 'ts:sub/rg/spec:v1' = [for x in xs: if (c) { name: 'm' }]", "ts:sub/rg/spec:v1"),
    ] {
        let declaration = one(text);
        let found = module(&declaration);
        assert_eq!(found.path.as_ref().map(|(path, _)| &**path), Some(path));
        assert_eq!(self::text(&found.body), "createObject('name', 'm')");
    }
    assert_eq!(
        problems("module m 'a${b}' = {}"),
        [("'a${b}'".to_owned(), "the module's path is written without `${…}`".to_owned())]
    );
}

#[test]
fn everything_else_is_read() {
    let file = clean(
        "targetScope = 'subscription'
metadata author = 'me'
var a = 1
var b string = 'x'
output o string = a
output p array = [for x in xs: x]
@export()
type t = { a: string }
@export()
func f(a string, b int?) string => '${a}${b}'
import { x, 'y-z' as y, w as v } from 'shared.bicep'
import * as n from 'other.bicep'
import 'az@1.0.0' as old
extension kubernetes with { namespace: 'default' } as k8s
extension 'br:x/y:1'
provider 'br:x/y:1' with {} as z
assert ok = a == 1
test t1 'a.bicep' = { params: {} }
",
    );
    let kinds: Vec<&DeclarationKind> =
        file.declarations.iter().map(|declaration| &declaration.kind).collect();
    assert_eq!(kinds.len(), 16);
    assert!(
        matches!(kinds[0], DeclarationKind::TargetScope(Some(value)) if value.to_string() == "'subscription'")
    );
    assert!(matches!(kinds[1], DeclarationKind::Metadata { name, value: Some(_) } if &**name == "author"));
    assert!(
        matches!(kinds[5], DeclarationKind::Output { value: Some(value), .. } if value.to_string() == "[for x in xs: x]")
    );
    let DeclarationKind::Func { name, parameters, body, .. } = kinds[7] else { panic!() };
    let parameters: Vec<String> =
        parameters.iter().map(|(name, ty)| format!("{name} {}", show(ty))).collect();
    assert_eq!(
        (&**name, parameters.join(", "), text(body)),
        ("f", "a string, b (int)?".to_owned(), "concat(a, b)".to_owned())
    );
    let DeclarationKind::Import { names, wildcard: None, path: Some(path) } = kinds[8] else { panic!() };
    let names: Vec<(&str, &str)> = names.iter().map(|(from, to)| (&**from, &**to)).collect();
    assert_eq!((names, &*path.0), (vec![("x", "x"), ("y-z", "y"), ("w", "v")], "shared.bicep"));
    let DeclarationKind::Import { wildcard: Some(wildcard), .. } = kinds[9] else { panic!() };
    assert_eq!(&**wildcard, "n");
    for (kind, name, alias, config) in [
        (kinds[10], "az@1.0.0", Some("old"), ""),
        (kinds[11], "kubernetes", Some("k8s"), "createObject('namespace', 'default')"),
        (kinds[12], "br:x/y:1", None, ""),
        (kinds[13], "br:x/y:1", Some("z"), "createObject()"),
    ] {
        let DeclarationKind::Extension { name: Some(found), alias: as_found, config: with } = kind else {
            panic!()
        };
        assert_eq!((&*found.0, as_found.as_deref(), text(with)), (name, alias, config.to_owned()));
    }
    assert!(matches!(kinds[15], DeclarationKind::Other));
}

#[test]
fn parameter_files_are_read() {
    let file = clean(
        "using './main.bicep'
using none
using 'main.bicep' with {
  mode: 'stack'
}
extends 'base.bicepparam'
extensionConfig k8s with {
  namespace: 'x'
}
var a = readEnvironmentVariable('A', 'b')
param b = '${a}-x'
param c = {
  d: [
    1
  ]
}
",
    );
    let paths: Vec<Option<&str>> = file
        .declarations
        .iter()
        .filter_map(|declaration| match &declaration.kind {
            DeclarationKind::Using { path } | DeclarationKind::Extends { path } => {
                Some(path.as_ref().map(|(path, _)| &**path))
            }
            _ => None,
        })
        .collect();
    assert_eq!(paths, [Some("./main.bicep"), None, Some("main.bicep"), Some("base.bicepparam")]);
}

#[test]
fn keywords_are_names_elsewhere() {
    clean(
        "var variables = true
param parameters bool = true
var if = true
var param = if && parameters
var resource = { type: param, module: 1, var: [ resource, output ] }
var type string = resource.type
output output string = type
",
    );
}

#[test]
fn blanks_comments_and_directives_may_be_anywhere() {
    clean("");
    clean("\n\n");
    clean("\u{feff}// a file\n\nparam /* a */ x /* b */ string // c\n");
    clean(
        "#disable-next-line no-unused-params\nparam x string\n#disable-diagnostics a b\n  #restore-diagnostics a\n",
    );
    clean(
        "resource a 'b@1' = {\n  // one\n  name: 'x' // two\n\n  /* three\n  */\n  #disable-next-line y\n  tags: {}\n}",
    );
    clean("param x string\r\n\r\nparam y string\r\n");
}
