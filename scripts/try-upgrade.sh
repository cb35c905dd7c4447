#!/usr/bin/env bash
# Tries the upgrade of a chain to this checkout's runtime, on a copy of its state: all migrations,
# block by block, with all checks before, between and after, and twice. The chain notices nothing.

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
	cat <<-TEXT
		usage: scripts/try-upgrade.sh URL|FILE
		  URL   the RPC of a node: ws://127.0.0.1:9944. Its last final state is copied
		  FILE  a state that \`dtao-node export-state\` has written
	TEXT
}

case "${1:-}" in
	ws://* | wss://* | http://* | https://*)
		have node || die "Node.js is missing" "Run: scripts/setup.sh --test"
		state="$(mktemp)"
		trap 'rm -f "$state"' EXIT
		node "$DTAO_ROOT/tests/testnet/state.js" "$1" "$state"
		;;
	-h | --help) usage && exit ;;
	"" | -*) usage >&2 && exit 2 ;;
	*)
		[[ -f "$1" ]] || die "there is no file $1"
		state="$(cd "$(dirname "$1")" && pwd)/$(basename "$1")"
		;;
esac

DTAO_STATE="$state" "$DTAO_ROOT/scripts/cargo.sh" test --lib -- --ignored --exact --nocapture \
	tests::upgrade::the_chain_that_is_given_upgrades
