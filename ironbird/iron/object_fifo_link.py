"""Links: a memory tile passes objects on, whole, in parts (split) or joined.

`split` and `join` refuse parts that do not lie side by side. Upstream gives each part the parent's
type unless `obj_types` says otherwise, and lets the transfer hang.
"""

import itertools
from collections.abc import Sequence
from typing import Any, TypeVar

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir import aie
from ironbird.ir.locations import location_of
from ironbird.iron.device import AIETileType, AnyMemTile, Tile
from ironbird.iron.device import endpoint_tile as tile_for
from ironbird.iron.earlier_arguments import placed
from ironbird.iron.names import Names, next_serial
from ironbird.iron.object_fifo import ObjectFifo, derive_name
from ironbird.iron.object_fifo_handle import ObjectFifoHandle
from ironbird.iron.placeable import Placeable
from ironbird.iron.taplib.pattern import TensorAccessPattern

OptionT = TypeVar("OptionT")


class ObjectFifoLink(Placeable):
    """`srcs` (consumer handles) end on a tile where `dsts` (producer handles) begin.

    One of the two sides has one member. src_offsets, dst_offsets: where each part begins in the
    object of the other side, elements.
    """

    def __init__(
        self,
        srcs: Sequence[ObjectFifoHandle] | ObjectFifoHandle,
        dsts: Sequence[ObjectFifoHandle] | ObjectFifoHandle,
        tile: Tile = AnyMemTile,
        src_offsets: Sequence[int] | None = None,
        dst_offsets: Sequence[int] | None = None,
        *,
        placement: Tile | None = None,
    ) -> None:
        self.created_at = author_line()
        self.serial = next_serial()
        self.srcs = [srcs] if isinstance(srcs, ObjectFifoHandle) else list(srcs)
        self.dsts = [dsts] if isinstance(dsts, ObjectFifoHandle) else list(dsts)
        self.src_offsets = list(src_offsets or ())
        self.dst_offsets = list(dst_offsets or ())
        self._refuse_wrong_ends()
        kinds: tuple[AIETileType, ...] = (AIETileType.MemTile, AIETileType.CoreTile)
        if max(len(self.srcs), len(self.dsts)) > 1:
            kinds = (AIETileType.MemTile,)
        wish = placed(tile, placement, "a link", default=AnyMemTile)
        super().__init__(tile_for(wish, kinds, of=self.endpoint_label, at=self.created_at))
        for handle in (*self.srcs, *self.dsts):
            handle.attach(self)

    @property
    def endpoint_label(self) -> str:
        """How messages name it."""
        return f"the link made at {self.created_at}"

    @property
    def fifos(self) -> list[ObjectFifo]:
        """The fifos it joins, sources first."""
        return [handle.fifo for handle in (*self.srcs, *self.dsts)]

    def operation(self, names: Names) -> aie.ObjectFifoLinkOp:
        """`aie.objectfifo.link`."""
        made = aie.ObjectFifoLinkOp(
            [names.of(handle.fifo) for handle in self.srcs],
            [names.of(handle.fifo) for handle in self.dsts],
            self.src_offsets,
            self.dst_offsets,
        )
        made.location = location_of(self.created_at)
        return made

    def _refuse_wrong_ends(self) -> None:
        if not self.srcs or not self.dsts or (len(self.srcs) > 1 and len(self.dsts) > 1):
            raise DesignError(
                f"a link of {len(self.srcs)} sources and {len(self.dsts)} destinations",
                at=self.created_at,
                because="one side has one fifo, the other one or more",
            )
        for handles, is_prod, side in (
            (self.srcs, False, "source"),
            (self.dsts, True, "destination"),
        ):
            for handle in handles:
                if handle.is_prod is not is_prod:
                    wanted = "prod" if is_prod else "cons"
                    raise DesignError(
                        f"{handle.handle_type} handle of {handle.fifo.label} as a link's {side}",
                        at=self.created_at,
                        because=f"a {side} needs a {wanted} handle",
                        fix=f"{wanted}()",
                    )
        for offsets, handles, side in (
            (self.src_offsets, self.srcs, "src_offsets"),
            (self.dst_offsets, self.dsts, "dst_offsets"),
        ):
            if offsets and len(offsets) != len(handles):
                raise DesignError(
                    f"{side}={offsets} of a link",
                    at=self.created_at,
                    because=f"there are {len(handles)} fifos on that side",
                )


def forward(
    handle: ObjectFifoHandle, tile: Tile, *, name: str | None, channel: int | None, **options: Any
) -> ObjectFifo:
    """A fifo that passes on what `handle` consumes."""
    if handle.is_prod:
        raise DesignError(
            "Cannot forward a prod ObjectFifoHandle",
            at=author_line(),
            because=f"only what {handle.fifo.label} delivers can be passed on",
            fix="cons().forward(...)",
        )
    made = _part(handle, name, "_fwd", **options)
    ObjectFifoLink(handle, made.prod(channel=channel), tile, [], [0])
    return made


def split(
    handle: ObjectFifoHandle,
    offsets: Sequence[int],
    tile: Tile,
    *,
    names: Sequence[str] | None,
    pad_value: int | Sequence[int] | None,
    channels: Sequence[int | None] | None,
    **options: Any,
) -> list[ObjectFifo]:
    """Fifos that pass on parts of what `handle` consumes."""
    if handle.is_prod:
        raise DesignError(
            "Cannot split a prod ObjectFifoHandle",
            at=author_line(),
            because=f"only what {handle.fifo.label} delivers can be passed on",
            fix="cons().split(...), or join",
        )
    pads = pad_value if isinstance(pad_value, Sequence) else [pad_value or 0] * len(offsets)
    parts = _parts(handle, offsets, names, "_split", pad_value=pads, **options)
    pinned = _per_part("channels", channels, len(offsets))
    ObjectFifoLink(
        handle,
        [part.prod(channel=channel) for part, channel in zip(parts, pinned, strict=True)],
        tile,
        [],
        offsets,
    )
    return parts


def join(
    handle: ObjectFifoHandle,
    offsets: Sequence[int],
    tile: Tile,
    *,
    names: Sequence[str] | None,
    **options: Any,
) -> list[ObjectFifo]:
    """Fifos whose objects together make what `handle` produces."""
    if not handle.is_prod:
        raise DesignError(
            "Cannot join a cons ObjectFifoHandle",
            at=author_line(),
            because=f"parts are joined into what {handle.fifo.label} is given",
            fix="prod().join(...), or split",
        )
    parts = _parts(handle, offsets, names, "_join", **options)
    ObjectFifoLink([part.cons() for part in parts], handle, tile, offsets, [])
    return parts


def _parts(
    handle: ObjectFifoHandle,
    offsets: Sequence[int],
    names: Sequence[str] | None,
    suffix: str,
    **options: Any,
) -> list[ObjectFifo]:
    """One fifo for each offset; `options` are lists with an entry for each, or None."""
    count = len(offsets)
    if not count:
        raise DesignError(f"{suffix[1:]} of {handle.fifo.label} into no parts", at=author_line())
    singular = {
        "depths": "depth",
        "obj_types": "obj_type",
        "repeat_counts": "repeat_count",
    }
    plio = options.pop("plio")
    each: dict[str, Sequence[Any]] = {
        singular.get(option, option): _per_part(option, values, count)
        for option, values in options.items()
    }
    given_names = _per_part("names", names, count)
    parts = [
        _part(
            handle,
            given_names[i],
            f"{suffix}{i}",
            plio=plio,
            **{option: values[i] for option, values in each.items()},
        )
        for i in range(count)
    ]
    _refuse_gaps(handle, offsets, parts, suffix[1:])
    return parts


def _part(
    handle: ObjectFifoHandle,
    name: str | None,
    suffix: str,
    *,
    obj_type: Any,
    depth: int | None,
    to_stream: TensorAccessPattern | None,
    from_stream: TensorAccessPattern | None,
    plio: bool,
    repeat_count: int | None,
    pad_value: int = 0,
) -> ObjectFifo:
    made = ObjectFifo(
        obj_type if obj_type is not None else handle.array,
        depth=depth if depth is not None else handle.depth,
        name=name,
        to_stream=to_stream,
        from_stream_per_cons=from_stream,
        plio=plio,
        repeat_count=repeat_count,
        pad_value=pad_value,
    )
    return derive_name(made, handle.fifo, suffix)


def _per_part(
    option: str, values: Sequence[OptionT] | None, count: int
) -> Sequence[OptionT | None]:
    if values is None:
        return [None] * count
    if isinstance(values, TensorAccessPattern | str) or len(values) != count:
        given = len(values) if isinstance(values, list | tuple) else type(values).__name__
        raise DesignError(
            f"{option} has {given} entries for {count} parts"
            if isinstance(given, int)
            else f"{option} is one {given} for {count} parts",
            at=author_line(),
            because="there is one entry for each offset",
        )
    return values


def _refuse_gaps(
    handle: ObjectFifoHandle, offsets: Sequence[int], parts: Sequence[ObjectFifo], verb: str
) -> None:
    """Refuse parts that overlap, leave a gap or leave the object. Padded parts carry zeros more."""
    whole = handle.array.element_count
    ends = [*offsets[1:], whole]
    if offsets[0] != 0 or any(
        after <= before for before, after in itertools.pairwise([*offsets, whole])
    ):
        raise DesignError(
            f"{verb} of {handle.fifo.label} at offsets {list(offsets)}",
            at=author_line(),
            because=f"offsets start at 0, grow, and stay below the {whole} elements of an object",
        )
    for i, (start, end, part) in enumerate(zip(offsets, ends, parts, strict=True)):
        padded = part.to_stream is not None and part.to_stream.padding is not None
        if padded or part.array.element_count == end - start:
            continue
        count = part.array.element_count
        raise DesignError(
            f"part {i} of the {verb} of {handle.fifo.label} has {count} elements",
            at=author_line(),
            because=f"offsets {list(offsets)} of {whole} leave it {end - start}",
            fix="obj_types=[...], one type for each part",
        )
