# Two commands do all the set-up: `make run` (the main job) and `make test`.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

# Without a C++20 compiler on PATH the `ziglang` wheel brings one.
COMPILER_EXTRA := $(if $(or $(CXX_ON_PATH),$(shell command -v g++ || command -v clang++)),,compiler)
comma := ,
EXTRAS := test$(if $(COMPILER_EXTRA),$(comma)$(COMPILER_EXTRA))

.PHONY: run test test-quick lint format bench clean

run: $(VENV)/.ready
	$(BIN)/python -m designs.attention --run
	$(BIN)/python -m whisper_pipeline whisper_pipeline/demo/clip.ogg --model demo --device simulator --output_dir build

test: lint $(VENV)/.ready
	HYPOTHESIS_PROFILE=ci $(BIN)/python -m pytest -n 2 --dist loadfile

# The quick tier, for other Python versions and for the impatient: no case that takes long to simulate,
# and none of the folders whose C++ is the same for every Python (tests/conftest.py names them).
test-quick: $(VENV)/.ready
	HYPOTHESIS_PROFILE=quick $(BIN)/python -m pytest -m "not full" -n 2 --dist loadfile

lint: $(VENV)/.lint-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	git ls-files '*.cc' '*.hpp' '*.h' | xargs $(BIN)/clang-format --dry-run --Werror

format: $(VENV)/.lint-ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	git ls-files '*.cc' '*.hpp' '*.h' | xargs $(BIN)/clang-format -i

bench: $(VENV)/.ready
	$(BIN)/python -m tools.bench

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV)/.ready: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Ironbird needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[$(EXTRAS)]'
	touch $@

$(VENV)/.lint-ready: $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[lint]'
	touch $@
