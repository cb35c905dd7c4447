#!/usr/bin/env bash
# Measures everything on this machine, and writes benchmarks/results/. Call it as `make bench`;
# `make bench ARGS=--quick` only sees that all of it runs, and writes nothing. It takes about an hour
# on two cores, building included. Let nothing else run meanwhile.
#
#   math     criterion on the formulas, if benchmarks/math is there
#   native   the market's hook and calls in `TestExternalities`
#   block    blocks of the runtime's WASM over a database
#   wide     the same with room for 4 096 subnets
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source-path=SCRIPTDIR source=../scripts/env.sh
. scripts/env.sh

quick=()
[[ "${1:-}" != --quick ]] || quick=(--quick)
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
block="$release/dtao-bench-block"
wasm="$release/wbuild/dtao-runtime/dtao_runtime.compact.compressed.wasm"
echo "building the same WASM with room for more subnets"
wide="$(benchmarks/variant.sh wide 4096)"

# shellcheck disable=SC2046 # one argument or none
{
	"$native" "${quick[@]}" $(out native.md)
	"$block" "${quick[@]}" --runtime "$wasm" $(out block)
	"$block" "${quick[@]}" --runtime "$wide" --about "the same runtime with room for 4 096 subnets" \
		--subnets 1,16,128,1024,4096 $(out block-wide)
}
