//! Looks at the disk that the session asked for, and what it does with what was seen.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;

use analysis::settings::Overrides;

use super::Session;
use crate::discover::Root;
use crate::lsp::looker::{self, Look, Looker, Seen};

/// The looks that were asked for and of which nothing was heard yet.
#[derive(Default)]
pub(super) struct State {
    thread: Option<Sender<(Look, Overrides)>>,
    /// In the order in which they are made.
    under_way: VecDeque<UnderWay>,
}

struct UnderWay {
    purpose: Purpose,
    /// The settings want other files listed by now.
    outdated: bool,
}

/// Why the disk is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A document is open in this root, of which nothing else is known: its hints wait.
    First(PathBuf),
    /// The files of a root are to be listed again. What was listed counts until then.
    Again(PathBuf),
    /// The client has this folder open, and closed files are looked at there.
    Folder(PathBuf),
    /// A document of this root was saved, and with it maybe others: what is asked from then on waits.
    Saved(PathBuf),
    /// A command rests on what lies there now.
    Command,
}

impl State {
    #[cfg(any(test, fuzzing))]
    pub(super) fn are_done(&self) -> bool {
        self.under_way.is_empty()
    }

    /// Whether hints would be made of a part of what they rest on.
    pub(super) fn hold_work(&self) -> bool {
        self.purposes().any(|purpose| matches!(purpose, Purpose::First(_)))
    }

    /// Whether questions about hints are to wait.
    pub(super) fn hold_questions(&self) -> bool {
        self.purposes().any(|purpose| matches!(purpose, Purpose::First(_) | Purpose::Saved(_)))
    }

    pub(super) fn hold_commands(&self) -> bool {
        self.purposes().any(|purpose| *purpose == Purpose::Command)
    }

    pub(super) fn list_folder(&self, folder: &Path) -> bool {
        self.purposes().any(|purpose| matches!(purpose, Purpose::Folder(listed) if listed == folder))
    }

    /// What is seen of listings under way is not enough any more.
    pub(super) fn outdate(&mut self) {
        self.under_way.iter_mut().for_each(|look| look.outdated = true);
    }

    fn purposes(&self) -> impl Iterator<Item = &Purpose> {
        self.under_way.iter().map(|look| &look.purpose)
    }

    /// Whether such a look was asked for and not begun, as far as that can be known.
    fn waits(&self, purpose: &Purpose) -> bool {
        self.purposes().skip(1).any(|waiting| waiting == purpose)
    }
}

impl Session {
    pub(super) fn look(&mut self, look: Look, purpose: Purpose) {
        if matches!(purpose, Purpose::Again(_) | Purpose::Saved(_)) && self.looks.waits(&purpose) {
            return;
        }
        if self.looks.thread.is_none() {
            self.looks.thread = looker::start(self.sender.clone()).ok();
        }
        match &self.looks.thread {
            Some(thread) => {
                // It ends with the session.
                let _ = thread.send((look, self.overrides.clone()));
                self.looks.under_way.push_back(UnderWay { purpose, outdated: false });
            }
            None => {
                let seen = Looker::default().look(look, &self.overrides);
                self.take_seen(&purpose, seen);
            }
        }
    }

    pub(super) fn seen(&mut self, seen: Seen) {
        let Some(UnderWay { purpose, outdated }) = self.looks.under_way.pop_front() else { return };
        if outdated {
            let roots = seen.listed.iter().flat_map(|found| &found.roots);
            roots.for_each(|root| self.schedule.add_listing(&root.path));
        }
        self.take_seen(&purpose, seen);
        self.answer_waiting();
    }

    fn take_seen(&mut self, purpose: &Purpose, seen: Seen) {
        match purpose {
            // It was let go of meanwhile, or a person does not want it read.
            Purpose::Again(root) if !self.roots.knows(root) || self.reading.is_narrow(root) => return,
            Purpose::Again(root) if seen.listed.is_none() => {
                self.take_root(Root { path: root.clone(), files: Vec::new() });
            }
            Purpose::Saved(root) if seen.came_or_went => self.schedule.add_listing(root),
            _ => {}
        }
        let changed = self.stamps.take(seen.stamps);
        if let Some(found) = seen.listed {
            self.take_discovery(found);
            self.read_around_documents();
        }
        if !changed.is_empty() {
            self.changed_on_disk(changed);
        }
        if *purpose == Purpose::Command {
            self.begin_commands();
        }
    }
}
