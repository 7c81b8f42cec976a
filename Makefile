# The same verbs as ./porchlight, for those whose fingers know make. `make` alone prints the menu.
.DEFAULT_GOAL := help
.PHONY: help up status test lint types format clean
ARGS ?=

help: ## show this menu
	@echo "make VERB [ARGS='…']      (the same as ./porchlight VERB …)"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: ## start everything and stay with it until Ctrl-C
	@./porchlight up $(ARGS)

status: ## show what runs, where, and in which state
	@./porchlight status $(ARGS)

test: ## run every check and test; ARGS='-k name' runs only those tests
	@./porchlight test $(ARGS)

lint: .venv/installed-requirements-dev.lock ## look for faults of style and of import direction
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/lint-imports

types: .venv/installed-requirements-dev.lock ## check the types
	@.venv/bin/mypy

format: .venv/installed-requirements-dev.lock ## put every file into the common form
	@.venv/bin/ruff check --fix . && .venv/bin/ruff format .

clean: ## remove the environment and all caches; the data folder stays
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.venv/installed-requirements-dev.lock: requirements-dev.lock
	@./porchlight test --version
