"""What a pass is: a frozen dataclass with a name that changes one `aie.device` in place."""

from abc import ABC, abstractmethod
from typing import ClassVar

from ironbird.base.device import DeviceModel
from ironbird.ir.aie import DeviceOp


class ModulePass(ABC):
    """One step of the lowering. Subclasses are frozen dataclasses; their fields are options.

    name: as `--stop-after` spells it.
    """

    name: ClassVar[str]

    @abstractmethod
    def apply(self, device: DeviceOp, model: DeviceModel) -> None:
        """Change `device` in place.

        Raises DesignError for a program that `model` cannot hold.
        """
