"""What `mv` promises beyond its cases: exact small integers, rows apart, and what it refuses."""

from typing import Any

import ml_dtypes
import numpy as np
import pytest

from designs import mv
from ironbird.session.compile import compile
from ironbird.session.run import run

RAGGED = next(case for case in mv.CASES if case.name == "ragged")


def multiplied(case: mv.Case, x: Any, weights: Any) -> Any:
    inputs = {
        "x": x.astype(ml_dtypes.bfloat16),
        "weights": weights.astype(ml_dtypes.bfloat16),
    }
    arguments = mv.pack(case, inputs)
    run(compile(mv.design(case)), *arguments).raise_for_findings()
    return mv.unpack(case, arguments)["y"]


def test_products_of_small_integers_are_exact() -> None:
    rng = np.random.default_rng(5)
    x = rng.integers(-8, 9, (RAGGED.rows, RAGGED.depth))
    weights = rng.integers(-8, 9, (RAGGED.columns, RAGGED.depth))
    np.testing.assert_array_equal(
        multiplied(RAGGED, x, weights), (x @ weights.T).astype(np.float32)
    )


def test_reversed_rows_give_reversed_results() -> None:
    rng = np.random.default_rng(6)
    x = rng.standard_normal((RAGGED.rows, RAGGED.depth))
    weights = rng.standard_normal((RAGGED.columns, RAGGED.depth))
    np.testing.assert_array_equal(
        multiplied(RAGGED, x[::-1], weights), multiplied(RAGGED, x, weights)[::-1]
    )


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ((0, 64, 64), r"^a product of 0 rows; mv takes 1 to 16$"),
        ((17, 64, 64), r"^a product of 17 rows; mv takes 1 to 16$"),
        ((1, 0, 64), r"^weights of 64x0 are empty$"),
        ((1, 64, 65537), r"^65537 columns in tiles of 64; there are at most 65536$"),
    ],
)
def test_what_it_cannot_tile_is_refused(sizes: tuple[int, int, int], message: str) -> None:
    rows, depth, columns = sizes
    with pytest.raises(ValueError, match=message):
        mv.Case(name="refused", rows=rows, depth=depth, columns=columns)
