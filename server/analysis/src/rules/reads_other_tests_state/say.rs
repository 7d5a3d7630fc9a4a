//! The words.

use crate::evidence::first_few;
use crate::project::handed_over::initial::Initial;
use crate::project::handed_over::{HandedOver, Party};
use crate::project::{Place, Subject};
use crate::rules::Said;

use super::Found;

pub fn said(subject: &Subject<'_>, found: &Found) -> Said {
    let HandedOver { initial, writers, .. } = &*found.handed_over;
    let names: Vec<String> = found.targets.iter().map(|target| target.named_in(&subject.module)).collect();
    let is_one = names.len() == 1;
    let what_is_read = listed(&names);
    let setter = match writers.as_slice() {
        [only] => format!("only the test `{}` sets", only.name),
        [first, rest @ ..] => format!("only `{}` and {} more set", first.name, tests(rest.len())),
        [] => String::new(),
    };
    let before = match (initial, is_one) {
        (Initial::Missing, true) => "it is not there".to_owned(),
        (Initial::None, true) => "it is `None`".to_owned(),
        (Initial::Empty, true) => "it is empty".to_owned(),
        (Initial::Falsy, true) => "it has its first value".to_owned(),
        (_, false) => "they are not there".to_owned(),
    };
    Said {
        confidence: found.confidence,
        at: subject.code().range(found.reader().node),
        what: format!("This test reads {what_is_read}, which {setter}."),
        why: format!(
            "Run alone, in another order, or on another worker of pytest-xdist than that test, {before}."
        ),
        todo: match is_one {
            true => {
                "Make the value in a fixture that each of the tests requests, or merge the tests.".to_owned()
            }
            false => {
                "Make the values in a fixture that each of the tests requests, or merge the tests.".to_owned()
            }
        },
        related: related(found),
        mitigated_by: None,
    }
}

fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

fn tests(count: usize) -> String {
    if count == 1 { "one test".to_owned() } else { format!("{count} tests") }
}

fn related(found: &Found) -> Vec<(Place, String)> {
    let HandedOver { writers, readers, .. } = &*found.handed_over;
    let place = |party: &Party, does: &str| (party.place.clone(), format!("`{}` {does} it here", party.name));
    let others = readers[1..].iter().map(|reader| place(reader, "reads"));
    first_few(writers.iter().map(|writer| place(writer, "sets")).chain(others))
}
