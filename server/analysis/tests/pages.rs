//! Every block on every rule's page is a test. What is checked: `testkit::checks`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let pages = testkit::repository().join("server/analysis/src/rules");
    testkit::run(testkit::page_trials(&pages, testkit::analysed))
}
