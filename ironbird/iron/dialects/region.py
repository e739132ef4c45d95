"""Where the operations of a placed design go: the region that the author's code stands in.

A placed design is built from the outside in: a module, a device, then cores, DMA programs and
sequences in it. Each body that runs is a `PlacedTrace` round the same `Trace` that the functions of
workers are traced with, so numbers, buffers and loops are those of `ironbird.iron`. Refuses what
stands in the wrong kind of region, such as a tile outside a device.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, NoReturn

from xdsl.dialects import memref
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import Block, BlockArgument, Operation, SSAValue
from xdsl.traits import IsTerminator

from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine, author_line
from ironbird.ir import aie, aiex
from ironbird.ir.locations import location_of, source_line_of
from ironbird.iron.device_body import CoreTrace
from ironbird.iron.dialects.builder import builder
from ironbird.iron.dialects.kernels import PlacedKernels
from ironbird.iron.runtime_tensor import RuntimeData
from ironbird.iron.sequence_trace import SequenceTrace
from ironbird.iron.tracing import OperationT, Trace, trace_if_any, tracing


class RegionKind(StrEnum):
    """What a body is, as a message says it."""

    MODULE = "a module"
    DEVICE = "a device"
    CORE = "a core"
    DMA = "a DMA program"
    SEQUENCE = "a runtime sequence"
    FUNCTION = "a function"
    SWITCH = "a switch"
    TRACE = "a trace"


_COMPUTING = ("arith", "cf", "math", "memref", "scf", "vector")

_KIND_OF_OWNER: dict[type[Operation], RegionKind] = {
    ModuleOp: RegionKind.MODULE,
    aie.DeviceOp: RegionKind.DEVICE,
    aie.CoreOp: RegionKind.CORE,
    aie.RuntimeSequenceOp: RegionKind.SEQUENCE,
    aiex.ConfigureOp: RegionKind.SEQUENCE,
    FuncOp: RegionKind.FUNCTION,
    aie.SwitchboxOp: RegionKind.SWITCH,
    aie.ShimMuxOp: RegionKind.SWITCH,
    aie.PacketRulesOp: RegionKind.SWITCH,
    aie.TraceOp: RegionKind.TRACE,
}


class PlacedTrace(Trace):
    """One region of a placed design being built; `outer` is the region that it stands in."""

    def __init__(
        self, block: Block, kind: RegionKind, what: str, at: SourceLine, outer: Trace | None
    ) -> None:
        Trace.__init__(self, block, what, at)
        self.kind = kind
        self.outer = outer
        self.computer = "sequence" if kind is RegionKind.SEQUENCE else "core"

    def sees(self, value: SSAValue) -> bool:
        """Whether a value is of this region or of one round it."""
        home = value.owner if isinstance(value, BlockArgument) else value.owner.parent_block()
        if home is None or any(opened.block is home for opened in self._open):
            return True
        return isinstance(self.outer, PlacedTrace) and self.outer.sees(value)

    def emit(self, op: OperationT, *, at: SourceLine | None = None) -> OperationT:
        """Append `op` to the innermost open body. Refuses what nobody would ever run."""
        computes = op.dialect_name() in _COMPUTING and not isinstance(op, memref.GlobalOp)
        if self.kind in (RegionKind.MODULE, RegionKind.DEVICE) and computes:
            raise DesignError(
                f"{op.name} in {self.what}",
                at=at or author_line(),
                because="only the functions of cores and sequences compute",
                fix="move it into a function with @core(tile) or @runtime_sequence(...)",
            )
        last = self.innermost.block.last_op
        if last is not None and last.has_trait(IsTerminator):
            raise DesignError(
                f"{op.name} behind the end of {self.innermost.what}",
                at=at or author_line(),
                because=f"{last.name} at {source_line_of(last)} ends it",
            )
        return super().emit(op, at=at)

    def _check_visible(self, value: SSAValue, line: SourceLine) -> None:
        if not self.sees(value):
            super()._check_visible(value, line)


class PlacedCoreTrace(PlacedTrace, CoreTrace):
    """A core of a placed design: kernels and `@func` functions can be called in it."""

    def __init__(
        self, block: Block, kind: RegionKind, what: str, at: SourceLine, outer: Trace | None
    ) -> None:
        PlacedTrace.__init__(self, block, kind, what, at, outer)
        self.body = PlacedKernels.of(block)  # type: ignore[assignment]

    @property
    def worker(self) -> NoReturn:  # type: ignore[override]
        """Refused: a placed core is no worker."""
        raise DesignError(
            f"a fifo, a Buffer or a barrier of aie.iron in {self.what}",
            at=author_line(),
            because="it belongs to a Worker, and this core was placed by hand",
            fix="object_fifo, buffer and lock of aie.dialects.aie",
        )


@contextmanager
def building(block: Block, what: str, at: SourceLine) -> Iterator[PlacedTrace]:
    """Let what the author builds go into `block`, until the `with` ends."""
    owner = block.parent_op()
    kind = next(
        (kind for type_, kind in _KIND_OF_OWNER.items() if isinstance(owner, type_)),
        RegionKind.DMA,
    )
    made = PlacedCoreTrace if kind in (RegionKind.CORE, RegionKind.FUNCTION) else PlacedTrace
    trace = made(block, kind, what, at, trace_if_any())
    if kind is RegionKind.DEVICE and isinstance(block.last_op, aie.EndOp):
        block.detach_op(block.last_op)
    with tracing(trace):
        yield trace
        trace.finish()
    if kind is RegionKind.DEVICE:
        _end(block, at)


def region_of(what: str, *kinds: RegionKind) -> Trace:
    """The region being built. Refuses `what` unless the region is of one of `kinds`."""
    trace = trace_if_any()
    wanted = " or ".join(kinds)
    if trace is None:
        raise DesignError(
            f"{what} outside of {wanted}",
            at=author_line(),
            because="it makes an operation, and there is no region for it to stand in",
            fix="`with mlir_mod_ctx() as ctx:`, and in it `@device(AIEDevice.npu1)`",
        )
    if kind_of(trace) not in kinds:
        raise DesignError(
            f"{what} in {trace.what}", at=author_line(), because=f"it is for {wanted}"
        )
    return trace


def kind_of(trace: Trace) -> RegionKind | None:
    """What a body is; the functions of workers are cores, that of a Runtime is a sequence."""
    if isinstance(trace, PlacedTrace):
        return trace.kind
    if isinstance(trace, SequenceTrace):
        return RegionKind.SEQUENCE
    return RegionKind.CORE if isinstance(trace, CoreTrace) else None


class Built:
    """An operation that an author made, and the value it gives."""

    def __init__(self, op: Operation) -> None:
        self.op = op

    def __init_subclass__(cls) -> None:
        if "__init__" in vars(cls):
            cls.__init__ = builder(cls.__init__)  # type: ignore[method-assign]

    @property
    def ssa(self) -> SSAValue:
        """Its one value."""
        return self.op.results[0]

    @property
    def result(self) -> SSAValue:
        """Its one value, as upstream calls it."""
        return self.ssa

    @property
    def operation(self) -> Operation:
        """The operation, as upstream calls it."""
        return self.op

    def __eq__(self, other: object) -> bool:
        """Whether both stand for one operation: what is found again equals what was made."""
        return isinstance(other, Built) and other.op is self.op

    def __hash__(self) -> int:
        return id(self.op)

    def __repr__(self) -> str:
        return f"<{self.op.name}>"


def value_of(given: Any, what: str) -> SSAValue:
    """The value that the author means; `what` names it in the refusal of anything else."""
    if isinstance(given, RuntimeData):
        return given.op
    if isinstance(given, SSAValue):
        return given
    if isinstance(given, Operation) and len(given.results) == 1:
        return given.results[0]
    ssa = getattr(given, "ssa", None)
    if isinstance(ssa, SSAValue):
        return ssa
    raise DesignError(f"{what} is a {type(given).__name__}", at=author_line())


def located(ops: Sequence[Operation], at: SourceLine) -> None:
    """Give operations the author's line, with all that they hold."""
    for op in ops:
        for each in op.walk():
            each.location = location_of(at)


def end_of(block: Block, at: SourceLine) -> None:
    """Close a body with `aie.end`, unless the author did."""
    if not isinstance(block.last_op, aie.EndOp):
        _end(block, at)


def _end(block: Block, at: SourceLine) -> None:
    end = aie.EndOp()
    end.location = location_of(at)
    block.add_op(end)
