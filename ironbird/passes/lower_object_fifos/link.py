"""A link: fifos whose objects go on into other fifos through memory of one shared tile.

Refuses links without a shared tile, that join and distribute at once, or whose offsets do not cut
the whole object into the parts' objects.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ironbird.base.access_pattern import AccessPattern
from ironbird.base.device import DeviceModel, Tile, TileKind
from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine
from ironbird.ir.aie import ObjectFifoLinkOp
from ironbird.ir.integers import number_of
from ironbird.ir.locations import source_line_of
from ironbird.passes.lower_object_fifos.fifo import Fifo, FifoEnd
from ironbird.passes.object_sizes import element_bytes, element_count, object_bytes


@dataclass(frozen=True)
class Part:
    """A run of elements of the big object that one fifo of a split or join moves."""

    offset: int
    length: int


@dataclass(frozen=True, kw_only=True)
class Link:
    """Inputs and outputs of one shared tile, and how they share the objects there.

    parts: one per output of a split, one per input of a join; a single one otherwise.
    host:  the end whose objects lie on the shared tile; all other ends there use them.
    """

    at: SourceLine | None
    tile: Tile
    inputs: tuple[Fifo, ...]
    outputs: tuple[Fifo, ...]
    parts: tuple[Part, ...]
    host: FifoEnd

    @property
    def input_ends(self) -> tuple[FifoEnd, ...]:
        """The consumers on the shared tile, one per input."""
        return tuple(_consumer_on(fifo, self.tile) for fifo in self.inputs)

    @property
    def repeat_count(self) -> int:
        """How often each object leaves."""
        return self.outputs[0].repeat_count

    def parts_of(self, end: FifoEnd) -> tuple[Part, ...]:
        """The parts that `end` moves, in order: one for a small fifo, all for the big one."""
        names = [fifo.name for fifo in (self.outputs if len(self.outputs) > 1 else self.inputs)]
        if len(names) > 1 and end.fifo_name in names:
            return (self.parts[names.index(end.fifo_name)],)
        return self.parts


def read_link(op: ObjectFifoLinkOp, fifos: Mapping[str, Fifo], model: DeviceModel) -> Link:
    """What `op` says. Raises DesignError for a link that cannot be built."""
    at = source_line_of(op)
    shown = f"The link {_listed(op.input_names)} -> {_listed(op.output_names)}"
    for name in (*op.input_names, *op.output_names):
        if name not in fifos:
            raise DesignError(
                f"{shown} names an ObjectFifo {name!r} that does not exist",
                at=at,
                fix=f"one of {_listed(sorted(fifos))}",
            )
    inputs = tuple(fifos[name] for name in op.input_names)
    outputs = tuple(fifos[name] for name in op.output_names)
    if len(inputs) > 1 and len(outputs) > 1:
        raise DesignError(
            f"{shown} joins and distributes at once",
            at=at,
            because=f"{len(inputs)} inputs and {len(outputs)} outputs; one side must have one",
            fix="a join into one fifo that a second link distributes",
        )
    tile = _shared_tile(shown, inputs, outputs, at)
    if len(inputs) + len(outputs) > 2 and model.kind(tile) is not TileKind.MEMORY:
        raise DesignError(
            f"{shown} splits or joins on tile {tile}",
            at=at,
            because=f"tile {tile} is a {model.kind(tile)} tile; only a memory tile can",
            fix="place the link on a memory tile",
        )
    unequal = [fifo for fifo in outputs if fifo.repeat_count != outputs[0].repeat_count]
    if unequal:
        raise DesignError(
            f"{shown} has outputs with different repeat counts",
            at=at,
            because=f"{outputs[0].name!r} sends each object {outputs[0].repeat_count} times, "
            f"{unequal[0].name!r} {unequal[0].repeat_count} times",
            fix="the same repeat_count for all outputs",
        )
    _refuse_streams(shown, inputs, outputs, tile, at)
    host = _host(inputs, outputs, tile)
    offsets = [
        number_of(offset) for offset in (op.src_offsets if len(inputs) > 1 else op.dst_offsets)
    ]
    link = Link(
        at=at,
        tile=tile,
        inputs=inputs,
        outputs=outputs,
        parts=_parts(shown, inputs, outputs, host, offsets, at),
        host=host,
    )
    _refuse_layouts_that_cross_parts(shown, link)
    return link


def _refuse_streams(
    shown: str,
    inputs: Sequence[Fifo],
    outputs: Sequence[Fifo],
    tile: Tile,
    at: SourceLine | None,
) -> None:
    ends = [*(_consumer_on(fifo, tile) for fifo in inputs), *(fifo.producer for fifo in outputs)]
    for end in ends:
        if end.stream_port is not None:
            raise DesignError(
                f"{shown} has an end of ObjectFifo {end.fifo_name!r} that is a core's stream",
                at=at,
                because="the DMA moves the objects of a link; a stream of a core passes it by",
                fix="no aie_stream on the shared tile",
            )


def _shared_tile(
    shown: str, inputs: Sequence[Fifo], outputs: Sequence[Fifo], at: SourceLine | None
) -> Tile:
    tile = outputs[0].producer.tile
    strays = [f"{fifo.name!r} is sent from {fifo.producer.tile}" for fifo in outputs]
    arrives = all(any(end.tile == tile for end in fifo.consumers) for fifo in inputs)
    if arrives and all(fifo.producer.tile == tile for fifo in outputs):
        return tile
    arrivals = [
        f"{fifo.name!r} arrives at {', '.join(str(end.tile) for end in fifo.consumers)}"
        for fifo in inputs
    ]
    raise DesignError(
        f"{shown} has no tile that all its fifos share",
        at=at,
        because="; ".join(arrivals + strays),
        fix="inputs whose consumer is the tile that produces the outputs",
    )


def _host(inputs: Sequence[Fifo], outputs: Sequence[Fifo], tile: Tile) -> FifoEnd:
    """The end that keeps the objects: the bigger side; the input's where they are equal."""
    if len(inputs) > 1:
        return outputs[0].producer
    arriving = _consumer_on(inputs[0], tile)
    if len(outputs) > 1 or outputs[0].padding:
        return arriving
    leaving = outputs[0].producer
    bigger_output = object_bytes(leaving.object_type) > object_bytes(arriving.object_type)
    return leaving if bigger_output else arriving


def _parts(
    shown: str,
    inputs: Sequence[Fifo],
    outputs: Sequence[Fifo],
    host: FifoEnd,
    offsets: Sequence[int],
    at: SourceLine | None,
) -> tuple[Part, ...]:
    whole = element_count(host.object_type)
    if len(inputs) == 1 and len(outputs) == 1:
        return (Part(0, whole),)
    members = inputs if len(inputs) > 1 else outputs
    if len(offsets) != len(members):
        raise DesignError(
            f"{shown} needs one offset per part",
            at=at,
            because=f"it gives {len(offsets)}; it has {len(members)} parts",
        )
    lengths = dict(zip(sorted(offsets), _distances(sorted(offsets), whole), strict=True))
    parts = tuple(Part(offset, lengths[offset]) for offset in offsets)
    for fifo, part in zip(members, parts, strict=True):
        if part.offset < 0 or part.length <= 0:
            raise DesignError(
                f"{shown} cuts its objects at places that do not exist",
                at=at,
                because=f"the part of {fifo.name!r} starts at element {part.offset} and would have "
                f"{part.length} elements; {host.fifo_name!r} has {whole}",
                fix="different offsets within the object",
            )
        end = fifo.producer if len(inputs) > 1 else fifo.consumers[0]
        own_bytes = object_bytes(end.object_type)
        part_bytes = part.length * element_bytes(host.object_type)
        if own_bytes % part_bytes and part_bytes % own_bytes:
            raise DesignError(
                f"{shown} gives ObjectFifo {fifo.name!r} a part of another size than its objects",
                at=at,
                because=f"offsets {list(offsets)} make the part {part_bytes} bytes; "
                f"an object of {fifo.name!r} has {own_bytes}",
                fix="offsets whose distances are the sizes of the parts",
            )
    return parts


def _distances(offsets: Sequence[int], whole: int) -> list[int]:
    ends = [*offsets[1:], whole]
    return [end - start for start, end in zip(offsets, ends, strict=True)]


def _refuse_layouts_that_cross_parts(shown: str, link: Link) -> None:
    if len(link.parts) < 2:
        return
    big = link.outputs[0].producer if len(link.inputs) > 1 else link.input_ends[0]
    if not big.layout:
        return
    sizes, strides = zip(*big.layout, strict=True)
    last = AccessPattern(0, sizes, strides).bounds()[1]
    shortest = min(part.length for part in link.parts)
    if last >= shortest:
        raise DesignError(
            f"{shown} has a layout on {big.fifo_name!r} that reaches past one part",
            at=link.at,
            because=f"the layout is applied to each part; it reaches element {last} of a part of "
            f"{shortest}",
            fix="a layout of one part",
        )


def _consumer_on(fifo: Fifo, tile: Tile) -> FifoEnd:
    return next(end for end in fifo.consumers if end.tile == tile)


def _listed(names: Sequence[str]) -> str:
    return "[" + ", ".join(names) + "]"
