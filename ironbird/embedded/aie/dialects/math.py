"""A thin re-export; the code is in `ironbird.iron.core_math`."""

from ironbird.iron.core_math import *
from ironbird.iron.core_math import __all__ as __all__
