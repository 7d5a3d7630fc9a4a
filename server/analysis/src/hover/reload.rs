//! A reload: what it makes anew, and who goes on with the old.

use super::place;
use crate::project::Project;
use crate::project::reload::Renewal;
use crate::project::stale_uses::{Evidence, StaleUse};

/// Places that are named before the rest is only counted.
const SHOWN: usize = 5;

/// `index` is that of [`Project::reloads`].
pub fn explained(project: &Project, index: usize) -> String {
    let reload = &project.reloads()[index];
    let module = &reload.module;
    let mut out = match reload.renewal {
        Renewal::Reload => format!(
            "**Reloads `{module}`**: runs the module again in the same module object. Its functions and classes are made \
             anew; whoever imported them by name before keeps the old ones. Submodules are left as they are."
        ),
        Renewal::Purge => format!(
            "**Takes `{module}` out of `sys.modules`**: the next import makes a new module. Whoever imported it, or \
             something from it, keeps the old one, and objects of the two do not mix."
        ),
    };
    if reload.with_submodules {
        out.push_str(" So with everything below it.");
    }
    let stale = project.stale_uses();
    let victims: Vec<&StaleUse> =
        stale.iter().filter(|used| used.reload == index && used.evidence != Evidence::Spared).collect();
    if victims.is_empty() {
        out.push_str("\n\nNo test compares with a class that this replaces.\n");
        return out;
    }
    out.push_str("\n\nThese compare with an old class afterwards:\n");
    for used in victims.iter().take(SHOWN) {
        let at = place::at(project, &used.place);
        out.push_str(&format!("- {at}: `{}` with `{}` of `{}`\n", used.check, used.name, used.module));
    }
    if victims.len() > SHOWN {
        out.push_str(&format!("- and {} more: `flakeless project`\n", victims.len() - SHOWN));
    }
    out
}
