"""A worker: a core function and what it is called with, on one core of the grid."""

import sys
from collections.abc import Callable, Sequence
from typing import Any

from xdsl.dialects import scf
from xdsl.dialects.builtin import IndexType
from xdsl.ir import Block, Region

from ironbird.base.element_types import ELEMENT_TYPES
from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir import aie
from ironbird.ir.locations import named_location
from ironbird.iron.array_types import ArrayType
from ironbird.iron.barrier import WorkerRuntimeBarrier
from ironbird.iron.buffer import Buffer
from ironbird.iron.calls import flattened, function_name, refuse_wrong_count
from ironbird.iron.device import AIETileType, AnyComputeTile, Tile, endpoint_tile
from ironbird.iron.device_body import CoreTrace, DeviceBody
from ironbird.iron.earlier_arguments import placed
from ironbird.iron.flows import CascadeFlow
from ironbird.iron.lock import Lock
from ironbird.iron.mlir_types import INDEX
from ironbird.iron.names import next_serial
from ironbird.iron.object_fifo import ObjectFifo
from ironbird.iron.object_fifo_handle import ObjectFifoHandle
from ironbird.iron.placeable import Placeable
from ironbird.iron.tracing import tracing


class Worker(Placeable):
    """`Worker(function, [fifo.cons(), other.prod(), kernel])`.

    core_fn: called once with fn_args while the program is resolved; None: the core does nothing.
    while_true: run the body for ever; otherwise once.
    stack_size: bytes, the device's default unless given.
    data_size: bytes of its memory kept free for what its kernels hold between calls.
    allocation_scheme: how buffers get addresses on its tile, `basic-sequential` or `bank-aware`.
    dynamic_objfifo_lowering: keep loops over fifos rolled (True) or unroll them (False).
    trace: whether `enable_trace` records this core, if it names no workers; any number.
    trace_events: what it records here, in place of the events that `enable_trace` names.
    """

    def __init__(
        self,
        core_fn: Callable[..., Any] | None,
        fn_args: Sequence[Any] | None = None,
        tile: Tile = AnyComputeTile,
        while_true: bool = True,
        stack_size: int | None = None,
        allocation_scheme: str | int | None = None,
        trace: int | None = None,
        trace_events: Sequence[Any] | None = None,
        dynamic_objfifo_lowering: bool | None = None,
        *,
        data_size: int | None = None,
        placement: Tile | None = None,
    ) -> None:
        self.created_at = author_line()
        self.serial = next_serial()
        self.core_fn = core_fn
        self.fn_args = list(fn_args or ())
        self.while_true = while_true
        self.stack_size = _checked_bytes("stack_size", stack_size)
        if isinstance(allocation_scheme, int):  # data_size stands in its place since 1.4.5
            data_size, allocation_scheme = allocation_scheme, None
        self.trace = trace
        self.trace_events = list(trace_events or ())
        self.dynamic_objfifo_lowering = dynamic_objfifo_lowering
        wish = placed(tile, placement, self.endpoint_label, default=AnyComputeTile)
        kinds = (AIETileType.CoreTile,)
        super().__init__(endpoint_tile(wish, kinds, of=self.endpoint_label, at=self.created_at))
        if allocation_scheme is not None:
            self.tile.allocation_scheme = allocation_scheme
        self.reserved = self._reserve(_checked_bytes("data_size", data_size))
        self.cascades: list[CascadeFlow] = []
        for argument in self.flat_fn_args:
            self._take(argument)
        if core_fn is not None:
            refuse_wrong_count(core_fn, self.fn_args, of=self.endpoint_label, at=self.created_at)

    @staticmethod
    def grid(rows: int, cols: int, factory: Callable[[int, int], "Worker"]) -> "list[list[Worker]]":
        """`factory(row, col)` for every cell, row by row."""
        return [[factory(row, col) for col in range(cols)] for row in range(rows)]

    @property
    def core_name(self) -> str:
        """The name of the core function."""
        return function_name(self.core_fn)

    @property
    def endpoint_label(self) -> str:
        """How messages name it."""
        return f"the Worker of {self.core_name!r}"

    @property
    def flat_fn_args(self) -> list[Any]:
        """The arguments with nested lists opened."""
        return list(flattened(self.fn_args))

    @property
    def fifos(self) -> list[ObjectFifoHandle]:
        """The fifo ends among the arguments."""
        return [each for each in self.flat_fn_args if isinstance(each, ObjectFifoHandle)]

    @property
    def buffers(self) -> list[Buffer]:
        """The buffers among the arguments."""
        return [each for each in self.flat_fn_args if isinstance(each, Buffer)]

    @property
    def all_buffers(self) -> list[Buffer]:
        """The buffers among the arguments, and the one that `data_size` reserves."""
        return [*self.buffers, *([] if self.reserved is None else [self.reserved])]

    def _reserve(self, data_size: int | None) -> Buffer | None:
        """A buffer that nobody writes, so that nothing else is placed where kernels keep theirs."""
        if data_size is None:
            return None
        reserved = Buffer(ArrayType((data_size,), ELEMENT_TYPES["i8"]), tile=self.tile)
        reserved.name_stem = "reserved"
        return reserved

    def _take(self, argument: Any) -> None:
        if isinstance(argument, ObjectFifo):
            raise DesignError(
                "Cannot give an ObjectFifo directly to a worker; must give an ObjectFifoHandle "
                "obtained through ObjectFifo.prod() or ObjectFifo.cons()",
                at=self.created_at,
                because=f"{argument.label} is in the fn_args of {self.endpoint_label}",
            )
        if isinstance(argument, ObjectFifoHandle | WorkerRuntimeBarrier):
            argument.attach(self)
        elif isinstance(argument, Buffer) and not argument.is_pinned:
            argument.place(self.tile)

    def emit(self, body: DeviceBody) -> None:
        """Trace the core function into an `aie.core`."""
        for buffer in self.all_buffers:
            body.buffer(buffer)
        for argument in self.flat_fn_args:
            if isinstance(argument, WorkerRuntimeBarrier):
                body.barrier_lock(argument, self)
            elif isinstance(argument, Lock):
                body.lock(argument)
        block = Block()
        core = aie.CoreOp(
            body.tile(self.tile, self.created_at),
            Region(block),
            stack_size=self.stack_size,
            dynamic_objfifo_lowering=self.dynamic_objfifo_lowering,
        )
        core.location = named_location(self.core_name, self.created_at)
        trace = CoreTrace(block, body, self)
        with tracing(trace):
            if self.while_true or self.core_fn is None:
                self._emit_endless(trace)
            else:
                self._call()
        trace.finish()
        trace.emit(aie.EndOp(), at=self.created_at)
        body.cores.append(core)
        self._refuse_unused_ends(trace)

    def _emit_endless(self, trace: CoreTrace) -> None:
        """The body in a loop of as many turns as an index can count."""
        start, stop, step = (trace.constant(value, INDEX) for value in (0, sys.maxsize, 1))
        turn = Block(arg_types=[IndexType()])
        trace.emit(scf.ForOp(start, stop, step, [], Region(turn)), at=self.created_at)
        opened = trace.open(turn, self.core_name)
        self._call()
        trace.expect_innermost(opened)
        trace.emit(scf.YieldOp(), at=self.created_at)
        trace.close(opened)

    def _call(self) -> None:
        if self.core_fn is None:
            return
        self.core_fn(*self.fn_args)

    def _refuse_unused_ends(self, trace: CoreTrace) -> None:
        """An end that never acquires stops the other end of the fifo for ever."""
        if self.core_fn is None:
            return
        for handle in self.fifos:
            fifo = handle.fifo
            if handle in trace.acquired or fifo.aie_stream is not None:
                continue
            if handle.is_prod and fifo.init_values is not None:
                continue
            verb, other = (
                ("fills", "consumers wait") if handle.is_prod else ("consumes", "producer waits")
            )
            raise DesignError(
                f"nobody {verb} {fifo.label}",
                at=self.created_at,
                because=f"{self.endpoint_label} has its {handle.handle_type} handle and never "
                f"acquires; the {other} for ever",
                fix=f"acquire and release it in {self.core_name!r}",
            )

    def __repr__(self) -> str:
        return f"<{self.endpoint_label} on {self.tile!r}>"


def _checked_bytes(name: str, value: int | None) -> int | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value <= 0):
        raise DesignError(
            f"Worker({name}={value!r})", at=author_line(), because="it is a number of bytes above 0"
        )
    return value
