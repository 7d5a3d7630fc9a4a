//! Whether the calls of a program can be traced here.

use std::process::Command;

/// Where every test is to be run (RUN_EVERY_TEST is set), `strace` must be there and work; else it is said that a test is
/// passed over.
#[expect(clippy::print_stderr, reason = "who runs the tests should know of those that were not")]
pub fn can_trace() -> bool {
    let works = Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).status();
    let works = works.is_ok_and(|status| status.success());
    assert!(
        works || std::env::var_os("RUN_EVERY_TEST").is_none(),
        "strace is missing or may not trace: apt-get install strace"
    );
    if !works {
        eprintln!("not tested: strace is missing or may not trace");
    }
    works
}
