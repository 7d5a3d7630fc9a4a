#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| flakeless::hold::client_bytes(bytes));
