//! What must hold for any bytes that a client says or that stand where something was kept: each function panics where it does
//! not. `server/fuzz` looks for bytes for which it does not; the tests below go over those that it found.

mod client;
mod script;

pub use client::{client_bytes, client_messages};

/// Any bytes as a baseline, and as what an earlier run kept.
pub fn kept(bytes: &[u8]) {
    crate::baseline::holds(bytes);
    crate::cache::holds(bytes);
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    fn each(target: &str, hold: fn(&[u8])) {
        let repository = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
        let folders =
            ["server/fuzz/seeds", "testdata/corpus/fuzz"].map(|folder| repository.join(folder).join(target));
        let files = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten();
        let mut count = 0;
        for path in files.map(|entry| entry.unwrap().path()) {
            eprintln!("{}", path.display());
            hold(&fs::read(path).unwrap());
            count += 1;
        }
        assert!(count > 0, "{target} has no inputs");
    }

    #[test]
    fn any_bytes_of_a_client() {
        each("client_bytes", super::client_bytes);
    }

    #[test]
    fn any_messages_of_a_client() {
        each("client_messages", super::client_messages);
    }

    #[test]
    fn anything_where_something_was_kept() {
        each("kept", super::kept);
    }
}
