# `make demo` and `make test` do all the set-up that they need; stamps in target/make record what is done.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
export CARGO_TERM_QUIET ?= true
export npm_config_update_notifier := false

done := target/make
bin := node_modules/.bin
module := npm/wasm/vaultmoat_bg.wasm

cargo_files := Cargo.toml Cargo.lock
engine_files := $(cargo_files) $(wildcard core/Cargo.toml wasm/Cargo.toml wasm/cargo.sh) \
	$(shell find core wasm/src -name '*.rs' -o -name '*.md' -o -name '*.bicep' -o -name '*.tf' 2>/dev/null)
pack_files := $(cargo_files) wasm/pack/Cargo.toml wasm/pack/src/main.rs
npm_files := $(shell find npm/src -name '*.ts') npm/tsconfig.json
page_files := $(wildcard examples/playground/*.html examples/playground/vite.config.js examples/playground/src/*) \
	$(shell find examples/templates -type f)
package_files := package.json package-lock.json $(wildcard npm/package.json tests/package.json examples/*/package.json)

# What `make test` runs, in this order.
tests := $(addprefix test-,format repository clippy rust types node vscode neovim wasm browser trap package supply)
# Comparisons that check random templates, or every template in many variations, which takes minutes.
slow := fixes metamorphic recheck simulator stream yielding

define types
@$(bin)/tsc -p tests
@$(bin)/tsc -p examples/playground
@$(bin)/eslint .
@$(bin)/knip
endef

say = @printf '\033[1m== %s\033[0m\n' "$(1)"

.PHONY: build demo check check-rust check-types test announce lint fmt playground help clean types contracts package \
	sbom test-format test-repository test-clippy test-rust test-types test-node test-vscode test-neovim test-wasm \
	test-browser test-trap test-package test-supply test-firefox test-editor test-bundlers test-spark hostile \
	metamorphic mutants cases fuzz coverage audit reproducible bench bench-lsp bench-memory bench-estate sizes

##@ Every day

build: $(module) $(done)/typescript $(done)/rules $(done)/facts $(done)/schemas npm/sbom.cdx.json ## The CLI, as node_modules/.bin/vaultmoat

demo: build ## Checks the example templates
	$(call say,vaultmoat check examples/templates)
	@$(bin)/vaultmoat check --fail-on never examples/templates

check: test-format test-repository test-clippy check-rust check-types ## What to run before a commit: two minutes, no root, no browser
	$(call say,the quick part passed)

check-rust:
	$(call say,quick Rust tests)
	@cargo test -p vaultmoat-core -p vaultmoat-tests --lib --test guards --test subjects
	@cargo test -p vaultmoat-tests --test comparisons -- $(patsubst %,--skip %::,$(slow))

# An outdated module is sufficient: the types come from `wasm/src`, which rarely changes.
check-types: $(done)/node_modules | $(module)
	$(call say,types and lints)
	@$(bin)/tsc -p npm
	$(types)

test: announce $(tests) ## Every test except those on demand; first lists what it installs
	@if [ -e $(done)/skipped ]; then echo "passed, except for what needs $$(sort -u $(done)/skipped | xargs)"; \
		else printf '\033[1m== everything passed\033[0m\n'; fi

announce:
	$(call say,what this installs)
	@.ci/announce.sh

lint: test-format test-clippy test-types ## Formatting, clippy, types and lints

fmt: $(done)/node_modules ## Formats everything
	@cargo fmt
	@$(bin)/prettier --write --log-level warn .

playground: $(done)/playground ## Serves the playground
	@node examples/playground/serve.js

help: ## This list
	@awk -F ':.*## ' '/^##@ / { printf "\n%s\n", substr($$0, 5) } /^[a-z-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' Makefile

clean: ## Removes everything that is built
	@rm -rf target node_modules npm/dist npm/wasm npm/schema npm/rules npm/facts npm/README.md npm/LICENSE* npm/sbom.cdx.json \
		examples/playground/dist examples/vscode/dist examples/vscode/wasm

##@ Generated files

types: ## Writes the TypeScript of the engine's result types and questions
	@UPDATE=1 cargo test -p vaultmoat-tests typescript

contracts: build ## Records what is promised and shipped, if nothing breaks or a new version allows it
	@UPDATE_CONTRACTS=1 node --test tests/supply.test.js tests/contracts.test.js

package: build ## The npm package, in target/package
	@rm -rf target/package && mkdir -p target/package
	@npm pack --loglevel=error --workspace vaultmoat --pack-destination target/package

sbom: npm/sbom.cdx.json ## The package's bill of materials, as CycloneDX

##@ The parts of `make test`

test-format: $(done)/node_modules ## Formatting
	$(call say,formatting)
	@cargo fmt --check
	@$(bin)/prettier --check --log-level warn .

test-repository: $(done)/node_modules ## Documents, workflows and settings agree with the repository
	$(call say,what the documents and the settings say)
	@node --test tests/repository.test.js tests/documents.test.js tests/layers.test.js

test-clippy: ## Lints of the Rust code
	$(call say,clippy)
	@cargo clippy --workspace --all-targets -- -D warnings

test-rust: ## The Rust tests
	$(call say,Rust tests)
	@cargo test --workspace

test-types: build ## Types of the tests and examples; lints and unused exports of all TypeScript
	$(call say,types and lints)
	$(types)

test-node: build ## The package in Node
	$(call say,tests in Node)
	@node --test npm/test/*.test.js

test-vscode: build ## The VS Code extension without VS Code
	$(call say,VS Code extension)
	@node --test examples/vscode/test/*.mjs

test-neovim: build ## The language server in Neovim
	$(call say,language server in Neovim)
	@.ci/with.sh neovim node --test tests/neovim.test.js

test-wasm: ## The binding in Node and in Chromium
	$(call say,binding in Node and in Chromium)
	@wasm/test.sh

test-browser: build $(done)/playground ## The page and the worker in Chromium, and that all hosts agree
	$(call say,browser and parity of hosts)
	@cargo build -p vaultmoat-tests --bins
	@.ci/with.sh chromium node --test tests/browser.test.js tests/parity.test.js tests/playground.test.js tests/bundlers.test.js

test-trap: build $(done)/trap ## What hosts do when the engine crashes
	$(call say,crashes of the engine)
	@.ci/with.sh chromium node --test tests/trap.test.js

test-package: build ## The installed package
	$(call say,package as it is installed)
	@node --test tests/package.test.js tests/node-ci.test.js

test-supply: build ## What is shipped and what is promised
	$(call say,what is shipped and what is promised)
	@node --test tests/supply.test.js tests/contracts.test.js

##@ Tests on demand

test-firefox: build $(done)/playground ## The page and the worker in Firefox
	$(call say,browser tests in Firefox)
	@.ci/with.sh firefox env BROWSER=firefox node --test tests/browser.test.js tests/playground.test.js

test-editor: build ## The VS Code extension in VS Code; installs 800 MB and takes some minutes
	$(call say,VS Code extension in VS Code)
	@.ci/chromium.sh
	@.ci/code-server.sh
	@cd examples/vscode && npm run --silent package
	@node --test --test-concurrency=1 tests/editor.test.js

test-bundlers: build $(done)/bundlers ## The package through webpack, in Deno and in Bun
	$(call say,package through webpack and in Deno and Bun)
	@.ci/with.sh chromium node --test tests/bundlers/bundlers.test.js

test-spark: build $(done)/spark ## The Spark job of examples/spark with two workers; needs Python and Java 17
	$(call say,Spark)
	@target/spark/venv/bin/python examples/spark/test.py

hostile: ## How long hostile inputs take and how much memory; fails over two seconds or 500 MB
	$(call say,hostile inputs)
	@cargo run --release -p vaultmoat-tests --bin hostile

metamorphic: ## Every template here and 2,000 networks, each rewritten in every equivalent way
	$(call say,metamorphic)
	@METAMORPHIC_CASES=0 METAMORPHIC_NETWORKS=2000 cargo test --release -p vaultmoat-tests --test comparisons metamorphic:: -- --nocapture

cases: build ## Problems from public reports, and small templates that once had a wrong report; how many tests each kind has
	$(call say,cases)
	@cargo test -p vaultmoat-tests --test subjects cases:: -- --list | sed -n 's/^cases::\([a-z_]*\)::.*/\1/p' | sort | uniq -c
	@cargo test -p vaultmoat-tests --test subjects cases::
	@cargo test -p vaultmoat-tests --test guards hostile::
	@node --test npm/test/problems.test.js npm/test/skipped.test.js npm/test/replace.test.js npm/test/config.test.js

mutants: ## Mutations of rules, simulator and model that no test notices; MUTANTS=0/8 tries an eighth of them
	@.ci/mutants.sh

fuzz: ## Coverage-guided fuzzing of each target, FUZZ_SECONDS (60) long; needs a nightly Rust
	@.ci/fuzz.sh

coverage: ## Which part of each layer of the engine the Rust tests reach; COVERAGE=FILE shows a file's lines
	@.ci/coverage.sh

audit: $(done)/node_modules ## Known vulnerabilities of what is shipped, from the network
	@.ci/audit.sh

reproducible: ## Builds the last commit twice, in different places, and compares the bytes
	@.ci/reproducible.sh

##@ Measurements

bench: build $(done)/playground ## Speed, native and in WebAssembly, beside other parsers; start-up, size; needs a C compiler
	$(call say,benchmarks)
	@cargo build --release --manifest-path tests/peers/Cargo.toml --bin bench
	@node tests/bench.js
	@node tests/playground.bench.js

bench-lsp: build ## How long an editor waits, and the server's memory over 10,000 edits
	$(call say,language server)
	@node tests/bench-lsp.js

bench-memory: build ## The memory of one instance over 100,000 checks, in each way of use
	$(call say,memory)
	@node tests/bench-memory.js

bench-estate: build ## Time and memory of `check --stream` over estates of 1,000 to 100,000 vaults
	$(call say,estates)
	@node tests/bench-estate.js

sizes: build ## The size of each part of the module
	$(call say,sizes)
	@node npm/scripts/costs.js

# Build rules

$(done)/node_modules: $(package_files)
	$(call say,npm packages)
	@command -v node >/dev/null || { echo 'missing: Node 20.19, 22.13 or newer' >&2; exit 1; }
	@npm ci --no-audit --no-fund --loglevel=error
	@mkdir -p $(@D) && touch $@

shrink_files := $(addprefix npm/scripts/, shrink.js module.js order.js)
$(module): $(engine_files) $(pack_files) $(shrink_files) $(done)/node_modules
	$(call say,WebAssembly module)
	@command -v cargo >/dev/null || { echo 'missing: Rust, by rustup' >&2; exit 1; }
	@wasm/cargo.sh build -p vaultmoat-wasm --profile wasm
	@cargo run -p vaultmoat-pack -- target/wasm/wasm32-unknown-unknown/wasm/vaultmoat_wasm.wasm npm/wasm
	@node npm/scripts/shrink.js
	@touch $@

$(done)/typescript: $(npm_files) $(module)
	$(call say,npm package)
	@rm -rf npm/dist
	@$(bin)/tsc -p npm
	@touch $@

$(done)/rules: $(wildcard core/src/rules/docs/*.md)
	@rm -rf npm/rules && mkdir -p npm/rules $(@D)
	@cp core/src/rules/docs/*.md npm/rules/ 2>/dev/null || true
	@touch $@

$(done)/facts: $(wildcard facts/*.md)
	@rm -rf npm/facts && mkdir -p npm/facts $(@D)
	@cp facts/*.md npm/facts/
	@touch $@

$(done)/schemas: npm/scripts/schemas.js $(done)/typescript
	@rm -rf npm/schema
	@node $<
	@touch $@

npm/sbom.cdx.json: Cargo.lock package-lock.json wasm/Cargo.toml core/Cargo.toml npm/package.json npm/scripts/sbom.js \
		npm/scripts/parts.js $(done)/node_modules
	@node npm/scripts/sbom.js

$(done)/playground: $(page_files) $(module) $(done)/typescript
	$(call say,playground)
	@cd examples/playground && ../../$(bin)/vite build --logLevel warn
	@mkdir -p $(@D) && touch $@

# The package with a module, built from the same code, that panics on request (feature `trap`).
trap := target/trap
$(done)/trap: $(engine_files) $(pack_files) $(done)/typescript $(done)/rules $(done)/facts
	$(call say,a module that crashes)
	@wasm/cargo.sh build -p vaultmoat-wasm --features trap
	@rm -rf $(trap) && mkdir -p $(trap)/package
	@cp -r npm/bin npm/dist npm/rules npm/facts npm/package.json $(trap)/package/
	@cargo run -p vaultmoat-pack -- target/wasm/wasm32-unknown-unknown/debug/vaultmoat_wasm.wasm $(trap)/package/wasm
	@touch $@

$(done)/spark: examples/spark/requirements.txt
	$(call say,PySpark)
	@python3 -m venv target/spark/venv
	@target/spark/venv/bin/pip install --quiet --requirement $<
	@mkdir -p $(@D) && touch $@

$(done)/bundlers: tests/bundlers/package.json tests/bundlers/package-lock.json
	@mkdir -p target/bundlers $(@D) && cp $^ target/bundlers/
	@cd target/bundlers && npm ci --no-audit --no-fund --loglevel=error
	@touch $@
