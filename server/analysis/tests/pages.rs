//! Every block on every rule's and action's page is a test. What is checked: `testkit::checks`.

use std::process::ExitCode;

use testkit::Form;

fn main() -> ExitCode {
    let folder = |name: &str| testkit::repository().join("server/analysis/src").join(name);
    let mut trials = testkit::page_trials(Form::Rule, &folder("rules"), testkit::analysed);
    trials.extend(testkit::page_trials(Form::Action, &folder("actions"), testkit::analysed));
    testkit::run(trials)
}
