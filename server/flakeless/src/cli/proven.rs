//! What `reproduce` proved of hints, for `check`.

use std::collections::BTreeSet;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};

use analysis::hint::Hint;
use analysis::workspace::Workspace;

use crate::answers::Answers;
use crate::reproduce::proofs::Proofs;

/// What is kept, and an engine that tells whether the tests are still the same: answers of an earlier run do not.
pub(crate) struct Proven {
    proofs: Proofs,
    workspace: ManuallyDrop<Workspace>,
}

impl Proven {
    /// What is kept in these folders; `None` where nothing was proved, as in most projects.
    pub(crate) fn read(
        folders: &BTreeSet<PathBuf>,
        load: impl FnOnce() -> ManuallyDrop<Workspace>,
    ) -> Option<Proven> {
        let mut proofs = Proofs::default();
        proofs.look(folders);
        (!proofs.is_empty()).then(|| Proven { proofs, workspace: load() })
    }

    /// The hint, confirmed if that was proved of it.
    pub(crate) fn confirmed(&self, answers: &dyn Answers, path: &Path, hint: Hint) -> Hint {
        if !self.proofs.speak_of(path) {
            return hint;
        }
        // A fix may have changed the file since.
        let texts = (answers.text(path), self.workspace.text(path));
        match texts {
            (Some(one), Some(other)) if one.as_str() == other.as_str() => {
                self.proofs.confirmed(&self.workspace, path, hint)
            }
            _ => hint,
        }
    }
}
