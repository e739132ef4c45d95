"""A whole tensor into a small one by one call of a kernel, such as a sum."""

from typing import Any

from xdsl.dialects.builtin import ModuleOp

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.iron.algorithms.parameters import array_of
from ironbird.iron.algorithms.streamed import Streamed
from ironbird.iron.kernel import BaseKernel


def reduce(
    func: BaseKernel, input_ty: Any, output_ty: Any, *params: Any, trace_size: int = 0
) -> ModuleOp:
    """`func(input, output, *params)` once, on one core; a kernel with room for it gets the size.

    Refuses a Python function, and trace_size: tracing is an option of the program.
    """
    if not isinstance(func, BaseKernel):
        raise DesignError(
            f"reduce of a {type(func).__name__}",
            at=author_line(),
            because="a reduction is one call of a kernel on the whole tensor",
            fix="Kernel, ExternalFunction, or one of aie.iron.kernels",
        )
    if trace_size:
        raise DesignError(
            f"reduce(trace_size={trace_size})",
            at=author_line(),
            because="it returns a module that is resolved already",
            fix="build the Program by hand, and Program.enable_trace()",
        )
    return Streamed(
        algorithm="reduce",
        func=func,
        inputs=(array_of(input_ty, "reduce"),),
        output=array_of(output_ty, "reduce"),
        parameters=params,
    ).module()
