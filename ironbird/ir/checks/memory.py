"""Buffers and locks: where they may be, which numbers they may have, who reaches them."""

from xdsl.dialects import arith
from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, IntegerAttr, MemRefType
from xdsl.ir import Operation

from ironbird.base.device import Tile, TileKind
from ironbird.ir.aie import (
    BdChainOp,
    BufferOp,
    CoreOp,
    DmaProgram,
    LockOp,
    UseLockOp,
    pinned_place_of,
)
from ironbird.ir.aiex import DmaConfigureTaskForOp, DmaConfigureTaskOp, SetLockOp
from ironbird.ir.checks.cores import core_round
from ironbird.ir.checks.scope import (
    Scope,
    check_element,
    element_bytes,
    kind_of,
    line_text,
    model_round,
    refuse,
    tile_model_of,
    tile_text,
)
from ironbird.ir.codes import LockAction
from ironbird.ir.integers import TRUE, number_of

# A fixed address in a core tile must lie on the width of its load and store units, in a memory
# tile on a word (mlir-aie, AIEAssignBuffers.cpp).
CORE_ALIGNMENT_BYTES = 32
MEMORY_ALIGNMENT_BYTES = 4


def check_buffer(op: BufferOp, scope: Scope) -> None:
    """Memory that its tile has, and that the cores which use it reach."""
    model = model_round(op)
    tile_model = tile_model_of(op.tile, model)
    if tile_model is None:
        refuse(op, f"{_buffer(op)} is not on a tile")
    if tile_model.memory_bytes == 0:
        refuse(
            op,
            f"{_buffer(op)} is on {tile_text(op.tile)}",
            because="a shim tile has no memory of its own",
        )
    assert isinstance(op.buffer.type, MemRefType)
    check_element(op, _buffer(op), op.buffer.type)
    if op.mem_bank is not None and not 0 <= number_of(op.mem_bank) < tile_model.bank_count:
        refuse(
            op,
            f"{_buffer(op)} is in bank {number_of(op.mem_bank)}",
            because=f"the banks of {tile_text(op.tile)} are 0..{tile_model.bank_count - 1}",
        )
    if isinstance(op.initial_value, DenseIntOrFPElementsAttr):
        shape, wanted = op.initial_value.get_shape(), op.buffer.type.get_shape()
        if shape != wanted:
            refuse(
                op,
                f"the initial value of {_buffer(op)} has the shape {list(shape)}",
                because=f"the buffer has {list(wanted)}",
            )
    _check_address(op)
    _check_reach(op, _buffer(op))


def _check_address(op: BufferOp) -> None:
    if op.address is None:
        return
    tile_model = tile_model_of(op.tile, model_round(op))
    assert tile_model is not None
    assert isinstance(op.buffer.type, MemRefType)
    address = number_of(op.address)
    size_bytes = op.buffer.type.element_count() * element_bytes(op.buffer.type)
    if not 0 <= address <= tile_model.memory_bytes - size_bytes:
        refuse(
            op,
            f"{_buffer(op)} does not fit the memory of {tile_text(op.tile)}",
            because=f"{size_bytes} bytes at address {address} end beyond {tile_model.memory_bytes}",
        )
    if op.aligned != TRUE:
        return
    alignment = CORE_ALIGNMENT_BYTES if tile_model.kind is TileKind.CORE else MEMORY_ALIGNMENT_BYTES
    if address % alignment:
        refuse(
            op,
            f"{_buffer(op)} is at address {address}",
            because=f"an address on a {tile_model.kind} tile is a multiple of {alignment} bytes",
            fix="aligned = false",
        )


def check_lock(op: LockOp, scope: Scope) -> None:
    """A lock that its tile has, with a value that it can hold."""
    tile_model = tile_model_of(op.tile, model_round(op))
    if tile_model is None:
        refuse(op, f"{_lock(op)} is not on a tile")
    if op.lock_id is not None and not 0 <= number_of(op.lock_id) < tile_model.lock_count:
        refuse(
            op,
            f"{_lock(op)} has the id {number_of(op.lock_id)}",
            because=f"the locks of {tile_text(op.tile)} are 0..{tile_model.lock_count - 1}",
        )
    if op.init is not None:
        _check_value(
            op, number_of(op.init), tile_model.max_lock_value, f"the first value of {_lock(op)}"
        )
    _check_reach(op, _lock(op))


def check_use_lock(op: UseLockOp, scope: Scope) -> None:
    """In a core, a function, a DMA program or a task; there with a constant count."""
    constant = op.value.owner
    program = _program_round(op)
    if program is None:
        refuse(
            op,
            "aie.use_lock stands outside of a core, a function, a DMA program and a task",
        )
    if isinstance(program, BdChainOp):
        refuse(op, "aie.use_lock stands in an aie.bd_chain", because="its tile is not known there")
    if isinstance(constant, arith.ConstantOp) and isinstance(constant.value, IntegerAttr):
        number = number_of(constant.value)
        lock = op.lock.owner
        limit = 63
        if isinstance(lock, LockOp):
            tile_model = tile_model_of(lock.tile, model_round(op))
            limit = limit if tile_model is None else tile_model.max_lock_value
        _check_value(op, number, limit, f"the count of {op.lock_action}")
    elif not isinstance(program, CoreOp) and not _is_function(program):
        refuse(
            op,
            "the count of aie.use_lock is computed",
            because="a DMA descriptor holds it as a constant",
            fix="an arith.constant",
        )
    if op.acq_en is not None and op.lock_action is LockAction.RELEASE:
        refuse(op, "acq_en is set on a release", because="it enables an acquire")


def check_set_lock(op: SetLockOp, scope: Scope) -> None:
    """A value that a lock can hold."""
    lock = op.lock.owner
    if not isinstance(lock, LockOp):
        refuse(op, "aiex.set_lock names a value that is not a lock")
    tile_model = tile_model_of(lock.tile, model_round(op))
    if tile_model is not None:
        _check_value(
            op, number_of(op.value), tile_model.max_lock_value, f"the new value of {_lock(lock)}"
        )


def _check_value(op: Operation, value: int, limit: int, what: str) -> None:
    if not 0 <= value <= limit:
        refuse(op, f"{what} is {value}", because=f"a lock holds 0..{limit}")


def _check_reach(op: BufferOp | LockOp, what: str) -> None:
    place = pinned_place_of(op.tile)
    if place is None:
        return
    model = model_round(op)
    if kind_of(op.tile, model) is not TileKind.CORE:
        return
    for use in op.results[0].uses:
        core = core_round(use.operation)
        if core is None:
            continue
        core_place = pinned_place_of(core.tile)
        if core_place is None or place in model.memories_reached_by(core_place):
            continue
        refuse(
            op,
            f"{what} on tile {place} is used by the core on tile {core_place}",
            because=f"that core reaches {_places(model.memories_reached_by(core_place))}; "
            f"the use is at {line_text(use.operation)}",
        )


def _program_round(op: Operation) -> Operation | None:
    programs = (CoreOp, DmaProgram, BdChainOp, DmaConfigureTaskOp, DmaConfigureTaskForOp)
    owner = op.parent_op()
    while owner is not None and not isinstance(owner, programs) and not _is_function(owner):
        owner = owner.parent_op()
    return owner


def _is_function(op: Operation) -> bool:
    return op.name == "func.func"


def _buffer(op: BufferOp) -> str:
    return "a buffer" if op.sym_name is None else f"buffer '{op.sym_name.data}'"


def _lock(op: LockOp) -> str:
    return "a lock" if op.sym_name is None else f"lock '{op.sym_name.data}'"


def _places(tiles: list[Tile]) -> str:
    return ", ".join(str(tile) for tile in tiles)
