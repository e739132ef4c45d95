"""Dispatch-time values: the module has an argument for each, a call writes its value in."""

from typing import Any

import aie.iron as iron
import numpy as np
import pytest
from aie.helpers.taplib import TensorAccessPattern
from aie.iron import (
    Buffer,
    DispatchTime,
    In,
    ObjectFifo,
    Out,
    Program,
    Runtime,
    TaskGroup,
    Worker,
    WorkerRuntimeBarrier,
)
from aie.iron.controlflow import range_

from ironbird.base.errors import DesignError, UsageError
from tests.session.programs import line_type

built: list[str] = []


def gained(gain: Any, *, twice: bool = False) -> Any:
    source, result = ObjectFifo(line_type(), name="x"), ObjectFifo(line_type(), name="y")
    level = Buffer(np.ndarray[(1,), np.dtype[np.int32]], name="level", use_write_rtp=True)
    ready = WorkerRuntimeBarrier()

    def core(x: Any, y: Any, level: Any, ready: Any) -> None:
        ready.wait_for_value(1)
        a, b = x.acquire(1), y.acquire(1)
        for i in range_(16):
            b[i] = a[i] * level[0]
        x.release(1)
        y.release(1)

    def sequence(x: Any, y: Any, gain: Any, x_in: Any, y_out: Any, *others: Any) -> None:
        level, ready = others[-2:]
        level[0] = gain
        ready.set(1)
        x_in.fill(x)
        y_out.drain(y, wait=True)

    worker = Worker(core, [source.cons(), result.prod(), level, ready])
    again = [gain] if twice else []
    arguments = [line_type(), line_type(), gain, source.prod(), result.cons()]
    runtime = Runtime(sequence, [*arguments, *again, level, ready])
    return Program(iron.get_current_device(), runtime, workers=[worker]).resolve_program()


@iron.jit
def design(x: In, y: Out, *, gain: DispatchTime[np.int32] = 2) -> Any:
    built.append("design")
    return gained(gain)


def tensors() -> tuple[Any, Any]:
    return iron.arange(16, dtype=np.int32), iron.zeros(16, dtype=np.int32)


def test_a_new_value_needs_no_new_module() -> None:
    built.clear()
    x, y = tensors()
    for gain in (3, -4, 3):
        design(x, y, gain=gain)
        assert (y.numpy() == gain * np.arange(16)).all()
    design(x, y)
    assert (y.numpy() == 2 * np.arange(16)).all()
    assert built == ["design"]
    assert "(%arg0: memref<16xi32>, %arg1: memref<16xi32>, %arg2: i32)" in design.as_mlir(
        x=line_type(), y=line_type()
    )


def test_a_value_may_decide_how_much_is_moved() -> None:
    @iron.jit
    def rows(x: In, y: Out, *, count: DispatchTime[np.int32]) -> Any:
        fifo = ObjectFifo(line_type(), name="x")
        copied = fifo.cons().forward(name="y")

        def sequence(x: Any, y: Any, count: Any, x_in: Any, y_out: Any) -> None:
            for _ in range_(count):
                group = TaskGroup()
                x_in.fill(x, TensorAccessPattern((64,), 16, [16], [1]), group=group)
                y_out.drain(y, wait=True, group=group)
                group.finish()

        runtime = Runtime(
            sequence, [line_type(elements=64), line_type(), count, fifo.prod(), copied.cons()]
        )
        return Program(iron.get_current_device(), runtime).resolve_program()

    x, y = iron.arange(64, dtype=np.int32), iron.zeros(16, dtype=np.int32)
    one, three = rows(x, y, count=1), rows(x, y, count=3)
    assert three.cycles > one.cycles
    assert (y.numpy() == np.arange(16, 32)).all()


def test_the_generator_cannot_compute_with_it() -> None:
    @iron.jit
    def doubled(x: In, y: Out, *, gain: DispatchTime[np.int32] = 1) -> Any:
        return gained(gain * 2)

    with pytest.raises(DesignError) as caught:
        doubled(*tensors())
    assert str(caught.value).partition(": ")[2] == (
        "the DispatchTime parameter 'gain' is computed with\n"
        "  because: its value comes with each call, after the program is built\n"
        "  try: Runtime(function, [..., parameter]), or CompileTime"
    )


def test_it_is_forwarded_once() -> None:
    @iron.jit
    def both(x: In, y: Out, *, gain: DispatchTime[np.int32] = 1) -> Any:
        return gained(gain, twice=True)

    with pytest.raises(DesignError) as caught:
        both(*tensors())
    assert str(caught.value).partition(": ")[2] == (
        "the DispatchTime parameter 'gain' is given to the sequence twice\n"
        "  because: arguments 2 and 3 stand for it\n"
        "  try: give it once, and use that value twice"
    )


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            2**31,
            "gain=2147483648 does not fit its type\n"
            "  because: an np.int32 holds -2147483648 to 2147483647",
        ),
        (1.5, "gain=1.5 is not an integer\n  because: gain is a DispatchTime[np.int32]"),
        (True, "gain=True is not an integer\n  because: gain is a DispatchTime[np.int32]"),
    ],
)
def test_values_that_do_not_fit(value: Any, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        design(*tensors(), gain=value)
    assert str(caught.value).partition(": ")[2] == message


def test_a_bare_number_of_the_sequence_has_nobody_to_bring_it() -> None:
    @iron.jit
    def bare(x: In, y: Out) -> Any:
        return gained(np.int32)

    with pytest.raises(DesignError) as caught:
        bare(*tensors())
    assert str(caught.value).partition(": ")[2] == (
        "argument 2 of the runtime sequence is i32\n"
        "  because: only tensors in memory can be handed to a compiled sequence\n"
        "  try: a number that is known when the design is built"
    )
