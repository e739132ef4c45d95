"""Kernels that look at one element at a time."""

import numpy as np

from aie_kernels.contract import Array
from aie_kernels.gelu_contracts import gelu_i8_results, gelu_i8_table
from tests.kernels.fault_rows import COMMUTES, Row, drawn_but, row
from tests.kernels.faults import given_instead, halves_swapped, truncated


def gelu_table(scale_in: float) -> Array:
    """The table of int8 GELU whose results have steps of 1/16."""
    return gelu_i8_table(gelu_i8_results(scale_in, 1 / 16))


ZERO = row(zero_output="zero is its result", result_of_the_call_before="it has one result")

ELEMENT_WISE_ROWS: dict[str, Row] = {
    "passthrough_i32": row(halves_swapped=halves_swapped("x")),
    "add_i32": row(operands_swapped=COMMUTES, halves_swapped=halves_swapped("x")),
    "add_bf16": row(
        operands_swapped=COMMUTES, halves_swapped=halves_swapped("x"), truncated=truncated
    ),
    "scale_i32": row(halves_swapped=halves_swapped("x")),
    "reduce_max_i32": row(
        drawn_but(lambda _: {"largest": np.array([-(2**31)], np.int32)}),
        halves_swapped="the largest of a row does not depend on its order",
    ),
    "zero_f32": ZERO,
    "zero_i32": ZERO,
    "gelu_bf16": row(halves_swapped=halves_swapped("x")),
    "gelu_i8": row(
        drawn_but(lambda _: {"table": gelu_table(1 / 16)}),
        halves_swapped=halves_swapped("x"),
        shift_up=given_instead(lambda _: {"table": gelu_table(1 / 8)}),
        shift_down=given_instead(lambda _: {"table": gelu_table(1 / 32)}),
    ),
}
