"""What an operation with a body may hold: everything else would be passed over in silence."""

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation

from ironbird.ir import aie, aiex
from ironbird.ir.checks.scope import Scope, refuse

_DESCRIPTORS = ("aie.dma_bd", "aie.dma_bd_packet", "aie.use_lock", "aie.next_bd", "aie.end")
_PROGRAM = ("aie.dma_start", "aie.dma", *_DESCRIPTORS)
_SWITCH = ("aie.connect", "aie.amsel", "aie.masterset", "aie.packet_rules", "aie.end")
_CONTENTS: dict[type[Operation], tuple[str, ...]] = {
    aie.BdChainOp: _DESCRIPTORS,
    aie.DmaOp: _DESCRIPTORS,
    aie.MemOp: _PROGRAM,
    aie.MemtileDmaOp: _PROGRAM,
    aie.PacketFlowOp: ("aie.packet_source", "aie.packet_dest", "aie.end"),
    aie.PacketRulesOp: ("aie.rule", "aie.end"),
    aie.ShimDmaOp: _PROGRAM,
    aie.ShimMuxOp: _SWITCH,
    aie.SwitchboxOp: _SWITCH,
    aie.TraceConfigOp: ("aie.trace.reg", "aie.end"),
    aiex.DmaConfigureTaskForOp: _DESCRIPTORS,
    aiex.DmaConfigureTaskOp: _DESCRIPTORS,
}
# Where the counts of locks and run-time numbers come from; allowed in any of these bodies.
_NUMBERS = "arith."
_OF_THE_MODULE = ("aie.device", "aiex.scratchpad_parameter")


def check_nesting(op: Operation, scope: Scope) -> None:
    """An operation stands where somebody reads it."""
    parent = op.parent_op()
    if isinstance(parent, ModuleOp):
        if op.dialect_name() in ("aie", "aiex") and op.name not in _OF_THE_MODULE:
            refuse(op, f"{op.name} stands outside of a device")
        return
    contents = _CONTENTS.get(type(parent)) if parent is not None else None
    if parent is None or contents is None or op.name in contents or op.name.startswith(_NUMBERS):
        return
    refuse(
        op,
        f"{op.name} stands in an {parent.name}",
        because=f"that holds {', '.join(name for name in contents if name != 'aie.end')}",
    )
