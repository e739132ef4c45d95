"""Objects of a program's own that become operations of the device."""

from abc import ABC, abstractmethod
from collections.abc import Iterable

from xdsl.ir import Block, Operation, Region

from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine, author_line
from ironbird.ir import aie
from ironbird.iron.dialects.region import building


class Resolvable(ABC):
    """An object of the author's own that may stand among the arguments of a Worker or a Runtime.

    `resolve` is called once, before any core is traced; what it makes with the builders of
    `aie.dialects` goes into the device. The objects of IRON itself are emitted by the `Program`.
    """

    @abstractmethod
    def resolve(self, loc: object = None, ip: object = None) -> None:
        """Make the operations."""


class NotResolvedError(DesignError):
    """An operation is asked for before there is one."""

    def __init__(self, message: str = "Cannot get operation; class not resolved.") -> None:
        super().__init__(message, at=author_line())


def operations_of(objects: Iterable[object], device_name: str, at: SourceLine) -> list[Operation]:
    """What the `Resolvable`s among `objects` make, each once, for the body of a device."""
    device = aie.DeviceOp(device_name, "main", Region(Block()))
    with building(device.body.block, "the device", at):
        for each in dict.fromkeys(thing for thing in objects if isinstance(thing, Resolvable)):
            each.resolve()
    made = [op for op in device.body.block.ops if not isinstance(op, aie.EndOp)]
    for op in made:
        op.detach()
    return made
