#!/bin/sh
# Runs every test and prints the count. Tests that need a sound server, a
# terminal or a browser start one of their own and stop it.
#   RACE=1     with the race detector, without the longest tests
#   PACKAGES   what to test (./...)
# Packages that drive real sound devices run last and alone. Tests that keep the
# pace of sound and networks fail now and then where the machine does not: a test
# that failed is repeated, at most twice, and the repetition is printed.
# whatsmeow races with itself when connections end. Every report of the race
# detector is read: one that is not between two places inside go.mau.fi fails the
# run, also when its test passed when it was repeated.
# A test that skips without being on allowed-skips.txt fails the run; with the
# race detector skips are only listed, because those tests run without it.
set -eu
cd "$(dirname "$0")/.."
out=$(mktemp -d "${TMPDIR:-/tmp}/tring-test.XXXXXX")
trap 'rm -rf "$out"' EXIT
trap 'exit 130' INT TERM

flags="-timeout 15m"
if [ -n "${RACE:-}" ]; then
	flags="$flags -race -short"
	# Programs that tests start keep their exit codes; the reports are read below.
	export GORACE="log_path=$out/race exitcode=0"
fi
realtime="tring tring/audio/portaudio"
go list ${PACKAGES:-./...} >"$out/all"
for p in $realtime; do grep -qx "$p" "$out/all" && echo "$p"; done >"$out/alone" || true
grep -vxF -f "$out/alone" "$out/all" >"$out/together" || true

status=0
run() { # the file of package names, then flags of go test
	[ -s "$1" ] || return 0
	packages=$(tr '\n' ' ' <"$1")
	events="$1.events"
	shift
	go run gotest.tools/gotestsum@v1.13.0 --format pkgname --format-hide-empty-pkg --jsonfile "$events" \
		--rerun-fails=2 --rerun-fails-max-failures=6 --packages "$packages" -- "$@" || status=$?
}
run "$out/together" $flags
# Scripts wait for calls more than they compute.
run "$out/alone" -p 1 -parallel 4 $flags

if ls "$out"/race.* >/dev/null 2>&1; then
	echo "$(cat "$out"/race.* | grep -c 'DATA RACE') reports of races; those that are not inside whatsmeow:"
	cat "$out"/race.* | awk -f packaging/races.awk || status=1
fi

# Subtests are known by their test's name.
cat "$out"/*.events | sed -n 's/.*"Action":"skip".*"Test":"\([^"/]*\).*/\1/p' | sort -u >"$out/skips"
while read -r name; do
	grep -q "^$name	" packaging/allowed-skips.txt && continue
	echo "skipped without being on packaging/allowed-skips.txt: $name"
	[ -n "${RACE:-}" ] || status=1
done <"$out/skips"
cat "$out"/*.events | grep -q '"Action":"pass".*"Test"' || { echo "no test ran"; status=1; }
exit $status
