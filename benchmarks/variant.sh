#!/usr/bin/env bash
# Builds the WASM of a changed runtime, to be measured beside the real one, and prints its path.
#
#   benchmarks/variant.sh NAME MAX_SUBNETS
#
# The sources of the working tree are copied into the target directory, with room for MAX_SUBNETS
# subnets. Nothing in the working tree changes. They are compiled as substrate-wasm-builder compiles
# the runtime, on what it has compiled of the SDK: the node has to be built first. Binaryen's pass
# over the result, which only strips it, is left out, and so is the compression.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source-path=SCRIPTDIR source=../scripts/env.sh
. scripts/env.sh

[[ $# -eq 2 ]] || {
	sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
	exit 2
}
name="$1" most="$2"
built="$CARGO_TARGET_DIR/release/wbuild/dtao-runtime"
copy="$CARGO_TARGET_DIR/variants/$name"
[[ -d "$built/target" ]] || { echo "build the node first: make build" >&2 && exit 1; }

# Only what differs from the last copy is written, so that only that is compiled again.
fresh="$(mktemp -d)"
trap 'rm -rf "$fresh"' EXIT
git ls-files -z | tar -c --null --files-from=- | tar -x -C "$fresh"
constants=primitives/core/src/constants.rs
sed -i -E "s/^(pub const MAX_SUBNETS: u32 =) [0-9_]+;/\1 $most;/" "$fresh/$constants"
grep -q "MAX_SUBNETS: u32 = $most;" "$fresh/$constants"

# The crate around the runtime is substrate-wasm-builder's, under another name.
mkdir -p "$fresh/blob/src"
echo "#![no_std] #![allow(unused_imports)] pub use wasm_project::*;" >"$fresh/blob/src/lib.rs"
sed -e "s|^path = .*|path = \"$copy/runtime\"|" \
	-e "s/^name = \"dtao_runtime\"/name = \"dtao_runtime_${name//-/_}\"/" \
	-e "s/^name = \"dtao-runtime-blob\"/name = \"dtao-runtime-$name\"/" \
	"$built/Cargo.toml" >"$fresh/blob/Cargo.toml"

mkdir -p "$copy"
(cd "$copy" && find . -type f ! -path ./blob/Cargo.lock) | while read -r file; do
	[[ -e "$fresh/$file" ]] || rm "$copy/$file"
done
(cd "$fresh" && find . -type f) | while read -r file; do
	cmp -s "$fresh/$file" "$copy/$file" || install -D "$fresh/$file" "$copy/$file"
done
[[ -e "$copy/blob/Cargo.lock" ]] || cp "$copy/Cargo.lock" "$copy/blob/"

(
	cd "$copy/blob"
	env -u CARGO_ENCODED_RUSTFLAGS SKIP_WASM_BUILD="" CARGO_TARGET_DIR="$built/target" \
		RUSTFLAGS="-C link-arg=--export-table -C link-arg=--export=__heap_base -C link-arg=--import-memory --cfg substrate_runtime " \
		cargo ${WASM_BUILD_TOOLCHAIN:++$WASM_BUILD_TOOLCHAIN} rustc --offline \
		--target=wasm32v1-none --profile production
) >&2
echo "$built/target/wasm32v1-none/production/dtao_runtime_${name//-/_}.wasm"
