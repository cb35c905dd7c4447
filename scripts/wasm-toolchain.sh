#!/usr/bin/env bash
# Builds the rustup toolchain `dtao-wasm`: a Rust compiler with the target wasm32v1-none, put
# together from Debian's packages. `scripts/setup.sh` calls it where rustup cannot download the
# target; nobody else needs it.
#
# Debian ships the compiler and the library's sources, but not the library compiled for this
# target. So the packages are unpacked into the cache folder (no root, nothing of the system
# changes), laid out as rustup lays out a toolchain, and the library is compiled once.
#
# usage: wasm-toolchain.sh [--ready]
#   --ready   only tells, by its exit code, whether the toolchain is there and linked

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

HOME_DIR="$(dirname "$WASM_TOOLCHAIN_LINK")"

host_triple() { rustc -vV | sed -n 's/^host: //p'; }

is_ready() {
	local folder
	[[ -e "$WASM_TOOLCHAIN_LINK" ]] && have rustup || return 1
	folder="$(cd -P "$WASM_TOOLCHAIN_LINK" && pwd)"
	[[ -x "$folder/bin/cargo" && -x "$folder/lib/rustlib/$(host_triple)/bin/rust-lld" ]] &&
		compgen -G "$folder/lib/rustlib/$WASM_TARGET/lib/libcore-*.rlib" >/dev/null &&
		[[ "$(rustup run "$WASM_TOOLCHAIN" rustc --print sysroot 2>/dev/null)" == "$folder" ]]
}

require() {
	local command
	for command in rustup apt-get apt-cache dpkg-deb dpkg-query ldd; do
		have "$command" || die "no $command here, so no way to get the target $WASM_TARGET" \
			"Let rustup download it: rustup target add $WASM_TARGET" \
			"(or run this on Debian 12 or newer, where its packages can stand in)"
	done
}

candidate() { LC_ALL=C apt-cache policy "$1" | sed -n 's/^ *Candidate: //p' | grep -v '(none)'; }

# The packages that `$1` depends on whose names begin with `$2`.
depends_on() {
	LC_ALL=C apt-cache depends --no-recommends --no-suggests "$1" |
		sed -n 's/^ *Depends: //p' | grep "^$2"
}

# Names the packages, and so fixes the version: what apt offers, which is the newest it knows.
choose_packages() {
	candidate rustc-web >/dev/null || { can_be_root && apt_update; }
	VERSION="$(candidate rustc-web)" ||
		die "apt offers no package rustc-web" \
			"Run 'apt-get update' as root and try again, or let rustup download the target:" \
			"rustup target add $WASM_TARGET"
	LIBSTD="$(depends_on libstd-rust-web-dev libstd-rust-web-)"
	LLVM="$(depends_on "$LIBSTD" libllvm)"
}

# Ends the script before the download if what apt offers is too old for the runtime.
check_version() {
	local offered="${VERSION%%+*}" needed
	needed="$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$DTAO_ROOT/Cargo.toml")"
	[[ "$(printf '%s\n' "$needed" "$offered" | sort -V | head -n 1)" == "$needed" ]] ||
		die "apt offers rustc-web $offered, but the runtime needs Rust $needed" \
			"Add Debian's security archive to apt's sources, or let rustup download the target:" \
			"rustup target add $WASM_TARGET"
}

# What LLVM's library needs and this system lacks, if anything.
missing_libraries() {
	LC_ALL=C apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts \
		--no-breaks --no-replaces --no-enhances "$LLVM" | grep '^[a-z]' | grep -vxF "$LLVM" |
		while read -r package; do
			dpkg-query -W -f '${Status}' "$package" 2>/dev/null |
				grep -q 'install ok installed' || echo "$package"
		done
}

unpack_packages() {
	local packages archive
	packages=(rustc-web libstd-rust-web-dev rust-web-src "$LIBSTD" "$LLVM")
	while read -r package; do packages+=("$package"); done < <(missing_libraries)

	say "downloading ${packages[*]} (140 MB)"
	mkdir -p "$WORK/debs" "$WORK/root"
	chmod -R a+rX "$WORK"
	download "${packages[@]}" || {
		can_be_root && apt_update && download "${packages[@]}"
	} || die "could not download Debian's Rust packages" "apt's own message is above."

	say "unpacking"
	for archive in "$WORK"/debs/*.deb; do dpkg-deb -x "$archive" "$WORK/root"; done
}

download() { (cd "$WORK/debs" && apt-get download -q "$@" 2>&1 | grep -v unsandboxed >&2); }

# Arranges the unpacked packages as rustup does a toolchain.
lay_out() {
	local host="$1" stable="$2" to="$WORK/toolchain" from="$WORK/root/usr"
	local sources
	sources="$(cd "$from/src" && echo rustc-*)"

	mkdir -p "$to/bin" "$to/lib/rustlib/$host/bin" "$to/lib/rustlib/src" "$to/src"
	mv "$from/bin/rustc" "$to/bin/"
	# rustup points LD_LIBRARY_PATH at lib/.
	find "$WORK/root" -name '*.so*' -path '*-linux-gnu/*' -not -path '*/rustlib/*' \
		-exec mv -t "$to/lib" {} +
	cp -a "$from/lib/rustlib/$host/." "$to/lib/rustlib/$host/"
	mv "$from/src/$sources" "$to/src/"
	ln -s "../../../src/$sources" "$to/lib/rustlib/src/rust"
	# Debian's compiler has no cargo and no linker of its own; the host's serve.
	ln -s "$stable/bin/cargo" "$to/bin/cargo"
	ln -s "$stable/lib/rustlib/$host/bin/rust-lld" "$to/lib/rustlib/$host/bin/rust-lld"
	rm -rf "$WORK/root"
}

# A crate in `$1` that needs core, alloc and the compiler's intrinsics, and exports `sum`.
write_probe() {
	mkdir -p "$1/src"
	cat >"$1/Cargo.toml" <<-'TOML'
		[package]
		name = "probe"
		version = "0.0.0"
		edition = "2021"
		[lib]
		crate-type = ["cdylib"]
		[profile.release]
		lto = true
		panic = "abort"
		strip = true
		[workspace]
	TOML
	cat >"$1/src/lib.rs" <<-'RUST'
		#![no_std]
		extern crate alloc;
		use core::alloc::{GlobalAlloc, Layout};
		struct NoMemory;
		unsafe impl GlobalAlloc for NoMemory {
			unsafe fn alloc(&self, _: Layout) -> *mut u8 { core::ptr::null_mut() }
			unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
		}
		#[global_allocator]
		static ALLOCATOR: NoMemory = NoMemory;
		#[panic_handler]
		fn panic(_: &core::panic::PanicInfo<'_>) -> ! { loop {} }
		#[no_mangle]
		pub extern "C" fn sum(n: usize, d: u64) -> u64 {
			let v: alloc::vec::Vec<u64> = (0..n as u64).collect();
			v.clone().iter().map(|x| ((*x as u128) * 3 / (d as u128)) as u64).sum()
		}
	RUST
}

# Runs the new toolchain's cargo on the probe, with none of the caller's settings for the host.
build_probe() {
	(
		cd "$1"
		unset RUSTC RUSTC_WRAPPER RUSTC_WORKSPACE_WRAPPER CARGO_ENCODED_RUSTFLAGS CARGO_BUILD_TARGET
		shift
		CARGO_TARGET_DIR="$PWD/target" rustup run "$WASM_TOOLCHAIN" \
			cargo build --quiet --release --target "$WASM_TARGET" "$@"
	)
}

# Compiles core, alloc and compiler_builtins, with the bitcode that link-time optimisation reads.
compile_library() {
	local probe="$WORK/library" to="$WORK/toolchain/lib/rustlib/$WASM_TARGET/lib" crate
	say "compiling core and alloc for $WASM_TARGET (about half a minute)"
	write_probe "$probe"
	RUSTC_BOOTSTRAP=1 RUSTFLAGS="-C embed-bitcode=yes" build_probe "$probe" -Zbuild-std=core,alloc ||
		die "could not compile Rust's library for $WASM_TARGET" "The compiler's message is above."
	mkdir -p "$to"
	for crate in core alloc compiler_builtins; do
		cp "$probe/target/$WASM_TARGET/release/deps/lib$crate"-*.rlib "$to/"
	done
	rm -rf "$WORK/toolchain/src" "$WORK/toolchain/lib/rustlib/src"
}

# Compiles the probe as the runtime will be: precompiled library, link-time optimisation. The
# library's memory functions must be linked in: no executor offers them to a runtime.
verify() {
	local probe="$WORK/verify" wasm
	say "verifying: a small crate with lto"
	write_probe "$probe"
	RUSTFLAGS="" build_probe "$probe" || die "the new toolchain cannot compile for $WASM_TARGET"
	wasm="$probe/target/$WASM_TARGET/release/probe.wasm"
	[[ -s "$wasm" ]] || die "the new toolchain wrote no $wasm"
	! grep -qaE 'mem(cpy|set|cmp|move)|__(multi3|udivti3)' "$wasm" ||
		die "the new toolchain left memory or arithmetic functions as imports"
}

link() { rustup toolchain link "$WASM_TOOLCHAIN" "$1"; }

check_runs() {
	rustup run "$WASM_TOOLCHAIN" rustc --version >/dev/null ||
		die "Debian's rustc does not run here" "Its own message is above."
}

# After a failure, the half-built toolchain must not stay linked.
clean_up() {
	local status=$?
	[[ $status -eq 0 ]] || rustup toolchain uninstall "$WASM_TOOLCHAIN" >/dev/null 2>&1 || true
	rm -rf "$WORK"
}

main() {
	if [[ "${1:-}" == --ready ]]; then
		is_ready
		return
	fi
	require
	choose_packages
	check_version

	local folder="$HOME_DIR/rustc-web-$VERSION"
	mkdir -p "$HOME_DIR"
	WORK="$(mktemp -d "$HOME_DIR/new.XXXXXX")"
	trap clean_up EXIT

	unpack_packages
	cd "$DTAO_ROOT"
	lay_out "$(host_triple)" "$(rustc --print sysroot)"
	link "$WORK/toolchain"
	check_runs
	compile_library
	verify

	rm -rf "$HOME_DIR"/rustc-web-* "$WASM_TOOLCHAIN_LINK"
	mv "$WORK/toolchain" "$folder"
	link "$folder"
	ln -s "$folder" "$WASM_TOOLCHAIN_LINK"
	is_ready || die "the toolchain in $folder is incomplete" "Remove that folder and try again."
	say "the rustup toolchain $WASM_TOOLCHAIN is ready: $folder"
}

main "$@"
