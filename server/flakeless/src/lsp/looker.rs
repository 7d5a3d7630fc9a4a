//! Looks at the disk that may take long, on a thread of their own: the session hears of events meanwhile.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{self, Sender};
use std::thread;

use analysis::settings::Overrides;

use super::event::Event;
use super::stamps::{FolderNames, stamps_of};
use super::threads::STACK;
use crate::discover::{self, Discovery, Force};
use crate::disk::Stamp;

/// What is looked at.
pub(crate) enum Look {
    /// All that lies below the root around a document.
    Around(PathBuf),
    /// All that lies below the root around a folder.
    Below(PathBuf),
    /// The files that are listed below a root.
    Files { root: PathBuf, files: Vec<PathBuf> },
}

/// What was seen.
#[derive(Default)]
pub(crate) struct Seen {
    /// What lies there, where that was the question and the folder is there.
    pub(crate) listed: Option<Discovery>,
    pub(crate) stamps: Vec<(PathBuf, Stamp)>,
    /// Files came to or went from the folders that were looked at, since the last look.
    pub(crate) came_or_went: bool,
}

/// Starts the thread, which makes one look after the other and tells the session of each. It ends when nobody can ask any more.
///
/// # Errors
/// When the system gives no thread.
pub(crate) fn start(session: Sender<Event>) -> io::Result<Sender<(Look, Overrides)>> {
    let (sender, asked) = mpsc::channel::<(Look, Overrides)>();
    thread::Builder::new().name("looker".to_owned()).stack_size(STACK).spawn(move || {
        let mut looker = Looker::default();
        for (look, overrides) in asked {
            // The session waits for each.
            let seen = catch_unwind(AssertUnwindSafe(|| looker.look(look, &overrides)));
            if session.send(Event::Seen(Box::new(seen.unwrap_or_default()))).is_err() {
                return;
            }
        }
    })?;
    Ok(sender)
}

#[derive(Default)]
pub(crate) struct Looker(FolderNames);

impl Looker {
    pub(crate) fn look(&mut self, look: Look, overrides: &Overrides) -> Seen {
        let listed = match look {
            Look::Files { root, files } => {
                let came_or_went = self.0.any_came_or_went(&root, files.iter());
                return Seen { listed: None, stamps: stamps_of(files.into_iter()).collect(), came_or_went };
            }
            Look::Around(document) => discover::around(&document, Force::Check, overrides),
            Look::Below(folder) => discover::discover(&[folder], Force::Check, overrides),
        };
        // A folder that is not there holds nothing.
        let Ok(listed) = listed else { return Seen::default() };
        let mut seen = Seen::default();
        for root in &listed.roots {
            seen.came_or_went |= self.0.any_came_or_went(&root.path, root.files.iter());
            seen.stamps.extend(stamps_of(root.files.iter().cloned()));
        }
        Seen { listed: Some(listed), ..seen }
    }
}
