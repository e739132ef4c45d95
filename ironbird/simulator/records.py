"""What a simulator hands back before it is put into words: numbered agents and objects.

The native simulator fills the C structures of runtime/report.hpp, the interpreter makes the same
records in Python; `findings` turns either into sentences.
"""

from dataclasses import dataclass, field
from enum import IntEnum


class RecordKind(IntEnum):
    """As `RecordKind` in runtime/report.hpp. What the fields of a record mean, by kind:

    WRITE_PAST_BUFFER  agent core or -1, site operation, object buffer, detail kernel or -1,
                       count bytes, first their distance from the buffer's start
    POISON_READ        agent core or channel, site operation or descriptor, object buffer (or -1),
                       detail kernel or -1, other_agent the sink's channel if it left the array
    UNWRITTEN_OUTPUT   object argument, count bytes, first byte
    LOCK_OVERFLOW      agent, site, object lock, count the value it would have had
    RACE               agent, site, object buffer or ~argument, other_agent, other_site,
                       count whether this access writes, first whether the other does
    CRASHED_KERNEL     agent core, site, object kernel, count signal number
    INTERRUPTED        count cycles
    CYCLE_LIMIT        count limit
    MISSING_LINK       agent core, site, object kernel or -1, detail a Link, count port or lock
    UNAWAITED_OUTPUT   agent channel, site descriptor, object argument, count the cycle of the
                       write, first the cycle at which the sequence had ended
    """

    WRITE_PAST_BUFFER = 0
    POISON_READ = 1
    UNWRITTEN_OUTPUT = 2
    LOCK_OVERFLOW = 3
    RACE = 4
    CRASHED_KERNEL = 5
    INTERRUPTED = 6
    CYCLE_LIMIT = 7
    MISSING_LINK = 8
    UNAWAITED_OUTPUT = 9


class Link(IntEnum):
    """What a core used that the design does not give it, as `Link` in runtime/report.hpp."""

    CASCADE_IN = 0
    CASCADE_OUT = 1
    STREAM_IN = 2
    STREAM_OUT = 3
    LOCK = 4


class WaitKind(IntEnum):
    """What an agent waits for, as `WaitKind` in runtime/report.hpp."""

    RUNNING = 0
    ENDED = 1
    IDLE = 2
    LOCK = 3
    SEND = 4
    RECEIVE = 5
    CASCADE_GET = 6
    CASCADE_PUT = 7
    TOKEN = 8
    QUEUE = 9


@dataclass(frozen=True, kw_only=True)
class FindingRecord:
    """One defect that was met during the run."""

    kind: RecordKind
    agent: int = -1
    site: int = -1
    object: int = -1
    other_agent: int = -1
    other_site: int = -1
    detail: int = -1
    count: int = 0
    first: int = 0


@dataclass(frozen=True, kw_only=True)
class AgentRecord:
    """Where an agent stood when the run ended.

    object:     the lock, port, neighbour core or channel it waits for.
    site:       a core's operation, a channel's descriptor, the sequence's step; -1: none.
    bytes_left: of the descriptor under way.
    task:       of the sequence, that the channel is at; -1: none, or configured.
    queued:     tasks behind it.
    """

    wait: WaitKind
    object: int = -1
    count: int = 0
    site: int = -1
    bytes_left: int = 0
    task: int = -1
    queued: int = 0


@dataclass(frozen=True, kw_only=True)
class RunRecord:
    """Everything a run left behind. rested: nothing was under way any more."""

    finished: bool
    rested: bool
    cycles: int
    events: int
    findings: tuple[FindingRecord, ...]
    agents: tuple[AgentRecord, ...]
    lock_values: tuple[int, ...]
    kernel_calls: tuple[int, ...]
    kernel_cycles: tuple[int, ...]
    trace: tuple[tuple[int, int, int, int, int], ...] = field(default=())
