"""The host's side of a program: a function that starts transfers, traced into a sequence."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from xdsl.ir import Attribute, Block

from ironbird.base.element_types import ELEMENT_TYPES, ElementType, element_type_of
from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir import aie
from ironbird.ir.locations import location_of
from ironbird.iron.array_types import (
    ArrayType,
    array_type,
    is_array_annotation,
    is_scalar_annotation,
    scalar_type,
)
from ironbird.iron.calls import flattened, function_name, refuse_wrong_count
from ironbird.iron.core_values import ScalarValue
from ironbird.iron.device_body import DeviceBody
from ironbird.iron.flows import Flow, PacketFlow
from ironbird.iron.lock import Lock
from ironbird.iron.markers import DispatchTimeArgument
from ironbird.iron.mlir_types import memref_type, mlir_type
from ironbird.iron.names import next_serial
from ironbird.iron.object_fifo import ObjectFifo
from ironbird.iron.object_fifo_handle import ObjectFifoHandle
from ironbird.iron.runtime_tensor import RuntimeData
from ironbird.iron.sequence_trace import SequenceTrace
from ironbird.iron.tile_dma import TileDma
from ironbird.iron.tracing import tracing

IronRuntimeError = DesignError


class Runtime:
    """`Runtime(function, [tensor type, ..., fifo.prod(), ...])`.

    The function is called once while the program is resolved, with one argument for each entry: a
    tensor for an array type, a number of the host for a scalar type, a constant for an integer;
    handles, buffers and barriers come as they are, in lists too.
    """

    def __init__(
        self,
        seq_fn: Callable[..., Any] | None = None,
        fn_args: Sequence[Any] | None = None,
        *,
        name: str | None = None,
        strict_task_groups: bool = True,
        implicit_configure: bool = True,
    ) -> None:
        self.created_at = author_line()
        self.serial = next_serial()
        if seq_fn is None or not callable(seq_fn):
            raise DesignError(
                "Runtime() without a function",
                at=self.created_at,
                because="IRON 1.4 describes the sequence in a function, not in "
                "`with rt.sequence(...)`",
                fix="Runtime(function, [type, ..., fifo.prod(), ...])",
            )
        self.seq_fn = seq_fn
        self.fn_args = list(fn_args or ())
        refuse_wrong_count(seq_fn, self.fn_args, of=self._label, at=self.created_at)
        self.name = name
        self.strict_task_groups = strict_task_groups
        self.implicit_configure = implicit_configure
        self.flows: list[Flow | PacketFlow] = []
        self.locks: list[Lock] = []
        self.tile_dmas: list[TileDma] = []
        for handle in self.fifos:
            handle.attach_host()

    @property
    def _label(self) -> str:
        return f"the sequence {function_name(self.seq_fn)!r}"

    @property
    def fifos(self) -> list[ObjectFifoHandle]:
        """The fifo ends among the arguments."""
        return [each for each in flattened(self.fn_args) if isinstance(each, ObjectFifoHandle)]

    @property
    def flat_fn_args(self) -> list[Any]:
        """The arguments with nested lists opened."""
        return list(flattened(self.fn_args))

    def add_flow(self, flow: Flow | PacketFlow) -> None:
        """Add a flow placed by hand."""
        self.flows.append(flow)

    def add_lock(self, lock: Lock) -> None:
        """Add a lock placed by hand."""
        self.locks.append(lock)

    def add_tile_dma(self, tile_dma: TileDma) -> None:
        """Add a DMA program written by hand."""
        self.tile_dmas.append(tile_dma)

    def register_parameter(self, parameter: Any) -> None:
        """Refused: scratchpad parameters exist on npu2 only."""
        raise _no_scratchpad("Runtime.register_parameter()")

    def emit(self, body: DeviceBody) -> SequenceTrace:
        """Trace the function into an `aie.runtime_sequence`."""
        types: list[Attribute] = []
        self._collect_types(self.fn_args, types)
        sequence = aie.RuntimeSequenceOp(types, self.name or "sequence")
        sequence.location = location_of(self.created_at)
        block = sequence.body.block
        trace = SequenceTrace(
            block,
            body,
            self._label,
            self.created_at,
            self.strict_task_groups,
        )
        with tracing(trace):
            self.seq_fn(*self._arguments(self.fn_args, trace, block, iter(range(len(types)))))
            trace.finish()
            trace.close_groups()
        body.sequences.append(sequence)
        self._refuse_unmoved(trace)
        return trace

    def _collect_types(self, entries: Sequence[Any], types: list[Attribute]) -> None:
        for entry in entries:
            if isinstance(entry, list | tuple):
                self._collect_types(entry, types)
                continue
            argument = _argument_type(entry, self)
            if isinstance(argument, ArrayType):
                types.append(memref_type(argument))
            elif argument is not None:
                types.append(mlir_type(argument))

    def _arguments(
        self, entries: Sequence[Any], trace: SequenceTrace, block: Block, numbers: Iterator[int]
    ) -> list[Any]:
        received: list[Any] = []
        for entry in entries:
            if isinstance(entry, list | tuple):
                nested = self._arguments(entry, trace, block, numbers)
                received.append(type(entry)(nested))
                continue
            argument = _argument_type(entry, self)
            if isinstance(argument, ArrayType):
                number = next(numbers)
                received.append(RuntimeData(argument, block.args[number], number))
            elif argument is not None:
                received.append(ScalarValue(block.args[next(numbers)]))
            elif isinstance(entry, int | np.integer) and not isinstance(entry, bool):
                received.append(ScalarValue(trace.constant(int(entry), _type_of_integer(entry))))
            elif isinstance(entry, ObjectFifo):
                raise DesignError(
                    "Cannot give an ObjectFifo directly to a Runtime",
                    at=self.created_at,
                    because=f"{entry.label} has two sides",
                    fix="fifo.prod() to fill it, fifo.cons() to drain it",
                )
            else:
                received.append(entry)
        return received

    def _refuse_unmoved(self, trace: SequenceTrace) -> None:
        """A fifo end of the host without a transfer stops its other end for ever."""
        for handle in self.fifos:
            if handle in trace.moved or (handle.is_prod and handle.fifo.init_values is not None):
                continue
            verb, call = ("fills", "fill") if handle.is_prod else ("consumes", "drain")
            raise DesignError(
                f"nobody {verb} {handle.fifo.label}",
                at=self.created_at,
                because=f"{trace.what} was given its {handle.handle_type} handle and never calls "
                f"{call}()",
                fix=f"{call}(tensor)",
            )


def sync_parameters() -> None:
    """Refused: scratchpad parameters exist on npu2 only."""
    raise _no_scratchpad("sync_parameters()")


class ScratchpadParameter:
    """Refused: scratchpad parameters exist on npu2 only."""

    def __init__(self, name: str, dtype: Any) -> None:
        raise _no_scratchpad(f"ScratchpadParameter({name!r})")


def _no_scratchpad(what: str) -> DesignError:
    return DesignError(
        what,
        at=author_line(),
        because="scratchpad parameters need the full-ELF flow of npu2",
        fix="Buffer(..., use_write_rtp=True)",
    )


def _argument_type(entry: Any, runtime: Runtime) -> ArrayType | ElementType | None:
    """The type of the sequence's argument that an entry asks for; None if it asks for none."""
    if is_array_annotation(entry):
        return array_type(entry, of="an argument of the sequence")
    if isinstance(entry, DispatchTimeArgument):
        return entry.element
    if not is_scalar_annotation(entry):
        return None
    element = scalar_type(entry, of="an argument of the sequence")
    if element.is_unsigned:
        raise DesignError(
            f"an argument of the sequence has the unsigned type {element}",
            at=runtime.created_at,
            because="mlir's arith operations are signless",
            fix=f"np.{element.dtype.name.removeprefix('u')}",
        )
    return element


def _type_of_integer(entry: int | np.integer[Any]) -> ElementType:
    if isinstance(entry, np.integer):
        return element_type_of(entry.dtype)
    return ELEMENT_TYPES["i32"]
