"""Modules drawn at random: a device with fifos, cores, a DMA program and a sequence."""

from collections.abc import Callable

from hypothesis import strategies as st
from xdsl.dialects import arith, func, scf
from xdsl.dialects.builtin import (
    DenseIntOrFPElementsAttr,
    FloatAttr,
    FunctionType,
    IndexType,
    IntegerAttr,
    IntegerType,
    MemRefType,
    ModuleOp,
    Signedness,
    TensorType,
    bf16,
    f32,
    i8,
    i16,
    i32,
    i64,
)
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue

from ironbird.base.device import Bundle
from ironbird.ir import aie, aiex
from ironbird.ir.codes import FifoPort, LockAction

NAMES = st.one_of(
    st.from_regex(r"[a-z_][a-z0-9_$.]{0,8}", fullmatch=True),
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=6),
)
ELEMENTS: st.SearchStrategy[Attribute] = st.sampled_from(
    [i8, i16, i32, bf16, f32, IntegerType(8, Signedness.UNSIGNED)]
)
SHAPES = st.lists(st.integers(1, 40), min_size=1, max_size=3)
MEMREFS = st.builds(MemRefType, ELEMENTS, SHAPES)
WORDS = st.integers(0, 63)


@st.composite
def modules(draw: st.DrawFn) -> ModuleOp:
    """A module that parses back; it need not be one that could run."""
    names = iter(draw(st.lists(NAMES, min_size=8, max_size=8, unique=True)))
    shim, memory, core = aie.TileOp(0, 0), aie.TileOp(0, 1), aie.TileOp(0, 2)
    free = aie.LogicalTileOp("CoreTile", col=draw(st.none() | st.integers(0, 3)))
    ops: list[Operation] = [shim, memory, core, free]
    fifo = draw(_fifos(next(names), memory, [core, free]))
    ops.append(fifo)
    buffer = aie.BufferOp(core, draw(MEMREFS), next(names))
    buffer.properties.update(draw(_initial_values(buffer)))
    lock = aie.LockOp(core, draw(st.none() | st.integers(0, 15)), draw(st.none() | WORDS))
    ops += [buffer, lock]
    kernel = func.FuncOp(
        next(names), FunctionType.from_lists([buffer.buffer.type], []), Region(), "private"
    )
    ops.append(kernel)
    ops.append(aie.FlowOp(shim, (Bundle.DMA, 1), core, (Bundle.DMA, draw(st.integers(0, 1)))))
    ops.append(aie.CoreOp(core, draw(_core_bodies(fifo, buffer, lock, kernel))))
    ops.append(aie.MemOp(core, draw(_dma_programs(buffer, lock))))
    ops.append(draw(_sequences(fifo.sym_name.data)))
    return ModuleOp([aie.DeviceOp("npu1", next(names), Region(Block(ops)))])


def _layouts(limit: int) -> st.SearchStrategy[list[tuple[int, int]]]:
    return st.lists(st.tuples(st.integers(1, 64), st.integers(0, 4096)), max_size=limit)


@st.composite
def _fifos(
    draw: st.DrawFn, name: str, producer: Operation, consumers: list[Operation]
) -> aie.ObjectFifoOp:
    many = st.lists(st.integers(1, 9), min_size=3, max_size=3)
    return aie.ObjectFifoOp(
        name,
        producer,
        consumers,
        draw(st.integers(0, 9) | many),
        draw(MEMREFS),
        consumer_object_type=draw(st.none() | MEMREFS),
        dimensions_to_stream=draw(_layouts(4)),
        dimensions_from_stream_per_consumer=[draw(_layouts(3)) for _ in consumers],
        via_dma=draw(st.booleans()),
        repeat_count=draw(st.none() | st.integers(1, 300)),
        pad_dimensions=draw(st.none() | st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=3)),
        cons_dma_channels=draw(st.none() | st.just([-1, 1])),
    )


@st.composite
def _initial_values(draw: st.DrawFn, buffer: aie.BufferOp) -> dict[str, Attribute]:
    type_ = buffer.buffer.type
    assert isinstance(type_, MemRefType)
    count = type_.element_count()
    if not isinstance(type_.element_type, IntegerType) or not draw(st.booleans()):
        return {}
    width = type_.element_type.width.data
    unsigned = type_.element_type.signedness.data is Signedness.UNSIGNED
    low, high = (0, 2**width - 1) if unsigned else (-(2 ** (width - 1)), 2 ** (width - 1) - 1)
    few = draw(st.lists(st.integers(low, high), min_size=1, max_size=4))
    values = [few[position % len(few)] for position in range(count)]
    tensor = TensorType(type_.element_type, type_.get_shape())
    return {"initial_value": DenseIntOrFPElementsAttr.from_list(tensor, values)}


@st.composite
def _core_bodies(
    draw: st.DrawFn,
    fifo: aie.ObjectFifoOp,
    buffer: aie.BufferOp,
    lock: aie.LockOp,
    kernel: func.FuncOp,
) -> Region:
    depth = draw(st.integers(0, 3))
    body = Block()
    _fill(draw, body, depth, fifo, buffer, lock, kernel)
    body.add_op(aie.EndOp())
    return Region(body)


def _fill(
    draw: st.DrawFn,
    block: Block,
    depth: int,
    fifo: aie.ObjectFifoOp,
    buffer: aie.BufferOp,
    lock: aie.LockOp,
    kernel: func.FuncOp,
) -> None:
    """Add statements to a block, with loops `depth` deep."""
    number = arith.ConstantOp(draw(_constants()))
    count = arith.ConstantOp(IntegerAttr(draw(WORDS), i32))
    block.add_ops([number, count])
    acquire = aie.ObjectFifoAcquireOp(
        fifo.sym_name.data, FifoPort.CONSUME, draw(st.integers(1, 3)), fifo.consumer_object_type
    )
    statements: list[Callable[[], list[Operation]]] = [
        lambda: [aie.UseLockOp(lock, draw(st.sampled_from(LockAction)), count)],
        lambda: [acquire, aie.ObjectFifoSubviewAccessOp(acquire, 0)],
        lambda: [aie.ObjectFifoReleaseOp(fifo.sym_name.data, FifoPort.CONSUME, 1)],
        lambda: [func.CallOp(kernel.sym_name.data, [buffer.buffer], [])],
        lambda: [aie.EventOp(1)],
    ]
    for statement in draw(st.lists(st.sampled_from(statements), max_size=4, unique=True)):
        block.add_ops(statement())
    if depth:
        block.add_ops(_loop(draw, depth, fifo, buffer, lock, kernel))


def _loop(
    draw: st.DrawFn,
    depth: int,
    fifo: aie.ObjectFifoOp,
    buffer: aie.BufferOp,
    lock: aie.LockOp,
    kernel: func.FuncOp,
) -> list[Operation]:
    bounds = [arith.ConstantOp(IntegerAttr(n, IndexType())) for n in (0, draw(WORDS), 1)]
    carried = [arith.ConstantOp(IntegerAttr(0, i32)) for _ in range(draw(st.integers(0, 2)))]
    inner = Block(arg_types=[IndexType(), *(i32 for _ in carried)])
    _fill(draw, inner, depth - 1, fifo, buffer, lock, kernel)
    inner.add_op(scf.YieldOp(*inner.args[1:]))
    loop = scf.ForOp(*bounds, carried, Region(inner))
    return [*bounds, *carried, loop]


def _constants() -> st.SearchStrategy[Attribute]:
    return st.one_of(
        st.integers(-(2**31), 2**31 - 1).map(lambda n: IntegerAttr(n, i32)),
        st.integers(-(2**63), 2**63 - 1).map(lambda n: IntegerAttr(n, IndexType())),
        st.integers(-(2**63), 2**63 - 1).map(lambda n: IntegerAttr(n, i64)),
        st.booleans().map(lambda flag: IntegerAttr.from_bool(flag)),
        st.floats(width=32, allow_nan=False).map(lambda x: FloatAttr(x, f32)),
    )


@st.composite
def _dma_programs(draw: st.DrawFn, buffer: aie.BufferOp, lock: aie.LockOp) -> Region:
    start, transfer, end = Block(), Block(), Block([aie.EndOp()])
    start.add_op(aie.DmaStartOp("S2MM", 0, transfer, end, draw(st.integers(0, 255))))
    one = arith.ConstantOp(IntegerAttr(1, i32))
    layout = draw(_layouts(3))
    transfer.add_ops(
        [
            one,
            aie.UseLockOp(lock, LockAction.ACQUIRE_GREATER_EQUAL, one),
            aie.DmaBdOp(
                buffer,
                draw(st.none() | WORDS),
                draw(st.none() | WORDS),
                [size for size, _ in layout] or None,
                [stride for _, stride in layout] or None,
                bd_id=draw(st.none() | st.integers(0, 15)),
                packet=draw(st.none() | st.builds(aie.PacketInfoAttr.of, st.integers(0, 31))),
            ),
            aie.NextBdOp(draw(st.sampled_from([transfer, end]))),
        ]
    )
    return Region([start, transfer, end])


@st.composite
def _sequences(draw: st.DrawFn, fifo_name: str) -> aie.RuntimeSequenceOp:
    sequence = aie.RuntimeSequenceOp([draw(MEMREFS), i32], draw(st.sampled_from(["sequence", "x"])))
    block = sequence.body.block
    host, number = block.args
    offset: int | SSAValue = draw(st.sampled_from([0, number]))
    transfer = aie.DmaBdOp(host, offset, draw(WORDS), [1, 2], [0, 1])
    task = aiex.DmaConfigureTaskForOp(
        fifo_name,
        Region(Block([transfer, aie.EndOp()])),
        issue_token=draw(st.none() | st.booleans()),
        repeat_count=draw(st.none() | WORDS),
    )
    block.add_ops([task, aiex.DmaStartTaskOp(task), aiex.DmaAwaitTaskOp(task)])
    block.add_op(
        aiex.NpuDmaMemcpyNdOp(
            host,
            fifo_name,
            draw(st.integers(0, 15)),
            [0, 0, 0, draw(WORDS)],
            [1, 1, 1, 8],
            [0, 0, 0, 1],
            issue_token=draw(st.booleans()),
            burst_length=draw(st.sampled_from([0, 64])),
        )
    )
    return sequence
