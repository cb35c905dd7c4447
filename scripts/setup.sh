#!/usr/bin/env bash
# Installs what a build needs and is not there yet: the native tools, Rust's WASM target, and with
# `--test` also Node.js for the end-to-end tests and valgrind. A second run finds all there and ends at once.

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
	cat <<-TEXT
		usage: scripts/setup.sh [--build | --test]
		  --build   what building and running the node needs (the default)
		  --test    that, and what the tests need (node, npm, python3, valgrind)
	TEXT
}

# Adds a package to MISSING unless the command that it provides is there.
need() {
	local command="$1" package="$2"
	have "$command" || MISSING+=("$package")
}

install_build_tools() {
	MISSING=()
	need cc gcc
	need cc libc6-dev
	need c++ g++
	need make make
	need perl perl
	need git git
	need protoc protobuf-compiler
	[[ ${#MISSING[@]} -eq 0 ]] || apt_install "${MISSING[@]}"
}

node_major() {
	local version
	version="$(node --version 2>/dev/null)" || version=v0
	version="${version#v}"
	echo "${version%%.*}"
}

install_test_tools() {
	MISSING=()
	need node nodejs
	need npm npm
	need python3 python3
	need valgrind valgrind
	[[ ${#MISSING[@]} -eq 0 ]] || apt_install "${MISSING[@]}"
	[[ "$(node_major)" -ge "$NODE_MAJOR" ]] || install_node
}

# Debian 12's Node.js is version 18. The registry has newer ones as packages.
install_node() {
	say "Node.js here is $(node --version); installing version 22 from npm's registry in $NODE_DIR"
	mkdir -p "$NODE_DIR"
	npm install --prefix "$NODE_DIR" --no-audit --no-fund --loglevel=error node@22 </dev/null || true
	PATH="$NODE_DIR/node_modules/.bin:$PATH"
	[[ "$(node_major)" -ge "$NODE_MAJOR" ]] ||
		die "the end-to-end tests need Node.js $NODE_MAJOR or newer, and npm could not install it" \
			"Install it by hand: https://nodejs.org/en/download"
}

check_rust() {
	if ! have cargo || ! have rustc; then
		die "Rust is missing" \
			"Install it with rustup (https://rustup.rs), open a new shell, and try again."
	fi
	cd "$DTAO_ROOT" # where rust-toolchain.toml chooses the toolchain
	rustc --version >/dev/null ||
		die "the toolchain that rust-toolchain.toml names does not run" \
			"Run: rustup toolchain install stable --component rustfmt,clippy"
}

# Whether the compiler that builds the node has the WASM target itself.
host_has_target() {
	local libdir
	libdir="$(rustc --print target-libdir --target "$WASM_TARGET" 2>/dev/null)" &&
		compgen -G "$libdir/libcore-*.rlib" >/dev/null
}

add_target_with_rustup() {
	have rustup || return 1
	say "adding the target $WASM_TARGET with rustup (at most two minutes)"
	RUST_BACKTRACE=0 bounded 120 rustup target add "$WASM_TARGET" </dev/null && host_has_target
}

install_wasm_target() {
	if host_has_target; then
		rm -f "$WASM_TOOLCHAIN_LINK"
	elif "$DTAO_ROOT/scripts/wasm-toolchain.sh" --ready; then
		: # built by an earlier run
	elif add_target_with_rustup; then
		rm -f "$WASM_TOOLCHAIN_LINK"
		say "the target $WASM_TARGET is installed"
	else
		say "rustup could not; building an equivalent toolchain from Debian's packages instead"
		"$DTAO_ROOT/scripts/wasm-toolchain.sh"
	fi
}

# One run at a time: two would build the same toolchain in the same folder.
lock() {
	mkdir -p "$DTAO_CACHE"
	have flock || return 0
	exec 9>"$DTAO_CACHE/setup.lock"
	flock -n 9 || {
		say "waiting for another run of this script"
		flock 9
	}
}

main() {
	local with_tests=false
	case "${1:---build}" in
		--build) ;;
		--test) with_tests=true ;;
		-h | --help) usage && exit 0 ;;
		*) usage >&2 && exit 2 ;;
	esac

	lock
	install_build_tools
	check_rust
	install_wasm_target
	if $with_tests; then install_test_tools; fi
	say "all there: $(rustc --version | cut -d' ' -f1,2), $(protoc --version), $(wasm_compiler)"
}

wasm_compiler() {
	if [[ -e "$WASM_TOOLCHAIN_LINK" ]]; then
		echo "$WASM_TARGET by $(rustup run "$WASM_TOOLCHAIN" rustc --version | cut -d' ' -f1,2)"
	else
		echo "$WASM_TARGET"
	fi
}

main "$@"
