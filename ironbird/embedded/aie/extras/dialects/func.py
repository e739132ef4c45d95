"""A thin re-export; the code is in `ironbird.iron.dialects.functions`."""

from ironbird.iron.dialects.functions import call, func
from ironbird.iron.upstream_names import absent

__getattr__ = absent(
    __name__,
    ["CallOp", "FuncBase", "FuncOp", "ReturnOp", "isalambda", "prep_func_types", "return_"],
    instead="@func, which makes, calls and returns from the function",
)

__all__ = ["call", "func"]
