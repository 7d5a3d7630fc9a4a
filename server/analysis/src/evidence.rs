//! Evidence in as many words and places as are read at a glance.

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

/// Code as one line.
pub fn one_line(code: &str) -> String {
    code.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Code as one short line.
pub fn glance(code: &str) -> String {
    const GLANCE: usize = 60;
    let line = one_line(code);
    match line.char_indices().nth(GLANCE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// So many seconds as a person says it.
pub fn duration(seconds: f64) -> String {
    let (number, unit) = match seconds {
        seconds if seconds >= 1.0 => (seconds, "second"),
        seconds if seconds >= 1e-3 => (seconds * 1e3, "millisecond"),
        seconds => (seconds * 1e6, "microsecond"),
    };
    let number = (number * 1e3).round() / 1e3;
    if number == 1.0 { format!("1 {unit}") } else { format!("{number} {unit}s") }
}

#[cfg(test)]
mod tests {
    use super::glance;

    #[test]
    fn long_code_is_cut_between_characters() {
        assert_eq!(glance("a ==\n    b"), "a == b");
        let long = "é".repeat(61);
        assert_eq!(glance(&long), format!("{}…", "é".repeat(60)));
    }
}
