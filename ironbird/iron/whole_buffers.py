"""Python operators on a whole buffer: refused, for a core computes one element at a time.

`==` and `!=` keep Python's meaning, which finds a buffer in a list.
"""

from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import numpy as np

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.iron.array_types import ArrayType


def _refused(symbol: str) -> Callable[..., Any]:
    def refuse(self: "WholeBuffer", *_other: Any) -> NoReturn:
        raise self.refusal(f"`{symbol}` on a whole buffer of {self.array}")

    return refuse


class WholeBuffer:
    """What a buffer and its values in core code share. `array`: its shape and element type."""

    array: ArrayType

    def refusal(self, what: str) -> DesignError:
        """`what` cannot be done with all elements at once."""
        indices = "ijkl"[: len(self.array.shape)]
        loop = f"for i in range_({self.array.shape[0]})"
        return DesignError(
            what,
            at=author_line(),
            because="a core computes one element at a time",
            fix=f"{loop}: and buffer[{', '.join(indices)}], or a C++ kernel",
        )

    def __array_ufunc__(self, ufunc: np.ufunc, *_inputs: Any, **_options: Any) -> NoReturn:
        raise self.refusal(f"np.{ufunc.__name__}() on a whole buffer of {self.array}")

    def __iter__(self) -> Iterator[NoReturn]:
        raise DesignError(
            "a Python loop over a buffer in core code",
            at=author_line(),
            because="its elements are known only to the core",
            fix=f"for i in range_({self.array.shape[0]})",
        )

    __add__ = __radd__ = _refused("+")
    __sub__ = __rsub__ = _refused("-")
    __mul__ = __rmul__ = _refused("*")
    __truediv__ = __rtruediv__ = _refused("/")
    __floordiv__ = __rfloordiv__ = _refused("//")
    __mod__ = __rmod__ = _refused("%")
    __and__ = __rand__ = _refused("&")
    __or__ = __ror__ = _refused("|")
    __xor__ = __rxor__ = _refused("^")
    __lshift__ = __rlshift__ = _refused("<<")
    __rshift__ = __rrshift__ = _refused(">>")
    __pow__ = __rpow__ = _refused("**")
    __matmul__ = __rmatmul__ = _refused("@")
    __neg__ = _refused("-")
    __abs__ = _refused("abs()")
    __lt__ = _refused("<")
    __le__ = _refused("<=")
    __gt__ = _refused(">")
    __ge__ = _refused(">=")
    __int__ = _refused("int()")
    __float__ = _refused("float()")
