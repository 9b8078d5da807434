//! The declarations of a file, derived from its tree.

use super::convert::{condition, expression, for_loop};
use super::{Node, SyntaxKind, Tree};
use crate::syntax::expression::{Expr, ExprKind};
use crate::text::Span;
use std::rc::Rc;

/// A file.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// The declarations, in order.
    pub declarations: Vec<Declaration>,
}

/// A declaration. Parts that a broken one lacks are `None` or empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Declaration {
    /// The span, with the decorators.
    pub span: Span,
    /// The decorators, in order.
    pub decorators: Vec<Decorator>,
    /// Whether a part could not be parsed, so that missing parts may be in it.
    pub partially_parsed: bool,
    /// The kind, with its parts.
    pub kind: DeclarationKind,
}

/// `@name(args)`
#[derive(Clone, Debug, PartialEq)]
pub struct Decorator {
    /// Its name, without the namespace.
    pub name: Rc<str>,
    /// The arguments.
    pub args: Vec<Expr>,
    /// The span, from the `@`.
    pub span: Span,
}

/// A text and its span, with its quotes.
pub type SpannedName = (Rc<str>, Span);

/// Kinds of declarations.
#[derive(Clone, Debug, PartialEq)]
pub enum DeclarationKind {
    /// `param name type = default`; in a parameter file `param name = default`.
    Param {
        /// Its name.
        name: Rc<str>,
        /// The span of the name.
        name_span: Span,
        /// Its type.
        ty: Option<Type>,
        /// The default value; in a parameter file the assigned value.
        default: Option<Expr>,
    },
    /// `var name = value`
    Var {
        /// Its name.
        name: Rc<str>,
        /// The span of the name.
        name_span: Span,
        /// Its value.
        value: Option<Expr>,
    },
    /// `resource symbol 'type@version' = {…}`
    Resource(Box<Resource>),
    /// `module symbol 'path' = {…}`
    Module(Box<Module>),
    /// `output name type = value`
    Output {
        /// Its name.
        name: Rc<str>,
        /// The span of the name.
        name_span: Span,
        /// Its type.
        ty: Option<Type>,
        /// Its value, which may be a loop.
        value: Option<Expr>,
    },
    /// `type name = type`
    Type {
        /// Its name.
        name: Rc<str>,
        /// The span of the name.
        name_span: Span,
        /// The type that it names.
        ty: Option<Type>,
    },
    /// `func name(parameters) type => body`
    Func {
        /// Its name.
        name: Rc<str>,
        /// The span of the name.
        name_span: Span,
        /// The parameters.
        parameters: Vec<(Rc<str>, Type)>,
        /// The expression that is returned.
        body: Option<Expr>,
    },
    /// `import {original as alias} from 'path'` or `import * as wildcard from 'path'`
    Import {
        /// The imported names, each with its name in this file.
        names: Vec<(Rc<str>, Rc<str>)>,
        /// The name of the namespace with all imports.
        wildcard: Option<Rc<str>>,
        /// The file.
        path: Option<SpannedName>,
    },
    /// `using 'path'`
    Using {
        /// The file; `None` for `using none`.
        path: Option<SpannedName>,
    },
    /// `extends 'path'`
    Extends {
        /// The file.
        path: Option<SpannedName>,
    },
    /// `metadata name = value`
    Metadata {
        /// Its name.
        name: Rc<str>,
        /// Its value.
        value: Option<Expr>,
    },
    /// `targetScope = value`
    TargetScope(Option<Expr>),
    /// `assert name = value`
    Assert {
        /// Its name.
        name: Rc<str>,
        /// The condition that has to be true.
        value: Option<Expr>,
    },
    /// `extension name with {…} as alias`, in any of its spellings, or `extensionConfig name with {…}`
    Extension {
        /// The extension: a name, or the text of a string.
        name: Option<SpannedName>,
        /// The name in this file.
        alias: Option<Rc<str>>,
        /// The configuration.
        config: Option<Expr>,
    },
    /// `test name 'path' = {…}`, and lines that do not start a declaration.
    Other,
}

/// `resource symbol 'type@version' existing = if (condition) {…}`
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    /// Its symbolic name.
    pub symbol: Rc<str>,
    /// The span of the name.
    pub symbol_span: Span,
    /// `type@version`
    pub kind: Option<SpannedName>,
    /// Whether it is only referred to.
    pub existing: bool,
    /// The condition of `if`.
    pub condition: Option<Expr>,
    /// The loop.
    pub looped: Option<Loop>,
    /// The object, without the resources in it.
    pub body: Option<Expr>,
    /// The span of the object; empty at the end of a resource without one.
    pub body_span: Span,
    /// The resources that are declared in the body.
    pub nested: Vec<Declaration>,
    /// The span, from the keyword.
    pub span: Span,
}

/// `module symbol 'path' = if (condition) {…}`
#[derive(Clone, Debug, PartialEq)]
pub struct Module {
    /// Its symbolic name.
    pub symbol: Rc<str>,
    /// The span of the name.
    pub symbol_span: Span,
    /// The path or registry reference of the module.
    pub path: Option<SpannedName>,
    /// The condition of `if`.
    pub condition: Option<Expr>,
    /// The loop.
    pub looped: Option<Loop>,
    /// The object.
    pub body: Option<Expr>,
    /// The span of the object; empty at the end of a module without one.
    pub body_span: Span,
    /// The span, from the keyword.
    pub span: Span,
}

/// `[for (item, index) in list: …]`
#[derive(Clone, Debug, PartialEq)]
pub struct Loop {
    /// The variable of the item.
    pub item: Rc<str>,
    /// The variable of the index.
    pub index: Option<Rc<str>>,
    /// The array that is looped over.
    pub list: Expr,
}

/// A type.
#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    /// The span in the file.
    pub span: Span,
    /// The kind, with its parts.
    pub kind: TypeKind,
}

/// Kinds of types.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeKind {
    /// `string`, `name` or `namespace.name`: the parts of its path.
    Named(Vec<Rc<str>>),
    /// One of these literal values.
    Literals(Vec<Expr>),
    /// `type?`
    Nullable(Box<Type>),
    /// `type[]`
    Array(Box<Type>),
    /// `{…}`
    Object(Vec<TypeMember>),
    /// Anything else.
    Other,
}

/// A member of an object type.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeMember {
    /// Its name; `*` for all others.
    pub name: Rc<str>,
    /// The span of the name.
    pub name_span: Span,
    /// The decorators, in order.
    pub decorators: Vec<Decorator>,
    /// Its type.
    pub ty: Type,
}

/// The declarations of a tree.
pub fn file(tree: &Tree) -> File {
    File { declarations: tree.root().children().into_iter().map(declaration).collect() }
}

fn declaration(node: Node) -> Declaration {
    let span = node.span();
    let all = node.children();
    let decorators = decorators(&all);
    let parts = Parts { node, children: all.get(decorators.len()..).unwrap_or_default() };
    let partially_parsed = node.is_partially_parsed();
    Declaration { span, partially_parsed, kind: kind(&parts, &decorators), decorators }
}

/// A declaration without its decorators.
struct Parts<'t, 'c> {
    node: Node<'t>,
    children: &'c [Node<'t>],
}

fn kind(parts: &Parts, decorators: &[Decorator]) -> DeclarationKind {
    let (name, name_span) = parts.name();
    match parts.node.kind() {
        SyntaxKind::Param => {
            DeclarationKind::Param { name, name_span, ty: parts.ty(), default: parts.value() }
        }
        SyntaxKind::Var => DeclarationKind::Var { name, name_span, value: parts.value() },
        SyntaxKind::Output => {
            DeclarationKind::Output { name, name_span, ty: parts.ty(), value: parts.value() }
        }
        SyntaxKind::TypeDeclaration => DeclarationKind::Type { name, name_span, ty: parts.ty() },
        SyntaxKind::Func => {
            let parameters = parts.all(SyntaxKind::FuncParameter).filter_map(|node| {
                let children = node.children();
                let of = Parts { node, children: &children };
                Some((of.find(SyntaxKind::Name)?.text().into(), of.ty()?))
            });
            let parameters = parameters.collect();
            DeclarationKind::Func { name, name_span, parameters, body: parts.value() }
        }
        SyntaxKind::Metadata => DeclarationKind::Metadata { name, value: parts.value() },
        SyntaxKind::Assert => DeclarationKind::Assert { name, value: parts.value() },
        SyntaxKind::TargetScope => DeclarationKind::TargetScope(parts.value()),
        SyntaxKind::Using => DeclarationKind::Using { path: parts.string() },
        SyntaxKind::Extends => DeclarationKind::Extends { path: parts.string() },
        SyntaxKind::Import => DeclarationKind::Import {
            names: parts.all(SyntaxKind::ImportItem).filter_map(import_item).collect(),
            wildcard: parts.alias(),
            path: parts.string(),
        },
        SyntaxKind::Extension | SyntaxKind::ExtensionConfig => DeclarationKind::Extension {
            name: parts
                .string()
                .or_else(|| parts.find(SyntaxKind::Name).map(|name| (Rc::from(name.text()), name.span()))),
            alias: parts.alias(),
            config: parts.value(),
        },
        SyntaxKind::Resource => {
            let body = body(parts);
            DeclarationKind::Resource(Box::new(Resource {
                symbol: name,
                symbol_span: name_span,
                kind: parts.string(),
                existing: parts.find(SyntaxKind::Existing).is_some(),
                condition: body.condition,
                looped: body.looped,
                body: body.object.map(expression),
                body_span: body.span,
                nested: body.object.map_or_else(Vec::new, nested),
                span: parts.span(decorators),
            }))
        }
        SyntaxKind::Module => {
            let body = body(parts);
            DeclarationKind::Module(Box::new(Module {
                symbol: name,
                symbol_span: name_span,
                path: parts.string(),
                condition: body.condition,
                looped: body.looped,
                body: body.object.map(expression),
                body_span: body.span,
                span: parts.span(decorators),
            }))
        }
        _ => DeclarationKind::Other,
    }
}

impl<'t> Parts<'t, '_> {
    fn all(&self, kind: SyntaxKind) -> impl Iterator<Item = Node<'t>> {
        self.children.iter().copied().filter(move |child| child.kind() == kind)
    }

    fn find(&self, kind: SyntaxKind) -> Option<Node<'t>> {
        self.all(kind).next()
    }

    fn name(&self) -> SpannedName {
        let end = self.node.span().end;
        match self.find(SyntaxKind::Name) {
            Some(name) => (Rc::from(name.text()), name.span()),
            None => (Rc::from(""), Span { start: end, end }),
        }
    }

    fn ty(&self) -> Option<Type> {
        self.find(SyntaxKind::TypeClause)?.children().first().map(|node| ty(*node))
    }

    fn value(&self) -> Option<Expr> {
        self.find(SyntaxKind::Value)?.children().first().map(|node| expression(*node))
    }

    /// The string without interpolations that it names.
    fn string(&self) -> Option<SpannedName> {
        self.find(SyntaxKind::Text).and_then(string)
    }

    fn alias(&self) -> Option<Rc<str>> {
        let alias = self.find(SyntaxKind::Alias)?.children();
        alias.first().filter(|name| name.kind() == SyntaxKind::Name).map(|name| Rc::from(name.text()))
    }

    /// From the keyword, which follows the decorators.
    fn span(&self, decorators: &[Decorator]) -> Span {
        let span = self.node.span();
        if decorators.is_empty() {
            return span;
        }
        let tree = self.node.tree;
        let data = self.node.data();
        let below = self.node.children();
        let last = decorators.len().checked_sub(1).and_then(|at| below.get(at));
        let behind = last.map_or(data.first, |last| last.data().end);
        let keyword = (behind..data.end).find(|at| tree.token(*at) == super::TokenKind::Name);
        keyword.map_or(span, |at| Span { start: tree.token_span(at).start, ..span })
    }
}

fn string(node: Node) -> Option<SpannedName> {
    let read = expression(node);
    match read.kind {
        ExprKind::Text(text) => Some((text, read.span)),
        _ => None,
    }
}

fn import_item(node: Node) -> Option<(Rc<str>, Rc<str>)> {
    let children = node.children();
    let parts = Parts { node, children: &children };
    let original = match parts.string() {
        Some((text, _)) => text,
        None => Rc::from(parts.find(SyntaxKind::Name)?.text()),
    };
    let alias = parts.alias().unwrap_or_else(|| Rc::clone(&original));
    Some((original, alias))
}

/// The parts of a resource or module.
struct Body<'t> {
    looped: Option<Loop>,
    condition: Option<Expr>,
    object: Option<Node<'t>>,
    span: Span,
}

fn body<'t>(parts: &Parts<'t, '_>) -> Body<'t> {
    let end = parts.node.span().end;
    let mut body = Body { looped: None, condition: None, object: None, span: Span { start: end, end } };
    if let Some(object) = parts.find(SyntaxKind::Object) {
        body.object = Some(object);
    } else if let Some(node) = parts.find(SyntaxKind::If) {
        (body.condition, body.object) = condition(&node.children());
    } else if let Some(found) = parts.find(SyntaxKind::For).and_then(|node| for_loop(&node.children())) {
        body.looped = Some(Loop { item: found.item, index: found.index, list: found.list });
        body.condition = found.condition;
        body.object = found.body;
    }
    body.object = body.object.filter(|object| object.kind() == SyntaxKind::Object);
    if let Some(object) = body.object {
        body.span = object.span();
    }
    body
}

fn nested(object: Node) -> Vec<Declaration> {
    let resources = object.children().into_iter().filter(|child| child.kind() == SyntaxKind::Resource);
    resources.map(declaration).collect()
}

fn decorators(children: &[Node]) -> Vec<Decorator> {
    children
        .iter()
        .take_while(|child| child.kind() == SyntaxKind::Decorator)
        .map(|node| decorator(*node))
        .collect()
}

fn decorator(node: Node) -> Decorator {
    let children = node.children();
    let (name, args) = match children.first().map(|node| expression(*node).kind) {
        Some(ExprKind::Call { name, args, .. } | ExprKind::Method { name, args, .. }) => (name, args),
        Some(ExprKind::Name(name) | ExprKind::Property { name, .. }) => (name, Vec::new()),
        _ => (Rc::from(""), Vec::new()),
    };
    Decorator { name, args, span: node.span() }
}

fn ty(node: Node) -> Type {
    let children = node.children();
    let kind = match (node.kind(), children.as_slice()) {
        (SyntaxKind::TypeParen, [inner]) => return ty(*inner),
        (SyntaxKind::Name, _) if !matches!(node.text(), "null" | "true" | "false") => {
            TypeKind::Named(vec![Rc::from(node.text())])
        }
        (SyntaxKind::TypeProperty, [of, name]) => match ty(*of).kind {
            TypeKind::Named(mut path) => {
                path.push(Rc::from(name.text()));
                TypeKind::Named(path)
            }
            _ => TypeKind::Other,
        },
        (SyntaxKind::TypeNullable, [of]) => TypeKind::Nullable(Box::new(ty(*of))),
        (SyntaxKind::TypeArray, [of]) => TypeKind::Array(Box::new(ty(*of))),
        (SyntaxKind::TypeObject, members) => {
            TypeKind::Object(members.iter().filter_map(|member| type_member(*member)).collect())
        }
        (SyntaxKind::TypeUnion, members) => union(members),
        (SyntaxKind::Name | SyntaxKind::Integer | SyntaxKind::Text | SyntaxKind::Unary, _) => {
            let literal = expression(node);
            match literal.kind {
                ExprKind::Null | ExprKind::Bool(_) | ExprKind::Int(_) | ExprKind::Text(_) => {
                    TypeKind::Literals(vec![literal])
                }
                _ => TypeKind::Other,
            }
        }
        _ => TypeKind::Other,
    };
    Type { span: node.span(), kind }
}

/// Literals, or anything.
fn union(members: &[Node]) -> TypeKind {
    let mut literals = Vec::new();
    for member in members {
        match ty(*member).kind {
            TypeKind::Literals(more) => literals.extend(more),
            _ => return TypeKind::Other,
        }
    }
    TypeKind::Literals(literals)
}

fn type_member(node: Node) -> Option<TypeMember> {
    let children = node.children();
    let decorators = decorators(&children);
    let (name, name_span, of) = match children.get(decorators.len()..)? {
        [key, of] => {
            let (name, span) = if key.kind() == SyntaxKind::Name {
                (Rc::from(key.text()), key.span())
            } else {
                string(*key)?
            };
            (name, span, of)
        }
        [of] => {
            let start = node.span().start;
            (Rc::from("*"), Span { start, end: start.saturating_add(1) }, of)
        }
        _ => return None,
    };
    Some(TypeMember { name, name_span, decorators, ty: ty(*of) })
}
