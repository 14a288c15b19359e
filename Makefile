# Targets for a study and for this library. `make` alone lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= 2

.DEFAULT_GOAL := help
.PHONY: help report test test-slow check bench bench-tabulate oracle lab lock clean

help: ## list the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/created:
	@$(PYTHON) -c 'import sys; sys.exit("synthese needs Python 3.11 or later, this is %d.%d: try make PYTHON=python3.12" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	@echo "Setting up $(VENV)…"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/run-installed: requirements/run.txt pyproject.toml | $(VENV)/created
	@echo "Installing the locked dependencies (once, a minute or two)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev-installed: requirements/dev.txt $(VENV)/run-installed
	@echo "Installing what the tests and JupyterLab need…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

report: $(VENV)/run-installed ## run every wave and render its report, HTML and PDF
	@$(BIN)/synthese run --all --jobs $(JOBS)

test: $(VENV)/dev-installed ## run the usual tests
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile -m "not slow"

test-slow: $(VENV)/dev-installed ## run the long tests: fuzzing, killing, cold start
	@$(BIN)/python -m pytest -m slow

check: $(VENV)/run-installed ## check the codebook, the settings and the raw answers of every wave
	@$(BIN)/synthese check --all

bench: $(VENV)/dev-installed ## print how long each part takes here
	@$(BIN)/python tests/bench/bench_waves.py
	@$(BIN)/python tests/bench/bench_report.py
	@$(BIN)/python tests/bench/bench_exports.py

bench-tabulate: $(VENV)/dev-installed ## print how long all crosses of 60 questions take, beside other tools
	@$(BIN)/python tests/bench/bench_tabulate.py

oracle: ## recompute the golden numbers with R, where it is installed
	@command -v Rscript >/dev/null || { echo "Rscript is not installed: golden numbers stay as they are stored"; exit 0; }; \
	  Rscript tests/golden/r/lib/packages.R || exit 1; \
	  for script in tests/golden/r/*.R; do echo "$$script"; (cd tests/golden/r && Rscript "$$(basename $$script)") || exit 1; done; \
	  changed=$$(git diff --stat -- tests/golden/r 2>/dev/null); echo "$${changed:-All numbers are those that were stored}"

lab: $(VENV)/dev-installed ## open the notebooks in JupyterLab; what is run there is kept apart from what is published
	@$(BIN)/jupyter lab --notebook-dir=. notebooks

lock: $(VENV)/dev-installed ## write the locks again from pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml --group build -o requirements/run.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml --group dev -o requirements/dev.txt

clean: ## remove what code made: processed data, reports and caches; never raw data
	@find data/processed -mindepth 1 -not -name .gitkeep -delete
	@rm -rf report/_output report/_current report/_current.yml .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
