#!/bin/sh
# Formatting, vet, staticcheck (staticcheck.conf), and known vulnerabilities
# where their database can be reached. Go builds the tools at fixed versions.
set -eu
cd "$(dirname "$0")/.."
bad=$(git ls-files '*.go' | xargs go run mvdan.cc/gofumpt@v0.12.0 -l)
[ -z "$bad" ] || { echo "gofumpt would change:"; echo "$bad"; exit 1; }
go vet ./...
go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...
for script in packaging/*.sh demo/*.sh .ci/run; do sh -n "$script"; done
if vuln=$(go run golang.org/x/vuln/cmd/govulncheck@v1.5.0 ./... 2>&1); then
	echo "govulncheck: no known vulnerability is reached."
else
	case $vuln in
	*"fetching vulnerabilities"*) echo "govulncheck: not checked, its database cannot be reached from here." ;;
	*) echo "$vuln"; exit 1 ;;
	esac
fi
echo "lint: clean"
