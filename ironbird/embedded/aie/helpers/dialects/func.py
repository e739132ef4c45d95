"""A thin re-export; the code is in `ironbird.iron.core_function`."""

from ironbird.iron.core_function import func
from ironbird.iron.upstream_names import absent

__getattr__ = absent(__name__, ["FuncBase", "call", "isalambda", "prep_func_types"])

__all__ = ["func"]
