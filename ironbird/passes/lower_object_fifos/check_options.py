"""Options that a fifo's tiles cannot carry out, each refused by name.

Lengths, strides and alignment of the descriptors themselves are `verify-physical`'s part.
"""

from xdsl.dialects.builtin import DenseIntOrFPElementsAttr

from ironbird.base.device import Bundle, DeviceModel, TileKind
from ironbird.base.errors import DesignError
from ironbird.ir.integers import number_of
from ironbird.passes.lower_object_fifos.fifo import Fifo

MAX_ITERATIONS = 256
"""What the repeat field of a task holds (AM020 ch2): 8 bits, stored minus one."""


def refuse_impossible_options(fifo: Fifo, model: DeviceModel) -> None:
    """Raise DesignError for the first option of `fifo` that its tiles cannot carry out."""
    _refuse_depths(fifo)
    _refuse_doubled_consumers(fifo, model)
    _refuse_plio(fifo)
    _refuse_stream_options(fifo, model)
    _refuse_shim_options(fifo, model)
    _refuse_iterations(fifo, model)
    _refuse_padding(fifo, model)
    _refuse_initial_values(fifo)


def _refuse_depths(fifo: Fifo) -> None:
    for end in fifo.ends:
        if end.depth < 1:
            raise DesignError(
                f"ObjectFifo {fifo.name!r} has depth {end.depth}",
                at=fifo.at,
                because="an end needs at least 1 object",
                fix="depth 2, so that producer and consumer overlap",
            )
    if fifo.repeat_count < 1:
        raise DesignError(
            f"ObjectFifo {fifo.name!r} has repeat_count {fifo.repeat_count}",
            at=fifo.at,
            because="each object is sent at least once",
        )


def _refuse_doubled_consumers(fifo: Fifo, model: DeviceModel) -> None:
    """The core of a tile could not tell two consumers there apart."""
    places = [end.tile for end in fifo.consumers if model.kind(end.tile) is TileKind.CORE]
    for place in places:
        if places.count(place) > 1:
            raise DesignError(
                f"ObjectFifo {fifo.name!r} has {places.count(place)} consumers on tile {place}",
                at=fifo.at,
                because="a core takes the objects of a fifo through one handle",
                fix="pass the same cons() handle wherever this worker uses the fifo",
            )


def _refuse_stream_options(fifo: Fifo, model: DeviceModel) -> None:
    """An end on a core's stream has no memory and no DMA, so nothing that they would do."""
    for end in fifo.ends:
        if end.stream_port is None:
            continue
        role = "producer" if end is fifo.producer else "consumer"
        if model.kind(end.tile) is not TileKind.CORE:
            raise DesignError(
                f"ObjectFifo {fifo.name!r} has a stream end on tile {end.tile}",
                at=fifo.at,
                because=f"that is a {model.kind(end.tile)} tile; only a core has a stream of its "
                "own",
                fix="aie_stream for the other end",
            )
        ports = model.model(end.tile).outputs[Bundle.CORE]
        if not 0 <= end.stream_port < ports:
            raise DesignError(
                f"ObjectFifo {fifo.name!r} asks for stream port {end.stream_port} of a core",
                at=fifo.at,
                because=f"a core has {ports} each way, numbered from 0",
            )
        produces = end is fifo.producer
        options = {
            "a layout": bool(end.layout),
            "a repeat_count": produces and fifo.repeat_count > 1,
            "initial values": produces and bool(fifo.initial_values),
            "a DMA channel": end.channel is not None,
        }
        option = next((name for name, is_set in options.items() if is_set), None)
        if option is not None:
            raise DesignError(
                f"ObjectFifo {fifo.name!r} has {option} where its {role} end is a core's stream",
                at=fifo.at,
                because="a stream has no memory and no DMA",
                fix="the option at the other end, or no aie_stream",
            )


def _refuse_plio(fifo: Fifo) -> None:
    if number_of(fifo.op.plio) != 0:
        raise DesignError(
            f"ObjectFifo {fifo.name!r} asks for PLIO",
            at=fifo.at,
            because="npu1 has no programmable logic beside its shim tiles",
            fix="plio=False",
        )


def _refuse_shim_options(fifo: Fifo, model: DeviceModel) -> None:
    from_shim = model.kind(fifo.producer.tile) is TileKind.SHIM
    shim_consumers = [end for end in fifo.consumers if model.kind(end.tile) is TileKind.SHIM]
    advice = "describe the order in the fill or drain of the runtime sequence"
    if from_shim and fifo.producer.layout:
        raise _on_shim(fifo, "a layout to the stream", "fills", advice)
    if any(end.layout for end in shim_consumers):
        raise _on_shim(fifo, "a layout from the stream", "drains", advice)
    if from_shim and fifo.repeat_count > 1:
        raise _on_shim(
            fifo, "a repeat_count", "fills", "repeat in the fill of the runtime sequence"
        )
    if from_shim and fifo.initial_values:
        raise _on_shim(fifo, "initial values", "fills", "leave init_values out")
    if from_shim and shim_consumers:
        raise DesignError(
            f"ObjectFifo {fifo.name!r} leads from a shim tile to a shim tile",
            at=fifo.at,
            because="a transfer of the runtime sequence names a fifo, not one of its ends",
            fix="forward it through a memory tile: fill one fifo, drain the other",
        )
    if len(shim_consumers) > 1:
        raise DesignError(
            f"ObjectFifo {fifo.name!r} has {len(shim_consumers)} consumers on shim tiles",
            at=fifo.at,
            because="a transfer of the runtime sequence names one",
            fix="one fifo for each drain",
        )


def _on_shim(fifo: Fifo, option: str, verb: str, advice: str) -> DesignError:
    return DesignError(
        f"ObjectFifo {fifo.name!r} has {option} on a shim tile",
        at=fifo.at,
        because=f"the runtime sequence {verb} it and decides what a transfer does",
        fix=advice,
    )


def _refuse_iterations(fifo: Fifo, model: DeviceModel) -> None:
    if fifo.iter_count is None:
        return
    if model.kind(fifo.producer.tile) is not TileKind.MEMORY:
        raise DesignError(
            f"ObjectFifo {fifo.name!r} has an iter_count",
            at=fifo.at,
            because=f"its producer is the {model.kind(fifo.producer.tile)} tile "
            f"{fifo.producer.tile}; only a memory tile stops after a count",
            fix="leave iter_count out",
        )
    if not 1 <= fifo.iter_count <= MAX_ITERATIONS:
        raise DesignError(
            f"ObjectFifo {fifo.name!r} has iter_count {fifo.iter_count}",
            at=fifo.at,
            because=f"a DMA channel repeats a task 1 to {MAX_ITERATIONS} times",
        )


def _refuse_padding(fifo: Fifo, model: DeviceModel) -> None:
    if not fifo.padding:
        return
    if model.kind(fifo.producer.tile) is not TileKind.MEMORY:
        raise DesignError(
            f"ObjectFifo {fifo.name!r} has padding",
            at=fifo.at,
            because=f"its producer is the {model.kind(fifo.producer.tile)} tile "
            f"{fifo.producer.tile}; only the DMA of a memory tile adds zeros",
            fix="forward it through a memory tile and pad there",
        )
    if len(fifo.padding) != len(fifo.producer.layout):
        raise DesignError(
            f"ObjectFifo {fifo.name!r} has padding for another number of dimensions",
            at=fifo.at,
            because=f"{len(fifo.padding)} in the padding, "
            f"{len(fifo.producer.layout)} in the layout",
            fix="one (before, after) pair per dimension of to_stream",
        )
    if fifo.op.pad_value is not None and number_of(fifo.op.pad_value) != 0:
        raise DesignError(
            f"ObjectFifo {fifo.name!r} pads with {number_of(fifo.op.pad_value)}",
            at=fifo.at,
            because="npu1 pads with 0 only",
            fix="pad_value=0",
        )


def _refuse_initial_values(fifo: Fifo) -> None:
    if not fifo.initial_values:
        return
    if len(fifo.initial_values) != fifo.producer.depth:
        raise DesignError(
            f"ObjectFifo {fifo.name!r} has initial values for some of its objects",
            at=fifo.at,
            because=f"values for {len(fifo.initial_values)}; the producer has "
            f"{fifo.producer.depth} objects",
            fix="one value per object",
        )
    shape = tuple(fifo.producer.object_type.get_shape())
    for value in fifo.initial_values:
        if isinstance(value, DenseIntOrFPElementsAttr) and tuple(value.get_shape()) != shape:
            raise DesignError(
                f"ObjectFifo {fifo.name!r} has an initial value of another shape",
                at=fifo.at,
                because=f"the value has shape {list(value.get_shape())}, an object {list(shape)}",
            )
