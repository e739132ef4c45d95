"""One end of an ObjectFifo: a core acquires and releases there, the sequence fills or drains."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir import aie
from ironbird.ir.codes import FifoPort
from ironbird.iron.array_types import ArrayType, annotation_of
from ironbird.iron.core_buffers import MemRefValue
from ironbird.iron.device import AnyMemTile, Tile
from ironbird.iron.device_body import current_core
from ironbird.iron.fifo_end import Endpoint, HostEnd
from ironbird.iron.mlir_types import memref_type
from ironbird.iron.sequence_trace import current_sequence
from ironbird.iron.taplib.pattern import TensorAccessPattern
from ironbird.iron.task import Task, TaskGroup
from ironbird.iron.transfer import start_transfer

if TYPE_CHECKING:
    from ironbird.iron.object_fifo import ObjectFifo


class ObjectFifoHandle:
    """One end. depth: objects in its ring. channel: DMA channel, None to leave it open."""

    def __init__(
        self,
        fifo: "ObjectFifo",
        is_prod: bool,
        *,
        depth: int,
        from_stream: TensorAccessPattern | None = None,
        channel: int | None = None,
        tile: Tile | None = None,
    ) -> None:
        self.fifo = fifo
        self.is_prod = is_prod
        self.depth = depth
        self.from_stream = from_stream
        self.channel = channel
        self.wished_tile = tile
        self.created_at = author_line()
        self._endpoint: Endpoint | None = None

    @property
    def name(self) -> str:
        """The fifo's name."""
        return self.fifo.name

    @property
    def handle_type(self) -> str:
        """`prod` or `cons`."""
        return "prod" if self.is_prod else "cons"

    @property
    def array(self) -> ArrayType:
        """What this end acquires."""
        if not self.is_prod and self.fifo.consumer_array is not None:
            return self.fifo.consumer_array
        return self.fifo.array

    @property
    def obj_type(self) -> Any:
        """The type of one object, as it was written."""
        return annotation_of(self.array)

    @property
    def shape(self) -> tuple[int, ...]:
        """Elements of one object along each axis."""
        return self.array.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """The numpy dtype of one element."""
        return self.array.element.dtype

    @property
    def endpoint(self) -> Endpoint | None:
        """Who stands at this end, once it is known."""
        return self._endpoint

    @property
    def endpoint_tile(self) -> Tile:
        """Where this end stands. Call only once it has an endpoint."""
        assert self._endpoint is not None
        return self._endpoint.tile

    def attach(self, endpoint: Endpoint) -> None:
        """Let `endpoint` stand at this end. Refuses a second one."""
        if self._endpoint is not None and self._endpoint is not endpoint:
            raise DesignError(
                f"the {self.handle_type} handle of {self.fifo.label} is given away twice",
                at=author_line(),
                because=f"{self._endpoint.endpoint_label} has it already",
                fix="another cons() for each consumer" if not self.is_prod else None,
            )
        self._endpoint = endpoint

    def attach_host(self) -> None:
        """Let the host stand at this end, unless someone does."""
        if self._endpoint is None:
            at = author_line()
            self.attach(HostEnd(self.wished_tile, f"the host's end of {self.fifo.label}", at))

    @property
    def is_host_end(self) -> bool:
        """Whether the sequence fills or drains here."""
        return isinstance(self._endpoint, HostEnd)

    def is_host_end_like(self, other: "ObjectFifoHandle") -> bool:
        """Whether this is the sequence's end and `other` asks for nothing else."""
        mine = (self.depth, self.from_stream, self.channel, self.wished_tile)
        theirs = (other.depth, other.from_stream, other.channel, other.wished_tile)
        return self.is_host_end and mine == theirs

    def pin(self, *, depth: int | None, channel: int | None, tile: Tile | None) -> None:
        """Take wishes that are still open, accept the same ones again, refuse others."""
        if self.channel is None:
            self.channel = channel
        if self.wished_tile is None and self._endpoint is None:
            self.wished_tile = tile
        for name, asked, known in (
            ("depth", depth, self.depth),
            ("channel", channel, self.channel),
            ("tile", tile, self.wished_tile),
        ):
            if asked is not None and asked != known:
                raise DesignError(
                    f"the producer of {self.fifo.label} is pinned to {name}={asked}",
                    at=author_line(),
                    because=f"it has {name}={known} since {self.created_at}",
                )

    # Core code

    def acquire(self, num_elem: int) -> Any:
        """Hold `num_elem` objects: the object itself for 1, else a list, the oldest first."""
        trace = current_core(f"acquire() of {self.fifo.label}")
        self._check_count(num_elem, "acquire")
        self._check_worker(trace.worker)
        trace.acquired.add(self)
        op = trace.emit(
            aie.ObjectFifoAcquireOp(
                trace.body.names.of(self.fifo), self._port, num_elem, memref_type(self.array)
            )
        )
        objects = [
            MemRefValue(trace.emit(aie.ObjectFifoSubviewAccessOp(op.results[0], i)).results[0])
            for i in range(num_elem)
        ]
        return objects[0] if num_elem == 1 else objects

    def release(self, num_elem: int) -> None:
        """Give back the `num_elem` objects held longest."""
        trace = current_core(f"release() of {self.fifo.label}")
        self._check_count(num_elem, "release")
        self._check_worker(trace.worker)
        trace.emit(aie.ObjectFifoReleaseOp(trace.body.names.of(self.fifo), self._port, num_elem))

    @property
    def _port(self) -> FifoPort:
        return FifoPort.PRODUCE if self.is_prod else FifoPort.CONSUME

    def _check_count(self, num_elem: int, verb: str) -> None:
        if not isinstance(num_elem, int) or num_elem < 1:
            raise DesignError(
                f"{verb}({num_elem}) of {self.fifo.label}",
                at=author_line(),
                because="the least is 1",
            )
        if num_elem > self.depth:
            raise DesignError(
                f"Number of elements to {verb} {num_elem} must not exceed depth {self.depth}",
                at=author_line(),
                because=f"the {self.handle_type} end of {self.fifo.label} holds {self.depth}",
                fix=f"depth={num_elem}",
            )

    def _check_worker(self, worker: Any) -> None:
        if self._endpoint is not worker:
            owner = "nobody" if self._endpoint is None else self._endpoint.endpoint_label
            raise DesignError(
                f"{worker.endpoint_label} uses the {self.handle_type} handle of {self.fifo.label}",
                at=author_line(),
                because=f"that handle was given to {owner}",
                fix="list the handle in the fn_args of this Worker",
            )

    # The sequence

    def fill(
        self,
        source: Any,
        tap: TensorAccessPattern | None = None,
        wait: bool = False,
        packet: tuple[int, int] | None = None,
        offset_parameter: Any = None,
        group: TaskGroup | None = None,
        managed: bool = True,
        length_parameter: Any = None,
        length_unit: Any = None,
    ) -> Task:
        """Send a tensor of the host into the fifo, in the order of `tap` (None: all, linearly).

        wait: issue a token, which the end of the group awaits. packet: (type, id).
        """
        what = f"ObjectFifo.fill() of {self.fifo.label}"
        if not self.is_prod:
            raise DesignError(
                f"{what} through a cons handle", at=author_line(), fix="prod().fill(...)"
            )
        self._refuse_parameters(what, offset_parameter, length_parameter, length_unit)
        return self._transfer(what, source, tap, wait, group, managed, packet)

    def drain(
        self,
        dest: Any,
        tap: TensorAccessPattern | None = None,
        wait: bool = False,
        packet: tuple[int, int] | None = None,
        offset_parameter: Any = None,
        group: TaskGroup | None = None,
        managed: bool = True,
        length_parameter: Any = None,
        length_unit: Any = None,
    ) -> Task:
        """Store the fifo's objects into a tensor of the host; arguments as for `fill`."""
        what = f"ObjectFifo.drain() of {self.fifo.label}"
        if self.is_prod:
            raise DesignError(
                f"{what} through a prod handle", at=author_line(), fix="cons().drain(...)"
            )
        self._refuse_parameters(what, offset_parameter, length_parameter, length_unit)
        return self._transfer(what, dest, tap, wait, group, managed, packet)

    def _transfer(
        self,
        what: str,
        tensor: Any,
        tap: TensorAccessPattern | None,
        wait: bool,
        group: TaskGroup | None,
        managed: bool,
        packet: tuple[int, int] | None,
    ) -> Task:
        trace = current_sequence(what)
        self.attach_host()
        if not self.is_host_end:
            assert self._endpoint is not None
            raise DesignError(
                f"{what} at an end of {self._endpoint.endpoint_label}",
                at=author_line(),
                because="the sequence moves objects at its own end only",
            )
        if self not in trace.moved:
            trace.moved.append(self)
        return start_transfer(
            trace,
            trace.body.names.of(self.fifo),
            what,
            tensor,
            tap,
            wait=wait,
            group=group,
            managed=managed,
            packet=packet,
        )

    def _refuse_parameters(self, what: str, *parameters: Any) -> None:
        if any(parameter is not None for parameter in parameters):
            raise DesignError(
                f"{what} with an offset or length parameter",
                at=author_line(),
                because="scratchpad parameters exist on npu2 only",
                fix="one call for each size, or tap=",
            )

    # Links on memory tiles

    def forward(
        self,
        tile: Tile = AnyMemTile,
        obj_type: Any = None,
        depth: int | None = None,
        name: str | None = None,
        to_stream: TensorAccessPattern | None = None,
        from_stream: TensorAccessPattern | None = None,
        plio: bool = False,
        repeat_count: int | None = None,
        pad_value: int = 0,
        channel: int | None = None,
    ) -> "ObjectFifo":
        """A fifo that a memory tile fills with what it receives here."""
        from ironbird.iron import object_fifo_link  # a link makes fifos, whose ends these are

        return object_fifo_link.forward(
            self,
            tile,
            obj_type=obj_type,
            depth=depth,
            name=name,
            to_stream=to_stream,
            from_stream=from_stream,
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
        to_stream: Sequence[TensorAccessPattern | None] | None = None,
        from_stream: Sequence[TensorAccessPattern | None] | None = None,
        plio: bool = False,
        repeat_counts: Sequence[int | None] | None = None,
        pad_value: int | Sequence[int] | None = None,
        channels: Sequence[int | None] | None = None,
    ) -> "list[ObjectFifo]":
        """Fifos that a memory tile fills with parts of each object; part i starts at offsets[i]."""
        from ironbird.iron import object_fifo_link

        return object_fifo_link.split(
            self,
            offsets,
            tile,
            depths=depths,
            obj_types=obj_types,
            names=names,
            to_stream=to_stream,
            from_stream=from_stream,
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
        to_stream: Sequence[TensorAccessPattern | None] | None = None,
        from_stream: Sequence[TensorAccessPattern | None] | None = None,
        plio: bool = False,
        repeat_counts: Sequence[int | None] | None = None,
    ) -> "list[ObjectFifo]":
        """Fifos whose objects a memory tile joins into one; part i goes to offsets[i]."""
        from ironbird.iron import object_fifo_link

        return object_fifo_link.join(
            self,
            offsets,
            tile,
            depths=depths,
            obj_types=obj_types,
            names=names,
            to_stream=to_stream,
            from_stream=from_stream,
            plio=plio,
            repeat_counts=repeat_counts,
        )

    def all_of_endpoints(self) -> list[Endpoint]:
        """Who stands at the ends of the fifo, the producer first."""
        ends = [self.fifo.producer, *self.fifo.consumers]
        return [end.endpoint for end in ends if end is not None and end.endpoint is not None]

    def __repr__(self) -> str:
        return f"<{self.handle_type} handle of {self.fifo.label}>"
