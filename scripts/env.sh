# shellcheck shell=bash
# The environment of every build. Sourced by the Makefile, by .ci/run and by the other scripts;
# source it in your own shell before calling cargo by hand, and it reuses what they compiled.

_dtao_root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
_dtao_cache="${XDG_CACHE_HOME:-$HOME/.cache}/dtao"

# The target directory outlives the checkout: compiling the SDK takes half an hour, and a fresh
# clone needs to compile our own crates only.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$_dtao_cache/target}"

# That directory is shared by all checkouts, and cargo tells their workspace crates apart by
# nothing but file times: edit a file here, build another checkout, and cargo takes this one for
# up to date. But cargo counts the path of the workspace wrapper in, for workspace crates only. So
# each checkout has its own, which just runs the compiler. CI's clones, which come and go, share
# one, so that the directory does not grow with each of them.
export DTAO_WRAPPERS="$_dtao_root/scripts/wrap"
if [[ -n "${CI:-}" ]]; then
	mkdir -p "$_dtao_cache/ci"
	cp -p "$DTAO_WRAPPERS"/* "$_dtao_cache/ci/"
	DTAO_WRAPPERS="$_dtao_cache/ci"
fi
export RUSTC_WORKSPACE_WRAPPER="$DTAO_WRAPPERS/rustc"

# The builder of the WASM runtime looks for Cargo.lock from the target directory upwards. That is
# not where ours is, and without it the runtime's dependencies would be resolved anew.
export WASM_BUILD_WORKSPACE_HINT="$_dtao_root"

# One unit of code and link-time optimisation over all of it: the compressed runtime is 8 % smaller
# than by substrate-wasm-builder's default, whatever profile the node is built with.
export WASM_BUILD_TYPE="${WASM_BUILD_TYPE:-production}"

# Only where rustup could not download the WASM target: see scripts/wasm-toolchain.sh.
if [[ -e "$_dtao_cache/wasm-toolchain/current" ]]; then
	export WASM_BUILD_TOOLCHAIN="${WASM_BUILD_TOOLCHAIN:-dtao-wasm}"
elif [[ "${WASM_BUILD_TOOLCHAIN:-}" == dtao-wasm ]]; then
	unset WASM_BUILD_TOOLCHAIN
fi

export CARGO_NET_RETRY="${CARGO_NET_RETRY:-10}"
# One line per crate, not a redrawn progress bar, is what a log needs.
[[ -t 2 ]] || export CARGO_TERM_PROGRESS_WHEN="${CARGO_TERM_PROGRESS_WHEN:-never}"

unset _dtao_root _dtao_cache
