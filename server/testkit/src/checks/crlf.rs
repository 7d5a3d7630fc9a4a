//! With `\r\n` the same hints stand on the same lines and columns, and fixes keep the line endings.

use analysis::fix::Fix;

use super::{Fault, Found, Reading, Run, describe};
use crate::apply;
use crate::files::to_crlf;

pub(super) fn check(run: &Run<'_>) -> Vec<Fault> {
    let crlf = run.read(run.before.files.with_crlf());
    if crlf.files == run.before.files {
        return Vec::new();
    }
    let (before, after) = (said(&run.before), said(&crlf));
    if before != after {
        let gone =
            before.iter().filter(|line| !after.contains(line)).map(|line| format!("\n  only \\n: {line}"));
        let come =
            after.iter().filter(|line| !before.contains(line)).map(|line| format!("\n  only \\r\\n: {line}"));
        let lines: String = gone.chain(come).collect();
        return vec![run.fault_of_case(format!("the hints differ with \\r\\n:{lines}"))];
    }
    let pairs = run.before.found.iter().zip(&crlf.found);
    let pairs = pairs.filter(|(found, _)| run.case.counts(found.hint.rule));
    pairs.filter_map(|(found, twin)| Some(run.fault(found, fixes(run, &crlf, found, twin)?))).collect()
}

fn said(reading: &Reading) -> Vec<String> {
    reading.found.iter().map(|found| describe(&reading.files, found)).collect()
}

fn fixes(run: &Run<'_>, crlf: &Reading, found: &Found, twin: &Found) -> Option<String> {
    let fixes = run.before.engine.fixes(&found.path, &found.hint);
    let twins = crlf.engine.fixes(&twin.path, &twin.hint);
    let titles = |fixes: &[Fix]| fixes.iter().map(|fix| fix.title.clone()).collect::<Vec<_>>();
    if titles(&fixes) != titles(&twins) {
        return Some(format!("its fixes differ with \\r\\n: {:?}, {:?}", titles(&fixes), titles(&twins)));
    }
    fixes.iter().zip(&twins).find_map(|(fix, twin)| {
        let (after, twin) =
            (apply::apply(&run.before.files, &fix.edits).ok()?, apply::apply(&crlf.files, &twin.edits).ok()?);
        let old = after.paths().filter(|path| run.before.files.bytes(path).is_some());
        let mut texts = old.filter_map(|path| Some((after.text(path)?, twin.text(path)?)));
        let wrong = texts.find(|(text, twin)| to_crlf(text) != *twin)?.1;
        let shown: String = wrong.split_inclusive('\n').map(|line| format!("  {line:?}\n")).collect();
        Some(format!("\"{}\" does not do the same with \\r\\n:\n{shown}", fix.title))
    })
}
