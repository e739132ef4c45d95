"""What a pass says when it refuses a device."""

import pytest

from ironbird.base.errors import DesignError
from ironbird.ir import parse_module
from ironbird.ir.aie import DeviceOp
from ironbird.passes.module_pass import ModulePass
from tests.passes.equivalence import devices_in

TILES = """\
%shim = aie.tile(0, 0)
%memory = aie.tile(0, 1)
%core = aie.tile(0, 2)
%north = aie.tile(0, 3)
%far = aie.tile(2, 4)
"""


def refusal(text: str, *passes: ModulePass, device_name: str = "npu1") -> str:
    """The whole message of the error that one of `passes` raises for a device with this text.

    The first line of `text` is line 2 of `design.mlir`.
    """
    devices = devices_in(parse_module(f"aie.device({device_name}) {{\n{text}\n}}", "design.mlir"))
    with pytest.raises(DesignError) as caught:
        _apply(devices, passes)
    return str(caught.value)


def _apply(devices: list[DeviceOp], passes: tuple[ModulePass, ...]) -> None:
    for device in devices:
        for each in passes:
            each.apply(device, device.model)
