//! Which of a few words stand in a file, so that a keystroke need not search all of it again for what is not there.

use std::sync::OnceLock;

use memchr::memmem;

/// A word that whole files are searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mention {
    Fixture,
    PytestPlugins,
    Suppression,
    Global,
    Modules,
    Reload,
}

impl Mention {
    const ALL: [Mention; 6] = [
        Mention::Fixture,
        Mention::PytestPlugins,
        Mention::Suppression,
        Mention::Global,
        Mention::Modules,
        Mention::Reload,
    ];

    /// On one line, so that no edit of an item makes one with the text of another.
    pub fn word(self) -> &'static str {
        match self {
            Mention::Fixture => "fixture",
            Mention::PytestPlugins => "pytest_plugins",
            Mention::Suppression => "flakeless:",
            Mention::Global => "global ",
            Mention::Modules => "modules",
            Mention::Reload => "reload",
        }
    }

    pub(super) fn is_in(self, text: &str) -> bool {
        memmem::find(text.as_bytes(), self.word().as_bytes()).is_some()
    }
}

/// What was found, by word.
#[derive(Debug, Default)]
pub(super) struct Mentions([OnceLock<bool>; Mention::ALL.len()]);

impl Mentions {
    pub(super) fn get(&self, mention: Mention, text: &str) -> bool {
        *self.0[mention as usize].get_or_init(|| mention.is_in(text))
    }

    /// What is known of the text before an edit, where it holds after it. `before` and `after` are the lines that the
    /// edit replaced, and by what.
    pub(super) fn take_over(&self, old: &Mentions, before: &str, after: &str) {
        for mention in Mention::ALL {
            let Some(was_there) = old.0[mention as usize].get() else { continue };
            let is_new = mention.is_in(after);
            // One that the edit took away may have been the last.
            let is_unsure = *was_there && !is_new && mention.is_in(before);
            if !is_unsure {
                let _ = self.0[mention as usize].set(*was_there || is_new);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_edit_leaves_alone_is_not_searched_for_again() {
        let word = Mention::Suppression;
        for (text, before, after, new, known) in [
            ("a\nb\n", "b\n", "c\n", "a\nc\n", Some(false)),
            ("a\nb\n", "b\n", "# flakeless:\n", "a\n# flakeless:\n", Some(true)),
            ("# flakeless:\nb\n", "b\n", "c\n", "# flakeless:\nc\n", Some(true)),
            ("a\n# flakeless:\n", "# flakeless:\n", "c\n", "a\nc\n", None),
        ] {
            let old = Mentions::default();
            old.get(word, text);
            let mentions = Mentions::default();
            mentions.take_over(&old, before, after);
            assert_eq!(mentions.0[word as usize].get().copied(), known, "{new}");
            assert_eq!(mentions.get(word, new), word.is_in(new), "{new}");
        }
    }
}
