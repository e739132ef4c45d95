"""The rules of the hardware, each a function of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from ironbird.base.device import DeviceModel
from ironbird.ir.aie import DeviceOp
from ironbird.passes.module_pass import ModulePass

RULES: tuple[Callable[[DeviceOp, DeviceModel], None], ...] = ()


@dataclass(frozen=True)
class VerifyPhysical(ModulePass):
    """Hold the lowered device against every rule of the hardware.

    Before:  a placed, lowered, routed device, ours or one read from text.
    After:   nothing changed.
    Refuses: what a rule in `RULES` finds, in their order.
    """

    name: ClassVar[str] = "verify-physical"

    def apply(self, device: DeviceOp, model: DeviceModel) -> None:
        for rule in RULES:
            rule(device, model)
