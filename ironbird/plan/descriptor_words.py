"""A descriptor's register words as a `Descriptor` of the plan, and back.

Words say how far each dimension steps and where it wraps; the outermost one is stopped by the
length (AM020 ch2). Refuses, as a ValueError without a place, words whose meaning is unknown, and
descriptors that no words hold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ironbird.base.access_pattern import AccessPattern, in_words
from ironbird.base.device import TileKind
from ironbird.base.npu1_registers import REGISTER_MAPS, WORD_BYTES
from ironbird.plan.plan import Descriptor, Iteration, PacketHeader

# Fields that change how a stream or a memory is spoken to, not what arrives: the simulator has no
# part for them.
_WITHOUT_EFFECT = frozenset(
    {"axi_qos", "axi_cache", "burst_length", "stream_id", "secure_access", "out_of_order_id"}
)
_UNKNOWN_IF_SET = ("tlast_suppress", "enable_compression")
# What mlir-aie writes into shim descriptors: bursts of 256 bytes, cacheable (AIEDmaToNpu.cpp).
_SHIM_DEFAULTS = {"burst_length": 2, "axi_cache": 2}
_DIMENSIONS = {TileKind.CORE: 3, TileKind.MEMORY: 4, TileKind.SHIM: 3}
_PADDED_DIMENSIONS = 3


@dataclass(frozen=True)
class LockField:
    """A lock as a descriptor numbers it. action: as in `LockUse`."""

    id: int
    action: str
    count: int


@dataclass(frozen=True)
class DescriptorFields:
    """What words say, before memory and locks are looked up. Lengths, steps, sizes in words.

    address: of the first word in the tile's address space, in words; None on the shim, where
             address_patch gives it.
    """

    address: int | None
    pattern: AccessPattern
    length: int
    padding: tuple[tuple[int, int], ...]
    iteration: Iteration | None
    acquire: LockField | None
    release: LockField | None
    packet: PacketHeader | None
    next: int | None


def fields_of_words(kind: TileKind, words: Sequence[int]) -> DescriptorFields:
    """What `words` make a DMA do. Raises ValueError for what is not known."""
    layout = REGISTER_MAPS[kind].descriptor
    for number, bits in enumerate(layout.reserved_bits(words)):
        if bits:
            raise ValueError(f"bits {bits:#x} of its word {number} have no known meaning")
    values = layout.decode(words)
    if not values["valid"]:
        raise ValueError("its bit valid is not set")
    for name in _UNKNOWN_IF_SET:
        if values.get(name):
            raise ValueError(f"its bit {name} is set, and what then happens is not known here")
    if values["length"] == 0:
        raise ValueError("its length is 0")
    pattern, padding = _pattern(kind, values)
    return DescriptorFields(
        address=values.get("address"),
        pattern=pattern,
        length=values["length"],
        padding=padding,
        iteration=_iteration(values),
        acquire=_acquire(values),
        release=_release(values),
        packet=PacketHeader(values["packet_type"], values["packet_id"])
        if values["enable_packet"]
        else None,
        next=values["next"] if values["use_next"] else None,
    )


def _pattern(
    kind: TileKind, values: Mapping[str, int]
) -> tuple[AccessPattern, tuple[tuple[int, int], ...]]:
    """The visits from the first word on, and the zeros around each dimension."""
    sizes: list[int] = []
    strides: list[int] = []
    padding: list[tuple[int, int]] = []
    positions = values["length"]
    for dimension in range(_DIMENSIONS[kind]):
        before = values.get(f"d{dimension}_before", 0)
        after = values.get(f"d{dimension}_after", 0)
        wrap = values.get(f"d{dimension}_wrap", 0)
        span = before + wrap + after
        is_last = wrap == 0 or span >= positions or dimension == _DIMENSIONS[kind] - 1
        size = positions - before - after if is_last else wrap
        if size < 1:
            raise ValueError(
                f"its dimension {dimension} has {positions} positions, {before + after} of padding"
            )
        sizes.insert(0, size)
        strides.insert(0, values[f"d{dimension}_step"] + 1)
        padding.insert(0, (before, after))
        if is_last:
            break
        positions = -(-positions // span)
    padded = any(pad != (0, 0) for pad in padding)
    return AccessPattern(0, tuple(sizes), tuple(strides)), tuple(padding) if padded else ()


def _iteration(values: Mapping[str, int]) -> Iteration | None:
    if values["iteration_wrap"] == 0:
        return None
    return Iteration(
        values["iteration_wrap"] + 1, values["iteration_step"] + 1, values["iteration_current"]
    )


def _acquire(values: Mapping[str, int]) -> LockField | None:
    """A negative value means greater or equal (mlir-aie AIERT.cpp)."""
    if not values["lock_acquire_enable"]:
        return None
    value = values["lock_acquire_value"]
    action = "acquire_ge" if value < 0 else "acquire_eq"
    return LockField(values["lock_acquire_id"], action, abs(value))


def _release(values: Mapping[str, int]) -> LockField | None:
    value = values["lock_release_value"]
    if value < 0:
        raise ValueError(f"it releases its lock by {value}, and a release adds")
    return LockField(values["lock_release_id"], "release", value) if value else None


def words_of_fields(kind: TileKind, fields: DescriptorFields) -> tuple[int, ...]:
    """The words that hold `fields`, as mlir-aie writes them. Raises ValueError if none do."""
    values = {"length": fields.length, "valid": 1}
    if kind is TileKind.SHIM:
        values |= {**_SHIM_DEFAULTS, "address_low": fields.pattern.offset * WORD_BYTES}
    else:
        assert fields.address is not None
        values["address"] = fields.address
    values |= _dimension_values(kind, fields)
    if fields.iteration is not None:
        values["iteration_wrap"] = fields.iteration.size - 1
        values["iteration_step"] = fields.iteration.stride - 1
        values["iteration_current"] = fields.iteration.current
    if fields.acquire is not None:
        sign = -1 if fields.acquire.action == "acquire_ge" else 1
        values["lock_acquire_enable"] = 1
        values["lock_acquire_id"] = fields.acquire.id
        values["lock_acquire_value"] = sign * fields.acquire.count
    if fields.release is not None:
        values["lock_release_id"] = fields.release.id
        values["lock_release_value"] = fields.release.count
    if fields.packet is not None:
        values |= {"enable_packet": 1, "packet_type": fields.packet.type}
        values["packet_id"] = fields.packet.id
    if fields.next is not None:
        values |= {"use_next": 1, "next": fields.next}
    return REGISTER_MAPS[kind].descriptor.encode(values)


def _dimension_values(kind: TileKind, fields: DescriptorFields) -> dict[str, int]:
    """Steps and wraps, none where the words follow one another."""
    pattern = fields.pattern
    if not fields.padding:
        compact = pattern.simplified()
        if compact.strides in ((), (1,)):
            return {}
        pattern = _without_leading_ones(pattern)
        if len(pattern.sizes) > _DIMENSIONS[kind]:
            pattern = compact
    if len(pattern.sizes) > _DIMENSIONS[kind]:
        raise ValueError(f"it has {len(pattern.sizes)} dimensions; there are {_DIMENSIONS[kind]}")
    values = {}
    inner_first = zip(reversed(pattern.sizes), reversed(pattern.strides), strict=True)
    for dimension, (size, stride) in enumerate(inner_first):
        values[f"d{dimension}_step"] = stride - 1 if size > 1 else 0
        wrap = REGISTER_MAPS[kind].descriptor.fields.get(f"d{dimension}_wrap")
        is_outermost = dimension == len(pattern.sizes) - 1
        if wrap is not None and (size in wrap.range or not is_outermost):
            values[f"d{dimension}_wrap"] = size
    for dimension, (before, after) in enumerate(reversed(fields.padding)):
        if dimension < _PADDED_DIMENSIONS:
            values[f"d{dimension}_before"] = before
            values[f"d{dimension}_after"] = after
    return values


def _without_leading_ones(pattern: AccessPattern) -> AccessPattern:
    """Without the outermost dimensions of size 1."""
    first = next((n for n, size in enumerate(pattern.sizes) if size > 1), len(pattern.sizes))
    return replace(pattern, sizes=pattern.sizes[first:], strides=pattern.strides[first:])


def pattern_in_words(descriptor: Descriptor) -> AccessPattern:
    """The visits of `descriptor` in words. Raises ValueError if they are not whole words.

    Dimensions stay as they are written where they can: mlir-aie merges none of them either.
    """
    unit, pattern = descriptor.element_bytes, descriptor.pattern
    if unit == WORD_BYTES:
        return pattern
    if descriptor.padding:
        raise ValueError(f"it pads elements of {unit} bytes")
    whole = in_words(pattern, unit)
    *outer, run = pattern.sizes
    if WORD_BYTES % unit or run * unit % WORD_BYTES or pattern.strides[-1] != 1:
        return whole
    return AccessPattern(
        whole.offset,
        (*outer, run * unit // WORD_BYTES),
        (*(stride * unit // WORD_BYTES for stride in pattern.strides[:-1]), 1),
    )
