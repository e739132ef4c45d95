"""What is wrong with an access or an operation of a core, or with what a kernel did to memory.

One record for each defect, by the rules of runtime/core_checks.hpp.
"""

from typing import Protocol

from ironbird.simulator.interpreter.memory import OUTSIDE, UNWRITTEN, WRITTEN
from ironbird.simulator.interpreter.trials import Trial
from ironbird.simulator.interpreter.world import World
from ironbird.simulator.records import FindingRecord, RecordKind
from ironbird.simulator.undefined import Undefined


class Placed(Protocol):
    """A core at some place of its program."""

    id: int
    site: int


class CoreChecks:
    """The defects of one core. `site` names the operation; that of a kernel is where it is called.

    Places are bytes from the start of a buffer.
    """

    def __init__(self, world: World, core: Placed) -> None:
        self._world = world
        self._core = core

    def load(self, buffer: int, offset_bytes: int, byte_count: int, site: int) -> None:
        """Note a load of bytes that nobody wrote."""
        shadow = self._world.memory.shadow_around(buffer, offset_bytes, byte_count)
        if (shadow != WRITTEN).any():
            self._tell_place(RecordKind.POISON_READ, buffer, offset_bytes, byte_count, site)

    def store(self, buffer: int, offset_bytes: int, byte_count: int, site: int) -> bool:
        """Whether a store stays inside its buffer; if so its bytes are written from now on."""
        shadow = self._world.memory.shadow_around(buffer, offset_bytes, byte_count)
        if len(shadow) < byte_count or (shadow == OUTSIDE).any():
            self._tell_place(RecordKind.WRITE_PAST_BUFFER, buffer, offset_bytes, byte_count, site)
            return False
        shadow[shadow == UNWRITTEN] = WRITTEN
        return True

    def index_outside(
        self, buffer: int, axis: int, index: int, size: int, site: int, *, store: bool
    ) -> None:
        """Note an index that is not on its axis."""
        self._world.find(
            FindingRecord(
                kind=RecordKind.OUT_OF_BOUNDS,
                agent=self._core.id,
                site=site,
                object=buffer,
                detail=axis,
                other_site=int(store),
                count=index,
                first=size,
            )
        )

    def undefined(self, what: Undefined, number: int, site: int) -> None:
        """Note what MLIR leaves undefined; `site` twice, so that each line is told."""
        self._world.find(
            FindingRecord(
                kind=RecordKind.UNDEFINED,
                agent=self._core.id,
                site=site,
                object=site,
                detail=what,
                count=number,
            )
        )

    def trial(self, trial: Trial, kernel: int) -> None:
        """Note results of a kernel that came from memory unwritten, or outside its arguments."""
        if trial.read_outside is not None:
            self._tell_kernel(
                RecordKind.READ_PAST_BUFFER, kernel, trial.read_outside, trial.outside_bytes, 0
            )
        guilty = [verdict for verdict in trial.verdicts if verdict.dependent_bytes]
        for verdict in guilty:
            self._tell_kernel(
                RecordKind.POISON_READ,
                kernel,
                verdict.buffer,
                verdict.dependent_bytes,
                verdict.first,
            )
        if trial.dependent_result and not guilty:
            self._tell_kernel(RecordKind.POISON_READ, kernel, -1, 0, 0)

    def zones(self, kernel: int, buffer: int) -> None:
        """Note red-zone bytes around an argument of a kernel that it changed."""
        broken, first = self._world.memory.broken_zone(buffer)
        if broken:
            self._tell_kernel(RecordKind.WRITE_PAST_BUFFER, kernel, buffer, broken, first)
            self._world.memory.mend_zone(buffer)

    def _tell_place(
        self, kind: RecordKind, buffer: int, offset_bytes: int, byte_count: int, site: int
    ) -> None:
        """Of the buffer that a place is in or just behind."""
        memory = self._world.memory
        address = memory.address(buffer) + offset_bytes
        owner = memory.buffer_at(address)
        self._world.find(
            FindingRecord(
                kind=kind,
                agent=self._core.id,
                site=site,
                object=owner,
                count=byte_count,
                first=address - memory.address(owner),
            )
        )

    def _tell_kernel(
        self, kind: RecordKind, kernel: int, buffer: int, count: int, first: int
    ) -> None:
        self._world.find(
            FindingRecord(
                kind=kind,
                agent=self._core.id,
                site=self._core.site,
                object=buffer,
                detail=kernel,
                count=count,
                first=first,
            )
        )
