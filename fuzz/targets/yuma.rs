//! See `dtao_fuzz::yuma`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| dtao_fuzz::yuma::check(bytes));
