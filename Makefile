# tring: `make demo` shows it, `make run` uses it, `make test` proves it.
SHELL   := /bin/sh
export GOFLAGS := -tags=nolibopusfile $(filter-out -tags=%,$(shell go env GOFLAGS))

VERSION ?= $(shell git describe --tags --always 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)

.PHONY: build run demo demo-tape test lint fuzz bench bench-audio dist generate clean setup setup-test

build: setup        ## build ./tring
	go build -ldflags '$(LDFLAGS)' -o tring .

run: build          ## start the phone on the real network
	./tring

demo: build         ## start the phone on a network of its own, no account needed
	./tring demo

test: setup-test    ## every test, on a private sound server
	sh packaging/test.sh

lint: setup-test    ## formatting, vet, staticcheck, known vulnerabilities
	sh packaging/lint.sh

fuzz: setup         ## each fuzz target for FUZZTIME (20s)
	sh packaging/fuzz.sh

bench: setup        ## the figures of the code, one table
	sh packaging/bench.sh

bench-audio: setup-test ## mouth to ear through real devices
	sh packaging/bench-audio.sh

demo-tape: build    ## draw the pictures of the README
	sh demo/pictures.sh

dist: setup         ## archive and packages for this machine, in dist/
	sh packaging/dist.sh

generate:           ## the diagram of calls, third-party notices, the hash for Nix
	go generate ./...

setup:
	@sh packaging/setup.sh build
setup-test: setup
	@sh packaging/setup.sh test

clean:
	rm -rf tring dist bin
