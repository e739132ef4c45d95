"""One end of an ObjectFifo: a core acquires and releases there, the sequence fills or drains."""

from typing import TYPE_CHECKING, Any, Never

import numpy as np

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir import aie
from ironbird.ir.codes import FifoPort
from ironbird.iron.array_types import ArrayType, annotation_of
from ironbird.iron.core_buffers import MemRefValue
from ironbird.iron.device import Tile
from ironbird.iron.device_body import current_core
from ironbird.iron.fifo_end import Endpoint
from ironbird.iron.fifo_layout import Pairs, StreamDims, checked_layout, pairs_of
from ironbird.iron.host_end_calls import HostEndCalls
from ironbird.iron.link_calls import LinkCalls
from ironbird.iron.mlir_types import memref_type
from ironbird.iron.taplib.pattern import TensorAccessPattern

if TYPE_CHECKING:
    from ironbird.iron.object_fifo import ObjectFifo


class ObjectFifoHandle(HostEndCalls, LinkCalls):
    """One end. depth: objects in its ring. channel: DMA channel, None to leave it open."""

    def __init__(
        self,
        of: "ObjectFifo",
        is_prod: bool,
        depth: int | None = None,
        dims_from_stream: StreamDims | TensorAccessPattern | None = None,
        *,
        channel: int | None = None,
        tile: Tile | None = None,
    ) -> None:
        self.fifo = of
        self.is_prod = is_prod
        self.depth = of.depth_of_end(depth)
        layout = checked_layout(dims_from_stream, of.label, "from_stream")
        self.from_stream = layout if is_prod or layout is not None else of.from_stream_per_cons
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
    def dims_from_stream(self) -> Pairs:
        """`from_stream` as (size, stride) of each dimension; empty for linear."""
        return pairs_of(self.from_stream)

    @property
    def op(self) -> Never:
        """Refused: the fifo's operation exists only in the module."""
        self.fifo.refuse_operation()

    @property
    def endpoint(self) -> Endpoint | None:
        """Who stands at this end, once it is known."""
        return self._endpoint

    @endpoint.setter
    def endpoint(self, endpoint: Endpoint) -> None:
        self.attach(endpoint)

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

    def all_of_endpoints(self) -> list[Endpoint]:
        """Who stands at the ends of the fifo, the producer first."""
        ends = [self.fifo.producer, *self.fifo.consumers]
        return [end.endpoint for end in ends if end is not None and end.endpoint is not None]

    def __repr__(self) -> str:
        return f"<{self.handle_type} handle of {self.fifo.label}>"
