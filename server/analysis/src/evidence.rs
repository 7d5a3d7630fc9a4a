//! Evidence of which there may be much.

use crate::project::Place;

/// So many places are named before the rest is only counted.
const SHOWN: usize = 5;

/// The first few of these places; the last one's words say how many more there are.
pub fn first_few(places: impl IntoIterator<Item = (Place, String)>) -> Vec<(Place, String)> {
    let mut places: Vec<(Place, String)> = places.into_iter().collect();
    let more = places.len().saturating_sub(SHOWN);
    places.truncate(SHOWN);
    if let (Some((_, words)), 1..) = (places.last_mut(), more) {
        words.push_str(&format!(", and {more} more"));
    }
    places
}
