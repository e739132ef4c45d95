"""Softmax of rows of which a part is hidden: at run time, by number or by mask."""

import re
from typing import Any

import numpy as np
import pytest

from designs import softmax
from ironbird.base.errors import UsageError
from ironbird.base.tolerance import judge
from ironbird.session.compile import compile
from ironbird.session.run import run

CASES = {case.name: case for case in softmax.CASES}


def test_one_program_serves_every_number_of_columns() -> None:
    """Whatever stands behind them, NaN included."""
    case = CASES["1500_of_1536"]
    executable = compile(softmax.design(case))
    inputs = case.inputs(np.random.default_rng(1))
    for number in (1500, 1, 447, 448, 1536):
        spoilt = inputs["x"].copy()
        spoilt[:, number:] = np.nan
        given = {"x": spoilt, "valid_columns": np.array([number], np.int32)}
        arguments = softmax.pack(case, given)
        run(executable, *arguments).raise_for_findings()
        shares = softmax.unpack(case, arguments)["y"]
        verdict = judge(shares, softmax.reference(case, **given)["y"], case.tolerance)
        assert verdict, f"{number} columns: {verdict}"
        sums = shares.astype(np.float64).sum(axis=1)
        np.testing.assert_allclose(sums, 1, atol=4e-3)


def masked(**changed: Any) -> dict[str, Any]:
    return CASES["masked"].inputs(np.random.default_rng(2)) | changed


def spoilt_mask(number: float) -> Any:
    mask = masked()["mask"]
    mask[6] = number
    return mask


@pytest.mark.parametrize(
    ("name", "inputs", "message"),
    [
        (
            "1500_of_1536",
            {"x": np.zeros((16, 1536)), "valid_columns": np.array([number])},
            f"valid_columns is {number}\n  because: a row of softmax 1500_of_1536 has 1 to 1536",
        )
        for number in (0, -3, 1537)
    ]
    + [
        (
            "masked",
            masked(mask=np.full(70, -np.inf)),
            "the mask hides all 70 columns\n"
            "  because: softmax of nothing has no meaning\n"
            "  try: leave a column visible",
        ),
        (
            "masked",
            masked(mask=spoilt_mask(np.nan)),
            "mask[6] is nan\n"
            "  because: a mask is added to rows: finite numbers, and -inf to hide a column",
        ),
        (
            "masked",
            masked(mask=spoilt_mask(np.inf)),
            "mask[6] is inf\n"
            "  because: a mask is added to rows: finite numbers, and -inf to hide a column",
        ),
    ],
)
def test_what_hides_no_part_of_a_row_is_refused(
    name: str, inputs: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        softmax.pack(CASES[name], inputs)


def test_one_way_to_hide_is_enough() -> None:
    message = "softmax with a mask and a number of columns; a mask can do both"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        softmax.Case(name="both", rows=1, columns=32, valid_columns=5, masked=True)
