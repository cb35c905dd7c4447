//! See `dtao_fuzz::calls`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| dtao_fuzz::calls::check(bytes));
