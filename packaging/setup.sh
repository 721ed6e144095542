#!/bin/sh
# Installs what is missing, and nothing else.
#   setup.sh build   what building and running needs
#   setup.sh test    what the tests need on top
# Before it uses sudo it asks; without a terminal to ask on, it uses a sudo that
# wants no password and otherwise says what to run.
set -eu
want=${1:-build}

# What to look for, and the package that has it; "-" where there is none.
#   when  look for              apt                dnf                     pacman       brew
needs='
    build command:cc,gcc,clang  gcc                gcc                     gcc          gcc
    build header:stdio.h        libc6-dev          glibc-devel             glibc        -
    build command:pkg-config    pkg-config         pkgconf-pkg-config      pkgconf      pkgconf
    build library:portaudio-2.0 portaudio19-dev    portaudio-devel         portaudio    portaudio
    build library:alsa          libasound2-dev     alsa-lib-devel          alsa-lib     -
    build library:opus          libopus-dev        opus-devel              opus         opus
    build library:speexdsp      libspeexdsp-dev    speexdsp-devel          speexdsp     speexdsp
    test  command:tmux          tmux               tmux                    tmux         tmux
    test  command:espeak-ng     espeak-ng          espeak-ng               espeak-ng    espeak-ng
    test  command:pulseaudio    pulseaudio         pulseaudio              pulseaudio   -
    test  command:pactl         pulseaudio-utils   pulseaudio-utils        libpulse     -
    test  plugin:pcm_pulse      libasound2-plugins alsa-plugins-pulseaudio alsa-plugins -
    test  command:dbus-daemon   dbus               dbus-daemon             dbus         -
    test  command:dpkg-deb      dpkg               dpkg                    dpkg         -
    test  command:chromium,chromium-browser,google-chrome chromium chromium chromium -
'

if   command -v apt-get >/dev/null 2>&1; then
	manager=apt update="apt-get update -q"
	install="env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends"
elif command -v dnf     >/dev/null 2>&1; then manager=dnf    update=true install="dnf install -y -q"
elif command -v pacman  >/dev/null 2>&1; then manager=pacman update=true install="pacman -Sy --needed --noconfirm"
elif command -v brew    >/dev/null 2>&1; then manager=brew   update=true install="brew install"
else
	manager=look
fi

there() { # command:NAME,NAME… | header:FILE | library:NAME | plugin:NAME
	name=${1#*:}
	case $1 in
	command:*) for c in $(echo "$name" | tr , ' '); do command -v "$c" >/dev/null 2>&1 && return 0; done; return 1 ;;
	header:*)  echo "#include <$name>" | cc -E - >/dev/null 2>&1 ;;
	library:*) pkg-config --exists "$name" 2>/dev/null ;;
	plugin:*)  find /usr/lib* /run/current-system/sw/lib -name "libasound_module_$name.so" 2>/dev/null | grep -q . ;;
	esac
}

command -v go >/dev/null 2>&1 || { echo "setup: Go is missing; get it from https://go.dev/dl and try again" >&2; exit 1; }
missing=""
while read -r when look apt dnf pacman brew; do
	[ -n "$when" ] || continue
	[ "$when" = build ] || [ "$want" = test ] || continue
	eval "package=\$$manager"
	[ "$package" = - ] || there "$look" || missing="$missing $package"
done <<TABLE
$needs
TABLE
missing=$(echo $missing)
[ -n "$missing" ] || exit 0
echo "setup: missing: $missing"

if [ $manager = look ]; then
	echo "setup: no package manager known here (apt-get, dnf, pacman, brew); install these by hand, libraries with their headers." >&2
	exit 1
fi
as_root=""
if [ "$(id -u)" != 0 ] && [ "${install#brew}" = "$install" ]; then
	as_root=sudo
	if [ -t 0 ]; then
		printf 'setup: install them with "sudo %s %s"? [y/N] ' "$install" "$missing"
		read -r answer
		case $answer in y|Y|yes) ;; *) echo "setup: nothing was installed."; exit 1 ;; esac
	elif ! sudo -n true 2>/dev/null; then
		echo "setup: run this, then try again: sudo $install $missing" >&2
		exit 1
	fi
fi
$as_root $update
$as_root $install $missing
