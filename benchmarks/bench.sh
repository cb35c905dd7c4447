#!/usr/bin/env bash
# Measures everything on this machine, and writes benchmarks/results/. Call it as `make bench`;
# `make bench ARGS=--quick` only sees that all of it runs, and writes nothing. It takes two hours or so
# on two cores, building included. Let nothing else run meanwhile.
#
#   math      criterion on the formulas, if benchmarks/math is there
#   native    the market's hook and calls in `TestExternalities`
#   block     blocks of the runtime's WASM over a database
#   wide      both of them once more, with room for 4 096 subnets
#   scale     a chain of a million positions on 1 024 subnets, and a node that syncs it
#   declared  what is declared beside what it takes, at random sizes; fails if that is longer
#   storage   reads and writes of the database, over a million positions
#   size      what the WASM is made of
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source-path=SCRIPTDIR source=../scripts/env.sh
. scripts/env.sh

quick=() positions=1000000
[[ "${1:-}" != --quick ]] || quick=(--quick) positions=1000
results="benchmarks/results/$(date -u +%F)"
release="$CARGO_TARGET_DIR/release"

# `out NAME`: the argument that has NAME written, unless nothing is to be.
out() { [[ ${#quick[@]} -gt 0 ]] || echo "--out=$results-$1"; }

if [[ -d benchmarks/math ]]; then
	echo "criterion on the formulas"
	cargo bench --locked -p dtao-bench-math -- "${quick[@]}"
fi

echo "building the native harness"
SKIP_WASM_BUILD=1 cargo build --release --locked --features runtime-benchmarks,try-runtime \
	-p dtao-bench-native
native="$release/dtao-bench-native"
echo "building the node, its WASM, and the block harness"
cargo build --release --locked -p dtao-node -p dtao-bench-block
wasm="$release/wbuild/dtao-runtime/dtao_runtime.compact.compressed.wasm"
echo "building the same WASM, and the native harness, with room for more subnets"
wide="$(benchmarks/variant.sh wide 4096)"
# In the copy that this has made, with the compiler's wrapper there: see scripts/env.sh. The two
# builds share the binary's name; so do those that scale.sh makes of the block harness.
native_here="$(mktemp)" native_wide="$(mktemp)" block_here="$(mktemp)"
trap 'rm -f "$native_here" "$native_wide" "$block_here"' EXIT
cp "$native" "$native_here"
cp "$release/dtao-bench-block" "$block_here"
(
	cd "$CARGO_TARGET_DIR/variants/wide"
	# shellcheck source-path=SCRIPTDIR source=../scripts/env.sh
	. scripts/env.sh
	SKIP_WASM_BUILD=1 cargo build --release --locked --features runtime-benchmarks,try-runtime \
		-p dtao-bench-native
)
cp "$native" "$native_wide"
chmod +x "$native_here" "$native_wide" "$block_here"

# shellcheck disable=SC2046 # one argument or none
{
	"$native_here" "${quick[@]}" $(out native.md)
	"$native_wide" "${quick[@]}" $(out native-wide.md)
	"$block_here" "${quick[@]}" --runtime "$wasm" $(out block)
	"$block_here" "${quick[@]}" --runtime "$wide" --about "the same runtime with room for 4 096 subnets" \
		--subnets 1,16,128,1024,4096 $(out block-wide)
	benchmarks/scale.sh "${quick[@]}" $(out scale.md)
	"$block_here" "${quick[@]}" --declared --runtime "$wasm" $(out declared)
	"$block_here" --storage --positions "$positions" --runtime "$wasm" $(out storage)
	cargo run -q --release --locked -p dtao-bench-size -- "${wasm/.compact.compressed/}" \
		--compressed "$wasm" $(out size.md)
}
