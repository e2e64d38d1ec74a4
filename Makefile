# Two commands for everybody: make demo, make test. Each makes the environment first, where it is not there yet.
# Relative paths only: this folder's own path may have a space.

PYTHON ?= python3

# A copy of the pyproject.toml that was installed: what says whether there is anything to install.
installed := .venv/installed.toml

remedy := install Python 3.11 or later, or name one that is here, as in: make demo PYTHON=python3.12

.DEFAULT_GOAL := help
.PHONY: help install demo test campaign notebooks lab clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile
	@echo "PYTHON=… names the Python that makes the environment, 3.11 or later (now: $(PYTHON))"

install: $(installed) ## make the environment .venv, and nothing else

demo: $(installed) ## find, repair and prove the broken ids on a database of its own
	@.venv/bin/python -m toolkit demo

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

# A notebook's cells follow each other, so one process runs a whole file.
test: $(installed) ## run all tests, the notebooks too
	@.venv/bin/python -m pytest -n 2 --dist loadfile tests notebooks \
		--nbval --nbval-current-env $(addprefix --nbval-sanitize-with=,$(wildcard tests/nbval-sanitize.cfg))

# At a hundred points of each kind, and through PgBouncer, too; `make test` has a short form.
campaign: $(installed) ## kill a repair, its undo and their servers at a hundred points: three quarters of an hour
	@TOOLKIT_KILLS=100 .venv/bin/python -m pytest -n 2 --dist load tests/campaigns

# On a sandbox of their own, so that what was practised on does not show.
notebooks: $(installed) ## run the committed notebooks again and keep their outputs
	@export TOOLKIT_SANDBOX_DIR="$$(mktemp -d)" && chmod 711 "$$TOOLKIT_SANDBOX_DIR" && \
	.venv/bin/python -m jupyter nbconvert --log-level WARN --to notebook --inplace --execute --allow-errors \
		--ExecutePreprocessor.record_timing=False --ExecutePreprocessor.extra_arguments=--IPKernelApp.log_level=ERROR notebooks/*.ipynb; \
	status=$$?; .venv/bin/python -m toolkit sandbox stop >/dev/null; rm -rf "$$TOOLKIT_SANDBOX_DIR"; exit $$status

lab: $(installed) ## open the notebooks in JupyterLab
	@.venv/bin/python -m toolkit lab

clean: ## remove the environment and the caches; reports stay
	rm -rf .venv .pytest_cache .hypothesis build dist
	rm -rf .mypy_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

# Without pip in it the environment is half made, uv's, or of a Python that is gone.
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
	echo "Installing the toolkit and what it needs into .venv: a minute the first time …"; \
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --editable ".[all]" && \
	cp pyproject.toml $@ && echo "Installed; from here on no network is needed."
