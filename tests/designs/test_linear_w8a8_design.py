"""What `linear_w8a8` promises beyond its cases: exactness, `quantise` before it, refusals."""

import re
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from aie_kernels.scale_tiles import BYTES_BESIDE
from designs import linear_w8a8, quantise
from ironbird.base.errors import UsageError
from ironbird.base.tolerance import judge
from ironbird.session.compile import compile
from ironbird.session.run import run

RAGGED = linear_w8a8.CASES[0]


def layer(case: linear_w8a8.Case, inputs: dict[str, Any]) -> Any:
    arguments = linear_w8a8.pack(case, inputs)
    run(compile(linear_w8a8.design(case)), *arguments).raise_for_findings()
    return linear_w8a8.unpack(case, arguments)["y"]


def test_small_integers_times_powers_of_two_are_exact() -> None:
    """Each scale and each bias at its own row and column, over two pieces of the depth."""
    rng = np.random.default_rng(1)
    weights = rng.integers(-2, 3, (RAGGED.depth, RAGGED.columns)).astype(np.int8)
    weights[rng.random(weights.shape) > 0.2] = 0
    x = rng.integers(-3, 4, (RAGGED.rows, RAGGED.depth)).astype(np.int8)
    x_scales = (2.0 ** rng.integers(-9, 9, RAGGED.rows)).astype(np.float32)
    inputs = {
        "x": x,
        "x_scales": x_scales,
        "weights": weights,
        "weight_scales": (2.0 ** rng.integers(-9, 9, RAGGED.columns)).astype(np.float32),
        "bias": np.zeros(RAGGED.columns, np.float32),
    }
    sums = x.astype(np.int64) @ weights.astype(np.int64)
    assert np.abs(sums).max() <= 256
    expected = sums * np.outer(inputs["x_scales"], inputs["weight_scales"])
    np.testing.assert_array_equal(layer(RAGGED, inputs), expected)
    inputs |= {
        "x_scales": np.ones_like(x_scales),
        "weight_scales": np.ones(RAGGED.columns, np.float32),
        "bias": rng.integers(-20, 21, RAGGED.columns).astype(np.float32),
    }
    np.testing.assert_array_equal(layer(RAGGED, inputs), sums + inputs["bias"])


def test_it_takes_what_quantise_leaves() -> None:
    """bf16 to bf16 through int8: the error is that of 127 steps a row and a column."""
    rng = np.random.default_rng(2)
    rounding = quantise.Case(name="before", rows=RAGGED.rows, columns=RAGGED.depth)
    x = rounding.inputs(rng)["x"]
    quantised = quantise.pack(rounding, {"x": x})
    run(compile(quantise.design(rounding)), *quantised).raise_for_findings()
    weights = rng.standard_normal((RAGGED.depth, RAGGED.columns))
    scales = np.abs(weights).max(axis=0) / 127
    inputs = RAGGED.inputs(rng)
    inputs |= {
        "weights": np.rint(weights / scales).astype(np.int8),
        "weight_scales": scales.astype(np.float32),
        "bias": np.zeros(RAGGED.columns, np.float32),
    }
    _, *arguments = linear_w8a8.pack(RAGGED, inputs)
    rows = np.zeros((RAGGED.product.rows, RAGGED.product.columns_of_a), np.int8)
    rows[:, -BYTES_BESIDE:][:, :4] = np.ones((1, 1), np.float32).view(np.int8)
    rows[: quantised[1].shape[0]] = quantised[1]
    run(compile(linear_w8a8.design(RAGGED)), rows, *arguments).raise_for_findings()
    exact = x.astype(np.float64) @ weights
    error = arguments[-1][: RAGGED.rows, : RAGGED.columns].astype(np.float64) - exact
    relative = np.linalg.norm(error, axis=1) / np.linalg.norm(exact, axis=1)
    assert relative.max() <= 0.02


def test_the_comparison_can_fail() -> None:
    """Faults that a real run could have: scales of another row or column, no bias."""
    inputs = RAGGED.inputs(np.random.default_rng(3))
    result = layer(RAGGED, inputs)
    assert judge(result, linear_w8a8.reference(RAGGED, **inputs)["y"], RAGGED.tolerance)
    for name in ("x", "x_scales", "weight_scales", "bias"):
        wrong = linear_w8a8.reference(RAGGED, **{**inputs, name: np.roll(inputs[name], 1, axis=0)})
        assert not judge(result, wrong["y"], RAGGED.tolerance)


@pytest.mark.parametrize("name", ["x_scales", "weight_scales"])
@pytest.mark.parametrize(
    ("scale", "shown"), [(0, "0"), (-0.5, "-0.5"), (np.nan, "nan"), (np.inf, "inf")]
)
def test_a_scale_that_is_none_is_refused(name: str, scale: float, shown: str) -> None:
    inputs = RAGGED.inputs(np.random.default_rng(4))
    inputs[name][7] = scale
    with pytest.raises(UsageError) as refused:
        linear_w8a8.pack(RAGGED, inputs)
    assert str(refused.value) == (
        f"{name}[7] is {shown}\n  because: a scale is a number from 1e-12 to 1e+12\n"
        "  try: the largest magnitude of the row over 127, and 1 for a row of zeros"
    )


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: linear_w8a8.Case(name="x", rows=0, depth=64, columns=64),
            "a linear layer of 0 rows from 64 to 64; rows and columns are 1 or more, a depth is "
            "1 to 131071",
        ),
        (
            lambda: linear_w8a8.Case(name="x", rows=8, depth=2**17, columns=64),
            "a linear layer of 8 rows from 131072 to 64; rows and columns are 1 or more, a depth "
            "is 1 to 131071",
        ),
        (
            lambda: linear_w8a8.Case(name="x", rows=8, depth=64, columns=256, m=256),
            "tiles of 256x128x64 take 183552 bytes of a core, which has 65536",
        ),
        (
            lambda: quantise.Case(name="x", rows=4, columns=8193),
            "4 rows of 8193 to quantise; a row has 1 to 8192 elements",
        ),
    ],
)
def test_what_they_cannot_take_is_refused(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(message)}$"):
        make()


def test_a_row_of_zeros_stays_zeros() -> None:
    case = quantise.CASES[0]
    x = case.inputs(np.random.default_rng(5))["x"]
    x[2] = ml_dtypes.bfloat16(0)
    arguments = quantise.pack(case, {"x": x})
    run(compile(quantise.design(case)), *arguments).raise_for_findings()
    made = quantise.unpack(case, arguments)
    assert made["scales"][2] == 1
    assert not made["numbers"][2].any()
