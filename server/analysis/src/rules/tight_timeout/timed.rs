//! Calls that wait for something real, so long and no longer.

mod calls;

use crate::facts::code::Argument;
use crate::facts::{NodeId, NodeKind};
use crate::project::{Role, Subject};

/// A wait with a limit that is written down.
pub struct Timed {
    /// The call that waits; the mark, where a mark limits the whole test.
    pub call: NodeId,
    /// The limit as it is written.
    pub limit: NodeId,
    pub seconds: f64,
    /// The seconds that one of the written number stands for.
    pub unit: f64,
    pub what: What,
    pub expiry: Expiry,
}

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Process,
    /// The end of a process that runs already.
    ProcessEnd,
    Thread,
    /// Something that the event loop runs, and only that.
    Loop,
    Connection,
    /// The test as a whole.
    Test,
    /// Whatever a function named like a wait waits for.
    Unknown,
}

/// What happens when the time is up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    Raises,
    /// It gives back that nothing came, which fails the test only where it is asserted.
    Returns,
    /// It gives nothing back: `join`.
    Silent,
}

pub fn timed(subject: &Subject<'_>) -> Vec<Timed> {
    let code = subject.code();
    let mut found: Vec<Timed> = subject
        .body()
        .filter_map(|call| {
            let NodeKind::Call { func, args } = code.kind(call) else { return None };
            calls::wait(subject, *func, args)?.at(subject, call)
        })
        .collect();
    found.extend(on_test(subject));
    found
}

/// How a call waits, and where its limit stands.
struct Wait {
    what: What,
    expiry: Expiry,
    limit: Option<NodeId>,
    unit: f64,
}

impl Wait {
    fn new(what: What, expiry: Expiry, limit: Option<NodeId>) -> Wait {
        Wait { what, expiry, limit, unit: 1.0 }
    }

    fn at(self, subject: &Subject<'_>, call: NodeId) -> Option<Timed> {
        let limit = self.limit?;
        let seconds = subject.number(limit)? * self.unit;
        let Wait { what, expiry, unit, .. } = self;
        (seconds > 0.0).then_some(Timed { call, limit, seconds, unit, what, expiry })
    }
}

/// `@pytest.mark.timeout(1)`
fn on_test(subject: &Subject<'_>) -> Option<Timed> {
    let function = subject.function().filter(|_| subject.role == Role::Test)?;
    let code = subject.code();
    function.decorators.iter().find_map(|decorator| {
        let NodeKind::Call { func, args } = code.kind(decorator.expr) else { return None };
        let is_limit = subject.resolve(*func).is_some_and(|path| path == "pytest.mark.timeout");
        let limit = calls::limit(args, 0);
        is_limit.then(|| Wait::new(What::Test, Expiry::Raises, limit).at(subject, decorator.expr)).flatten()
    })
}

type Args<'a> = &'a [Argument];
