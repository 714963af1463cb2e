# Each target does everything on a fresh machine; run again, it repeats no set-up that is done.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.PHONY: bench speed repeats planted lecture gpu bare kit statistics pitfalls test test-thorough test-fast lint data
bench: $(STAMP)  ## measure and check everything; ARGS="--quick" for a short run
	$(BIN)/lenet-bench data
	$(BIN)/pytest bench/ --benchmark-only $(ARGS)

TRIED := impls.tried.fused_adam:FusedAdam impls.tried.channels_last:ChannelsLast \
         impls.tried.torch_block_matrix:TorchBlockMatrix impls.tried.torch_compile_cells:TorchCompileCells \
         pytorch:compile impls.tried.gathered_first:GatheredFirst pytorch:tuned \
         impls.tried.flax_without_ynn:FlaxWithoutYNN impls.tried.flax_canonical_scan:FlaxCanonicalScan \
         impls.tried.flax_block_matrix:FlaxBlockMatrix flax:tuned
speed: $(STAMP)  ## time what was tried for speed: docs/speed.md
	$(BIN)/lenet-bench data
	$(BIN)/pytest bench/benchmarks/test_agreement.py bench/benchmarks/test_epoch.py --benchmark-only --results results/speed --device cpu \
		--backend pytorch:eager $(TRIED:%=--backend %) $(ARGS)

REPEATED := pytorch:eager pytorch:tuned flax:jit
SHORT := $(REPEATED:%=--backend %) --synthetic 5000
repeats: $(STAMP)  ## ten short runs of one commit: what chance alone does to `lenet-bench compare OLD NEW`
	for run in 1 2 3 4 5 6 7 8 9 10; do $(BIN)/pytest bench/benchmarks/test_epoch.py --benchmark-only --blocks 2 \
		--results results/repeats $(SHORT) $(ARGS) || exit; done

PLANTED := $(REPEATED:%=--backend %) --synthetic 1000 --threads 1
planted: $(STAMP)  ## does `compare --against` find a planted 5 %, and nothing in 20 tries of one commit? two hours
	$(BIN)/python -m bench.benchmarks.planted_change --results build/planted/changed --tries 0 --planted 1 \
		--blocks 12 --rounds 60 $(PLANTED) $(ARGS)
	$(BIN)/python -m bench.benchmarks.planted_change --results build/planted/unchanged --tries 20 --planted 0 \
		--blocks 3 --rounds 10 $(PLANTED) $(ARGS)

lecture: $(STAMP)  ## train as the lecture does; ARGS="--epochs 100"
	$(BIN)/lenet-bench lecture $(ARGS)

gpu: $(STAMP)  ## measure a GPU, nine minutes at a time; ARGS="--minutes 20"
	$(BIN)/lenet-bench gpu $(ARGS)

PYTHON312 ?= $(shell .ci/python 3.12 || echo python3.12)
BARE      := .venv-bare
bare: $(BARE)/.installed  ## try `lenet-bench gpu` with just what a bare GPU image has, on a CPU
	PYTHONPATH=. $(BARE)/bin/python -m bench.cli gpu --device cpu --synthetic 2000 --minutes 2 --results $(BARE)/results $(ARGS)

$(BARE)/.installed: bare-image.txt
	$(PYTHON312) -m venv $(BARE)
	$(BARE)/bin/python -m pip install --quiet --requirement bare-image.txt
	touch $@

kit:  ## check, kit and time without any framework, on every Python from 3.11 to 3.13 that is here
	.ci/kit $(PYTHONS)

statistics: $(STAMP)  ## simulate how often every interval, test and warning errs: docs/statistics.md; minutes
	$(BIN)/python -m bench.simulation $(ARGS)

pitfalls: $(STAMP)  ## plant every usual mistake of such comparisons and measure what it is worth; some ten minutes
	$(BIN)/lenet-bench data
	$(BIN)/python -m bench.pitfalls $(ARGS)

# Each of so many processes keeps to a core of its own; a process may take two gigabytes.
JOBS ?= 2
test: $(STAMP)  ## the suite's own tests, two files at a time; JOBS=0 ARGS="-k name" for one after the other
	$(BIN)/pytest tests/ -n $(JOBS) --dist loadfile -m "not thorough" $(ARGS)

test-thorough: $(STAMP)  ## those that take minutes each
	$(BIN)/pytest tests/ -m thorough $(ARGS)

test-fast: $(STAMP)  ## those that need no network and little time
	$(BIN)/pytest tests/ -m "not network and not slow and not gpu" $(ARGS)

lint: $(STAMP)  ## style, types, and which way imports go
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

data: $(STAMP)
	$(BIN)/lenet-bench data

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11, 4) and "Python 3.11.4 or newer is needed; try make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $(STAMP)
