#!/bin/sh
# Draws the pictures of the README: the demo in tmux, captured with its colours,
# turned into HTML by aha and into PNG by Chromium. `make demo-tape` runs it.
set -eu
cd "$(dirname "$0")/.."
for tool in tmux aha; do
	command -v $tool >/dev/null || { echo "pictures: $tool is missing; install it and try again" >&2; exit 1; }
done
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
work=$(mktemp -d "${TMPDIR:-/tmp}/tring-pictures.XXXXXX")
trap 'tmux -S "$work/tmux" kill-server 2>/dev/null; rm -rf "$work"' EXIT
printf 'set -as terminal-features ",*:RGB"\nset -sg escape-time 0\nset -g status off\n' >"$work/tmux.conf"

tmux -S "$work/tmux" -f "$work/tmux.conf" new-session -d -s s -x 120 -y 40 \
	"env -u TMUX -u TMUX_PANE TERM=xterm-256color COLORTERM=truecolor HOME=$work XDG_STATE_HOME=$work XDG_RUNTIME_DIR=$work ./tring demo --set sound.silent=true; sleep 60"

press() { tmux -S "$work/tmux" send-keys -t s "$@"; }
sees() { # wait until a text is on the screen
	n=0
	until tmux -S "$work/tmux" capture-pane -p -t s | grep -q "$1"; do
		n=$((n + 1)); [ $n -lt 300 ] || { echo "pictures: \"$1\" never came" >&2; exit 1; }
		sleep 0.1
	done
}
picture() { # name
	tmux -S "$work/tmux" capture-pane -e -N -p -t s | aha --black --no-header >"$work/body"
	{
		printf '<!doctype html><meta charset=utf-8><style>body{margin:0;background:#101317}'
		printf 'pre{margin:0;padding:18px 22px;display:inline-block;font:15px/1.18 "DejaVu Sans Mono",monospace;color:#d8dee4}</style><pre>'
		cat "$work/body"; printf '</pre>'
	} >"$work/page.html"
	"$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --disable-background-networking --no-first-run \
		--user-data-dir="$work/chromium" --force-device-scale-factor=1.5 --window-size=1128,748 \
		--screenshot="demo/$1.png" "file://$work/page.html" >/dev/null 2>&1
	echo "demo/$1.png"
}

sees 'built-in handset'; picture linking
press s; sees Recents; sees Tone
press -l '+15550100201'; press Enter; sees 'IN CALL'; sees '00:0[6-9]'; picture talking
press e; sees 'The call ended'; press Escape; sees Recents
press -l '+15550100210'; press Enter; sees 'IN CALL'; sees '00:02'; press e; sees 'The call ended'
sees 'ringing 00:0[2-9]'; picture ringing
press d; sees 'declined'; press Escape; sees Recents; picture idle
