#!/bin/sh
# Builds dist/: the archive and, on Linux, the deb and rpm of this machine.
set -eu
cd "$(dirname "$0")/.."
version=${VERSION:-$(git describe --tags --always 2>/dev/null || echo dev)}
number=$(echo "${version#v}" | grep -E '^[0-9]+\.[0-9]' || echo "0.0.0~$version")
os=$(go env GOOS) arch=$(go env GOARCH)
stage=dist/stage
rm -rf dist && mkdir -p $stage/completions $stage/man

go build -trimpath -ldflags "-s -w -X main.version=$version" -o $stage/tring .
for shell in bash zsh fish; do $stage/tring completion $shell >$stage/completions/tring.$shell; done
$stage/tring man | gzip -9n >$stage/man/tring.1.gz
cp README.md LICENSE config.example.toml packaging/tring.desktop docs/third-party.md $stage/
tar -C $stage --sort=name --owner=0 --group=0 -czf "dist/tring_${number}_${os}_${arch}.tar.gz" .

if [ "$os" = linux ]; then
	for format in deb rpm; do
		VERSION=$number ARCH=$arch go run github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.43.0 \
			package --config packaging/nfpm.yaml --packager $format --target dist/
	done
fi
(cd dist && sha256sum tring_* tring-* 2>/dev/null >checksums.txt)
ls -l dist | sed 1d
