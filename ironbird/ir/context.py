"""Which dialects a module may use."""

from functools import cache

from xdsl.context import Context


@cache
def context() -> Context:
    """The one context of the process, with every dialect that a design may use."""
    from ironbird.ir.aie import Aie
    from ironbird.ir.aiex import Aiex
    from ironbird.ir.upstream.dialects import DIALECTS

    made = Context()
    for dialect in (*DIALECTS, Aie, Aiex):
        made.load_dialect(dialect)
    return made
