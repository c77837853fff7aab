# The verbs of this project; each sets itself up.
VENV ?= .venv
PYTHON ?= python3
BIN = $(VENV)/bin
READY = $(VENV)/.ready
# The default model is a Python package: nothing here needs a model hub.
export HF_HUB_OFFLINE = 1

.PHONY: help install demo test test-slow check fix docs bench clean

help:  ## Show this help
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv module is missing; on Debian: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

install: $(READY)  ## Create .venv and install the project with its tools

demo: $(READY)  ## Ingest the sample reviews into reviews.db, group and search them
	@if [ -e reviews.db ] && [ ! -e .demo ]; then \
	  echo "reviews.db is here and is not the demo's; move it away first"; exit 1; fi
	@rm -rf reviews.db && touch .demo
	@set -e; \
	run() { printf '\n$$ reviewlens'; \
	  for word in "$$@"; do case "$$word" in *" "*) printf ' "%s"' "$$word";; *) printf ' %s' "$$word";; esac; done; \
	  echo; $(BIN)/reviewlens "$$@"; }; \
	export REVIEWLENS_URI=./reviews.db; \
	run ingest datasets/sample_reviews.csv --source-column source; \
	run clusters --rating 1..2; \
	run search "arrived broken in a crushed box" -n 3; \
	run search "battery does not last" -n 3; \
	run search "update broke the bluetooth pairing" --since 2026-08 -n 3; \
	run search "how do I extend a visa"; \
	$(BIN)/reviewlens clusters --save >/dev/null; \
	printf '\nThe themes of all 310 reviews are saved too. To look at everything in a browser:\n'; \
	printf '\n  $(BIN)/reviewlens serve\n'

test: $(READY)  ## Run the whole suite but what is marked slow
	$(BIN)/python -m pytest -m "not slow" -n 3 --dist loadfile --no-loadscope-reorder

test-slow: $(READY)  ## Run the slow proofs: the real encoder, full size
	$(BIN)/python -m pytest -m slow

check: $(READY)  ## Style, types, direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(READY)  ## Mend what can be mended by machine
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(READY)  ## Write docs/cli.md, and what else repeats something, anew
	$(BIN)/python docs/reference.py
	$(BIN)/python docs/months.py

bench: $(READY)  ## Short form of the benchmarks, about five minutes
	$(BIN)/python benchmarks/encode.py --limit 200 --rounds 2
	$(BIN)/python benchmarks/ingest.py --limit 100 --rounds 1
	$(BIN)/python benchmarks/search.py --limit 100 --rows 1000 --rounds 2
	$(BIN)/python benchmarks/reingest.py --rows 1000 5000
	$(BIN)/python benchmarks/memory.py --rows 4000 20000
	$(BIN)/python benchmarks/insights.py --rows 2000

clean:  ## Remove what the other verbs made
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
