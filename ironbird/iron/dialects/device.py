"""The device of a placed design: `@device(AIEDevice.npu1_1col)` round the function of its body."""

from collections.abc import Callable
from typing import Any

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Block, Region

from ironbird.base.errors import DesignError
from ironbird.base.npu1 import DEVICES
from ironbird.base.source_line import author_line
from ironbird.ir import aie, aiex, verify_module
from ironbird.iron.device import Device as IronDevice
from ironbird.iron.dialects.builder import builder
from ironbird.iron.dialects.region import Built, RegionKind, building, located, region_of


class PlacedDevice(Built):
    """A device under construction."""

    op: aie.DeviceOp

    @property
    def body(self) -> Region:
        """Its region."""
        return self.op.body

    body_region = body

    @property
    def sym_name(self) -> str:
        """Its name."""
        return self.op.sym_name.data

    def __repr__(self) -> str:
        return f"Device({self.op.device_name})"


@builder
def Device(device: Any, sym_name: str = "main", *, loc: Any = None, ip: Any = None) -> PlacedDevice:
    """An empty device; build in it with `InsertionPoint(block)`."""
    trace = region_of("a device", RegionKind.MODULE)
    name = device.name if isinstance(device, IronDevice) else str(device)
    if name not in DEVICES:
        raise DesignError(
            f"device {name!r} is not modelled",
            at=author_line(),
            because=f"the simulator knows {', '.join(DEVICES)}",
            fix="AIEDevice.npu1",
        )
    made = aie.DeviceOp(name, sym_name, Region(Block()))
    located([made], author_line())
    return PlacedDevice(trace.emit(made))


@builder
def device(
    device: Any, sym_name: str = "main", *, loc: Any = None, ip: Any = None
) -> Callable[[Callable[[], Any]], PlacedDevice]:
    """`@device(AIEDevice.npu1)`: the function builds the device's body, at once.

    The device is verified when its body is built, unless it configures others, which may follow.
    Raises DesignError at the author's line.
    """
    made = Device(device, sym_name)
    at = author_line()

    def build(body: Callable[[], Any]) -> PlacedDevice:
        with building(made.op.body.block, f"the device {sym_name!r}", at):
            body()
        module = made.op.parent_op()
        assert isinstance(module, ModuleOp)
        if not any(isinstance(op, aiex.ConfigureOp) for op in made.op.walk()):
            verify_module(module)
        return made

    return build
