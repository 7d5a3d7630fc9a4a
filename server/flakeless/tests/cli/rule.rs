//! `rule` shows pages and the list.

use crate::project::Project;

#[test]
fn a_page_is_plain_markdown() {
    let run = Project::new(&[]).run(&["rule", "unisolated-file"]).ends_with(0);
    assert!(run.out.starts_with("# "), "{}", run.out);
    run.says("\n```python").never_says("\u{1b}");
}

#[test]
fn the_list_names_every_rule_under_its_cause() {
    let run = Project::new(&[]).run(&["rule"]).ends_with(0);
    let run = run.says("\n  unisolated-file ").says("\n  unstable-parametrize ");
    let causes: Vec<&str> =
        run.out.lines().filter(|line| !line.is_empty() && !line.starts_with(' ')).collect();
    let mut once = causes.clone();
    once.dedup();
    assert_eq!(causes, once);
    assert!(causes.len() > 1, "{causes:?}");
}

#[test]
fn an_unknown_name_is_two() {
    let project = Project::new(&[]);
    project.run(&["rule", "unisolated-fil"]).ends_with(2).warns("did you mean `unisolated-file`?");
    project.run(&["rule", "x"]).ends_with(2).warns("`flakeless rule` lists them");
}
