#!/bin/sh
# Runs every test on a sound server of its own and prints the count.
#   RACE=1     with the race detector
#   PACKAGES   what to test (./...)
# A test that skips without being on allowed-skips.txt fails the run.
set -eu
cd "$(dirname "$0")/.."
out=$(mktemp -d "${TMPDIR:-/tmp}/tring-test.XXXXXX")
finish() {
	[ ! -d "$out/sound" ] || sh audio/audiotest/soundserver.sh down "$out/sound" || true
	rm -rf "$out"
}
trap finish EXIT
trap 'exit 130' INT TERM

if [ "$(uname -s)" = Linux ]; then
	eval "$(sh audio/audiotest/soundserver.sh up "$out/sound")"
fi

status=0
go run gotest.tools/gotestsum@v1.13.0 --format pkgname --format-hide-empty-pkg --jsonfile "$out/events" \
	-- ${RACE:+-race} -timeout 15m ${PACKAGES:-./...} || status=$?

sed -n 's/.*"Action":"skip".*"Test":"\([^"]*\)".*/\1/p' "$out/events" | sort -u >"$out/skips"
while read -r name; do
	grep -q "^$name	" packaging/allowed-skips.txt ||
		{ echo "skipped without being on packaging/allowed-skips.txt: $name"; status=1; }
done <"$out/skips"
grep -q '"Action":"pass".*"Test"' "$out/events" || { echo "no test ran"; status=1; }
exit $status
