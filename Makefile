# Two commands for everybody: make demo, make test. Each makes the environment first when there is none.
# Paths are relative, because the path of this folder may contain a space.

PYTHON ?= python3

# A copy of the pyproject.toml that was installed. When it differs from the present one, there is something to install.
installed := .venv/installed.toml

# Without the databases of its user, which the commands take where none is named.
practice := env -u SUPABASE_DB_URL -u LANGGRAPH_DB_URL .venv/bin/python

remedy := install Python 3.11 or later, or name another one, as in: make demo PYTHON=python3.12

.DEFAULT_GOAL := help
.PHONY: help install demo test campaign notebooks lab clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile
	@echo "PYTHON=… names the Python, 3.11 or later, that makes the environment (now: $(PYTHON))"

install: $(installed) ## make the environment .venv

demo: $(installed) ## find and repair broken ids in a practice database, and prove it
	@$(practice) -m toolkit demo

# The last two lines are a budget: see CONTRIBUTING.md.
.PHONY: lint
lint: $(installed) ## check style, types and layers, and count the lines
	@status=0; \
	.venv/bin/python -m ruff check . || status=1; \
	.venv/bin/python -m ruff format --check . || status=1; \
	.venv/bin/python -m mypy || status=1; \
	.venv/bin/python -c 'from importlinter.cli import lint_imports_command as check; check()' --no-cache --no-logo || status=1; \
	echo "lines of Python in toolkit: $$(find toolkit -name '*.py' -exec cat {} + | wc -l)"; \
	echo "lines of SQL in toolkit: $$(find toolkit/sql -name '*.sql' -exec cat {} + | wc -l)"; \
	exit $$status

# loadfile: the cells of a notebook depend on each other, so one process runs the whole file. In the order of tests/conftest.py:
# the longest files first, so that no process waits for the other at the end.
test: $(installed) ## run all tests and compare the notebooks' outputs
	@$(practice) -m pytest -n 2 --dist loadfile --no-loadscope-reorder tests notebooks --ignore tests/benchmarks --nbval --nbval-current-env

.PHONY: unit coverage
unit: $(installed) ## run the unit tests: under a minute, without PostgreSQL
	@$(practice) -m pytest -q tests/unit

# Commands that tests run as processes of their own count, and so do the notebooks' kernels.
coverage: $(installed) ## run the tests and print which share of lines and branches they reach
	@$(practice) -m pytest -q -n 2 --dist loadfile tests --ignore tests/campaigns --ignore tests/browser --cov --cov-report=term

.PHONY: benchmarks
benchmarks: $(installed) ## run every benchmark once in its smallest size, without a look at the figures
	@$(practice) -m pytest -q -n 2 tests/benchmarks

# `make test` runs a short form. The long one has a hundred points of each kind, and PgBouncer in between.
campaign: $(installed) ## kill a repair, its undo and their servers, and change the schema under it: an hour
	@TOOLKIT_KILLS=100 $(practice) -m pytest -n 2 --dist load tests/campaigns

# In a sandbox of their own: the outputs do not show what somebody did in the usual one.
notebooks: $(installed) ## run the committed notebooks and save their outputs
	@export TOOLKIT_SANDBOX_DIR="$$(mktemp -d)" && chmod 711 "$$TOOLKIT_SANDBOX_DIR" && \
	$(practice) -m jupyter nbconvert --log-level WARN --to notebook --inplace --execute --allow-errors \
		--ExecutePreprocessor.record_timing=False --ExecutePreprocessor.extra_arguments=--IPKernelApp.log_level=ERROR notebooks/*.ipynb; \
	status=$$?; .venv/bin/python -m toolkit sandbox stop >/dev/null; rm -rf "$$TOOLKIT_SANDBOX_DIR"; exit $$status

.PHONY: docs
docs: $(installed) ## make docs/findings.md from the kinds of findings
	@PYTHONPATH=. .venv/bin/python docs/make.py

lab: $(installed) ## open the notebooks in JupyterLab
	@.venv/bin/python -m toolkit lab

# The second half is what a stranger does: each file in an empty environment, outside this folder.
.PHONY: dist
dist: ## build sdist and wheel, and check them: needs build and twine
	@rm -rf dist && "$(PYTHON)" -m build --outdir dist . >/dev/null && "$(PYTHON)" -m twine check --strict dist/*
	@set -e; dist="$$PWD/dist"; folder="$$(mktemp -d)"; trap 'rm -rf "$$folder"' EXIT; chmod 711 "$$folder"; cd "$$folder"; \
	for file in "$$dist"/*; do \
		"$(PYTHON)" -m venv --clear venv; \
		venv/bin/python -m pip install --quiet --disable-pip-version-check "$$file"; \
		venv/bin/python -c 'import toolkit.agent_sync, toolkit.store'; \
		venv/bin/python -m pip install --quiet --disable-pip-version-check "$$file[notebooks,server]"; \
		TOOLKIT_SANDBOX_DIR="$$folder/sandbox" venv/bin/assistant-toolkit demo --report-dir reports; \
		TOOLKIT_SANDBOX_DIR="$$folder/sandbox" venv/bin/assistant-toolkit sandbox stop; \
	done

clean: ## remove the environment and the caches, but no reports
	rm -rf .venv .pytest_cache .hypothesis .coverage* .mypy_cache .ruff_cache build dist
	find . -name __pycache__ -prune -exec rm -rf {} +

# An environment without pip is half made, or uv's, or its Python is gone: it is made again. pip itself warns, so that an
# inherited PYTHONWARNINGS=error would stop it.
$(installed): pyproject.toml
	@if cmp -s pyproject.toml $@; then touch $@; exit 0; fi; \
	command -v "$(PYTHON)" >/dev/null || \
		{ echo "There is no $(PYTHON): $(remedy)"; exit 1; }; \
	"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$$("$(PYTHON)" --version) is too old: $(remedy)"; exit 1; }; \
	"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "$$("$(PYTHON)" --version) cannot make environments (Debian, Ubuntu: apt install python3-venv)"; exit 1; }; \
	if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then \
		echo "Making the environment .venv with $$("$(PYTHON)" --version) …"; \
		"$(PYTHON)" -m venv --clear .venv || exit 1; \
	fi; \
	echo "Installing the toolkit and what it needs into .venv: minutes on a slow line …"; \
	PYTHONWARNINGS= .venv/bin/python -m pip install --quiet --disable-pip-version-check --editable ".[all]" && \
	cp pyproject.toml $@ && echo "Installed; from here on no network is needed."
