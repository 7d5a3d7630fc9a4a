//! The rules: registry and dispatch.
//!
//! A rule looks at one [`Subject`] at a time, or at the configuration file that pytest obeys. `find` collects what is
//! risky, `say` words it, `fix` is run only when fixes are asked for. The file beside each rule, `<rule>.md`, is its page.

mod asserted_too_early;
mod async_fixture_not_run;
mod async_mock_assertion;
mod blanket_retries;
mod cached_between_tests;
mod calendar_bomb;
mod cwd_dependent_read;
mod elapsed_time_assertion;
mod fixed_port;
mod gc_dependent_assertion;
mod guard_switched_off;
mod hash_or_address_literal;
mod import_time_state;
mod ineffective_marker;
mod live_network;
mod loop_bound_global;
mod memory_limit_assertion;
mod mismatched_retry_plugin;
mod module_reload;
mod mutated_shared_fixture;
mod process_wide_clock_patch;
mod reads_other_tests_state;
mod result_used_outside_patch;
mod schema_migration;
mod shared_service_reset;
mod shared_state_leak;
mod short_expiry;
mod sleep_then_assert;
mod stale_class_after_reload;
mod started_not_stopped;
mod tight_timeout;
mod unclosed_resource;
mod unfiltered_capture;
mod unfrozen_now;
mod unguarded_credentials;
mod unisolated_file;
mod unordered_comparison;
mod unseeded_random;
mod unstable_parametrize;
pub mod unused_suppression;

use smol_str::SmolStr;

use crate::fix::Fix;
use crate::hint::{Confidence, Hint};
use crate::project::{Glance, Place, Project, Roles, Subject};
use crate::text::TextRange;

/// What kind of cause a rule belongs to; the order of tables and pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    StateInside,
    StateOutside,
    Reloading,
    Markers,
    Asynchronous,
    Time,
    Order,
    Process,
    Environment,
    Housekeeping,
}

impl Cause {
    /// The heading over its rules.
    pub fn title(self) -> &'static str {
        match self {
            Cause::StateInside => "State inside the process",
            Cause::StateOutside => "State outside the process",
            Cause::Reloading => "Reloading",
            Cause::Markers => "Markers and retries",
            Cause::Asynchronous => "Asynchronous code and mocks",
            Cause::Time => "Time",
            Cause::Order => "Randomness and order",
            Cause::Process => "What the process holds",
            Cause::Environment => "Environment",
            Cause::Housekeeping => "Housekeeping",
        }
    }
}

/// What is known of a rule without running it. Tables, settings and help are made from this.
#[derive(Debug)]
pub struct RuleMeta {
    /// Kebab-case; reads well after "allow".
    pub name: &'static str,
    /// One sentence, no full stop: what it finds.
    pub summary: &'static str,
    pub cause: Cause,
    /// The Markdown page.
    pub page: &'static str,
    pub on_by_default: bool,
    /// Groups of words: where none of one of them stands in an item's text, it cannot give a finding. Empty: any item may.
    pub triggers: &'static [&'static [&'static str]],
}

/// The words for one finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    pub confidence: Confidence,
    /// The risky expression: bytes of the subject's item, or of the configuration file.
    pub at: TextRange,
    /// Each a full sentence.
    pub what: String,
    pub why: String,
    pub todo: String,
    pub related: Vec<(Place, String)>,
    pub mitigated_by: Option<String>,
}

/// One rule. `Found` carries what `say` and `fix` need.
pub trait Rule {
    const META: RuleMeta;
    /// What it looks at.
    const ROLES: Roles = Roles::ALL;
    /// Whether a trigger in what the item may reach counts too: the fixtures, helpers, set-ups and constants of its module
    /// and of the conftests above it.
    const FOLLOWS: bool = false;
    type Found;

    /// Whether an item that has the role and holds the words may give a finding. Asked before it is parsed, which costs more
    /// than all that a glance does.
    fn may_find(_item: &Glance<'_>) -> bool {
        true
    }
    fn find(subject: &Subject<'_>) -> Vec<Self::Found>;
    fn say(subject: &Subject<'_>, found: &Self::Found) -> Said;
    /// Best first. Cures before mitigations; suppressions are added for every hint elsewhere.
    fn fix(subject: &Subject<'_>, found: &Self::Found) -> Vec<Fix>;
}

/// A rule, or the part of one, that looks at the configuration file which pytest obeys in a project.
pub trait ConfigurationRule {
    const META: RuleMeta;
    type Found;

    /// Asked only where a file is in force, and which one does not depend on a version that is unknown.
    fn find(project: &Project) -> Vec<Self::Found>;
    fn say(project: &Project, found: &Self::Found) -> Said;
    /// As [`Rule::fix`].
    fn fix(project: &Project, found: &Self::Found) -> Vec<Fix>;
}

/// A rule as the registry holds it.
pub struct Entry {
    pub meta: &'static RuleMeta,
    /// Whether it looks at items. The others look at configuration, or judge what the rest have found.
    pub looks_at_items: bool,
    /// [`Rule::ROLES`].
    pub roles: Roles,
    /// [`Rule::FOLLOWS`].
    pub follows: bool,
    may_find: fn(&Glance<'_>) -> bool,
    hints: fn(&Subject<'_>) -> Vec<Hint>,
    fixes: fn(&Subject<'_>, &Hint) -> Vec<Fix>,
    in_configuration: InConfiguration,
}

#[derive(Clone, Copy)]
struct InConfiguration {
    hints: fn(&Project) -> Vec<Hint>,
    fixes: fn(&Project, &Hint) -> Vec<Fix>,
}

impl InConfiguration {
    const NOTHING: InConfiguration = InConfiguration { hints: |_| Vec::new(), fixes: |_, _| Vec::new() };

    const fn of<R: ConfigurationRule>() -> InConfiguration {
        InConfiguration { hints: configuration::hints::<R>, fixes: configuration::fixes::<R> }
    }
}

impl Entry {
    const fn of<R: Rule>() -> Entry {
        let in_configuration = InConfiguration::NOTHING;
        Entry {
            meta: &R::META,
            looks_at_items: true,
            roles: R::ROLES,
            follows: R::FOLLOWS,
            may_find: R::may_find,
            hints: hints::<R>,
            fixes: fixes::<R>,
            in_configuration,
        }
    }

    const fn of_configuration<R: ConfigurationRule>() -> Entry {
        let in_configuration = InConfiguration::of::<R>();
        Entry { in_configuration, ..Entry::of_report(&R::META, |_, _| Vec::new()) }
    }

    /// The rule looks at configuration too.
    const fn and_in_configuration<R: ConfigurationRule>(self) -> Entry {
        Entry { in_configuration: InConfiguration::of::<R>(), ..self }
    }

    const fn of_report(meta: &'static RuleMeta, fixes: fn(&Subject<'_>, &Hint) -> Vec<Fix>) -> Entry {
        let in_configuration = InConfiguration::NOTHING;
        Entry {
            meta,
            looks_at_items: false,
            roles: Roles::ALL,
            follows: false,
            may_find: |_| false,
            hints: |_| Vec::new(),
            fixes,
            in_configuration,
        }
    }

    /// [`Rule::may_find`].
    pub fn may_find(&self, item: &Glance<'_>) -> bool {
        (self.may_find)(item)
    }

    /// The hints of this rule for one subject.
    pub fn hints(&self, subject: &Subject<'_>) -> Vec<Hint> {
        #[cfg(debug_assertions)]
        crate::stumble::perhaps(self.meta.name, subject.path());
        (self.hints)(subject)
    }

    /// The fixes of one of those hints; empty if the code no longer gives it.
    pub fn fixes(&self, subject: &Subject<'_>, hint: &Hint) -> Vec<Fix> {
        (self.fixes)(subject, hint)
    }

    /// The hints of this rule on the configuration file in force.
    pub fn configuration_hints(&self, project: &Project) -> Vec<Hint> {
        (self.in_configuration.hints)(project)
    }

    /// The fixes of one of those hints; empty if the file no longer gives it.
    pub fn configuration_fixes(&self, project: &Project, hint: &Hint) -> Vec<Fix> {
        (self.in_configuration.fixes)(project, hint)
    }
}

/// Every rule, in the order of tables. Adding a rule is its two files and one line here.
///
/// The order decides too which of two hints on one cause stays: where their ranges overlap in one statement, that of the
/// rule which stands last. Within a cause, put the more general rule before the more specific one.
pub static REGISTRY: &[Entry] = &[
    Entry::of::<shared_state_leak::SharedStateLeak>(),
    Entry::of::<guard_switched_off::GuardSwitchedOff>(),
    Entry::of::<mutated_shared_fixture::MutatedSharedFixture>(),
    Entry::of::<reads_other_tests_state::ReadsOtherTestsState>(),
    Entry::of::<started_not_stopped::StartedNotStopped>(),
    Entry::of::<import_time_state::ImportTimeState>(),
    Entry::of::<cached_between_tests::CachedBetweenTests>(),
    Entry::of::<unisolated_file::UnisolatedFile>(),
    Entry::of::<fixed_port::FixedPort>(),
    Entry::of::<schema_migration::SchemaMigration>(),
    Entry::of::<shared_service_reset::SharedServiceReset>(),
    Entry::of::<module_reload::ModuleReload>(),
    Entry::of::<stale_class_after_reload::StaleClassAfterReload>(),
    Entry::of::<ineffective_marker::IneffectiveMarker>()
        .and_in_configuration::<ineffective_marker::IneffectiveMarker>(),
    Entry::of::<mismatched_retry_plugin::MismatchedRetryPlugin>()
        .and_in_configuration::<mismatched_retry_plugin::MismatchedRetryPlugin>(),
    Entry::of_configuration::<blanket_retries::BlanketRetries>(),
    Entry::of::<async_fixture_not_run::AsyncFixtureNotRun>(),
    Entry::of::<loop_bound_global::LoopBoundGlobal>(),
    Entry::of::<result_used_outside_patch::ResultUsedOutsidePatch>(),
    Entry::of::<process_wide_clock_patch::ProcessWideClockPatch>(),
    Entry::of::<asserted_too_early::AssertedTooEarly>(),
    Entry::of::<async_mock_assertion::AsyncMockAssertion>(),
    Entry::of::<sleep_then_assert::SleepThenAssert>(),
    Entry::of::<elapsed_time_assertion::ElapsedTimeAssertion>(),
    Entry::of::<unfrozen_now::UnfrozenNow>(),
    Entry::of::<tight_timeout::TightTimeout>(),
    Entry::of::<short_expiry::ShortExpiry>(),
    Entry::of::<calendar_bomb::CalendarBomb>(),
    Entry::of::<unseeded_random::UnseededRandom>(),
    Entry::of::<unordered_comparison::UnorderedComparison>(),
    Entry::of::<unstable_parametrize::UnstableParametrize>(),
    Entry::of::<hash_or_address_literal::HashOrAddressLiteral>(),
    Entry::of::<unfiltered_capture::UnfilteredCapture>(),
    Entry::of::<gc_dependent_assertion::GcDependentAssertion>(),
    Entry::of::<unclosed_resource::UnclosedResource>(),
    Entry::of::<memory_limit_assertion::MemoryLimitAssertion>(),
    Entry::of::<unguarded_credentials::UnguardedCredentials>(),
    Entry::of::<live_network::LiveNetwork>(),
    Entry::of::<cwd_dependent_read::CwdDependentRead>(),
    Entry::of_report(&unused_suppression::META, unused_suppression::fixes),
];

pub fn entry(name: &str) -> Option<&'static Entry> {
    REGISTRY.iter().find(|entry| entry.meta.name == name)
}

fn hints<R: Rule>(subject: &Subject<'_>) -> Vec<Hint> {
    let hint = |found: &R::Found| {
        let said = R::say(subject, found);
        let range = subject.absolute(said.at);
        hint_of(R::META.name, said, range, subject.node_id())
    };
    R::find(subject).iter().map(hint).collect()
}

fn fixes<R: Rule>(subject: &Subject<'_>, hint: &Hint) -> Vec<Fix> {
    R::find(subject)
        .iter()
        .find(|found| subject.absolute(R::say(subject, found).at) == hint.range)
        .map(|found| R::fix(subject, found))
        .unwrap_or_default()
}

mod configuration {
    use super::{ConfigurationRule, Fix, Hint, Project, hint_of};

    pub(super) fn hints<R: ConfigurationRule>(project: &Project) -> Vec<Hint> {
        let hint = |found: &R::Found| {
            let said = R::say(project, found);
            let range = said.at;
            hint_of(R::META.name, said, range, None)
        };
        R::find(project).iter().map(hint).collect()
    }

    pub(super) fn fixes<R: ConfigurationRule>(project: &Project, hint: &Hint) -> Vec<Fix> {
        R::find(project)
            .iter()
            .find(|found| R::say(project, found).at == hint.range)
            .map(|found| R::fix(project, found))
            .unwrap_or_default()
    }
}

fn hint_of(rule: &'static str, said: Said, range: TextRange, test: Option<String>) -> Hint {
    let confidence = if said.mitigated_by.is_some() { Confidence::Possible } else { said.confidence };
    let mut sentences = vec![said.what, said.why, said.todo];
    sentences.extend(said.mitigated_by.as_ref().map(|by| format!("Mitigated by {by}, still not cured.")));
    Hint {
        rule,
        confidence,
        message: sentences.join(" ").into(),
        range,
        related: said.related.into_iter().map(|(place, message)| place.related(message)).collect(),
        test: test.map(SmolStr::from),
        mitigated_by: said.mitigated_by,
    }
}
