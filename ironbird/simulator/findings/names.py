"""What the author calls the numbered parts of a machine, and which line made them."""

from dataclasses import dataclass

from ironbird.base.source_line import SourceLine
from ironbird.plan.core_program import CoreProgram, Function
from ironbird.plan.plan import Descriptor, HostBuffer, StartTask
from ironbird.simulator.machine import Machine
from ironbird.simulator.sites import access_after, operation_at


@dataclass(frozen=True)
class Names:
    """Names of agents, memories and locks of one machine."""

    machine: Machine

    def agent(self, agent: int) -> str:
        """`worker 'w0'`, `MM2S 0 of tile (0, 0)`, `the runtime sequence`."""
        core_count = self.machine.core_count
        if agent < core_count:
            core = self.machine.plan.cores[agent]
            return f"worker {core.name!r}" if core.name is not None else f"core {core.tile}"
        if agent == self.machine.sequence_agent:
            return "the runtime sequence"
        return str(self.machine.channels[agent - core_count])

    def is_core(self, agent: int) -> bool:
        """Whether an agent is a core."""
        return 0 <= agent < self.machine.core_count

    def is_channel(self, agent: int) -> bool:
        """Whether an agent is a DMA channel."""
        return self.machine.core_count <= agent < self.machine.sequence_agent

    def programs(self, core: int) -> list[CoreProgram | Function]:
        """What a core runs: its own program, and the functions that it calls."""
        plan = self.machine.plan
        found: list[CoreProgram | Function] = [plan.cores[core].program]
        for program in found:
            for operation in program.body.walk():
                if operation.name == "function.call":
                    function = plan.functions[int(operation.attribute("function"))]  # type: ignore[arg-type]
                    if not any(function is each for each in found):
                        found.append(function)
        return found

    def line(self, agent: int, site: int) -> SourceLine | None:
        """The author's line of what an agent did at `site`."""
        plan = self.machine.plan
        if self.is_core(agent):
            if site < 0:
                return plan.cores[agent].at
            return operation_at(plan, agent, site).at or plan.cores[agent].at
        if agent == self.machine.sequence_agent:
            return plan.sequence.steps[site].at if site >= 0 else plan.sequence.at
        return self.descriptor_line(site) if site >= 0 else None

    def access_line(self, agent: int, site: int, *, write: bool) -> SourceLine | None:
        """The author's line of an access to memory that was noted at `site`."""
        if not self.is_core(agent) or site < 0:
            return self.line(agent, site)
        plan = self.machine.plan
        return access_after(plan, agent, site, write=write).at or plan.cores[agent].at

    def descriptor_line(self, number: int) -> SourceLine | None:
        """The author's line of a descriptor: its own, or that of the task that runs it."""
        descriptor = self.machine.plan.descriptors[number]
        if descriptor.at is not None:
            return descriptor.at
        for step in self.machine.plan.sequence.steps:
            if isinstance(step, StartTask) and step.first == number:
                return step.at
        return None

    def memory(self, memory: int) -> str:
        """`buffer 'x_buff_0' of ObjectFifo 'x'`, `argument 1 ('y')`."""
        plan = self.machine.plan
        if memory < 0:
            argument = plan.sequence.arguments[~memory]
            name = f" ({argument.name!r})" if argument.name is not None else ""
            return f"argument {~memory}{name}"
        buffer = plan.buffers[memory]
        of_fifo = f" of ObjectFifo {buffer.fifo!r}" if buffer.fifo is not None else ""
        return f"buffer {buffer.name!r}{of_fifo}"

    def memory_line(self, memory: int) -> SourceLine | None:
        """The author's line that made a buffer."""
        return self.machine.plan.buffers[memory].at if memory >= 0 else None

    def lock_holds(self, lock: int, count: int) -> str:
        """What `count` units of a lock stand for: `2 free objects of ObjectFifo 'x'`."""
        row = self.machine.plan.locks[lock]
        state = {"free": "free", "full": "filled"}.get(row.role or "")
        if row.fifo is None or state is None:
            made = f" made at {row.at}" if row.at is not None else ""
            return f"{count} of lock {row.name!r}{made}"
        return f"{count} {state} object{'s' if count != 1 else ''} of ObjectFifo {row.fifo!r}"

    def stream_fifo(self, descriptor: Descriptor) -> str | None:
        """The fifo whose objects a descriptor moves."""
        if descriptor.fifo is not None or isinstance(descriptor.memory, HostBuffer):
            return descriptor.fifo
        return self.machine.plan.buffers[descriptor.memory].fifo

    def objects(self, *memories: int) -> tuple[str, ...]:
        """Bare names for `Finding.objects`: fifo, or buffer, or argument."""
        plan = self.machine.plan
        named = []
        for memory in memories:
            if memory < 0:
                named.append(plan.sequence.arguments[~memory].name or f"argument {~memory}")
            else:
                buffer = plan.buffers[memory]
                named.append(buffer.fifo if buffer.fifo is not None else buffer.name)
        return tuple(named)
