"""Streams as rendezvous: the rules of runtime/streams.hpp, moved byte by byte."""

from abc import abstractmethod
from dataclasses import dataclass, field

import numpy as np

from ironbird.plan.plan import Descriptor, HostBuffer
from ironbird.simulator import timing
from ironbird.simulator.interpreter.memory import UNWRITTEN, WRITTEN, Bytes
from ironbird.simulator.interpreter.transfer import PADDING, iteration_bytes, stream_addresses
from ironbird.simulator.interpreter.world import Agent, World
from ironbird.simulator.records import FindingRecord, RecordKind, TraceKind

HEADER_BYTES = 4


class StreamEnd(Agent):
    """An agent at one end of a stream."""

    @abstractmethod
    def transfer_done(self) -> None:
        """All the bytes it offered have crossed."""


@dataclass
class Offer:
    """Bytes at one end of a stream: a descriptor's, or one word of a core."""

    byte_count: int = 4
    number: int = -1
    descriptor: Descriptor | None = None
    iteration: int = 0
    word: int = 0
    word_written: bool = True

    @property
    def memory(self) -> int:
        """The descriptor's buffer, or ~argument."""
        assert self.descriptor is not None
        memory = self.descriptor.memory
        return ~memory.argument if isinstance(memory, HostBuffer) else memory


@dataclass
class Source:
    """Where words enter a route. position: of the payload; negative in a generated header."""

    routes: list[int] = field(default_factory=list)
    owner: StreamEnd | None = None
    offer: Offer | None = None
    busy: bool = False
    position: int = 0
    header: int = 0
    route: int | None = None
    serial: int = 0

    @property
    def left(self) -> int:
        """Bytes of the offer that have not crossed, header included."""
        return 0 if self.offer is None else self.offer.byte_count - self.position


@dataclass
class Sink:
    """Where words leave. held_by: the packet route whose packet is under way."""

    routes: list[int] = field(default_factory=list)
    owner: StreamEnd | None = None
    offer: Offer | None = None
    offered: bool = False
    busy: bool = False
    received: int = 0
    held_by: int | None = None

    @property
    def left(self) -> int:
        """Bytes it still takes."""
        return 0 if self.offer is None else self.offer.byte_count - self.received


class Streams:
    """All routes of the device."""

    def __init__(self, world: World) -> None:
        machine = world.machine
        self._world = world
        self._routes = machine.routes
        self.sources = [Source() for _ in machine.sources]
        self.sinks = [Sink() for _ in machine.sinks]
        self._running = [0] * len(machine.routes)
        self._last_end: list[int | None] = [None] * len(machine.routes)
        self._source_of_agent: dict[int, Source] = {}
        self._memory_busy_until = 0
        self._serial = 0
        for number, route in enumerate(machine.routes):
            self.sources[route.source].routes.append(number)
            for sink in route.sinks:
                self.sinks[sink].routes.append(number)

    def bind_source(self, port: int, owner: StreamEnd) -> None:
        """Whose words enter at a source port."""
        self.sources[port].owner = owner
        self._source_of_agent[owner.id] = self.sources[port]

    def bind_sink(self, port: int, owner: StreamEnd) -> None:
        """Who takes the words of a sink port."""
        self.sinks[port].owner = owner

    def send(self, port: int, offer: Offer) -> None:
        """A source has bytes."""
        source = self.sources[port]
        source.offer = offer
        source.position = 0
        source.serial = self._next_serial()
        source.route = self._choose_route(source)
        if source.route is not None:
            self._attempt(source.route)

    def receive(self, port: int, offer: Offer) -> None:
        """A sink has room."""
        sink = self.sinks[port]
        sink.offer = offer
        sink.offered = True
        sink.received = 0
        self._attempt_into(sink)

    def finish(self, agent: int) -> bool:
        """Whether the event of `agent` is the end of a transfer; if so it has been dealt with."""
        source = self._source_of_agent.get(agent)
        if source is None or not source.busy:
            return False
        self._complete(source)
        return True

    def _next_serial(self) -> int:
        self._serial += 1
        return self._serial

    def _choose_route(self, source: Source) -> int | None:
        if not source.routes or self._routes[source.routes[0]].route.packet_id is None:
            return source.routes[0] if source.routes else None
        offer = source.offer
        assert offer is not None
        packet = offer.descriptor.packet if offer.descriptor is not None else None
        if offer.descriptor is None and source.header:
            return source.route
        source.header = (
            packet.id | packet.type << 12 if packet is not None else self._first_word(offer)
        )
        for number in source.routes:
            route = self._routes[number].route
            if route.packet_id != source.header & 31:
                continue
            if packet is not None:
                source.position = -HEADER_BYTES if route.keep_header else 0
            else:
                source.position = 0 if route.keep_header else HEADER_BYTES
            return number
        return None

    def _first_word(self, offer: Offer) -> int:
        if offer.descriptor is None:
            return offer.word
        return int.from_bytes(self._payload(offer, 0, 4).tobytes(), "little")

    def _attempt_into(self, sink: Sink) -> None:
        """Of several sources that wait for a sink, the one that has waited longest."""
        waiting = [
            (source.serial, number)
            for number in sink.routes
            if (source := self.sources[self._routes[number].source]).offer is not None
            and not source.busy
            and source.route == number
            and self._is_ready(number)
        ]
        if waiting:
            self._attempt(min(waiting)[1])

    def _is_ready(self, number: int) -> bool:
        sinks = [self.sinks[port] for port in self._routes[number].sinks]
        return all(
            sink.offered and not sink.busy and sink.held_by in (None, number) for sink in sinks
        )

    def _attempt(self, number: int) -> None:
        """Start moving what both sides have, if both sides are ready."""
        route = self._routes[number]
        source = self.sources[route.source]
        if source.offer is None or source.busy or source.route != number:
            return
        if not self._is_ready(number):
            return
        sinks = [self.sinks[port] for port in route.sinks]
        count = min(source.left, *(sink.left for sink in sinks))
        for sink in sinks:
            sink.busy = True
            if route.route.packet_id is not None:
                sink.held_by = number
        source.busy = True
        self._running[number] = count
        now = self._world.events.now
        end = now + -(-count // timing.STREAM_BYTES_PER_CYCLE)
        last_end = self._last_end[number]
        # Switches that are still full from the piece before add nothing.
        if last_end is None or now > last_end + route.latency_cycles:
            end += route.latency_cycles
        offers = [source.offer, *(sink.offer for sink in sinks)]
        end = max(end, *(self._shared_memory_time(offer, count) for offer in offers))
        self._last_end[number] = end
        source.serial = self._next_serial()
        assert source.owner is not None
        self._world.note(source.owner.id, TraceKind.TRANSFER, source.offer.number, now, end)
        words = -(-count // timing.STREAM_BYTES_PER_CYCLE)
        self._world.note(
            source.owner.id, TraceKind.DEPARTURE, source.offer.number, now, now + words
        )
        for sink in sinks:
            assert sink.owner is not None
            assert sink.offer is not None
            self._world.note(sink.owner.id, TraceKind.ARRIVAL, sink.offer.number, end - words, end)
        self._world.events.push(end, source.owner.id)

    def _shared_memory_time(self, offer: Offer | None, count: int) -> int:
        """When DDR, which all columns share, will have served `count` more bytes."""
        cost = timing.memory_cost(offer.descriptor) if offer and offer.descriptor is not None else 0
        if cost == 0:
            return 0
        now = self._world.events.now * timing.DDR_COST_UNIT
        self._memory_busy_until = max(self._memory_busy_until, now) + count * cost
        return self._memory_busy_until // timing.DDR_COST_UNIT

    def _complete(self, source: Source) -> None:
        assert source.route is not None
        assert source.owner is not None
        number = source.route
        sinks = [self.sinks[port] for port in self._routes[number].sinks]
        count = self._running[number]
        self._move(source, sinks, count)
        source.position += count
        source.busy = False
        packet_ended = source.left == 0
        clock = self._world.publish(source.owner.id)
        for sink in sinks:
            assert sink.owner is not None
            assert sink.offer is not None
            sink.received += count
            sink.busy = False
            if packet_ended:
                sink.held_by = None
            self._world.clocks.hear(sink.owner.id, clock)
            self._access(sink.owner, sink.offer, write=True)
        if packet_ended:
            source.offer = None
            source.owner.transfer_done()
        for sink in sinks:
            assert sink.owner is not None
            if sink.left > 0:
                if packet_ended:
                    self._attempt_into(sink)
                continue
            sink.offered = False
            sink.owner.transfer_done()
        if not packet_ended:
            self._attempt(number)

    def _access(self, agent: Agent, offer: Offer, *, write: bool) -> None:
        if offer.descriptor is not None:
            self._world.access(agent.id, offer.memory, offer.number, write=write, site=offer.number)

    def _move(self, source: Source, sinks: list[Sink], count: int) -> None:
        assert source.owner is not None
        assert source.offer is not None
        self._access(source.owner, source.offer, write=False)
        content, shadow = self._read(source, count)
        complete = bool((shadow == WRITTEN).all())
        for sink in sinks:
            offer = sink.offer
            assert offer is not None
            if offer.descriptor is None:
                offer.word = int.from_bytes(content.tobytes(), "little")
                offer.word_written = complete
                continue
            addresses = self._addresses(offer, sink.received, count)
            self._world.memory.bytes(offer.memory)[addresses] = content
            if offer.memory < 0 and not complete:
                self._poison_left(source, sink, shadow)
            kept = self._world.memory.shadow(offer.memory)
            if kept is not None:
                kept[addresses] = WRITTEN if offer.memory < 0 else shadow

    def _addresses(self, offer: Offer, start: int, count: int) -> "np.typing.NDArray[np.int64]":
        assert offer.descriptor is not None
        addresses = stream_addresses(offer.descriptor)[start : start + count]
        moved = addresses + iteration_bytes(offer.descriptor, offer.iteration)
        return np.where(addresses == PADDING, PADDING, moved)

    def _payload(self, offer: Offer, start: int, count: int) -> Bytes:
        addresses = self._addresses(offer, start, count)
        content = self._world.memory.bytes(offer.memory)[np.maximum(addresses, 0)]
        return np.where(addresses == PADDING, np.uint8(0), content)

    def _read(self, source: Source, count: int) -> tuple[Bytes, Bytes]:
        """The next `count` bytes of a source, and which of them were written."""
        offer = source.offer
        assert offer is not None
        start = source.position
        in_header = min(max(-start, 0), count)
        header = source.header.to_bytes(HEADER_BYTES, "little")[HEADER_BYTES + start :][:in_header]
        content = [np.frombuffer(header, np.uint8)] if in_header else []
        shadow = [np.full(in_header, WRITTEN, np.uint8)]
        rest = count - in_header
        position = start + in_header
        if rest and offer.descriptor is None:
            word = offer.word.to_bytes(4, "little")[position : position + rest]
            content.append(np.frombuffer(word, np.uint8))
            shadow.append(np.full(rest, WRITTEN if offer.word_written else UNWRITTEN, np.uint8))
        elif rest:
            content.append(self._payload(offer, position, rest))
            shadow.append(self._payload_shadow(offer, position, rest))
        return np.concatenate(content), np.concatenate(shadow)

    def _payload_shadow(self, offer: Offer, start: int, count: int) -> Bytes:
        kept = self._world.memory.shadow(offer.memory)
        if kept is None:
            return np.full(count, WRITTEN, np.uint8)
        addresses = self._addresses(offer, start, count)
        return np.where(addresses == PADDING, np.uint8(WRITTEN), kept[np.maximum(addresses, 0)])

    def _poison_left(self, source: Source, sink: Sink, shadow: Bytes) -> None:
        """Bytes that nobody wrote have reached DDR."""
        assert source.owner is not None
        assert source.offer is not None
        assert sink.owner is not None
        assert sink.offer is not None
        missing = np.flatnonzero(shadow == UNWRITTEN)
        self._world.find(
            FindingRecord(
                kind=RecordKind.POISON_READ,
                agent=source.owner.id,
                site=source.offer.number,
                object=source.offer.memory if source.offer.descriptor is not None else -1,
                other_agent=sink.owner.id,
                other_site=sink.offer.number,
                count=len(missing),
                first=int(missing[0]) + source.position,
            )
        )
