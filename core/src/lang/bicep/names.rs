//! What the names in a file mean, written into its expressions: a parameter or variable becomes the call that ARM has for
//! it, a resource its symbolic name, a namespace nothing.

use crate::syntax::expression::{Expr, ExprKind};
use crate::text::Span;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// What a name at the level of the file means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Parameter,
    /// A variable, declared here or imported.
    Variable,
    Resource,
    Module,
    /// A function, declared here or imported.
    Function,
    /// Something imported by name: a variable, a function or a type.
    Imported,
    /// Everything that another file exports.
    Library,
    /// What Bicep brings along, `az` or `sys`, under this name.
    Builtin,
    /// A type, or an extension: no value.
    Other,
}

/// The names of one file.
#[derive(Debug, Default)]
pub(super) struct Names {
    meanings: HashMap<Rc<str>, Meaning>,
    /// Set when names may come from somewhere that cannot be read.
    pub(super) open: bool,
}

/// A name that nothing declares.
#[derive(Debug)]
pub(super) struct Undeclared {
    pub(super) span: Span,
    pub(super) name: Rc<str>,
}

impl Names {
    pub(super) fn declare(&mut self, name: &Rc<str>, meaning: Meaning) {
        self.meanings.entry(Rc::clone(name)).or_insert(meaning);
    }

    pub(super) fn get(&self, name: &str) -> Option<Meaning> {
        self.meanings.get(name).copied()
    }
}

/// Writes meanings into the expressions of one file.
pub(super) struct Resolver<'n> {
    pub(super) names: &'n Names,
    /// Names that loops and lambdas around bind.
    locals: Vec<Rc<str>>,
    /// The resources around, outermost first, by their full symbolic name.
    around: Vec<Rc<str>>,
    pub(super) undeclared: Vec<Undeclared>,
    /// Names that objects give once more, and where.
    pub(super) twice: Vec<(Span, Rc<str>)>,
    /// What is looped over.
    pub(super) loops: Vec<Expr>,
    /// Names of imports that expressions use.
    pub(super) imported: HashSet<Rc<str>>,
}

impl<'n> Resolver<'n> {
    pub(super) fn new(names: &'n Names) -> Self {
        let (undeclared, twice, loops) = (Vec::new(), Vec::new(), Vec::new());
        let imported = HashSet::new();
        Self { names, locals: Vec::new(), around: Vec::new(), undeclared, twice, loops, imported }
    }

    /// With more names bound.
    pub(super) fn within<T>(&mut self, names: &[Rc<str>], then: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.locals.len();
        self.locals.extend(names.iter().cloned());
        let result = then(self);
        self.locals.truncate(before);
        result
    }

    /// Inside a resource, which sees what is declared in it by its short name.
    pub(super) fn inside<T>(&mut self, symbol: &Rc<str>, then: impl FnOnce(&mut Self) -> T) -> T {
        self.around.push(Rc::clone(symbol));
        let result = then(self);
        self.around.pop();
        result
    }

    pub(super) fn all(&mut self, exprs: &mut [Expr]) {
        for expr in exprs {
            self.expr(expr);
        }
    }

    pub(super) fn expr(&mut self, expr: &mut Expr) {
        match &mut expr.kind {
            ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Text(_)
            | ExprKind::Symbol(_)
            | ExprKind::Broken => {}
            ExprKind::Interpolation(items) | ExprKind::Array(items) => self.all(items),
            ExprKind::Object(members) => {
                let mut seen = HashSet::new();
                for (key, value) in members {
                    if let ExprKind::Text(name) = &key.kind
                        && !seen.insert(name.to_ascii_lowercase())
                    {
                        self.twice.push((key.span, Rc::clone(name)));
                    }
                    self.expr(key);
                    self.expr(value);
                }
            }
            ExprKind::Spread(of) => self.expr(of),
            ExprKind::Lambda { parameters, body } => {
                let bound = parameters.clone();
                self.within(&bound, |inner| inner.expr(body));
            }
            ExprKind::For { item, index, list, condition, body } => {
                self.expr(list);
                self.loops.push((**list).clone());
                let bound: Vec<Rc<str>> = std::iter::once(&*item).chain(&*index).cloned().collect();
                self.within(&bound, |inner| {
                    if let Some(condition) = condition {
                        inner.expr(condition);
                    }
                    inner.expr(body);
                });
            }
            ExprKind::Index { of, index, .. } => {
                self.expr(of);
                self.expr(index);
                let name = match &index.kind {
                    ExprKind::Text(_) => self.is_outputs(of),
                    _ => false,
                };
                if name {
                    value_of(expr);
                }
            }
            ExprKind::Property { of, name, .. } => {
                if let Some(exported) = self.exported(of, name) {
                    expr.kind = reference("variables", &exported);
                    return;
                }
                self.expr(of);
                if self.is_outputs(of) {
                    value_of(expr);
                }
            }
            ExprKind::Nested { of, name } => {
                self.expr(of);
                let outer = match &of.kind {
                    ExprKind::Symbol(outer) => Some(outer),
                    ExprKind::Index { of, .. } => match &of.kind {
                        ExprKind::Symbol(outer) => Some(outer),
                        _ => None,
                    },
                    _ => None,
                };
                if let Some(outer) = outer {
                    let full: Rc<str> = Rc::from(format!("{outer}::{name}").as_str());
                    if self.names.get(&full).is_none() && !self.names.open {
                        self.undeclared.push(Undeclared { span: expr.span, name: Rc::clone(&full) });
                    }
                    expr.kind = ExprKind::Symbol(full);
                }
            }
            ExprKind::Name(name) => {
                let name = Rc::clone(name);
                self.name(expr, &name);
            }
            ExprKind::Method { .. } => self.method(expr),
            ExprKind::Call { .. } => self.call(expr),
        }
    }

    fn name(&mut self, expr: &mut Expr, name: &Rc<str>) {
        if self.locals.contains(name) {
            return;
        }
        for outer in self.around.iter().rev() {
            let full: Rc<str> = Rc::from(format!("{outer}::{name}").as_str());
            if self.names.get(&full).is_some() {
                expr.kind = ExprKind::Symbol(full);
                return;
            }
        }
        let known = self.names.get(name);
        if known == Some(Meaning::Imported) {
            self.imported.insert(Rc::clone(name));
        }
        match known {
            Some(Meaning::Parameter) => expr.kind = reference("parameters", name),
            Some(Meaning::Variable | Meaning::Imported) => expr.kind = reference("variables", name),
            Some(Meaning::Resource | Meaning::Module) => expr.kind = ExprKind::Symbol(Rc::clone(name)),
            Some(_) => {}
            None => {
                if !self.names.open && !is_this(name, known) {
                    self.undeclared.push(Undeclared { span: expr.span, name: Rc::clone(name) });
                }
            }
        }
    }

    /// `library.name`, of a file that is imported as a whole.
    fn exported(&mut self, of: &Expr, name: &str) -> Option<Rc<str>> {
        let ExprKind::Name(library) = &of.kind else { return None };
        let is_library = !self.locals.contains(library) && self.names.get(library) == Some(Meaning::Library);
        is_library.then(|| {
            self.imported.insert(Rc::clone(library));
            Rc::from(format!("{library}.{name}").as_str())
        })
    }

    /// Whether this is the `outputs` of a module: its members are objects with the value in them.
    fn is_outputs(&self, of: &Expr) -> bool {
        let ExprKind::Property { of, name, .. } = &of.kind else { return false };
        let of = match &of.kind {
            ExprKind::Index { of, .. } => of,
            _ => of,
        };
        &**name == "outputs"
            && matches!(&of.kind, ExprKind::Symbol(symbol) if self.names.get(symbol) == Some(Meaning::Module))
    }

    fn method(&mut self, expr: &mut Expr) {
        let ExprKind::Method { of, name, args } = &mut expr.kind else { return };
        self.all(args);
        if let ExprKind::Name(namespace) = &of.kind
            && !self.locals.contains(namespace)
        {
            let namespace = Rc::clone(namespace);
            let known = self.names.get(&namespace);
            let is_builtin = match known {
                None => matches!(&*namespace, "az" | "sys"),
                Some(meaning) => meaning == Meaning::Builtin,
            };
            if is_builtin || known == Some(Meaning::Library) || is_this(&namespace, known) {
                let (name, args) = (Rc::clone(name), std::mem::take(args));
                if known == Some(Meaning::Library) {
                    self.imported.insert(Rc::clone(&namespace));
                }
                expr.kind = if is_builtin {
                    builtin(name, args)
                } else {
                    ExprKind::Call { namespace: Some(namespace), name, args }
                };
                return;
            }
        }
        self.expr(of);
        // What a resource lists is listed by its id, at its API version.
        if name.starts_with("list") {
            let part = |name: &str| Expr {
                span: of.span,
                kind: ExprKind::Property { of: of.clone(), name: Rc::from(name), safe: false },
            };
            let mut all = vec![part("id")];
            if args.is_empty() {
                all.push(part("apiVersion"));
            }
            all.append(args);
            expr.kind = ExprKind::Call { namespace: None, name: Rc::clone(name), args: all };
        }
    }

    fn call(&mut self, expr: &mut Expr) {
        let ExprKind::Call { namespace: None, name, args } = &mut expr.kind else { return };
        if &**name == "nameof"
            && let [arg] = args.as_slice()
        {
            expr.kind = ExprKind::Text(Rc::from(last_name(arg)));
            return;
        }
        self.all(args);
        match self.names.get(name) {
            Some(Meaning::Function) => {}
            Some(Meaning::Imported) => {
                self.imported.insert(Rc::clone(name));
            }
            _ => expr.kind = builtin(Rc::clone(name), std::mem::take(args)),
        }
    }
}

/// Whether this is the namespace of the resource around, which says what is deployed of it: `this.exists()`.
fn is_this(name: &str, known: Option<Meaning>) -> bool {
    name == "this" && known.is_none()
}

/// A function of Bicep itself.
fn builtin(name: Rc<str>, mut args: Vec<Expr>) -> ExprKind {
    match (&*name, args.len()) {
        ("any", 1) => args.pop().map_or(ExprKind::Null, |only| only.kind),
        // As a scope these take what their namesakes in ARM do not.
        ("resourceGroup" | "subscription" | "managementGroup", 1..) => {
            ExprKind::Call { namespace: Some(Rc::from("az")), name, args }
        }
        _ => ExprKind::Call { namespace: None, name, args },
    }
}

/// `parameters('name')`, `variables('name')`.
fn reference(function: &str, name: &str) -> ExprKind {
    let name = Expr { span: Span::default(), kind: ExprKind::Text(Rc::from(name)) };
    ExprKind::Call { namespace: None, name: Rc::from(function), args: vec![name] }
}

/// The part of an expression that is known only when something is deployed, where it has one: a property of a resource at
/// run time, an output of a module. What a variable is made of counts, what a parameter is given does not (F7.22). Variables
/// that were `seen` have no such part: each is looked at once, however often it is named.
pub(super) fn known_at_run_time<'e>(
    expr: &'e Expr,
    variables: &'e HashMap<Rc<str>, Expr>,
    seen: &mut HashSet<&'e str>,
    depth: u8,
) -> Option<&'e Expr> {
    if depth > MAX_VARIABLES {
        return None;
    }
    let mut any =
        |exprs: &'e [Expr]| exprs.iter().find_map(|expr| known_at_run_time(expr, variables, seen, depth));
    match &expr.kind {
        ExprKind::Property { of, name, .. } => {
            let whole = match &of.kind {
                ExprKind::Index { of, .. } => of,
                _ => of,
            };
            let is_late =
                matches!(whole.kind, ExprKind::Symbol(_)) && matches!(&**name, "properties" | "outputs");
            if is_late { Some(expr) } else { known_at_run_time(of, variables, seen, depth) }
        }
        ExprKind::Call { namespace: None, name, args } => match (&**name, args.as_slice()) {
            ("variables", [Expr { kind: ExprKind::Text(name), .. }]) => {
                seen.insert(name).then_some(())?;
                known_at_run_time(variables.get(name)?, variables, seen, depth + 1)?;
                seen.remove(&**name);
                Some(expr)
            }
            ("reference", _) => Some(expr),
            (name, _) if name.starts_with("list") && !args.is_empty() => Some(expr),
            _ => any(args),
        },
        ExprKind::Call { args, .. } => any(args),
        ExprKind::Interpolation(items) | ExprKind::Array(items) => any(items),
        ExprKind::Index { of, index, .. } => known_at_run_time(of, variables, seen, depth)
            .or_else(|| known_at_run_time(index, variables, seen, depth)),
        ExprKind::Spread(of) => known_at_run_time(of, variables, seen, depth),
        ExprKind::Object(members) => {
            members.iter().find_map(|(_, value)| known_at_run_time(value, variables, seen, depth))
        }
        _ => None,
    }
}

/// Variables that are made of one another, as far as that is followed.
const MAX_VARIABLES: u8 = 16;

/// A text about expressions as an author of Bicep writes them: parameters and variables by their names.
pub(super) fn in_own_words(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, head, name, behind)) = next_reference(rest) {
        let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let is_call = before.ends_with(|last: char| last.is_ascii_alphanumeric() || last == '_');
        words.push_str(before);
        if is_name && !is_call {
            words.push_str(name);
            rest = behind;
        } else {
            words.push_str(head);
            rest = rest.get(before.len() + head.len()..).unwrap_or_default();
        }
    }
    words + rest
}

/// What is before the first reference to a parameter or variable, its start, the name, and what is behind it.
fn next_reference(text: &str) -> Option<(&str, &'static str, &str, &str)> {
    let heads = ["parameters('", "variables('"];
    let (at, head) = heads.into_iter().filter_map(|head| Some((text.find(head)?, head))).min()?;
    let (before, rest) = text.split_at_checked(at)?;
    let (name, behind) = rest.strip_prefix(head)?.split_once("')")?;
    Some((before, head, name, behind))
}

/// Reads the `value` of what an expression gives.
fn value_of(expr: &mut Expr) {
    let inner = Expr { span: expr.span, kind: std::mem::replace(&mut expr.kind, ExprKind::Null) };
    expr.kind = ExprKind::Property { of: Box::new(inner), name: Rc::from("value"), safe: false };
}

/// The name that `nameof` gives.
fn last_name(expr: &Expr) -> &str {
    match &expr.kind {
        ExprKind::Name(name) | ExprKind::Property { name, .. } | ExprKind::Nested { name, .. } => name,
        _ => "",
    }
}
