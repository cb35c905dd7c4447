#!/usr/bin/env bash
# Runs the end-to-end tests against the built node, which they start and stop themselves. They find
# its path in DTAO_NODE. Arguments go to the test runner.

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Installs what package-lock.json names, unless that is what is installed.
install_packages() {
	local installed=node_modules/.package-lock.json
	[[ -e "$installed" && ! package-lock.json -nt "$installed" ]] || {
		say "installing the packages of tests/e2e"
		npm ci --no-audit --no-fund </dev/null
	}
}

main() {
	[[ -d "$DTAO_ROOT/tests/e2e" ]] || { say "there is no tests/e2e: nothing to run" && exit 0; }
	DTAO_NODE="$("$DTAO_ROOT/scripts/cargo.sh" node-path)"
	[[ -x "$DTAO_NODE" ]] || die "no node at $DTAO_NODE" "Run: make build"
	export DTAO_NODE
	cd "$DTAO_ROOT/tests/e2e"
	install_packages
	say "testing $DTAO_NODE"
	npm test -- "$@" </dev/null
}

main "$@"
