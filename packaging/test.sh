#!/bin/sh
# Runs every test and prints the count. Tests that need a sound server, a
# terminal or a browser start one of their own and stop it.
#   RACE=1     with the race detector
#   PACKAGES   what to test (./...)
# A test that skips without being on allowed-skips.txt fails the run.
set -eu
cd "$(dirname "$0")/.."
out=$(mktemp -d "${TMPDIR:-/tmp}/tring-test.XXXXXX")
trap 'rm -rf "$out"' EXIT
trap 'exit 130' INT TERM

status=0
go run gotest.tools/gotestsum@v1.13.0 --format pkgname --format-hide-empty-pkg --jsonfile "$out/events" \
	-- ${RACE:+-race} -timeout 15m ${PACKAGES:-./...} || status=$?

# "test<tab>line" of every skip; subtests are known by their test's name.
sed -n 's/.*"Action":"skip".*"Test":"\([^"/]*\).*/\1/p' "$out/events" | sort -u >"$out/skips"
while read -r name; do
	grep -q "^$name	" packaging/allowed-skips.txt ||
		{ echo "skipped without being on packaging/allowed-skips.txt: $name"; status=1; }
done <"$out/skips"
grep -q '"Action":"pass".*"Test"' "$out/events" || { echo "no test ran"; status=1; }
exit $status
