"""Adding on eight cores: every element is added, and what is refused."""

import re
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from designs import add
from designs.case import BFLOAT16
from ironbird.session.compile import compile
from ironbird.session.run import run

CASE = add.CASES[0]


@cache
def executable() -> Any:
    return compile(add.design(CASE))


@given(seed=st.integers(0, 2**32 - 1))
def test_sums_of_small_integers_are_exact_wherever_they_stand(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = (rng.integers(-64, 65, (CASE.rows, CASE.columns)) for _ in range(2))
    arguments = add.pack(CASE, {"x": x.astype(BFLOAT16), "y": y.astype(BFLOAT16)})
    run(executable(), *arguments).raise_for_findings()
    z = add.unpack(CASE, arguments)["z"]
    np.testing.assert_array_equal(z.astype(int), x + y)


@pytest.mark.parametrize(("rows", "columns"), [(0, 5), (5, 0), (-1, 5)])
def test_nothing_cannot_be_added(rows: int, columns: int) -> None:
    message = re.escape(f"add of {rows}x{columns} is empty")
    with pytest.raises(ValueError, match=f"^{message}$"):
        add.Case(name="x", rows=rows, columns=columns)
