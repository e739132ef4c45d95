"""What a core did since it last met simulated time, and its views of memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Section:
    """order: the plan's buffers as the core's program numbers them."""

    order: Mapping[int, int]
    cycles: int = 0
    reads: set[int] = field(default_factory=set)
    writes: set[int] = field(default_factory=set)

    def clear(self) -> None:
        """Time has caught up."""
        self.cycles = 0
        self.reads.clear()
        self.writes.clear()


@dataclass(frozen=True)
class View:
    """A memory view: its buffer, and where in it the view starts."""

    buffer: int
    offset_bytes: int
