#!/usr/bin/env bash
# Measures the layouts of ADR 0023 beside each other: a map entry for each subnet, pages, one value
# for all. Writes benchmarks/results/DATE-layout-NAME.md. Arguments go to the block harness.
#
# The pages are a variant of the pallet, in layout/pages.patch, which is applied to the commit that
# it was made for.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source-path=SCRIPTDIR source=../scripts/env.sh
. scripts/env.sh

commit=141adeb
results="benchmarks/results/$(date -u +%F)-layout"

cargo build --release --locked -p dtao-node -p dtao-bench-block

patch="$(mktemp)"
trap 'rm -f "$patch"' EXIT
for layout in map:0 pages-16:16 pages-32:32 pages-128:128 one:8192; do
	name="${layout%:*}"
	if [[ "$name" == map ]]; then
		: >"$patch"
	else
		sed "s/^+const PAGE: u16 = 64;/+const PAGE: u16 = ${layout#*:};/" benchmarks/layout/pages.patch >"$patch"
	fi
	wasm="$(benchmarks/variant.sh "$name" 4096 "$commit" "$patch")"
	"$CARGO_TARGET_DIR/release/dtao-bench-block" --runtime "$wasm" --as-opened --calls-at 128 \
		--about "the runtime of commit $commit, with room for 4 096 subnets; layout: $name" \
		--subnets 1,16,128,1024,4096 --out "$results-$name" "$@"
done
