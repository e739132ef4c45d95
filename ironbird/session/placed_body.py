"""The module that stands round a plain generator while it runs.

A placed design of before IRON 1.3.3 returns nothing: it builds a device in the module that its jit
opened for it. The builders are imported at the first plain design: no other design needs them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from xdsl.dialects.builtin import ModuleOp


class PlacedBody:
    """Holds what a generator built without returning it."""

    def __init__(self, module: ModuleOp) -> None:
        self._module = module

    def module(self) -> ModuleOp | None:
        """The module, verified, if anything was built in it."""
        from ironbird.ir import verify_module

        if self._module.body.block.first_op is None:
            return None
        verify_module(self._module)
        return self._module


@contextmanager
def placed_body() -> Iterator[PlacedBody]:
    """Open a module for the builders of `aie.dialects`."""
    from ironbird.iron.dialects.module import mlir_mod_ctx

    with mlir_mod_ctx() as context:
        yield PlacedBody(context.module)
