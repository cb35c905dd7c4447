#!/usr/bin/env bash
# A network of validators on this machine: `start`, `stop` or `status` of one to use, `upgrade`,
# `faults` and `load` for what it has to survive, `snapshot` for the state that the runtime's tests
# upgrade. The work is done in tests/testnet, which finds the
# node's path in DTAO_NODE.

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

have node || die "Node.js is missing" "Run: scripts/setup.sh --test"
DTAO_NODE="${DTAO_NODE:-$("$DTAO_ROOT/scripts/cargo.sh" node-path)}"
export DTAO_NODE

# What drives a chain is shared with the end-to-end tests, and so are its packages.
install_packages() {
	[[ -e "$DTAO_ROOT/tests/e2e/node_modules/.package-lock.json" ]] ||
		(cd "$DTAO_ROOT/tests/e2e" && npm ci --no-audit --no-fund </dev/null)
}

case "${1:-}" in
	upgrade | faults | load | snapshot)
		script="$1"
		shift
		install_packages
		exec node "$DTAO_ROOT/tests/testnet/$script.js" "$@"
		;;
	*) exec node "$DTAO_ROOT/tests/testnet/testnet.js" "$@" ;;
esac
