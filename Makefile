# Badia. `make help` says everything. All that is installed or written stays in this folder.
.DEFAULT_GOAL := help
PORT ?= 8080
# Caches of the tools stay here too.
export UV_CACHE_DIR := $(CURDIR)/.cache/uv
export UV_PYTHON_INSTALL_DIR := $(CURDIR)/.cache/python
# Trust what the machine trusts: many networks have a certificate authority of their own.
export UV_SYSTEM_CERTS := true
PY := .venv/bin/python

.PHONY: help demo test up newsroom lint format docs bench bench-ledger bench-ingest bench-live lock clean

help:  ## say what there is
	@echo "Badia: conflict news in; incidents and monthly casualty tallies out."
	@echo
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## ?/\1|/' | awk -F'|' '{printf "  make %-12s %s\n", $$1, $$2}'

.venv/.ready: requirements.txt local/setup.sh
	@sh local/setup.sh

demo: .venv/.ready  ## fetch a small fictional newsroom over HTTP with the real DAG, and show the tallies
	@$(PY) -m demo

test: .venv/.ready  ## run the tests
	@$(PY) -m pytest

up: .venv/.ready  ## run Airflow with its UI on 127.0.0.1 (PORT=8080) until Ctrl-C
	@$(PY) -m local.up --port $(PORT)

newsroom: .venv/.ready  ## serve the demo's newsroom on 127.0.0.1 until Ctrl-C
	@$(PY) -m demo.newsroom

lint: .venv/.ready  ## check style and mistakes, and that the generated docs are up to date
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && $(PY) -m local.docs --check

format: .venv/.ready  ## put the code into its canonical form
	@.venv/bin/ruff check --fix . && .venv/bin/ruff format .

docs: .venv/.ready  ## write docs/DATA_DICTIONARY.md and docs/DAGS.md from the code
	@$(PY) -m local.docs

.venv-bench/.ready: benchmarks/requirements.txt .venv/.ready
	@echo "Installing what the benchmarks compare with (spaCy, splink) into .venv-bench ..." >&2
	@.venv/bin/uv venv --quiet --clear --python $(PY) .venv-bench
	@.venv/bin/uv pip sync --quiet --require-hashes --python .venv-bench/bin/python benchmarks/requirements.txt
	@touch $@

bench: .venv-bench/.ready  ## compare the extractor's speed with a naive one on one core (some 5 minutes)
	@$(PY) -m benchmarks.extract

bench-ledger: .venv-bench/.ready  ## measure the ledger on synthetic reports, 10 thousand to a million, and compare with splink
	@$(PY) -m benchmarks.ledger

.venv-readers/.ready: benchmarks/readers/requirements.txt .venv/.ready
	@echo "Installing what imports are compared with (newspaper4k, news-please) into .venv-readers ..." >&2
	@.venv/bin/uv venv --quiet --clear --python $(PY) .venv-readers
	@.venv/bin/uv pip sync --quiet --require-hashes --python .venv-readers/bin/python benchmarks/readers/requirements.txt
	@touch $@

bench-ingest: .venv-readers/.ready  ## measure the import of an archive of 50,000 pages, and compare with newspaper4k and news-please
	@$(PY) -m benchmarks.ingest

bench-live: .venv/.ready  ## measure a live scrape of 50 outlets on this machine against what politeness sets (2 minutes)
	@$(PY) -m benchmarks.ingest_live

lock: .venv/.ready  ## compile each requirements.in to its requirements.txt
	@for folder in . benchmarks benchmarks/readers; do .venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command "make lock" -q $$folder/requirements.in -o $$folder/requirements.txt; done

clean:  ## delete what was installed and what the demo made (never lake/)
	rm -rf .venv .venv-bench .venv-readers .cache .airflow demo/lake
