//! `guard-switched-off`: an autouse fixture that would put something back does not run, or saves too late.

mod replaced;
mod set_up;

use crate::fix::Fix;
use crate::project::role::Phase;
use crate::project::{Glance, Role, Roles, Subject};
use crate::rules::{Cause, Rule, RuleMeta, Said};

use replaced::Replaced;
use set_up::Dirtied;

pub struct GuardSwitchedOff;

pub enum Found {
    /// The subject has the name of a guard above it.
    Replaced(Replaced),
    /// The subject is a set-up that runs before the guard of its level saves.
    Dirtied(Dirtied),
}

impl Rule for GuardSwitchedOff {
    const META: RuleMeta = RuleMeta {
        name: "guard-switched-off",
        summary: "An autouse fixture that would put a change back is replaced by something of its name, or saves what a set-up has changed already",
        cause: Cause::StateInside,
        page: include_str!("guard-switched-off.md"),
        on_by_default: true,
        triggers: &[],
    };
    const ROLES: Roles = Roles::RUN.or(Roles::PLAIN).or(Roles::STATEMENT);
    type Found = Found;

    fn may_find(item: &Glance<'_>) -> bool {
        match item.role {
            Role::Xunit(xunit) if xunit.phase == Phase::SetUp => {
                set_up::stands_beside_guard(item, xunit.reach)
            }
            _ => replaced::may_bear_name(item),
        }
    }

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        match subject.role {
            Role::Xunit(xunit) if xunit.phase == Phase::SetUp => {
                set_up::dirtied(subject).into_iter().map(Found::Dirtied).collect()
            }
            _ => replaced::guards(subject).into_iter().map(Found::Replaced).collect(),
        }
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        match found {
            Found::Replaced(replaced) => replaced::said(subject, replaced),
            Found::Dirtied(dirtied) => set_up::said(subject, dirtied),
        }
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        match found {
            Found::Replaced(replaced) => replaced::fixes(subject, replaced),
            Found::Dirtied(dirtied) => set_up::fixes(subject, dirtied),
        }
    }
}
