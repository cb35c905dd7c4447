# All entry points. Each sets up what it needs first (scripts/setup.sh), which is quick when it is
# there already. What cargo is asked to do is written in scripts/cargo.sh.

SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help setup run build test testnet testnet-stop testnet-status upgrade-test try-upgrade fault-test load-test check lint fmt doc vectors random fuzz weights bench plots deny

# Arguments for the node (`make run ARGS="--tmp --rpc-port 9955"`), for cargo, or for the script.
ARGS ?=

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

setup: ## Install what a build needs: protoc, a C++ compiler, the WASM target
	@scripts/setup.sh --build

run: setup ## Build the node and run a development chain (arguments: ARGS="…")
	@scripts/cargo.sh build
	@exec "$$(scripts/cargo.sh node-path)" --dev $(ARGS)

build: setup ## Build the node, with the WASM runtime in it
	@scripts/cargo.sh build $(ARGS)
	@echo "built: $$(scripts/cargo.sh node-path)"

test: ## Run all tests: the model, native ones, then end to end against the built node
	@scripts/setup.sh --test
	@scripts/test.sh $(ARGS)

testnet: ## Start four validators and a full node on this machine (ARGS=--fresh: anew)
	@scripts/setup.sh --test
	@scripts/cargo.sh build
	@scripts/testnet.sh start $(ARGS)

testnet-stop: ## Stop just those
	@scripts/testnet.sh stop $(ARGS)

testnet-status: ## Show what each of them says
	@scripts/testnet.sh status $(ARGS)

upgrade-test: ## Upgrade the last release's runtime on a network of four validators, with live staking (ARGS: --slots SECONDS)
	@scripts/setup.sh --test
	@scripts/cargo.sh build
	@scripts/testnet.sh upgrade $(ARGS)

try-upgrade: setup ## Upgrade a copy of a chain's state, with all checks (ARGS: a node's URL, or a state's file)
	@scripts/try-upgrade.sh $(ARGS)

fault-test: ## Kill, cut off and starve nodes of such a network (ARGS: kill one two clock disk partition)
	@scripts/setup.sh --test
	@scripts/cargo.sh build
	@scripts/testnet.sh faults $(ARGS)

load-test: ## Ten minutes of load and abuse on such a network (ARGS: --short --minutes N --accounts N)
	@scripts/setup.sh --test
	@scripts/cargo.sh build
	@scripts/testnet.sh load $(ARGS)

check: ## Run what CI runs
	@bash .ci/run

lint: setup ## Run clippy on everything, warnings denied
	@scripts/cargo.sh lint

fmt: ## Format everything
	@scripts/cargo.sh fmt

doc: setup ## Build the documentation, warnings denied
	@scripts/cargo.sh doc

vectors: ## Write tests/vectors/ anew with the reference model
	@scripts/model.sh generate

random: setup ## Try a million random calls, some ten minutes, and print what became of them
	@DTAO_RANDOM_TRIES=1000000 DTAO_RANDOM_CALLS=20 \
		scripts/cargo.sh test --lib random_calls -- --nocapture

fuzz: setup ## Look for inputs that break a rule (ARGS="calls --seconds 600"; targets: math shares yuma calls)
	@scripts/fuzz.sh $(ARGS)

weights: setup ## Measure the pallets' weights anew and write them
	@. scripts/env.sh && benchmarks/weights.sh $(ARGS)

bench: setup ## Measure blocks, calls and formulas, and write benchmarks/results (ARGS=--quick: try it)
	@benchmarks/bench.sh $(ARGS)

plots: setup ## Compute the figures of docs/promises.md anew and draw them
	@scripts/cargo.sh test --lib -- --ignored --exact tests::promises::series::write_the_series
	@scripts/plots.py

deny: ## Check licences, sources and advisories (needs cargo-deny)
	@command -v cargo-deny >/dev/null || { echo "Run: cargo install --locked cargo-deny" >&2; exit 1; }
	@cargo deny --locked check
