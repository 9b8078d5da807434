//! What an expansion notes beside the resources that it makes, whatever the language.

use super::{Lowered, Problem, ProblemKind, Unread, once_each};
use crate::eval::Budget;
use crate::sorted::Set;
use crate::text::Place;
use std::cell::RefCell;

/// More problems, or files that are asked for, are not listed: a report with more is not read.
pub(super) const MAX_LISTED: usize = 1_000;

/// The notes of one expansion. Its problems are not among them: in a deployment the condition of a resource, which is known
/// at the end, decides which of them count.
#[derive(Debug, Default)]
pub(super) struct Notes {
    missing: RefCell<Set<String>>,
    /// What is asked for without being needed, because a summary replaces it.
    summarized: RefCell<Set<String>>,
    used: RefCell<Set<String>>,
    unread: RefCell<Vec<Unread>>,
}

impl Notes {
    /// Asks for a file; whether there was room for that.
    pub(super) fn miss(&self, path: &str) -> bool {
        insert(&self.missing, path)
    }

    /// The host did not pass a file, and a summary replaces it.
    pub(super) fn summarize(&self, path: &str) {
        insert(&self.summarized, path);
    }

    /// The environment is made of this file or directory, too.
    pub(super) fn read(&self, path: &str) {
        self.used.borrow_mut().insert(path.to_owned());
    }

    /// What this deploys is unknown.
    pub(super) fn leave_unread(&self, unread: Unread) {
        self.unread.borrow_mut().push(unread);
    }

    /// What was found beside the resources. That the budget is spent is a problem of `place`; `what` is what the language
    /// calls the text there.
    pub(super) fn finish(
        self,
        mut problems: Vec<Problem>,
        budget: &Budget,
        place: Place,
        what: &str,
    ) -> Lowered {
        problems = once_each(problems);
        problems.truncate(MAX_LISTED);
        if let Some(reason) = budget.exhausted() {
            let reason = reason.replace("template", what);
            problems.push(Problem::new(place, ProblemKind::EvaluationLimit, reason));
        }
        Lowered {
            problems,
            missing: self.missing.into_inner().into_iter().collect(),
            summarized: self.summarized.into_inner().into_iter().collect(),
            used: self.used.into_inner().into_iter().collect(),
            unread: self.unread.into_inner(),
            ..Lowered::default()
        }
    }
}

fn insert(into: &RefCell<Set<String>>, path: &str) -> bool {
    let mut paths = into.borrow_mut();
    let has_room = paths.len() < MAX_LISTED;
    if has_room {
        paths.insert(path.to_owned());
    }
    has_room
}
