"""Numbers that the sequence writes into a core's buffer: `npu_write_rtp(buffer, index, value)`."""

from typing import Any

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir import aie, aiex
from ironbird.iron.array_types import ArrayType
from ironbird.iron.core_buffers import MemRefValue
from ironbird.iron.dialects.region import Built, RegionKind, region_of
from ironbird.iron.dialects.tiles import device_block
from ironbird.iron.dialects.types import buffer_type
from ironbird.iron.parameter_write import write_parameter


class npu_write_rtp(Built):
    """Write element `index` of a buffer of 32-bit elements, given as it is or by its name."""

    op: aiex.NpuRtpWriteOp

    def __init__(
        self, buffer: Any, index: int, value: Any, loc: Any = None, ip: Any = None
    ) -> None:
        trace = region_of("npu_write_rtp", RegionKind.SEQUENCE)
        name = buffer if isinstance(buffer, str) else getattr(buffer, "name", None)
        if not isinstance(name, str):
            raise DesignError(
                "npu_write_rtp of a buffer without a name",
                at=author_line(),
                because="the sequence names the buffer that it writes",
                fix="buffer(tile, type, name=...)",
            )
        array = buffer.array if isinstance(buffer, MemRefValue) else _array_called(name)
        label = f"runtime parameter {name!r}"
        super().__init__(write_parameter(trace, name, index, value, array=array, label=label))


def _array_called(name: str) -> ArrayType:
    """The type of the buffer with a name. Refuses a name that no buffer made so far has."""
    for op in device_block(None, "npu_write_rtp"):
        if isinstance(op, aie.BufferOp) and op.sym_name is not None and op.sym_name.data == name:
            return buffer_type(op.buffer.type, of=f"buffer {name!r}")
    raise DesignError(
        f"npu_write_rtp of {name!r}",
        at=author_line(),
        because="no buffer made before the sequence has that name",
        fix=f"buffer(tile, type, name={name!r})",
    )
