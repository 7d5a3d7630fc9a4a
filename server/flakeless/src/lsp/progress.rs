//! Work-done progress (LSP 3.17, "Work Done Progress"): long work that a person sees and can stop.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;
use tower_lsp::lsp_types::{
    NumberOrString, ProgressParams, ProgressParamsValue, ProgressToken, WorkDoneProgress,
    WorkDoneProgressBegin, WorkDoneProgressEnd, WorkDoneProgressReport,
};

use super::transport::Wires;

/// One piece of long work, from its begin to its end.
pub(crate) struct Progress {
    wires: Wires,
    token: ProgressToken,
    stage: Arc<Mutex<Stage>>,
    /// The last percentage that was told.
    told: u32,
}

/// What the client knows of the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// It was asked for a token and has not agreed yet.
    Asked,
    Shown,
    /// It shows no progress, or the work is over.
    Silent,
}

impl Progress {
    /// Begins to show work of the server's own; nothing is shown before the client agrees. `number` tells apart what
    /// is shown at the same time.
    pub(crate) fn ask(wires: &Wires, number: u32, title: String) -> Progress {
        let token = NumberOrString::String(format!("flakeless/{number}"));
        let progress = Progress::new(wires, token.clone(), Stage::Asked);
        let (stage, outbox) = (progress.stage.clone(), wires.clone());
        let params = json!({"token": token});
        wires.requests.ask(&wires.outbox, "window/workDoneProgress/create", params, move |agreed| {
            let mut stage = stage.lock().unwrap_or_else(PoisonError::into_inner);
            if *stage != Stage::Asked {
                return;
            }
            *stage = Stage::Silent;
            if agreed.is_ok() {
                *stage = Stage::Shown;
                send(&outbox, &token, begin(&title));
            }
        });
        progress
    }

    /// Shows work that the client asked for with a token of its own.
    pub(crate) fn given(wires: &Wires, token: ProgressToken, title: &str) -> Progress {
        send(wires, &token, begin(title));
        Progress::new(wires, token, Stage::Shown)
    }

    /// Work that is not shown.
    pub(crate) fn silent(wires: &Wires) -> Progress {
        Progress::new(wires, NumberOrString::Number(0), Stage::Silent)
    }

    fn new(wires: &Wires, token: ProgressToken, stage: Stage) -> Progress {
        Progress { wires: wires.clone(), token, stage: Arc::new(Mutex::new(stage)), told: 0 }
    }

    /// Whether the client speaks of this work.
    pub(crate) fn is(&self, token: &ProgressToken) -> bool {
        self.token == *token && self.stage() != Stage::Silent
    }

    pub(crate) fn report(&mut self, done: usize, total: usize) {
        let percentage = (done * 100 / total.max(1)) as u32;
        if percentage == self.told {
            return;
        }
        self.tell(format!("{done} of {total} files"), percentage);
    }

    /// What is being done, and how much of it is.
    pub(crate) fn tell(&mut self, message: String, percentage: u32) {
        if self.stage() != Stage::Shown {
            return;
        }
        self.told = percentage;
        let (cancellable, message, percentage) = (Some(true), Some(message), Some(percentage));
        let report = WorkDoneProgressReport { cancellable, message, percentage };
        send(&self.wires, &self.token, WorkDoneProgress::Report(report));
    }

    pub(crate) fn end(&self, message: Option<String>) {
        let mut stage = self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        if *stage == Stage::Shown {
            send(&self.wires, &self.token, WorkDoneProgress::End(WorkDoneProgressEnd { message }));
        }
        *stage = Stage::Silent;
    }

    fn stage(&self) -> Stage {
        *self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is begun must be ended, or the client shows it for ever.
impl Drop for Progress {
    fn drop(&mut self) {
        self.end(None);
    }
}

fn begin(title: &str) -> WorkDoneProgress {
    WorkDoneProgress::Begin(WorkDoneProgressBegin {
        title: title.to_owned(),
        cancellable: Some(true),
        message: None,
        percentage: Some(0),
    })
}

fn send(wires: &Wires, token: &ProgressToken, value: WorkDoneProgress) {
    let value = ProgressParamsValue::WorkDone(value);
    wires.outbox.notify("$/progress", ProgressParams { token: token.clone(), value });
}
