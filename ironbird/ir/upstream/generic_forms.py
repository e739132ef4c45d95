"""The generic form of an operation, made equal to what its compact form is read as."""

from xdsl.dialects import arith
from xdsl.dialects.builtin import IntegerAttr
from xdsl.ir import Attribute, Block, Operation
from xdsl.irdl import IRDLOperation
from xdsl.traits import NoTerminator

_NO_OVERFLOW = arith.IntegerOverflowAttr("none")


def as_compact(op: Operation) -> Operation:
    """`op`, changed where MLIR writes out what the compact form leaves out."""
    if isinstance(op, arith.TruncIOp) and op.properties.get("overflowFlags") == _NO_OVERFLOW:
        # xDSL's operation has no such property.
        del op.properties["overflowFlags"]
    if op.name == "aie.dma_bd" and _is_zero(op.properties.get("burst_length")):
        del op.properties["burst_length"]
    if op.name == "aiex.npu.dma_memcpy_nd" and _is_zero(op.properties.get("issue_token")):
        del op.properties["issue_token"]
    if op.has_trait(NoTerminator):
        for region in op.regions:
            # An empty block without arguments is written as an empty region.
            if region.first_block is None:
                region.add_block(Block())
    return op


def _is_zero(attribute: object) -> bool:
    return isinstance(attribute, IntegerAttr) and attribute.value.data == 0


def written_out(op: Operation) -> tuple[dict[str, Attribute], dict[str, Attribute]]:
    """The properties and the other attributes that MLIR writes in the generic form of `op`."""
    properties, attributes = dict(op.properties), dict(op.attributes)
    if isinstance(op, IRDLOperation) and op.dialect_name() in ("aie", "aiex"):
        for name, declared in op.get_irdl_definition().properties.items():
            if declared.default_value is not None:
                properties.setdefault(name, declared.default_value)
    if isinstance(op, arith.TruncIOp):
        properties.setdefault("overflowFlags", _NO_OVERFLOW)
    if op.name == "aie.tile" and "controller_id" in properties:
        attributes["controller_id"] = properties.pop("controller_id")
    return properties, attributes
