//! The thread that runs pytest for a person, one experiment at a time. What it starts ends with it, and it ends with the server.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::event::Event;
use super::front::panic_text;
use crate::reproduce::axis::Axis;
use crate::reproduce::experiment::{Experiment, Shown};

/// What the session hears of an experiment.
pub(crate) enum News {
    /// One of its runs begins: so many of so many are done on this axis.
    Run(Axis, u32, u32),
    /// It is over; or why there was nothing to see.
    Over(Result<Shown, String>),
}

/// A handle to what runs; clones share it.
#[derive(Clone, Default)]
pub(crate) struct Bench(Arc<Mutex<Place>>);

#[derive(Default)]
struct Place {
    running: Option<Running>,
    /// The server ends: nothing is started any more.
    is_closed: bool,
}

struct Running {
    stop: Arc<AtomicBool>,
    /// Disconnected when the thread is done.
    done: Receiver<()>,
}

impl Bench {
    /// Starts an experiment; the session hears of it. The one before must be over.
    ///
    /// # Errors
    /// When the server ends, or the system gives no thread.
    pub(crate) fn start(&self, experiment: Experiment, session: Sender<Event>) -> io::Result<()> {
        let mut place = self.place();
        if place.is_closed {
            return Err(io::Error::other("the server ends"));
        }
        let stop = Arc::new(AtomicBool::new(false));
        let (working, done) = mpsc::channel();
        let told = stop.clone();
        thread::Builder::new().name("experiment".to_owned()).spawn(move || {
            let _working: Sender<()> = working;
            // A session that is gone needs no news.
            let tell = |news| drop(session.send(Event::Experiment(news)));
            let run = || experiment.run(&told, &|axis, done, of| tell(News::Run(axis, done, of)));
            let shown = catch_unwind(AssertUnwindSafe(run));
            tell(News::Over(shown.unwrap_or_else(|panic| {
                Err(format!("flakeless stumbled: {}. Please report it.", panic_text(&*panic)))
            })));
        })?;
        place.running = Some(Running { stop, done });
        Ok(())
    }

    /// Has what runs end soon.
    pub(crate) fn stop(&self) {
        if let Some(running) = &self.place().running {
            running.stop.store(true, Ordering::Relaxed);
        }
    }

    /// Ends what runs, with all that it started, and waits for that, but no longer than `limit`.
    pub(crate) fn end(&self, limit: Duration) {
        let mut place = self.place();
        place.is_closed = true;
        let running = place.running.take();
        drop(place);
        if let Some(running) = running {
            running.stop.store(true, Ordering::Relaxed);
            let _ = running.done.recv_timeout(limit);
        }
    }

    fn place(&self) -> MutexGuard<'_, Place> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
