"""`aiex.npu.writebd`: the fields of a descriptor as its registers hold them."""

from collections.abc import Mapping
from typing import ClassVar

from xdsl.irdl import irdl_op_definition, prop_def

from ironbird.ir.assembly import Format, FormattedOperation
from ironbird.ir.integers import Integer, as_i32
from ironbird.ir.pieces import Attributes


@irdl_op_definition
class NpuWritebdOp(FormattedOperation):
    """Write a descriptor. Sizes and strides are register values: strides are one less."""

    name = "aiex.npu.writebd"
    column = prop_def(Integer)
    row = prop_def(Integer)
    bd_id = prop_def(Integer)
    buffer_length = prop_def(Integer)
    buffer_offset = prop_def(Integer)
    enable_packet = prop_def(Integer)
    out_of_order_id = prop_def(Integer)
    packet_id = prop_def(Integer)
    packet_type = prop_def(Integer)
    d0_size = prop_def(Integer)
    d0_stride = prop_def(Integer)
    d1_size = prop_def(Integer)
    d1_stride = prop_def(Integer)
    d2_size = prop_def(Integer)
    d2_stride = prop_def(Integer)
    iteration_current = prop_def(Integer)
    iteration_size = prop_def(Integer)
    iteration_stride = prop_def(Integer)
    next_bd = prop_def(Integer)
    use_next_bd = prop_def(Integer)
    valid_bd = prop_def(Integer)
    lock_rel_val = prop_def(Integer)
    lock_rel_id = prop_def(Integer)
    lock_acq_enable = prop_def(Integer)
    lock_acq_val = prop_def(Integer)
    lock_acq_id = prop_def(Integer)
    d0_zero_before = prop_def(Integer)
    d1_zero_before = prop_def(Integer)
    d2_zero_before = prop_def(Integer)
    d0_zero_after = prop_def(Integer)
    d1_zero_after = prop_def(Integer)
    d2_zero_after = prop_def(Integer)
    burst_length = prop_def(Integer)
    FORMAT: ClassVar[Format] = (Attributes(),)

    def __init__(self, fields: Mapping[str, int]) -> None:
        super().__init__(properties={name: as_i32(value) for name, value in fields.items()})
