"""From an author's ObjectFifo to `aie.objectfifo`; refuses a fifo that nobody fills or consumes."""

from xdsl.ir import Operation, SSAValue

from ironbird.base.device import TileModel
from ironbird.base.errors import DesignError
from ironbird.ir import aie
from ironbird.ir.locations import location_of
from ironbird.iron.device import AIETileType, Tile
from ironbird.iron.device_body import DeviceBody
from ironbird.iron.fifo_end import MemoryEnd
from ironbird.iron.fifo_layout import pairs_of, refuse_layout_outside, refuse_undescribable
from ironbird.iron.mlir_types import dense_values, memref_type
from ironbird.iron.object_fifo import ObjectFifo
from ironbird.iron.object_fifo_handle import ObjectFifoHandle
from ironbird.iron.object_fifo_link import ObjectFifoLink
from ironbird.iron.worker import Worker


def emit_fifos(body: DeviceBody, fifos: list[ObjectFifo]) -> None:
    """Emit `fifos` sorted by name, as upstream does, each link behind the last of its fifos."""
    links: list[ObjectFifoLink] = []
    emitted: set[ObjectFifo] = set()
    for fifo in sorted(fifos, key=body.names.of):
        producer, consumers = _ends(fifo)
        for end in (producer, *consumers):
            _refuse_absent_worker(body, end)
        body.fifo_ops += _operations(body, fifo, producer, consumers)
        emitted.add(fifo)
        for link in links_of(fifo):
            if link not in links and all(each in emitted for each in link.fifos):
                links.append(link)
                body.fifo_ops.append(link.operation(body.names))


def links_of(fifo: ObjectFifo) -> list[ObjectFifoLink]:
    """The links at the ends of a fifo."""
    ends = [fifo.producer, *fifo.consumers]
    found = [end.endpoint for end in ends if end is not None]
    return [endpoint for endpoint in found if isinstance(endpoint, ObjectFifoLink)]


def _ends(fifo: ObjectFifo) -> tuple[ObjectFifoHandle, list[ObjectFifoHandle]]:
    """The ends of a fifo, each with somebody at it."""
    producer = fifo.producer
    if producer is not None and producer.endpoint is None and fifo.init_values is not None:
        _stand_alone(producer)
    if producer is None or producer.endpoint is None:
        raise DesignError(
            f"nobody fills {fifo.label}",
            at=fifo.created_at,
            because="its prod() handle was given to no Worker, Runtime or link"
            if producer is not None
            else "prod() was never called",
            fix="fifo.prod() given to a Worker or the Runtime, or rt.fill(fifo.prod(), x)"
            if fifo.init_values is None
            else "prod(tile=AnyMemTile), for a memory tile that sends the initial values",
        )
    if not fifo.consumers:
        raise DesignError(
            f"nobody consumes {fifo.label}",
            at=fifo.created_at,
            because="cons() was never called",
            fix="fifo.cons() given to a Worker or the Runtime, or rt.drain(fifo.cons(), x)",
        )
    for number, consumer in enumerate(fifo.consumers):
        if consumer.endpoint is None:
            raise DesignError(
                f"nobody consumes {fifo.label} at its consumer {number}",
                at=consumer.created_at,
                because="this cons() handle was given to no Worker, Runtime or link, and the "
                "producer waits for every consumer",
                fix="the handle given to a Worker or the Runtime, or rt.drain(handle, x)",
            )
    return producer, fifo.consumers


def _refuse_absent_worker(body: DeviceBody, end: ObjectFifoHandle) -> None:
    """Refuse an end that a worker has which the program does not run."""
    worker = end.endpoint
    if isinstance(worker, Worker) and worker not in body.workers:
        raise DesignError(
            f"nobody {'fills' if end.is_prod else 'consumes'} {end.fifo.label}",
            at=worker.created_at,
            because=f"{worker.endpoint_label} has its {end.handle_type} handle, and is not among "
            "the workers of the Program",
            fix="Program(device, runtime, workers=[...]), or rt.start(worker)",
        )


def _stand_alone(producer: ObjectFifoHandle) -> None:
    """Let a pinned memory tile send the initial values, where nobody else fills the fifo."""
    if producer.wished_tile is not None:
        label = f"the producer of {producer.fifo.label}"
        producer.attach(MemoryEnd(producer.wished_tile, label, producer.created_at))


def _operations(
    body: DeviceBody,
    fifo: ObjectFifo,
    producer: ObjectFifoHandle,
    consumers: list[ObjectFifoHandle],
) -> list[Operation]:
    _check_layouts(body, fifo, producer, consumers)
    depths = [producer.depth, *(consumer.depth for consumer in consumers)]
    padding = None if fifo.to_stream is None else fifo.to_stream.padding
    channels = [-1 if consumer.channel is None else consumer.channel for consumer in consumers]
    made = aie.ObjectFifoOp(
        body.names.of(fifo),
        _tile_of(body, producer),
        [_tile_of(body, consumer) for consumer in consumers],
        depths[0] if len(set(depths)) == 1 else depths,
        memref_type(fifo.array),
        consumer_object_type=None
        if fifo.consumer_array is None
        else memref_type(fifo.consumer_array),
        dimensions_to_stream=pairs_of(fifo.to_stream),
        dimensions_from_stream_per_consumer=[pairs_of(each.from_stream) for each in consumers],
        init_values=_init_values(fifo, producer),
        via_dma=fifo.via_DMA,
        disable_synchronization=fifo.disable_synchronization,
        repeat_count=fifo.repeat_count,
        iter_count=fifo.iter_count,
        pad_dimensions=padding,
        aie_stream=None if fifo.aie_stream is None else fifo.aie_stream[0],
        aie_stream_port=None if fifo.aie_stream is None else fifo.aie_stream[1],
        prod_dma_channel=producer.channel,
        cons_dma_channels=channels if any(channel >= 0 for channel in channels) else None,
    )
    made.location = location_of(fifo.created_at)
    if fifo.delegate_tile is None:
        return [made]
    allocate = aie.ObjectFifoAllocateOp(
        body.names.of(fifo), body.tile(fifo.delegate_tile, fifo.created_at)
    )
    allocate.location = location_of(fifo.created_at)
    return [made, allocate]


def _tile_of(body: DeviceBody, end: ObjectFifoHandle) -> SSAValue:
    return body.tile(end.endpoint_tile, end.created_at)


def _check_layouts(
    body: DeviceBody,
    fifo: ObjectFifo,
    producer: ObjectFifoHandle,
    consumers: list[ObjectFifoHandle],
) -> None:
    of, at = fifo.label, fifo.created_at
    if fifo.to_stream is not None:
        # Behind a link the pool is the input's, whose objects may be larger.
        if not isinstance(producer.endpoint, ObjectFifoLink):
            refuse_layout_outside(fifo.to_stream, fifo.array, of, "to_stream", at)
        _refuse_padding_elsewhere(fifo, producer.endpoint_tile)
        refuse_undescribable(
            fifo.to_stream,
            fifo.array,
            _model(body, producer.endpoint_tile).descriptor,
            of=of,
            argument="to_stream",
            at=at,
        )
    for consumer in consumers:
        if not isinstance(consumer.endpoint, ObjectFifoLink):
            refuse_layout_outside(
                consumer.from_stream, consumer.array, of, "from_stream", consumer.created_at
            )
        refuse_undescribable(
            consumer.from_stream,
            consumer.array,
            _model(body, consumer.endpoint_tile).descriptor,
            of=of,
            argument="from_stream",
            at=consumer.created_at,
        )


def _refuse_padding_elsewhere(fifo: ObjectFifo, tile: Tile) -> None:
    assert fifo.to_stream is not None
    if fifo.to_stream.padding is not None and tile.tile_type is not AIETileType.MemTile:
        raise DesignError(
            f"{fifo.label} pads on its way from {tile!r}",
            at=fifo.created_at,
            because="only memory tiles add zeros",
            fix="cons().forward(obj_type=padded, to_stream=tap.pad(...))",
        )


def _model(body: DeviceBody, tile: Tile) -> TileModel:
    kind = tile.tile_type if tile.tile_type is not None else AIETileType.CoreTile
    return body.device.model.tile_models[kind.kind]


def _init_values(fifo: ObjectFifo, producer: ObjectFifoHandle) -> list | None:  # type: ignore[type-arg]
    values = fifo.init_values
    if values is None:
        return None
    if len(values) != producer.depth:
        raise DesignError(
            f"{fifo.label} starts with {len(values)} objects",
            at=fifo.created_at,
            because=f"its producer's ring holds {producer.depth}, and each has an initial value",
        )
    for value in values:
        if value.shape != fifo.shape or value.dtype != fifo.dtype:
            raise DesignError(
                f"{fifo.label} of {fifo.array} starts with a {value.dtype} array of shape "
                f"{value.shape}",
                at=fifo.created_at,
                because="shape and dtype must be those of one object",
            )
    return [dense_values(value, fifo.array.element, as_tensor=False) for value in values]
