"""Modelled speeds that designs promise: Chess's code, at the clock of an 8700G."""

from typing import Any

import numpy as np
import pytest

from designs import matmul
from ironbird.session.compile import compile
from ironbird.session.run import RunOptions, run
from ironbird.simulator import SimulationOptions

CHESS_ON_8700G = RunOptions(clock="8700G", simulation=SimulationOptions(compiler_class="chess"))


@pytest.mark.parametrize(
    ("name", "operations_per_second"), [("bf16_2048", 2.5e12), ("i8_2048", 4.5e12)]
)
def test_products_of_2048_on_the_whole_array(name: str, operations_per_second: float) -> None:
    (case,) = [each for each in matmul.CASES if each.name == name]
    arguments: tuple[Any, ...] = matmul.pack(case, case.inputs(np.random.default_rng(0)))
    result = run(compile(matmul.design(case), numerics="fast"), *arguments, options=CHESS_ON_8700G)
    result.raise_for_findings()
    operations = 2 * case.rows * case.depth * case.columns
    assert operations / (result.modelled_us * 1e-6) >= operations_per_second
