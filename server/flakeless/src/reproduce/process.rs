//! One child process and all that it starts: bounded in time and in what is kept of its output, and gone when we are told to
//! stop.

use std::io::{self, Read};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use process_wrap::std::{ChildWrapper, CommandWrap};

/// What is kept of the end of a process's output, in bytes.
const KEPT: usize = 64 << 10;

const GLANCE: Duration = Duration::from_millis(10);

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// With this code; `None` when a signal killed it.
    Exited(Option<i32>),
    TimedOut,
    /// We were told to stop, or the time for all runs was over.
    Stopped,
}

/// What ends a process before it ends by itself.
#[derive(Clone, Copy)]
pub(crate) struct Bounds<'a> {
    /// After which it is taken for hanging.
    pub(crate) timeout: Duration,
    /// When the time for all runs is over.
    pub(crate) until: Option<Instant>,
    pub(crate) stop: &'a AtomicBool,
}

impl Bounds<'_> {
    pub(crate) fn are_reached(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.until.is_some_and(|until| Instant::now() >= until)
    }
}

/// Runs the command in a process group of its own, so that whatever it leaves behind ends with it. Gives how it ended and
/// the end of what it wrote to standard output and error.
pub(crate) fn run(command: Command, bounds: Bounds<'_>) -> io::Result<(End, String)> {
    let mut command = CommandWrap::from(command);
    #[cfg(unix)]
    command.wrap(process_wrap::std::ProcessGroup::leader());
    #[cfg(windows)]
    command.wrap(process_wrap::std::JobObject);
    command.command_mut().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let tail = Arc::new(Mutex::new(Vec::new()));
    let readers: Vec<_> = [
        child.stdout().take().map(|pipe| Box::new(pipe) as Box<dyn Read + Send>),
        child.stderr().take().map(|pipe| Box::new(pipe) as Box<dyn Read + Send>),
    ]
    .into_iter()
    .flatten()
    .map(|pipe| {
        let tail = tail.clone();
        thread::spawn(move || keep_tail(pipe, &tail))
    })
    .collect();
    let end = wait(child.as_mut(), bounds)?;
    // What it started may hold the pipes open; nothing of it is to be left.
    let _ = child.start_kill();
    readers.into_iter().for_each(|reader| drop(reader.join()));
    let tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
    Ok((end, String::from_utf8_lossy(&tail).into_owned()))
}

fn wait(child: &mut dyn ChildWrapper, bounds: Bounds<'_>) -> io::Result<End> {
    let hangs_at = Instant::now() + bounds.timeout;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(End::Exited(status.code()));
        }
        let end = match () {
            () if bounds.are_reached() => End::Stopped,
            () if Instant::now() > hangs_at => End::TimedOut,
            () => {
                thread::sleep(GLANCE);
                continue;
            }
        };
        child.kill()?;
        return Ok(end);
    }
}

fn keep_tail(mut pipe: impl Read, tail: &Mutex<Vec<u8>>) {
    let mut buffer = [0; 8 << 10];
    while let Ok(count @ 1..) = pipe.read(&mut buffer) {
        let mut tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
        tail.extend_from_slice(&buffer[..count]);
        if tail.len() > 2 * KEPT {
            let surplus = tail.len() - KEPT;
            tail.drain(..surplus);
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    fn seconds(timeout: f32, stop: &AtomicBool) -> Bounds<'_> {
        Bounds { timeout: Duration::from_secs_f32(timeout), until: None, stop }
    }

    #[test]
    fn tells_how_it_ended_and_what_it_said_last() {
        let stop = AtomicBool::new(false);
        let (end, output) = run(shell("echo out; echo err >&2; exit 3"), seconds(60.0, &stop)).unwrap();
        assert_eq!(end, End::Exited(Some(3)));
        assert!(output.contains("out") && output.contains("err"));
        let (end, output) = run(shell("yes | head -c 9000000; echo last"), seconds(60.0, &stop)).unwrap();
        assert_eq!(end, End::Exited(Some(0)));
        assert!(output.len() <= 2 * KEPT && output.ends_with("last\n"));
    }

    #[test]
    fn what_hangs_is_killed_with_all_that_it_started() {
        let stop = AtomicBool::new(false);
        let (end, output) = run(shell("sleep 600 & echo $!; sleep 600"), seconds(0.3, &stop)).unwrap();
        assert_eq!(end, End::TimedOut);
        let grandchild = output.trim();
        // What nobody has waited for yet is listed as `Z`. The signal may take a moment.
        let is_alive = || {
            let listed = shell(&format!("ps -o stat= -p {grandchild}")).output().unwrap().stdout;
            listed.first().is_some_and(|state| *state != b'Z')
        };
        let is_gone = (0..500).any(|_| {
            thread::sleep(GLANCE);
            !is_alive()
        });
        assert!(is_gone, "process {grandchild} lives on");
    }

    #[test]
    fn ends_when_told_to_stop_and_when_all_time_is_over() {
        let stop = AtomicBool::new(true);
        let (end, _) = run(shell("sleep 600"), seconds(60.0, &stop)).unwrap();
        assert_eq!(end, End::Stopped);
        let stop = AtomicBool::new(false);
        let until = Some(Instant::now() + Duration::from_millis(300));
        let (end, _) = run(shell("sleep 600"), Bounds { until, ..seconds(60.0, &stop) }).unwrap();
        assert_eq!(end, End::Stopped);
    }
}
