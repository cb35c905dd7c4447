#!/usr/bin/env bash
# Every cargo call that the Makefile and CI make, so that the crates, the features and the
# environment of each are written down once.
#
# There are two feature sets, and all is compiled with the one profile `release`, so the SDK is
# compiled twice at most:
#
#   production  the node with its client and the WASM runtime in it
#   test        runtime-benchmarks and try-runtime, for all crates that need no client
#
# SKIP_WASM_BUILD: the runtime's build script runs again whenever this variable has changed since
# its last run, and without it builds the WASM. Cargo keeps one such run per feature set and per
# workspace wrapper. So a run that needs no WASM may set it only where it differs from the
# production build in one of the two: the tests do in the features; clippy and the documentation
# do in the wrapper, which for them is clippy. Nothing below lets the WASM be built again.

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source-path=SCRIPTDIR source=env.sh
. "$DTAO_ROOT/scripts/env.sh"
cd "$DTAO_ROOT"

# Crates that link the client (`sc-*`). All other members are tested natively, without it;
# scripts/check-sdk.sh holds them to that.
CLIENT_CRATES=(dtao-node dtao-weights dtao-bench-block)
TEST_FEATURES=runtime-benchmarks,try-runtime

# The node as it is built for use. The weight generator's dependencies are as many again, and no
# other crate's: `make weights` compiles it, CI does not.
NODE=(--release --locked -p dtao-node)
NATIVE=(--release --locked --workspace --features "$TEST_FEATURES")
for crate in "${CLIENT_CRATES[@]}"; do
	NATIVE+=(--exclude "$crate")
done

usage() {
	cat <<-TEXT
		usage: scripts/cargo.sh COMMAND [ARGUMENTS FOR CARGO]
		  build       the node, with the WASM runtime in it
		  test        tests and doc tests of the crates that need no client
		  fuzz        a target of fuzz/: fuzz TARGET [ARGUMENTS FOR CARGO]
		  bench       the native harness of benchmarks/, as the tests have its dependencies
		  lint        clippy on all but the weight generator, warnings denied
		  doc         the documentation of the same, warnings denied
		  fmt         rustfmt on everything (--check to only check)
		  tree        the dependencies of the crates that need no client
		  node-path   prints where \`build\` puts the node
	TEXT
}

# Ends the script if a rustup component is missing.
need_component() {
	"$1" --version >/dev/null 2>&1 || die "$1 is missing" "Run: rustup component add $2"
}

announce() {
	local done_before="$CARGO_TARGET_DIR/release/dtao-node"
	[[ ! -e "$done_before" ]] || return 0
	say "first build in $CARGO_TARGET_DIR"
	say "it compiles the polkadot-sdk (1 100 crates), Binaryen's wasm-opt, then the runtime to"
	say "WASM, twice, and links the node: 25 to 60 minutes on 2 cores. Later builds reuse it."
}

build() {
	announce
	cargo build "${NODE[@]}" "$@"
}

native_tests() { SKIP_WASM_BUILD=1 cargo test "${NATIVE[@]}" "$@"; }

bench() { SKIP_WASM_BUILD=1 cargo build "${NATIVE[@]}" --bin dtao-bench-native "$@"; }

# A target of fuzz/, with libFuzzer in it and the instructions of our crates counted. The SDK's stay
# as the tests have them, and nothing of it is compiled anew: what counts is a wrapper of ours.
fuzz() {
	local target="$1"
	shift
	SKIP_WASM_BUILD=1 RUSTC_WORKSPACE_WRAPPER="$DTAO_WRAPPERS/fuzz" \
		cargo test "${NATIVE[@]}" --features dtao-fuzz/libfuzzer --test "fuzz_$target" "$@"
}

# What `cargo clippy -- -D warnings` sets, but for the wrapper: see scripts/env.sh.
as_clippy() {
	need_component clippy-driver clippy
	SKIP_WASM_BUILD=1 RUSTC_WORKSPACE_WRAPPER="$DTAO_WRAPPERS/clippy" \
		CLIPPY_ARGS="-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__" "$@"
}

lint() {
	say "clippy, test features, all targets"
	as_clippy cargo check "${NATIVE[@]}" --all-targets "$@"
	say "clippy, production features, the node and the block harness, which has its dependencies"
	as_clippy cargo check "${NODE[@]}" -p dtao-bench-block "$@"
}

doc() {
	export RUSTDOCFLAGS="${RUSTDOCFLAGS:-} -D warnings"
	as_clippy cargo doc --no-deps "${NATIVE[@]}" "$@"
	as_clippy cargo doc --no-deps "${NODE[@]}" "$@"
	say "written to $CARGO_TARGET_DIR/doc"
}

fmt() {
	need_component rustfmt rustfmt
	cargo fmt --all "$@"
}

tree() {
	local selected=() argument
	for argument in "${NATIVE[@]}"; do [[ "$argument" == --release ]] || selected+=("$argument"); done
	cargo tree "${selected[@]}" "$@"
}

main() {
	[[ $# -gt 0 ]] || { usage >&2 && exit 2; }
	local command="$1"
	shift
	case "$command" in
		build | bench | fuzz | lint | doc | fmt | tree) "$command" "$@" ;;
		test) native_tests "$@" ;;
		node-path) echo "$CARGO_TARGET_DIR/release/dtao-node" ;;
		-h | --help) usage ;;
		*) usage >&2 && exit 2 ;;
	esac
}

main "$@"
