#!/usr/bin/env bash
# Measures the weights of the runtime's pallets in WASM, on this machine, and writes
# runtime/src/weights/, and each pallet's default, which is the same for any runtime. Call it as
# `make weights`; `make weights ARGS="pallet_dtao"` measures that pallet only. It takes some minutes
# for each pallet. `make weights ARGS=storage` measures the database's reads and writes over a million
# positions. Let nothing else run meanwhile.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/env.sh
. scripts/env.sh

steps=${STEPS:-50}
repeat=${REPEAT:-20}
pallets=("$@")
if [[ ${#pallets[@]} -eq 0 ]]; then
	pallets=(pallet_subnets pallet_yuma pallet_dtao pallet_validators)
fi

# Reads and writes of the database, on the client that the node has. The runtime that it is measured
# with is the node's: what a key weighs changes nothing that is measured.
storage() {
	echo "building the node and the block harness"
	cargo build --release --locked -p dtao-node -p dtao-bench-block
	echo "measuring the database over a state of a million positions"
	"$CARGO_TARGET_DIR/release/dtao-bench-block" --storage --positions "${POSITIONS:-1000000}" \
		--runtime "$CARGO_TARGET_DIR/release/wbuild/dtao-runtime/dtao_runtime.compact.compressed.wasm" \
		--out runtime/src/weights/parity_db.rs
}

if [[ " ${pallets[*]} " == *" storage "* ]]; then
	storage
	read -ra pallets <<<"$(printf '%s ' "${pallets[@]}" | sed 's/storage //')"
	[[ ${#pallets[@]} -gt 0 ]] || exit 0
fi

echo "building the runtime with its benchmarks, in WASM"
cargo build --release --locked -p dtao-runtime --features runtime-benchmarks,wasm-builder
wasm=$CARGO_TARGET_DIR/release/wbuild/dtao-runtime/dtao_runtime.compact.compressed.wasm

echo "building the benchmark runner"
# The runner's dependencies hold a test runtime of their own, which it does not need.
SKIP_WASM_BUILD=1 cargo build --release --locked -p dtao-weights

# The header of each file names the processor, the date, and how often each step was repeated.
for pallet in "${pallets[@]}"; do
	echo "measuring $pallet: $steps steps, $repeat repeats"
	"$CARGO_TARGET_DIR/release/dtao-weights" \
		--runtime "$wasm" \
		--genesis-builder runtime \
		--genesis-builder-preset development \
		--pallet "$pallet" \
		--extrinsic '*' \
		--steps "$steps" \
		--repeat "$repeat" \
		--wasm-execution compiled \
		--heap-pages 4096 \
		--template benchmarks/weights.hbs \
		--output "runtime/src/weights/$pallet.rs"
	default="pallets/${pallet#pallet_}/src/weights/measured.rs"
	mkdir -p "$(dirname "$default")"
	sed -e "s/$pallet::WeightInfo for WeightInfo<T>/super::WeightInfo for SubstrateWeight<T>/" \
		-e "s/pub struct WeightInfo<T>/pub struct SubstrateWeight<T>/" \
		"runtime/src/weights/$pallet.rs" >"$default"
done
cargo fmt --all
