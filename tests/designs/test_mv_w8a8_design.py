"""What `mv_w8a8` promises beyond its cases: scales where they belong, and what it refuses."""

import re
from typing import Any

import numpy as np
import pytest

from designs import mv_w8a8
from ironbird.base.errors import UsageError
from ironbird.session.compile import compile
from ironbird.session.run import run

RAGGED = next(case for case in mv_w8a8.CASES if case.name == "ragged")


def drawn(seed: int) -> dict[str, Any]:
    return RAGGED.inputs(np.random.default_rng(seed))


def multiplied(inputs: dict[str, Any]) -> Any:
    arguments = mv_w8a8.pack(RAGGED, inputs)
    run(compile(mv_w8a8.design(RAGGED)), *arguments).raise_for_findings()
    return mv_w8a8.unpack(RAGGED, arguments)["y"]


def test_with_scales_of_one_the_product_is_exact() -> None:
    inputs = drawn(1)
    for name in ("x_scales", "weight_scales"):
        inputs[name] = np.ones_like(inputs[name])
    expected = inputs["x"].astype(np.int64) @ inputs["weights"].astype(np.int64).T
    np.testing.assert_array_equal(multiplied(inputs), expected.astype(np.float32))


def test_a_scale_twice_as_large_doubles_its_own_row_or_column_only() -> None:
    inputs = drawn(2)
    before = multiplied(inputs)
    for name, place in (("x_scales", np.s_[3, :]), ("weight_scales", np.s_[:, 277])):
        doubled = {**inputs, name: inputs[name].copy()}
        doubled[name][3 if name == "x_scales" else 277] *= 2
        expected = before.copy()
        expected[place] *= 2
        np.testing.assert_array_equal(multiplied(doubled), expected)


@pytest.mark.parametrize(
    ("scale", "said"), [(0, "0"), (-1, "-1"), (np.nan, "nan"), (np.inf, "inf"), (1e-13, "1e-13")]
)
@pytest.mark.parametrize("name", ["x_scales", "weight_scales"])
def test_wrong_scales_are_refused(name: str, scale: float, said: str) -> None:
    inputs = drawn(3)
    inputs[name][5] = scale
    message = (
        f"{name}[5] is {said}\n"
        "  because: a scale is a number from 1e-12 to 1e+12\n"
        "  try: the largest magnitude of the row over 127, and 1 for a row of zeros"
    )
    with pytest.raises(UsageError, match=rf"^{re.escape(message)}$"):
        mv_w8a8.pack(RAGGED, inputs)


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ((0, 64, 64), r"^a product of 0 rows; mv_w8a8 takes 1 to 16$"),
        ((17, 64, 64), r"^a product of 17 rows; mv_w8a8 takes 1 to 16$"),
        ((1, 0, 64), r"^weights of 64x0 are empty$"),
        ((1, 131072, 64), r"^a depth of 131072; int32 holds sums of at most 131071$"),
        ((1, 64, 65537), r"^65537 columns in tiles of 64; there are at most 65536$"),
    ],
)
def test_what_it_cannot_tile_is_refused(sizes: tuple[int, int, int], message: str) -> None:
    rows, depth, columns = sizes
    with pytest.raises(ValueError, match=message):
        mv_w8a8.Case(name="refused", rows=rows, depth=depth, columns=columns)
