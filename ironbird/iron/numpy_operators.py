"""Which of numpy's functions are Python's operators: `np.int32(2) * value` calls `np.multiply`."""

from typing import Any

import numpy as np

_OPERATOR_OF_UFUNC: dict[Any, str] = {
    np.add: "+",
    np.subtract: "-",
    np.multiply: "*",
    np.divide: "/",
    np.floor_divide: "//",
    np.remainder: "%",
    np.bitwise_and: "&",
    np.bitwise_or: "|",
    np.bitwise_xor: "^",
    np.left_shift: "<<",
    np.right_shift: ">>",
    np.power: "**",
    np.less: "<",
    np.less_equal: "<=",
    np.greater: ">",
    np.greater_equal: ">=",
    np.equal: "==",
    np.not_equal: "!=",
}


def operator_of(ufunc: np.ufunc) -> str | None:
    """The operator of Python that `ufunc` stands for, or None."""
    return _OPERATOR_OF_UFUNC.get(ufunc)
