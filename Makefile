.PHONY: setup run view test lint verify bench lock
python := .venv/bin/python
compile := $(python) -m uv pip compile --quiet --universal --python-version 3.12 \
	--generate-hashes --no-emit-index-url --no-header

setup:  ## .venv with everything locked in it
	@.ci/setup

run: setup  ## the reference world, its layer table and its report
	$(python) -m watersellers run --force
	$(python) -m watersellers report runs/baseline-seed1

view: setup  ## the live lab in the browser
	$(python) -m watersellers view

test: setup
	$(python) -m pytest -n 2 --dist worksteal

lint: setup
	$(python) -m ruff check
	$(python) -m ruff format --check
	$(python) -m mypy

verify: setup  ## the statistical verdicts, counted over a hundred seeds, every number moved, ten thousand files broken: an hour and more
	$(python) -m watersellers verify --seeds 100
	$(python) -m watersellers validate --seeds 40
	$(python) -m watersellers stories qq_moment chip_rivals funding_winter --seeds 100 --users 1000
	$(python) -m tests.faults.test_broken_files 10000
	EVERY_NUMBER=1 EVERY_SEED=1 $(python) -m pytest -n 2 tests/mechanisms/test_switches.py \
		tests/mechanisms/test_range_ends.py tests/mechanisms/upstream/test_foundries.py \
		tests/scenarios/test_scenarios_broken_anywhere.py tests/laws/test_answers_in_bounds.py \
		tests/determinism/test_same_economy.py tests/determinism/test_order_within_phases.py

bench: setup  ## how fast it is, beside its limit and its peers, which get an environment of their own
	test -x .venv/peers/bin/python || .venv/bin/python -m venv .venv/peers
	.venv/peers/bin/python -m pip install --quiet bamengine==0.10.2 mesa-frames==0.1.0a0
	$(python) -m watersellers bench --peers .venv/peers/bin/python

lock: setup  ## both lock files, the core a part of everything; `make lock upgrade=--upgrade` for newest versions
	$(compile) $(upgrade) --all-extras --output-file requirements-all.txt pyproject.toml
	printf 'hatchling\neditables\n' | \
		$(compile) $(upgrade) --constraints requirements-all.txt --output-file requirements.txt pyproject.toml -
