#!/bin/sh
# Gives each fuzz target FUZZTIME (20s), three at a time, and fails when one does.
set -eu
cd "$(dirname "$0")/.."
time=${FUZZTIME:-20s}
out=$(mktemp -d "${TMPDIR:-/tmp}/tring-fuzz.XXXXXX")
trap 'rm -rf "$out"' EXIT

grep -rlE '^func Fuzz' --include='*_test.go' . | sort | while read -r file; do
	sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$file" | while read -r target; do
		echo "$(dirname "$file") $target"
	done
done >"$out/targets"
[ -s "$out/targets" ] || { echo "no fuzz target was found"; exit 1; }

# A run whose time is up while an input is under way may end with "context
# deadline exceeded" and a failure; a real finding is written
# to a file.
export out time
xargs -P 3 -L 1 sh -c '
	log="$out/$1.$(echo "$0" | tr / _).log"
	if go test -run "^$" -fuzz "^$1\$" -fuzztime "$time" -parallel 1 "$0" >"$log" 2>&1 ||
		{ grep -q "context deadline exceeded" "$log" && ! grep -q "Failing input written" "$log"; }
	then echo "ok   $0 $1 $(grep -o "execs: [0-9]*" "$log" | tail -n 1)"
	else echo "FAIL $0 $1"; tail -n 30 "$log"; echo "$0 $1" >>"$out/failed"; fi
' <"$out/targets"
echo "$(wc -l <"$out/targets") fuzz targets, $(cat "$out/failed" 2>/dev/null | wc -l) failed"
[ ! -s "$out/failed" ]
