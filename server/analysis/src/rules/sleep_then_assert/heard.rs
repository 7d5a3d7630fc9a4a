//! Whether something in the test hears of what an event loop does beside it: then the loop may yet have to tell.
//!
//! Time passes in any sleep, and what comes with the time alone (an end of life, a newer timestamp) comes surely.

use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::outcome::{self, CALLED};

use super::brought::{inner_function, is_brought};

/// Names inside names are followed this far.
const MAX_HOPS: usize = 4;

/// Words in the names of functions that are told whom to call.
const TELLING: &[&str] = &["subscri", "regist", "listen", "callback", "handler", "observ", "attach", "watch"];

/// Whether the assertion asks for what a function of the test writes when it is called, or for an object that was given to
/// something to be told.
pub fn hears(subject: &Subject<'_>, sleep: NodeId, assertion: NodeId) -> bool {
    let asked = asked(subject, assertion);
    let is_asked = |written: &String| is_asked(&asked, written);
    let is_written = |names: Vec<String>| names.iter().any(is_asked);
    // What the test hands off itself is looked at as such.
    let handed: Vec<NodeId> =
        subject.hand_offs().iter().filter_map(|off| inner_function(subject, &off.work)).collect();
    let counts = |node| {
        !handed.iter().any(|function| subject.code().is_within(node, *function))
            && is_brought(subject, sleep, node)
    };
    is_written(outcome::of_nested(subject, &counts))
        || subject.body().take_while(|node| *node < sleep).any(|node| {
            is_written(of_given_method(subject, node)) || given_to_be_told(subject, node).iter().any(is_asked)
        })
}

/// Whether what is written is asked for: one of the names, or a part of it or around it.
pub fn is_asked(asked: &[String], written: &str) -> bool {
    !written.ends_with(CALLED) && asked.iter().any(|name| is_part(name, written) || is_part(written, name))
}

/// The dotted names in the assertion, and in what its names stand for.
pub fn asked(subject: &Subject<'_>, assertion: NodeId) -> Vec<String> {
    let code = subject.code();
    let mut found = dotted_in(subject, assertion);
    for _ in 0..MAX_HOPS {
        let before = found.len();
        for node in subject.body().take_while(|node| *node < assertion) {
            let NodeKind::Assign { targets, value } = code.kind(node) else { continue };
            let is_asked = |target: &NodeId| code.dotted(*target).is_some_and(|name| found.contains(&name));
            if subject.runs_here(node) && targets.iter().any(is_asked) {
                let more = dotted_in(subject, *value);
                found.extend(more.into_iter().filter(|name| !found.contains(name)).collect::<Vec<_>>());
            }
        }
        if found.len() == before {
            break;
        }
    }
    found
}

/// `a.b.c` of `a.b.c.d()` and of `a.b.c[0]`; what is called is left out.
fn dotted_in(subject: &Subject<'_>, within: NodeId) -> Vec<String> {
    let code = subject.code();
    let is_outer = |node: NodeId| !matches!(code.kind(code.node(node).parent), NodeKind::Attribute { .. });
    let names = code.subtree(within).filter(|node| is_outer(*node)).filter_map(|node| {
        let dotted = code.dotted(node)?;
        let is_called =
            matches!(code.kind(code.node(node).parent), NodeKind::Call { func, .. } if *func == node);
        if !is_called {
            return Some(dotted);
        }
        dotted.rsplit_once('.').map(|(receiver, _)| receiver.to_owned()).filter(|receiver| receiver != "self")
    });
    names.filter(|name| name != "self").collect()
}

/// Whether a dotted name is another one, or an attribute of it.
fn is_part(name: &str, of: &str) -> bool {
    name.strip_prefix(of).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// What a method writes that is given away uncalled: `on(self.seen)`.
fn of_given_method(subject: &Subject<'_>, call: NodeId) -> Vec<String> {
    let code = subject.code();
    let NodeKind::Call { args, .. } = code.kind(call) else { return Vec::new() };
    let methods = args.iter().map(|argument| argument.value).filter_map(|value| {
        let is_method = matches!(code.kind(value), NodeKind::Attribute { .. });
        let method = is_method.then(|| subject.definition(value)).flatten()?;
        Some(outcome::of_method(subject, value, &method))
    });
    methods.flatten().collect()
}

/// The names of the objects that `bus.subscribe(collector)` is given.
fn given_to_be_told(subject: &Subject<'_>, call: NodeId) -> Vec<String> {
    let code = subject.code();
    let NodeKind::Call { func, args } = code.kind(call) else { return Vec::new() };
    let name = code.kind(*func).last_name().unwrap_or_default().to_lowercase();
    if !TELLING.iter().any(|word| name.contains(word)) {
        return Vec::new();
    }
    args.iter().filter_map(|argument| code.dotted(argument.value)).collect()
}
