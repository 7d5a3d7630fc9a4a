//! Whether something around a test seeds what draws, or stands in for it.

use memchr::memmem;

use super::{Draw, Generator};
use crate::project::surroundings::{Surroundings, neighbours};
use crate::project::{Role, Subject};
use crate::store::owners;
use crate::syntax::split::ItemKind;

/// Words of code that seeds. To be wrong here costs a hint, not a false one.
const SEEDS: &[&str] = &[
    "seed",
    "Seed",
    "SEED",
    "RNGContext",
    "reset_rng",
    "fix_rng",
    "fixed_rng",
    "set_rng",
    "determinis",
    "setstate",
    "set_state",
    "reproducib",
    "hypothesis",
    "@given",
    "fixed_random",
    "fake_random",
    "mock_random",
    "mock_rand",
];

/// What a patch replaces to decide the draw.
const REPLACED: &[&str] = &[
    "random",
    "randint",
    "randrange",
    "choice",
    "choices",
    "sample",
    "shuffle",
    "uniform",
    "gauss",
    "getrandbits",
    "rand",
    "randn",
    "normal",
    "randbelow",
    "token_hex",
    "secrets",
    "default_rng",
    "rng",
];

impl Draw {
    /// Whether the values are the same in every run, as far as can be told from what stands around the test.
    pub fn is_held(&self, subject: &Subject<'_>) -> bool {
        let is_seeded_by_plugin =
            matches!(self.generator, Generator::Random | Generator::Numpy | Generator::Faker)
                && has_fixed_seed(subject);
        if is_seeded_by_plugin || self.is_seeded_where_it_is_drawn() || is_seeded_around(subject) {
            return true;
        }
        let surroundings = Surroundings::of(subject);
        let is_replaced = |name: &&str| surroundings.mocks(name);
        let own = self.called_names();
        REPLACED.iter().any(is_replaced) || own.iter().any(|name| surroundings.mocks(name))
    }

    /// The item that draws, and the module's statements around it.
    fn is_seeded_where_it_is_drawn(&self) -> bool {
        let file = &self.call.module.file;
        let statements = (0..file.items().len() as u32)
            .filter(|item| file.name(*item).is_empty() && file.item(*item).kind != ItemKind::Import);
        std::iter::once(self.call.item)
            .chain(owners(file, self.call.item))
            .chain(statements)
            .any(|item| seeds(file.item_text(item)))
    }

    /// The function that draws, where it is one of the project.
    fn called_names(&self) -> Vec<String> {
        let file = &self.call.module.file;
        let name = file.name(self.call.item);
        if name.is_empty() { Vec::new() } else { vec![name.to_owned()] }
    }
}

fn is_seeded_around(subject: &Subject<'_>) -> bool {
    let file = &subject.module.file;
    if std::iter::once(subject.item).chain(owners(file, subject.item)).any(|item| seeds(file.item_text(item)))
    {
        return true;
    }
    let closure = subject.closure();
    closure.iter().any(|closed| seeds(&closed.name))
        || subject.marks().iter().any(|mark| seeds(&mark.name))
        || neighbours(subject).iter().any(|(module, item)| {
            let is_called = subject.project.role(module, *item) == Role::Plain;
            let is_import = module.file.item(*item).kind == ItemKind::Import;
            !is_called && !is_import && seeds(module.file.item_text(*item))
        })
}

/// Says nothing of `unseeded`, which comments that name the rule hold too.
fn seeds(text: &str) -> bool {
    let is_denied = |at: usize| text.as_bytes()[..at].ends_with(b"un");
    SEEDS.iter().any(|word| memmem::find_iter(text.as_bytes(), word.as_bytes()).any(|at| !is_denied(at)))
}

/// `--randomly-seed=1` in `addopts`, which pytest-randomly seeds `random`, NumPy and Faker with before each test.
fn has_fixed_seed(subject: &Subject<'_>) -> bool {
    let options = &subject.project.config.options;
    let is_given = options.addopts.iter().any(|word| {
        word == "--randomly-seed" || word.strip_prefix("--randomly-seed=").is_some_and(|seed| seed != "last")
    });
    is_given && !options.blocks_plugin("randomly")
}
