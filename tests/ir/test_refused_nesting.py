"""Operations that stand where nobody would read them."""

import pytest

from tests.ir.refusals import Case, ids, refusal

PROGRAM = """\
%b = aie.buffer(%t) {sym_name = "b"} : memref<8xi32>
%d = aie.mem(%t) {
  %x = aie.dma_start(MM2S, 0, ^one, ^end)
^one:
  INSIDE
  aie.dma_bd(%b : memref<8xi32>)
  aie.next_bd ^one
^end:
  aie.end
}
"""
TASK = """\
aie.shim_dma_allocation @g(%s, MM2S, 0)
aie.runtime_sequence(%a : memref<8xi32>) {
  %x = aiex.dma_configure_task_for @g {
    INSIDE
    aie.dma_bd(%a : memref<8xi32>)
    aie.end
  }
}
"""
OF_A_PROGRAM = "aie.dma_start, aie.dma, aie.dma_bd, aie.dma_bd_packet, aie.use_lock, aie.next_bd"
OF_A_SWITCH = "aie.connect, aie.amsel, aie.masterset, aie.packet_rules"

CASES: list[Case] = [
    (
        "an event in a DMA program",
        PROGRAM.replace("INSIDE", "aie.event(0)"),
        f"in.mlir:11:7: aie.event stands in an aie.mem\n  because: that holds {OF_A_PROGRAM}",
    ),
    (
        "a loop in a DMA program",
        PROGRAM.replace(
            "INSIDE", "%i = arith.constant 1 : index\n  scf.for %j = %i to %i step %i {\n  }"
        ),
        f"in.mlir:12:7: scf.for stands in an aie.mem\n  because: that holds {OF_A_PROGRAM}",
    ),
    (
        "a flow in a task",
        TASK.replace("INSIDE", "aie.flow(%s, DMA : 0, %t, DMA : 0)"),
        "in.mlir:10:9: aie.flow stands in an aiex.dma_configure_task_for\n"
        "  because: that holds aie.dma_bd, aie.dma_bd_packet, aie.use_lock, aie.next_bd",
    ),
    (
        "an event in a switch",
        "aie.switchbox(%t) {\n  aie.event(0)\n}",
        f"in.mlir:8:7: aie.event stands in an aie.switchbox\n  because: that holds {OF_A_SWITCH}",
    ),
    (
        "a rule that belongs to no port",
        "aie.switchbox(%t) {\n  %a = aie.amsel<0> (0)\n  aie.rule(31, 1, %a)\n}",
        f"in.mlir:9:7: aie.rule stands in an aie.switchbox\n  because: that holds {OF_A_SWITCH}",
    ),
    (
        "an event in a packet flow",
        "aie.packet_flow(1) {\n  aie.packet_source<%s, DMA : 0>\n"
        "  aie.packet_dest<%t, DMA : 0>\n  aie.event(0)\n}",
        "in.mlir:10:7: aie.event stands in an aie.packet_flow\n"
        "  because: that holds aie.packet_source, aie.packet_dest",
    ),
    (
        "a sequence beside the device",
        "module {\n  aie.runtime_sequence() {\n  }\n}",
        "in.mlir:2:3: aie.runtime_sequence stands outside of a device",
    ),
    (
        "a mode of linking without a file to link",
        'func.func private @k(i32) attributes {link_with_mode = "merge"}',
        "in.mlir:7:5: function 'k' has link_with_mode without link_with\n"
        "  because: the mode says how its object file is linked\n"
        "  try: link_with as well",
    ),
    (
        "a computed offset in a DMA program",
        PROGRAM.replace("INSIDE", "%n = arith.constant 4 : i32").replace(
            "memref<8xi32>)\n  aie.next", "memref<8xi32> offset = %n len = 4)\n  aie.next"
        ),
        "in.mlir:12:7: a descriptor has numbers that come at run time\n"
        "  because: only a transfer of the runtime sequence on a shim tile can have them\n"
        "  try: the numbers themselves",
    ),
]


@pytest.mark.parametrize(("title", "text", "message"), CASES, ids=ids(CASES))
def test_it_is_refused(title: str, text: str, message: str) -> None:
    assert refusal(text) == message
