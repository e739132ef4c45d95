"""The buffers, locks and functions of a device, numbered as the plan numbers them.

Operations refer to them by SSA value or by symbol; the plan refers to them by index.
"""

from dataclasses import dataclass, field

from xdsl.dialects.func import FuncOp
from xdsl.ir import SSAValue

from ironbird.base.device import Tile
from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine
from ironbird.ir.aie import BufferOp, CoreOp, DeviceOp, LockOp, ShimDmaAllocationOp, tile_of
from ironbird.ir.codes import DIRECTIONS
from ironbird.ir.integers import number_of
from ironbird.ir.locations import source_line_of
from ironbird.plan.build_types import element_of, shape_of
from ironbird.plan.initial_values import bytes_of
from ironbird.plan.link_files import called_symbols, object_file_of_core, object_files
from ironbird.plan.names import fifo_and_role_of_lock, fifo_of_allocation, fifo_of_buffer
from ironbird.plan.plan import Buffer, ChannelName, Lock


@dataclass
class PlacedParts:
    """What operations of a device refer to, and its index in the plan.

    kernels: functions without a body that cores call, each with the object file it comes from.
    defined: functions with a body that a core calls, by symbol.
    fifo_of_channel:   the fifo that a shim channel moves, by the allocations of the device.
    """

    device: DeviceOp
    buffers: list[Buffer] = field(default_factory=list)
    locks: list[Lock] = field(default_factory=list)
    buffer_of_value: dict[SSAValue, int] = field(default_factory=dict)
    lock_of_value: dict[SSAValue, int] = field(default_factory=dict)
    kernels: list[tuple[FuncOp, str | None]] = field(default_factory=list)
    defined: dict[str, FuncOp] = field(default_factory=dict)
    fifo_of_channel: dict[ChannelName, str] = field(default_factory=dict)

    @classmethod
    def of(cls, device: DeviceOp) -> "PlacedParts":
        """Number the parts of `device` in program order."""
        parts = cls(device)
        called = called_symbols(device.body.block.ops, device)
        for op in device.body.block.ops:
            match op:
                case BufferOp():
                    parts.buffer_of_value[op.results[0]] = len(parts.buffers)
                    parts.buffers.append(_buffer(op, f"buffer_{len(parts.buffers)}"))
                case LockOp():
                    parts.lock_of_value[op.results[0]] = len(parts.locks)
                    parts.locks.append(_lock(op))
                case ShimDmaAllocationOp():
                    parts.fifo_of_channel[_channel(op)] = fifo_of_allocation(op.sym_name.data)
                case FuncOp() if op.sym_name.data in called and op.is_declaration:
                    parts.kernels += [(op, file) for file in object_files(op, device)]
                case FuncOp() if op.sym_name.data in called:
                    parts.defined[op.sym_name.data] = op
        return parts

    def kernel(self, symbol: str, core: CoreOp | None) -> int | None:
        """The index of the kernel `symbol` that `core` is linked with; None if none is declared.

        core: None in a function, which several cores may call.
        """
        numbers = [n for n, (func, _) in enumerate(self.kernels) if func.sym_name.data == symbol]
        if core is not None:
            linked = object_file_of_core(core)
            numbers.sort(key=lambda number: self.kernels[number][1] != linked)
        return numbers[0] if numbers else None

    def buffer_named(self, symbol: str, at: SourceLine | None) -> int:
        """The index of the buffer called `symbol`."""
        for index, buffer in enumerate(self.buffers):
            if buffer.name == symbol:
                return index
        raise DesignError(
            f"there is no buffer called {symbol!r}",
            at=at,
            because=f"the device has {', '.join(buffer.name for buffer in self.buffers) or 'none'}",
        )

    def lock_at(self, tile: Tile, id: int) -> int:
        """The index of lock `id` of `tile`, which registers name without an `aie.lock`.

        What a lock that nobody declares starts at is unknown; assumed is 0, as after a reset.
        """
        for index, lock in enumerate(self.locks):
            if (lock.tile, lock.id) == (tile, id):
                return index
        self.locks.append(
            Lock(name=f"lock_{tile.column}_{tile.row}_{id}", tile=tile, id=id, initial=0)
        )
        return len(self.locks) - 1

    def lock(self, value: SSAValue, at: SourceLine | None) -> int:
        """The index of the lock that `value` is."""
        if value not in self.lock_of_value:
            raise DesignError("this operand is not a lock of the device", at=at)
        return self.lock_of_value[value]


def _buffer(op: BufferOp, unnamed: str) -> Buffer:
    at = source_line_of(op)
    name = op.sym_name.data if op.sym_name is not None else unnamed
    tile = _place(op)
    if op.address is None:
        raise DesignError(
            f"buffer {name!r} on tile {tile} has no address",
            at=at,
            fix="the pass assign-buffer-addresses before the plan is built",
        )
    type_ = op.results[0].type
    shape = shape_of(type_, at)
    element = element_of(type_.element_type, at)  # type: ignore[attr-defined]
    initial = op.initial_value
    return Buffer(
        name=name,
        tile=tile,
        address=number_of(op.address),
        shape=shape,
        element=element,
        initial=bytes_of(initial, shape, element, at) if initial is not None else None,
        fifo=fifo_of_buffer(op),
        at=at,
    )


def _lock(op: LockOp) -> Lock:
    at = source_line_of(op)
    tile = _place(op)
    name = op.sym_name.data if op.sym_name is not None else None
    if op.lock_id is None:
        raise DesignError(
            f"lock {name or 'without a name'!r} on tile {tile} has no id",
            at=at,
            fix="the pass assign-lock-ids before the plan is built",
        )
    fifo, role = fifo_and_role_of_lock(op)
    lock_id = number_of(op.lock_id)
    return Lock(
        name=name or f"lock_{tile.column}_{tile.row}_{lock_id}",
        tile=tile,
        id=lock_id,
        initial=number_of(op.init) if op.init is not None else 0,
        fifo=fifo,
        role=role,
        at=at,
    )


def _channel(op: ShimDmaAllocationOp) -> ChannelName:
    return ChannelName(_place(op), DIRECTIONS.word(op.channel_dir), number_of(op.channel_index))


def _place(op: BufferOp | LockOp | ShimDmaAllocationOp) -> Tile:
    tile = tile_of(op.tile)
    assert tile is not None, "build_plan refuses logical tiles before it looks at parts"
    return tile
