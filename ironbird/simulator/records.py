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
    OUT_OF_BOUNDS      agent core, site operation, object buffer, detail axis, count the index,
                       first the size of the axis, other_site whether it is a store
    UNDEFINED          agent core, site operation, object the same, detail an Undefined, count the
                       number that it happened with
    READ_PAST_BUFFER   agent core, site operation, object buffer, detail kernel, count bytes of
                       results that came from outside it
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
    OUT_OF_BOUNDS = 10
    UNDEFINED = 11
    READ_PAST_BUFFER = 12


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


class TraceKind(IntEnum):
    """What took time, or happened, as `TraceKind` in runtime/report.hpp; what `object` means:

    KERNEL             agent core, object kernel
    LOCK_WAIT          agent core, object lock
    TRANSFER           agent of the source, object its descriptor or -1
    EVENT              agent core, object 0 or 1: a mark of the program or of a kernel
    TASK_STARTED       agent channel, object first descriptor
    DESCRIPTOR         agent channel, object descriptor; from its locks held to its end
    TASK_FINISHED      agent channel, object first descriptor
    CHANNEL_LOCK_WAIT  agent channel, object lock
    ARRIVAL            agent of a sink, object its descriptor or -1; a cycle a word, at the end of
                       its TRANSFER
    DEPARTURE          agent of a source, object its descriptor or -1; a cycle a word, from the
                       start of its TRANSFER
    LOCK_REQUEST       agent core, object lock; LOCK_RELEASE likewise
    STREAM_WAIT        agent core, object port
    CASCADE_WAIT       agent core, object neighbour core
    VECTOR_WORK        agent core, object kernel; as long as its vector operations take, where in
                       the call is unknown: they are put at its start
    """

    KERNEL = 0
    LOCK_WAIT = 1
    TRANSFER = 2
    EVENT = 3
    TASK_STARTED = 4
    DESCRIPTOR = 5
    TASK_FINISHED = 6
    CHANNEL_LOCK_WAIT = 7
    ARRIVAL = 8
    LOCK_REQUEST = 9
    LOCK_RELEASE = 10
    STREAM_WAIT = 11
    CASCADE_WAIT = 12
    VECTOR_WORK = 13
    DEPARTURE = 14


# The kinds that the timeline shows come first.
TIMELINE_KINDS = 4


def traced_kinds(for_units: bool, *, timeline: bool) -> int:
    """How many kinds are kept: all for trace units, the first for the timeline, otherwise none."""
    if for_units:
        return len(TraceKind)
    return TIMELINE_KINDS if timeline else 0


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
