"""What a parameter of a jit generator is: a tensor's direction, or a number and when it is known.

`CompileTime[int]` is part of what is compiled; `DispatchTime[np.int32]` is given with each call.
"""

from typing import TYPE_CHECKING, Annotated, Any, NoReturn, get_args, get_origin

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
    Compile = Annotated[type_any, COMPILE_TIME]
    CompileTime = Annotated[type_any, COMPILE_TIME]
    DispatchTime = Annotated[type_any, DISPATCH_TIME]
else:

    class CompileTime:
        """`CompileTime[T]`: a keyword that is part of the compiled program."""

        def __class_getitem__(cls, of):
            return Annotated[of, COMPILE_TIME]

    # What CompileTime was called in builds of May 2026.
    Compile = CompileTime

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


class DispatchTimeArgument:
    """What a jit generator receives for a `DispatchTime` parameter: a number of the host.

    It can be given to `Runtime(fn, [...])`, whose function gets it as a value of the sequence.
    """

    def __init__(self, name: str, annotation: Any) -> None:
        self.name = name
        self.element = scalar_type(get_args(annotation)[0], of=f"DispatchTime parameter {name!r}")
        self.argument_number: int | None = None

    def forward(self, argument_number: int) -> None:
        """Take note of the sequence's argument that brings the value; there can be one."""
        if self.argument_number not in (None, argument_number):
            raise DesignError(
                f"the DispatchTime parameter {self.name!r} is given to the sequence twice",
                at=author_line(),
                because=f"arguments {self.argument_number} and {argument_number} stand for it",
                fix="give it once, and use that value twice",
            )
        self.argument_number = argument_number

    def _refuse(self, *_: object) -> NoReturn:
        raise DesignError(
            f"the DispatchTime parameter {self.name!r} is computed with",
            at=author_line(),
            because="its value comes with each call, after the program is built",
            fix="Runtime(function, [..., parameter]), or CompileTime",
        )

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _refuse
    __floordiv__ = __mod__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse

    def __bool__(self) -> NoReturn:
        self._refuse()

    def __index__(self) -> NoReturn:
        self._refuse()

    def __int__(self) -> NoReturn:
        self._refuse()
