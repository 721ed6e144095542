#!/bin/sh
# Builds the archive and, on Linux, the deb and rpm of this machine.
#   DIST      where they go (dist)
#   VERSION   what they call themselves (the last tag, or the commit)
set -eu
cd "$(dirname "$0")/.."
dist=${DIST:-dist}
commit=$(git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
version=${VERSION:-$(git describe --tags --always 2>/dev/null || echo dev)}
number=${version#v}
case $number in [0-9]*.[0-9]*) ;; *) number=0.0.0~$(git log -1 --date=format:%Y%m%d%H%M --format=%cd.%h 2>/dev/null || echo dev) ;; esac
os=$(go env GOOS) arch=$(go env GOARCH)
export SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}"

rm -rf "$dist"
stage=$dist/tring
mkdir -p "$stage"
go build -trimpath -ldflags "-s -w -X main.version=$version -X main.commit=$commit" -o "$stage/tring" .
sh packaging/extras.sh "$stage/tring" "$stage/extras"
cp README.md LICENSE config.example.toml packaging/tring.desktop docs/third-party.md "$stage/"

archive=$dist/tring_${number}_${os}_${arch}.tar.gz
if tar --version | grep -q GNU; then
	tar -C "$dist" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -cf - tring | gzip -9n >"$archive"
else
	tar -C "$dist" -czf "$archive" tring
fi
if [ "$os" = linux ]; then
	for format in deb rpm; do
		VERSION=$number ARCH=$arch STAGE=$stage go run github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.43.0 \
			package --config packaging/nfpm.yaml --packager $format --target "$dist" >/dev/null
	done
fi
rm -rf "$stage"
cd "$dist"
if command -v sha256sum >/dev/null; then sha256sum tring* >checksums.txt; else shasum -a 256 tring* >checksums.txt; fi
cat checksums.txt
