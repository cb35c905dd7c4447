#!/usr/bin/env bash
# Counts the instructions of a block over 128 subnets and of calls, natively, with callgrind, and
# compares them with benchmarks/instructions.txt: fails where one has grown by more than 5 %.
#
#   scripts/check-counts.sh            compare
#   scripts/check-counts.sh --write    write the figures anew
#
# Each figure is the difference of two runs, so that it has nothing of the start and of genesis. The
# compiler's version moves them: they are of the toolchain that their file names.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source-path=SCRIPTDIR source=env.sh
. "$DTAO_ROOT/scripts/env.sh"
cd "$DTAO_ROOT"

figures=benchmarks/instructions.txt
have valgrind || die "valgrind is missing" "Run: apt-get install valgrind"

scripts/cargo.sh bench
binary="$CARGO_TARGET_DIR/release/dtao-bench-native"

# The instructions of doing $1 $2 times, start and genesis included.
instructions() {
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$binary" --only "$1" --times "$2" 2>&1 |
		sed -nE 's/^==[0-9]+== Collected : ([0-9]+)$/\1/p'
}

measured() {
	local what few=20 many=100
	for what in block-step transfer add-stake remove-stake; do
		echo "$what $((($(instructions "$what" "$many") - $(instructions "$what" "$few")) / (many - few)))"
	done
}

if [[ "${1:-}" == --write ]]; then
	{
		echo "# Instructions of one, natively. Written by scripts/check-counts.sh; $(rustc --version)"
		measured
	} >"$figures"
	cat "$figures"
	exit
fi

status=0
while read -r what now; do
	was="$(sed -n "s/^$what //p" "$figures")"
	[[ -n "$was" ]] || die "$figures has no figure for $what" "Run: scripts/check-counts.sh --write"
	say "$what: $now instructions, $((100 * (now - was) / was)) % more than the $was written down"
	((now * 100 <= was * 105)) || status=1
done < <(measured)
[[ "$status" -eq 0 ]] || die "something has grown by more than 5 %" \
	"If it has to: scripts/check-counts.sh --write"
