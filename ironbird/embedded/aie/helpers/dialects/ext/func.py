"""A thin re-export; the code is in `ironbird.iron.dialects.functions`."""

from ironbird.iron.dialects.functions import FuncBase, call, func, isalambda, prep_func_types
from ironbird.iron.upstream_names import absent

__getattr__ = absent(
    __name__,
    ["CallOp", "FuncOp", "ReturnOp", "return_"],
    instead="@func, which makes, calls and returns from the function",
)

__all__ = ["FuncBase", "call", "func", "isalambda", "prep_func_types"]
