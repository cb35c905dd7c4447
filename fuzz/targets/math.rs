//! See `dtao_fuzz::math`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| dtao_fuzz::math::check(bytes));
