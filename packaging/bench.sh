#!/bin/sh
# Runs benchmarks one package after the other and prints one table.
#   bench.sh [-b PATTERN] PACKAGE...    BENCHTIME (0.3s) for each
# Packages without a benchmark are left out, those with sound devices too
# unless they are named. Where none is named, the goals follow.
set -eu
cd "$(dirname "$0")/.."
pattern=.
if [ "${1:-}" = -b ]; then pattern=$2; shift 2; fi
all=$#
[ $# -gt 0 ] || set -- $(grep -rl --include='*_test.go' '^func Benchmark' . | xargs -n 1 dirname | sort -u | grep -v '^\./audio/portaudio$')
out=$(mktemp "${TMPDIR:-/tmp}/tring-bench.XXXXXX")
trap 'rm -f "$out"' EXIT

status=0
go test -run '^$' -bench "$pattern" -benchtime "${BENCHTIME:-0.3s}" -benchmem -p 1 -timeout 15m "$@" >"$out" 2>&1 || status=$?
awk '
	function scaled(ns) {
		if (ns >= 1e9) return sprintf("%.2f s ", ns / 1e9)
		if (ns >= 1e6) return sprintf("%.2f ms", ns / 1e6)
		if (ns >= 1e3) return sprintf("%.2f µs", ns / 1e3)
		return sprintf("%.1f ns", ns)
	}
	function row(pkg, name, time, bytes, allocs, more) {
		printf "%-26s %-44s %10s %10s %8s  %s\n", pkg, name, time, bytes, allocs, more
	}
	$1 == "cpu:" && !cpu { cpu = $0; sub(/^cpu: */, "", cpu); print cpu; row("package", "what", "time", "bytes", "allocs", "measured besides") }
	$1 == "pkg:" { pkg = $2; sub(/^tring\/?/, "", pkg); if (pkg == "") pkg = "tring" }
	$1 ~ /^Benchmark/ && NF >= 4 {
		name = $1; sub(/^Benchmark/, "", name); sub(/-[0-9]+$/, "", name); gsub(/_/, " ", name)
		time = bytes = allocs = more = ""
		for (i = 3; i < NF; i += 2) {
			if ($(i + 1) == "ns/op") time = scaled($i)
			else if ($(i + 1) == "B/op") bytes = $i
			else if ($(i + 1) == "allocs/op") allocs = $i
			else more = more (more == "" ? "" : ", ") $i " " $(i + 1)
		}
		row(pkg, name, time, bytes, allocs, more); count++
	}
	/^(FAIL|panic:|---)/ || / FAIL/ { print }
	END { printf "%d benchmarks\n", count; exit count == 0 }
' "$out" || status=1
[ $status -eq 0 ] || tail -n 20 "$out"
[ "$all" -gt 0 ] || [ "$pattern" != . ] || awk -f packaging/goals.awk "$out" || status=1
exit $status
