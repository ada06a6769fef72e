# Needs Python 3.11 or newer, make and a package index. Every target may be run twice, as root or not.
PYTHON ?= python3
V := .venv
BIN := $(V)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q

.PHONY: run test check lint fix words bench audit lock clean browser imap-server ldap-server
.NOTPARALLEL: # two targets would install into one environment; tests run side by side all the same

run: $(V)/run.stamp words  ## a desk with demo data at 127.0.0.1:8000
	@DESKBOOK_DEMO=$${DESKBOOK_DEMO:-1} $(BIN)/deskbook serve

# What is compiled is kept, whatever the shell says: a desk's five processes would each compile it anew, at every start.
test: export PYTHONDONTWRITEBYTECODE =
test: $(V)/dev.stamp words browser imap-server ldap-server  ## every test, browser tests included
	$(BIN)/pytest -n auto --dist loadgroup --durations=15

check: lint test  ## what must hold before a change goes in

lint: $(V)/dev.stamp words
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/djlint --check --quiet $(TEMPLATES)
	$(biome) format
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.unused
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -m django makemigrations --check --dry-run

fix: $(V)/dev.stamp  ## put right what a program can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/python -m tests.events_page
	$(BIN)/python -m tests.openapi_page
	$(BIN)/djlint --reformat --quiet --warn $(TEMPLATES)
	$(biome) format --write

TEMPLATES := $(wildcard deskbook/templates deskbook/*/templates deskbook/*/*/templates)
# Its wheel is for Linux on x86-64 only: elsewhere scripts and style sheets are left to who has one.
biome = @[ ! -x $(BIN)/biome ] || $(BIN)/biome

WORDS := $(patsubst %.po,%.mo,$(wildcard deskbook/locale/*/LC_MESSAGES/django.po))
words: $(WORDS)  ## compile what people read, where it was written anew
$(WORDS): %.mo: %.po | $(V)/run.stamp
	@$(BIN)/python setup.py -q words

bench: $(V)/dev.stamp words  ## measure a hundred thousand tickets (docs/bench.md); the data set is made the first time
	DESKBOOK_DATA=var/bench $(BIN)/python -m bench.dataset
	DESKBOOK_DATA=var/bench $(BIN)/python -m bench.load

audit: $(V)/run.stamp  ## known weaknesses of what is installed, of our code, and secrets in it; each known one is explained in tests/audit.py
	@[ -x var/audit/bin/bandit ] || { $(PYTHON) -m venv var/audit && var/audit/bin/pip --disable-pip-version-check -q install --require-hashes -r requirements-audit.lock; }
	@$(BIN)/python -m tests.audit

browser: $(V)/dev.stamp
	@$(BIN)/python -m tests.browser

imap-server: $(V)/dev.stamp
	@$(BIN)/python -m tests.imap_server

ldap-server: $(V)/dev.stamp
	@$(BIN)/python -m tests.ldap_server

lock:  ## choose newer versions of everything and write the two lock files (needs uv)
	uv pip compile --upgrade $(LOCK) -o requirements.lock pyproject.toml
	uv pip compile --upgrade $(LOCK) -c requirements.lock -o requirements-dev.lock --extra dev --extra planning pyproject.toml
	uv pip compile --upgrade -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group audit -o requirements-audit.lock
LOCK := -q --universal --extra build --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

clean:  ## everything made here, the demo's database too (a desk with DESKBOOK_DATA elsewhere is not touched)
	[ ! -L var/postgres ] || rm -rf "$$(readlink -f var/postgres)"
	rm -rf $(V) var build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(V)/venv.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo "Deskbook needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	{ echo "This Python cannot make virtual environments. On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "Making a virtual environment in $(V)."
	@$(PYTHON) -m venv $(V)
	@touch $@

# Without dependencies: a lock file names them all, and pip, asked for one of them with an extra, would look for the
# newest by itself and refuse it for having no hash.
$(V)/run.stamp: requirements.lock pyproject.toml $(V)/venv.stamp
	@echo "Installing what Deskbook needs; the first time that takes a minute."
	@$(PIP) install --no-deps --require-hashes -r requirements.lock
	$(link)

$(V)/dev.stamp: requirements-dev.lock pyproject.toml $(V)/venv.stamp
	@echo "Installing what the tests need; the first time that takes a minute or two."
	@$(PIP) install --no-deps --require-hashes -r requirements-dev.lock
	$(link)
	@touch $(V)/run.stamp

# Without isolation: setuptools comes from the lock, not unhashed from the index.
define link
@$(PIP) install --no-deps --no-build-isolation -e .
@touch $@
endef
