//! Skips what needs the credential where it is missing.

use crate::fix::{Edits, Fix};
use crate::fixes::decorator::above_other_decorators;
use crate::fixes::import::{Wanted, ensure_import};
use crate::fixes::line::insert_above;
use crate::fixes::statement::statement_of;
use crate::project::{Role, Subject};

use super::Found;

pub fn skip(subject: &Subject<'_>, found: &Found) -> Option<Fix> {
    let (os, mut edits) = ensure_import(&subject.module, Wanted::Plain("os"))?;
    let missing: Vec<String> =
        found.names().map(|name| format!("not {os}.environ.get(\"{name}\")")).collect();
    let missing = missing.join(" or ");
    let reason = format!("needs {}", found.names().collect::<Vec<_>>().join(" and "));
    match subject.role {
        Role::Test if subject.is_test_case() => {
            let (unittest, import) = ensure_import(&subject.module, Wanted::Plain("unittest"))?;
            edits.merge(import);
            above_other_decorators(
                subject,
                &format!("{unittest}.skipIf({missing}, \"{reason}\")"),
                &mut edits,
            )?;
        }
        Role::Test => {
            let (pytest, import) = ensure_import(&subject.module, Wanted::Plain("pytest"))?;
            edits.merge(import);
            let mark = format!("{pytest}.mark.skipif({missing}, reason=\"{reason}\")");
            above_other_decorators(subject, &mark, &mut edits)?;
        }
        Role::Fixture => {
            let (pytest, import) = ensure_import(&subject.module, Wanted::Plain("pytest"))?;
            edits.merge(import);
            edits.merge(guard(subject, found, &missing, &format!("{pytest}.skip(\"{reason}\")"))?);
        }
        _ => return None,
    }
    let names: Vec<String> = found.names().map(|name| format!("`{name}`")).collect();
    let title = format!("Skip without {} (green, having run nothing)", names.join(" and "));
    Some(Fix::mitigation(title, edits))
}

/// `if not os.environ.get("X"):` and the skip, above the first statement that needs it.
fn guard(subject: &Subject<'_>, found: &Found, missing: &str, skip: &str) -> Option<Edits> {
    let unit = crate::fixes::line::indent_unit(subject);
    let statement = statement_of(subject, found.first.at);
    insert_above(subject, statement, &[format!("if {missing}:"), format!("{unit}{skip}")])
}
