//! What a change is, in words.

use crate::project::Module;
use crate::project::target::Target;

use super::Act;

/// What an act does to a target, as the predicate of a sentence in a message about `module`: "sets `shop.config.DEBUG`".
pub fn deed(module: &Module, target: &Target, act: Act) -> String {
    let is_entry = matches!(target, Target::Attribute { key: Some(_), .. });
    let named = target.named_in(module);
    match (target, act) {
        (Target::Cwd, _) => "moves the whole process to another working directory".to_owned(),
        (Target::Environ(_) | Target::SysModules(Some(_)), Act::Remove) => format!("removes {named}"),
        (Target::Environ(None), Act::Update) => "adds environment variables".to_owned(),
        (Target::Environ(_), _) => format!("sets {named}"),
        (Target::SysModules(Some(_)), _) => format!("replaces {named}"),
        (Target::Attribute { .. }, Act::Put) if is_entry => format!("sets {named}"),
        (Target::Attribute { .. }, Act::Replace) if !is_entry => format!("sets {named}"),
        (Target::Attribute { .. }, Act::Remove) if is_entry => format!("removes {named}"),
        (Target::Attribute { .. }, Act::Remove) => format!("takes something out of {named}"),
        _ => format!("changes {named}"),
    }
}
