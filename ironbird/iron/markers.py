"""What a parameter of a jit generator is: a tensor's direction, or a number and when it is known.

`CompileTime[int]` is part of what is compiled; `DispatchTime[np.int32]` is given with each call.
"""

from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.iron.array_types import is_scalar_annotation, scalar_type, shown

COMPILE_TIME = "aie.compile_time"
DISPATCH_TIME = "aie.dispatch_time"


class In:
    """A tensor the program only reads."""


class Out:
    """A tensor the program writes whole."""


class InOut:
    """A tensor the program reads and writes."""


if TYPE_CHECKING:
    type_any = Any
    CompileTime = Annotated[type_any, COMPILE_TIME]
    DispatchTime = Annotated[type_any, DISPATCH_TIME]
else:

    class CompileTime:
        """`CompileTime[T]`: a keyword that is part of the compiled program."""

        def __class_getitem__(cls, of):
            return Annotated[of, COMPILE_TIME]

    class DispatchTime:
        """`DispatchTime[np.int32]`: a keyword that each call may change without compiling."""

        def __class_getitem__(cls, of):
            if not is_scalar_annotation(of) or scalar_type(of, of="DispatchTime").is_float:
                raise DesignError(
                    f"DispatchTime[{shown(of)}] is not a numpy integer type",
                    at=author_line(),
                    fix="DispatchTime[np.int32]",
                )
            return Annotated[of, DISPATCH_TIME]


def is_compile_time(annotation: object) -> bool:
    """Whether a parameter is marked `CompileTime`."""
    return get_origin(annotation) is Annotated and COMPILE_TIME in get_args(annotation)[1:]


def is_dispatch_time(annotation: object) -> bool:
    """Whether a parameter is marked `DispatchTime`."""
    return get_origin(annotation) is Annotated and DISPATCH_TIME in get_args(annotation)[1:]
