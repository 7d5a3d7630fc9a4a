//! "Does it check `isinstance()`?"

use super::super::place;
use super::{Line, Test};
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::reload::{Reload, Renewal};
use crate::project::stale_uses::{Evidence, StaleUse};

pub fn line(test: &Test<'_>) -> Line {
    let subject = test.subject;
    let project = subject.project;
    let mut line = Line::new("`isinstance` after a reload?", &["stale-class-after-reload"]);
    let stale = project.stale_uses();
    let own = stale.iter().filter(|used| used.item == subject.item && used.place.path == subject.path());
    for used in own {
        let reload = &project.reloads()[used.reload];
        line.is_true |= used.evidence != Evidence::Spared;
        line.say(described(subject, used, reload));
    }
    if !line.says.is_empty() {
        return line;
    }
    line.say(match first_check(subject) {
        None => "It checks no object's class.".to_owned(),
        Some(check) => {
            let at = place::of(subject, subject.code().range(check));
            let reloads = match project.reloads().is_empty() {
                true => "nothing in the project reloads a module after collection",
                false => "the class is none that a reload replaces behind its back",
            };
            format!("It checks a class at {at}, and {reloads}: a local import would change nothing.")
        }
    });
    line
}

fn described(subject: &Subject<'_>, used: &StaleUse, reload: &Reload) -> String {
    let at = place::at(subject.project, &used.place);
    let reloaded = place::at(subject.project, &reload.place);
    let deed = match reload.renewal {
        Renewal::Reload => "reloads",
        Renewal::Purge => "purges",
    };
    let StaleUse { check, name, module, .. } = used;
    if used.evidence == Evidence::Spared {
        return format!(
            "`{check}` at {at} uses `{name}` of `{module}`, which the reload of `{}` at {reloaded} leaves alone.",
            reload.module
        );
    }
    format!(
        "`{}` {deed} `{}` at {reloaded}: import `{name}` inside the test.",
        reload.function, reload.module
    )
}

fn first_check(subject: &Subject<'_>) -> Option<NodeId> {
    let code = subject.code();
    subject.body().find(|node| match code.kind(*node) {
        NodeKind::Call { .. } => matches!(
            subject.callee(*node).as_deref(),
            Some("builtins.isinstance" | "builtins.issubclass" | "builtins.type")
        ),
        _ => false,
    })
}
