"""What `linear` promises beyond its cases: exact small integers, linearity, tails, refusals."""

import re
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from designs import linear
from designs.product_array import ProductArray
from designs.tile_sizes import TileSizes
from ironbird.base.tolerance import judge
from ironbird.session.compile import compile
from ironbird.session.run import run

CASES = {case.name: case for case in linear.CASES}


def layer(case: linear.Case, **inputs: Any) -> Any:
    inputs = {
        name: array.astype(np.float32 if name == "bias" else ml_dtypes.bfloat16)
        for name, array in inputs.items()
    }
    arguments = linear.pack(case, inputs)
    run(compile(linear.design(case)), *arguments).raise_for_findings()
    return linear.unpack(case, arguments)["y"]


def small_integers(case: linear.Case, seed: int) -> dict[str, Any]:
    """So small, and so few of the weights not 0, that every sum is a bf16 number."""
    rng = np.random.default_rng(seed)
    weights = rng.integers(-2, 3, (case.depth, case.columns))
    weights[rng.random(weights.shape) > 0.2] = 0
    drawn = {
        "x": rng.integers(-3, 4, (case.rows, case.depth)),
        "weights": weights,
        "bias": rng.integers(-20, 21, case.columns),
    }
    if case.end == "residual":
        drawn["residual"] = rng.integers(-20, 21, (case.rows, case.columns))
    return drawn


@pytest.mark.parametrize("name", ["plain", "residual"])
def test_small_integers_are_exact(name: str) -> None:
    """Each residual at its own place, each bias in its own column; the depth in four pieces."""
    inputs = small_integers(CASES[name], 1)
    expected = inputs["x"] @ inputs["weights"] + inputs["bias"] + inputs.get("residual", 0)
    assert np.abs(expected).max() <= 256
    np.testing.assert_array_equal(layer(CASES[name], **inputs), expected)


def test_the_layer_is_linear_but_for_its_bias() -> None:
    case = CASES["plain"]
    one, other = small_integers(case, 2), small_integers(case, 3)
    rest = {"weights": one["weights"], "bias": np.zeros(case.columns)}
    first, second, both = (
        layer(case, x=x, **rest).astype(np.float64)
        for x in (one["x"], other["x"], one["x"] + other["x"])
    )
    np.testing.assert_array_equal(both, first + second)


@pytest.mark.parametrize(("rows", "depth", "columns"), [(1, 1, 1), (65, 33, 64)])
def test_tails_of_every_side(rows: int, depth: int, columns: int) -> None:
    case = linear.Case(
        name="tail", rows=rows, depth=depth, columns=columns, tile=TileSizes(16, 16, 16)
    )
    inputs = small_integers(case, 4)
    expected = inputs["x"] @ inputs["weights"] + inputs["bias"]
    np.testing.assert_array_equal(layer(case, **inputs), expected)


def test_no_bias_is_a_bias_of_zeros() -> None:
    case = CASES["plain"]
    weights = small_integers(case, 5)["weights"]
    np.testing.assert_array_equal(
        linear.laid_out_weights(case, weights, None),
        linear.laid_out_weights(case, weights, np.zeros(case.columns)),
    )


@pytest.mark.parametrize("name", ["gelu", "residual"])
def test_the_comparison_can_fail(name: str) -> None:
    """Faults that a real run could have: rows swapped, no bias, no end, a column late."""
    case = CASES[name]
    inputs = case.inputs(np.random.default_rng(6))
    result = layer(case, **inputs)
    assert judge(result, linear.reference(case, **inputs)["y"], case.tolerance)
    faults = [
        {"x": inputs["x"][::-1]},
        {"bias": np.zeros_like(inputs["bias"])},
        {"bias": np.roll(inputs["bias"], 1)},
    ]
    if name == "residual":
        faults.append({"residual": np.roll(inputs["residual"], 16, axis=1)})
    for fault in faults:
        wrong = linear.reference(case, **{**inputs, **fault})["y"]
        assert not judge(result, wrong, case.tolerance)
    other_end = inputs["x"].astype(np.float64) @ inputs["weights"].astype(np.float64)
    assert not judge(result, other_end + inputs["bias"], case.tolerance)


@pytest.mark.parametrize(
    ("end", "shape", "tile", "padded"),
    [
        ("plain", (1500, 384, 1152), TileSizes(64, 64, 48), (1536, 384, 1152)),
        ("residual", (1500, 384, 384), TileSizes(64, 48, 48), (1536, 384, 384)),
        ("gelu", (1500, 512, 2048), TileSizes(48, 64, 64), (1536, 512, 2048)),
        ("residual", (1500, 2048, 512), TileSizes(64, 64, 64), (1536, 2048, 512)),
        ("plain", (1500, 1280, 1280), TileSizes(64, 64, 64), (1536, 1280, 1280)),
        ("gelu", (448, 768, 3072), TileSizes(32, 64, 64), (512, 768, 3072)),
        ("plain", (5, 80, 100), TileSizes(16, 16, 32), (64, 80, 128)),
    ],
)
def test_tiles_fill_up_little(
    end: linear.End, shape: tuple[int, int, int], tile: TileSizes, padded: tuple[int, int, int]
) -> None:
    """Layers of one model meet: rows of 1,500 are 1,536 for every end."""
    rows, depth, columns = shape
    case = linear.Case(name="shape", rows=rows, depth=depth, columns=columns, end=end)
    assert (case.tile_sizes, case.padded_sizes) == (tile, padded)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rows": 0}, "a linear layer of 0 rows from 64 to 64 is empty"),
        ({"depth": 0}, "a linear layer of 8 rows from 0 to 64 is empty"),
        (
            {"end": "tanh"},
            "a linear layer that ends in 'tanh'; there are plain, gelu, residual",
        ),
        ({"columns": 51865}, "51904 columns in tiles of 16; there are at most 4096"),
        (
            {"tile": TileSizes(64, 32, 64), "end": "residual"},
            "tiles of A are 32 and tiles of C 64 wide; with a residual, which comes as A does, "
            "they are equal",
        ),
        (
            {"tile": TileSizes(64, 64, 64), "end": "gelu"},
            "tiles of 64x64x64 take 73664 bytes of a core, which has 65536",
        ),
    ],
)
def test_what_it_cannot_tile_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(message)}$"):
        linear.Case(**{"name": "refused", "rows": 8, "depth": 64, "columns": 64, **options})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rows": 100}, "C of 100x64 is not whole tiles of 16x16 on 4x4 cores"),
        ({"columns": 100}, "C of 64x100 is not whole tiles of 16x16 on 4x4 cores"),
        ({"depth": 100}, "a depth of 100 is not whole tiles of 16"),
    ],
)
def test_an_array_takes_whole_tiles(options: dict[str, int], message: str) -> None:
    sizes = {"rows": 64, "depth": 64, "columns": 64, "m": 16, "k": 16, "n": 16, **options}
    with pytest.raises(ValueError, match=rf"^{re.escape(message)}$"):
        ProductArray(**sizes)
