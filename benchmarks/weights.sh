#!/usr/bin/env bash
# Measures the weights of the runtime's pallets in WASM, on this machine, and writes
# runtime/src/weights/, and each pallet's default, which is the same for any runtime. Call it as
# `make weights`; `make weights ARGS="pallet_dtao"` measures that pallet only. It takes some minutes
# for each pallet. Let nothing else run meanwhile: each step counts as its fastest run took.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/env.sh
. scripts/env.sh

steps=${STEPS:-10}
repeat=${REPEAT:-4}
rounds=${ROUNDS:-3}
pallets=("$@")
if [[ ${#pallets[@]} -eq 0 ]]; then
	pallets=(pallet_subnets pallet_yuma pallet_dtao pallet_validators)
fi

echo "building the runtime with its benchmarks, in WASM"
cargo build --release --locked -p dtao-runtime --features runtime-benchmarks,wasm-builder
wasm=$CARGO_TARGET_DIR/release/wbuild/dtao-runtime/dtao_runtime.compact.compressed.wasm

echo "building the benchmark runner"
# The runner's dependencies hold a test runtime of their own, which it does not need.
SKIP_WASM_BUILD=1 cargo build --release --locked -p dtao-weights

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT

# `run ARGUMENTS...`: the runner, on one pallet.
run() {
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
		"$@"
}

# All pallets in each round, so that the rounds of one are some minutes apart.
for round in $(seq "$rounds"); do
	for pallet in "${pallets[@]}"; do
		echo "measuring $pallet, round $round of $rounds: $steps steps, $repeat repeats"
		run --json-file "$folder/$pallet.$round.json" --output "$folder/$pallet.rs"
	done
done

# The header of each file names the processor, the date, and how often each step was repeated.
for pallet in "${pallets[@]}"; do
	benchmarks/quietest.py merge "$folder/$pallet".*.json >"$folder/merged.json"
	run --json-input "$folder/merged.json" --output "$folder/times.rs"
	benchmarks/quietest.py splice "$folder/$pallet.rs" "$folder/times.rs" "$rounds" \
		>"runtime/src/weights/$pallet.rs"
	default="pallets/${pallet#pallet_}/src/weights/measured.rs"
	mkdir -p "$(dirname "$default")"
	sed -e "s/$pallet::WeightInfo for WeightInfo<T>/super::WeightInfo for SubstrateWeight<T>/" \
		-e "s/pub struct WeightInfo<T>/pub struct SubstrateWeight<T>/" \
		"runtime/src/weights/$pallet.rs" >"$default"
done
cargo fmt --all
