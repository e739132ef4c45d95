"""Designs over rows: what they mean, and what they refuse."""

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from aie_kernels.gelu_contracts import gelu_bf16
from designs import gelu, gelu_i8, layer_norm, layer_norm_i8
from designs.case import BFLOAT16
from designs.row_array import RowArray
from ironbird.base.errors import UsageError
from ironbird.ir import print_module
from ironbird.session.design_command import compare_case


def test_gelu_does_not_ask_where_an_element_stands() -> None:
    case = gelu.CASES[0]
    x = case.inputs(np.random.default_rng(3))["x"]
    turned = replace(case, rows=case.columns, columns=case.rows)
    straight = compare_case(gelu, case, {"x": x}).outputs["y"]
    across = compare_case(gelu, turned, {"x": np.ascontiguousarray(x.T)}).outputs["y"]
    np.testing.assert_array_equal(straight, across.T)


def test_layer_norm_of_permuted_rows_is_permuted() -> None:
    case = layer_norm.CASES[0]
    inputs = case.inputs(np.random.default_rng(4))
    order = np.random.default_rng(5).permutation(case.rows)
    straight = compare_case(layer_norm, case, inputs).outputs["y"]
    permuted = compare_case(layer_norm, case, {**inputs, "x": inputs["x"][order]}).outputs["y"]
    np.testing.assert_array_equal(permuted, straight[order])


def test_one_program_of_int8_gelu_serves_every_scale() -> None:
    """The scales are in a tensor, so the program is the same; fc1 reaches far below -1."""
    case = gelu_i8.CASES[0]
    other = replace(case, scale_in=0.09, scale_out=0.05)
    assert print_module(gelu_i8.design(case).resolve_program()) == print_module(
        gelu_i8.design(other).resolve_program()
    )
    x = np.full(case.element_count, -20, np.int8)
    assert set(compare_case(gelu_i8, other, {"x": x}).outputs["y"].tolist()) == {-1}


@pytest.mark.parametrize("scale", [0.0, -0.5, np.nan, np.inf])
def test_wrong_scales_are_refused(scale: float) -> None:
    message = (
        f"scale_in of int8 GELU is {scale}\n"
        "  because: a scale is what one step of an int8 stands for: positive and finite\n"
        "  try: scale_in = the largest magnitude the tensor has, divided by 127"
    )
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        gelu_i8.Case(name="x", element_count=512, scale_in=scale)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: gelu.Case(name="x", rows=0, columns=5), "gelu of 0x5 is empty"),
        (
            lambda: gelu_i8.Case(name="x", element_count=500),
            "int8 gelu of 500 elements; 16 cores take a multiple of 512",
        ),
        (
            lambda: layer_norm.Case(name="x", rows=3, columns=100),
            "layer_norm of 3x100; a row has a multiple of 32 elements, at most 4096",
        ),
        (
            lambda: layer_norm_i8.Case(name="x", rows=0),
            "int8 layer_norm of 0 rows is empty",
        ),
        (
            lambda: RowArray(
                contract=gelu_bf16(32),
                rows=20,
                width_in=32,
                width_out=32,
                dtype_in=BFLOAT16,
                dtype_out=BFLOAT16,
            ),
            "20 rows do not fill 16 cores evenly",
        ),
    ],
)
def test_what_cannot_be_dealt_out_is_refused(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        make()
