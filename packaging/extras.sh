#!/bin/sh
# Writes what goes into packages beside the program: extras.sh PROGRAM FOLDER.
# The man page is dated by SOURCE_DATE_EPOCH or the last commit, so that the
# same source gives the same packages.
set -eu
program=$1 into=$2
: "${SOURCE_DATE_EPOCH:=$(git log -1 --format=%ct 2>/dev/null || echo 0)}"
day=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%d 2>/dev/null || date -u -r "$SOURCE_DATE_EPOCH" +%Y-%m-%d)

mkdir -p "$into"
for shell in bash zsh fish; do "$program" completion $shell >"$into/tring.$shell"; done
"$program" man | sed "1s/\"[0-9-]\{10\}\"/\"$day\"/" | gzip -9n >"$into/tring.1.gz"
