# Every target sets itself up from a bare Python 3.11 or newer, into .venv.
PYTHON ?= python3
RUN := .venv/bin

# Each process reads what an earlier one has compiled.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-long lint bench setup clean

setup: .venv/dev

.venv/dev: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "itsm-sync needs Python 3.11 or newer")'
	test -x $(RUN)/python || $(PYTHON) -m venv .venv
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

.venv/bench: .venv/dev
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	touch $@

demo: .venv/dev
	$(RUN)/itsm-sync demo

test: .venv/dev
	$(RUN)/python -m pytest -n 3

test-long: .venv/dev
	$(RUN)/python -m pytest -n 2 -m long

lint: .venv/dev
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy

bench: .venv/bench
	$(RUN)/python -m bench

clean:
	rm -rf .venv
