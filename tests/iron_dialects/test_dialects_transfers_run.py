"""Any walk over a tensor that one descriptor holds, in every form of a transfer, against numpy."""

import numpy as np
import pytest
from aie.dialects.aie import (
    AIEDevice,
    EndOp,
    bds,
    device,
    next_bd,
    object_fifo,
    object_fifo_link,
    tile,
)
from aie.dialects.aiex import (
    dma_await_task,
    dma_configure_task_for,
    dma_free_task,
    dma_start_task,
    dma_wait,
    npu_dma_memcpy_nd,
    runtime_sequence,
    shim_dma_bd,
    shim_dma_single_bd_task,
)
from aie.extras.context import mlir_mod_ctx
from aie.helpers.taplib import TensorAccessPattern
from aie.iron.controlflow import range_
from hypothesis import given
from hypothesis import strategies as st
from placed_modules import array

from ironbird.session.lowering import lower_to_plan
from ironbird.simulator import SimulationOptions, interpret

ELEMENTS = 512


@st.composite
def walks(draw):
    """Offset, four sizes and four strides inside a tensor; the outermost step may be 0."""
    sizes = [draw(st.integers(1, most)) for most in (3, 4, 4, 8)]
    strides = [
        draw(st.integers(least, most)) for least, most in ((0, 60), (1, 40), (1, 20), (1, 9))
    ]
    furthest = sum((size - 1) * stride for size, stride in zip(sizes, strides, strict=True))
    return draw(st.integers(0, ELEMENTS - 1 - furthest)), sizes, strides


def by_memcpy(fifo, tensor, offset, sizes, strides):
    npu_dma_memcpy_nd(
        fifo, 3, tensor, offsets=[0, 0, 0, offset], sizes=sizes, strides=[*strides[:3], 1]
    )


def by_memcpy_of_a_pattern(fifo, tensor, offset, sizes, strides):
    tap = TensorAccessPattern((ELEMENTS,), offset, sizes, strides)
    npu_dma_memcpy_nd(fifo, 3, tensor, tap=tap)


def by_task(fifo, tensor, offset, sizes, strides):
    dma_start_task(
        shim_dma_single_bd_task(fifo, tensor, offset=offset, sizes=sizes, strides=strides)
    )


def by_task_of_a_pattern(fifo, tensor, offset, sizes, strides):
    tap = TensorAccessPattern((ELEMENTS,), offset, sizes, strides)
    dma_start_task(shim_dma_single_bd_task(fifo, tensor, tap))


def by_descriptors(fifo, tensor, offset, sizes, strides):
    """One descriptor for each step of the outermost dimension, in a chain."""
    task = dma_configure_task_for(fifo)
    with bds(task) as bd:
        for step in range(sizes[0]):
            with bd[step]:
                shim_dma_bd(
                    tensor,
                    offset=offset + step * strides[0],
                    sizes=[1, *sizes[1:]],
                    strides=[0, *strides[1:]],
                )
                if step + 1 < sizes[0]:
                    next_bd(bd[step + 1])
                else:
                    EndOp()
    dma_start_task(task)


@pytest.mark.parametrize(
    "form", [by_memcpy, by_memcpy_of_a_pattern, by_task, by_task_of_a_pattern, by_descriptors]
)
@given(walk=walks())
def test_a_walk_is_what_numpy_says(form, walk):
    offset, sizes, strides = walk
    if form is by_memcpy:
        # The last offset counts in the stride of its dimension, which is one element.
        strides = [*strides[:3], 1]
    count = int(np.prod(sizes))
    with mlir_mod_ctx() as ctx:

        @device(AIEDevice.npu1_1col)
        def body():
            shim, memory = tile(0, 0), tile(0, 1)
            incoming = object_fifo("incoming", shim, memory, 1, array(count))
            outgoing = object_fifo("outgoing", memory, shim, 1, array(count))
            object_fifo_link(incoming, outgoing)

            @runtime_sequence(array(ELEMENTS), array(count))
            def sequence(a, b):
                form(incoming, a, offset, sizes, strides)
                npu_dma_memcpy_nd(outgoing, 12, b, sizes=[1, 1, 1, count])
                dma_wait(outgoing)

    x, y = np.arange(ELEMENTS, dtype=np.int32), np.zeros(count, np.int32)
    result = interpret(lower_to_plan(ctx.module), None, [x, y], SimulationOptions())
    assert result.findings == ()
    places = np.indices(sizes).reshape(4, -1).T @ np.array(strides) + offset
    assert (y == x[places]).all()


def one_by_one(incoming, outgoing, a, b, step):
    npu_dma_memcpy_nd(incoming, 0, a, offsets=[0, 0, 0, step * 4], sizes=[1, 1, 1, 4])
    npu_dma_memcpy_nd(outgoing, 1, b, offsets=[0, 0, 0, 12 - step * 4], sizes=[1, 1, 1, 4])
    dma_wait(outgoing)


def task_by_task(incoming, outgoing, a, b, step):
    send = shim_dma_single_bd_task(incoming, a, offset=4 * step, sizes=[1, 1, 1, 4])
    receive = shim_dma_single_bd_task(
        outgoing, b, offset=12 - 4 * step, sizes=[1, 1, 1, 4], issue_token=True
    )
    dma_start_task(send, receive)
    dma_await_task(receive)
    dma_free_task(send)


@pytest.mark.parametrize("moved", [one_by_one, task_by_task])
@pytest.mark.parametrize("loop", [range, range_])
def test_loops_of_python_and_of_the_sequence_move_the_same(loop, moved):
    with mlir_mod_ctx() as ctx:

        @device(AIEDevice.npu1_1col)
        def body():
            shim, memory = tile(0, 0), tile(0, 1)
            incoming = object_fifo("incoming", shim, memory, 2, array(4))
            outgoing = object_fifo("outgoing", memory, shim, 2, array(4))
            object_fifo_link(incoming, outgoing)

            @runtime_sequence(array(16), array(16))
            def sequence(a, b):
                for step in loop(4):
                    moved(incoming, outgoing, a, b, step)

    x, y = np.arange(16, dtype=np.int32), np.zeros(16, np.int32)
    assert interpret(lower_to_plan(ctx.module), None, [x, y], SimulationOptions()).findings == ()
    assert (y == x.reshape(4, 4)[::-1].reshape(16)).all()
