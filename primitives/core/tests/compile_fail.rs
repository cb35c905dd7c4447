//! What must not compile.

#[test]
fn tao_and_alpha_do_not_mix() {
	trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
