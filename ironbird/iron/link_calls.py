"""Links from a fifo's end: `forward`, `split` and `join`, methods of `ObjectFifoHandle`.

`dims_to_stream`, `dims_from_stream` (lists of (size, stride)) and `placement` are the names until
March 2026 and 1.4.4 of what is now `to_stream`, `from_stream` (patterns) and `tile`; either form is
taken under either name.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from ironbird.iron.device import AnyMemTile, Tile
from ironbird.iron.earlier_arguments import given_once, placed
from ironbird.iron.fifo_layout import StreamDims
from ironbird.iron.taplib.pattern import TensorAccessPattern

if TYPE_CHECKING:
    from ironbird.iron.object_fifo import ObjectFifo
    from ironbird.iron.object_fifo_handle import ObjectFifoHandle

Layout = StreamDims | TensorAccessPattern | None


class LinkCalls:
    """Fifos that a memory tile, or a core's DMA, fills from this end or fills this end from."""

    def forward(
        self,
        tile: Tile = AnyMemTile,
        obj_type: Any = None,
        depth: int | None = None,
        name: str | None = None,
        dims_to_stream: Layout = None,
        dims_from_stream: Layout = None,
        plio: bool = False,
        repeat_count: int | None = None,
        pad_value: int = 0,
        channel: int | None = None,
        *,
        to_stream: Layout = None,
        from_stream: Layout = None,
        placement: Tile | None = None,
    ) -> "ObjectFifo":
        """A fifo that a memory tile fills with what it receives here."""
        from ironbird.iron import object_fifo_link  # a link makes fifos, whose ends these are

        return object_fifo_link.forward(
            cast("ObjectFifoHandle", self),
            placed(tile, placement, "forward()", default=AnyMemTile),
            obj_type=obj_type,
            depth=depth,
            name=name,
            to_stream=_sent(to_stream, dims_to_stream, "forward()"),
            from_stream=_stored(from_stream, dims_from_stream, "forward()"),
            plio=plio,
            repeat_count=repeat_count,
            pad_value=pad_value,
            channel=channel,
        )

    def split(
        self,
        offsets: Sequence[int],
        tile: Tile = AnyMemTile,
        depths: Sequence[int] | None = None,
        obj_types: Sequence[Any] | None = None,
        names: Sequence[str] | None = None,
        dims_to_stream: Sequence[Layout] | None = None,
        dims_from_stream: Sequence[Layout] | None = None,
        plio: bool = False,
        repeat_counts: Sequence[int | None] | None = None,
        pad_value: int | Sequence[int] | None = None,
        channels: Sequence[int | None] | None = None,
        *,
        to_stream: Sequence[Layout] | None = None,
        from_stream: Sequence[Layout] | None = None,
        placement: Tile | None = None,
    ) -> "list[ObjectFifo]":
        """Fifos that a memory tile fills with parts of each object; part i starts at offsets[i]."""
        from ironbird.iron import object_fifo_link

        return object_fifo_link.split(
            cast("ObjectFifoHandle", self),
            offsets,
            placed(tile, placement, "split()", default=AnyMemTile),
            depths=depths,
            obj_types=obj_types,
            names=names,
            to_stream=_sent(to_stream, dims_to_stream, "split()"),
            from_stream=_stored(from_stream, dims_from_stream, "split()"),
            plio=plio,
            repeat_counts=repeat_counts,
            pad_value=pad_value,
            channels=channels,
        )

    def join(
        self,
        offsets: Sequence[int],
        tile: Tile = AnyMemTile,
        depths: Sequence[int] | None = None,
        obj_types: Sequence[Any] | None = None,
        names: Sequence[str] | None = None,
        dims_to_stream: Sequence[Layout] | None = None,
        dims_from_stream: Sequence[Layout] | None = None,
        plio: bool = False,
        repeat_counts: Sequence[int | None] | None = None,
        *,
        to_stream: Sequence[Layout] | None = None,
        from_stream: Sequence[Layout] | None = None,
        placement: Tile | None = None,
    ) -> "list[ObjectFifo]":
        """Fifos whose objects a memory tile joins into one; part i goes to offsets[i]."""
        from ironbird.iron import object_fifo_link

        return object_fifo_link.join(
            cast("ObjectFifoHandle", self),
            offsets,
            placed(tile, placement, "join()", default=AnyMemTile),
            depths=depths,
            obj_types=obj_types,
            names=names,
            to_stream=_sent(to_stream, dims_to_stream, "join()"),
            from_stream=_stored(from_stream, dims_from_stream, "join()"),
            plio=plio,
            repeat_counts=repeat_counts,
        )


def _sent(now: Any, earlier: Any, of: str) -> Any:
    return given_once(now, earlier, "to_stream= and dims_to_stream=", of)


def _stored(now: Any, earlier: Any, of: str) -> Any:
    return given_once(now, earlier, "from_stream= and dims_from_stream=", of)
