//! See `dtao_fuzz::shares`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| dtao_fuzz::shares::check(bytes));
