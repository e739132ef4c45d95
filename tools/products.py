"""How many multiply-accumulates a case of a design asks for, and of what numbers.

What the case asks for: those that a design spends on filling up its tiles do not count, so that a
rate says how fast the user's product is made. A design without an entry makes no products.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# Multiply-accumulates a cycle of one core by the narrower operand's type (AM020 appendix A).
PEAK_PER_CYCLE = {"i8": 256, "i16": 64, "bf16": 128}


@dataclass(frozen=True)
class Products:
    """`count` multiply-accumulates of numbers of `type_name`."""

    count: int
    type_name: str

    @property
    def peak_per_cycle(self) -> int:
        """What one core can do in a cycle."""
        return PEAK_PER_CYCLE[self.type_name]


def products(design: str, case: Any) -> Products | None:
    """Those of a case, or None if the design makes none."""
    of_case = _PRODUCTS.get(design)
    return None if of_case is None else of_case(case)


_ATTENTION_WIDTH = 64
_MEL_PRODUCTS = 400 * 199 * 2
"""Of a frame: as many samples, frequencies that a filter looks at, real and imaginary."""

_PRODUCTS: dict[str, Callable[[Any], Products]] = {
    "matmul": lambda case: Products(case.rows * case.depth * case.columns, case.type_in),
    "linear": lambda case: Products(case.rows * case.depth * case.columns, "bf16"),
    "linear_w8a8": lambda case: Products(case.rows * case.depth * case.columns, "i8"),
    "mv": lambda case: Products(case.rows * case.depth * case.columns, "bf16"),
    "mv_w8a8": lambda case: Products(case.rows * case.depth * case.columns, "i8"),
    "packed_matmul": lambda case: Products(case.side**3, case.type_name),
    "packed_attention": lambda case: Products(2 * _ATTENTION_WIDTH**3, "i8"),
    "conv1d": lambda case: Products(
        case.result_frames * 3 * case.channels * case.outputs_count, "bf16"
    ),
    "log_mel": lambda case: Products(case.frames * _MEL_PRODUCTS, "i16"),
    "attention": lambda case: Products(
        2 * case.heads * case.queries * case.keys * _ATTENTION_WIDTH, "bf16"
    ),
    "attention_row": lambda case: Products(
        2 * case.units * case.positions * _ATTENTION_WIDTH, "bf16"
    ),
    "decoder_block": lambda case: Products(
        6 * case.windows * case.width**2
        + 2 * case.windows * (case.positions + case.keys) * case.width
        + _ffn(case.windows, case.width),
        "bf16",
    ),
    "ffn": lambda case: Products(_ffn(case.rows, case.width), "bf16"),
    "encoder_block": lambda case: Products(
        4 * case.positions * case.width**2
        + 2 * case.positions**2 * case.width
        + _ffn(case.positions, case.width),
        "bf16",
    ),
}


def _ffn(rows: int, width: int) -> int:
    """To four times the width and back."""
    return 2 * rows * width * 4 * width
