# Sets the figures of benchmarks against what they are to reach. Of several runs
# (-count) the least counts: what disturbs a run only ever makes it slower.
$1 == "pkg:" { pkg = $2; sub(/^tring\//, "", pkg) }
$1 ~ /^Benchmark/ && NF >= 4 {
	name = $1; sub(/^Benchmark/, "", name); sub(/-[0-9]+$/, "", name)
	for (i = 3; i < NF; i += 2) {
		key = pkg " " name " " $(i + 1)
		if (!(key in least) || $i + 0 < least[key]) least[key] = $i + 0
	}
}

# of is a figure; one that is missing makes its row so.
function of(what, unit) {
	if (!((what " " unit) in least)) { hole = 1; return 1 }
	return least[what " " unit]
}
function ns(what) { return of(what, "ns/op") }

# The path is the sound, from microphone to speaker, and the packets, from there
# to the socket and back.
function relay() {
	return of("audio CallOverOpus/relay", "x-libopus") + \
		ns("signaling/whatsapp/relay SendAndReceive") / of("audio CallOverOpus/relay", "ns-libopus")
}
function webrtc() {
	return of("audio CallOverOpus/WebRTC", "x-libopus") + \
		(ns("signaling/cloud/rtc Send") + ns("signaling/cloud/rtc Receive")) / of("audio CallOverOpus/WebRTC", "ns-libopus")
}

# goal prints one row; without a most it is for information.
function goal(what, value, form, most) {
	if (hole) { printf "%-58s %12s\n", what, "not measured"; hole = 0; holes++; return }
	if (most != "" && value > most) missed++
	printf "%-58s %12s  %s\n", what, sprintf(form, value), \
		most == "" ? "" : sprintf("at most " form "%s", most, value > most ? "   MISSED" : "")
}

END {
	printf "\n%-58s %12s  %s\n", "against the goals", "measured", "goal"
	goal("media path over libopus alone, 60 ms packets on a relay", relay(), "%.2f", 1.5)
	goal("media path over libopus alone, 20 ms packets of WebRTC", webrtc(), "%.2f", 1.5)
	goal("SRTP with its header over pion's as documented", ns("signaling/whatsapp/e2e ProtectAndOpen") / ns("signaling/whatsapp/e2e Pion"), "%.2f", 1)
	goal("allocations a packet, microphone to speaker, relay", of("audio Call/relay", "allocs/op"), "%d", 0)
	goal("allocations a packet, microphone to speaker, WebRTC", of("audio Call/WebRTC", "allocs/op"), "%d", 0)
	goal("allocations a packet, SRTP and relay, send and receive", of("signaling/whatsapp/relay SendAndReceive", "allocs/op"), "%d", 0)
	goal("allocations a packet, WebRTC, receive", of("signaling/cloud/rtc Receive", "allocs/op"), "%d", 0)
	goal("  in pion's SCTP and DTLS below a relay, both ends", of("signaling/whatsapp/relay Channel", "allocs/op"), "%d")
	goal("  in pion's peer connection, send", of("signaling/cloud/rtc Send", "allocs/op"), "%d")
	goal("dial to ringing, on the exchange", of("signaling/whatsapp DialToRing", "ms-to-ring"), "%.1f ms", 100)
	goal("answer to both phones in the call", of("signaling/whatsapp AnswerToSound", "ms-to-both-up"), "%.1f ms", 100)
	goal("answer to both hearing the first sound", of("signaling/whatsapp AnswerToSound", "ms-to-sound"), "%.1f ms", 100)
	goal("offer built", ns("signaling/whatsapp/stanza Offer") / 1000, "%.1f µs")
	goal("offer read", ns("signaling/whatsapp/stanza ParseOffer") / 1000, "%.1f µs")
	goal("relay block read", ns("signaling/whatsapp/relay ParseBlock") / 1000, "%.1f µs")
	goal("keys derived, both directions", ns("signaling/whatsapp/e2e DeriveKeys") / 1000, "%.1f µs")
	if (missed) print missed " missed; on a busy machine run it again"
	if (holes) exit 1
}
