//! The real binary, driven over its stdin and stdout as an editor does it.
//!
//! What `tower_lsp::Server` gets wrong, each with the test that ours does not (`transport` is a module of the binary):
//!
//! 1. handlers keep their order: `transport::handlers_begin_in_order_while_many_are_pending`, [`ordering`]
//! 2. many pending requests hold up no cancellation: `transport::a_request_can_be_cancelled_behind_many_that_are_pending`
//! 3. no handler waits for the client: [`ordering::a_client_that_never_answers_is_served`],
//!    `transport::a_handler_that_waits_for_a_client_that_never_answers_holds_nothing_up`
//! 4. work stalls neither input nor output: [`ordering::while_the_session_works_the_rest_is_answered`]
//! 5. `exit` ends the server: [`lifecycle`]
//! 6. a panic costs one answer: `transport::a_panic_is_answered_and_logged_and_the_session_lives_on`
//! 7. no work for a request that was cancelled: `event::no_work_is_done_for_a_request_that_was_cancelled`,
//!    [`ordering::a_cancelled_request_is_answered_once`]
//! 8. the newest set of a document replaces the one that waits: `outbox::of_a_document_only_the_newest_set_waits`
//! 9. a frame that does not decode is answered: [`frames`]
//! 10. clients differ: [`editors`], [`encodings`], [`hints::uris_come_back_as_they_were_sent`], [`disk`]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on must fail")]
#![allow(clippy::print_stderr, reason = "a test that was not made says so")]
#![allow(clippy::needless_pass_by_value, reason = "`json!` values are written where they are used")]

mod answers;
mod baseline;
mod client;
mod closed_files;
mod commands;
mod disk;
mod editors;
mod encodings;
mod folders;
mod frames;
mod hidden;
mod hints;
mod lifecycle;
mod log;
mod mistakes;
mod ordering;
mod progress;
mod project;
mod pull;
mod refusals;
#[cfg(unix)]
mod reproduce;
mod resolve;
#[cfg(target_os = "linux")]
mod rude;
mod same_as_check;
mod settings;
#[cfg(target_os = "linux")]
mod slow_disk;
mod together;
