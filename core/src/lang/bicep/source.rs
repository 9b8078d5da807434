//! A Bicep file as what it declares, its names resolved. It borrows nothing, so that a project can keep it.

use super::names::{Meaning, Names, Resolver, known_at_run_time};
use crate::azure::names;
use crate::lang::{Problem, ProblemKind};
use crate::syntax::bicep::ast::{self, Declaration, DeclarationKind, Decorator, Loop, Type};
use crate::syntax::bicep::{self, Tree};
use crate::syntax::expression::{Expr, ExprKind};
use crate::text::{FileId, Place, Span};
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// The declarations of one Bicep file, by name where expressions look them up.
#[derive(Debug)]
pub struct Source {
    pub(super) tree: Tree,
    pub(super) parameters: HashMap<Rc<str>, Parameter>,
    pub(super) variables: HashMap<Rc<str>, Expr>,
    pub(super) functions: HashMap<Rc<str>, Function>,
    pub(super) types: HashMap<Rc<str>, Type>,
    pub(super) outputs: Vec<Output>,
    pub(super) output_places: HashMap<Rc<str>, usize>,
    pub(super) resources: Vec<Rc<Resource>>,
    /// What is imported by name: its name here, the file, its name there.
    pub(super) imports: HashMap<Rc<str>, (Rc<str>, Rc<str>, Span)>,
    /// Files that are imported as a whole, by their name here.
    pub(super) libraries: HashMap<Rc<str>, (Rc<str>, Span)>,
    /// Which names of both expressions use.
    imported: HashSet<Rc<str>>,
    /// The text of `targetScope`; `None` where the file does not set it, which means a resource group.
    pub(super) scope: Option<Rc<str>>,
    /// The template that a parameter file is for.
    pub(super) using: Option<(Rc<str>, Span)>,
    /// The parameter file that a parameter file adds to.
    pub(super) extends: Option<(Rc<str>, Span)>,
    undeclared: Vec<(Span, String)>,
    /// Names that objects give once more.
    twice: Vec<(Span, Rc<str>)>,
    /// Loops over what is known only at run time.
    late_loops: Vec<Span>,
}

/// A declared parameter; in a parameter file one that is given.
#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) name: Rc<str>,
    pub(super) span: Span,
    pub(super) ty: Option<Type>,
    pub(super) default: Option<Expr>,
    pub(super) secure: bool,
    pub(super) allowed: Vec<Expr>,
}

/// A function of the file.
#[derive(Debug)]
pub(super) struct Function {
    pub(super) parameters: Vec<Rc<str>>,
    pub(super) body: Expr,
}

#[derive(Debug)]
pub(super) struct Output {
    pub(super) name: Rc<str>,
    pub(super) span: Span,
    pub(super) value: Expr,
    pub(super) secure: bool,
}

/// A resource or module.
#[derive(Debug)]
pub(super) struct Resource {
    /// Its symbolic name, with those of the resources around it.
    pub(super) symbol: Rc<str>,
    pub(super) symbol_span: Span,
    /// Its type without the version; of a module nothing.
    pub(super) kind: Rc<str>,
    /// The API version; one that is declared inside another one without has that one's.
    pub(super) version: Rc<str>,
    /// Where that is written.
    pub(super) version_span: Option<Span>,
    pub(super) existing: bool,
    /// Whether it has the decorator `onlyIfNotExists`.
    pub(super) only_created: bool,
    /// Its own condition, and those of the resources it is declared inside of.
    pub(super) conditions: Vec<Expr>,
    pub(super) looped: Option<Loop>,
    pub(super) name: Option<Expr>,
    pub(super) parent: Option<Expr>,
    pub(super) scope: Option<Expr>,
    /// The object without what has a place of its own here.
    pub(super) body: Expr,
    pub(super) nested: Vec<Rc<Resource>>,
    /// The file of a module.
    pub(super) module: Option<(Rc<str>, Span)>,
    /// The built-in summary of a module, once it was asked for.
    pub(super) summary: OnceCell<Rc<Source>>,
    pub(super) span: Span,
    pub(super) partially_parsed: bool,
}

impl Source {
    /// Reads a text. Never fails.
    pub fn read(text: &str) -> Self {
        let tree = bicep::parse(Rc::from(text));
        let declarations = ast::file(&tree).declarations;
        let names = names(&declarations, !tree.problems().is_empty());
        let mut source = Self {
            tree,
            parameters: HashMap::new(),
            variables: HashMap::new(),
            functions: HashMap::new(),
            types: HashMap::new(),
            outputs: Vec::new(),
            output_places: HashMap::new(),
            resources: Vec::new(),
            imports: HashMap::new(),
            libraries: HashMap::new(),
            imported: HashSet::new(),
            scope: None,
            using: None,
            extends: None,
            undeclared: Vec::new(),
            twice: Vec::new(),
            late_loops: Vec::new(),
        };
        let mut resolver = Resolver::new(&names);
        for declaration in declarations {
            source.declare(declaration, &mut resolver);
        }
        source.twice = resolver.twice;
        source.imported = resolver.imported;
        let mut seen = HashSet::new();
        let mut late = Vec::new();
        for list in &resolver.loops {
            late.extend(known_at_run_time(list, &source.variables, &mut seen, 0).map(|_| list.span));
        }
        source.late_loops = late;
        let undeclared = resolver.undeclared.into_iter();
        source.undeclared =
            undeclared.map(|of| (of.span, format!("nothing declares `{}`", of.name))).collect();
        source
    }

    fn declare(&mut self, declaration: Declaration, resolver: &mut Resolver) {
        let Declaration { span, mut decorators, partially_parsed, kind } = declaration;
        for decorator in &mut decorators {
            resolver.all(&mut decorator.args);
        }
        let secure = has(&decorators, "secure");
        let only_created = has(&decorators, "onlyIfNotExists");
        match kind {
            DeclarationKind::Param { name, name_span, ty, mut default } => {
                if let Some(default) = &mut default {
                    resolver.expr(default);
                }
                let allowed = decorators.into_iter().find(|decorator| &*decorator.name == "allowed");
                let allowed = allowed.and_then(|decorator| decorator.args.into_iter().next());
                let allowed = match allowed.map(|list| list.kind) {
                    Some(ExprKind::Array(items)) => items,
                    _ => Vec::new(),
                };
                let key = Rc::clone(&name);
                let parameter = Parameter { name, span: name_span, ty, default, secure, allowed };
                self.parameters.entry(key).or_insert(parameter);
            }
            DeclarationKind::Var { name, value: Some(mut value), .. } => {
                resolver.expr(&mut value);
                self.variables.entry(name).or_insert(value);
            }
            DeclarationKind::Output { name, name_span, value: Some(mut value), .. } => {
                resolver.expr(&mut value);
                self.output_places.entry(Rc::clone(&name)).or_insert(self.outputs.len());
                self.outputs.push(Output { name, span: name_span, value, secure });
            }
            DeclarationKind::Func { name, parameters, body: Some(mut body), .. } => {
                let parameters: Vec<Rc<str>> = parameters.into_iter().map(|(name, _)| name).collect();
                resolver.within(&parameters, |inner| inner.expr(&mut body));
                self.functions.entry(name).or_insert(Function { parameters, body });
            }
            DeclarationKind::Type { name, ty: Some(ty), .. } => {
                self.types.entry(name).or_insert(ty);
            }
            DeclarationKind::Import { names, wildcard, path: Some((path, span)) } => {
                for (original, alias) in names {
                    self.imports.insert(alias, (Rc::clone(&path), original, span));
                }
                if let Some(wildcard) = wildcard {
                    self.libraries.insert(wildcard, (path, span));
                }
            }
            DeclarationKind::TargetScope(Some(scope)) => {
                if let ExprKind::Text(scope) = scope.kind {
                    self.scope = Some(scope);
                }
            }
            DeclarationKind::Using { path } => self.using = path,
            DeclarationKind::Extends { path } => self.extends = path,
            DeclarationKind::Resource(resource) => {
                let outer = Outer::default();
                let about = (span, partially_parsed, only_created);
                self.resources.push(Rc::new(read_resource(*resource, &outer, about, resolver)));
            }
            DeclarationKind::Module(module) => {
                self.resources.push(Rc::new(read_module(*module, span, partially_parsed, resolver)));
            }
            _ => {}
        }
    }

    /// What is wrong with the text itself.
    pub fn problems(&self, file: FileId) -> Vec<Problem> {
        let problem = |span: Span, kind, message: &str| Problem::new(Place { file, span }, kind, message);
        let broken = self.tree.problems().iter();
        let broken = broken.map(|of| problem(of.span, ProblemKind::Syntax, &of.message));
        let undeclared = self.undeclared.iter();
        let undeclared =
            undeclared.map(|(span, message)| problem(*span, ProblemKind::UnresolvedReference, message));
        let twice = self.twice.iter().map(|(span, name)| {
            let message = format!("`{name}` is given twice in one object, which Bicep refuses");
            problem(*span, ProblemKind::DuplicateKey, &message)
        });
        let late = self.late_loops.iter().map(|span| {
            let message = "this loop is over what is known only during the deployment, and Bicep does not compile that \
                           (BCP178): hand the list to a module as a parameter, and loop there";
            problem(*span, ProblemKind::InvalidExpression, message)
        });
        broken.chain(undeclared).chain(twice).chain(late).collect()
    }

    pub(super) fn parameter(&self, name: &str) -> Option<&Parameter> {
        let exact = self.parameters.get(name);
        exact.or_else(|| self.parameters.values().find(|of| of.name.eq_ignore_ascii_case(name)))
    }

    /// The tree that was read.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The paths of the files that it deploys as modules, as written.
    pub fn modules(&self) -> impl Iterator<Item = &str> {
        self.resources.iter().filter_map(|resource| resource.module.as_ref()).map(|(path, _)| &**path)
    }

    /// The paths of the files whose variables and functions it uses, as written.
    pub fn imports(&self) -> impl Iterator<Item = &str> {
        let by_name = self.imports.iter().map(|(name, (path, ..))| (name, path));
        let all = by_name.chain(self.libraries.iter().map(|(name, (path, _))| (name, path)));
        all.filter(|(name, _)| self.imported.contains(*name)).map(|(_, path)| &**path)
    }

    /// The path of the parameter file that this one adds to, as written.
    pub fn extends(&self) -> Option<&str> {
        self.extends.as_ref().map(|(path, _)| &**path)
    }

    /// Where that path is.
    pub fn extends_at(&self) -> Option<Span> {
        self.extends.as_ref().map(|(_, span)| *span)
    }

    /// Whether this is a parameter file, and the path of its template as written.
    pub fn using(&self) -> Option<&str> {
        self.using.as_ref().map(|(path, _)| &**path)
    }
}

/// What the names of a file mean.
fn names(declarations: &[Declaration], open: bool) -> Names {
    let mut names = Names::default();
    names.open = open;
    for declaration in declarations {
        match &declaration.kind {
            DeclarationKind::Param { name, .. } => names.declare(name, Meaning::Parameter),
            DeclarationKind::Var { name, .. } => names.declare(name, Meaning::Variable),
            DeclarationKind::Func { name, .. } => names.declare(name, Meaning::Function),
            DeclarationKind::Type { name, .. } => names.declare(name, Meaning::Other),
            DeclarationKind::Module(module) => names.declare(&module.symbol, Meaning::Module),
            DeclarationKind::Resource(resource) => declare_resource(&mut names, resource, None),
            DeclarationKind::Import { names: imported, wildcard, .. } => {
                for (_, alias) in imported {
                    names.declare(alias, Meaning::Imported);
                }
                if let Some(wildcard) = wildcard {
                    names.declare(wildcard, Meaning::Library);
                }
            }
            DeclarationKind::Extension { name, alias, .. } => {
                let extension = name.as_ref().map(|(name, _)| name);
                let plain = extension.and_then(|name| name.split('@').next());
                let is_builtin = plain.is_some_and(|name| matches!(name, "az" | "sys"));
                if let Some(name) = alias.as_ref().or(extension) {
                    names.declare(name, if is_builtin { Meaning::Builtin } else { Meaning::Other });
                }
            }
            // The file it extends may declare anything.
            DeclarationKind::Extends { .. } => names.open = true,
            _ => {}
        }
    }
    names
}

fn declare_resource(names: &mut Names, resource: &ast::Resource, outer: Option<&str>) {
    let symbol = full_symbol(outer, &resource.symbol);
    names.declare(&symbol, Meaning::Resource);
    for nested in &resource.nested {
        if let DeclarationKind::Resource(inner) = &nested.kind {
            declare_resource(names, inner, Some(&symbol));
        }
    }
}

fn full_symbol(outer: Option<&str>, symbol: &Rc<str>) -> Rc<str> {
    outer.map_or_else(|| Rc::clone(symbol), |outer| Rc::from(format!("{outer}::{symbol}").as_str()))
}

/// What a resource has from those it is declared inside of.
#[derive(Default)]
struct Outer {
    symbol: Option<Rc<str>>,
    version: Rc<str>,
    version_span: Option<Span>,
    conditions: Vec<Expr>,
}

fn has(decorators: &[Decorator], name: &str) -> bool {
    decorators.iter().any(|decorator| &*decorator.name == name)
}

fn read_resource(
    resource: ast::Resource,
    outer: &Outer,
    (span, partially_parsed, only_created): (Span, bool, bool),
    resolver: &mut Resolver,
) -> Resource {
    let ast::Resource { symbol, symbol_span, kind, existing, condition, looped, body, nested, .. } = resource;
    let symbol = full_symbol(outer.symbol.as_deref(), &symbol);
    let (written, written_span) = kind.unwrap_or_default();
    let (kind, version) = written.split_once('@').unwrap_or((&written, ""));
    let (version, version_span) = if version.is_empty() {
        (Rc::clone(&outer.version), outer.version_span)
    } else {
        (Rc::from(version), version_in(written_span, &written, version))
    };
    let mut conditions = outer.conditions.clone();
    let Parts { looped, condition, members } = parts(looped, condition, body, &symbol, resolver);
    conditions.extend(condition);
    let inner = Outer {
        symbol: Some(Rc::clone(&symbol)),
        version: Rc::clone(&version),
        version_span,
        conditions: conditions.clone(),
    };
    let bound = bound(looped.as_ref());
    let nested = resolver.within(&bound, |resolver| {
        resolver.inside(&symbol, |resolver| {
            let inside = nested.into_iter().filter_map(|declaration| {
                let only_created = has(&declaration.decorators, "onlyIfNotExists");
                let about = (declaration.span, declaration.partially_parsed, only_created);
                match declaration.kind {
                    DeclarationKind::Resource(of) => {
                        Some(Rc::new(read_resource(*of, &inner, about, resolver)))
                    }
                    _ => None,
                }
            });
            inside.collect()
        })
    });
    Resource {
        symbol,
        symbol_span,
        kind: Rc::from(kind),
        version,
        version_span,
        existing,
        only_created,
        conditions,
        looped,
        name: members.name,
        parent: members.parent,
        scope: members.scope,
        body: members.body,
        nested,
        module: None,
        summary: OnceCell::new(),
        span,
        partially_parsed,
    }
}

/// Where the version at the end of a type is; nowhere in a string that is written with escapes.
fn version_in(span: Span, kind: &str, version: &str) -> Option<Span> {
    let is_plain = (span.end - span.start) as usize == kind.len() + 2;
    let end = span.end.saturating_sub(1);
    let start = end.saturating_sub(u32::try_from(version.len()).ok()?);
    is_plain.then_some(Span { start, end })
}

fn read_module(module: ast::Module, span: Span, partially_parsed: bool, resolver: &mut Resolver) -> Resource {
    let ast::Module { symbol, symbol_span, path, condition, looped, body, .. } = module;
    let Parts { looped, condition, members } = parts(looped, condition, body, &symbol, resolver);
    Resource {
        symbol,
        symbol_span,
        kind: Rc::from(names::DEPLOYMENT),
        version: Rc::from(""),
        version_span: None,
        existing: false,
        only_created: false,
        conditions: condition.into_iter().collect(),
        looped,
        name: members.name,
        parent: None,
        scope: members.scope,
        body: members.body,
        nested: Vec::new(),
        module: path,
        summary: OnceCell::new(),
        span,
        partially_parsed,
    }
}

/// What resources and modules have in common.
struct Parts {
    looped: Option<Loop>,
    condition: Option<Expr>,
    members: Members,
}

/// The members of a body.
struct Members {
    name: Option<Expr>,
    parent: Option<Expr>,
    scope: Option<Expr>,
    body: Expr,
}

fn bound(looped: Option<&Loop>) -> Vec<Rc<str>> {
    looped.into_iter().flat_map(|of| std::iter::once(&of.item).chain(&of.index)).cloned().collect()
}

fn parts(
    mut looped: Option<Loop>,
    mut condition: Option<Expr>,
    body: Option<Expr>,
    symbol: &Rc<str>,
    resolver: &mut Resolver,
) -> Parts {
    if let Some(looped) = &mut looped {
        resolver.expr(&mut looped.list);
        resolver.loops.push(looped.list.clone());
    }
    let mut body = body.unwrap_or(Expr { span: Span::default(), kind: ExprKind::Object(Vec::new()) });
    resolver.within(&bound(looped.as_ref()), |resolver| {
        if let Some(condition) = &mut condition {
            resolver.expr(condition);
        }
        resolver.inside(symbol, |resolver| resolver.expr(&mut body));
    });
    let mut members = Members { name: None, parent: None, scope: None, body };
    if let ExprKind::Object(all) = &mut members.body.kind {
        all.retain(|(key, value)| {
            let ExprKind::Text(key) = &key.kind else { return true };
            match &**key {
                "name" => members.name = Some(value.clone()),
                "parent" => members.parent = Some(value.clone()),
                "scope" => members.scope = Some(value.clone()),
                "dependsOn" => {}
                _ => return true,
            }
            &**key == "name"
        });
    }
    Parts { looped, condition, members }
}
