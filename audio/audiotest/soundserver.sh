#!/bin/sh
# A private PulseAudio for tests: no sound card, no session, nothing of the
# user's read or written.
#
#   soundserver.sh run COMMAND…   run a command with a server of its own
#   soundserver.sh serve DIR      be the server, in the foreground
#   soundserver.sh env DIR        print what a client of that server needs
#
# Two phones, a and b, have four mono wires on one clock. For each phone P:
#   sink P_mouth    ── what is played here, P_microphone (a source) hears
#   sink P_speaker  ── what is played here, P_ear (a source) hears
set -eu

configuration() {
	echo "load-module module-native-protocol-unix auth-anonymous=1 socket=$1/native"
	# Without norewinds the sink renders two seconds ahead and a new stream
	# stands still that long.
	echo "load-module module-null-sink sink_name=wires rate=48000 format=s16le channels=4 channel_map=aux0,aux1,aux2,aux3 norewinds=1"
	wire=0
	for name in a_mouth:a_microphone a_speaker:a_ear b_mouth:b_microphone b_speaker:b_ear; do
		sink=${name%:*} source=${name#*:}
		echo "load-module module-remap-sink sink_name=$sink master=wires channels=1 channel_map=mono master_channel_map=aux$wire remix=no sink_properties=device.description=$sink"
		echo "load-module module-remap-source source_name=$source master=$sink.monitor channels=1 channel_map=mono master_channel_map=mono remix=no source_properties=device.description=$source"
		wire=$((wire + 1))
	done
	echo "set-default-sink a_speaker"
	echo "set-default-source a_microphone"
}

serve() {
	mkdir -p "$1/home" "$1/run"
	chmod 700 "$1/run"
	configuration "$1" >"$1/server.pa"
	# ALSA's only way is to the server, so that PortAudio probes nothing else.
	printf 'pcm.pulse { type pulse hint { show on description "sound server" } }\nctl.pulse { type pulse }\npcm.!default pulse\nctl.!default pulse\n' >"$1/asound.conf"
	unset PULSE_SERVER PULSE_SINK PULSE_SOURCE
	export HOME="$1/home" XDG_RUNTIME_DIR="$1/run"
	exec pulseaudio -n -F "$1/server.pa" --daemonize=no --exit-idle-time=-1 --disallow-exit --use-pid-file=no \
		--realtime=yes --high-priority=yes --log-level=notice --log-target="file:$1/server.log"
}

environment() {
	echo "ALSA_CONFIG_PATH=$1/asound.conf"
	echo "PULSE_SERVER=unix:$1/native"
}

await() {
	tries=0
	until PULSE_SERVER="unix:$1/native" pactl info >/dev/null 2>&1; do
		tries=$((tries + 1))
		if [ "$tries" -gt 250 ]; then
			echo "soundserver: PulseAudio did not start: $(cat "$1/server.log" 2>/dev/null)" >&2
			exit 1
		fi
		sleep 0.02
	done
}

run() {
	dir=$(mktemp -d)
	"$0" serve "$dir" >/dev/null 2>&1 </dev/null &
	server=$!
	trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; rm -rf "$dir"' EXIT
	await "$dir"
	env $(environment "$dir") "$@"
}

case ${1-} in
serve) serve "$2" ;;
env) environment "$2" ;;
run) shift && run "$@" ;;
*)
	sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
	exit 2
	;;
esac
