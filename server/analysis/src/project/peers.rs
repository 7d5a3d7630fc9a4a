//! Other functions of a file with the same cause: many of them are one.

use super::{Place, Subject};

/// So many get a hint each.
const FEW: usize = 5;

/// Where the file has few functions with the cause: none. Where it has many, those behind the first, and for them nothing.
/// `word` stands in the text of each; `place_in` gives where a function has the cause.
pub fn behind(
    subject: &Subject<'_>,
    word: &str,
    place_in: impl Fn(&Subject<'_>) -> Option<Place>,
) -> Option<Vec<Place>> {
    subject.project.ask_for(word);
    let file = &subject.module.file;
    let mut places: Vec<(u32, Place)> = (0..file.items().len() as u32)
        .filter(|item| file.item_text(*item).contains(word))
        .filter_map(|item| Some((item, place_in(&Subject::new(subject.project, &subject.module, item))?)))
        .collect();
    if places.len() <= FEW {
        return Some(Vec::new());
    }
    let (first, _) = places.remove(0);
    (first == subject.item).then(|| places.into_iter().map(|(_, place)| place).collect())
}
