# make run and make test are all that a newcomer needs; the rest is for those who work here.
.DEFAULT_GOAL := help
SHELL := /bin/bash
VENV := .venv
PYTHON := $(VENV)/bin/python
STATIC := src/prilavok/web/static
WEB_SOURCES := $(shell find web/src web/public web/index.html web/*.ts web/*.js web/package.json -type f 2>/dev/null)

.PHONY: help run test dev check bench chaos load lock build services clean

help:
	@echo "make run     set everything up and open the demo on http://127.0.0.1:8000"
	@echo "make test    set everything up and run the whole test suite"
	@echo "make dev     the demo, reloading when the code changes"
	@echo "make check   style, types, layers, front end"
	@echo "make bench   measure, ratios side by side"
	@echo "make chaos   kill -9 in the middle of everything, twenty times, on both databases"
	@echo "make build   the wheel, with the front end inside"

run: $(VENV)/.installed $(STATIC)/.built
	$(VENV)/bin/prilavok demo

test: $(VENV)/.installed-dev $(STATIC)/.built services
	$(PYTHON) -m pytest -n auto --dist loadgroup --no-loadscope-reorder

dev: $(VENV)/.installed-dev $(STATIC)/.built
	@echo "http://127.0.0.1:8000  sign in: owner@example.com · prilavok-demo"
	@trap 'kill 0' EXIT; (cd web && npx vite build --watch --emptyOutDir false & npx vite build --watch --config vite.widget.config.ts) & \
	$(VENV)/bin/uvicorn prilavok.demo:reloading --factory --reload --reload-dir src/prilavok \
		--port 8000 --ws websockets-sansio --log-level warning

check: $(VENV)/.installed-dev web/node_modules/.installed
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(PYTHON) -m pytest tests/test_architecture.py
	cd web && npm run --silent check

bench: $(VENV)/.installed-dev $(STATIC)/.built
	$(PYTHON) -m benchmarks

chaos: $(VENV)/.installed-dev
	$(PYTHON) -m pytest tests/chaos --whole --timeout=3600

build: $(VENV)/.installed-dev $(STATIC)/.built
	$(VENV)/bin/uv build --wheel --out-dir dist

lock:
	$(VENV)/bin/uv pip compile -q --universal --generate-hashes --no-header pyproject.toml -o requirements.lock
	$(VENV)/bin/uv pip compile -q --universal --generate-hashes --no-header --group dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) $(STATIC) web/node_modules dist build

# Set up

$(VENV)/bin/uv:
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Prilavok needs Python 3.11 or newer.")'
	@python3 -m venv $(VENV) 2>/dev/null || { rm -rf $(VENV); bash tools/install-system venv && python3 -m venv $(VENV); }
	$(PYTHON) -m pip install -q --disable-pip-version-check uv

$(VENV)/.installed: $(VENV)/bin/uv requirements.lock pyproject.toml
	VIRTUAL_ENV=$(VENV) $(VENV)/bin/uv pip install -q --require-hashes -r requirements.lock
	VIRTUAL_ENV=$(VENV) $(VENV)/bin/uv pip install -q --no-deps -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	VIRTUAL_ENV=$(VENV) $(VENV)/bin/uv pip install -q --require-hashes -r requirements-dev.lock
	@touch $@

web/node_modules/.installed: web/package.json web/package-lock.json
	@node -e 'process.exit(+process.versions.node.split(".")[0] < 20 ? 1 : 0)' || { echo "Prilavok needs Node 20 or newer to build its pages."; exit 1; }
	cd web && npm install --no-save --ignore-scripts --silent  # as the lock says; npm ci cannot read a lock without addresses
	@touch $@

$(STATIC)/.built: web/node_modules/.installed $(WEB_SOURCES)
	cd web && npm run --silent build
	@touch $@

services: tests/smsc/node_modules/.installed
	@bash tools/install-system services

tests/smsc/node_modules/.installed: tests/smsc/package.json
	@cd tests/smsc && npm install --no-package-lock --ignore-scripts --silent && touch node_modules/.installed || \
		echo "The message centre of the tests is not installed (npm); the tests that need it will be skipped"
