#!/bin/sh
# Installs what is missing, and nothing else.
#   setup.sh build   what building and running needs
#   setup.sh test    what the tests need on top
# Asks before it uses sudo; says what it would run when it cannot ask.
set -eu

want=${1:-build}
missing=""

need_command() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
need_library() { pkg-config --exists "$1" 2>/dev/null || missing="$missing $2"; }
need_any()     { for c in $1; do command -v "$c" >/dev/null 2>&1 && return; done; missing="$missing $2"; }

# One line a tool: what to look for, then its package in the manager at hand.
check() { # $1: cc pkgconf portaudio opus speexdsp alsa-plugins pulse pulse-utils tmux espeak chromium
	need_any "cc gcc clang" "$1"
	need_command pkg-config "$2"
	need_library portaudio-2.0 "$3"
	need_library opus "$4"
	need_library speexdsp "$5"
	[ "$want" = test ] || return 0
	if [ "$(uname -s)" = Linux ]; then
		[ -e "$alsa_plugin" ] || find /usr/lib* -name libasound_module_pcm_pulse.so 2>/dev/null | grep -q . || missing="$missing $6"
		need_command pulseaudio "$7"
		need_command pactl "$8"
	fi
	need_command tmux "$9"
	shift 9
	need_command espeak-ng "$1"
	need_any "chromium chromium-browser google-chrome" "$2"
}

alsa_plugin=/usr/lib/x86_64-linux-gnu/alsa-lib/libasound_module_pcm_pulse.so

if   command -v apt-get >/dev/null 2>&1; then
	check gcc pkg-config portaudio19-dev libopus-dev libspeexdsp-dev libasound2-plugins pulseaudio pulseaudio-utils tmux espeak-ng chromium
	[ -z "$missing" ] || [ "$(uname -s)" != Linux ] || pkg-config --exists alsa 2>/dev/null || missing="$missing libasound2-dev libc6-dev"
	update="apt-get update -q" install="env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends"
elif command -v dnf >/dev/null 2>&1; then
	check gcc pkgconf-pkg-config portaudio-devel opus-devel speexdsp-devel alsa-plugins-pulseaudio pulseaudio pulseaudio-utils tmux espeak-ng chromium
	update=true install="dnf install -y -q"
elif command -v pacman >/dev/null 2>&1; then
	check gcc pkgconf portaudio opus speexdsp alsa-plugins pulseaudio libpulse tmux espeak-ng chromium
	update=true install="pacman -S --needed --noconfirm"
elif command -v brew >/dev/null 2>&1; then
	check gcc pkgconf portaudio opus speexdsp "" "" "" tmux espeak-ng ""
	update=true install="brew install"
else
	echo "setup: no package manager known here (apt-get, dnf, pacman, brew)." >&2
	echo "setup: install a C compiler, pkg-config, PortAudio, libopus and libspeexdsp with their headers by hand." >&2
	exit 1
fi

missing=$(echo $missing)
[ -n "$missing" ] || exit 0
echo "setup: missing: $missing"

as_root=""
case $install in brew*) ;; *)
	if [ "$(id -u)" != 0 ]; then
		as_root="sudo"
		if [ -t 0 ]; then
			printf 'setup: install them with "sudo %s %s"? [y/N] ' "$install" "$missing"
			read -r answer
			case $answer in y|Y|yes) ;; *) echo "setup: nothing was installed."; exit 1 ;; esac
		elif ! sudo -n true 2>/dev/null; then
			echo "setup: run this, then try again: sudo $install $missing" >&2
			exit 1
		fi
	fi ;;
esac
$as_root $update
$as_root $install $missing
