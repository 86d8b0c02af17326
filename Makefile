# Hikeshi. `make` alone lists what there is.
PYTHON ?= python3
BIN := .venv/bin
TESTS := $(BIN)/python -m pytest

.DEFAULT_GOAL := help
.PHONY: help install dev run demo check fmt test bench fuzz screens messages lock

help: ## List these targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

install: ## Install what running needs into this checkout
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11+ ($(PYTHON)): not found / 見つかりません"; exit 1; }
	@$(PYTHON) tools/install.py

dev:
	@$(PYTHON) tools/install.py --dev

run: install ## Install, then serve http://127.0.0.1:8440 (HIKESHI_HOST, HIKESHI_PORT, HIKESHI_DATA)
	@exec $(BIN)/hikeshi serve

demo: install ## Serve a throw-away desk in ./var-demo with sample alerts in it
	@exec $(BIN)/hikeshi demo

check: dev ## Everything a machine can find without running the product
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.messages check
	$(BIN)/python -m tools.openapi check

fmt: dev ## Put the source into its one shape
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

test: dev ## All tests, on SQLite and on PostgreSQL, then the real server and the browser
	$(TESTS) -n auto -m "not server and not browser"
	HIKESHI_TEST_DATABASE=postgresql $(TESTS) -n auto -m "django_db and not server and not browser"
	$(TESTS) -n auto --dist loadfile -m "server and not browser"
	$(TESTS) -n auto --dist loadfile --no-loadscope-reorder -m browser

bench: dev ## Measure what docs/operations.md claims, one after the other
	for bench in intake digest judging ledger pages imports reports upload paging rota escalation search lists; do echo "== $$bench"; $(BIN)/python "bench/$$bench.py" || exit 1; done

fuzz: dev ## Search what makes the readers of others' bytes fall, two minutes each (atheris, in an environment of its own)
	$(BIN)/python tools/fuzz.py

screens: dev ## Every page as a picture, ja and en, 1440 and 390 wide, in build/screens
	$(BIN)/python -m tools.screens

messages: dev ## Bring the catalogue up to date with the source, and compile it
	$(BIN)/python -m tools.messages update
	$(BIN)/python -m tools.messages compile

lock: ## Pin every dependency anew, with hashes (needs uv)
	$(PYTHON) tools/lock.py
