# All entry points. Each sets up what it needs first (scripts/setup.sh), which is quick when it is
# there already. What cargo is asked to do is written in scripts/cargo.sh.

SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help setup run build test check lint fmt doc vectors weights bench plots deny

# Arguments for the node (`make run ARGS="--tmp --rpc-port 9955"`), for cargo, or for the script.
ARGS ?=

help: ## List the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

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
