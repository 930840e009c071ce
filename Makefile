# Two commands from a fresh clone: make demo, make test. They need Python 3.11 or later, git and make.

SHELL := /bin/sh
VENV := .venv
# The first of these that is Python 3.11 or later; `make PYTHON=...` chooses another.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
DEMO := environments/data-science/environment.yml
OUT := demo-output

.PHONY: help demo test lint bench environments docs clean

help:
	@echo "make demo          lock a real environment for five platforms, prove and update the lock, see a conflict and slips"
	@echo "make test          run the tests (offline)"
	@echo "make lint          ruff and mypy --strict"
	@echo "make bench         measure against py-rattler, conda-lock and PyYAML; print the table"
	@echo "make environments  lock the curated environments again from environments/channel"
	@echo "make docs          write the pages that are generated"
	@echo "make clean         remove what these commands made"

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "no Python 3.11 or later was found; name one: make PYTHON=/path/to/python3"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

$(VENV)/installed: setup.cfg pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install -qq --editable .
	@touch $@

$(VENV)/installed-dev: setup.cfg pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install -qq --editable ".[test,dev,notebook]"
	@touch $@ $(VENV)/installed

demo: $(VENV)/installed
	@mkdir -p $(OUT)
	@cp $(DEMO) $(OUT)/environment.yml
	@echo; echo "1. Lock a copy of $(DEMO) for its platforms, from the channel recorded in environments/channel:"; echo
	$(BIN)/condaenv lock $(OUT)/environment.yml --snapshot environments/channel --offline
	@echo; echo "2. Prove the lock against the records of the channel:"; echo
	$(BIN)/condaenv verify $(OUT)/conda-lock.yml $(OUT)/environment.yml --snapshot environments/channel --offline
	@echo; echo "3. Add a line to the file: is the lock still the answer (no: it exits with 1), and what moves to make it one?"; echo
	$(BIN)/condaenv edit $(OUT)/environment.yml add xarray
	$(BIN)/condaenv status $(OUT)/environment.yml || test $$? -eq 1
	$(BIN)/condaenv update $(OUT)/environment.yml --snapshot environments/channel --offline
	@echo; echo "4. A file that cannot be solved: why, and what was proven to mend it (it exits with 1):"; echo
	$(BIN)/condaenv explain environments/broken/environment.yml --snapshot environments/channel --offline || test $$? -eq 1
	@echo; echo "5. A file with slips, what is said about each, and what --fix would mend (it exits with 1):"; echo
	$(BIN)/condaenv check environments/broken/slips.yml --snapshot environments/channel --offline || test $$? -eq 1
	@echo; $(BIN)/condaenv check environments/broken/slips.yml --diff || test $$? -eq 1
	@echo; echo "The lock is in $(OUT)/conda-lock.yml. Nothing but the package index was reached."

test: $(VENV)/installed-dev
	$(BIN)/python -m pytest -n auto $(PYTEST_ARGS)

lint: $(VENV)/installed-dev
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

bench: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks $(BENCH_ARGS)

environments: $(VENV)/installed
	$(BIN)/python environments/refresh.py

docs: $(VENV)/installed
	$(BIN)/python docs/generate.py

clean:
	rm -rf $(VENV) $(OUT) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis htmlcov .coverage .coverage.*
