//! What makes a change outside the process harmless: a private working directory, a fake file system, mocked
//! functions, an expected failure.

use super::closure::Closed;
use super::fixed_path::{Base, FixedPath};
use super::resolve::Scope;
use super::{Module, Role, Subject};
use crate::facts::{Code, ItemFacts, NodeId, NodeKind};

/// Fixtures that replace the file system.
const FAKE_FILE_SYSTEMS: &[&str] = &["fs", "fs_class", "fs_module", "fs_session", "fake_filesystem"];

/// Fixtures that run each test in a directory of its own.
const MOVING_FIXTURES: &[&str] = &["testdir", "pytester"];

/// What holds for the whole test.
#[derive(Debug, Default)]
pub struct Surroundings {
    is_fake: bool,
    is_moved: bool,
    /// Last parts of the names of functions that are mocked somewhere around the test.
    mocked: Vec<String>,
}

impl Surroundings {
    pub fn of(subject: &Subject<'_>) -> Surroundings {
        let mut found = Surroundings::default();
        let closure = subject.closure();
        found.look_at_fixtures(&closure);
        found.look_at(&subject.scope());
        for Closed { fixture, .. } in closure.iter() {
            let Some(fixture) = fixture else { continue };
            let facts: &ItemFacts = fixture.module.file.facts(fixture.item);
            found.look_at(&Scope { project: subject.project, module: &fixture.module, facts });
        }
        for neighbour in set_ups(subject) {
            let facts: &ItemFacts = subject.module.file.facts(neighbour);
            found.look_at(&Scope { project: subject.project, module: &subject.module, facts });
        }
        found
    }

    /// Whether a change at `path` by `function` touches nothing that others see.
    pub fn make_harmless(&self, path: &FixedPath, function: &str) -> bool {
        let last = function.rsplit('.').next().unwrap_or(function);
        self.is_fake
            || (self.is_moved && path.base == Base::WorkingDirectory)
            || self.mocks(last)
            || is_device(path)
    }

    /// Whether a relative path leads to a file that nobody else sees.
    pub fn hide_relative_paths(&self) -> bool {
        self.is_fake || self.is_moved
    }

    /// Whether the test has a file system of its own that is none.
    pub fn is_fake_file_system(&self) -> bool {
        self.is_fake
    }

    /// Whether something called `name` is replaced around the test.
    pub fn mocks(&self, name: &str) -> bool {
        self.mocked.iter().any(|mocked| mocked == name)
    }

    fn look_at_fixtures(&mut self, closure: &[Closed]) {
        for closed in closure.iter().filter(|closed| closed.fixture.is_none()) {
            self.is_fake |= FAKE_FILE_SYSTEMS.contains(&closed.name.as_str());
            self.is_moved |= MOVING_FIXTURES.contains(&closed.name.as_str()) || says_move(&closed.name);
        }
    }

    fn look_at(&mut self, scope: &Scope<'_>) {
        let code = scope.code();
        for index in 0..code.nodes.len() as u32 {
            let node = NodeId(index);
            if let NodeKind::Call { func, .. } = code.kind(node) {
                self.look_at_call(scope, code, node, *func);
            }
        }
    }

    fn look_at_call(&mut self, scope: &Scope<'_>, code: &Code, call: NodeId, func: NodeId) {
        let path = scope.path(func).unwrap_or_default();
        let attr = match code.kind(func) {
            NodeKind::Attribute { attr, .. } => attr.as_str(),
            _ => "",
        };
        let name = if attr.is_empty() { path.rsplit('.').next().unwrap_or_default() } else { attr };
        self.is_moved |= says_move(name) || path == "os.fchdir" || moves_inside(scope, &path);
        self.is_fake |= path.starts_with("pyfakefs.");
        let patches = path.ends_with("patch")
            || path.contains("mock.patch")
            || matches!(attr, "patch" | "object" | "setattr");
        if patches {
            self.note_mocked(code, call);
        }
    }

    /// `patch("builtins.open")`, `patch.object(os, "remove")`, `monkeypatch.setattr(shutil, "rmtree", …)`.
    fn note_mocked(&mut self, code: &Code, call: NodeId) {
        let NodeKind::Call { args, .. } = code.kind(call) else { return };
        for text in args.iter().take(2).filter_map(|argument| code.kind(argument.value).as_str()) {
            let last = text.rsplit('.').next().unwrap_or(text);
            self.mocked.push(last.to_owned());
            if matches!(last, "os" | "shutil" | "pathlib" | "Path") {
                self.is_fake = true;
            }
        }
    }
}

/// Whether a function's or class's name says that it changes the working directory.
fn says_move(name: &str) -> bool {
    let name = name.to_lowercase().replace('_', "");
    if matches!(name.as_str(), "cwd" | "getcwd" | "getcwdb") {
        return false;
    }
    ["chdir", "cwd", "switchdir", "workingdir", "intemp", "intmp", "pushd", "isolatedfilesystem"]
        .iter()
        .any(|word| name.contains(word))
}

/// Whether a function or class of the project changes the working directory itself.
fn moves_inside(scope: &Scope<'_>, path: &str) -> bool {
    let Some((file, rest)) = scope.project.layout.split_path(path) else { return false };
    let Some(module) = scope.project.module(file).filter(|_| !rest.is_empty()) else { return false };
    let file = &module.file;
    (0..file.items().len() as u32).any(|item| {
        let name = scope.project.qualified_name(&module, item);
        let is_it = name == rest || name.strip_prefix(rest).is_some_and(|member| member.starts_with('.'));
        is_it && file.item_text(item).contains("chdir(")
    })
}

/// The items whose code holds for an item: the fixtures of its closure, the set-ups around it, and what its module and the
/// conftests above do outside tests and fixtures.
pub fn neighbours(subject: &Subject<'_>) -> Vec<(Module, u32)> {
    let project = subject.project;
    let closure = subject.closure();
    let fixtures = closure.iter().filter_map(|closed| closed.fixture.as_ref());
    let mut found: Vec<(Module, u32)> =
        fixtures.map(|fixture| (fixture.module.clone(), fixture.item)).collect();
    let conftests = project.conftests(subject.path());
    let above = conftests.iter().filter_map(|path| project.module(path));
    for module in std::iter::once(subject.module.clone()).chain(above) {
        let items = 0..module.file.items().len() as u32;
        let holds = items.filter(|item| match project.role(&module, *item) {
            Role::Statement | Role::Hook | Role::Plain => true,
            Role::Xunit(_) => {
                let owner = module.file.item(*item).owner;
                owner.is_none() || owner == subject.class()
            }
            Role::Test | Role::Fixture | Role::Class => false,
        });
        found.extend(holds.map(|item| (module.clone(), item)));
    }
    found
}

/// The set-ups and tear-downs of the module and of the item's class.
pub fn set_ups(subject: &Subject<'_>) -> Vec<u32> {
    let file = &subject.module.file;
    let roles = subject.project.roles(&subject.module);
    let set_ups = (0..).zip(roles.iter()).filter(|(_, role)| matches!(role, Role::Xunit(_)));
    set_ups
        .map(|(item, _)| item)
        .filter(|item| {
            let owner = file.item(*item).owner;
            owner.is_none() || owner == subject.class()
        })
        .collect()
}

fn is_device(path: &FixedPath) -> bool {
    path.base == Base::Root
        && ["dev", "proc", "sys"].iter().any(|top| path.tail.split('/').next() == Some(top))
}

/// Whether the call stands behind an `if` on a constant that is false, or on what a developer asks for to have stored
/// expectations written anew.
pub fn is_switched_off(subject: &Subject<'_>, call: NodeId) -> bool {
    let code = subject.code();
    code.ancestors(call).any(|outer| match code.kind(outer) {
        NodeKind::If { test, body, .. } => {
            let constant = subject.origin(*test);
            let is_in_body = body.iter().any(|statement| code.is_within(call, *statement));
            is_in_body
                && (*constant.followed(subject.project).kind() == NodeKind::Bool(false)
                    || asks_for_new_expectations(code, *test))
        }
        _ => false,
    })
}

/// `if request.config.getoption("--update-snapshots"):`, `if UPDATE:`, `if os.environ.get("REGENERATE"):`.
fn asks_for_new_expectations(code: &Code, test: NodeId) -> bool {
    let is_plain = !matches!(code.kind(test), NodeKind::Unary { .. } | NodeKind::Compare { .. });
    is_plain
        && code.subtree(test).any(|part| {
            let (NodeKind::Name(word) | NodeKind::Attribute { attr: word, .. } | NodeKind::Str(word)) =
                code.kind(part)
            else {
                return false;
            };
            let mut words = word.split(|letter: char| !letter.is_ascii_alphabetic());
            words.any(|word| {
                matches!(
                    word.to_ascii_lowercase().as_str(),
                    "update"
                        | "updating"
                        | "regenerate"
                        | "regen"
                        | "rewrite"
                        | "overwrite"
                        | "rebase"
                        | "bless"
                )
            })
        })
}

/// Whether the call stands in for a function that some Python long gone did not have: in the `except AttributeError` of a
/// `try` that only calls others.
pub fn is_for_missing_function(subject: &Subject<'_>, call: NodeId) -> bool {
    let code = subject.code();
    code.ancestors(call).any(|outer| {
        let NodeKind::Try { body, handlers, .. } = code.kind(outer) else { return false };
        let is_fallback = handlers.iter().any(|handler| {
            let names = handler.exception.and_then(|exception| subject.resolve(exception));
            matches!(names.as_deref(), Some("builtins.AttributeError" | "builtins.NameError"))
                && handler.body.iter().any(|statement| code.is_within(call, *statement))
        });
        // A function of a module that is imported whole and lies outside the project.
        let mut called = body.iter().flat_map(|statement| code.subtree(*statement)).filter_map(|node| {
            let path = subject.callee(node)?;
            (!path.starts_with("builtins.")).then_some(path)
        });
        is_fallback && called.any(|path| subject.project.layout.split_path(&path).is_none())
    })
}

/// Whether the call is expected to fail: inside `with pytest.raises(…)` or `assertRaises`.
pub fn is_expected_to_fail(subject: &Subject<'_>, call: NodeId) -> bool {
    let code = subject.code();
    code.ancestors(call).any(|outer| {
        let NodeKind::With { items, .. } = code.kind(outer) else { return false };
        items.iter().any(|item| {
            let NodeKind::Call { func, .. } = code.kind(item.context) else { return false };
            let is_raises = subject.resolve(*func).is_some_and(|path| path == "pytest.raises");
            let attr_raises =
                matches!(code.kind(*func), NodeKind::Attribute { attr, .. } if attr.starts_with("assertRaises"));
            (is_raises || attr_raises) && call > item.context && !code.is_within(call, item.context)
        })
    })
}
