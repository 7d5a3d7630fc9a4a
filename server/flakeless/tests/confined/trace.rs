//! What a program asks the system for, as `strace` hears it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a program did that a person who only looks at a project has not asked for; paths are behind all links.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Deeds {
    /// Files that were opened to be read, and folders that were listed, sorted, each once.
    pub(crate) read: Vec<PathBuf>,
    /// Calls that make, change or remove something.
    pub(crate) written: Vec<String>,
    /// Programs that were started besides the one that was asked for, and processes without one.
    pub(crate) started: Vec<String>,
    pub(crate) network: Vec<String>,
}

/// `strace`, to be followed by a program and its arguments; what it hears goes to `log`.
pub(crate) fn strace(log: &Path) -> Command {
    let mut command = Command::new("strace");
    command.args([
        "-f",
        "-y",
        "-qq",
        "-s",
        "4096",
        "-e",
        "signal=none",
        "-e",
        "trace=%file,%network,process,fchmod,fchown,ftruncate",
    ]);
    command.arg("-o").arg(log).stdin(Stdio::null());
    command
}

impl Deeds {
    pub(crate) fn heard(log: &Path) -> Deeds {
        let log = fs::read(log).unwrap();
        let log = String::from_utf8_lossy(&log);
        let mut deeds = Deeds::default();
        for line in whole_calls(&log) {
            deeds.add(&line);
        }
        // The program itself.
        assert!(!deeds.started.is_empty(), "nothing was heard: {log}");
        deeds.started.remove(0);
        deeds.read.sort();
        deeds.read.dedup();
        deeds
    }

    fn add(&mut self, call: &str) {
        let name = call.split('(').next().unwrap_or_default();
        let failed = call.contains(") = -1 ");
        match name {
            "execve" | "execveat" => self.started.push(call.to_owned()),
            "fork" | "vfork" => self.started.push(call.to_owned()),
            "clone" | "clone3" if !call.contains("CLONE_THREAD") => self.started.push(call.to_owned()),
            "socket" | "connect" | "bind" | "listen" | "accept" | "accept4" | "sendto" | "sendmsg"
            | "recvfrom" => {
                self.network.push(call.to_owned());
            }
            "open" | "openat" | "openat2" | "creat" => {
                if ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"].iter().any(|flag| call.contains(flag))
                    || name == "creat"
                {
                    self.written.push(call.to_owned());
                } else if !failed {
                    self.read.extend(opened(call));
                }
            }
            // The forms with `at` and with numbers begin with these.
            _ if [
                "mkdir",
                "mknod",
                "rename",
                "unlink",
                "rmdir",
                "link",
                "symlink",
                "chmod",
                "chown",
                "lchown",
                "fchown",
                "fchmod",
                "truncate",
                "ftruncate",
                "utime",
                "setxattr",
                "mount",
            ]
            .iter()
            .any(|writing| name.starts_with(writing)) =>
            {
                self.written.push(call.to_owned());
            }
            _ => {}
        }
    }
}

/// The path behind the descriptor that a call gave: `… = 3</path>`.
fn opened(call: &str) -> Option<PathBuf> {
    let (_, given) = call.rsplit_once(" = ")?;
    let (_, path) = given.split_once('<')?;
    Some(PathBuf::from(path.strip_suffix('>')?))
}

/// The calls in the order of their ends, without process ids, put together where another thread came in between.
fn whole_calls(log: &str) -> Vec<String> {
    let mut begun: Vec<(String, String)> = Vec::new();
    let mut calls = Vec::new();
    for line in log.lines() {
        let (process, call) = line.split_once(' ').unwrap_or(("", line));
        let call = call.trim_start();
        if let Some(start) = call.strip_suffix(" <unfinished ...>") {
            begun.push((process.to_owned(), start.to_owned()));
        } else if call.starts_with("<... ") {
            let rest = call.split_once("resumed>").map_or("", |(_, rest)| rest);
            let at = begun.iter().position(|(known, _)| known == process);
            calls.extend(at.map(|at| format!("{}{rest}", begun.remove(at).1)));
        } else {
            calls.push(call.to_owned());
        }
    }
    calls
}
