"""A tensor loaded and stored in place is not a race; one stored in another order is."""

from typing import Any

import aie.iron as iron
import numpy as np
import pytest
from aie.helpers.taplib import TensorAccessPattern
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1

from ironbird.base.findings import FindingKind
from ironbird.session.compile import compile
from ironbird.session.run import RunOptions, run

LINE = np.ndarray[(32,), np.dtype[np.int32]]
WHOLE = np.ndarray[(256,), np.dtype[np.int32]]


def add_one_in_place(stored: TensorAccessPattern | None = None) -> Program:
    source, result = ObjectFifo(LINE, name="source"), ObjectFifo(LINE, name="result")

    def core(source: Any, result: Any) -> None:
        a, b = source.acquire(1), result.acquire(1)
        for i in range_(32):
            b[i] = a[i] + 1
        source.release(1)
        result.release(1)

    def sequence(x: Any, source: Any, result: Any) -> None:
        source.fill(x)
        result.drain(x, tap=stored, wait=True)

    worker = Worker(core, [source.cons(), result.prod()])
    return Program(
        NPU1(), Runtime(sequence, [WHOLE, source.prod(), result.cons()]), workers=[worker]
    )


@pytest.mark.parametrize("backend", ["native", "interpreter"])
def test_a_tensor_changed_in_place_is_no_race(backend: str) -> None:
    x = iron.arange(256, dtype=np.int32)
    result = run(compile(add_one_in_place()), x, options=RunOptions(backend=backend))
    assert result.findings == ()
    np.testing.assert_array_equal(x.numpy(), np.arange(256) + 1)


@pytest.mark.parametrize("backend", ["native", "interpreter"])
def test_a_tensor_stored_in_another_order_is_a_race(backend: str) -> None:
    columns_first = TensorAccessPattern((16, 16), 0, [1, 1, 16, 16], [0, 0, 1, 16])
    x = iron.arange(256, dtype=np.int32)
    result = run(compile(add_one_in_place(columns_first)), x, options=RunOptions(backend=backend))
    assert FindingKind.RACE in {finding.kind for finding in result.findings}
