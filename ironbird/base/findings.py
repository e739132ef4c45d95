"""What a run can discover about a program: one `Finding` for each defect it met."""

from dataclasses import dataclass, field
from enum import StrEnum

from ironbird.base.errors import compose_message
from ironbird.base.source_line import SourceLine


class FindingKind(StrEnum):
    """The classes of defect that the simulator tells apart."""

    DEADLOCK = "deadlock"
    UNFILLED_FIFO = "unfilled-fifo"
    UNDRAINED_FIFO = "undrained-fifo"
    UNREAD_INPUT = "unread-input"
    SIZE_MISMATCH = "size-mismatch"
    WRITE_PAST_BUFFER = "write-past-buffer"
    READ_PAST_BUFFER = "read-past-buffer"
    OUT_OF_BOUNDS = "out-of-bounds"
    UNDEFINED_RESULT = "undefined-result"
    POISON_READ = "poison-read"
    UNWRITTEN_OUTPUT = "unwritten-output"
    UNAWAITED_OUTPUT = "unawaited-output"
    STACK_OVERFLOW = "stack-overflow"
    LOCK_OVERFLOW = "lock-overflow"
    RACE = "race"
    CRASHED_KERNEL = "crashed-kernel"
    INTERRUPTED = "interrupted"
    CYCLE_LIMIT = "cycle-limit"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One defect, in the author's names. `str()` is the message, in the form of an error.

    objects: names of the fifos, buffers, kernels and tiles involved, the guilty one first.
    also_at: the author's lines of the other side of the conflict.
    """

    kind: FindingKind
    what: str
    at: SourceLine | None = None
    because: str | None = None
    fix: str | None = None
    objects: tuple[str, ...] = ()
    also_at: tuple[SourceLine, ...] = field(default=())

    def __str__(self) -> str:
        return compose_message(
            f"{self.kind}: {self.what}", at=self.at, because=self.because, fix=self.fix
        )
