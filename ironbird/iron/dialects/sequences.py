"""The host's sequence of a placed design: `@runtime_sequence(type, ...)`."""

from collections.abc import Callable, Sequence
from contextlib import contextmanager
from typing import Any

from xdsl.ir import Block, Region

from ironbird.base.source_line import author_line
from ironbird.ir import aie, aiex
from ironbird.iron.array_types import ArrayType
from ironbird.iron.core_values import ScalarValue
from ironbird.iron.dialects.builder import builder
from ironbird.iron.dialects.fifos import fifo_name
from ironbird.iron.dialects.region import (
    Built,
    RegionKind,
    building,
    region_of,
    value_of,
)
from ironbird.iron.dialects.types import argument_type
from ironbird.iron.mlir_types import memref_type, mlir_type
from ironbird.iron.runtime_tensor import RuntimeData


class PlacedSequence(Built):
    """A sequence under construction."""

    op: aie.RuntimeSequenceOp

    @property
    def sym_name(self) -> str:
        """Its name."""
        return self.op.sym_name.data


@builder
def runtime_sequence(
    *inputs: Any, sym_name: str | None = None, context: Any = None, loc: Any = None, ip: Any = None
) -> Callable[[Callable[..., Any]], PlacedSequence]:
    """`@runtime_sequence(type, ...)`: the function receives the host's tensors and numbers."""
    trace = region_of("runtime_sequence", RegionKind.DEVICE)
    at = author_line()
    arguments = [argument_type(each, of="an argument of the sequence") for each in inputs]
    types = [
        memref_type(each) if isinstance(each, ArrayType) else mlir_type(each) for each in arguments
    ]
    made = trace.emit(aie.RuntimeSequenceOp(types, sym_name or "sequence"))

    def build(body: Callable[..., Any]) -> PlacedSequence:
        block = made.body.block
        received = [
            RuntimeData(each, number, value) if isinstance(each, ArrayType) else ScalarValue(value)
            for number, (each, value) in enumerate(zip(arguments, block.args, strict=True))
        ]
        with building(block, f"the sequence {body.__name__!r}", at):
            body(*received)
        return PlacedSequence(made)

    return build


@builder
@contextmanager
def configure(symbol: Any, *, loc: Any = None, ip: Any = None) -> Any:
    """`with configure(device):` the array is configured as another device says, then used so."""
    trace = region_of("configure", RegionKind.SEQUENCE)
    region = Region(Block())
    trace.emit(aiex.ConfigureOp(fifo_name(symbol, "configure"), region))
    with building(region.block, "configure", author_line()):
        yield


@builder
def run(runtime_sequence_symbol: Any, args: Sequence[Any], **_place: Any) -> None:
    """Inside `configure`: run a sequence of the configured device with these tensors."""
    trace = region_of("run", RegionKind.SEQUENCE)
    values: list[Any] = [value_of(each, "an argument of run") for each in args]
    trace.emit(aiex.RunOp(fifo_name(runtime_sequence_symbol, "run"), values))
