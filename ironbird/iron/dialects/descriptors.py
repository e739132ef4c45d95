"""Buffer descriptors written by hand: `dma_bd(buffer, offset=, len=, dimensions=)`."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from xdsl.ir import SSAValue

from ironbird.base.element_types import ELEMENT_TYPES, ElementType
from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir import aie
from ironbird.iron.bd_iteration import BdIteration
from ironbird.iron.core_values import scalar_of
from ironbird.iron.dialects.builder import builder
from ironbird.iron.dialects.region import RegionKind, region_of, value_of
from ironbird.iron.mlir_types import I32
from ironbird.iron.taplib.pattern import TensorAccessPattern
from ironbird.iron.transfer import shim_dimensions

I64 = ELEMENT_TYPES["i64"]

Pairs = list[tuple[int, int]]
Mixed = Sequence[Any] | None
"""Numbers, or numbers that the sequence receives."""


@builder
def bd_dim_layout(size: int, stride: int) -> aie.BdDimLayoutAttr:
    """One dimension of a layout, in elements."""
    return aie.BdDimLayoutAttr.of(size, stride)


@builder
def bd_pad_layout(const_pad_before: int, const_pad_after: int) -> aie.BdPadLayoutAttr:
    """Zeros before and after one dimension, in elements."""
    return aie.BdPadLayoutAttr.of(const_pad_before, const_pad_after)


@builder
def bd_dim_layout_array_attr_builder(tups: Any, context: Any = None) -> aie.BdDimLayoutArrayAttr:
    """A layout of (size, stride) pairs, outermost first."""
    return aie.BdDimLayoutArrayAttr.of(layout_pairs(tups, "a layout"))


@builder
def bd_dim_layout_array_array_attr_builder(
    tup_arrs: Any, context: Any = None
) -> aie.BdDimLayoutArrayArrayAttr:
    """One layout for each consumer of a fifo."""
    return aie.BdDimLayoutArrayArrayAttr.of(layout_pairs(each, "a layout") for each in tup_arrs)


@builder
def bd_pad_layout_array_attr_builder(tups: Any, context: Any = None) -> aie.BdPadLayoutArrayAttr:
    """The padding of (before, after) pairs, outermost first."""
    return aie.BdPadLayoutArrayAttr.of(pad_pairs(tups, "a padding"))


@builder
def packet_info_attr_builder(tups: Any, context: Any = None) -> aie.PacketInfoAttr:
    """A packet header from (type, id)."""
    found = packet_header(tups)
    assert found is not None
    return found


@builder
def dma_bd(
    buffer: Any,
    offset: Any = None,
    len: Any = None,
    dimensions: Any = None,
    *,
    sizes: Mixed = None,
    strides: Mixed = None,
    pad_dimensions: Any = None,
    pad_value: int | None = None,
    bd_id: int | None = None,
    next_bd_id: int | None = None,
    packet: Any = None,
    burst_length: int | None = None,
    iteration: Any = None,
    loc: Any = None,
    ip: Any = None,
) -> aie.DmaBdOp:
    """Move `len` elements of a buffer from element `offset` on, in the order of a layout.

    dimensions: (size, stride) of each dimension in elements, outermost first; the same may be
    given apart as `sizes` and `strides`. packet: (type, id) of the header that is sent first.
    iteration: steps from run to run, a BdIteration or its numbers (size, stride, current).
    """
    trace = region_of("dma_bd", RegionKind.DMA)
    if pad_value:
        raise DesignError(
            f"dma_bd(pad_value={pad_value})", at=author_line(), because="npu1 pads with zeros only"
        )
    if dimensions is not None:
        if sizes is not None or strides is not None:
            raise DesignError(
                "dma_bd with dimensions as well as sizes and strides",
                at=author_line(),
                because="they say the same",
                fix="one of the two",
            )
        pairs = layout_pairs(dimensions, "the dimensions of dma_bd")
        sizes, strides = [size for size, _ in pairs], [stride for _, stride in pairs]
    made = aie.DmaBdOp(
        value_of(buffer, "the buffer of dma_bd"),
        number_or_value(offset),
        number_or_value(len),
        numbers_or_values(sizes),
        numbers_or_values(strides),
        pad_dimensions=None
        if pad_dimensions is None
        else pad_pairs(pad_dimensions, "the padding of dma_bd"),
        bd_id=bd_id,
        next_bd_id=next_bd_id,
        packet=packet_header(packet),
        burst_length=burst_length,
        iteration=_iteration(iteration),
    )
    return trace.emit(made)


@builder
def shim_dma_bd(
    mem: Any,
    tap: TensorAccessPattern | None = None,
    offset: Any = None,
    sizes: Mixed = None,
    strides: Mixed = None,
    transfer_len: Any = None,
    burst_length: int = 0,
    packet: Any = None,
    iteration: Any = None,
) -> aie.DmaBdOp:
    """A descriptor of the host's memory: a pattern, or sizes and strides of four dimensions.

    The outermost dimension is repeated, not stepped, so `transfer_len` is that of the other three.
    """
    offset, sizes, strides = host_layout("shim_dma_bd", mem, tap, offset, sizes, strides)
    if transfer_len is None:
        inner = sizes[-3:]
        if not all(isinstance(size, int | np.integer) for size in inner):
            raise DesignError(
                "shim_dma_bd with sizes known at run time only",
                at=author_line(),
                because="the length of the transfer follows from them",
                fix="transfer_len=",
            )
        transfer_len = math.prod(int(size) for size in inner)
    return dma_bd(
        mem,
        offset,
        transfer_len,
        sizes=sizes,
        strides=strides,
        burst_length=burst_length,
        packet=packet,
        iteration=iteration,
    )


def host_layout(
    what: str, mem: Any, tap: TensorAccessPattern | None, offset: Any, sizes: Mixed, strides: Mixed
) -> tuple[Any, list[Any], list[Any]]:
    """Offset, four sizes and four strides of a transfer with the host, from either form."""
    if tap is not None:
        if offset is not None or sizes is not None or strides is not None:
            raise DesignError(
                f"{what} takes either a TensorAccessPattern or offset, sizes and strides, not both",
                at=author_line(),
                fix="tap= alone",
            )
        if not isinstance(tap, TensorAccessPattern):
            raise DesignError(
                f"{what} with tap={type(tap).__name__}",
                at=author_line(),
                fix="a TensorAccessPattern from aie.helpers.taplib",
            )
        made = shim_dimensions(tap, what)
        return tap.offset, list(made[0]), list(made[1])
    if sizes is None:
        array = getattr(mem, "array", None)
        raise DesignError(
            f"{what} without sizes",
            at=author_line(),
            because="how much it moves is not said",
            fix="sizes=[1, 1, 1, N]"
            if array is None
            else f"sizes=[1, 1, 1, {array.element_count}] for the whole tensor",
        )
    return (
        0 if offset is None else offset,
        list(sizes),
        [0, 0, 0, 1] if strides is None else list(strides),
    )


def layout_pairs(layout: Any, what: str) -> Pairs:
    """(size, stride) of each dimension from pairs, attributes or an access pattern."""
    if layout is None:
        return []
    if isinstance(layout, TensorAccessPattern):
        return layout.transformation_dims
    if isinstance(layout, aie.BdDimLayoutArrayAttr):
        return list(layout.pairs())
    if not isinstance(layout, list | tuple):
        raise DesignError(
            f"{what} is a {type(layout).__name__}",
            at=author_line(),
            fix="a list of (size, stride), outermost first",
        )
    pairs = []
    for each in layout:
        if isinstance(each, aie.BdDimLayoutAttr):
            pairs.append((each.size.data, each.stride.data))
        else:
            pairs.append(_pair(each, what, "(size, stride)"))
    return pairs


def pad_pairs(padding: Any, what: str) -> Pairs:
    """(before, after) of each dimension from pairs or attributes."""
    if isinstance(padding, aie.BdPadLayoutArrayAttr):
        return list(padding.pairs())
    pairs = []
    for each in padding:
        if isinstance(each, aie.BdPadLayoutAttr):
            pairs.append((each.const_pad_before.data, each.const_pad_after.data))
        else:
            pairs.append(_pair(each, what, "(before, after)"))
    return pairs


def packet_header(packet: Any) -> aie.PacketInfoAttr | None:
    """A packet's header from (type, id), or from the attribute."""
    if packet is None or isinstance(packet, aie.PacketInfoAttr):
        return packet
    kind, number = _pair(packet, "a packet header", "(type, id)")
    return aie.PacketInfoAttr.of(number, kind)


def number_or_value(given: Any, element: ElementType = I32) -> Any:
    """A number as it is, a value of the sequence as an SSA value of `element`."""
    if given is None or isinstance(given, int | SSAValue):
        return given
    if isinstance(given, np.integer):
        return int(given)
    return scalar_of(given, element, what="a number of a transfer").ssa


def numbers_or_values(given: Mixed) -> list[Any] | None:
    """A list of numbers and of 64-bit values, or None."""
    return None if given is None else [number_or_value(each, I64) for each in given]


def _iteration(given: Any) -> aie.BdIterationAttr | None:
    if given is None or isinstance(given, aie.BdIterationAttr):
        return given
    if isinstance(given, BdIteration):
        return given.attribute()
    return aie.BdIterationAttr.of(*(int(each) for each in given))


def _pair(given: Any, what: str, form: str) -> tuple[int, int]:
    if not isinstance(given, tuple | list) or len(given) != 2:
        raise DesignError(f"{what} has the entry {given!r}", at=author_line(), fix=form)
    first, second = given
    return int(first), int(second)
