"""Random programs in every element type: natively, in the interpreter and by numpy the same.

All programs are one native build, so the seeds of programs are fixed; the inputs are drawn.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulator.building import built
from simulator.core_bench import FLOATS, INTEGERS, LANES, Bench, by_label, input_bytes, read_pair
from simulator.random_programs import random_program

from ironbird.base.element_types import ELEMENT_TYPES
from ironbird.simulator import SimulationOptions, interpret

PROGRAMS_PER_TYPE = 6
PROGRAMS = {
    f"program_{seed}_{name}_{name}": (name, random_program(ELEMENT_TYPES[name], seed))
    for name in (*INTEGERS, *FLOATS)
    for seed in range(PROGRAMS_PER_TYPE)
}


@pytest.fixture(scope="module")
def bench():
    return Bench(dict.fromkeys((*INTEGERS, *FLOATS), LANES * PROGRAMS_PER_TYPE))


@pytest.fixture(scope="module")
def executable(bench, tmp_path_factory):
    for label, (name, program) in PROGRAMS.items():

        def emit(writer, a, b, program=program):
            return program.emit(writer, {"a": a, "b": b})

        emit.__name__ = label.removesuffix(f"_{name}_{name}")
        bench.apply(emit, name, name)
    return built(bench.plan(), tmp_path_factory.mktemp("random"))


def without_nan_bits(array):
    """Which NaN an operation gives is up to the machine: sign and payload are dropped."""
    if array.dtype.kind in "iu":
        return array
    return np.where(np.isnan(array.astype(np.float64)), array.dtype.type(np.nan), array)


@given(seed=st.integers(0, 2**32 - 1))
def test_three_ways(bench, executable, seed):
    with np.errstate(all="ignore"):
        given_bytes = input_bytes(bench, np.random.default_rng(seed))
    count = executable.plan.sequence.arguments[1].shape[0]
    native, slow = (np.zeros(count, np.int32) for _ in range(2))
    first = executable.run([given_bytes, native], SimulationOptions())
    second = interpret(executable.plan, None, [given_bytes, slow], SimulationOptions())
    assert first.findings == second.findings == ()
    assert first.cycles == second.cycles
    found, interpreted = by_label(bench, native), by_label(bench, slow)
    for label, (name, program) in PROGRAMS.items():
        a, b = read_pair(bench, given_bytes, name)
        with np.errstate(all="ignore"):
            expected = without_nan_bits(program.compute({"a": a, "b": b}))
            one, other = without_nan_bits(found[label]), without_nan_bits(interpreted[label])
        assert one.tobytes() == other.tobytes(), label
        assert one.dtype == expected.dtype
        # As doubles, whose NaN numpy's comparison knows.
        as_numbers = np.int64 if one.dtype.kind == "i" else np.float64
        np.testing.assert_array_equal(
            one.astype(as_numbers), expected.astype(as_numbers), err_msg=label
        )
