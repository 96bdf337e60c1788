# Everything a fresh clone needs: `make run` serves the demo company, `make test` checks the whole product.
# Each does its own set-up, and running it again is harmless.

PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
HOME_DIR := .onepicture
TOGETHER ?= 2
FUZZ ?= 2500

.PHONY: run test fuzz bench lint screenshots docs lock browser database clean help
.DEFAULT_GOAL := help

help:
	@echo "make run          serve the demo company at http://localhost:$(PORT) (made on the first run)"
	@echo "make test         run every test, in a real browser too; ARGS='-k words' narrows it, TOGETHER=4 uses more cores"
	@echo "make fuzz         spoil $(FUZZ) exports at random and import each; FUZZ=5000 spoils more"
	@echo "make bench        print what builds, pages and questions cost, as ratios; ARGS='door pages' narrows it"
	@echo "make lint         style, types and import contracts"
	@echo "make screenshots  write the pictures in docs/ from the running app"
	@echo "make docs         write what is declared into metrics/README.md and data/README.md"
	@echo "make lock         write requirements.lock anew from pyproject.toml (needs uv)"
	@echo "make clean        remove what make set up (.venv and the demo workspace)"

run: $(READY)
	@$(BIN)/onepicture demo --home $(HOME_DIR)
	@exec $(BIN)/onepicture serve --home $(HOME_DIR) --port $(PORT)

test: $(READY) browser database
	@$(BIN)/python -m pytest -n $(TOGETHER) --dist loadfile --no-loadscope-reorder $(ARGS)

fuzz: $(READY)
	@ONEPICTURE_FUZZ=$(FUZZ) $(BIN)/python -m pytest -q -m slow tests/soundness/test_fuzzed.py $(ARGS)

bench: $(READY)
	@$(BIN)/python -m tests.bench $(ARGS)

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports
	@$(BIN)/mypy

screenshots: $(READY) browser
	@$(BIN)/python docs/screenshots.py

# The environment is made anew only when the lock or the package's own file has changed.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Onepicture needs Python 3.11 or newer; \"$(PYTHON)\" is not. Install one, or name it: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -m pip --version >/dev/null 2>&1 || { \
	  echo "$(PYTHON) has no pip. Install it (on Debian: apt-get install python3-pip)." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv --without-pip $(VENV)
	@echo "Installing the pinned packages into $(VENV) (once, and whenever the lock changes) ..."
	@$(PYTHON) -m pip --python $(BIN)/python install -qq --no-compile --require-hashes -r requirements.lock
	@$(BIN)/python -m compileall -qq -j 0 $(VENV)/lib || true
	@$(PYTHON) -m pip --python $(BIN)/python install -qq --no-deps --no-build-isolation -e .
	@touch $@

# Debian's Chromium, where it is missing and may be installed; otherwise one sentence, and its tests skip.
browser:
	@command -v chromium >/dev/null 2>&1 && exit 0; \
	as=""; [ "$$(id -u)" = 0 ] || as="sudo -n"; \
	if command -v apt-get >/dev/null 2>&1 && $$as true 2>/dev/null; then \
	  echo "Installing Chromium for the browser tests ..."; \
	  $$as apt-get update -qq >/dev/null 2>&1; \
	  $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null 2>&1; \
	fi; \
	command -v chromium >/dev/null 2>&1 || \
	  echo "No Chromium: the browser tests will skip. Install it with: apt-get install chromium"

# Debian's PostgreSQL, for the tests of a ledger that several servers share; without it they skip and say so.
database:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && exit 0; command -v initdb >/dev/null 2>&1 && exit 0; \
	as=""; [ "$$(id -u)" = 0 ] || as="sudo -n"; \
	if command -v apt-get >/dev/null 2>&1 && $$as true 2>/dev/null; then \
	  echo "Installing PostgreSQL for the ledger's tests ..."; \
	  $$as apt-get update -qq >/dev/null 2>&1; \
	  $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null 2>&1; \
	fi; \
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || \
	  echo "No PostgreSQL: its tests will skip. Install it with: apt-get install postgresql"

docs: $(READY)
	@$(BIN)/python docs/catalogue.py

lock:
	@uv pip compile pyproject.toml --extra test --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --annotation-style line --quiet --output-file requirements.lock

clean:
	rm -rf $(VENV) $(HOME_DIR) *.egg-info
