"""What core code computes, end to end: traced, lowered, simulated, against numpy."""

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra import numpy as hnp
from iron_programs import through_one_core

from ironbird.iron import core_arith as arith
from ironbird.iron.controlflow import else_, if_, range_, yield_
from ironbird.iron.core_function import func
from ironbird.session.compile import compile
from ironbird.session.run import run


@pytest.fixture(scope="module", autouse=True)
def cache(shared_cache):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IRONBIRD_CACHE_HOME", str(shared_cache))
        yield


def simulated(compute, *, shape=(16,), dtype=np.int32):
    """A function from the input array to the output array of a core that runs `compute`."""

    def core_fn(source, sink):
        x, y = source.acquire(1), sink.acquire(1)
        compute(x, y)
        source.release(1)
        sink.release(1)

    executable = compile(through_one_core(core_fn, shape=shape, dtype=dtype))

    def call(values):
        out = np.zeros(shape, dtype)
        result = run(executable, values, out)
        assert result.findings == ()
        return out

    return call


def integers(x, y):
    y[0] = x[0] + x[1]
    y[1] = 3 - x[1] * 2
    y[2] = x[0] / x[1]
    y[3] = x[0] // x[1]
    y[4] = x[0] % x[1]
    y[5] = (x[0] & x[1]) | 7
    y[6] = ~x[2] ^ x[3]
    y[7] = x[2] << 3
    y[8] = x[3] >> 2
    y[9] = abs(x[4])
    for i, total, result in range_(16, iter_args=[arith.constant(0, np.int32)]):  # noqa: B007
        yield_([total + x[i]])
    y[10] = result
    with if_((x[0] > 0) & (x[1] > 0)) as branch:
        y[11] = 1
    with else_(branch):
        y[11] = 2
    y[12] = arith.minsi(x[5], x[6])
    y[13] = -x[7]
    y[14] = 0
    part = x[2:14:3]
    for i in range_(4):
        y[14] = y[14] + part[i] * i
    y[15] = arith.extsi(np.int32, arith.trunci(np.int8, x[3] * 77))


def expected_integers(values):
    x = [int(value) for value in values]
    return [
        x[0] + x[1],
        3 - x[1] * 2,
        int(x[0] / x[1]),
        x[0] // x[1],
        int(np.fmod(x[0], x[1])),
        (x[0] & x[1]) | 7,
        ~x[2] ^ x[3],
        x[2] << 3,
        x[3] >> 2,
        abs(x[4]),
        sum(x),
        1 if x[0] > 0 and x[1] > 0 else 2,
        min(x[5], x[6]),
        -x[7],
        sum(value * i for i, value in enumerate(x[2:14:3])),
        (x[3] * 77 + 128) % 256 - 128,
    ]


@pytest.fixture(scope="module")
def integer_core():
    return simulated(integers)


@given(values=hnp.arrays(np.int32, (16,), elements={"min_value": -1000, "max_value": 1000}))
def test_integers(integer_core, values):
    values[1] = values[1] or 1
    assert integer_core(values).tolist() == expected_integers(values)


def turned(x, y):
    for row in range_(4):
        line = x[row]
        for column in range_(8):
            y[row, 7 - column] = line[0, column] + row


@pytest.mark.full
def test_rows_and_index_arithmetic():
    values = np.arange(32, dtype=np.int32).reshape(4, 8) * 3
    expected = values[:, ::-1] + np.arange(4)[:, None]
    assert np.array_equal(simulated(turned, shape=(4, 8))(values), expected)


def leaky(x, y):
    for i in range_(16):
        scaled = arith.extf(np.float32, x[i]) * 2.5 - 0.5
        y[i] = arith.truncf(ml_dtypes.bfloat16, arith.maximumf(scaled, 0.0))


@pytest.mark.full
def test_floats():
    values = np.linspace(-2, 2, 16).astype(ml_dtypes.bfloat16)
    scaled = values.astype(np.float32) * np.float32(2.5) - np.float32(0.5)
    expected = np.maximum(scaled, 0).astype(ml_dtypes.bfloat16)
    found = simulated(leaky, dtype=ml_dtypes.bfloat16)(values)
    assert np.array_equal(found, expected)


@pytest.mark.full
def test_bytes_are_moved_unchanged():
    def swap(x, y):
        for i in range_(16):
            y[15 - i] = x[i]

    values = np.arange(240, 256, dtype=np.uint8)
    assert np.array_equal(simulated(swap, dtype=np.uint8)(values), values[::-1])


@func
def add_to(a: np.ndarray[(16,), np.dtype[np.int32]], number: np.int32):
    for i in range_(16):
        a[i] = a[i] + number
    return a[0] * 2


@pytest.mark.full
def test_functions_written_in_python():
    def compute(x, y):
        for i in range_(16):
            y[i] = x[i]
        y[1] = add_to(y, 5)
        y[2] = add_to(y, x[0])

    values = np.arange(10, 26, dtype=np.int32)
    expected = values + 15
    expected[1] = 2 * (values[0] + 5) + values[0]
    expected[2] = 2 * (values[0] + 15)
    assert np.array_equal(simulated(compute)(values), expected)
