# The commands of the house. "make test" is the one to know.

GO ?= go
FUZZTIME ?= 10s

.PHONY: test check bench generate fmt lint race fuzz saboteurs screenshots

test: ## every suite, on SQLite and on PostgreSQL, with a browser
	@scripts/install-test-tools
	$(GO) build ./...
	$(GO) vet ./...
	@scripts/test ./...

check: lint test race fuzz saboteurs ## all of it: what a release has passed

lint: ## formatting, floors, staticcheck, and whether what is generated is up to date
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo "run: make fmt"; exit 1; }
	$(GO) vet ./...
	$(GO) tool -modfile=tools/lint/go.mod staticcheck ./...
	$(GO) test -run '^TestFloors$$' .
	@scripts/generate --check

race: ## the packages with goroutines, under the race detector, which needs a C compiler
	@scripts/install-test-tools race
	CGO_ENABLED=1 scripts/with-postgres $(GO) test -race -short -timeout 60m ./internal/db/... ./vault/... ./ledger/... ./intake/... ./register/... ./access/... ./web/... ./estimate

fuzz: ## each fuzz target for FUZZTIME
	@scripts/fuzz $(FUZZTIME)

saboteurs: ## small patches that break a rule; each must turn the suite red
	@scripts/saboteurs

bench: ## the benchmarks of docs/benchmarks.md
	@scripts/with-postgres $(GO) test -run '^$$' -bench . -benchtime 1x -timeout 60m ./...

generate: ## queries, pages, docs/vocabulary.md
	@scripts/generate

fmt:
	gofmt -w $$(git ls-files '*.go')

screenshots: ## real pages of the demo, for the README
	@scripts/install-test-tools
	$(GO) test -run TestScreenshots -count=1 ./internal/story/... -args -screenshots
