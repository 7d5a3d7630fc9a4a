//! The plugins that run a failed test again, and what each understands (seen with pytest-rerunfailures 16.7, pytest-retry
//! 1.7.0 and flaky 3.8.1).

use super::plugins::Plugins;
use crate::facts::code::{Argument, ArgumentKind};

/// One plugin and its `flaky` mark.
pub struct Retrier {
    pub package: &'static str,
    pub keywords: &'static [&'static str],
    pub takes_positional: bool,
    /// The mark in its usual form.
    pub form: &'static str,
    /// Whether an argument that it does not know makes the test an error; otherwise it is dropped in silence.
    refuses: bool,
    /// What it calls the number of runs, and how many of them are no retries.
    count: (&'static str, i64),
    delay: Option<&'static str>,
    /// Whether it can try the tests of a `unittest.TestCase` again. pytest-retry 1.7.0 reports an error instead.
    pub retries_test_cases: bool,
    /// Its keys in pytest's configuration: those for the number of runs and for the delay first, as far as it has them.
    pub keys: &'static [&'static str],
    /// The argument and the key that give every test a number of runs.
    pub for_every_test: (&'static str, Option<&'static str>),
}

static RETRIERS: [Retrier; 3] = [
    Retrier {
        package: "pytest-rerunfailures",
        keywords: &[
            "reruns",
            "reruns_delay",
            "reruns_delay_backoff_factor",
            "condition",
            "only_rerun",
            "rerun_except",
            "reason",
        ],
        takes_positional: true,
        form: "@pytest.mark.flaky(reruns=…)",
        refuses: false,
        count: ("reruns", 0),
        delay: Some("reruns_delay"),
        retries_test_cases: true,
        keys: &["reruns", "reruns_delay", "only_rerun", "rerun_except"],
        for_every_test: ("--reruns", Some("reruns")),
    },
    Retrier {
        package: "pytest-retry",
        keywords: &["retries", "delay", "only_on", "exclude", "condition", "cumulative_timing"],
        takes_positional: false,
        form: "@pytest.mark.flaky(retries=…)",
        refuses: false,
        count: ("retries", 0),
        delay: Some("delay"),
        retries_test_cases: false,
        keys: &["retries", "retry_delay", "cumulative_timing", "retry_outcome"],
        for_every_test: ("--retries", Some("retries")),
    },
    Retrier {
        package: "flaky",
        keywords: &["max_runs", "min_passes", "rerun_filter"],
        takes_positional: true,
        form: "@pytest.mark.flaky(max_runs=…)",
        refuses: true,
        count: ("max_runs", 1),
        delay: None,
        retries_test_cases: true,
        keys: &[],
        for_every_test: ("--max-runs", None),
    },
];

/// What a plugin makes of a mark's arguments.
pub struct Reading {
    /// What means nothing to it, as written: `retries`, or `a positional argument`. Each once, in backticks where it is a
    /// name.
    pub strange: Vec<String>,
    /// Whether the number of runs stands there in the plugin's own word.
    pub counts: bool,
}

/// Those that the project declares.
pub fn declared(plugins: &Plugins) -> Vec<&'static Retrier> {
    RETRIERS.iter().filter(|retrier| plugins.has(retrier.package)).collect()
}

pub fn named(package: &str) -> Option<&'static Retrier> {
    RETRIERS.iter().find(|retrier| retrier.package == package)
}

/// The keys of all of them.
pub fn keys() -> impl Iterator<Item = &'static str> {
    RETRIERS.iter().flat_map(|retrier| retrier.keys).copied()
}

impl Retrier {
    /// Whether a key alone makes it retry every test.
    pub fn retries_all(&self) -> bool {
        self.for_every_test.1.is_some()
    }

    /// What this plugin calls a key of another that means the same.
    pub fn counterpart_of_key(&self, key: &str) -> Option<&'static str> {
        let place =
            RETRIERS.iter().find_map(|retrier| retrier.keys.iter().position(|known| *known == key))?;
        self.keys.get(place).filter(|_| place < 2).copied()
    }

    /// The mark, without its `@`, that lets a test be tried again so often.
    pub fn mark(&self, retries: u32) -> String {
        format!("mark.flaky({}={})", self.count.0, self.runs_for(retries))
    }

    /// The number that stands for so many retries.
    pub fn runs_for(&self, retries: u32) -> i64 {
        i64::from(retries) + self.count.1
    }

    /// `None` where an argument cannot be seen, as in `**options`.
    pub fn read(&self, args: &[Argument]) -> Option<Reading> {
        let mut reading = Reading { strange: Vec::new(), counts: false };
        for argument in args {
            match &argument.kind {
                ArgumentKind::Keyword(name) if !self.keywords.contains(&name.as_str()) => {
                    reading.strange.push(format!("`{name}`"));
                }
                ArgumentKind::Keyword(name) => reading.counts |= self.count.0 == name.as_str(),
                ArgumentKind::Positional if !self.takes_positional => {
                    reading.strange.push("a positional argument".to_owned());
                }
                ArgumentKind::Positional => reading.counts = true,
                ArgumentKind::DoubleStar | ArgumentKind::Star => return None,
            }
        }
        reading.strange.dedup();
        Some(reading)
    }

    /// A sentence: what it does with the arguments that it does not know.
    pub fn on_strange(&self, counts: bool) -> &'static str {
        match (self.refuses, counts) {
            (true, _) => "It refuses the mark, so the test is an error before it runs.",
            (false, true) => {
                "It drops what it does not know without a word, and retries as if it were not there."
            }
            (false, false) => "It says nothing and retries once, whatever number stands there.",
        }
    }

    /// What this plugin calls an argument, and how much more it counts.
    pub fn counterpart<'a>(&'a self, name: &'a str) -> Option<(&'a str, i64)> {
        if self.keywords.contains(&name) {
            return Some((name, 0));
        }
        let counts = RETRIERS.iter().find(|retrier| retrier.count.0 == name);
        if let Some(retrier) = counts {
            return Some((self.count.0, self.count.1 - retrier.count.1));
        }
        let is_delay = RETRIERS.iter().any(|retrier| retrier.delay == Some(name));
        self.delay.filter(|_| is_delay).map(|delay| (delay, 0))
    }
}
