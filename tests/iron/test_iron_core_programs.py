"""Forms of core code, traced, lowered and interpreted, against numpy.

What native code makes of the same operations is the matter of tests/simulator.
"""

import math as python_math

import ml_dtypes
import numpy as np
import pytest
from iron_programs import through_one_core

from ironbird.iron import core_arith as arith
from ironbird.iron import core_math as math
from ironbird.iron.buffer import Buffer
from ironbird.iron.controlflow import else_, if_, range_, yield_
from ironbird.iron.core_function import func
from ironbird.session.lowering import lower_to_plan
from ironbird.simulator import SimulationOptions, interpret


def interpreted(compute, values, extra=()):
    """What a core that runs `compute(x, y, *extra)` makes of `values`."""

    def core_fn(source, sink, *extra):
        x, y = source.acquire(1), sink.acquire(1)
        compute(x, y, *extra)
        source.release(1)
        sink.release(1)

    program = through_one_core(core_fn, list(extra), shape=values.shape, dtype=values.dtype.type)
    out = np.zeros_like(values)
    result = interpret(
        lower_to_plan(program.resolve_program()), None, [values, out], SimulationOptions()
    )
    assert [str(each) for each in result.findings] == []
    assert result.finished
    return out


VALUES = np.array([5, 3, 0, 7, 2, 9, 1, 8, 4, 6, 11, 13, 12, 10, 15, 14], np.int32)


def run_time_bounds(x, y):
    """Loops whose bounds and step the core reads from memory."""
    for i in range_(16):
        y[i] = 0
    for i in range_(x[1], x[0] * 3, x[4]):
        y[i] = x[i] + i


def gather(x, y):
    """Indices that are numbers of the buffer."""
    for i in range_(16):
        y[i] = x[x[i]]


def carried_pair(x, y):
    """The largest and where it is, carried round a loop."""
    first, zero = x[0], arith.constant(0, np.int32)
    for i, (best, place), ends in range_(1, 16, iter_args=[first, zero]):  # noqa: B007
        is_more = x[i] > best
        yield_(
            [
                arith.select(is_more, x[i], best),
                arith.select(is_more, arith.index_cast(i, np.int32), place),
            ]
        )
    for i in range_(16):
        y[i] = 0
    y[0], y[1] = ends


def branch_with_results(x, y):
    for i in range_(16):
        with if_(x[i] % 2 == 0) as even:
            yield_(x[i] * 10)
        with else_(even):
            with if_(x[i] > 8, insert_yield=False) as large:
                yield_(-x[i])
            with else_(large, insert_yield=False):
                yield_(x[i])
            yield_(large.results)
        y[i] = even.results


def nested_branches(x, y):
    for i in range_(16):
        y[i] = 0
        with if_(x[i] > 4) as outer:
            y[i] = 2
            with if_(x[i] < 10):
                y[i] = 1
        with else_(outer):
            y[i] = arith.extui(np.int32, x[i] == 3)


def unrolled(x, y):
    """Python's own loops, lists and functions, as many operations as they have turns."""

    def weighted(numbers, weights):
        return sum(n * w for n, w in zip(numbers, weights, strict=True))

    for i in range(16):
        neighbours = [x[(i + k) % 16] for k in (-1, 0, 1)]
        y[i] = weighted(neighbours, (1, 2, 1))


def unsigned_bits(x, y):
    for i in range_(16):
        big = x[i] - 8
        y[i] = arith.select(arith.cmpi("ult", big, 100), arith.remui(big, 3), arith.shrui(big, 28))


def views_of_views(x, y):
    half = x[4:12]
    odd = half[1:8:2]
    for i in range_(16):
        y[i] = 0
    for i in range_(4):
        y[i] = odd[i]
    y[4] = half[x[4] + 1]


def in_place(x, y):
    for i in range_(16):
        y[i] = x[i]
    for i in range_(16):
        y[i] += 1
        y[i] *= 2
        y[i] -= i
        y[i] //= 3


def expected_views():
    half = VALUES[4:12]
    return [*half[1:8:2], half[VALUES[4] + 1], *[0] * 11]


def expected_run_time_bounds():
    out = np.zeros(16, np.int32)
    places = np.arange(3, 15, 2)
    out[places] = VALUES[places] + places
    return out


PROGRAMS = [
    (run_time_bounds, expected_run_time_bounds()),
    (gather, VALUES[VALUES]),
    (carried_pair, [15, 14, *[0] * 14]),
    (
        branch_with_results,
        np.where(VALUES % 2 == 0, VALUES * 10, np.where(VALUES > 8, -VALUES, VALUES)),
    ),
    (nested_branches, np.where(VALUES > 4, np.where(VALUES < 10, 1, 2), VALUES == 3)),
    (unrolled, np.roll(VALUES, 1) + 2 * VALUES + np.roll(VALUES, -1)),
    (unsigned_bits, np.where(VALUES >= 8, (VALUES - 8) % 3, 15)),
    (views_of_views, expected_views()),
    (in_place, ((VALUES + 1) * 2 - np.arange(16)) // 3),
]


@pytest.mark.parametrize(
    ("compute", "expected"), PROGRAMS, ids=lambda each: getattr(each, "__name__", "")
)
def test_integers(compute, expected):
    np.testing.assert_array_equal(interpreted(compute, VALUES), expected)


@pytest.mark.parametrize("dtype", [np.float16, ml_dtypes.bfloat16, np.float32, np.float64])
def test_floats(dtype):
    """Every float type computes in f32, or in f64, and is rounded once for each operation."""
    wide = np.float64 if dtype is np.float64 else np.float32
    values = np.linspace(-2, 3, 16).astype(dtype)

    def compute(x, y):
        for i in range_(16):
            y[i] = x[i] * x[i] - x[i] / 3.0 + abs(x[i])

    def rounded(numbers):
        return numbers.astype(dtype).astype(wide)

    x, third = values.astype(wide), rounded(np.asarray(3.0))
    expected = rounded(rounded(rounded(x * x) - rounded(x / third)) + np.abs(x)).astype(dtype)
    np.testing.assert_array_equal(interpreted(compute, values), expected)


def test_functions_of_math_and_remainders():
    values = np.linspace(0.5, 8, 16).astype(np.float32)

    def compute(x, y):
        for i in range_(16):
            y[i] = math.sqrt(x[i]) + x[i] % 2.0

    found = interpreted(compute, values)
    np.testing.assert_array_equal(found, np.sqrt(values) + np.fmod(values, np.float32(2)))


def test_a_table_and_a_parameter_as_a_bound():
    table = Buffer(initial_value=np.array([3, 1, 2, 9], np.int32), name="table")
    count = Buffer(initial_value=np.array([4], np.int32), name="count")

    def compute(x, y, table, count):
        for i in range_(16):
            y[i] = x[i]
        for i in range_(count[0]):
            y[i] = x[i] * table[i]

    expected = VALUES * np.array([3, 1, 2, 9, *[1] * 12])
    np.testing.assert_array_equal(interpreted(compute, VALUES, [table, count]), expected)


@func
def power_of_two(exponent: np.int32):
    one = arith.constant(1, np.int32)
    return one << exponent


@func
def scaled_by(row: np.ndarray[(16,), np.dtype[np.int32]], exponent: np.int32):
    for i in range_(16):
        row[i] = row[i] * power_of_two(exponent)


def test_functions_that_call_functions():
    def compute(x, y):
        for i in range_(16):
            y[i] = x[i]
        scaled_by(y, x[4])

    np.testing.assert_array_equal(interpreted(compute, VALUES), VALUES * 4)


def test_numbers_of_python_are_ready_when_traced():
    scale = int(python_math.sqrt(16))

    def compute(x, y):
        for i in range_(16):
            y[i] = x[i] * scale

    np.testing.assert_array_equal(interpreted(compute, VALUES), VALUES * 4)
