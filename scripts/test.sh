#!/usr/bin/env bash
# All tests: the model, native ones, then end to end against the built node. What passed is not run
# again until something changes, as `go test` does it: a file of the project, the toolchain, or the
# node. `scripts/test.sh --again` runs all in any case, and so does CI.

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$DTAO_ROOT"
# shellcheck source-path=SCRIPTDIR source=env.sh
. scripts/env.sh

STAMP="$CARGO_TARGET_DIR/all-tests-passed"

is_checkout() { git rev-parse --git-dir >/dev/null 2>&1; }

# This checkout, the contents of all files that are the project's, and what they are compiled with.
fingerprint() {
	is_checkout || return 0
	{
		pwd
		git ls-files --cached --others --exclude-standard -z | sort -z | while IFS= read -r -d '' file; do
			if [[ -f "$file" ]]; then sha256sum -- "$file"; else echo "gone $file"; fi
		done
		rustc --version --verbose
		python3 --version
	} | sha256sum
}

# Whether nothing has changed since all tests passed. Never in CI, nor outside of a git checkout.
passed_already() {
	[[ -z "${CI:-}" && "${1:-}" != --again ]] || return 1
	is_checkout || return 1
	[[ -e "$STAMP" && "$(cat "$STAMP")" == "$(fingerprint)" ]]
}

if passed_already "${1:-}"; then
	say "all tests passed on $(date -r "$STAMP" '+%F at %T'), and nothing has changed since (cached)"
	say "to run them again: make test ARGS=--again"
	exit 0
fi

rm -f "$STAMP"
before="$(fingerprint)"
scripts/model.sh
scripts/cargo.sh test
scripts/cargo.sh build
scripts/e2e.sh
# Only for what was tested: not if a file was edited meanwhile.
if [[ -n "$before" && "$(fingerprint)" == "$before" ]]; then
	echo "$before" >"$STAMP"
fi
