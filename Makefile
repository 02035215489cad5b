# Every target does its own set-up. Needed: python3 (3.11 or newer), make, git.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
SOURCES := engine api rules tests bench tools
PROSE := README.md README.zh-CN.md ARCHITECTURE.md CONTRIBUTING.md SECURITY.md CHANGELOG.md docs engine api bench tools rules tests
WHEEL := build/wheel
OUT ?= build/verdicts.jsonl
FUZZ_SECONDS ?= 600
FUZZ_LIMIT ?= 0.05

.DEFAULT_GOAL := help
.PHONY: help .venv demo check test test-all bench equality verdicts quality evasion fuzz docs serve demo-data wheel constraints clean

help: ## show the targets
	@sed -n 's/^\([.a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

.venv: $(VENV)/.dev ## set up everything for development

demo: $(VENV)/.demo ## review the shipped examples
	@$(BIN)/smsvet rules > /dev/null  # else a command that cannot start would look like a rejection
	@status=0; $(BIN)/smsvet review examples/submissions.jsonl || status=$$?; \
	if [ $$status -gt 2 ]; then exit $$status; fi  # 1 and 2: something was rejected, something is for a person

check: $(VENV)/.dev ## formatting, lint, types, import rules, prose
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	PYTHONPYCACHEPREFIX=build/pycache $(BIN)/python -W error -m compileall -q -f $(SOURCES)
	$(BIN)/mypy
	$(BIN)/pyright --warnings
	$(BIN)/lint-imports
	$(BIN)/python tools/prose.py $(PROSE)

test: $(VENV)/.dev ## the tests, without the slow ones
	$(BIN)/python -m pytest -n 2 -m "not slow and not wheel"

test-all: $(VENV)/.full build/client-test/.installed ## the slow tests too, with every extra installed
	$(BIN)/python -m pytest -n 2 -m "not wheel"

bench: $(VENV)/.dev ## measure speed, memory and start-up
	$(BIN)/python -m bench.speed.run

equality: $(VENV)/.dev ## compare every way to review, finding by finding, on many texts
	$(BIN)/python -m bench.quality.equality

verdicts: $(VENV)/.dev ## write the verdicts on many texts to OUT, to compare two commits
	$(BIN)/python -m bench.quality.verdicts --out "$(OUT)"

quality: $(VENV)/.dev ## measure verdicts on labelled text
	$(BIN)/python -m bench.quality.accuracy

evasion: $(VENV)/.dev ## measure how many disguised violations are caught, and draw the curve
	$(BIN)/python -m bench.quality.evasion --ablation --plot docs/images/evasion.svg

fuzz: $(VENV)/.dev ## review hostile submissions for FUZZ_SECONDS; the printed seed repeats them
	$(BIN)/python -m bench.fuzz.run --seconds $(FUZZ_SECONDS) --limit $(FUZZ_LIMIT) $(if $(SEED),--seed $(SEED))

docs: $(VENV)/.dev ## write the pages of rules and sources, and the READMEs' pictures
	$(BIN)/python -m smsvet_api.ruledocs
	$(BIN)/python -m smsvet_api.sourcedocs
	$(BIN)/python -m tools.pictures

serve: $(VENV)/.demo ## run the HTTP service
	$(BIN)/smsvet serve

demo-data: $(VENV)/.demo ## fill the service's database with submissions, cases and decisions of the past weeks
	$(BIN)/python -m bench.demo_data

# The wheel gets an environment of its own, which borrows the dependencies of .venv: a .pth file inside a folder
# that a .pth file names is not read, so the editable install in .venv stays out of sight.
wheel: $(VENV)/.dev ## build the wheel and test packaging, command line and service against it
	rm -rf $(WHEEL)
	$(BIN)/hatchling build -t wheel -d $(WHEEL)/dist
	$(BIN)/python -m venv --without-pip $(WHEEL)/venv
	$(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
		> "$$($(WHEEL)/venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/borrowed.pth"
	$(BIN)/python -m pip --python $(WHEEL)/venv/bin/python --disable-pip-version-check --quiet \
		install --no-deps --no-index --ignore-installed $(WHEEL)/dist/*.whl
	cd $(WHEEL) && SMSVET_WHEEL=1 venv/bin/python -m pytest -n 2 -p no:cacheprovider \
		-c $(CURDIR)/pyproject.toml --rootdir $(CURDIR) $(CURDIR)/tests/packaging $(CURDIR)/tests/api

# The generators of clients that tests call, in Python and TypeScript. The first holds back releases of Typer.
CLIENTS := openapi-python-client>=0.26,<1
CLIENTS_TS := openapi-typescript@7 openapi-fetch@0.17 typescript@5

# constraints.txt holds all extras that share .venv; .ci/*.txt are the parts of it that the targets install. The
# vendors' clients are resolved apart, for an environment of their own.
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header
PART = $(LOCK) --constraints constraints.txt pyproject.toml
FULL = --extra all --extra dev --extra learn --extra oidc --extra postgres --extra spark

constraints: $(VENV)/.dev ## resolve the dependencies anew
	$(LOCK) --upgrade $(FULL) --group build pyproject.toml --output-file constraints.txt
	$(LOCK) --group build --constraints constraints.txt --output-file .ci/build.txt
	$(PART) --output-file .ci/bare.txt
	$(PART) --extra all --output-file .ci/demo.txt
	$(PART) --extra all --extra dev --output-file .ci/dev.txt
	$(PART) $(FULL) --output-file .ci/full.txt
	$(LOCK) --upgrade --extra facade-test pyproject.toml --output-file .ci/facade-test.txt
	printf '%s\n' '$(CLIENTS)' | $(LOCK) --upgrade - --output-file .ci/client-test.txt

clean: ## remove everything that was built
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage*
	find $(SOURCES) -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("smsvet needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

# jieba is published as source only, so what builds it comes first and nothing is fetched unpinned while building.
$(VENV)/.build: .ci/build.txt | $(BIN)/python
	@$(BIN)/python -m pip --version > /dev/null 2>&1 || $(BIN)/python -m ensurepip
	$(PIP) install --require-hashes -r .ci/build.txt
	@touch $@

$(VENV)/.demo $(VENV)/.dev $(VENV)/.full: $(VENV)/.%: .ci/%.txt pyproject.toml $(VENV)/.build
	@echo "Installing the pinned dependencies; the first time takes a minute or two."
	$(PIP) install --require-hashes --no-build-isolation -r $<
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

build/client-test/.installed: .ci/client-test.txt
	$(PYTHON) -m venv build/client-test
	build/client-test/bin/python -m pip --quiet install --require-hashes -r .ci/client-test.txt
	if command -v npm > /dev/null; then \
		npm install --silent --no-save --no-package-lock --prefix build/client-test $(CLIENTS_TS); fi
	@touch $@

build/facade-test/.installed: .ci/facade-test.txt .ci/build.txt # the vendors' clients
	$(PYTHON) -m venv build/facade-test
	build/facade-test/bin/python -m pip --quiet install --require-hashes -r .ci/build.txt
	build/facade-test/bin/python -m pip --quiet install --require-hashes --no-build-isolation -r .ci/facade-test.txt
	@touch $@
