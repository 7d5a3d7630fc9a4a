//! What `check` was asked to look at.

use std::collections::BTreeSet;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use analysis::config_text::value::{Kind, Member, Value};
use analysis::settings::{Layer, Origin, Overrides};
use analysis::text::TextRange;
use analysis::workspace::known_rules;

use super::{Arguments, Failure};
use crate::answers::Answers;
use crate::cli::baseline::Mode;
use crate::cli::problems::Warnings;
use crate::cli::since::Since;
use crate::discover::{self, Discovery, Force, Named};
use crate::disk::Disk;
use crate::place::Base;
use crate::write;

/// Where the text to report on comes from.
#[derive(Clone, Debug)]
pub(super) enum Input {
    Disk,
    /// Standard input, as the text of the file at `path`.
    Text {
        path: PathBuf,
        text: String,
    },
}

pub(super) struct Request {
    pub(super) base: Base,
    pub(super) discovery: Discovery,
    pub(super) input: Input,
    pub(super) flags: Overrides,
    force: Force,
}

impl Request {
    pub(super) fn read(arguments: &Arguments) -> Result<Request, Failure> {
        refuse_at_odds(arguments)?;
        let folder = discover::current_folder()?;
        let flags = Overrides::from(layer(arguments, &folder));
        let base = Base::new(folder);
        let force = if arguments.force_exclude { Force::Exclude } else { Force::Check };
        let (discovery, input) = match &arguments.stdin_filename {
            None => (on_disk(&arguments.paths, force, &flags, &base)?, Input::Disk),
            Some(name) => {
                let path = discover::absolute(name)?;
                let discovery =
                    discover::around(&path, force, &flags).map_err(|missing| not_found(&missing, &base))?;
                (discovery, Input::Text { path, text: standard_input()? })
            }
        };
        Ok(Request { base, discovery, input, flags, force })
    }

    /// The files to report on, sorted: test files in the named folders and the configuration that pytest obeys there, and
    /// every named file.
    pub(super) fn files(
        &self,
        answers: &dyn Answers,
        warnings: &mut Warnings,
    ) -> Result<Vec<PathBuf>, Failure> {
        let left_out_by_force = self.force == Force::Exclude && self.discovery.named.is_empty();
        if !self.discovery.has_files() && !left_out_by_force {
            return Err("no Python files under the given paths".into());
        }
        let collected = answers.test_files();
        let mut files: Vec<PathBuf> =
            self.discovery.named.iter().flat_map(|named| self.chosen(named, &collected, answers)).collect();
        if files.is_empty() {
            warnings.say("no test files under the given paths");
        }
        let is_named =
            |path: &PathBuf| self.discovery.named.iter().any(|named| path.starts_with(named.path()));
        files.extend(answers.configuration_files().into_iter().filter(is_named));
        files.sort();
        files.dedup();
        Ok(files)
    }

    /// A named file itself; of a named folder what pytest collects there. Where `testpaths` or `norecursedirs`
    /// keep pytest out of a folder, naming it brings it in, as it does for pytest.
    fn chosen(&self, named: &Named, collected: &[PathBuf], answers: &dyn Answers) -> Vec<PathBuf> {
        let Named::Folder(folder) = named else { return vec![named.path().to_owned()] };
        let below: Vec<PathBuf> = collected.iter().filter(|file| file.starts_with(folder)).cloned().collect();
        if !below.is_empty() {
            return below;
        }
        let known = self.discovery.roots.iter().flat_map(|root| &root.files);
        known.filter(|file| file.starts_with(folder) && answers.looks_like_tests(file)).cloned().collect()
    }

    /// What changed since a commit, where a person asked for that.
    pub(super) fn since(&self, reference: Option<&str>) -> Result<Option<Since>, Failure> {
        let given = match &self.input {
            Input::Disk => None,
            Input::Text { path, .. } => Some(path.as_path()),
        };
        reference.map(|reference| Since::read(reference, &self.discovery.roots, given)).transpose()
    }

    /// What the flags say that decides about hints and fixes; the rest is a view on them.
    pub(super) fn deciding(arguments: &Arguments) -> Vec<&str> {
        let select = arguments.select.iter().copied();
        let ignore = arguments.ignore.iter().copied();
        ["--select"].into_iter().chain(select).chain(["--ignore"]).chain(ignore).collect()
    }

    pub(super) fn disk(&self) -> Disk {
        self.discovery.disk()
    }

    /// The folders where results of `reproduce` may be kept: pytest's rootdir is where a project begins, or above.
    pub(super) fn kept(&self, answers: &dyn Answers) -> BTreeSet<PathBuf> {
        let mut folders = BTreeSet::new();
        for home in answers.homes() {
            let Some(root) = self.root_of(&home) else { continue };
            folders
                .extend(home.ancestors().take_while(|folder| folder.starts_with(root)).map(Path::to_owned));
        }
        folders
    }

    pub(super) fn root_of(&self, path: &Path) -> Option<&Path> {
        self.discovery.roots.iter().map(|root| root.path.as_path()).find(|root| path.starts_with(root))
    }

    /// Whether a fix may rewrite `path`, which holds `text`.
    pub(super) fn permit(&self, path: &Path, text: Option<&str>) -> Result<(), String> {
        if let Input::Text { path: given, .. } = &self.input {
            return if path == given {
                Ok(())
            } else {
                Err("only the text on standard input is changed".to_owned())
            };
        }
        let root = self.root_of(path).ok_or("it is outside of the project")?;
        write::permit(path, root, text)
    }
}

/// A baseline is written about what stands on disk.
fn refuse_at_odds(arguments: &Arguments) -> Result<(), Failure> {
    let Some(mode @ (Mode::Write | Mode::Prune)) = arguments.baseline else { return Ok(()) };
    let word = if mode == Mode::Write { "write" } else { "prune" };
    let at_odds = [("--diff", arguments.diff), ("--stdin-filename", arguments.stdin_filename.is_some())];
    if mode == Mode::Write && arguments.since.is_some() {
        return Err("`--baseline=write` accepts all hints: it does not go with `--since`".into());
    }
    match at_odds.iter().find(|(_, is_given)| *is_given) {
        Some((flag, _)) => Err(format!("`--baseline={word}` does not go with `{flag}`").into()),
        None => Ok(()),
    }
}

fn on_disk(
    paths: &[PathBuf],
    force: Force,
    overrides: &Overrides,
    base: &Base,
) -> Result<Discovery, Failure> {
    let paths = paths.iter().map(|path| discover::absolute(path)).collect::<io::Result<Vec<_>>>()?;
    discover::discover(&paths, force, overrides).map_err(|missing| not_found(&missing, base))
}

fn not_found(missing: &discover::Missing, base: &Base) -> Failure {
    format!("{}: {}", base.shown(&missing.path), missing.why).into()
}

fn standard_input() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes)?;
    String::from_utf8(bytes).map_err(|_| "standard input is not UTF-8".into())
}

/// The flags as settings, which win over those in files. Their names and values were checked as they were read.
fn layer(arguments: &Arguments, folder: &Path) -> Layer {
    let value = |kind| Value::new(TextRange::default(), kind);
    let names = |names: &[&str]| {
        let texts = names.iter().map(|name| value(Kind::Text((*name).to_owned()))).collect();
        (!names.is_empty()).then_some(Kind::List(texts))
    };
    let said = [
        ("select", names(&arguments.select)),
        ("ignore", names(&arguments.ignore)),
        ("min-confidence", arguments.min_confidence.clone().map(Kind::Text)),
    ];
    let member = |(key, kind): (&str, Option<Kind>)| {
        Some(Member { key: key.to_owned(), key_range: TextRange::default(), value: value(kind?) })
    };
    let table = value(Kind::Table(said.into_iter().filter_map(member).collect()));
    Layer::from_values(Origin::Flags, folder, &table, &known_rules())
}
