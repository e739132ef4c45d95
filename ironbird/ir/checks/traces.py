"""Trace units: what one of them can record, and when it starts."""

from ironbird.ir.aie import TraceEventOp, TraceOp, TraceStartOp, TraceStopOp
from ironbird.ir.checks.scope import Scope, refuse
from ironbird.ir.integers import number_of

# mlir-aie AIEDialect.cpp: events of one trace unit.
MAX_TRACE_EVENTS = 8
# Broadcast channels of a tile's event unit (AM020 ch2).
BROADCASTS = 16


def check_trace(op: TraceOp, scope: Scope) -> None:
    """No more events than the unit has."""
    count = sum(isinstance(inner, TraceEventOp) for inner in op.body.block.ops)
    if count > MAX_TRACE_EVENTS:
        refuse(
            op,
            f"trace '{op.sym_name.data}' has {count} events",
            because=f"a trace unit records {MAX_TRACE_EVENTS}",
        )


def check_trace_boundary(op: TraceStartOp | TraceStopOp, scope: Scope) -> None:
    """A broadcast channel that there is."""
    if op.broadcast is not None and not 0 <= number_of(op.broadcast) < BROADCASTS:
        refuse(
            op,
            f"{op.name} is on broadcast {number_of(op.broadcast)}",
            because=f"a tile has the broadcasts 0..{BROADCASTS - 1}",
        )
