"""The sequence's own words to the array: register writes, queue pushes, control packets."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from xdsl.dialects.builtin import DenseArrayBase, IntegerAttr
from xdsl.ir import SSAValue
from xdsl.irdl import PropertyDef

from ironbird.base.device import Direction
from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir import aiex
from ironbird.ir.integers import as_i32, i32, ui32
from ironbird.iron.core_values import ScalarValue, is_number
from ironbird.iron.dialects.builder import builder
from ironbird.iron.dialects.fifos import fifo_name
from ironbird.iron.dialects.region import Built, RegionKind, region_of, value_of
from ironbird.iron.mlir_types import I32
from ironbird.iron.tracing import Trace


@builder
def npu_write32(
    address: Any,
    value: Any,
    *,
    buffer: Any = None,
    column: int | None = None,
    row: int | None = None,
    loc: Any = None,
    ip: Any = None,
) -> None:
    """Write a word to an address: of the array, of a tile, or in bytes from a buffer's start."""
    trace = _sequence("npu_write32")
    made = aiex.NpuWrite32Op(
        _word(trace, address, "npu_write32"),
        _word(trace, value, "npu_write32"),
        buffer=_name(buffer),
        column=column,
        row=row,
    )
    trace.emit(made)


@builder
def npu_maskwrite32(
    address: Any,
    value: Any,
    mask: Any,
    *,
    buffer: Any = None,
    column: int | None = None,
    row: int | None = None,
    loc: Any = None,
    ip: Any = None,
) -> None:
    """Write the bits of a word that `mask` has."""
    trace = _sequence("npu_maskwrite32")
    words = [_word(trace, each, "npu_maskwrite32") for each in (address, value, mask)]
    trace.emit(aiex.NpuMaskwrite32Op(*words, buffer=_name(buffer), column=column, row=row))


@builder
def npu_blockwrite(
    data: Any,
    address: int,
    *,
    buffer: Any = None,
    column: int | None = None,
    row: int | None = None,
    loc: Any = None,
    ip: Any = None,
) -> None:
    """Write the words of a global from an address on."""
    trace = _sequence("npu_blockwrite")
    made = aiex.NpuBlockwriteOp(
        value_of(data, "the words of npu_blockwrite"),
        int(address),
        buffer=_name(buffer),
        column=column,
        row=row,
    )
    trace.emit(made)


@builder
def npu_address_patch(
    addr: int, arg_idx: int, arg_plus: Any = 0, loc: Any = None, ip: Any = None
) -> None:
    """Put the address of tensor `arg_idx`, plus `arg_plus` bytes, into a register."""
    trace = _sequence("npu_address_patch")
    plus = _word(trace, arg_plus, "npu_address_patch")
    trace.emit(aiex.NpuAddressPatchOp(int(addr), int(arg_idx), plus))


@builder
def npu_push_queue(
    column: int,
    row: int,
    direction: Any,
    channel: int,
    issue_token: bool,
    repeat_count: Any,
    bd_id: Any,
    loc: Any = None,
    ip: Any = None,
) -> None:
    """Push a descriptor to the queue of a channel; it runs `repeat_count` + 1 times."""
    trace = _sequence("npu_push_queue")
    way = Direction(("S2MM", "MM2S")[direction]) if is_number(direction) else Direction(direction)
    made = aiex.NpuPushQueueOp(
        column,
        row,
        way,
        channel,
        _word(trace, bd_id, "npu_push_queue"),
        _word(trace, repeat_count, "npu_push_queue"),
        bool(issue_token),
    )
    trace.emit(made)


@builder
def npu_writebd(loc: Any = None, ip: Any = None, **fields: int) -> None:
    """Write a descriptor, field by field, as its registers hold them: strides are one less.

    The paddings (`d0_zero_before`, ...) and `burst_length` are 0 unless given.
    """
    trace = _sequence("npu_writebd")
    known = {
        name
        for name in vars(aiex.NpuWritebdOp.get_irdl_definition())["properties"]
        if isinstance(aiex.NpuWritebdOp.get_irdl_definition().properties[name], PropertyDef)
    }
    optional = {name for name in known if "_zero_" in name or name == "burst_length"}
    for name in sorted(set(fields) - known):
        raise DesignError(f"a descriptor has no field {name!r}", at=author_line())
    for name in sorted(known - optional - set(fields)):
        raise DesignError(
            f"npu_writebd without {name}=",
            at=author_line(),
            because="every field of the descriptor's registers is written",
        )
    trace.emit(aiex.NpuWritebdOp({**dict.fromkeys(sorted(optional), 0), **fields}))


@builder
def npu_preempt(level: int, loc: Any = None, ip: Any = None) -> None:
    """A point where another user of the array may take over."""
    _sequence("npu_preempt").emit(aiex.NpuPreemptOp(level))


@builder
def npu_load_pdi(
    device_ref: Any = None,
    *,
    id: int | None = None,
    size: int | None = None,
    address: int | None = None,
    loc: Any = None,
    ip: Any = None,
) -> None:
    """Load another device's configuration."""
    made = aiex.NpuLoadPdiOp(_name(device_ref), id=id, size=size, address=address)
    _sequence("npu_load_pdi").emit(made)


@builder
def control_packet(
    address: int,
    opcode: int,
    stream_id: int,
    *,
    length: int | None = None,
    data: Sequence[int] | None = None,
    loc: Any = None,
    ip: Any = None,
) -> Built:
    """A register access that travels as a packet: opcode 0 writes, 1 reads, 2 writes a block."""
    made = aiex.ControlPacketOp(
        properties={
            "address": IntegerAttr(int(address), ui32),
            "opcode": as_i32(opcode),
            "stream_id": as_i32(stream_id),
            "length": as_i32(length),
            "data": None if data is None else DenseArrayBase.from_list(i32, list(data)),
        }
    )
    return Built(_sequence("control_packet").emit(made))


def _sequence(what: str) -> Trace:
    return region_of(what, RegionKind.SEQUENCE)


def _word(trace: Trace, given: Any, what: str) -> SSAValue:
    """32 bits: a number of either sign, or a value of the sequence."""
    if isinstance(given, ScalarValue):
        return given.ssa
    if not is_number(given) or not -(2**31) <= given < 2**32:
        raise DesignError(f"{what} of {given!r}", at=author_line(), because="a word has 32 bits")
    return trace.constant(int(np.uint32(int(given) % 2**32).view(np.int32)), I32)


def _name(given: Any) -> str | None:
    return None if given is None else fifo_name(given, "a name")
