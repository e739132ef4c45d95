"""What a chip would notice of a plan, as lines of text: two plans with the same lines do the same.

Left out because no behaviour depends on it: numbers of locks, descriptors and channels, addresses,
the way through the switches, in which column a shim tile stands, idle locks. A shim channel is
called after what it exchanges words with; a chain that lists its round several times counts once.
Cores are compared by what they do (`core_trace`) and by what comes out.
"""

from collections.abc import Iterator

from ironbird.base.device import Bundle, Direction
from ironbird.plan import (
    AwaitToken,
    ChannelName,
    Descriptor,
    HostBuffer,
    LockUse,
    PhysicalPlan,
    Port,
    SetLock,
    StartTask,
    WriteBuffer,
)

SHIM_ROW = 0


def signature(plan: PhysicalPlan) -> list[str]:
    """The lines, sorted but for the steps of the sequence."""
    return [*sorted(_Signature(plan).array()), *_Signature(plan).sequence()]


def plan_differences(expected: PhysicalPlan, found: PhysicalPlan) -> list[str]:
    """The lines that only one of the plans has, or `order` where only their order differs."""
    wanted, got = signature(expected), signature(found)
    missing, extra = list(wanted), []
    for line in got:
        if line in missing:
            missing.remove(line)
        else:
            extra.append(line)
    lines = [f"- {line}" for line in missing] + [f"+ {line}" for line in extra]
    return lines or ([] if wanted == got else ["order"])


class _Signature:
    def __init__(self, plan: PhysicalPlan) -> None:
        self.plan = plan
        self.runs = {program.channel: program for program in plan.channels}
        self.lock_names = [self._lock_name(number) for number in range(len(plan.locks))]

    def array(self) -> Iterator[str]:
        plan = self.plan
        for buffer in plan.buffers:
            initial = "" if buffer.initial is None else buffer.initial.hex()
            shape = "x".join(map(str, buffer.shape))
            yield f"buffer {buffer.name}: {shape}x{buffer.element.name} on {buffer.tile} {initial}"
        used = self._used_locks()
        for number, lock in enumerate(plan.locks):
            if number in used:
                yield f"lock {self.lock_names[number]}: on {lock.tile} starts at {lock.initial}"
        for program in plan.channels:
            chain = self._chain(program.first)
            runs = "for ever" if chain.endswith("again") else f"{program.repeat_count} times"
            yield f"channel {self._named(program.channel)}: {chain}, {runs}"
        for route in plan.routes:
            ends = sorted(self._port(port, Direction.S2MM) for port in route.destinations)
            kind = "circuit" if route.packet_id is None else f"packets {route.packet_id}"
            header = " with header" if route.keep_header else ""
            source = self._port(route.source, Direction.MM2S)
            yield f"stream {kind}{header}: {source} -> {', '.join(ends)}"
        for link in plan.cascades:
            yield f"cascade {link.source} -> {link.destination}"
        if plan.traces is not None:
            for unit in plan.traces.units:
                yield f"trace of {unit.packet} on {unit.tile}: {unit.names} {unit.ports}"
            for traced in plan.traces.buffers:
                place = f"{traced.argument}+{traced.offset_bytes}"
                yield f"trace into {place}: {traced.byte_count} bytes of {traced.sources}"
        for core in plan.cores:
            yield f"core on {core.tile}, stack of {core.stack_bytes} bytes"
        for kernel in plan.kernels:
            yield f"kernel {kernel.symbol} of {kernel.object_file}"

    def sequence(self) -> Iterator[str]:
        for step in self.plan.sequence.steps:
            match step:
                case StartTask():
                    token = ", token" if step.token else ""
                    times = f" {step.repeat_count} times" if step.repeat_count > 1 else ""
                    chain = self._chain(step.first)
                    yield f"start {self._named(step.channel)}: {chain}{times}{token}"
                case AwaitToken():
                    yield f"await {self._named(step.channel)}"
                case WriteBuffer():
                    name = self.plan.buffers[step.buffer].name
                    yield f"write {name} at {step.offset_bytes}: {step.content.hex()}"
                case SetLock():
                    yield f"set {self.lock_names[step.lock]} to {step.value}"
                case _:
                    yield repr(step)

    def _chain(self, first: int) -> str:
        order: list[int] = []
        number: int | None = first
        while number is not None and number not in order:
            order.append(number)
            number = self.plan.descriptors[number].next
        lines = [self._descriptor(self.plan.descriptors[each]) for each in order]
        if number is None:
            return "; ".join(lines)
        start = order.index(number)
        turn = lines[start:]
        period = next(
            length
            for length in range(1, len(turn) + 1)
            if len(turn) % length == 0 and turn == turn[:length] * (len(turn) // length)
        )
        return "; ".join([*lines[:start], *turn[:period], "again"])

    def _descriptor(self, bd: Descriptor) -> str:
        pattern = bd.pattern if bd.padding else bd.pattern.simplified()
        # In bytes: the same transfer may be written in elements of another width.
        unit = bd.element_bytes
        steps = list(zip(pattern.sizes, pattern.strides, strict=True))
        run = unit
        if steps and steps[-1][1] == 1:
            run = steps.pop()[0] * unit
        layout = "".join(f"{size} by {stride * unit} of " for size, stride in steps)
        start = f"{self._place(bd)}+{pattern.offset * unit}"
        words = [f"{start}: {layout}{run} bytes, {bd.byte_count} in all"]
        if bd.padding:
            words.append(f"padded {bd.padding}")
        if bd.iteration is not None and bd.iteration.size > 1:
            words.append(f"iterates {bd.iteration.size} by {bd.iteration.stride * unit}")
        words += [self._lock(use) for use in (bd.acquire, bd.release) if use is not None]
        if bd.packet is not None:
            words.append(f"header {bd.packet.type} {bd.packet.id}")
        return " ".join(words)

    def _lock(self, use: LockUse) -> str:
        return f"{use.action} {self.lock_names[use.lock]} {use.count}"

    def _lock_name(self, number: int) -> str:
        """A lock without a name is called after its id; it counts among those of its tile."""
        lock = self.plan.locks[number]
        if not lock.name.startswith("lock_"):
            return lock.name
        before = [
            other
            for other in self.plan.locks[:number]
            if other.tile == lock.tile and other.name.startswith("lock_")
        ]
        return f"nameless {len(before)}"

    def _used_locks(self) -> set[int]:
        used = {
            use.lock
            for bd in self.plan.descriptors
            for use in (bd.acquire, bd.release)
            if use is not None
        }
        used |= {step.lock for step in self.plan.sequence.steps if isinstance(step, SetLock)}
        for core in self.plan.cores:
            for op in core.program.body.walk():
                if op.name == "lock.use":
                    lock = op.attribute("lock")
                    assert isinstance(lock, int)
                    used.add(lock)
        return used

    def _named(self, channel: ChannelName) -> str:
        """A channel by its tile and what it does; one of a shim by the other end of its stream."""
        if channel.tile.row != SHIM_ROW:
            return f"{channel.direction} of {channel.tile}{self._work(channel)}"
        port = Port(channel.tile, Bundle.DMA, channel.index)
        if channel.direction is Direction.MM2S:
            others = [
                self._port(end, Direction.S2MM)
                for route in self.plan.routes
                if route.source == port
                for end in route.destinations
            ]
            return f"host to {', '.join(sorted(others))}"
        sources = [
            self._port(route.source, Direction.MM2S)
            for route in self.plan.routes
            if port in route.destinations
        ]
        return f"host from {', '.join(sorted(sources))}"

    def _port(self, port: Port, direction: Direction) -> str:
        if port.bundle is not Bundle.DMA:
            return f"{port.bundle} {port.channel} of {port.tile}"
        if port.tile.row == SHIM_ROW:
            return "host"
        channel = ChannelName(port.tile, direction, port.channel)
        return f"{port.tile}{self._work(channel)}"

    def _work(self, channel: ChannelName) -> str:
        program = self.runs.get(channel)
        return "" if program is None else f" ({self._descriptor_place(program.first)})"

    def _descriptor_place(self, number: int) -> str:
        bd = self.plan.descriptors[number]
        return f"{self._place(bd)}+{bd.pattern.offset * bd.element_bytes}"

    def _place(self, bd: Descriptor) -> str:
        if isinstance(bd.memory, HostBuffer):
            return f"argument {bd.memory.argument}"
        return self.plan.buffers[bd.memory].name
