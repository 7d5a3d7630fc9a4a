//! How much room a bound leaves, and whether a busy machine needs more.

use super::bounds::{Bound, Limit};
use crate::facts::{NodeId, NodeKind};
use crate::hint::Confidence;
use crate::project::Subject;
use crate::project::quantity::Span;

/// Pauses of less than so many seconds come about on any busy machine.
const COMMON: f64 = 1.0;
/// Those of so many seconds are rare.
const RARE: f64 = 3.0;

/// On the processor's own time, which what else runs costs little, only less room than so is seen to be too little.
const OWN: f64 = 0.1;

/// The room of one bound.
pub struct Slack {
    /// Seconds, where that is known.
    pub room: Option<f64>,
    /// What it takes at the least.
    pub minimum: f64,
    pub confidence: Confidence,
}

/// The room that `bound` leaves; `None` where that is enough. `all` are the bounds of the same item.
pub fn slack(subject: &Subject<'_>, bound: &Bound, all: &[Bound]) -> Option<Slack> {
    let minimum = minimum(subject, bound, all);
    let (room, minimum) = match bound.limit {
        Limit::AtLeast(_) => return None,
        Limit::AtMost(Some(limit)) if limit > minimum => (Some(limit - minimum), minimum),
        Limit::AtMost(limit) => (limit, 0.0),
        Limit::Within(room) => (room, 0.0),
        Limit::Faster => (None, 0.0),
    };
    let confidence = match confidence(room, bound.span.is_cpu)? {
        Confidence::Likely if bound.span.is_typical => Confidence::Possible,
        confidence => confidence,
    };
    Some(Slack { room, minimum, confidence })
}

fn confidence(room: Option<f64>, is_cpu: bool) -> Option<Confidence> {
    match room {
        Some(room) if room <= 0.0 => None,
        Some(room) if is_cpu => (room < OWN).then_some(Confidence::Possible),
        None => (!is_cpu).then_some(Confidence::Possible),
        Some(room) if room < COMMON => Some(Confidence::Likely),
        Some(room) if room <= RARE => Some(Confidence::Possible),
        Some(_) => None,
    }
}

/// The seconds that pass in any case: what the test asserts to pass, takes off, or sleeps.
fn minimum(subject: &Subject<'_>, bound: &Bound, all: &[Bound]) -> f64 {
    let text = subject.source(bound.measured);
    let asserted = all.iter().filter_map(|other| match other.limit {
        Limit::AtLeast(seconds) if subject.source(other.measured) == text => Some(seconds),
        _ => None,
    });
    asserted.chain([bound.span.less, slept(subject, &bound.span)]).fold(0.0, f64::max)
}

/// The seconds that the item itself sleeps between the two readings of the clock.
fn slept(subject: &Subject<'_>, span: &Span) -> f64 {
    if !subject.holds(&span.from) || !subject.holds(&span.until) {
        return 0.0;
    }
    let between = subject.relative(span.from.range).end..subject.relative(span.until.range).start;
    let code = subject.code();
    let sleeps = subject.body().filter_map(|node| {
        let NodeKind::Call { args, .. } = code.kind(node) else { return None };
        if !between.contains(&code.range(node).start) || !is_straight(subject, node) {
            return None;
        }
        let is_sleep = match subject.callee(node)?.as_str() {
            "time.sleep" => true,
            "asyncio.sleep" | "trio.sleep" | "anyio.sleep" => {
                matches!(code.kind(code.node(node).parent), NodeKind::Await(_))
            }
            _ => false,
        };
        subject.number(args.first().filter(|_| is_sleep)?.value)
    });
    sleeps.sum()
}

/// Whether a node runs once whenever the item does.
fn is_straight(subject: &Subject<'_>, node: NodeId) -> bool {
    let code = subject.code();
    subject.runs_here(node)
        && code.ancestors(node).all(|outer| {
            !matches!(
                code.kind(outer),
                NodeKind::For { .. } | NodeKind::While { .. } | NodeKind::If { .. } | NodeKind::Try { .. }
            )
        })
}
