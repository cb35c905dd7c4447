#!/usr/bin/env bash
# Makes a large chain on this machine, and syncs it from one node to another over the network.
#
#   benchmarks/scale.sh [--quick] [--out=FILE] [--subnets=N] [--positions=N] [--blocks=N]
#
# 1 024 subnets of 64 validators, a million positions, 1 000 blocks; with --quick 8 subnets, 10 000
# positions, 50 blocks. The runtime is the one with room for more subnets than the real one has: see
# variant.sh. The genesis state is built natively, so the harness is built with that room too.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source-path=SCRIPTDIR source=../scripts/env.sh
. scripts/env.sh

subnets=1024 positions=1000000 blocks=1000 out=""
for argument in "$@"; do
	case "$argument" in
		--quick) subnets=8 positions=10000 blocks=50 ;;
		--subnets=*) subnets="${argument#*=}" ;;
		--positions=*) positions="${argument#*=}" ;;
		--blocks=*) blocks="${argument#*=}" ;;
		--out=*) out="${argument#*=}" ;;
		*) sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2 && exit 2 ;;
	esac
done

release="$CARGO_TARGET_DIR/release"
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT

echo "building the node" >&2
cargo build --release --locked -p dtao-node -p dtao-bench-block
cp "$release/dtao-node" "$folder/node"
echo "building the same WASM, and the harness, with room for more subnets" >&2
wide="$(benchmarks/variant.sh wide 4096)"
# In the copy that this has made, with the compiler's wrapper there: see scripts/env.sh. The node
# comes along so that all crates have the features that they were compiled with.
(
	cd "$CARGO_TARGET_DIR/variants/wide"
	# shellcheck source-path=SCRIPTDIR source=../scripts/env.sh
	. scripts/env.sh
	SKIP_WASM_BUILD=1 cargo build --release --locked -p dtao-node -p dtao-bench-block
)
cp "$release/dtao-bench-block" "$folder/harness"

report="$folder/report"
# The harness's databases are where the nodes look for them.
"$folder/harness" --runtime "$wide" --network "$folder/chain" --subnets "$subnets" \
	--positions "$positions" --blocks "$blocks" >"$report"
benchmarks/sync.py "$folder/node" "$folder/chain" "$blocks" >>"$report"
cat "$report"
[[ -z "$out" ]] || cp "$report" "$out"
