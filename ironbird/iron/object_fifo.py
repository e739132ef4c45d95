"""An ObjectFifo: objects of one type that go from one producer to its consumers, in order."""

from collections.abc import Sequence
from typing import Any, Never

import numpy as np
import numpy.typing as npt

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.iron.array_types import annotation_of, array_type
from ironbird.iron.device import AIETileType, Device, Tile, own_tile
from ironbird.iron.earlier_arguments import given_once
from ironbird.iron.fifo_layout import (
    PadDims,
    Pairs,
    StreamDims,
    checked_layout,
    padded_layout,
    pairs_of,
)
from ironbird.iron.names import Named, label_of, next_serial
from ironbird.iron.object_fifo_handle import ObjectFifoHandle
from ironbird.iron.taplib.pattern import TensorAccessPattern

MOST_ITERATIONS = 256


class ObjectFifo:
    """`ObjectFifo(np.ndarray[(64,), np.dtype[np.int32]], depth=2)`.

    depth: objects in the ring of each end; 2 lets producer and consumer overlap.
    to_stream, from_stream_per_cons: order in which a DMA sends, stores the elements of an object;
    until IRON 1.4.4 `dims_to_stream`, `dims_from_stream_per_cons`, lists of (size, stride).
    pad_dimensions: zeros (before, after) each dimension; `to_stream=tap.pad(...)` since 1.4.4.
    repeat_count: how often the producer's DMA sends each object.
    delegate_tile: whose memory holds the objects, if not the producer's.
    via_DMA: use the DMA even between neighbours that share memory.
    init_values: objects the fifo starts with, one array for each of the producer's `depth`.
    consumer_obj_type: what a consumer acquires, if it takes the objects in smaller parts.
    disable_synchronization: no locks. aie_stream: (end, port) of a core's stream instead of a DMA.
    """

    noun = "ObjectFifo"
    name_stem = "of"

    def __init__(
        self,
        obj_type: Any,
        depth: int | None = 2,
        name: str | None = None,
        dims_to_stream: StreamDims | None = None,
        dims_from_stream_per_cons: StreamDims | None = None,
        plio: bool = False,
        pad_dimensions: PadDims | None = None,
        *,
        to_stream: TensorAccessPattern | None = None,
        from_stream_per_cons: TensorAccessPattern | None = None,
        pad_value: int = 0,
        disable_synchronization: bool = False,
        repeat_count: int | None = None,
        delegate_tile: Tile | None = None,
        via_DMA: bool = False,
        init_values: Sequence[npt.NDArray[Any]] | None = None,
        consumer_obj_type: Any = None,
        aie_stream: tuple[int, int] | None = None,
        packet: bool = False,
        packet_id: int | None = None,
    ) -> None:
        self.created_at = author_line()
        self.serial = next_serial()
        self.given_name = name
        self.assigned_name: str | None = None
        self.derived_from: Named | None = None
        self.name_suffix = ""
        of = self.label
        self.array = array_type(obj_type, of=of)
        self.consumer_array = (
            None if consumer_obj_type is None else array_type(consumer_obj_type, of=of)
        )
        _refuse_depth(depth, of)
        self._depth = depth
        sent = given_once(to_stream, dims_to_stream, "to_stream= and dims_to_stream=", of)
        stored = given_once(
            from_stream_per_cons,
            dims_from_stream_per_cons,
            "from_stream_per_cons= and dims_from_stream_per_cons=",
            of,
        )
        self.to_stream = padded_layout(
            checked_layout(sent, of, "to_stream"), pad_dimensions, self.array.shape, of
        )
        self.from_stream_per_cons = checked_layout(stored, of, "from_stream_per_cons")
        self.disable_synchronization = disable_synchronization
        self.repeat_count = repeat_count
        self.iter_count: int | None = None
        self.delegate_tile = None if delegate_tile is None else own_tile(delegate_tile)
        self.via_DMA = via_DMA
        self.init_values = None if init_values is None else [np.asarray(v) for v in init_values]
        self.aie_stream = aie_stream
        self._producer: ObjectFifoHandle | None = None
        self._consumers: list[ObjectFifoHandle] = []
        self._refuse_elsewhere(plio, pad_value, packet or packet_id is not None)
        if repeat_count is not None and not 1 <= repeat_count <= MOST_ITERATIONS:
            raise DesignError(
                f"repeat_count={repeat_count} of {of}",
                at=self.created_at,
                because=f"a DMA sends an object 1 to {MOST_ITERATIONS} times",
            )

    @property
    def label(self) -> str:
        """How messages name it."""
        return label_of(self)

    @property
    def name(self) -> str:
        """The author's name, or the one the program gave. Refuses before there is one."""
        found = self.given_name or self.assigned_name
        if found is None:
            raise DesignError(
                "an unnamed ObjectFifo gets its name when its program is resolved",
                at=author_line(),
                fix="ObjectFifo(..., name=...)",
            )
        return found

    @property
    def depth(self) -> int | None:
        """Objects in the ring of an end that does not say otherwise."""
        return self._depth

    @property
    def shape(self) -> tuple[int, ...]:
        """Elements of one object along each axis."""
        return self.array.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """The numpy dtype of one element."""
        return self.array.element.dtype

    @property
    def obj_type(self) -> Any:
        """The type of one object, as it was written."""
        return annotation_of(self.array)

    @property
    def consumer_obj_type(self) -> Any:
        """The type of what a consumer acquires, or None if it is `obj_type`."""
        return None if self.consumer_array is None else annotation_of(self.consumer_array)

    @property
    def dims_to_stream(self) -> Pairs:
        """`to_stream` as (size, stride) of each dimension; empty for linear."""
        return pairs_of(self.to_stream)

    @property
    def dims_from_stream_per_cons(self) -> Pairs:
        """`from_stream_per_cons` as (size, stride) of each dimension; empty for linear."""
        return pairs_of(self.from_stream_per_cons)

    @property
    def producer(self) -> ObjectFifoHandle | None:
        """The producer's handle, if anyone asked for it."""
        return self._producer

    @property
    def consumers(self) -> list[ObjectFifoHandle]:
        """The consumers' handles, in the order in which they were made."""
        return list(self._consumers)

    def set_iter_count(self, iter_count: int) -> None:
        """Run the DMA's descriptors `iter_count` times, instead of for ever."""
        if not 1 <= iter_count <= MOST_ITERATIONS:
            raise DesignError(
                f"Iter count must be in [1, {MOST_ITERATIONS}] range.",
                at=author_line(),
                because=f"{self.label} was given {iter_count}",
            )
        self.iter_count = iter_count

    def prod(
        self, depth: int | None = None, channel: int | None = None, tile: Tile | None = None
    ) -> ObjectFifoHandle:
        """The producer's handle, the same one each time."""
        if self._producer is None:
            self._producer = ObjectFifoHandle(self, True, depth, channel=channel, tile=tile)
        self._producer.pin(depth=depth, channel=channel, tile=tile)
        return self._producer

    def cons(
        self,
        depth: int | None = None,
        dims_from_stream: StreamDims | TensorAccessPattern | None = None,
        channel: int | None = None,
        tile: Tile | None = None,
        *,
        from_stream: TensorAccessPattern | None = None,
    ) -> ObjectFifoHandle:
        """The handle of a new consumer.

        Filling and draining through equal handles of one fifo is done by one consumer.
        """
        layout = given_once(
            from_stream, dims_from_stream, "from_stream= and dims_from_stream=", self.label
        )
        made = ObjectFifoHandle(self, False, depth, layout, channel=channel, tile=tile)
        self._consumers.append(made)
        return made

    def forget(self, consumer: ObjectFifoHandle) -> None:
        """Drop a consumer that another one stands for."""
        if consumer in self._consumers:
            self._consumers.remove(consumer)

    @property
    def ends(self) -> list[ObjectFifoHandle]:
        """The handles made so far, the producer's first."""
        return ([] if self._producer is None else [self._producer]) + self._consumers

    def tiles(self, cons_only: bool = False) -> list[Tile]:
        """The tiles of its ends that have one, the producer's first."""
        ends = self._consumers if cons_only else self.ends
        return [end.endpoint_tile for end in ends if end.endpoint is not None]

    @property
    def op(self) -> Never:
        """Refused: the fifo's operation exists only in the module."""
        self.refuse_operation()

    def refuse_operation(self) -> Never:
        """An object of the author has no operation; a program may be resolved several times."""
        raise DesignError(
            f"{self.label} has no operation",
            at=author_line(),
            because="operations are made each time a program is resolved, and belong to its module",
            fix="fifo.name, by which operations refer to it",
        )

    def can_used_shared_mem(self, device: Device, cons_only: bool = False) -> bool:
        """Whether the core of its first end reaches the memory of all its ends."""
        ends = self.tiles(cons_only)
        return all(end.tile_type is AIETileType.CoreTile for end in ends) and bool(
            ends and device.is_mem_accessible(ends[0], ends)
        )

    def depth_of_end(self, depth: int | None) -> int:
        """Objects in the ring of an end that was given `depth`."""
        _refuse_depth(depth, self.label)
        chosen = depth if depth is not None else self._depth
        if chosen is None:
            raise DesignError(
                f"an end of {self.label} has no depth",
                at=author_line(),
                because=f"the ObjectFifo at {self.created_at} was made with depth=None",
                fix="prod(depth=2), cons(depth=2)",
            )
        return chosen

    def _refuse_elsewhere(self, plio: bool, pad_value: int, packet: bool) -> None:
        """Refuse what npu1, or the dialect we print, does not have."""
        if plio:
            raise DesignError(
                f"{self.label} has plio=True",
                at=self.created_at,
                because="npu1 has no programmable logic",
            )
        if pad_value:
            raise DesignError(
                f"{self.label} has pad_value={pad_value}",
                at=self.created_at,
                because="memory tiles of npu1 pad with zeros",
            )
        if packet:
            raise DesignError(
                f"{self.label} is packet-switched",
                at=self.created_at,
                because="the dialect of August 2026 has no text for it",
                fix="PacketFlow",
            )

    def __repr__(self) -> str:
        return f"<{self.label} of {self.array}>"


def _refuse_depth(depth: int | None, of: str) -> None:
    if depth is not None and (isinstance(depth, bool) or not isinstance(depth, int) or depth < 1):
        raise DesignError(
            f"{of} has depth={depth!r}",
            at=author_line(),
            because="the least is 1 object",
        )


def derive_name(fifo: ObjectFifo, parent: ObjectFifo, suffix: str) -> ObjectFifo:
    """Let an unnamed fifo be called after another one."""
    fifo.derived_from, fifo.name_suffix = parent, suffix
    return fifo
