//! Whether the client still lives. A client that is killed may leave the pipe open in a child of its own.

use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::oneshot;

const LOOK_EVERY: Duration = Duration::from_secs(3);

/// The client's process, seen alive.
#[derive(Debug)]
pub(crate) struct ClientProcess(PathBuf);

impl ClientProcess {
    /// `None` where the process cannot be seen: on systems without Linux's `/proc`, or from inside a container. There
    /// the end of the input has to be enough.
    pub(crate) fn seen(id: u64) -> Option<Self> {
        // On other systems a folder of that name says nothing of processes.
        if !cfg!(any(target_os = "linux", target_os = "android")) {
            return None;
        }
        let entry = PathBuf::from(format!("/proc/{id}"));
        entry.exists().then_some(ClientProcess(entry))
    }
}

/// Returns when the process that comes through `client` is gone; never when none comes.
pub(crate) async fn death(client: oneshot::Receiver<ClientProcess>) {
    let Ok(ClientProcess(entry)) = client.await else { return std::future::pending().await };
    while entry.exists() {
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
