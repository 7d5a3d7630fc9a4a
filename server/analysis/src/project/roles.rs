//! Sets of roles.

use super::Role;

/// Some of what an item may be to pytest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Roles(u8);

impl Roles {
    pub const TEST: Roles = Roles(1);
    pub const FIXTURE: Roles = Roles(1 << 1);
    pub const XUNIT: Roles = Roles(1 << 2);
    pub const HOOK: Roles = Roles(1 << 3);
    pub const PLAIN: Roles = Roles(1 << 4);
    pub const CLASS: Roles = Roles(1 << 5);
    pub const STATEMENT: Roles = Roles(1 << 6);
    pub const ALL: Roles = Roles(u8::MAX);
    /// What pytest runs: tests, and what it sets up and tears down around them.
    pub const RUN: Roles = Roles::TEST.or(Roles::FIXTURE).or(Roles::XUNIT);

    pub const fn or(self, other: Roles) -> Roles {
        Roles(self.0 | other.0)
    }

    pub const fn hold(self, role: Role) -> bool {
        let one = match role {
            Role::Test => Roles::TEST,
            Role::Fixture => Roles::FIXTURE,
            Role::Xunit(_) => Roles::XUNIT,
            Role::Hook => Roles::HOOK,
            Role::Plain => Roles::PLAIN,
            Role::Class => Roles::CLASS,
            Role::Statement => Roles::STATEMENT,
        };
        self.0 & one.0 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_was_put_in() {
        let roles = Roles::TEST.or(Roles::PLAIN);
        assert!(roles.hold(Role::Test) && roles.hold(Role::Plain));
        assert!(!roles.hold(Role::Fixture) && !roles.hold(Role::Statement));
        assert!(
            Roles::ALL.hold(Role::Hook) && Roles::RUN.hold(Role::Fixture) && !Roles::RUN.hold(Role::Class)
        );
    }
}
