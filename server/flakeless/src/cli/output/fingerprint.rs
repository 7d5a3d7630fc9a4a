//! What other programs know a hint by from one run to the next.

use std::collections::HashMap;
use std::path::PathBuf;

use analysis::baseline::Identity;
use xxhash_rust::xxh3::Xxh3;

use crate::cli::findings::Finding;
use crate::cli::output::texts::Texts;

/// Numbers the hints that look alike.
#[derive(Debug, Default)]
pub(super) struct Known(HashMap<(PathBuf, Identity), usize>);

/// A hint as it is known again, whatever line it stands on.
#[derive(Debug)]
pub(super) struct Recognised {
    pub(super) identity: Identity,
    /// From 1, among the reported hints of the file with this identity.
    pub(super) number: usize,
}

impl Known {
    /// Findings must come in their order.
    pub(super) fn recognise(&mut self, finding: &Finding, texts: &mut Texts<'_>) -> Recognised {
        let source = texts.of(&finding.path).map_or("", |text| text.as_str());
        let identity = Identity::of(&finding.hint, source);
        let number = self.0.entry((finding.path.clone(), identity.clone())).or_default();
        *number += 1;
        Recognised { identity, number: *number }
    }
}

impl Recognised {
    /// The hash of all, with `place` for the file: equal on every machine and system.
    pub(super) fn hash(&self, place: &str) -> String {
        let Identity { rule, test, text } = &self.identity;
        let mut hash = Xxh3::new();
        // Nothing of these holds a NUL, so no two sets of parts run together.
        for part in [place, rule, test.as_deref().unwrap_or_default(), text, &self.number.to_string()] {
            hash.update(part.as_bytes());
            hash.update(b"\0");
        }
        format!("{:032x}", hash.digest128())
    }
}
