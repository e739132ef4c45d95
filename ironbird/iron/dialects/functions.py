"""Functions that placed cores call: declared with `external_func`, called by it or by `call`."""

import inspect
from collections.abc import Callable, Sequence
from functools import partial
from types import LambdaType
from typing import Any

from xdsl.dialects import func as mlir_func
from xdsl.dialects.builtin import StringAttr
from xdsl.ir import Attribute, Region

from ironbird.base.element_types import ElementType
from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir.locations import location_of
from ironbird.iron.array_types import ArrayType
from ironbird.iron.core_function import CoreFunction
from ironbird.iron.core_values import ScalarValue
from ironbird.iron.device_body import current_core
from ironbird.iron.dialects.builder import builder
from ironbird.iron.dialects.region import RegionKind, region_of
from ironbird.iron.dialects.types import argument_type
from ironbird.iron.kernel import BaseKernel, mlir_argument_type


class external_func(BaseKernel):
    """`external_func("scale", inputs=[T, T, np.int32])`: a function of an object file.

    Made in the device, called in a core. `link_with` here or on the core names the object file.
    """

    @builder
    def __init__(
        self,
        name: str,
        inputs: Sequence[Any],
        outputs: Sequence[Any] | None = None,
        visibility: str = "private",
        link_with: str | None = None,
    ) -> None:
        trace = region_of(f"external_func({name!r})", RegionKind.DEVICE)
        super().__init__(name)
        of = f"an argument of {name!r}"
        self.arguments = [argument_type(each, of=of) for each in inputs]
        self._annotations = list(inputs)
        self.link_with = link_with
        self.results = [_number(each, name) for each in outputs or ()]
        made = mlir_func.FuncOp(name, (self._types(), self._result_types()), Region(), visibility)
        if link_with is not None:
            made.attributes["link_with"] = StringAttr(link_with)
        self.op = trace.emit(made)

    def link_attributes(self) -> dict[str, str]:
        """`link_with`, where it is given here."""
        return {} if self.link_with is None else {"link_with": self.link_with}

    def __call__(self, *call_args: Any) -> Any:
        """Call it in a core. Refuses arguments of another number or type than declared."""
        trace = current_core(f"kernel {self.name!r}")
        values = self.argument_values(trace, call_args)
        trace.body.declare(self, author_line(), self.op)
        made = trace.emit(mlir_func.CallOp(self.name, values, self._result_types()))
        results = tuple(ScalarValue(result) for result in made.results)
        return results[0] if len(results) == 1 else results or None

    def _types(self) -> list[Attribute]:
        return [mlir_argument_type(each) for each in self.arguments]

    def _result_types(self) -> list[Attribute]:
        return [mlir_argument_type(each) for each in self.results]


def func(
    f: Callable[..., Any] | None = None,
    *,
    sym_visibility: str | None = None,
    arg_attrs: Any = None,
    res_attrs: Any = None,
    func_attrs: Any = None,
    emit: bool = False,
    loc: Any = None,
    ip: Any = None,
) -> Any:
    """`@func`: a Python function becomes one of the device, which cores call.

    It is built when a core first calls it, whatever `emit` says; `sym_visibility` changes nothing,
    for a device has no users from outside.
    """
    for name, given in (
        ("arg_attrs", arg_attrs),
        ("res_attrs", res_attrs),
        ("func_attrs", func_attrs),
    ):
        if given is not None:
            raise DesignError(
                f"func({name}=...)",
                at=author_line(),
                because="the simulator knows no attributes of functions",
            )
    return partial(func, sym_visibility=sym_visibility) if f is None else CoreFunction(f)


FuncBase = CoreFunction
"""What `@func` makes; upstream's is made from constructors of operations, this one by `@func`."""


def isalambda(v: Any) -> bool:
    """Whether it is a lambda: a function without a name of its own, and without annotations."""
    return isinstance(v, LambdaType) and v.__name__ == "<lambda>"


def prep_func_types(
    sig: inspect.Signature, return_types: Sequence[Any] | None
) -> tuple[list[Any], list[Any]]:
    """The types of a function's arguments and of its results, as it is annotated.

    return_types: the results' of a function whose annotation says none. Refuses both.
    """
    inputs = [
        each.annotation
        for each in sig.parameters.values()
        if each.annotation is not inspect.Parameter.empty
    ]
    annotated = sig.return_annotation
    if annotated is inspect.Signature.empty:
        return inputs, list(return_types or ())
    if return_types:
        raise DesignError(
            f"results of two kinds: {annotated} and {return_types}",
            at=author_line(),
            because="both the function's annotation and return_types name them",
        )
    if annotated is None:
        return inputs, []
    return inputs, list(annotated) if isinstance(annotated, list | tuple) else [annotated]


class _Declared(BaseKernel):
    """A function of the device, known by its operation."""

    def __init__(self, declaration: mlir_func.FuncOp) -> None:
        super().__init__(declaration.sym_name.data)
        of = f"an argument of {self.name!r}"
        self.arguments = [argument_type(each, of=of) for each in declaration.function_type.inputs]
        self.result_types = list(declaration.function_type.outputs)


@builder
def call(
    callee_or_results: Any,
    arguments_or_callee: Any = (),
    arguments: Any = None,
    *,
    call_op_ctor: Any = None,
    loc: Any = None,
    ip: Any = None,
) -> Any:
    """`call("scale", [a, b])`, or `call([result types], "scale", [a, b])`, in a core."""
    if arguments is None:
        callee, given = callee_or_results, arguments_or_callee
    else:
        callee, given = arguments_or_callee, arguments
    if callable(callee):
        return callee(*given)
    trace = current_core(f"call of {callee!r}")
    declaration = trace.body.function(str(callee))
    if declaration is None:
        raise DesignError(
            f"call of {callee!r}",
            at=author_line(),
            because="the device has no function of that name",
            fix=f"external_func({callee!r}, inputs=[...]) in the device",
        )
    declared = _Declared(declaration)
    values = declared.argument_values(trace, given)
    made = mlir_func.CallOp(declared.name, values, declared.result_types)
    made.location = location_of(author_line())
    results = tuple(ScalarValue(result) for result in trace.emit(made).results)
    return results[0] if len(results) == 1 else results or None


def _number(annotation: Any, name: str) -> ElementType:
    found = argument_type(annotation, of=f"a result of {name!r}")
    if isinstance(found, ArrayType):
        raise DesignError(
            f"external_func({name!r}) returns {found}",
            at=author_line(),
            because="a function of the device returns numbers",
            fix="an array among its inputs, which it writes",
        )
    return found
