#!/bin/sh
# What a call costs and how late it is, through real sound devices on a private
# sound server, beside the goals. About three minutes; the machine should have
# nothing else to do.
set -eu
cd "$(dirname "$0")/.."
out=$(mktemp "${TMPDIR:-/tmp}/tring-bench-audio.XXXXXX")
trap 'rm -f "$out"' EXIT
trap 'exit 130' INT TERM

bench() { # times, pattern, package
	printf '%s %s … ' "$3" "$2" >&2
	if go test -run '^$' -benchtime "$1" -bench "$2" -timeout 5m "$3" >>"$out" 2>&1; then echo done >&2; else echo FAILED >&2; tail -n 20 "$out" >&2; fi
}
bench 2x  '^BenchmarkMouthToEar$'               ./audio/portaudio
bench 1x  '^BenchmarkRoundTrip$'                ./audio/portaudio
bench 10x '^BenchmarkCall$'                     ./audio/portaudio
bench 2x  '^BenchmarkBusy$'                     ./audio/portaudio
bench 2s  '^BenchmarkProcess$/^(echo|noise|gain|all)$' ./audio/speex
bench 2x  '^BenchmarkMouthToEarOnTheExchange$'  .
bench 1x  '^BenchmarkProgram$'                  .

awk '
	$1 ~ /^Benchmark/ && NF >= 4 {
		name = $1; sub(/^Benchmark/, "", name); sub(/-[0-9]+$/, "", name)
		for (i = 3; i < NF; i += 2) value[name " " $(i + 1)] = $i
	}
	function of(key) { if (!(key in value)) { lost++; return "?" } return value[key] }
	function row(what, key, unit, goal) {
		v = of(key)
		printf "%-62s %10s %-5s %s\n", what, v == "?" ? v : sprintf("%.2f", v), unit,
			goal == "" ? "" : sprintf("goal: at most %s%s", goal, v == "?" ? "" : v + 0 > goal + 0 ? "   MISSED" : "")
	}
	function parts(name) {
		row("    of it the devices, both ends", name " ms/devices", "ms")
		row("    a packet", name " ms/frame", "ms")
		row("    the jitter buffer", name " ms/buffer", "ms")
		if (name " ms/network" in value) row("    the network, relay and encryption, one way", name " ms/network", "ms")
		value[name " rest"] = of(name " ms/p50") - of(name " ms/devices") - of(name " ms/frame") - of(name " ms/buffer") - value[name " ms/network"]
		row("    the codec, and what waits for the speaker", name " rest", "ms")
	}
	END {
		print "\nmouth to ear, microphone wire to speaker wire"
		row("  20 ms packets, without a network, half of the time below", "MouthToEar/20ms ms/p50", "ms")
		row("    19 of 20 below", "MouthToEar/20ms ms/p95", "ms", 80)
		parts("MouthToEar/20ms")
		row("  60 ms packets, without a network, half of the time below", "MouthToEar/60ms ms/p50", "ms")
		row("    19 of 20 below", "MouthToEar/60ms ms/p95", "ms", 130)
		parts("MouthToEar/60ms")
		row("  60 ms packets, a call on the exchange, half below", "MouthToEarOnTheExchange ms/p50", "ms")
		row("    19 of 20 below", "MouthToEarOnTheExchange ms/p95", "ms", 130)
		parts("MouthToEarOnTheExchange")
		row("  two devices alone, there and back", "RoundTrip ms/roundtrip", "ms")
		print "\nprocessor, percent of one core"
		row("  engine in a call: devices, codec, jitter buffer", "Call/plain %core/phone", "%", 4.0)
		row("  the same with echo and noise taken out", "Call/echo+noise %core/phone", "%")
		row("  the whole program in a call: screen, echo, relay", "Program %core", "%", 5.5)
		row("  echo canceller alone", "Process/echo %core", "%", 0.5)
		row("  noise suppression alone", "Process/noise %core", "%")
		row("  automatic gain alone", "Process/gain %core", "%")
		row("  all three together", "Process/all %core", "%")
		print "\nmemory of the whole program in a call"
		row("  resident", "Program MB", "MB")
		row("  beyond the same program doing nothing", "Program MB/over", "MB", 30)
		print "\nall processors busy with something else, two phones, ten seconds"
		row("  speakers that ran dry", "Busy underruns/10s", "times", 0)
		row("  microphone thrown away", "Busy ms-lost/10s", "ms", 0)
		if (lost) { print lost " figures are missing"; exit 1 }
	}
' "$out"
