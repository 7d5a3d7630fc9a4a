//! Environment variables that are secrets, and the code that reads them.

use smol_str::SmolStr;

use super::Subject;
use crate::facts::arguments::{argument, positional};
use crate::facts::{NodeId, NodeKind};

/// A word of these in the name of an environment variable makes it a secret.
const SECRET: &[&str] = &[
    "APIKEY",
    "CREDENTIAL",
    "CREDENTIALS",
    "CREDS",
    "KEY",
    "PASSWD",
    "PASSWORD",
    "SECRET",
    "SECRETS",
    "TOKEN",
];

/// Names that end so say where something is, not what opens it.
const PLACES: &[&str] = &["DIR", "ENDPOINT", "HOST", "NAME", "PATH", "PORT", "REGION", "URI", "URL"];

/// Whether the variable is a secret by its name.
pub fn is_credential(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let mut words = name.split(['_', '-']);
    let is_place = name.rsplit('_').next().is_some_and(|last| PLACES.contains(&last));
    !is_place && words.any(|word| SECRET.contains(&word))
}

/// One read of a secret from the environment.
pub struct CredentialRead {
    /// `os.environ["X"]`, or the call.
    pub node: NodeId,
    pub name: SmolStr,
    /// `os.environ["X"]`: it raises where the variable is missing.
    pub raises: bool,
    /// What stands in for a missing value, where it is not `None`.
    pub default: Option<NodeId>,
}

impl Subject<'_> {
    /// The reads of secrets in the body, in source order.
    pub fn credential_reads(&self) -> Vec<CredentialRead> {
        self.body().filter_map(|node| credential_read(self, node)).collect()
    }
}

fn credential_read(subject: &Subject<'_>, node: NodeId) -> Option<CredentialRead> {
    let code = subject.code();
    let (key, raises, default) = match code.kind(node) {
        NodeKind::Subscript { value, index } if subject.resolve(*value)? == "os.environ" => {
            (*index, true, None)
        }
        NodeKind::Call { func, args } => match subject.resolve(*func)?.as_str() {
            "os.environ.get" | "os.getenv" => (positional(args, 0)?, false, argument(args, 1, "default")),
            _ => return None,
        },
        _ => return None,
    };
    let written = subject.origin(key);
    let name = SmolStr::new(written.followed(subject.project).kind().as_str()?);
    if !is_credential(&name) {
        return None;
    }
    let default = default.filter(|default| *code.kind(*default) != NodeKind::None);
    Some(CredentialRead { node, name, raises, default })
}
