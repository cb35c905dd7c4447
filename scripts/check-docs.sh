#!/usr/bin/env bash
# Checks that what the documents name is there:
#
#   1. each test in a table's column `Test` or `Tests` of docs/ is a function of a Rust file, or a
#      title of an end-to-end test;
#   2. docs/hazards.md has a row for each of E1 to E33, each with a test whose doc comment names the
#      row, or with a dash and a reason;
#   3. each function in a column `Code` of docs/math.md is one;
#   4. each relative link of a Markdown file, each `docs/…` and each ADR that any file names exists.
#
# Prints each finding, and exits with 1 if there is any.

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$DTAO_ROOT"

HAZARDS=33

FOUND=0
finding() {
	printf 'check-docs: %s\n' "$*" >&2
	FOUND=$((FOUND + 1))
}

# The files of the repository that end in one of the given ways.
files() { git ls-files -co --exclude-standard -- "$@"; }

# `where token` of each word in backticks in the columns with one of the given headings.
column() {
	local headings="$1"
	shift
	awk -F'|' -v headings="^($headings)\$" '
		function trimmed(text) { gsub(/^[ \t]+|[ \t]+$/, "", text); return text }
		!/^\|/ { delete wanted; in_table = 0; next }
		!in_table {
			in_table = 1
			for (i = 2; i < NF; i++) if (trimmed($i) ~ headings) wanted[i]
			next
		}
		{
			for (i in wanted) {
				cell = $i
				while (match(cell, /`[^`]+`/)) {
					print FILENAME ":" FNR " " substr(cell, RSTART + 1, RLENGTH - 2)
					cell = substr(cell, RSTART + RLENGTH)
				}
			}
		}
	' "$@"
}

# The names of all functions, types and constants.
rust_names() {
	files '*.rs' | xargs grep -ohE '\b(fn|struct|enum|trait|type|const) [A-Za-z0-9_]+' |
		cut -d' ' -f2 | sort -u
}

# `test row` for each row that the doc comment above a function names.
rows_of_tests() {
	files '*.rs' | xargs awk '
		FNR == 1 { comment = "" }
		/^[ \t]*\/\/\// { comment = comment " " $0; next }
		/^[ \t]*#\[/ { next }
		/^[ \t]*fn [a-z0-9_]+\(/ && comment ~ /Hazards? E[0-9]/ {
			match($0, /fn [a-z0-9_]+/)
			name = substr($0, RSTART + 3, RLENGTH - 3)
			while (match(comment, /E[0-9]+/)) {
				print name, substr(comment, RSTART, RLENGTH)
				comment = substr(comment, RSTART + RLENGTH)
			}
		}
		{ comment = "" }
	' | sort -u
}

check_tests() {
	local where name
	while read -r where name; do
		grep -qxF -- "$name" <<<"$NAMES" || grep -rqF --include='*.js' -- "'$name'" tests/e2e ||
			finding "$where: there is no test $name"
	done < <(column 'Tests?' docs/*.md)
}

check_hazards() {
	local row line tests rows
	rows="$(rows_of_tests)"
	for row in $(seq -f 'E%g' "$HAZARDS"); do
		line="$(grep -E "^\| $row \|" docs/hazards.md)" || true
		if [[ "$(grep -c . <<<"$line")" -ne 1 ]]; then
			finding "docs/hazards.md: there must be one row $row"
			continue
		fi
		tests="$(awk -F'|' '{ print $(NF - 1) }' <<<"$line")"
		[[ "$tests" != *'`'* ]] || names_row "$row" "$tests" "$rows" ||
			finding "docs/hazards.md: no test of row $row names it in its doc comment" \
				"(write \"Hazard $row: …\" there)"
		[[ "$tests" == *'`'* || "$tests" =~ ^\ *—\ *$ ]] ||
			finding "docs/hazards.md: row $row has neither a test nor a dash"
	done
}

# Whether one of the tests in backticks in $2 is with row $1 in $3.
names_row() {
	local name
	while read -r name; do
		if grep -qxF -- "$name $1" <<<"$3"; then return 0; fi
	done < <(grep -oE '`[^`]+`' <<<"$2" | tr -d '`')
	return 1
}

check_code() {
	local where name
	while read -r where name; do
		grep -qxF -- "${name##*::}" <<<"$NAMES" || finding "$where: there is no $name in the code"
	done < <(column Code docs/math.md)
}

check_links() {
	local file target
	while IFS=$'\t' read -r file target; do
		[[ -e "$(dirname "$file")/${target%%#*}" ]] || finding "$file: a link leads nowhere: $target"
	done < <(
		files '*.md' | xargs grep -oE '\]\([^)# ][^) ]*\)' | grep -vE '\]\([a-z]+:' |
			sed -E 's/^([^:]+):\]\((.*)\)$/\1\t\2/'
	)
	while IFS=: read -r file target; do
		[[ -e "$target" ]] || finding "$file: there is no $target"
	done < <(files | xargs grep -IoE '\bdocs/[A-Za-z0-9_./-]+\.[a-z]+\b' | grep -v '^scripts/check-docs.sh:' | sort -u)
	while IFS=: read -r file target; do
		compgen -G "docs/adr/${target#ADR }-*.md" >/dev/null || finding "$file: there is no $target"
	done < <(files | xargs grep -IoE '\bADR [0-9]{4}\b' | sort -u)
}

main() {
	NAMES="$(rust_names)"
	check_tests
	check_hazards
	check_code
	check_links
	[[ "$FOUND" -eq 0 ]] || exit 1
	say "$(column 'Tests?' docs/*.md | wc -l) names of tests, $HAZARDS hazards and all links are sound"
}

main "$@"
