"""Pools: the buffers and locks that hold a fifo's objects at one place.

Every end has a pool of its own, except where memory is shared: two neighbouring cores, or the ends
that a link brings together on one tile.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, TensorType
from xdsl.ir import Attribute, Operation, SSAValue

from ironbird.base.device import DeviceModel, Tile, TileKind
from ironbird.base.errors import DesignError
from ironbird.ir.aie import BufferOp, DeviceOp, LockOp, TileOp, tile_of
from ironbird.ir.codes import FifoPort
from ironbird.ir.locations import named_location
from ironbird.passes.lower_object_fifos.fifo import Fifo, FifoEnd
from ironbird.passes.lower_object_fifos.graph import FifoGraph
from ironbird.passes.lower_object_fifos.link import Link, Part
from ironbird.passes.object_sizes import element_count, object_bytes

MEMORY_TILE_ALIGNMENT_BYTES = 4

LargestAcquires = Mapping[tuple[Tile, str, FifoPort], int]
"""The most objects that the core of a tile acquires at once from one end of a fifo."""


class LockPair(NamedTuple):
    """The two semaphores of a part: objects free to be written, objects full to be read."""

    free: LockOp
    full: LockOp


@dataclass(frozen=True, kw_only=True)
class Pool:
    """The objects of one end, or of several that share them.

    parts:        what of each object is guarded by which pair of `locks`; one part unless the
                  pool belongs to a split or join.
    locks:        one pair per part, or none without synchronization.
    repeat_count: how often each object leaves, so how much of a lock one filling is worth.
    """

    host: FifoEnd
    tile: Tile
    buffers: tuple[BufferOp, ...]
    parts: tuple[Part, ...]
    locks: tuple[LockPair, ...]
    repeat_count: int

    def locks_of(self, part: Part) -> LockPair | None:
        """The semaphores that guard `part`, or None without synchronization."""
        return self.locks[self.parts.index(part)] if self.locks else None


def make_pools(
    device: DeviceOp, graph: FifoGraph, model: DeviceModel, acquires: LargestAcquires
) -> dict[str, Pool]:
    """Make the buffers and locks of all fifos, below the last tile of the device.

    Returns the pool of every end, by `FifoEnd.pool_name`. The last pool made stands first in the
    text, as in mlir-aie 1.4; lock ids follow the text.
    """
    builder = _PoolBuilder(device, graph, model, acquires)
    for end in creation_order(graph, model):
        builder.make(end)
    made = [op for group in reversed(builder.groups) for op in group]
    block = device.body.block
    last_tile = [op for op in block.ops if isinstance(op, TileOp)][-1:]
    if last_tile:
        block.insert_ops_after(made, last_tile[0])
    return builder.pool_of


def creation_order(graph: FifoGraph, model: DeviceModel) -> list[FifoEnd]:
    """The ends in the order in which their pools are made.

    Fifos as written, each producer before its consumers, the last consumer first; an end on a
    core's stream has none. Ends on memory tiles change places among themselves so that the largest
    objects come first and get the home tile when memory runs short (mlir-aie 1.4).
    """
    order: list[FifoEnd] = []
    for fifo in graph.fifos.values():
        order.append(fifo.producer)
        if fifo.name not in graph.shared_memory:
            order.extend(reversed(fifo.consumers))
    order = [end for end in order if end.stream_port is None]
    places = [place for place, end in enumerate(order) if model.kind(end.tile) is TileKind.MEMORY]
    largest_first = sorted(
        (order[place] for place in places), key=lambda end: -object_bytes(end.object_type)
    )
    for place, end in zip(places, largest_first, strict=True):
        order[place] = end
    return order


def pool_depth(
    end: FifoEnd, graph: FifoGraph, model: DeviceModel, acquires: LargestAcquires
) -> int:
    """How many buffers an end gets.

    One depth for all ends is a wish: behind a DMA, a core gets the largest acquire plus one, so
    that the DMA works on one object while the core holds the others (mlir-aie 1.4).
    """
    fifo = graph.fifos[end.fifo_name]
    if (
        fifo.depth_per_end
        or fifo.name in graph.shared_memory
        or model.kind(end.tile) is not TileKind.CORE
    ):
        return end.depth
    largest = acquires.get((end.tile, end.fifo_name, end.port))
    if largest is None or (end.depth == 1 and largest == 1):
        return end.depth
    return largest + 1


class _PoolBuilder:
    def __init__(
        self, device: DeviceOp, graph: FifoGraph, model: DeviceModel, acquires: LargestAcquires
    ) -> None:
        self.device = device
        self.graph = graph
        self.model = model
        self.acquires = acquires
        self.pool_of: dict[str, Pool] = {}
        self.groups: list[list[Operation]] = []
        self.tile_values: dict[Tile, SSAValue] = {}
        self.used_bytes: dict[Tile, int] = {}
        for op in device.body.block.ops:
            if isinstance(op, TileOp):
                self.tile_values.setdefault(op.tile, op.result)
            if isinstance(op, BufferOp):
                place = tile_of(op.tile)
                if place is not None:
                    self._use(place, op)

    def make(self, end: FifoEnd) -> None:
        """Make the pool of `end` unless it uses that of another."""
        link = self.graph.link_of(end)
        if link is not None and link.host is not end:
            return
        fifo = self.graph.fifos[end.fifo_name]
        if self.model.kind(end.tile) is TileKind.SHIM:
            pool = self._shim_pool(fifo, end)
        else:
            pool = self._pool(fifo, end, link)
        self.groups.append([*pool.buffers, *(lock for pair in pool.locks for lock in pair)])
        self.pool_of[end.pool_name] = pool
        if fifo.name in self.graph.shared_memory:
            self.pool_of[fifo.consumers[0].pool_name] = pool
        if link is not None:
            for other in (*link.input_ends, *(fifo.producer for fifo in link.outputs)):
                self.pool_of[other.pool_name] = pool

    def _pool(self, fifo: Fifo, end: FifoEnd, link: Link | None) -> Pool:
        tile = self.graph.shared_memory.get(fifo.name, end.tile)
        depth = pool_depth(end, self.graph, self.model, self.acquires)
        produced_here = end.port is FifoPort.PRODUCE
        values = fifo.initial_values if produced_here else ()
        if link is not None:
            repeat_count = link.repeat_count
        else:
            repeat_count = fifo.repeat_count if produced_here else 1
        objects = depth * repeat_count
        self._refuse_lock_values(fifo, tile, depth, repeat_count)
        parts = (Part(0, element_count(end.object_type)),) if link is None else link.parts
        return Pool(
            host=end,
            tile=tile,
            buffers=tuple(
                self._buffer(fifo, end, tile, index, values[index] if values else None)
                for index in range(depth)
            ),
            parts=parts,
            locks=self._lock_pairs(
                fifo,
                end,
                self.tile_values[tile],
                len(parts),
                free=0 if values else objects,
                full=objects if values else 0,
            ),
            repeat_count=repeat_count,
        )

    def _shim_pool(self, fifo: Fifo, end: FifoEnd) -> Pool:
        """The host holds the objects. mlir-aie makes a pair of locks too, which stays idle."""
        part = Part(0, element_count(end.object_type))
        locks = self._lock_pairs(fifo, end, end.tile_value, 1, free=0, full=0)
        return Pool(host=end, tile=end.tile, buffers=(), parts=(part,), locks=locks, repeat_count=1)

    def _lock_pairs(
        self, fifo: Fifo, end: FifoEnd, tile: SSAValue, count: int, *, free: int, full: int
    ) -> tuple[LockPair, ...]:
        if not fifo.synchronized:
            return ()
        pairs = []
        for index in range(count):
            pair = LockPair(
                LockOp(tile, init=free, sym_name=f"{end.pool_name}_prod_lock_{index}"),
                LockOp(tile, init=full, sym_name=f"{end.pool_name}_cons_lock_{index}"),
            )
            pair.free.location = named_location(f"{fifo.name}:free", fifo.at)
            pair.full.location = named_location(f"{fifo.name}:full", fifo.at)
            pairs.append(pair)
        return tuple(pairs)

    def _buffer(
        self, fifo: Fifo, end: FifoEnd, tile: Tile, index: int, value: Attribute | None
    ) -> BufferOp:
        place = self._tile_with_room(tile, object_bytes(end.object_type))
        buffer = BufferOp(
            self._tile_value(place),
            end.object_type,
            f"{end.pool_name}_buff_{index}",
            initial_value=_as_tensor(value),
        )
        buffer.location = named_location(fifo.name, fifo.at)
        self._use(place, buffer)
        return buffer

    def _tile_with_room(self, home: Tile, needed_bytes: int) -> Tile:
        """The memory tile for an object: home, else the column to the left, else to the right.

        Channels 0..3 of a memory tile reach the memory of both neighbours (AM020 ch5). Where no
        tile has room it is home's, and `assign-buffer-addresses` says so.
        """
        if self.model.kind(home) is not TileKind.MEMORY:
            return home
        for place in (home, Tile(home.column - 1, home.row), Tile(home.column + 1, home.row)):
            if not 0 <= place.column < self.model.columns:
                continue
            used = self.used_bytes.get(place, 0)
            if used + needed_bytes <= self.model.model(place).memory_bytes:
                return place
        return home

    def _use(self, place: Tile, buffer: BufferOp) -> None:
        needed = object_bytes(buffer.buffer.type)
        aligned = -(-needed // MEMORY_TILE_ALIGNMENT_BYTES) * MEMORY_TILE_ALIGNMENT_BYTES
        self.used_bytes[place] = self.used_bytes.get(place, 0) + aligned

    def _tile_value(self, place: Tile) -> SSAValue:
        if place not in self.tile_values:
            tile = TileOp(place.column, place.row)
            block = self.device.body.block
            first = block.first_op
            assert first is not None
            block.insert_op_before(tile, first)
            self.tile_values[place] = tile.result
        return self.tile_values[place]

    def _refuse_lock_values(self, fifo: Fifo, tile: Tile, depth: int, repeat_count: int) -> None:
        most = self.model.model(tile).max_lock_value
        if depth * repeat_count > most and fifo.synchronized:
            raise DesignError(
                f"ObjectFifo {fifo.name!r} counts further than a lock can",
                at=fifo.at,
                because=f"{depth} objects x repeat_count {repeat_count} = {depth * repeat_count}; "
                f"a lock of tile {tile} holds at most {most}",
                fix=f"a repeat_count of at most {most // depth}"
                if depth <= most
                else f"a depth of at most {most}",
            )


def _as_tensor(value: Attribute | None) -> DenseIntOrFPElementsAttr | None:
    """A fifo writes its values as memrefs, a buffer as tensors."""
    if not isinstance(value, DenseIntOrFPElementsAttr):
        return None
    tensor = TensorType(value.get_element_type(), value.get_shape())
    return DenseIntOrFPElementsAttr(tensor, value.data)
