//! What must hold for any bytes that a client says or that stand where something was kept: each function panics where it does
//! not. `server/fuzz` looks for bytes for which it does not; the tests below go over those that it found.

mod client;
mod script;

pub use client::{client_bytes, client_messages};

/// Any bytes as a baseline, and as what an earlier run kept.
pub fn kept(bytes: &[u8]) {
    crate::baseline::holds(bytes);
    crate::cache::holds(bytes);
    crate::reproduce::kept::holds(bytes);
}

#[cfg(test)]
mod tests {
    use testkit::hold::each_input as each;

    #[test]
    fn any_bytes_of_a_client() {
        each(&["client_bytes"], super::client_bytes);
    }

    #[test]
    fn any_messages_of_a_client() {
        each(&["client_messages"], super::client_messages);
    }

    #[test]
    fn anything_where_something_was_kept() {
        each(&["kept"], super::kept);
    }
}
