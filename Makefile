# Khuê. The two commands of a newcomer: make run, make test.
SHELL := /bin/bash
.DEFAULT_GOAL := help
export CGO_ENABLED := 1
export GOFLAGS := -buildvcs=false

TEMPL  := bin/tools/templ
FUMPT  := bin/tools/gofumpt
LINT   := bin/tools/golangci-lint
TEMPL_VERSION := v0.3.977
FUMPT_VERSION := v0.10.0
LINT_VERSION  := v2.15.0
VULN_VERSION  := v1.1.4
PACKAGES := ./...

.PHONY: help setup generate build run dev test unit lint bench conformance vuln clean

help: ## what each target does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/'

setup: ## check for what is missing and say how to get it
	@scripts/setup.sh

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-audit --no-fund
	@touch $@

$(TEMPL):
	GOBIN=$(CURDIR)/bin/tools go install github.com/a-h/templ/cmd/templ@$(TEMPL_VERSION)

$(FUMPT):
	GOBIN=$(CURDIR)/bin/tools go install mvdan.cc/gofumpt@$(FUMPT_VERSION)

$(LINT):
	GOBIN=$(CURDIR)/bin/tools go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)

generate: setup $(TEMPL) node_modules/.package-lock.json ## write templates' Go code and the built assets
	$(TEMPL) generate -log-level error
	go run ./web/ui/build

build: generate ## leaves bin/khue
	go build -o bin/khue ./cmd/khue

run: build ## builds and starts Khuê; the first start fills ./data with the demo
	bin/khue demo

dev: generate ## rebuilds and starts again as files change
	scripts/dev.sh

lint: generate $(FUMPT) $(LINT) ## gofumpt and golangci-lint
	@bad=$$($(FUMPT) -l $$(git ls-files '*.go')); if [ -n "$$bad" ]; then echo "gofumpt would change: $$bad"; exit 1; fi
	$(LINT) run $(PACKAGES)

unit: generate
	KHUE_REQUIRE_POSTGRES=1 KHUE_REQUIRE_CHROMIUM=1 go test -timeout 20m $(PACKAGES)

test: ## sets up (Chromium and PostgreSQL from Debian when missing), then lint and every test
	@scripts/setup.sh --tests
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory unit

bench: generate ## our figures beside peers'
	cd bench && GOFLAGS="$(GOFLAGS) -mod=mod" go run . $(BENCH)

conformance: ## outside clients check our public log
	cd ledger/conformance && GOFLAGS="$(GOFLAGS) -mod=mod" go test ./...

vuln: ## known faults of what we build on; says so where the database cannot be reached
	@scripts/vuln.sh $(VULN_VERSION)

clean: ## removes what was built
	rm -rf bin build node_modules web/ui/dist/*
