#!/usr/bin/env bash
# Checks that the workspace is on one release of the polkadot-sdk, and that its layers hold:
#
#   1. Cargo.lock has one version of each SDK crate, and nothing from git;
#   2. each SDK crate is pinned exactly, in the root Cargo.toml only, and locked at that version;
#   3. the crates that are tested natively need no client (`sc-*`);
#   4. of the SDK, dtao-math depends on sp-arithmetic alone.
#
# Prints each finding, and exits with 1 if there is any.

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$DTAO_ROOT"

# An SDK crate by its name. Our own pallets are told apart by having no source in Cargo.lock.
SDK='(sp|sc|frame|pallet|substrate)-'
# Of the same names, but no part of the SDK: a release of theirs may come in two versions.
NOT_SDK='substrate-(fixed|bip39|bn)'

FOUND=0
finding() {
	printf 'check-sdk: %s\n' "$*" >&2
	FOUND=$((FOUND + 1))
}

# `name version` of each SDK crate that Cargo.lock takes from elsewhere.
locked() {
	awk -F'"' '
		/^name = /    { name = $2 }
		/^version = / { version = $2 }
		/^source = /  { print name, version }
	' Cargo.lock | grep -E "^$SDK" | grep -vE "^$NOT_SDK " || true
}

# `name version` of each SDK crate in [workspace.dependencies]; `version` has the `=` if pinned.
required() {
	sed -n '/^\[workspace\.dependencies\]/,/^\[[^w]/p' Cargo.toml |
		sed -nE "s/^(${SDK}[a-z0-9-]+) = (\"|.*version = \")([^\"]+)\".*/\1 \4/p"
}

check_one_version() {
	local name
	for name in $(locked | cut -d' ' -f1 | sort | uniq -d); do
		finding "two versions of $name in Cargo.lock:" \
			"$(locked | sed -n "s/^$name //p" | tr '\n' ' ')(find who asks: cargo tree -i $name@VERSION)"
	done
}

check_no_git() {
	local source
	while read -r source; do
		finding "Cargo.lock takes a crate from git: $source"
	done < <(sed -n 's/^source = "\(git+.*\)"/\1/p' Cargo.lock | sort -u)
}

check_pins() {
	local name version manifest manifests line versions
	versions="$(locked)"
	manifests="$(members)"
	while read -r name version; do
		if [[ "$version" != =* ]]; then
			finding "Cargo.toml does not pin $name exactly: \"$version\", not \"=$version\""
		elif grep -q "^$name " <<<"$versions" && ! grep -qxF "$name ${version#=}" <<<"$versions"; then
			finding "Cargo.toml pins $name $version, but Cargo.lock has $(sed -n "s/^$name //p" <<<"$versions")"
		fi
	done < <(required)

	for manifest in $manifests; do
		while read -r line; do
			finding "$manifest names a version of its own; write { workspace = true }: $line"
		done < <(grep -E "^${SDK}[a-z0-9-]+ *= *(\"|.*(version|git) *=)" "$manifest" || true)
	done
}

# The manifests of the workspace's members, of which Cargo.toml names one per line.
members() {
	sed -n '/^members = \[/,/^\]/p' Cargo.toml |
		sed -nE 's/^[[:space:]]*"([^"]+)".*/\1\/Cargo.toml/p' | grep . ||
		die "found no members in Cargo.toml" "Name them one per line."
}

check_no_client() {
	local tree client
	tree="$(scripts/cargo.sh tree -e normal,dev --prefix none --format '{p}')" || no_tree
	client="$(grep -oE '^sc-[a-z0-9-]+' <<<"$tree" | sort -u | tr '\n' ' ')" || true
	[[ -z "$client" ]] || finding "a natively tested crate depends on the client: $client" \
		"(who it is: scripts/cargo.sh tree -i ${client%% *}; if it must, add it to" \
		"CLIENT_CRATES of scripts/cargo.sh)"
}

# The SDK crates below a package, itself included.
sdk_below() {
	local tree
	tree="$(cargo tree --locked -e normal --prefix none --format '{p}' -p "$1")" || no_tree
	grep -oE "^${SDK}[a-z0-9-]+" <<<"$tree" | sort -u
}

no_tree() { die "cargo tree failed" "Its own message is above."; }

check_math() {
	local math arithmetic extra
	math="$(sdk_below dtao-math)"
	arithmetic="$(sdk_below sp-arithmetic)"
	extra="$(comm -23 <(echo "$math") <(echo "$arithmetic") | tr '\n' ' ')"
	[[ -z "$extra" ]] || finding "dtao-math depends on more of the SDK than sp-arithmetic: $extra"
}

main() {
	check_one_version
	check_no_git
	check_pins
	check_no_client
	check_math
	[[ "$FOUND" -eq 0 ]] || exit 1
	say "one version each of $(locked | wc -l) SDK crates, all as pinned; nothing from git"
}

main "$@"
