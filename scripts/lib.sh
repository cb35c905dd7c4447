# shellcheck shell=bash disable=SC2034 # read by the scripts that source this
# What every script here shares: the folders, the messages, and installing packages. Sourced only.

DTAO_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
DTAO_CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/dtao"

# The WASM target's name, and the toolchain that stands in where rustup cannot download it.
WASM_TARGET=wasm32v1-none
WASM_TOOLCHAIN=dtao-wasm
# A link to that toolchain's folder. It exists exactly while builds must use the toolchain.
WASM_TOOLCHAIN_LINK="$DTAO_CACHE/wasm-toolchain/current"

# What the end-to-end tests need, and where it is installed if the system's is older.
NODE_MAJOR=20
NODE_DIR="$DTAO_CACHE/nodejs"
[[ ! -x "$NODE_DIR/node_modules/.bin/node" ]] || PATH="$NODE_DIR/node_modules/.bin:$PATH"

say() { printf '%s: %s\n' "${0##*/}" "$*"; }

# Says what is wrong and what to do about it, one line per argument; then ends the script.
die() {
	printf '%s: error: %s\n' "${0##*/}" "$1" >&2
	shift
	[[ $# -eq 0 ]] || printf '  %s\n' "$@" >&2
	exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# Runs a command for at most so many seconds, where the system can bound it.
bounded() {
	local seconds="$1"
	shift
	if have timeout; then timeout "$seconds" "$@"; else "$@"; fi
}

can_be_root() {
	[[ "$(id -u)" -eq 0 ]] || { have sudo && { sudo -n true 2>/dev/null || [[ -t 0 ]]; }; }
}

as_root() {
	if [[ "$(id -u)" -eq 0 ]]; then "$@"; else sudo "$@"; fi
}

# Fetches apt's package lists, once per run of a script.
apt_update() {
	[[ -z "${APT_UPDATED:-}" ]] || return 0
	APT_UPDATED=1
	say "fetching the package lists (apt-get update)"
	as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq </dev/null ||
		say "apt-get update reported errors; trying with the lists there are"
}

# Installs Debian packages, or ends the script by naming them.
apt_install() {
	have apt-get || die "missing: $*" \
		"These are Debian package names, and this system has no apt-get." \
		"Install what corresponds to them, then run this script again."
	can_be_root || die "missing: $*" "Run: sudo apt-get install -y $*"
	apt_update
	say "installing $*"
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
		"$@" </dev/null ||
		die "apt-get could not install: $*" "Its own message is above."
}
