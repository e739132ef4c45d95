"""What is refused of a number that only the core will know: all that needs it while tracing.

`if`, `while`, `min`, `int`, `range`, `math` and most of numpy ask a Python object what it is worth.
Upstream takes the object for true, or for itself, and builds another program than was written.
"""

from collections.abc import Iterator
from typing import NoReturn

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.iron.tracing import Trace, trace_if_any


def computer() -> str:
    """Who computes the values of the body being traced."""
    trace = trace_if_any()
    return Trace.computer if trace is None else trace.computer


class LaterNumber:
    """A number that is computed later; what Python would need of it now."""

    def __bool__(self) -> NoReturn:
        who = computer()
        raise DesignError(
            f"a Python `if`, `while`, `and`, `or`, `not`, `in`, `min` or `max` on a {who} value",
            at=author_line(),
            because=f"the {who} computes it later; while the function is traced there is no answer",
            fix="`with if_(condition):` and `with else_(...):`, `&` and `|` for conditions, "
            "arith.minsi / maxsi / select for numbers",
        )

    def __int__(self) -> NoReturn:
        self.refuse_number_now("int()", "arith.fptosi(value, T) or arith.index_cast(value, to=T)")

    def __float__(self) -> NoReturn:
        self.refuse_number_now(
            "float(), or a function of Python's math,",
            "arith.sitofp(value, T), or that function of aie.dialects.math",
        )

    def __complex__(self) -> NoReturn:
        self.refuse_number_now("complex()", "two values, one for each part")

    def __round__(self, digits: object = None) -> NoReturn:
        self.refuse_number_now("round()", "roundeven(value) of aie.dialects.math")

    def __floor__(self) -> NoReturn:
        self.refuse_number_now("math.floor()", "floor(value) of aie.dialects.math")

    def __ceil__(self) -> NoReturn:
        self.refuse_number_now("math.ceil()", "ceil(value) of aie.dialects.math")

    def __trunc__(self) -> NoReturn:
        self.refuse_number_now("math.trunc()", "trunc(value) of aie.dialects.math")

    def __divmod__(self, other: object) -> NoReturn:
        self.refuse_number_now("divmod()", "`/` and `%`, which both truncate towards zero")

    __rdivmod__ = __divmod__

    def __iter__(self) -> Iterator[NoReturn]:
        self.refuse_number_now("a Python loop over, or `in`", "for i in range_(value)")

    def __getitem__(self, index: object) -> NoReturn:
        raise DesignError(
            f"an index into one number of a {computer()}",
            at=author_line(),
            because="it is not a buffer",
            fix="the index on the buffer that it was loaded from",
        )

    def __array__(self, *_: object, **__: object) -> NoReturn:
        self.refuse_number_now(
            "a numpy array or function", "Python's operators, or aie.dialects.arith and math"
        )

    def __index__(self) -> NoReturn:
        self.refuse_number_now("range() or an index into a Python list", "range_(value)")

    def __format__(self, form: str) -> str:
        if form:
            self.refuse_number_now(f"the text {form!r}", "a print of the result on the host")
        return str(self)

    def refuse_number_now(self, what: str, instead: str) -> NoReturn:
        """Refuse `what`, which needs the number; `instead` is what a core can do."""
        who = computer()
        raise DesignError(
            f"{what} of a {who} value",
            at=author_line(),
            because=f"the {who} computes it later; while the function is traced there is no number",
            fix=instead
            if who == "core"
            else "a Python number from outside of the function instead of an entry of fn_args",
        )
