"""A thin re-export; the code is in `ironbird.iron.taplib`."""

from ironbird.iron.taplib import *
from ironbird.iron.taplib import __all__ as __all__
