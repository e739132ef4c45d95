"""Buffers placed by hand: memory of a tile, and memory of the host."""

from typing import Any

import numpy as np
import numpy.typing as npt

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir import aie
from ironbird.iron.core_buffers import MemRefValue
from ironbird.iron.core_values import ScalarValue
from ironbird.iron.dialects.builder import builder
from ironbird.iron.dialects.region import RegionKind, kind_of, region_of, value_of
from ironbird.iron.dialects.runtime_parameters import npu_write_rtp
from ironbird.iron.dialects.tiles import (
    PlacedTile,
    annotate,
    device_block,
    has_annotation,
)
from ironbird.iron.dialects.types import buffer_type
from ironbird.iron.mlir_types import dense_values, memref_type
from ironbird.iron.tracing import current_trace


class buffer(MemRefValue):
    """`buffer(tile, np.ndarray[(4,), np.dtype[np.int32]], name="gain")`, made in the device.

    A core reads and writes its elements; with `use_write_rtp` the sequence writes them as runtime
    parameters. `address` is in bytes from the start of the tile's memory.
    """

    @builder
    def __init__(
        self,
        tile: Any,
        datatype: Any,
        name: str | None = None,
        address: int | None = None,
        initial_value: npt.NDArray[Any] | None = None,
        use_write_rtp: bool = False,
        loc: Any = None,
        ip: Any = None,
        *,
        mem_bank: int | None = None,
        annot: str | None = None,
    ) -> None:
        label = "a buffer" if name is None else f"buffer {name!r}"
        trace = region_of(label, RegionKind.DEVICE)
        array = buffer_type(datatype, of=label)
        values = None if initial_value is None else np.asarray(initial_value)
        if values is not None and (
            values.shape != array.shape or values.dtype != array.element.dtype
        ):
            raise DesignError(
                f"{label} of {array} starts with a {values.dtype} array of shape {values.shape}",
                at=author_line(),
                because="shape and dtype must be those of the buffer",
            )
        self.op = trace.emit(
            aie.BufferOp(
                value_of(tile, f"the tile of {label}"),
                memref_type(array),
                name,
                address=address,
                mem_bank=mem_bank,
                initial_value=None
                if values is None
                else dense_values(values, array.element, as_tensor=True),
            )
        )
        annotate(self.op, annot)
        super().__init__(self.op.results[0])
        self.tile = tile
        self.use_write_rtp = use_write_rtp

    @property
    def name(self) -> str | None:
        """Its name, if it was given one."""
        return None if self.op.sym_name is None else self.op.sym_name.data

    def get_name(self) -> str | None:
        """Its name, as upstream's method."""
        return self.name

    @property
    def owner(self) -> aie.BufferOp:
        """Its operation, as upstream's values give it."""
        return self.op

    def __getitem__(self, idx: Any) -> ScalarValue | MemRefValue:
        self._refuse_outside("read")
        return super().__getitem__(idx)

    def __setitem__(self, idx: Any, source: Any) -> None:
        if kind_of(current_trace(self._label)) is not RegionKind.SEQUENCE:
            self._refuse_outside("written")
            super().__setitem__(idx, source)
        elif self.use_write_rtp:
            npu_write_rtp(self, idx, source)
        else:
            raise DesignError(
                f"{self._label} is written in a runtime sequence",
                at=author_line(),
                because="only runtime parameters can be written from the host",
                fix="buffer(..., use_write_rtp=True)",
            )

    def _refuse_outside(self, verb: str) -> None:
        """Refuse an element where no core would load or store it."""
        kind = kind_of(current_trace(self._label))
        if kind not in (RegionKind.CORE, RegionKind.FUNCTION):
            raise DesignError(
                f"{self._label} is {verb} in {kind}",
                at=author_line(),
                because="only a core reads and writes the elements of a buffer",
                fix="move it into a function with @core(tile)",
            )

    @property
    def _label(self) -> str:
        return "a buffer" if self.name is None else f"buffer {self.name!r}"


class external_buffer(MemRefValue):
    """`external_buffer(datatype, name)`: memory of the host that a shim DMA reaches."""

    @builder
    def __init__(
        self,
        datatype: Any,
        name: str | None = None,
        address: int | None = None,
        loc: Any = None,
        ip: Any = None,
    ) -> None:
        trace = region_of("external_buffer", RegionKind.DEVICE)
        array = buffer_type(datatype, of="external_buffer")
        self.op = trace.emit(aie.ExternalBufferOp(memref_type(array), name, address))
        super().__init__(self.op.results[0])


def find_matching_buffers(
    tiles: list[PlacedTile],
    sym_name: str | None = None,
    annot: str | None = None,
    device: Any = None,
) -> list[aie.BufferOp]:
    """The buffers on any of `tiles`, of a name and an annotation where these are given."""
    places = [tile.ssa for tile in tiles]
    return [
        op
        for op in device_block(device, "find_matching_buffers")
        if isinstance(op, aie.BufferOp)
        and op.tile in places
        and (sym_name is None or (op.sym_name is not None and op.sym_name.data == sym_name))
        and has_annotation(op, annot)
    ]
