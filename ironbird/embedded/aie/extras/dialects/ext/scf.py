"""A thin re-export; the code is in `ironbird.iron.controlflow`."""

from ironbird.iron.controlflow import else_, if_, range_, yield_
from ironbird.iron.controlflow import range_ as _for
from ironbird.iron.controlflow import range_ as for_
from ironbird.iron.upstream_names import absent

__getattr__ = absent(
    __name__,
    ["ForOp", "IfOp", "WhileOp", "YieldOp", "execute_region", "forall", "parange_", "while_"],
    instead="range_, if_, else_ and yield_ of aie.iron.controlflow",
)

__all__ = ["_for", "else_", "for_", "if_", "range_", "yield_"]
