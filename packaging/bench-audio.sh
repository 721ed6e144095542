#!/bin/sh
# Mouth to ear through real devices on a private sound server, and the parts of
# that time: the pipeline, the codec, the canceller.
set -eu
cd "$(dirname "$0")"
export BENCHTIME="${BENCHTIME:-1s}"
sh bench.sh ./audio/portaudio
sh bench.sh ./audio ./audio/opus ./audio/speex
