//! Command-line arguments as they stand in `addopts`, as far as their values matter here.

/// One option: its name as written (`-n`, `--dist`), and its value when it takes one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Argument<'a> {
    pub(super) name: &'a str,
    pub(super) value: Option<&'a str>,
}

/// Options of pytest and of the plugins that [`super::PytestOptions`] knows. pytest takes no abbreviations.
const LONG_WITH_VALUE: [&str; 19] = [
    "--asyncio-mode",
    "--confcutdir",
    "--dist",
    "--ignore",
    "--ignore-glob",
    "--import-mode",
    "--max-runs",
    "--maxprocesses",
    "--min-passes",
    "--numprocesses",
    "--only-rerun",
    "--override-ini",
    "--pythonwarnings",
    "--reruns",
    "--reruns-delay",
    "--retries",
    "--retry-delay",
    "--timeout",
    "--tx",
];

/// One-letter options of pytest and xdist that take a value; the rest of the word, or the next word.
const SHORT_WITH_VALUE: &str = "ckmnoprW";

/// The options among `words`, in order; positional arguments are passed over.
pub(super) fn parse(words: &[String]) -> Vec<Argument<'_>> {
    let mut arguments = Vec::new();
    let mut words = words.iter().map(String::as_str);
    while let Some(word) = words.next() {
        if word == "--" {
            break;
        }
        if word.starts_with("--") {
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None if LONG_WITH_VALUE.contains(&word) => (word, words.next()),
                None => (word, None),
            };
            arguments.push(Argument { name, value });
        } else if let Some(letters) = word.strip_prefix('-') {
            arguments.extend(short(letters, &mut words));
        }
    }
    arguments
}

/// `-xvn4`, `-n 4`, `-n=4`: flags up to the first letter that takes a value.
fn short<'a>(letters: &'a str, words: &mut impl Iterator<Item = &'a str>) -> Vec<Argument<'a>> {
    let mut arguments = Vec::new();
    for (at, letter) in letters.char_indices() {
        let after = &letters[at + letter.len_utf8()..];
        let name = short_name(letter);
        if SHORT_WITH_VALUE.contains(letter) {
            let value =
                if after.is_empty() { words.next() } else { Some(after.strip_prefix('=').unwrap_or(after)) };
            arguments.push(Argument { name, value });
            break;
        }
        arguments.push(Argument { name, value: None });
    }
    arguments
}

fn short_name(letter: char) -> &'static str {
    match letter {
        'd' => "-d",
        'n' => "-n",
        'o' => "-o",
        'p' => "-p",
        'W' => "-W",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config_text::shell_words;

    #[test]
    fn arguments() {
        type Said<'a> = &'a [(&'a str, Option<&'a str>)];
        let cases: &[(&str, Said<'_>)] = &[
            ("-n 4 --dist loadgroup", &[("-n", Some("4")), ("--dist", Some("loadgroup"))]),
            ("-n4 --dist=load", &[("-n", Some("4")), ("--dist", Some("load"))]),
            ("-n=auto", &[("-n", Some("auto"))]),
            ("-xn auto", &[("", None), ("-n", Some("auto"))]),
            ("-p no:xdist -pfoo", &[("-p", Some("no:xdist")), ("-p", Some("foo"))]),
            ("-k -n tests", &[("", Some("-n"))]),
            ("-ra --strict-markers", &[("", Some("a")), ("--strict-markers", None)]),
            ("--cov src -- -n 4", &[("--cov", None)]),
            ("-n", &[("-n", None)]),
        ];
        for (text, expected) in cases {
            let words = shell_words::split(text).unwrap();
            let said: Vec<_> = parse(&words).iter().map(|argument| (argument.name, argument.value)).collect();
            assert_eq!(said, *expected, "{text}");
        }
    }
}
