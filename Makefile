# The only entry for work. `make answer` shows what the project does, `make test` whether it still does it.

PYTHON ?= python3
# `make env PYTHON=python3.12` names a command; `make wheelhouse PYTHON=3.12` the version that a folder is for.
FOR := $(filter 3.%,$(PYTHON))
ifneq ($(FOR),)
override PYTHON := python3
endif
BIN    := .venv/bin
WW     := $(BIN)/watwerkt
STAMP  := .venv/.installed

# Two test processes with two BLAS threads each are slower than two with one.
export OPENBLAS_NUM_THREADS := 1

.PHONY: help env answer test truth results bench docs example lock spark wheelhouse clean
.DEFAULT_GOAL := help

help:
	@echo "make answer    install, then answer three questions, each with a page"
	@echo "make test      everything that must hold before a change is kept"
	@echo "make env       .venv from the lock"
	@echo "make example   the Job Corps page in docs/examples (DATA=folder of the data)"
	@echo "make truth     coverage, opening and naive analyses in worlds whose answer is known (hours)"
	@echo "make results   every table of the documentation again, and which digit changed (QUICK=1: a few minutes)"
	@echo "make bench     side-by-side measurements, as ratios"
	@echo "make docs      the pages that are made from code"
	@echo "make wheelhouse   a folder that installs without internet (PLATFORM=win_amd64 PYTHON=3.12 EXTRAS=files)"
	@echo "make lock      choose the newest versions again"
	@echo "make clean     remove what these made"

# ---- the environment --------------------------------------------------------------------------------------
# uv comes out of the same lock, so nothing is installed unhashed. Where uv cannot reach an index (it does not
# read pip's configuration), pip installs the same lock, slower. Bytecode is compiled now, else every start pays.
env: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "watwerkt needs Python 3.11 or newer; say which with: make env PYTHON=python3.12"; exit 1; }
	@echo "installing into .venv, from the lock"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > .venv/uv.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.lock
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes --compile-bytecode requirements.lock \
	  || $(BIN)/python -m pip install --disable-pip-version-check --require-hashes --compile -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --offline --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

# Every extra but spark, which lies apart.
EXTRAS_LOCKED := learners demo files postgres dev
# Every version and hash, no address: a mirror stays the business of the machine. tests/shape reads it.
lock:
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 $(EXTRAS_LOCKED:%=--extra %) \
	  --generate-hashes --no-annotate --no-header pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 -c requirements.lock \
	  --generate-hashes --no-annotate --no-header pyproject.toml -o requirements-core.lock
	$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["spark"], sep="\n")' \
	  | $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 -c requirements.lock \
	  --generate-hashes --no-annotate --no-header - -o requirements-spark.lock

# Spark apart, in build/spark: half a gigabyte that only the tests of --backend spark need, and only where Java is.
SPARK := build/spark/.installed
spark: env
	@if ! command -v java >/dev/null; then echo "no Java: the tests on Spark will skip"; \
	elif ! test $(SPARK) -nt requirements-spark.lock; then \
	  echo "installing Spark into build/spark" && rm -rf build/spark && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --target build/spark \
	    -r requirements-spark.lock && touch $(SPARK) || echo "Spark could not be installed: its tests will skip"; fi


# Every wheel of the core lock for one platform and Python, an install script, checksums, licences: docs/how-to/without-internet.md
wheelhouse: env
	$(BIN)/python wheelhouse/make.py --platform "$(PLATFORM)" --python "$(FOR)" --extras "$(EXTRAS)"

# ---- the story --------------------------------------------------------------------------------------------
answer: env
	$(WW) demo build/demo --people 60000 --seed 2
	$(WW) answer questions/nsw --register build/demo/tables --out build/answers/nsw --seed 1
	$(WW) answer questions/nsw-psid --register build/demo/tables --out build/answers/nsw-psid --seed 1
	$(WW) tempting questions/short-or-long --register build/demo/register --out build/answers/short-or-long --seed 2
	$(WW) answer questions/short-or-long --register build/demo/register --out build/answers/short-or-long --seed 2
	$(WW) reveal build/answers/short-or-long --truth build/demo/truth.csv

# The picture in the README, as a browser shows the page.
PICTURE = chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --disable-background-networking \
  --user-data-dir=$(CURDIR)/build/chromium --window-size=1280,1720 --screenshot=docs/images/job-corps.png
DATA ?= ../shared/data/job_corps
example: env
	$(BIN)/python docs/examples/job_corps.py --data $(DATA)
	@if command -v chromium >/dev/null; then $(PICTURE) "file://$(CURDIR)/docs/examples/job-corps.html#en" >/dev/null 2>&1; \
	else echo "no chromium: docs/images/job-corps.png stays as it was"; fi

# ---- checks -----------------------------------------------------------------------------------------------
test: env spark
	@.ci/debian chromium fonts-noto-core poppler-utils postgresql
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest -n 2 -m "not truth"

truth: env
	$(BIN)/python -m pytest -n 2 -m truth
	$(BIN)/python tests/truth/coverage.py --draws 1000 --out docs/truth/coverage.md
	$(BIN)/python tests/truth/coverage.py --draws 300 --people 3500 --truth 1000000 --out docs/truth/coverage-few.md
	$(BIN)/python tests/truth/lee.py --draws 700 --out docs/truth/lee.md
	$(BIN)/python tests/truth/immortal.py --draws 200 --out docs/truth/immortal.md
	$(BIN)/python tests/truth/opened.py --worlds 86 --grid 8 --fake 63 --truth 300000 --out docs/truth/opened.md
	$(BIN)/python tests/truth/coverage_opened.py --draws 100 --nothing 100 --bootstrap 100 --truth 300000 --out docs/truth/coverage-opened.md
	$(BIN)/python tests/truth/naive.py --worlds 10 --out docs/truth/naive.md

# Into a scratch folder; tests/truth/results.toml says what is made by which command, and how long that takes.
results: env
	$(BIN)/python tests/truth/results.py $(if $(QUICK),--quick)

bench: env
	@for script in benchmarks/*.py; do echo "# $$script"; $(BIN)/python $$script || exit 1; done

docs: env
	@for script in docs/make_*.py; do $(BIN)/python $$script || exit 1; done

clean:
	rm -rf build dist .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
