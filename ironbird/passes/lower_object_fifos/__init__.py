"""Fifos become buffers, locks, DMA programs and flows; what cores do with them becomes lock use.

fifo, link, graph      what the device says
pool                   buffers and locks
channels, descriptors  which DMA channel does what
dma_programs           `aie.mem` and `aie.memtile_dma`
held_objects,
core_accesses          cores
sequence_names         the runtime sequence
"""

from dataclasses import dataclass
from typing import ClassVar

from xdsl.ir import Operation
from xdsl.rewriter import Rewriter

from ironbird.base.device import Bundle, DeviceModel, Tile, TileKind
from ironbird.base.errors import DesignError
from ironbird.ir.aie import (
    BufferOp,
    CoreOp,
    DeviceOp,
    DmaProgram,
    FlowOp,
    LockOp,
    ObjectFifoAcquireOp,
    ObjectFifoAllocateOp,
    ObjectFifoLinkOp,
    ObjectFifoOp,
    ObjectFifoRegisterExternalBuffersOp,
    ObjectFifoReleaseOp,
    ShimDmaAllocationOp,
    TileOp,
    tile_of,
)
from ironbird.ir.codes import FifoPort
from ironbird.ir.integers import number_of
from ironbird.ir.locations import named_location, source_line_of
from ironbird.passes.lower_object_fifos.channels import assign_channels
from ironbird.passes.lower_object_fifos.core_accesses import lower_core
from ironbird.passes.lower_object_fifos.descriptors import Chain, chain_of
from ironbird.passes.lower_object_fifos.dma_programs import program_on, write_chains
from ironbird.passes.lower_object_fifos.fifo import Fifo, FifoEnd
from ironbird.passes.lower_object_fifos.graph import FifoGraph, read_graph
from ironbird.passes.lower_object_fifos.held_objects import EndKey, accesses_in
from ironbird.passes.lower_object_fifos.pool import LargestAcquires, Pool, make_pools
from ironbird.passes.lower_object_fifos.sequence_names import rename_in_sequences
from ironbird.passes.module_pass import ModulePass


@dataclass(frozen=True)
class LowerObjectFifos(ModulePass):
    """Give every fifo its memory, its locks and its way, and rewrite what uses it.

    Before:  every tile is an `aie.tile`.
    After:   no `aie.objectfifo` operation is left. Buffers have no address, locks no id,
             descriptors no id. A transfer of the sequence names a `shim_dma_allocation`.
    Refuses: ends that cannot do what their fifo asks, links that do not fit together, more fifos
             on a tile than it has channels, cores that hold more or less than they say.
    """

    name: ClassVar[str] = "lower-object-fifos"

    def apply(self, device: DeviceOp, model: DeviceModel) -> None:
        fifo_ops = [
            op
            for op in device.body.block.ops
            if isinstance(op, ObjectFifoOp | ObjectFifoLinkOp | ObjectFifoAllocateOp)
        ]
        if not fifo_ops:
            return
        _move_tiles_up(device)
        graph = read_graph(device, model)
        cores = [op for op in device.body.block.ops if isinstance(op, CoreOp)]
        _refuse_stray_accesses(device, graph)
        pools = make_pools(device, graph, model, _largest_acquires(cores))
        channel_of = assign_channels(device, graph, model, _chain_lengths(graph, pools))
        _add_flows(device, graph, channel_of)
        for core in cores:
            _lower_core(core, graph, pools)
        allocation_of = _add_programs_and_allocations(device, graph, model, pools, channel_of)
        rename_in_sequences(device, graph, allocation_of)
        for op in fifo_ops:
            Rewriter.erase_op(op)


def _move_tiles_up(device: DeviceOp) -> None:
    """What is made stands behind the last tile, so no fifo or core may stand before it."""
    block = device.body.block
    first_user = next(op for op in block.ops if not isinstance(op, TileOp | BufferOp | LockOp))
    for op in list(block.ops):
        if isinstance(op, TileOp) and first_user.is_before_in_block(op):
            block.detach_op(op)
            block.insert_op_before(op, first_user)


def _largest_acquires(cores: list[CoreOp]) -> LargestAcquires:
    largest: dict[tuple[Tile, str, FifoPort], int] = {}
    for core in cores:
        place = tile_of(core.tile)
        assert place is not None
        for op in accesses_in(core):
            if isinstance(op, ObjectFifoAcquireOp):
                key = (place, op.fifo_name, op.fifo_port)
                largest[key] = max(largest.get(key, 0), number_of(op.size))
    return largest


def _chain_lengths(graph: FifoGraph, pools: dict[str, Pool]) -> dict[str, int]:
    """How many descriptors the DMA of each end will have."""
    return {
        end.pool_name: len(
            chain_of(fifo, end, pools[end.pool_name], graph.link_of(end), channel=0).descriptors
        )
        for fifo in graph.fifos.values()
        if fifo.name not in graph.shared_memory
        for end in fifo.ends
        if end.stream_port is None
    }


def _add_flows(device: DeviceOp, graph: FifoGraph, channel_of: dict[str, int]) -> None:
    """The circuits, behind the pools: fifos as written, the last consumer of each first."""
    flows: list[Operation] = []
    for fifo in graph.fifos.values():
        if fifo.name in graph.shared_memory:
            continue
        source = _switch_port(fifo.producer, channel_of)
        for end in reversed(fifo.consumers):
            flow = FlowOp(
                fifo.producer.tile_value,
                source,
                end.tile_value,
                _switch_port(end, channel_of),
            )
            flow.location = named_location(fifo.name, fifo.at)
            flows.append(flow)
    first_fifo = next(iter(graph.fifos.values())).op
    device.body.block.insert_ops_before(flows, first_fifo)


def _switch_port(end: FifoEnd, channel_of: dict[str, int]) -> tuple[Bundle, int]:
    """Where the words of an end enter or leave the stream switch."""
    if end.stream_port is not None:
        return Bundle.CORE, end.stream_port
    return Bundle.DMA, channel_of[end.pool_name]


def _lower_core(core: CoreOp, graph: FifoGraph, pools: dict[str, Pool]) -> None:
    place = tile_of(core.tile)
    ends: dict[EndKey, FifoEnd] = {}
    for fifo in graph.fifos.values():
        for end in fifo.ends:
            if end.tile == place and end.stream_port is None:
                ends.setdefault((fifo.name, end.port), end)
    lower_core(core, ends, {key: pools[end.pool_name] for key, end in ends.items()})


def _add_programs_and_allocations(
    device: DeviceOp,
    graph: FifoGraph,
    model: DeviceModel,
    pools: dict[str, Pool],
    channel_of: dict[str, int],
) -> dict[str, str]:
    """The DMA programs and shim channels, at the end, in the order in which fifos first need them.

    Returns the names of the shim allocations by fifo.
    """
    allocation_of: dict[str, str] = {}
    programs: dict[Tile, DmaProgram] = {}
    chains: dict[Tile, list[Chain]] = {}
    added: list[Operation] = []
    for fifo in graph.fifos.values():
        if fifo.name in graph.shared_memory:
            continue
        for end in fifo.ends:
            if end.stream_port is not None:
                continue
            channel = channel_of[end.pool_name]
            if model.kind(end.tile) is TileKind.SHIM:
                allocation = _shim_allocation(fifo, end, channel)
                allocation_of[fifo.name] = allocation.sym_name.data
                added.append(allocation)
                continue
            if end.tile not in programs:
                programs[end.tile] = program_on(end.tile, end.tile_value, device, model)
                added.append(programs[end.tile])
            chain = chain_of(fifo, end, pools[end.pool_name], graph.link_of(end), channel)
            chains.setdefault(end.tile, []).append(chain)
    for tile, of_tile in chains.items():
        write_chains(programs[tile], of_tile)
    new = [op for op in added if op.parent is None]
    device.body.block.insert_ops_before(new, device.end)
    return allocation_of


def _shim_allocation(fifo: Fifo, end: FifoEnd, channel: int) -> ShimDmaAllocationOp:
    allocation = ShimDmaAllocationOp(
        f"{fifo.name}_shim_alloc", end.tile_value, end.direction, channel
    )
    allocation.location = named_location(fifo.name, fifo.at)
    return allocation


def _refuse_stray_accesses(device: DeviceOp, graph: FifoGraph) -> None:
    """Every fifo operation is in the core of a tile that is an end of its fifo."""
    for op in device.walk():
        if isinstance(op, ObjectFifoRegisterExternalBuffersOp):
            raise DesignError(
                f"ObjectFifo {op.obj_fifo_name.root_reference.data!r} has external buffers",
                at=source_line_of(op),
                because="Ironbird moves host memory by transfers of the runtime sequence only",
                fix="fill or drain it in the runtime sequence",
            )
        if not isinstance(op, ObjectFifoAcquireOp | ObjectFifoReleaseOp):
            continue
        fifo = graph.fifos.get(op.fifo_name)
        if fifo is None:
            raise DesignError(
                f"There is no ObjectFifo {op.fifo_name!r}",
                at=source_line_of(op),
                because=f"this device has {', '.join(sorted(graph.fifos))}",
            )
        around = op.parent_op()
        while around is not None and not isinstance(around, CoreOp):
            around = around.parent_op()
        if around is None:
            raise DesignError(
                f"ObjectFifo {op.fifo_name!r} is used outside a core",
                at=source_line_of(op),
                because="only the program of a core can wait for objects",
                fix="acquire and release in the core function and pass the objects on",
            )
        _refuse_foreign_end(op, fifo, tile_of(around.tile), graph)


def _refuse_foreign_end(
    op: ObjectFifoAcquireOp | ObjectFifoReleaseOp,
    fifo: Fifo,
    place: Tile | None,
    graph: FifoGraph,
) -> None:
    ends = [end for end in fifo.ends if end.port is op.fifo_port]
    word = "producer" if op.fifo_port is FifoPort.PRODUCE else "consumer"
    own = [end for end in ends if end.tile == place]
    if not own:
        raise DesignError(
            f"The core of tile {place} is no {word} of ObjectFifo {fifo.name!r}",
            at=source_line_of(op),
            because=f"its {word} is on {', '.join(str(end.tile) for end in ends)}",
            fix=f"give this worker a {word} handle of the fifo",
        )
    if own[0].stream_port is not None:
        raise DesignError(
            f"The core of tile {place} uses ObjectFifo {fifo.name!r}, whose {word} is its stream",
            at=source_line_of(op),
            because=f"words on stream port {own[0].stream_port} are no objects in memory",
            fix="get_stream and put_stream, or get_ss and put_ms in a kernel",
        )
    if graph.link_of(own[0]) is not None:
        raise DesignError(
            f"The core of tile {place} uses ObjectFifo {fifo.name!r}, which is linked there",
            at=source_line_of(op),
            because="the DMA moves the objects of a link on without the core",
            fix="leave the link out and copy in the core, or link on a memory tile",
        )


__all__ = ["LowerObjectFifos"]
