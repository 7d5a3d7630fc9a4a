//! Which changes are leaks, and how sure that is.

use std::sync::Arc;

use crate::facts::{NodeId, NodeKind};
use crate::hint::Confidence;
use crate::project::accesses::{Access, First, is_use, search_word};
use crate::project::assertions::{contradicts, is_asserted};
use crate::project::effects::{Act, Footprint, Phase, Touch, gives_what_was_saved, keeps_copy};
use crate::project::functions::is_test_code;
use crate::project::guards::{Guarded, Guards};
use crate::project::processes::runs_in_a_process_of_its_own;
use crate::project::product_writes::ProductWrite;
use crate::project::reload::takes_out_strangers;
use crate::project::role::{Phase as XunitPhase, Reach};
use crate::project::target::{Setting, Target};
use crate::project::{Fixture, FixtureScope, Role, Subject};

use super::{Evidence, Found, cause, harmless, mocks, own_entry};

/// The leaks of one test, fixture or set-up, one for each target.
pub fn leaks(subject: &Subject<'_>) -> Vec<Found> {
    let is_actor = match subject.role {
        Role::Test | Role::Fixture => true,
        Role::Xunit(xunit) => xunit.phase == XunitPhase::SetUp,
        _ => false,
    };
    if !is_actor {
        return Vec::new();
    }
    let footprint = Footprint::of(subject);
    let groups = by_target(&footprint);
    let is_test = subject.role == Role::Test;
    let counted = if is_test { mocks::counted(subject, &footprint) } else { Vec::new() };
    let product = if is_test { subject.product_writes() } else { Vec::new() };
    if groups.is_empty() && counted.is_empty() && product.is_empty() {
        return Vec::new();
    }
    let own = Own::of(subject);
    if own.is_for_the_whole_run(subject) || runs_in_a_process_of_its_own(subject) {
        return Vec::new();
    }
    let guards = Guards::of(subject);
    let judge = Judge { subject, footprint: &footprint, guards: &guards, own };
    let leaks = groups.into_iter().filter_map(|(target, touches)| judge.leak(target, touches));
    let through_product = product.iter().filter_map(|write| judge.through_product(write, &product));
    let found = leaks
        .chain(counted.into_iter().filter_map(|touch| judge.counted(touch)))
        .chain(through_product)
        .collect();
    one_for_each_place(found)
}

/// Several targets that one statement or call changes make one leak, of the first of the surest.
fn one_for_each_place(found: Vec<Found>) -> Vec<Found> {
    let mut kept: Vec<Found> = Vec::new();
    for mut next in found {
        let same = kept.iter_mut().find(|other| other.touches[0].node == next.touches[0].node);
        match same {
            Some(other) if other.confidence >= next.confidence => other.also.push(next.target),
            Some(other) => {
                std::mem::swap(other, &mut next);
                other.also.push(next.target);
                other.also.append(&mut next.also);
            }
            None => kept.push(next),
        }
    }
    kept
}

fn by_target(footprint: &Footprint) -> Vec<(Target, Vec<Touch>)> {
    let mut groups: Vec<(Target, Vec<Touch>)> = Vec::new();
    for touch in footprint.escaping() {
        match groups.iter_mut().find(|(target, _)| *target == touch.target) {
            Some((_, touches)) => touches.push(touch.clone()),
            None => groups.push((touch.target.clone(), vec![touch.clone()])),
        }
    }
    groups
}

/// What the subject itself is to pytest.
struct Own {
    fixture: Option<Arc<Fixture>>,
    reach: FixtureScope,
    is_set_up: bool,
    is_autouse_in_conftest: bool,
}

impl Own {
    fn of(subject: &Subject<'_>) -> Own {
        match subject.role {
            Role::Fixture => {
                let fixture = subject.as_fixture();
                let reach = fixture.as_ref().and_then(|f| f.scope).unwrap_or(FixtureScope::Session);
                let is_autouse = fixture.as_ref().is_some_and(|fixture| fixture.autouse);
                let is_conftest = subject.path().ends_with("conftest.py");
                Own { fixture, reach, is_set_up: true, is_autouse_in_conftest: is_autouse && is_conftest }
            }
            Role::Xunit(xunit) => {
                let reach = match xunit.reach {
                    Reach::Function => FixtureScope::Function,
                    Reach::Class => FixtureScope::Class,
                    Reach::Module => FixtureScope::Module,
                };
                Own { fixture: None, reach, is_set_up: true, is_autouse_in_conftest: false }
            }
            _ => Own {
                fixture: None,
                reach: FixtureScope::Function,
                is_set_up: false,
                is_autouse_in_conftest: false,
            },
        }
    }

    /// Set up once for every test of the session, or again before every single one: nobody sees anything else.
    fn is_for_the_whole_run(&self, subject: &Subject<'_>) -> bool {
        let autouse = self.fixture.as_ref().is_some_and(|fixture| fixture.autouse);
        let reaches_all = || {
            let directory = subject.path().parent();
            let files = subject.project.checked_files();
            directory.is_some_and(|directory| files.iter().all(|file| file.starts_with(directory)))
        };
        autouse && (self.reach >= FixtureScope::Package || (self.is_autouse_in_conftest && reaches_all()))
    }
}

struct Judge<'s, 'p> {
    subject: &'s Subject<'p>,
    footprint: &'s Footprint,
    guards: &'s Guards,
    own: Own,
}

impl Judge<'_, '_> {
    fn leak(&self, target: Target, touches: Vec<Touch>) -> Option<Found> {
        let first = touches.first()?;
        let is_way_back = first.value.is_some_and(|value| {
            gives_what_was_saved(self.subject, &target, value) || keeps_copy(self.subject, value, &target)
        });
        if is_way_back || self.is_purge(first) || harmless::is_seen_restored(self.subject, &target, first) {
            return None;
        }
        // A fixture that is there to bring things into a known state is no leak, but the cure of one.
        if first.act.renews() && self.own.fixture.is_some() && harmless::is_named_for_resetting(self.subject)
        {
            return None;
        }
        // A logger that bears the module's own name, or one for tests, is nobody else's.
        if matches!(&target, Target::Setting(Setting::Logger(name))
            if *name == self.subject.module.name || harmless::is_for_tests(name))
        {
            return None;
        }
        let guarded = self.guards.of_touch(first);
        if guarded == Guarded::Fully || self.is_within_own_reach(guarded) {
            return None;
        }
        if self.takes_away_own(&target, first)
            || harmless::is_of_stand_in(self.subject, &target, first)
            || harmless::is_of_written_module(self.subject, &target)
        {
            return None;
        }
        let is_private = self.is_private(&target);
        if self.own.is_set_up && first.act.renews() && (is_private || self.is_of_test_class(&target)) {
            return None;
        }
        // Where a set-up gives the target a fresh value, that set-up's change is the leak, if it is one.
        if touches.iter().any(|touch| touch.through.iter().any(|owner| self.guards.renews(owner))) {
            return None;
        }
        if self.guards.renews(&target) || self.is_queried(&target) || self.is_handed_over(&target) {
            return None;
        }
        let part = touches.iter().all(|touch| touch.part.is_some()).then(|| first.part.clone()).flatten();
        let looks_at_part = |user: &Access| {
            part.as_ref().is_none_or(|part| user.module.file.item_text(user.item).contains(part.as_str()))
        };
        let mut users = self.users(&target, guarded);
        users.retain(looks_at_part);
        let mut evidence = Evidence {
            users,
            asserted_before: self.asserted_before(&target, first),
            put_back_later: first.put_back,
            guarded: Some(guarded),
            dead_guard: self.dead_guard(&target),
            ..Evidence::default()
        };
        if first.counts
            && evidence.users.is_empty()
            && evidence.asserted_before.is_none()
            && !self.asserts_after(&target, first)
        {
            return None;
        }
        let confidence = self.confidence(&target, first, is_private, &evidence)?;
        if cause::is_published_elsewhere(self.subject, first) || self.has_guard_switched_off(first) {
            return None;
        }
        evidence.users.sort_by_key(|user| (user.first, user.module.file.path != *self.subject.path()));
        Some(Found { target, also: Vec::new(), touches, confidence, evidence })
    }

    /// Whether a module known by name is taken out of `sys.modules`, where `module-reload` knows who minds, or one that
    /// was not there before.
    fn is_purge(&self, touch: &Touch) -> bool {
        if !matches!(touch.target, Target::SysModules(_)) || touch.act != Act::Remove {
            return false;
        }
        if touch.origin.is_none() && takes_out_strangers(self.subject, touch.node) {
            return true;
        }
        let own = || self.subject.place(self.subject.code().range(touch.node));
        let place = touch.origin.clone().unwrap_or_else(own);
        self.subject.project.reloads().iter().any(|reload| reload.place == place)
    }

    /// Whether the test takes away what is its own, or an entry that it has seen code under test put there: it cleans
    /// up.
    fn takes_away_own(&self, target: &Target, first: &Touch) -> bool {
        if self.subject.role != Role::Test || first.act != Act::Remove {
            return false;
        }
        if own_entry::is_named_by_the_test(self.subject, target, first)
            || (*target == Target::SysPath && own_entry::follows_a_call(self.subject, first.node))
        {
            return true;
        }
        if !matches!(target, Target::Environ(Some(_)) | Target::Attribute { key: Some(_), .. }) {
            return false;
        }
        let code = self.subject.code();
        let is_call = |node: &NodeId| matches!(code.kind(*node), NodeKind::Call { .. });
        let Some(called) = self.subject.body().find(|node| is_call(node) && self.subject.runs_here(*node))
        else {
            return false;
        };
        let seen = self.assertion_on(target, |at| at > code.statement_of(called) && at < first.node);
        seen.is_some_and(|at| at.0 >= code.node(code.statement_of(called)).subtree_end)
    }

    /// Whether a guard would put it back that something of its name replaces: `guard-switched-off` says so there.
    fn has_guard_switched_off(&self, touch: &Touch) -> bool {
        let Subject { project, module, item, .. } = self.subject;
        project.switched_off(module, *item).iter().any(|guard| {
            let of = &guard.place.path;
            (of == self.subject.path() || of.ends_with("conftest.py"))
                && project.settings.enabled("guard-switched-off", of)
                && guard.unguarded(self.subject).is_some_and(|(_, exposed)| exposed.node == touch.node)
        })
    }

    /// A shared mock whose calls the test counts.
    fn counted(&self, touch: Touch) -> Option<Found> {
        let target = touch.target.clone();
        if self.guards.of_touch(&touch) == Guarded::Fully || self.guards.renews(&target) {
            return None;
        }
        let users = self.users(&target, Guarded::No);
        let confidence = if users.is_empty() { Confidence::Possible } else { Confidence::Likely };
        let evidence = Evidence { users, counts_calls: true, ..Evidence::default() };
        Some(Found { target, also: Vec::new(), touches: vec![touch], confidence, evidence })
    }

    /// What a call into the product leaves changed there, where a test sees it or the product refuses it twice.
    fn through_product(&self, write: &ProductWrite, all: &[ProductWrite]) -> Option<Found> {
        let ProductWrite { takes_back, touch, callee, refuses_twice } = write;
        let target = &touch.target;
        let of_target = || all.iter().filter(|other| other.touch.target.overlaps(target));
        let is_changed_again = *takes_back
            || of_target().any(|other| other.takes_back || other.callee != *callee)
            || (touch.act == Act::Replace && of_target().count() > 1)
            || self.footprint.touches.iter().any(|own| own.target.overlaps(target));
        let is_restored = self.guards.of_touch(touch) != Guarded::No
            || self.guards.renews(target)
            || self.is_vaguely_restored(touch);
        if is_changed_again || is_restored || self.is_handed_on() || self.has_unseen_base() {
            return None;
        }
        let readers = self.subject.project.product_readers(target);
        let users: Vec<Access> =
            readers.iter().filter(|user| self.is_affected(user, Guarded::No)).cloned().collect();
        let names_an_entry = matches!(target, Target::Attribute { key: Some(_), .. });
        let refuses_twice = refuses_twice.clone().filter(|_| names_an_entry);
        if users.is_empty() && refuses_twice.is_none() {
            return None;
        }
        let callers = self.subject.project.product_callers(callee, touch);
        let callers = if callers.len() > cause::MANY { callers } else { Arc::default() };
        if callers.first().is_some_and(|first| !cause::is_by(self.subject, first)) {
            return None;
        }
        let through = Some(callee.called_name().to_owned());
        let evidence = Evidence { users, callers, through, refuses_twice, ..Evidence::default() };
        Some(Found {
            target: target.clone(),
            also: Vec::new(),
            touches: vec![touch.clone()],
            confidence: Confidence::Possible,
            evidence,
        })
    }

    fn confidence(
        &self,
        target: &Target,
        first: &Touch,
        is_private: bool,
        evidence: &Evidence,
    ) -> Option<Confidence> {
        let readers = evidence.users.iter().any(|user| user.first == First::Reads);
        // Where all write the same, it is all the same who comes last.
        let writers = evidence
            .users
            .iter()
            .any(|user| user.first == First::Writes && self.writes_otherwise(user, first));
        let repeats = evidence.asserted_before.is_some();
        if !readers && !repeats && self.is_for_nobody(target, first, evidence, writers) {
            return None;
        }
        let sure = if is_private {
            let accumulates = !first.act.renews()
                && !self.is_renewed_before(target, first)
                && self.asserts_after(target, first);
            if !readers && !repeats && !accumulates {
                return None;
            }
            readers || repeats
        } else {
            // What is only taken away may be what the test itself had product code put there.
            let takes_own = first.act == Act::Remove && target.path().is_some();
            target.is_process_wide() || readers || ((writers || repeats) && !takes_own)
        };
        let is_partly_guarded = evidence.guarded.is_some_and(|guarded| guarded != Guarded::No);
        if is_partly_guarded && !readers && !repeats {
            return (!is_private && target.is_process_wide()).then_some(Confidence::Possible);
        }
        let held_back = evidence.put_back_later.is_some()
            || self.own.reach >= FixtureScope::Package
            || (self.own.is_set_up && !readers && !target.is_process_wide())
            || self.own.is_autouse_in_conftest
            // What is only taken away may be what code under test put there for the test.
            || (first.act == Act::Remove && !matches!(target, Target::Environ(_)))
            || self.is_kept_by_a_helper(first)
            || self.is_vaguely_restored(first)
            || (*target == Target::Setting(Setting::EventLoop) && self.closes_its_loop())
            || self.is_handed_on()
            || self.has_unseen_base();
        Some(if sure && !held_back { Confidence::Likely } else { Confidence::Possible })
    }

    /// Whether a change that no other test is seen to read is one that cannot matter to any.
    fn is_for_nobody(&self, target: &Target, first: &Touch, evidence: &Evidence, writers: bool) -> bool {
        let is_common = target.is_process_wide();
        // Every test below a conftest's autouse fixture gets the same value anew.
        let is_given_to_all = self.own.is_autouse_in_conftest && first.act.renews();
        // Several set-ups give one value.
        let is_agreed = || {
            self.own.is_set_up && first.act.renews() && !is_common && !evidence.users.is_empty() && !writers
        };
        // A set-up that says that something is not there yet brings it to a known state.
        let forgets = || {
            self.own.is_set_up
                && self.own.reach == FixtureScope::Function
                && !is_common
                && first.value.is_some_and(|value| *self.subject.code().kind(value) == NodeKind::None)
        };
        is_given_to_all
            || is_agreed()
            || forgets()
            || harmless::hangs_on_a_function(self.subject, target)
            || harmless::keeps_entries_itself(self.subject, target, first)
    }

    /// Whether another writer gives the target something else, as far as the lines that do it show.
    fn writes_otherwise(&self, user: &Access, first: &Touch) -> bool {
        let line =
            |text: &str, at: usize| text[at..].lines().next().unwrap_or_default().trim_end().to_owned();
        let theirs = user.module.file.text.as_str();
        let start = theirs[..user.place.range.start as usize].rfind('\n').map_or(0, |at| at + 1);
        let own = self.subject.code().statement_of(first.node);
        let own = line(self.subject.source(own), 0);
        line(theirs, start).trim_start() != own
    }

    /// Whether a helper of another file does it, which may keep books for all who call it.
    fn is_kept_by_a_helper(&self, first: &Touch) -> bool {
        first.origin.as_ref().is_some_and(|origin| origin.path != *self.subject.path())
            && first.target.path().is_some()
    }

    /// Whether the state belongs to the subject's own module, so that only its tests can see it.
    fn is_private(&self, target: &Target) -> bool {
        let name = self.subject.module.name.as_str();
        target.path().and_then(|path| path.strip_prefix(name)).is_some_and(|rest| rest.starts_with('.'))
    }

    /// Whether the target is an attribute of a class in the tests: a base's set-up that another class calls.
    fn is_of_test_class(&self, target: &Target) -> bool {
        let project = self.subject.project;
        let Some((class, _)) = target.path().and_then(|path| path.rsplit_once('.')) else { return false };
        project.class_at(class).is_some_and(|(module, _)| is_test_code(project, &module.file.path))
    }

    /// A class-wide set-up that a class-wide tear-down matches leaks to nobody.
    fn is_within_own_reach(&self, guarded: Guarded) -> bool {
        match guarded {
            Guarded::OutsideClass => self.own.reach >= FixtureScope::Class,
            Guarded::OutsideModule => self.own.reach >= FixtureScope::Module,
            Guarded::No | Guarded::Fully => false,
        }
    }

    /// `old = os.umask(0)` and the call that puts it back, side by side, only ask for the value.
    fn is_queried(&self, target: &Target) -> bool {
        if *target != Target::Setting(Setting::Umask) {
            return false;
        }
        let code = self.subject.code();
        let is_statement = |node: &u32| matches!(code.kind(NodeId(*node)), NodeKind::Expr(_));
        let touches = self.footprint.touches.iter().filter(|touch| touch.target == *target);
        let calls: Vec<NodeId> = touches.map(|touch| touch.node).collect();
        calls.chunks(2).all(|pair| match pair {
            [asked, back] => (asked.0..back.0).filter(is_statement).count() <= 1,
            _ => false,
        })
    }

    /// Who else is affected: users outside what the subject is there for and outside what a guard protects.
    fn users(&self, target: &Target, guarded: Guarded) -> Vec<Access> {
        let all = self.subject.project.accesses(target);
        all.iter().filter(|user| self.is_affected(user, guarded)).cloned().collect()
    }

    fn is_affected(&self, user: &Access, guarded: Guarded) -> bool {
        let same_module = user.module.file.path == *self.subject.path();
        let same_class = same_module && user.module.file.item(user.item).owner == self.subject.class();
        if same_module && user.item == self.subject.item {
            return false;
        }
        let acts = match user.role {
            Role::Test | Role::Fixture => true,
            Role::Xunit(xunit) => xunit.phase == XunitPhase::SetUp,
            _ => false,
        };
        let is_protected = match guarded {
            Guarded::OutsideModule => !same_module,
            Guarded::OutsideClass => !same_class,
            Guarded::No | Guarded::Fully => false,
        };
        acts && !is_protected && !self.is_served(user, same_module, same_class)
    }

    /// Whether the subject is a set-up that runs for this user.
    fn is_served(&self, user: &Access, same_module: bool, same_class: bool) -> bool {
        if let Some(fixture) = &self.own.fixture {
            let closure = self.subject.project.closure(&user.module, user.item);
            return closure.iter().filter_map(|closed| closed.fixture.as_ref()).any(|other| {
                other.item == fixture.item && other.module.file.path == fixture.module.file.path
            });
        }
        match (self.subject.role, self.own.reach) {
            (Role::Xunit(_), FixtureScope::Module) => same_module,
            (Role::Xunit(_), _) => same_class || (self.subject.class().is_none() && same_module),
            _ => false,
        }
    }

    /// An assertion on the target before the subject first touches it.
    fn asserted_before(&self, target: &Target, first: &Touch) -> Option<NodeId> {
        let earliest = self.footprint.touches.iter().find(|touch| touch.target.overlaps(target))?;
        let node = earliest.node.min(first.node);
        self.assertion_on(target, |at| {
            at < node && contradicts(self.subject, at, first.value) && self.speaks_of_part(at, first)
        })
    }

    fn asserts_after(&self, target: &Target, first: &Touch) -> bool {
        self.assertion_on(target, |at| at > first.node && self.speaks_of_part(at, first)).is_some()
    }

    /// Where only an attribute of what the target holds is set: whether the statement names it.
    fn speaks_of_part(&self, node: NodeId, first: &Touch) -> bool {
        let statement = self.subject.source(self.subject.code().statement_of(node));
        first.part.as_ref().is_none_or(|part| statement.contains(part.as_str()))
    }

    fn assertion_on(&self, target: &Target, wanted: impl Fn(NodeId) -> bool) -> Option<NodeId> {
        let word = search_word(target)?;
        let subject = self.subject;
        subject
            .body()
            .filter(|node| wanted(*node) && subject.runs_here(*node))
            .find(|node| is_asserted(subject, *node) && is_use(subject, *node, target, &word))
    }

    /// Whether the function itself brings the target to a known state before it changes it.
    fn is_renewed_before(&self, target: &Target, first: &Touch) -> bool {
        let earlier = self.footprint.touches.iter().filter(|touch| touch.node < first.node);
        earlier.filter(|touch| touch.act.renews()).any(|touch| touch.target.covers(target))
    }

    /// Something that cannot be seen may put it back.
    fn is_vaguely_restored(&self, first: &Touch) -> bool {
        self.guards.vague
            || self.footprint.vague.iter().any(|(node, phase)| *node > first.node || *phase != Phase::Run)
    }

    /// A loop that is set as the current one and closed at the end: nobody can use it by accident unnoticed.
    fn closes_its_loop(&self) -> bool {
        let code = self.subject.code();
        self.subject
            .body()
            .any(|node| matches!(code.kind(node), NodeKind::Attribute { attr, .. } if attr == "close"))
    }

    fn dead_guard(&self, target: &Target) -> Option<Arc<Fixture>> {
        let mut dead = self.guards.dead.iter();
        dead.find(|(covered, _)| covered.covers(target)).map(|(_, fixture)| fixture.clone())
    }

    /// Tests that pass state on to the next on purpose.
    fn is_handed_on(&self) -> bool {
        let marks = self.subject.marks();
        marks.iter().any(|mark| {
            matches!(mark.name.as_str(), "incremental" | "order" | "dependency" | "run" | "depends")
        })
    }

    /// What another test cannot do without: the hint is that test's, and to undo the change would break it.
    fn is_handed_over(&self, target: &Target) -> bool {
        let is_test = self.subject.role == Role::Test;
        let handed_over = is_test.then(|| self.subject.project.handed_over(target)).flatten();
        handed_over.is_some_and(|handed_over| handed_over.writers.iter().any(|it| it.is(self.subject)))
    }

    /// A base class outside the project may hold a guard that cannot be seen.
    fn has_unseen_base(&self) -> bool {
        let class = self.subject.class();
        class.is_some_and(|class| self.subject.project.has_unseen_base(&self.subject.module, class))
    }
}
