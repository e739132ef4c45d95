"""The functions that the cores of a placed device call, each declared once in the device."""

from typing import Any

from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import Block, Operation

from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine, author_line
from ironbird.ir import aie
from ironbird.iron.kernel import BaseKernel
from ironbird.iron.resolved_program import remember_kernels


class PlacedKernels:
    """What `CoreTrace.body` is in a placed design: the device's functions, and nothing else."""

    def __init__(self, device: Operation) -> None:
        self._device = device
        self.kernels: dict[str, BaseKernel] = {}

    @classmethod
    def of(cls, block: Block) -> "PlacedKernels":
        """Those of the device round `block`, or of the module where there is no device."""
        owner = block.parent_op()
        while owner is not None and not isinstance(owner, aie.DeviceOp | ModuleOp):
            owner = owner.parent_op()
        assert owner is not None
        return cls(owner)

    def function(self, name: str) -> FuncOp | None:
        """The function called `name` in the device."""
        ops = self._device.regions[0].block.ops
        return next((op for op in ops if isinstance(op, FuncOp) and op.sym_name.data == name), None)

    def declare(self, kernel: BaseKernel, at: SourceLine, function: FuncOp) -> None:
        """Put a kernel's function into the device, once. Refuses another one of its name."""
        self.kernels.setdefault(kernel.name, kernel)
        module = self._device.get_toplevel_object()
        if isinstance(module, ModuleOp):
            remember_kernels(module, [kernel])
        known = self.function(kernel.name)
        if known is None:
            self._device.regions[0].block.add_op(function)
        elif known.function_type != function.function_type:
            raise DesignError(
                f"two kernels are called {kernel.name!r}",
                at=at,
                because=f"their types are {known.function_type} and {function.function_type}",
                fix="one name for each function",
            )

    def __getattr__(self, name: str) -> Any:
        raise DesignError(
            f"an object of aie.iron ({name}) in a core that was placed by hand",
            at=author_line(),
            because="it belongs to a Program, and this device was built with aie.dialects.aie",
            fix="object_fifo, buffer and lock of aie.dialects.aie",
        )
