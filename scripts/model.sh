#!/usr/bin/env bash
# The reference model (tests/model): its own tests; its two halves against each other on every
# scenario; and that tests/vectors/ is what it writes. `scripts/model.sh generate` writes them anew.

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$DTAO_ROOT/tests"

have python3 || die "python3 is missing" "Run: scripts/setup.sh --test"

case "${1:-check}" in
	generate) python3 -m model generate ;;
	check)
		say "the model's own tests"
		python3 -m unittest
		say "the model's halves against each other, and its vectors"
		python3 -m model check | tail -n 1
		;;
	*) die "no such command: $1" "Try: scripts/model.sh check, or generate" ;;
esac
