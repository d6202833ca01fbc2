# Everything runs in .venv, which each target makes or renews when it has to: to serve and to build
# the index it gets what these need (serving.txt), and for all else the rest besides.
#
#   make serve ARGS="--port 8000"     make test ARGS="-k citations"
#
# PYTHON names the interpreter that .venv is made with (3.11 to 3.13).

PYTHON ?= python3
ARGS ?=

# The stamps are written last: a .venv without the first one was left half made.
serving := .venv/.serving
installed := .venv/.installed
python := .venv/bin/python

# Tests wait for a browser and for servers a third of their time: others can compute meanwhile.
processes := 3

# One for what pip installs, one for the environments in which it builds packages.
export PIP_CONSTRAINT := constraints.txt
export PIP_BUILD_CONSTRAINT := constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# What Python compiled is kept in __pycache__, even where the environment says otherwise, as that of
# many containers does: else each program compiles all that it imports, and tests start many.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help serve index evaluate test torture benchmark soak check catalogues docs dist clean

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.* ## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

serve: $(serving) ## serve the page
	@$(python) -m qa serve $(ARGS)

index: $(serving) ## build the index of source_texts/
	$(python) -m index build $(ARGS)

evaluate: $(installed) ## measure retrieval and answers
	$(python) -m evaluation $(ARGS)

test: $(installed) ## run all tests, those in a browser included
	tests/ensure_chromium.sh
	tests/ensure_tesseract.sh
	tests/ensure_nginx.sh
	$(python) -m pytest $(or $(ARGS),--numprocesses $(processes) --dist loadfile --no-loadscope-reorder)

torture: $(installed) ## all that takes longer: damage, kill and starve the index, every look of the page
	tests/ensure_chromium.sh
	$(python) -m pytest -m torture $(ARGS)

benchmark: $(installed) ## compare the speed with other libraries, into docs/benchmarks.md
	$(python) -m evaluation benchmark --write $(ARGS)

soak: $(installed) ## load and attack a server for 35 minutes, and write soak-report.md
	tests/ensure_chromium.sh
	$(python) -m pytest tests/soak -m soak --report soak-report.md $(ARGS)

check: $(installed) ## check format, lint and types
	$(python) -m ruff format --check .
	$(python) -m ruff check .
	$(python) -m mypy
	$(python) -m mypy docs/draw_architecture.py docs/site_pages.py
	$(python) -m mypy .ci/describe_release.py

catalogues: $(installed) ## bring the catalogues of the page's languages up to date
	$(python) -m tests.catalogue

docs: $(installed) ## draw the architecture, and build the documents as a site into site/
	$(python) docs/draw_architecture.py . docs/architecture.svg
	$(python) -m mkdocs build $(ARGS)

dist: $(installed) ## build sdist and wheel into dist/, try the wheel, and write its hashes and SBOM
	rm -rf build dist *.egg-info
	$(python) -c "from setuptools import build_meta; build_meta.build_sdist('dist')"
	env --unset=PIP_BUILD_CONSTRAINT $(python) -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist dist/*.tar.gz
	.ci/try_wheel dist/*.whl
	$(python) .ci/describe_release.py dist

clean: ## remove .venv, caches and build outputs
	rm -rf .venv build dist site *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache tests/screenshots
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A whole but stale .venv is renewed in place; any other is made from nothing. The
# stamps go first, so that an interrupted renewal counts as half made.
$(serving): pyproject.toml constraints.txt serving.txt
	@if [ -e $@ -o -e $(installed) ] && $(python) -m pip --version >/dev/null 2>&1; then \
		echo "Renewing .venv: $? changed"; \
		rm -f $@ $(installed); \
	else \
		.ci/make_venv "$(PYTHON)"; \
	fi
	$(python) -m pip install --quiet pip setuptools
	$(python) -m pip install --quiet --no-compile --no-deps --requirement serving.txt
	env --unset=PIP_BUILD_CONSTRAINT $(python) -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(installed): $(serving)
	@rm -f $(serving) $@
	$(python) -m pip install --quiet --editable '.[accounts,dev,docs,evaluation,mcp,metrics,milvus,multilingual,postgres,servers,watch]'
	@touch $(serving) $@
