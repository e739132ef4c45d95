"""A thin re-export; the code is in `ironbird.iron.core_arith`."""

from ironbird.iron.core_arith import *
from ironbird.iron.core_arith import __all__ as __all__
