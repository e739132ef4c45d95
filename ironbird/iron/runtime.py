"""The host's side of a program: a function that starts transfers, traced into a sequence."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from xdsl.ir import Attribute, Block, SSAValue

from ironbird.base.element_types import ELEMENT_TYPES, ElementType, element_type_of
from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir import aie
from ironbird.ir.aiex import RunOp
from ironbird.ir.integers import as_i32
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
from ironbird.iron.device import Tile
from ironbird.iron.device_body import DeviceBody
from ironbird.iron.flows import Flow, PacketFlow
from ironbird.iron.lock import Lock
from ironbird.iron.markers import DispatchTimeArgument
from ironbird.iron.mlir_types import memref_type, mlir_type
from ironbird.iron.names import next_serial
from ironbird.iron.object_fifo import ObjectFifo
from ironbird.iron.object_fifo_handle import ObjectFifoHandle
from ironbird.iron.recorded_sequence import RecordedSequence
from ironbird.iron.runtime_tensor import RuntimeData
from ironbird.iron.sequence_trace import SequenceTrace, current_sequence
from ironbird.iron.tile_dma import TileDma
from ironbird.iron.tracing import tracing

if TYPE_CHECKING:
    from ironbird.iron.configuration import DeviceConfiguration

IronRuntimeError = DesignError

# `expand_mode` of aiex.configure: the sequence writes the configuration word by word.
EXPAND_TO_WRITES = 1


class Runtime(RecordedSequence):
    """`Runtime(function, [tensor type, ..., fifo.prod(), ...])`.

    The function is called once while the program is resolved, with one argument for each entry: a
    tensor for an array type, a number of the host for a scalar type, a constant for an integer;
    handles, buffers and barriers come as they are, in lists too.

    `Runtime()` without a function is the form before IRON 1.4: see `RecordedSequence`. Its only
    argument, `strict_task_groups`, may come first, as it did then.
    """

    def __init__(
        self,
        seq_fn: Callable[..., Any] | bool | None = None,
        fn_args: Sequence[Any] | None = None,
        *,
        name: str | None = None,
        strict_task_groups: bool = True,
        implicit_configure: bool = True,
    ) -> None:
        self.created_at = author_line()
        self.serial = next_serial()
        if isinstance(seq_fn, bool):
            strict_task_groups = seq_fn
            seq_fn = None
        super().__init__(is_function=seq_fn is not None)
        if seq_fn is not None and not callable(seq_fn):
            raise DesignError(
                f"Runtime() of a {type(seq_fn).__name__}",
                at=self.created_at,
                because="it takes a function and the arguments to call it with",
                fix="Runtime(function, [type, ..., fifo.prod(), ...])",
            )
        self.seq_fn = seq_fn
        self.fn_args = list(fn_args or ())
        if seq_fn is not None:
            refuse_wrong_count(seq_fn, self.fn_args, of=self._label, at=self.created_at)
        self.name = name
        self.strict_task_groups = strict_task_groups
        self.implicit_configure = implicit_configure
        self.trace_options: dict[str, Any] | None = None
        self.configuration: DeviceConfiguration | None = None
        self.expand_load_pdis: bool | None = None
        self.flows: list[Flow | PacketFlow] = []
        self.locks: list[Lock] = []
        self.tile_dmas: list[TileDma] = []
        for handle in self.fifos:
            handle.attach_host()

    @property
    def _label(self) -> str:
        return f"the sequence {function_name(self.seq_fn)!r}" if self.seq_fn else "the sequence"

    @property
    def fifos(self) -> list[ObjectFifoHandle]:
        """The fifo ends among the arguments, each once."""
        given = [each for each in self.flat_fn_args if isinstance(each, ObjectFifoHandle)]
        return list(dict.fromkeys(given))

    @property
    def flat_fn_args(self) -> list[Any]:
        """The arguments with nested lists opened; what the recorded calls were given."""
        return [*flattened(self.fn_args), *self.recorded_arguments]

    def enable_trace(
        self,
        trace_size: int | None = None,
        workers: Sequence[Any] | None = None,
        ddr_id: int = 4,
        coretile_events: Sequence[Any] | None = None,
        coremem_events: Sequence[Any] | None = None,
        memtile_events: Sequence[Any] | None = None,
        shimtile_events: Sequence[Any] | None = None,
    ) -> None:
        """What is `Program.enable_trace` since IRON 1.4; kept until the program is resolved."""
        self.trace_options = {
            "trace_size": trace_size,
            "workers": workers,
            "ddr_id": ddr_id,
            "coretile_events": coretile_events,
            "coremem_events": coremem_events,
            "memtile_events": memtile_events,
            "shimtile_events": shimtile_events,
            "at": author_line(),
        }

    def get_first_cons_shimtile(self) -> Tile | None:
        """The shim tile of the first fifo that the host drains; None if there is none."""
        ends = [handle.endpoint_tile for handle in self.fifos if not handle.is_prod]
        return ends[0] if ends else None

    @property
    def symbol(self) -> str:
        """The name of the sequence in the module."""
        return self.name or "sequence"

    def call(self, *args: Any) -> None:
        """In an entry sequence: run this one, of the configuration that is loaded.

        Outside of any `configure()` its own configuration is loaded first, unless the Runtime was
        made with implicit_configure=False.
        """
        what = f"Runtime.call() of {self._label}"
        trace = current_sequence(what)
        if self.configuration is None:
            raise DesignError(
                what,
                at=author_line(),
                because="the Runtime belongs to no DeviceConfiguration",
                fix="DeviceConfiguration(name, device, runtimes=[...])",
            )
        if trace.configuration is None and self.implicit_configure:
            with self.configuration.configure():
                self.call(*args)
            return
        if trace.configuration is not self.configuration:
            loaded = trace.configuration
            raise DesignError(
                what,
                at=author_line(),
                because=f"it belongs to configuration {self.configuration.name!r}, and "
                + (f"{loaded.name!r} is loaded" if loaded is not None else "none is loaded"),
                fix="with configuration.configure():",
            )
        trace.emit(RunOp(self.symbol, [_run_argument(each, what) for each in args]))

    def add_flow(self, flow: Flow | PacketFlow) -> None:
        """Add a flow placed by hand."""
        self.flows.append(flow)

    def add_lock(self, lock: Lock) -> None:
        """Add a lock placed by hand."""
        self.locks.append(lock)

    def add_tile_dma(self, tile_dma: TileDma) -> None:
        """Add a DMA program written by hand."""
        self.tile_dmas.append(tile_dma)

    def sync_parameters(self) -> None:
        """Refused: scratchpad parameters exist on npu2 only."""
        raise _no_scratchpad("Runtime.sync_parameters()")

    def register_parameter(self, parameter: Any) -> None:
        """Refused: scratchpad parameters exist on npu2 only."""
        raise _no_scratchpad("Runtime.register_parameter()")

    def emit(self, body: DeviceBody) -> SequenceTrace:
        """Trace the function into an `aie.runtime_sequence`."""
        function, fn_args = self._function()
        types: list[Attribute] = []
        self._collect_types(fn_args, types)
        sequence = aie.RuntimeSequenceOp(types, self.symbol)
        sequence.location = location_of(self.created_at)
        block = sequence.body.block
        trace = SequenceTrace(
            block,
            body,
            self._label,
            self.created_at,
            self.strict_task_groups,
        )
        if self.expand_load_pdis:
            trace.expand_mode = as_i32(EXPAND_TO_WRITES)
        with tracing(trace):
            function(*self._arguments(fn_args, trace, block, iter(range(len(types)))))
            trace.finish()
            trace.close_groups()
        body.sequences.append(sequence)
        self._refuse_unmoved(trace)
        return trace

    def _function(self) -> tuple[Callable[..., Any], Sequence[Any]]:
        """What is called to emit the sequence, and the entries for its arguments."""
        if callable(self.seq_fn):
            return self.seq_fn, self.fn_args
        if self.tensors is None:
            raise DesignError(
                "a Runtime without a sequence",
                at=self.created_at,
                because="it was made without a function, and rt.sequence(...) was never called",
                fix="Runtime(function, [type, ..., fifo.prod(), ...]), or "
                "`with rt.sequence(type, ...) as (a, ...)`",
            )
        return self.replay, self.tensors

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
            if isinstance(entry, RuntimeData):
                entry.op = block.args[next(numbers)]
                received.append(entry)
            elif isinstance(argument, ArrayType):
                number = next(numbers)
                received.append(RuntimeData(argument, number, block.args[number]))
            elif argument is not None:
                number = next(numbers)
                if isinstance(entry, DispatchTimeArgument):
                    entry.forward(number)
                received.append(ScalarValue(block.args[number]))
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


def _run_argument(given: Any, what: str) -> SSAValue:
    if isinstance(given, RuntimeData):
        return given.op
    raise DesignError(
        f"{what} with a {type(given).__name__}",
        at=author_line(),
        because="it takes the tensors of the entry sequence",
    )


def sync_parameters() -> None:
    """Refused: scratchpad parameters exist on npu2 only."""
    raise _no_scratchpad("sync_parameters()")


class ScratchpadParameter:
    """Refused: scratchpad parameters exist on npu2 only."""

    def __init__(self, name: str, dtype: Any) -> None:
        raise _no_scratchpad(f"ScratchpadParameter({name!r})")


class ParameterScratchpad:
    """Refused: the host's side of scratchpad parameters, which exist on npu2 only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise _no_scratchpad("ParameterScratchpad()")


def _no_scratchpad(what: str) -> DesignError:
    return DesignError(
        what,
        at=author_line(),
        because="scratchpad parameters need the full-ELF flow of npu2",
        fix="Buffer(..., use_write_rtp=True)",
    )


def _argument_type(entry: Any, runtime: Runtime) -> ArrayType | ElementType | None:
    """The type of the sequence's argument that an entry asks for; None if it asks for none."""
    if isinstance(entry, RuntimeData):
        return entry.array
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
