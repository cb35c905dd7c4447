#!/usr/bin/env bash
# Has libFuzzer look for inputs that break a rule of fuzz/. Without arguments all targets in turn, a
# minute together, as CI does it.

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source-path=SCRIPTDIR source=env.sh
. "$DTAO_ROOT/scripts/env.sh"

TARGETS=(math shares yuma calls)
SMOKE_SECONDS=15

CORPUS="$DTAO_ROOT/fuzz/corpus"
# What a run finds, until `keep` puts what is worth it into the corpus.
FOUND="$CARGO_TARGET_DIR/fuzz"

usage() {
	cat <<-TEXT
		usage: scripts/fuzz.sh [TARGET] [--seconds N] [-- ARGUMENTS FOR LIBFUZZER]
		       scripts/fuzz.sh keep [TARGET]   put what was found into fuzz/corpus, minimised
		       scripts/fuzz.sh seeds           write the seeds of \`calls\` anew
		       scripts/fuzz.sh again FILE TARGET   run one input
		targets: ${TARGETS[*]}; each $SMOKE_SECONDS seconds, unless --seconds says otherwise
		What breaks a rule is written to $FOUND/TARGET-*.
	TEXT
}

is_target() { [[ " ${TARGETS[*]} " == *" $1 "* ]]; }

# A target with libFuzzer's arguments.
run() {
	local target="$1"
	shift
	"$DTAO_ROOT/scripts/cargo.sh" fuzz "$target" -q -- "$@"
}

# An input of a target is as long as it takes to say something.
longest() { case "$1" in calls) echo 4096 ;; *) echo 1024 ;; esac; }

search() {
	local target="$1" seconds="$2"
	shift 2
	mkdir -p "$FOUND/$target"
	say "$target, for $seconds s"
	run "$target" "$FOUND/$target" "$CORPUS/$target" -max_total_time="$seconds" \
		-max_len="$(longest "$target")" -artifact_prefix="$FOUND/$target-" -timeout=25 \
		-print_final_stats=1 "$@" 2>&1 | summary
}

# Of what libFuzzer says: the last state, the figures, and whatever went wrong.
summary() {
	grep -vE '^(INFO|WARNING|#[0-9]+\s+(NEW|REDUCE|pulse|RELOAD)|######|".*" # Uses)|^\s*$' || true
}

# Merges what was found into the corpus: as few inputs as reach all that was reached, however often.
keep() {
	local target="$1" merged
	merged="$(mktemp -d)"
	run "$target" -set_cover_merge=1 -use_counters=0 -max_len="$(longest "$target")" "$merged" "$CORPUS/$target" "$FOUND/$target"
	find "$CORPUS/$target" -type f ! -name 'seed-*' -delete
	cp "$merged"/* "$CORPUS/$target/"
	rm -r "$merged"
	say "$target: $(find "$CORPUS/$target" -type f | wc -l) inputs, $(du -sb "$CORPUS/$target" | cut -f1) bytes"
}

main() {
	local chosen=() seconds="$SMOKE_SECONDS" action=search
	case "${1:-}" in
		-h | --help) usage && exit 0 ;;
		seeds) exec "$DTAO_ROOT/scripts/cargo.sh" test --test corpus -- --ignored write_the_seeds ;;
		keep) action=keep && shift ;;
		again) shift && run "$2" "$(realpath "$1")" && exit 0 ;;
	esac
	while [[ $# -gt 0 ]]; do
		case "$1" in
			--seconds) seconds="${2:?--seconds needs a number}" && shift ;;
			--) shift && break ;;
			*) is_target "$1" || { usage >&2 && exit 2; } && chosen+=("$1") ;;
		esac
		shift
	done
	[[ ${#chosen[@]} -gt 0 ]] || chosen=("${TARGETS[@]}")
	for target in "${chosen[@]}"; do
		if [[ "$action" == keep ]]; then keep "$target"; else search "$target" "$seconds" "$@"; fi
	done
}

main "$@"
