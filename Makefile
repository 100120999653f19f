# Gatehouse. `make` alone says what there is. README.md shows the same as plain commands.

PORT ?= 8000
export PORT
HTTPS_PORT ?= 8443
HTTP_PORT ?= 8080
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
# The pins are the whole list, so nothing beside them is resolved; wheels alone, so no package's own
# script runs. pip itself first: the one that comes with Python 3.11 takes twice as long.
PIP_INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-compile \
	--only-binary :all:
PIP := pip==26.3

# `make check` judges the settings of production. Fresh secrets, in this one process alone.
PRODUCTION := $(BIN)/python -m config.generate_env --print --host api.example.com \
	--database-url postgres://nobody@127.0.0.1:1/nothing --redis-url redis://127.0.0.1:1/0 \
	--email-url smtp://127.0.0.1:1

.DEFAULT_GOAL := help
.PHONY: help run test check attack prove edge edge-checkers schema-checkers browser clients bench

help: ## Say what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

run: $(VENV)/.runtime ## Run the service with demo data on http://localhost:PORT (8000)
	@$(BIN)/python -m config.run

test: $(VENV)/.tests ## Run all tests on SQLite
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow"

check: $(VENV)/.tests ## Check style, dependencies, migrations, production settings, the house rules
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m pip check
	@set -ea; environment="$$($(PRODUCTION))"; eval "$$environment"; set +a; set -x; \
	$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run; \
	$(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python -m pytest tests/house

attack: $(VENV)/.tests ## Try every attack: on this tree, or on a server on loopback with URL=…
	@$(BIN)/python -m apps.workshop.attack $(if $(URL),--url $(URL)) $(if $(CA),--ca $(CA))

prove: $(VENV)/.tests ## Remove each control in a copy, and see its attack succeed
	@$(BIN)/python -m apps.workshop.prove $(ONLY)

edge: $(VENV)/.runtime ## Run it behind nginx, over TLS, on https://localhost:HTTPS_PORT (8443)
	@$(BIN)/python -m deploy.edge --https $(HTTPS_PORT) --http $(HTTP_PORT)

bench: .venv-bench/.done ## Measure it beside stock Django REST Framework and an assembled stack
	@.venv-bench/bin/python -m benchmarks.run $(OPTIONS)

browser: .venv-browser/.done ## Walk through the pages in Chromium (SCREENSHOTS=DIR keeps pictures)
	@.venv-browser/bin/python -m pytest tests/browser

clients: .venv-clients/.done ## Real OAuth clients and the samples, over TLS behind nginx, in Chromium
	@.venv-clients/bin/python -m pytest tests/real_clients

.venv-clients/.done: tests/real_clients/requirements.txt requirements-dev.txt requirements.txt
	@$(PYTHON) -m venv .venv-clients
	@.venv-clients/bin/python -m pip install -qq --disable-pip-version-check --no-deps --requirement $<
	@touch $@

.venv-browser/.done: tests/browser/requirements.txt requirements-dev.txt requirements.txt
	@$(PYTHON) -m venv .venv-browser
	@.venv-browser/bin/python -m pip install -qq --disable-pip-version-check --no-deps --requirement $<
	@touch $@

edge-checkers: .venv-edge/.done

schema-checkers: .venv-schema/.done

.venv-schema/.done: tests/fuzz/requirements.txt
	@$(PYTHON) -m venv .venv-schema
	@.venv-schema/bin/python -m pip install -qq --disable-pip-version-check --no-deps --requirement $<
	@touch $@

.venv-edge/.done: tests/edge/requirements.txt
	@$(PYTHON) -m venv .venv-edge
	@.venv-edge/bin/python -m pip install -qq --disable-pip-version-check --no-deps --requirement $<
	@touch $@

.venv-bench/.done: benchmarks/requirements.txt
	@$(PYTHON) -m venv .venv-bench
	@.venv-bench/bin/python -m pip install -qq --disable-pip-version-check --no-deps --requirement $<
	@touch $@

$(VENV)/.runtime: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Gatehouse needs Python 3.11. Mend: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "Installing requirements.txt into $(VENV) (once; about half a minute)"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP_INSTALL) $(PIP)
	@$(PIP_INSTALL) --requirement requirements.txt
	@touch $@

$(VENV)/.tests: requirements-dev.txt $(VENV)/.runtime
	@echo "Installing requirements-dev.txt into $(VENV)"
	@$(PIP_INSTALL) --requirement requirements-dev.txt
	@touch $@
