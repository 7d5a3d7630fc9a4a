//! Calls that draw: of a module's functions, and of a generator that nothing seeds.

use super::given::Given;
use super::{Draw, Generator};
use crate::facts::code::{Argument, ArgumentKind};
use crate::facts::{NodeId, NodeKind};
use crate::project::Project;
use crate::project::constant::Origin;

/// What makes a generator of its own; without an argument nothing seeds it.
const MADE: &[(&str, &str)] = &[
    ("random.Random", "random."),
    ("random.SystemRandom", "random."),
    ("secrets.SystemRandom", "random."),
    ("numpy.random.default_rng", "numpy.random."),
    ("numpy.random.RandomState", "numpy.random."),
    ("faker.Faker", "faker."),
    ("faker.Factory.create", "faker."),
];

/// One draw, where a call makes one.
pub fn drawn(project: &Project, origin: &Origin, func: NodeId, args: &[Argument]) -> Option<Draw> {
    if args.iter().any(|argument| matches!(argument.kind, ArgumentKind::Star | ArgumentKind::DoubleStar)) {
        return None;
    }
    let (generator, path) = drawer(project, origin, func)?;
    let call = Given { project, origin, args };
    let (law, shape) = match path.split_once("random.") {
        Some(("numpy.", name)) => call.numpy(name)?,
        Some(("", name)) => call.random(name)?,
        _ => call.other(&path)?,
    };
    Some(Draw { generator, call: origin.clone(), law, shape })
}

/// Who draws, when this function is called.
pub fn generator_of(project: &Project, origin: &Origin, func: NodeId) -> Option<Generator> {
    drawer(project, origin, func).map(|(generator, _)| generator)
}

/// Who draws, and the path of the function as if the generator were the module.
fn drawer(project: &Project, origin: &Origin, func: NodeId) -> Option<(Generator, String)> {
    let scope = origin.scope(project);
    if let Some(path) = scope.path(func) {
        let generator = match path.split('.').next()? {
            "random" => Generator::Random,
            "numpy" if path.starts_with("numpy.random.") => Generator::Numpy,
            "torch" => Generator::Torch,
            "secrets" => Generator::System,
            _ => return own(project, origin, func),
        };
        return Some((generator, path.to_string()));
    }
    own(project, origin, func)
}

/// `rng.random()` where `rng` is a generator that nothing seeds.
fn own(project: &Project, origin: &Origin, func: NodeId) -> Option<(Generator, String)> {
    let NodeKind::Attribute { value, attr, .. } = origin.kind_of(func) else { return None };
    let maker = made(project, &origin.at(*value))?;
    let NodeKind::Call { args, .. } = maker.kind() else { return None };
    let path = maker.scope(project).callee(maker.node)?;
    let (_, module) = MADE.iter().find(|(name, _)| *name == path)?;
    let generator = match path.as_str() {
        "random.SystemRandom" | "secrets.SystemRandom" => Generator::System,
        "faker.Faker" | "faker.Factory.create" => Generator::Faker,
        _ if args.is_empty() => Generator::Own,
        _ => return None,
    };
    Some((generator, format!("{module}{attr}")))
}

/// The call that makes the object that an expression stands for; through one fixture.
fn made(project: &Project, origin: &Origin) -> Option<Origin> {
    let followed = origin.clone().followed(project);
    match followed.kind() {
        NodeKind::Call { .. } => Some(followed),
        NodeKind::Name(name) => {
            let fixture = followed.subject(project).fixture_subject(name)?;
            let [result] = fixture.results()[..] else { return None };
            let made = fixture.origin(result).followed(project);
            matches!(made.kind(), NodeKind::Call { .. }).then_some(made)
        }
        _ => None,
    }
}
