"""A kernel written in Python: a function of the device that cores call, traced from its body.

`@func` reads the argument types from the annotations. The body computes with its arguments alone:
fifos, buffers and barriers belong to one core, and a function may be called by several.
"""

import inspect
from collections.abc import Callable
from typing import Any, NoReturn

from xdsl.dialects import func as mlir_func
from xdsl.ir import Attribute, Block, Region

from ironbird.base.element_types import ElementType
from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir.locations import location_of
from ironbird.iron.core_buffers import MemRefValue
from ironbird.iron.core_values import ScalarValue
from ironbird.iron.device_body import CoreTrace, DeviceBody, current_core
from ironbird.iron.kernel import BaseKernel, mlir_argument_type
from ironbird.iron.tracing import Trace, tracing


class CoreFunction(BaseKernel):
    """What `@func` makes of a Python function; call it in core code."""

    def __init__(self, function: Callable[..., Any]) -> None:
        signature = inspect.signature(function, eval_str=True)
        missing = [
            name
            for name, parameter in signature.parameters.items()
            if parameter.annotation is inspect.Parameter.empty
        ]
        if missing:
            raise DesignError(
                f"@func {function.__name__!r} has no type for its argument {missing[0]!r}",
                at=author_line(),
                fix=f"{missing[0]}: np.ndarray[(64,), np.dtype[np.int32]], or np.int32",
            )
        annotations = [parameter.annotation for parameter in signature.parameters.values()]
        super().__init__(function.__name__, annotations)
        self.function = function

    def same_function(self, other: BaseKernel) -> bool:
        """Whether the other one is made of the same Python function."""
        return isinstance(other, CoreFunction) and other.function is self.function

    def __call__(self, *args: Any) -> Any:
        trace = current_core(f"@func {self.name!r}")
        values = self.argument_values(trace, args)
        types = list(self._defined(trace.body).function_type.outputs)
        call = trace.emit(mlir_func.CallOp(self.name, values, types))
        results = tuple(ScalarValue(result) for result in call.results)
        if not results:
            return None
        return results[0] if len(results) == 1 else results

    def emit(self, *call_args: Any, force: bool = False) -> mlir_func.FuncOp:
        """Make it a function of the device without calling it, once; this too stands in a core.

        call_args, force: without effect, since the annotations say all of its types.
        """
        return self._defined(current_core(f"@func {self.name!r}").body)

    def _defined(self, body: DeviceBody) -> mlir_func.FuncOp:
        """The function's operation, made where it is not yet."""
        defined = body.function(self.name)
        if defined is None or not self.same_function(body.kernels[self.name]):
            body.declare(self, author_line(), self._define(body))
            defined = body.function(self.name)
        assert defined is not None
        return defined

    def _define(self, body: DeviceBody) -> mlir_func.FuncOp:
        """The function's operation, its body traced."""
        types: list[Attribute] = [mlir_argument_type(each) for each in self.arguments]
        block = Block(arg_types=types)
        trace = FunctionTrace(block, body, self)
        arguments = [
            ScalarValue(value) if isinstance(each, ElementType) else MemRefValue(value)
            for each, value in zip(self.arguments, block.args, strict=True)
        ]
        with tracing(trace):
            returned = self.function(*arguments)
            trace.finish()
        results = [self._result(value) for value in _as_tuple(returned)]
        trace.emit(mlir_func.ReturnOp(*(value.ssa for value in results)), at=self.created_at)
        made = mlir_func.FuncOp(
            self.name, (types, [value.ssa.type for value in results]), Region(block)
        )
        made.location = location_of(self.created_at)
        return made

    def _result(self, value: Any) -> ScalarValue:
        if isinstance(value, ScalarValue):
            return value
        raise DesignError(
            f"@func {self.name!r} returns a {type(value).__name__}",
            at=self.created_at,
            because="a function of the device returns numbers that it computed",
            fix="write into a buffer that is an argument",
        )


class FunctionTrace(CoreTrace):
    """The body of a `@func` being traced; it has no worker of its own."""

    def __init__(self, block: Block, body: DeviceBody, function: CoreFunction) -> None:
        Trace.__init__(self, block, f"@func {function.name!r}", function.created_at)
        self.body = body

    @property
    def worker(self) -> NoReturn:  # type: ignore[override]
        """Refused: what belongs to one core cannot be used in a function of several."""
        raise DesignError(
            f"a fifo, a Buffer or a barrier in {self.what}",
            at=author_line(),
            because="it belongs to one core, and a function may be called by several",
            fix="pass the object or the buffer as an argument",
        )


def func(function: Callable[..., Any]) -> CoreFunction:
    """Make a Python function one that cores call."""
    return CoreFunction(function)


def _as_tuple(returned: Any) -> tuple[Any, ...]:
    if returned is None:
        return ()
    return returned if isinstance(returned, tuple) else (returned,)
