//! What git knows about changed files. It is asked read-only, by argument vector, and without the hooks, pager and monitor that
//! a repository's configuration could make it run.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;

/// The files below `folder` that are not as they were where HEAD left `reference`, with their texts there; `None` for those
/// that were not there. Files that `is_wanted` does not want are passed over; `given` is among them in any case.
pub(super) fn changed(
    folder: &Path,
    reference: &str,
    given: Option<&Path>,
    is_wanted: &dyn Fn(&Path) -> bool,
) -> Result<BTreeMap<PathBuf, Option<String>>, String> {
    let git = Git { folder };
    let base = git.base(reference)?;
    let raw = ["diff", "--raw", "-z", "--no-abbrev", "--relative", "--find-renames", "--no-ext-diff"];
    let raw = git.said(&[&raw[..], &["--no-textconv", "--ignore-submodules", &base, "--"]].concat())?;
    let new = git.said(&["ls-files", "-z", "--others", "--exclude-standard"])?;
    let mut blobs: BTreeMap<PathBuf, Option<String>> =
        entries(&raw).into_iter().filter(|(path, _)| is_wanted(path)).collect();
    if let Some(given) = given.and_then(|given| given.strip_prefix(folder).ok())
        && !blobs.contains_key(given)
    {
        blobs.insert(given.to_owned(), git.blob(&base, given)?);
    }
    let ids: BTreeSet<&str> = blobs.values().filter_map(Option::as_deref).collect();
    let texts = git.texts(&ids)?;
    let before = |blob: Option<String>| blob.and_then(|id| texts.get(&id).cloned());
    let mut changed: BTreeMap<PathBuf, Option<String>> =
        blobs.into_iter().map(|(path, blob)| (folder.join(path), before(blob))).collect();
    let new = new.split(|byte| *byte == 0).filter(|name| !name.is_empty()).map(path);
    changed.extend(new.filter(|path| is_wanted(path)).map(|path| (folder.join(path), None)));
    Ok(changed)
}

struct Git<'a> {
    folder: &'a Path,
}

impl Git<'_> {
    /// Where HEAD left `reference`: what happened there since is none of this branch's changes.
    fn base(&self, reference: &str) -> Result<String, String> {
        self.said(&["rev-parse", "--git-dir"])?;
        let commit = format!("{reference}^{{commit}}");
        let commit = self
            .said(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])
            .map_err(|_| "git knows no such commit here".to_owned())?;
        let commit = String::from_utf8_lossy(&commit).trim().to_owned();
        let base = self.said(&["merge-base", &commit, "HEAD"]).map_err(|_| {
            "git finds no commit that it and HEAD have in common. A shallow clone lacks it: fetch more of the history"
                .to_owned()
        })?;
        Ok(String::from_utf8_lossy(&base).trim().to_owned())
    }

    /// The id of a file in a commit.
    fn blob(&self, commit: &str, file: &Path) -> Result<Option<String>, String> {
        let output = self.command(&["ls-tree", commit, "--"]).arg(file).stdin(Stdio::null()).output();
        let entry = answer(output)?;
        Ok(String::from_utf8_lossy(&entry).split_ascii_whitespace().nth(2).map(str::to_owned))
    }

    /// The texts of blobs by their ids; bytes that are no UTF-8 are replaced.
    fn texts(&self, ids: &BTreeSet<&str>) -> Result<BTreeMap<String, String>, String> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut child = self
            .command(&["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| cannot_run(&error))?;
        let stdin = child.stdin.take();
        let output = thread::scope(|scope| {
            // Answers may fill the pipe before all was asked. Git that went away shows in its exit code.
            scope.spawn(move || stdin.map(|mut stdin| ids.iter().try_for_each(|id| writeln!(stdin, "{id}"))));
            child.wait_with_output()
        });
        Ok(batch(&answer(output)?))
    }

    fn said(&self, arguments: &[&str]) -> Result<Vec<u8>, String> {
        answer(self.command(arguments).stdin(Stdio::null()).output())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.args(["--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"]);
        command.args(arguments);
        command.current_dir(self.folder).env("GIT_OPTIONAL_LOCKS", "0");
        command
    }
}

fn answer(output: std::io::Result<Output>) -> Result<Vec<u8>, String> {
    let output = output.map_err(|error| cannot_run(&error))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let words = String::from_utf8_lossy(&output.stderr);
    Err(format!("git says: {}", words.trim().lines().next().unwrap_or("nothing")))
}

fn cannot_run(error: &std::io::Error) -> String {
    format!("git cannot be run: {error}")
}

/// The files of `git diff --raw -z`, each with the id that it had: `:mode mode id id status`, a path, and after a rename
/// the path that it has now.
fn entries(raw: &[u8]) -> Vec<(PathBuf, Option<String>)> {
    let mut parts = raw.split(|byte| *byte == 0);
    let mut entries = Vec::new();
    while let (Some(head), Some(name)) = (parts.next(), parts.next()) {
        let head = String::from_utf8_lossy(head);
        let mut words = head.split(' ').skip(2);
        let (Some(id), Some(status)) = (words.next(), words.nth(1)) else { break };
        let name = if status.starts_with('R') { parts.next().unwrap_or(name) } else { name };
        let was_there = id.bytes().any(|digit| digit != b'0');
        if !status.starts_with('D') {
            entries.push((path(name), was_there.then(|| id.to_owned())));
        }
    }
    entries
}

/// The answers of `git cat-file --batch`: `id type size`, the bytes, and a line end.
fn batch(mut rest: &[u8]) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let head = String::from_utf8_lossy(&rest[..end]).into_owned();
        rest = &rest[end + 1..];
        let mut words = head.split(' ');
        let (Some(id), Some(size)) = (words.next(), words.nth(1)) else { continue };
        let Some(bytes) = size.parse().ok().and_then(|size: usize| rest.get(..size)) else { break };
        texts.insert(id.to_owned(), String::from_utf8_lossy(bytes).into_owned());
        rest = rest.get(bytes.len() + 1..).unwrap_or_default();
    }
    texts
}

#[cfg(unix)]
fn path(name: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    PathBuf::from(std::ffi::OsStr::from_bytes(name))
}

#[cfg(not(unix))]
fn path(name: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(name).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_files_are_read_with_what_they_were() {
        let [old, new, none] = ["1", "2", "0"].map(|digit| digit.repeat(40));
        let raw = format!(
            ":100644 100644 {old} {new} M\0a b.py\0:000000 100644 {none} {new} A\0new.py\0:100644 000000 {old} {none} D\0gone.py\0\
             :100644 100644 {old} {new} R087\0was.py\0is.py\0:100644 100644 {old} {none} M\0z\n.py\0"
        );
        let found = entries(raw.as_bytes());
        let found: Vec<(&str, bool)> =
            found.iter().map(|(path, id)| (path.to_str().unwrap(), id.as_ref() == Some(&old))).collect();
        assert_eq!(found, [("a b.py", true), ("new.py", false), ("is.py", true), ("z\n.py", true)]);
        assert_eq!(entries(b""), []);
    }

    #[test]
    fn texts_are_cut_by_their_size() {
        let texts = batch(b"aa blob 4\nx\n\ny\nbb missing\ncc blob 0\n\n");
        let texts: Vec<(&str, &str)> = texts.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
        assert_eq!(texts, [("aa", "x\n\ny"), ("cc", "")]);
    }
}
