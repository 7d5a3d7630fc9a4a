//! The experiments: what one axis shows of one test.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::axis::Axis;
use super::polluter::Suspects;
use super::process::{Bounds, End};
use super::suite::{Outcome, Plan, Plugins, Request, Run, Suite, Workers, file_of};

/// Processes of the axis `parallel`.
const AT_ONCE: u32 = 4;
/// So many failures are proof enough: the rest of an axis is not run. Of orders one is, since the tests that it takes are
/// searched for then, and what is found is confirmed.
fn enough(axis: Axis) -> u32 {
    if axis == Axis::Order { 1 } else { 3 }
}

/// A test by its node id relative to rootdir; without parameters it stands for all of its parameter sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target(String);

impl Target {
    pub(crate) fn new(id: String) -> Target {
        Target(id)
    }

    pub(crate) fn id(&self) -> &str {
        &self.0
    }

    /// The file, relative to rootdir.
    pub(crate) fn file(&self) -> &str {
        file_of(&self.0)
    }

    pub(crate) fn is(&self, id: &str) -> bool {
        id.strip_prefix(self.0.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
    }
}

/// The node id of a test, whatever its parameters.
pub(crate) fn without_parameters(id: &str) -> &str {
    id.split('[').next().unwrap_or(id)
}

/// What one axis showed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) axis: Axis,
    /// How often the test ran.
    pub(crate) runs: u32,
    pub(crate) failures: u32,
    /// The first that failed.
    pub(crate) first: Option<Failure>,
    /// Whether the time was over before all was tried.
    #[serde(rename = "cut_short")]
    pub(crate) is_cut_short: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Failure {
    /// `run 3`, `seed 2`, `PYTHONHASHSEED=4`.
    pub(crate) how: String,
    /// The shortest plain command that makes it happen.
    pub(crate) command: String,
    /// The failure's own text.
    pub(crate) text: String,
    /// The tests that ran before it in the process, where they are others.
    #[serde(skip)]
    pub(crate) before: Vec<String>,
    /// The files of which tests were collected with it.
    #[serde(skip)]
    pub(crate) files: Vec<String>,
    /// The test that failed, with its parameters.
    pub(crate) test: String,
}

/// Where experiments on a test are made.
pub(crate) struct Lab<'a> {
    pub(crate) suite: &'a Suite<'a>,
    pub(crate) target: Target,
    pub(crate) runs: u32,
    /// When the budget is used up.
    pub(crate) until: Instant,
    /// Is told of every run: of which axis, and how many of how many are done.
    pub(crate) progress: &'a dyn Fn(Axis, u32, u32),
}

impl Lab<'_> {
    pub(crate) fn explore(&self, axis: Axis, plugins: Plugins, suspects: &Suspects) -> io::Result<Row> {
        match axis {
            Axis::Fresh => {
                self.each(axis, self.runs, |number| self.alone(format!("run {}", number + 1), None))
            }
            Axis::HashSeed => {
                self.each(axis, self.runs, |seed| self.alone(format!("PYTHONHASHSEED={seed}"), Some(seed)))
            }
            Axis::Repeat => self.repeated(axis, plugins),
            Axis::Load => busy(|| self.repeated(axis, plugins)),
            Axis::Parallel if plugins.xdist => self.each(axis, 1 + self.runs.div_ceil(AT_ONCE), |number| {
                self.by_xdist(if number == 0 { Workers::Sharing } else { Workers::Each })
            }),
            Axis::Parallel => self.each(axis, self.runs.div_ceil(AT_ONCE), |_| self.at_once()),
            Axis::Order => self.ordered(suspects),
        }
    }

    pub(crate) fn run(&self, request: &Request) -> io::Result<Run> {
        self.suite.run(request, self.bounds())
    }

    pub(crate) fn bounds(&self) -> Bounds<'_> {
        self.suite.bounds(self.until)
    }

    pub(crate) fn is_over(&self) -> bool {
        self.bounds().are_reached()
    }

    /// Makes runs one after the other until failures are many enough or the time is over.
    fn each(&self, axis: Axis, count: u32, run: impl Fn(u32) -> io::Result<Seen>) -> io::Result<Row> {
        let mut all = Seen::default();
        for number in 0..count {
            if self.is_over() {
                all.is_cut_short = true;
                break;
            }
            (self.progress)(axis, number, count);
            all.add(run(number)?);
            if all.failures >= enough(axis) || all.is_cut_short {
                break;
            }
        }
        let Seen { runs, failures, first, is_cut_short, .. } = all;
        Ok(Row { axis, runs, failures, first, is_cut_short })
    }

    fn alone(&self, how: String, hash_seed: Option<u32>) -> io::Result<Seen> {
        let run = self.run(&Request { hash_seed, ..Request::of(self.target.id()) })?;
        let set = hash_seed.map(|seed| format!("PYTHONHASHSEED={seed} ")).unwrap_or_default();
        Ok(self.seen(&run, how, format!("{set}pytest {}", quoted(self.target.id()))))
    }

    fn repeated(&self, axis: Axis, plugins: Plugins) -> io::Result<Row> {
        let id = quoted(self.target.id());
        let command = match (axis, plugins.repeat) {
            (Axis::Load, _) => format!("pytest {id}   # again and again, while every core is busy"),
            (_, true) => format!("pytest --count={} {id}", self.runs),
            (_, false) => format!(
                "python -c 'import pytest; [pytest.main([\"{}\"]) for _ in range({})]'",
                self.target.id(),
                self.runs
            ),
        };
        self.each(axis, 1, |_| {
            let plan = Plan { repeat: self.runs, ..Plan::default() };
            let run = self.run(&Request { plan, ..Request::of(self.target.id()) })?;
            Ok(self.seen(&run, String::new(), command.clone()).numbered())
        })
    }

    /// In processes of pytest-xdist.
    fn by_xdist(&self, workers: Workers) -> io::Result<Seen> {
        let plan = Plan { workers: Some((workers, AT_ONCE)), ..Plan::default() };
        let run = self.run(&Request { plan, ..Request::of(self.target.id()) })?;
        let (how, switch) = match workers {
            Workers::Each => (format!("{AT_ONCE} workers"), " --dist=each"),
            Workers::Sharing => (format!("shared out to {AT_ONCE} workers"), ""),
        };
        Ok(self.seen(&run, how, format!("pytest -n {AT_ONCE}{switch} {}", quoted(self.target.id()))))
    }

    /// In processes that know nothing of each other.
    fn at_once(&self) -> io::Result<Seen> {
        let (suite, bounds) = (self.suite, self.bounds());
        let request = Request::of(self.target.id());
        let runs: Vec<io::Result<Run>> = thread::scope(|scope| {
            let started: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(|| suite.run(&request, bounds))).collect();
            started.into_iter().filter_map(|run| run.join().ok()).collect()
        });
        let command = format!("for i in 1 2 3 4; do pytest {} & done; wait", quoted(self.target.id()));
        let mut all = Seen::default();
        for run in runs {
            all.add(self.seen(&run?, format!("{AT_ONCE} processes"), command.clone()));
        }
        Ok(all)
    }

    /// Behind the tests that the code suspects; among the tests of its file and among all, as they are and reversed; shuffled.
    fn ordered(&self, suspects: &Suspects) -> io::Result<Row> {
        let arrangements = self.arrangements(suspects);
        self.each(Axis::Order, arrangements.len() as u32, |number| {
            let Arrangement { how, request } = &arrangements[number as usize];
            let run = self.run(request)?;
            let select: Vec<String> = request.select.iter().map(|path| quoted(path)).collect();
            let command = format!("pytest {}", select.join(" "));
            let mut seen = self.seen(&run, how.clone(), command.trim_end().to_owned());
            if let Some(failure) = &mut seen.first {
                failure.before = run.before(&failure.test);
                failure.files = run.files;
            }
            Ok(seen)
        })
    }

    /// Once behind these tests and no others; also the run itself.
    pub(crate) fn behind(&self, tests: &[String]) -> io::Result<(Row, Run)> {
        (self.progress)(Axis::Order, 0, 1);
        let all: Vec<String> =
            tests.iter().map(String::as_str).chain([self.target.id()]).map(str::to_owned).collect();
        let command = format!("pytest {}", all.iter().map(|test| quoted(test)).collect::<Vec<_>>().join(" "));
        let run = self.run(&Request::in_order(all))?;
        let Seen { runs, failures, first, is_cut_short, .. } =
            self.seen(&run, format!("behind {}", tests.join(", ")), command);
        Ok((Row { axis: Axis::Order, runs, failures, first, is_cut_short }, run))
    }

    /// What is cheap and likely to show something comes first.
    fn arrangements(&self, suspects: &Suspects) -> Vec<Arrangement> {
        let file = || ("its file", vec![self.target.file().to_owned()]);
        let all = || ("all tests", Vec::new());
        let until = Some(self.target.id().to_owned());
        let arranged = |(scope, select): (&str, Vec<String>), how: &str, plan: Plan| Arrangement {
            how: format!("{scope}, {how}"),
            request: Request { select, plan: Plan { until: until.clone(), ..plan }, hash_seed: None },
        };
        let mut arrangements = Vec::new();
        if !suspects.of_it.is_empty() {
            let tests = suspects.of_it.iter().cloned().chain(until.clone()).collect();
            let how = "tests that hints name, then it".to_owned();
            arrangements.push(Arrangement { how, request: Request::in_order(tests) });
        }
        for scope in [file(), all()] {
            arrangements.push(arranged(scope.clone(), "as pytest has it", Plan::default()));
            arrangements.push(arranged(scope, "reversed", Plan { reverse: true, ..Plan::default() }));
        }
        let shuffles = (self.runs / 4).max(2);
        for (scope, seed) in
            [file(), all()].iter().flat_map(|scope| (1..=shuffles).map(move |seed| (scope, seed)))
        {
            let plan = Plan { seed: Some(seed), ..Plan::default() };
            arrangements.push(arranged(scope.clone(), &format!("seed {seed}"), plan));
        }
        arrangements
    }

    /// How the target fared in a run.
    fn seen(&self, run: &Run, how: String, command: String) -> Seen {
        let mut outcomes = run.outcomes(|id| self.target.is(id));
        if let (true, Some(why)) = (outcomes.is_empty(), run.why_uncollected(self.target.file())) {
            // Alone it was collected.
            outcomes.push(Outcome::Failed(why.to_owned()));
        }
        let texts: Vec<&String> = outcomes
            .iter()
            .filter_map(|outcome| match outcome {
                Outcome::Failed(text) => Some(text),
                Outcome::Passed | Outcome::Skipped => None,
            })
            .collect();
        let failed = run.first_failed(|id| self.target.is(id)).unwrap_or_else(|| self.target.id().to_owned());
        let at = outcomes.iter().position(|outcome| matches!(outcome, Outcome::Failed(_)));
        Seen {
            runs: outcomes.len() as u32,
            failures: texts.len() as u32,
            first: texts.first().map(|text| Failure {
                how,
                command,
                text: text.trim_end().to_owned(),
                before: Vec::new(),
                files: Vec::new(),
                test: failed,
            }),
            at,
            is_cut_short: run.end == End::Stopped,
        }
    }
}

/// Tests around the target, in some order.
struct Arrangement {
    how: String,
    request: Request,
}

/// What one run showed.
#[derive(Default)]
struct Seen {
    runs: u32,
    failures: u32,
    first: Option<Failure>,
    /// Which execution failed first, from 0.
    at: Option<usize>,
    is_cut_short: bool,
}

impl Seen {
    fn add(&mut self, other: Seen) {
        self.runs += other.runs;
        self.failures += other.failures;
        self.first = self.first.take().or(other.first);
        self.is_cut_short |= other.is_cut_short;
    }

    /// Says how by the number of the execution.
    fn numbered(mut self) -> Seen {
        if let (Some(failure), Some(at)) = (&mut self.first, self.at) {
            failure.how = format!("time {} in one process", at + 1);
        }
        self
    }
}

/// Does something while every core has more to do than it can.
fn busy<T>(work: impl FnOnce() -> T) -> T {
    let is_over = AtomicBool::new(false);
    let cores = thread::available_parallelism().map_or(2, usize::from);
    thread::scope(|scope| {
        for _ in 0..2 * cores {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        let done = work();
        is_over.store(true, Ordering::Relaxed);
        done
    })
}

/// A word as a shell takes it back.
pub(crate) fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-:+=,@%".contains(c);
    if word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_without_parameters_stands_for_all_of_its_sets() {
        let target = Target::new("tests/test_a.py::TestA::test_b".to_owned());
        assert_eq!(target.file(), "tests/test_a.py");
        for (id, is_it) in [("", true), ("[x-1]", true), ("_more", false), ("::deeper", false)] {
            assert_eq!(target.is(&format!("{}{id}", target.id())), is_it, "{id}");
        }
    }

    #[test]
    fn words_are_quoted_for_a_shell() {
        assert_eq!(quoted("tests/test_a.py::test_b"), "tests/test_a.py::test_b");
        assert_eq!(quoted("test_a.py::test_b[it's]"), r"'test_a.py::test_b[it'\''s]'");
    }
}
