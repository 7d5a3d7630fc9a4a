//! A second opinion on whether results parse: one run of `python3` that compiles them all, when there is one.

use std::io::Write;
use std::process::{Command, Stdio};

/// Compiles every text that stands on its standard input, separated by NUL, and prints the numbers of those that fail.
const SCRIPT: &str = r#"
import sys, warnings
warnings.simplefilter("ignore")
for number, text in enumerate(sys.stdin.buffer.read().split(b"\0")):
    try:
        compile(text, "case", "exec")
    except Exception as error:
        print(number, " ".join(str(error).split()))
"#;

/// For each source the error, if it does not compile. `None` if no Python could be run.
pub(crate) fn compile_errors(sources: &[&str]) -> Option<Vec<Option<String>>> {
    let mut child = Command::new("python3")
        .args(["-I", "-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    child.stdin.take()?.write_all(sources.join("\0").as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    if !output.status.success() {
        return None;
    }
    let mut errors = vec![None; sources.len()];
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let (number, error) = line.split_once(' ')?;
        *errors.get_mut(number.parse::<usize>().ok()?)? = Some(error.to_owned());
    }
    Some(errors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_told_apart() {
        let Some(errors) = compile_errors(&["x = 1\n", "x = (\n", "é = 'a'\n"]) else { return };
        assert_eq!(errors.iter().map(Option::is_some).collect::<Vec<_>>(), [false, true, false]);
    }
}
