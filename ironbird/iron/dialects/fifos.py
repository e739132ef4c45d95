"""Fifos placed by hand: `object_fifo(name, producer, consumers, depth, type)`, and their links."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir import aie
from ironbird.ir.integers import as_i32
from ironbird.iron.core_buffers import MemRefValue
from ironbird.iron.dialects.builder import builder
from ironbird.iron.dialects.descriptors import layout_pairs, pad_pairs
from ironbird.iron.dialects.region import Built, RegionKind, region_of, value_of
from ironbird.iron.dialects.types import buffer_type
from ironbird.iron.dialects.words import ObjectFifoPort
from ironbird.iron.mlir_types import dense_values, memref_type

# mlir-aie AIE.td, ObjectFifoCreateOp: the chain of a fifo's DMA runs 1 to 256 times.
MOST_ITERATIONS = 256


class object_fifo(Built):
    """A ring of objects from one tile to others.

    depth: objects in the ring, or a list with the producer's and each consumer's.
    dimensionsToStream: (size, stride) of each dimension in elements, outermost first.
    """

    op: aie.ObjectFifoOp

    def __init__(
        self,
        name: str,
        producerTile: Any,
        consumerTiles: Any,
        depth: int | Sequence[int],
        datatype: Any,
        dimensionsToStream: Any = None,
        dimensionsFromStreamPerConsumer: Any = None,
        initValues: Sequence[npt.NDArray[Any]] | None = None,
        via_DMA: bool | None = None,
        plio: bool | None = None,
        padDimensions: Any = None,
        disable_synchronization: bool | None = None,
        iter_count: int | None = None,
        consumer_datatype: Any = None,
        repeat_count: int | None = None,
        loc: Any = None,
        ip: Any = None,
    ) -> None:
        of = f"ObjectFifo {name!r}"
        trace = region_of(of, RegionKind.DEVICE)
        consumers = (
            list(consumerTiles) if isinstance(consumerTiles, list | tuple) else [consumerTiles]
        )
        self.array = buffer_type(datatype, of=of)
        taken = self.array if consumer_datatype is None else buffer_type(consumer_datatype, of=of)
        self.consumer_array = taken
        self._refuse_counts(of, depth, len(consumers), iter_count)
        layouts = dimensionsFromStreamPerConsumer
        made = aie.ObjectFifoOp(
            name,
            value_of(producerTile, f"the producer of {of}"),
            [value_of(each, f"a consumer of {of}") for each in consumers],
            depth if isinstance(depth, int) else list(depth),
            memref_type(self.array),
            consumer_object_type=None if consumer_datatype is None else memref_type(taken),
            dimensions_to_stream=layout_pairs(dimensionsToStream, f"dimensionsToStream of {of}"),
            dimensions_from_stream_per_consumer=None
            if layouts is None
            else _layouts_per_consumer(layouts, len(consumers), of),
            init_values=None if initValues is None else self._initial(initValues, of),
            via_dma=bool(via_DMA),
            plio=bool(plio),
            disable_synchronization=bool(disable_synchronization),
            iter_count=iter_count,
            repeat_count=repeat_count,
            pad_dimensions=None
            if padDimensions is None
            else pad_pairs(padDimensions, f"padDimensions of {of}"),
        )
        super().__init__(trace.emit(made))

    @property
    def name(self) -> str:
        """Its name."""
        return self.op.sym_name.data

    @property
    def sym_name(self) -> str:
        """Its name, as upstream's property."""
        return self.name

    @builder
    def acquire(self, port: ObjectFifoPort | str, num_elem: int) -> Any:
        """In a core: hold `num_elem` objects: the object itself for 1, else a list of them."""
        array = self.array if port == ObjectFifoPort.Produce else self.consumer_array
        trace = region_of(f"acquire of ObjectFifo {self.name!r}", RegionKind.CORE)
        checked = self._checked("acquire", port, num_elem)
        made = trace.emit(aie.ObjectFifoAcquireOp(self.name, checked, num_elem, memref_type(array)))
        objects = [
            MemRefValue(trace.emit(aie.ObjectFifoSubviewAccessOp(made.results[0], i)).results[0])
            for i in range(num_elem)
        ]
        return objects[0] if num_elem == 1 else objects

    @builder
    def release(self, port: ObjectFifoPort | str, num_elem: int) -> None:
        """In a core: give back the `num_elem` objects held longest."""
        trace = region_of(f"release of ObjectFifo {self.name!r}", RegionKind.CORE)
        checked = self._checked("release", port, num_elem)
        trace.emit(aie.ObjectFifoReleaseOp(self.name, checked, num_elem))

    def register_external_buffers(self, tile: Any, external_buffers: Sequence[Any]) -> None:
        """Make buffers of the host the objects on the shim tile `tile`."""
        what = f"register_external_buffers of ObjectFifo {self.name!r}"
        trace = region_of(what, RegionKind.DEVICE)
        buffers = [value_of(each, what) for each in external_buffers]
        trace.emit(
            aie.ObjectFifoRegisterExternalBuffersOp(self.name, value_of(tile, what), buffers)
        )

    def allocate(self, tile: Any) -> None:
        """Put the objects into the memory of `tile`."""
        what = f"allocate of ObjectFifo {self.name!r}"
        trace = region_of(what, RegionKind.DEVICE)
        trace.emit(aie.ObjectFifoAllocateOp(self.name, value_of(tile, what)))

    def set_repeat_count(self, num: int) -> None:
        """Send every object `num` times."""
        self.op.properties["repeat_count"] = _required(as_i32(num))

    def set_iter_count(self, num: int) -> None:
        """Let the DMA run its chain `num` times, 1 to 256, and no more."""
        self._refuse_counts(f"ObjectFifo {self.name!r}", 1, 1, num)
        self.op.properties["iter_count"] = _required(as_i32(num))

    def set_aie_stream(self, stream_end: int, stream_port: int) -> None:
        """Tie an end (0 producer, 1 consumer, 2 both) to a stream port of its core."""
        self.op.properties["aie_stream"] = _required(as_i32(stream_end))
        self.op.properties["aie_stream_port"] = _required(as_i32(stream_port))

    def _checked(self, verb: str, port: Any, count: Any) -> ObjectFifoPort:
        if port not in set(ObjectFifoPort):
            raise DesignError(
                f"{verb} of ObjectFifo {self.name!r} at the port {port!r}",
                at=author_line(),
                fix="ObjectFifoPort.Consume or ObjectFifoPort.Produce",
            )
        if isinstance(count, bool) or not isinstance(count, int | np.integer) or count < 1:
            raise DesignError(
                f"{verb} of {count!r} objects of ObjectFifo {self.name!r}",
                at=author_line(),
                because="it is a number of at least 1 that is known while the design is built",
            )
        return ObjectFifoPort(port)

    def _initial(self, values: Sequence[npt.NDArray[Any]], of: str) -> list[Any]:
        checked = [np.asarray(value) for value in values]
        for value in checked:
            if value.shape != self.array.shape or value.dtype != self.array.element.dtype:
                raise DesignError(
                    f"{of} of {self.array} starts with a {value.dtype} array of shape "
                    f"{value.shape}",
                    at=author_line(),
                    because="shape and dtype must be those of one object",
                )
        return [dense_values(value, self.array.element, as_tensor=False) for value in checked]

    @staticmethod
    def _refuse_counts(of: str, depth: Any, consumers: int, iterations: int | None) -> None:
        if isinstance(depth, list | tuple) and len(depth) != consumers + 1:
            raise DesignError(
                f"{of} has {len(depth)} depths",
                at=author_line(),
                because=f"it has a producer and {consumers} consumer{'s' * (consumers != 1)}",
                fix="one depth, or one for each end",
            )
        for each in depth if isinstance(depth, list | tuple) else [depth]:
            if isinstance(each, bool) or not isinstance(each, int) or each < 1:
                raise DesignError(
                    f"{of} has the depth {each!r}",
                    at=author_line(),
                    because="it is a number of objects, 1 or more",
                )
        if iterations is not None and not 1 <= iterations <= MOST_ITERATIONS:
            raise DesignError(
                f"Iter count must be in [1, {MOST_ITERATIONS}] range.",
                at=author_line(),
                because=f"{of} has iter_count={iterations}",
            )

    def __repr__(self) -> str:
        return f"<ObjectFifo {self.name!r}>"


class object_fifo_link(Built):
    """Let the objects of one fifo go on into others on the tile they share, or the reverse.

    Offsets are in elements of the one fifo's objects, one for each of the others.
    """

    op: aie.ObjectFifoLinkOp

    def __init__(
        self,
        fifoIns: Any,
        fifoOuts: Any,
        srcOffsets: Sequence[int] = (),
        dstOffsets: Sequence[int] = (),
        loc: Any = None,
        ip: Any = None,
    ) -> None:
        trace = region_of("object_fifo_link", RegionKind.DEVICE)
        made = aie.ObjectFifoLinkOp(
            _names(fifoIns), _names(fifoOuts), list(srcOffsets), list(dstOffsets)
        )
        super().__init__(trace.emit(made))


def fifo_name(given: Any, what: str) -> str:
    """The name of a fifo, of a flow's allocation, or the name itself."""
    if isinstance(given, str):
        return given
    name = getattr(given, "sym_name", None) or getattr(given, "name", None)
    text = getattr(name, "data", name)
    if not isinstance(text, str):
        raise DesignError(
            f"{what} of a {type(given).__name__}",
            at=author_line(),
            because="it names an object_fifo or a shim_dma_allocation",
        )
    return text


def _names(fifos: Any) -> list[str]:
    listed = fifos if isinstance(fifos, list | tuple) else [fifos]
    return [fifo_name(each, "object_fifo_link") for each in listed]


def _layouts_per_consumer(layouts: Any, consumers: int, of: str) -> list[list[tuple[int, int]]]:
    what = f"dimensionsFromStreamPerConsumer of {of}"
    if isinstance(layouts, aie.BdDimLayoutArrayArrayAttr):
        layouts = list(layouts.layouts)
    if not isinstance(layouts, list | tuple):
        return [layout_pairs(layouts, what)] * consumers
    if len(layouts) != consumers:
        raise DesignError(
            f"{what} has {len(layouts)} layouts",
            at=author_line(),
            because=f"the fifo has {consumers} consumer{'s' * (consumers != 1)}",
            fix="one list of (size, stride) for each consumer, empty for a linear one",
        )
    return [layout_pairs(each, what) for each in layouts]


def _required(attribute: Any) -> Any:
    assert attribute is not None
    return attribute
