"""What no design was asked for: refused by name, or run as if it were laid out well."""

import re
from dataclasses import fields, replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from designs import mv_w8a8, scale
from designs.catalog import CATALOG
from ironbird.base.errors import UsageError
from ironbird.session.design_command import compare_case

EVERY_DESIGN = pytest.mark.parametrize("design", CATALOG.values(), ids=CATALOG)


def drawn(design: ModuleType) -> tuple[Any, dict[str, Any]]:
    case = design.CASES[0]
    return case, case.inputs(np.random.default_rng(5))


def refused(design: ModuleType, case: Any, inputs: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        compare_case(design, case, inputs)


def with_gaps(array: Any) -> Any:
    """The same numbers, every other place of a larger array between them."""
    spread = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)[..., ::2]
    spread[...] = array
    return spread


def misaligned(array: Any) -> Any:
    """The same numbers, one byte from where they could be loaded."""
    room = np.zeros(array.nbytes + 1, np.uint8)[1:]
    moved = room.view(array.dtype).reshape(array.shape)
    moved[...] = array
    return moved


@pytest.mark.parametrize("design", [scale, mv_w8a8], ids=["without_pack", "with_pack"])
def test_views_are_run_as_what_they_show(design: ModuleType) -> None:
    case, inputs = drawn(design)
    expected = compare_case(design, case, inputs).outputs
    for view in (with_gaps, misaligned, np.asfortranarray):
        views = {name: view(array) for name, array in reversed(inputs.items())}
        for name, output in compare_case(design, case, views).outputs.items():
            assert output.tobytes() == expected[name].tobytes(), (view.__name__, name)


MAY_BE_LESS_THAN_ONE = {
    ("scale", "factor"),
    ("packed_matmul", "shift"),
    ("softmax", "valid_columns"),
}
"""No counts; and one that comes with the inputs, which `pack` checks."""


@EVERY_DESIGN
def test_counts_below_one_are_refused(design: ModuleType) -> None:
    """Every whole number of a case; the message names it."""
    name, case = design.__name__.rpartition(".")[2], design.CASES[0]
    counts = [
        field.name
        for field in fields(case)
        if field.type in (int, int | None) and (name, field.name) not in MAY_BE_LESS_THAN_ONE
    ]
    for count in counts:
        for number in (0, -1):
            with pytest.raises((ValueError, UsageError), match=rf"(?<!\d){number}(?!\d)"):
                replace(case, **{count: number})


@EVERY_DESIGN
def test_another_shape_is_refused(design: ModuleType) -> None:
    case, inputs = drawn(design)
    name = list(inputs)[-1]
    shape = inputs[name].shape
    for other in ((*shape[:-1], shape[-1] + 1), (1, *shape), (*shape[:-1], 0)):
        refused(
            design,
            case,
            {**inputs, name: np.zeros(other, inputs[name].dtype)},
            f"input {name!r} has the shape {list(other)}\n  because: the case takes {list(shape)}",
        )


@EVERY_DESIGN
def test_another_dtype_is_refused(design: ModuleType) -> None:
    case, inputs = drawn(design)
    name = next(iter(inputs))
    dtype = inputs[name].dtype
    for other in (np.float64, np.int64):
        refused(
            design,
            case,
            {**inputs, name: inputs[name].astype(other)},
            f"input {name!r} holds {np.dtype(other)}\n"
            f"  because: the case takes {dtype}\n"
            f"  try: convert it with .astype({dtype})",
        )


@EVERY_DESIGN
def test_other_names_are_refused(design: ModuleType) -> None:
    case, inputs = drawn(design)
    name = next(iter(inputs))
    names = ", ".join(inputs)
    refused(
        design,
        case,
        {**inputs, "bogus": inputs[name]},
        f"the design has no input 'bogus'\n  because: its inputs are {names}",
    )
    refused(
        design,
        case,
        {other: array for other, array in inputs.items() if other != name},
        f"input {name!r} is missing\n  because: the inputs are {names}",
    )
