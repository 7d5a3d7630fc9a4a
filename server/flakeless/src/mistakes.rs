//! What is said of a mistake of ours, a panic. It costs an answer, never the process.

use std::collections::BTreeSet;
use std::env;
use std::panic::{self, PanicHookInfo};
use std::sync::{Mutex, PoisonError};

/// A mistake may have other words for each text; after so many nothing new is learnt.
const MOST: usize = 100;

/// Has `say` tell each mistake once, in one line, as often as it may be met. Who asks for backtraces gets those too.
pub(crate) fn tell(say: impl Fn(&str) + Send + Sync + 'static) {
    let told: Mutex<BTreeSet<String>> = Mutex::default();
    let with_trace = env::var_os("RUST_BACKTRACE").filter(|wanted| wanted != "0").map(|_| panic::take_hook());
    panic::set_hook(Box::new(move |info| {
        if let Some(hook) = &with_trace {
            hook(info);
        }
        let line = words(info);
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        let is_news = told.len() < MOST && told.insert(line.clone());
        drop(told);
        if is_news {
            say(&line);
        }
    }));
}

fn words(info: &PanicHookInfo<'_>) -> String {
    let what = info.payload_as_str().unwrap_or("a panic without words");
    let place = info.location().map(|at| format!(" ({}:{})", at.file(), at.line())).unwrap_or_default();
    format!("a mistake in flakeless: {what}{place}. Please report it.")
}
