"""Operations made by their constructors print like those of the samples."""

# ruff: noqa: E501, W291  (the lines are MLIR, shown as they are)

import pytest
from xdsl.dialects import arith
from xdsl.dialects.builtin import IntegerAttr, MemRefType, i32
from xdsl.ir import Block, Operation, Region

from ironbird.base.device import Bundle, Direction, Tile, TileKind
from ironbird.base.npu1 import NPU1
from ironbird.ir import aie, aiex, parse_module, print_operation
from ironbird.ir.aie import (
    AmselOp,
    BufferOp,
    CascadeFlowOp,
    ConfigureCascadeOp,
    ConnectOp,
    DeviceOp,
    DmaBdOp,
    DmaBdPacketOp,
    DmaStartOp,
    EndOp,
    ExternalBufferOp,
    FlowOp,
    LockOp,
    LogicalTileOp,
    MastersetOp,
    MemOp,
    NextBdOp,
    ObjectFifoAcquireOp,
    ObjectFifoAllocateOp,
    ObjectFifoLinkOp,
    ObjectFifoOp,
    ObjectFifoRegisterExternalBuffersOp,
    ObjectFifoSubviewAccessOp,
    PacketDestOp,
    PacketFlowOp,
    PacketInfoAttr,
    PacketRulesOp,
    PacketSourceOp,
    RuleOp,
    ShimDmaAllocationOp,
    ShimMuxOp,
    SwitchboxOp,
    TileOp,
    UseLockOp,
    device_of,
    pinned_place_of,
    tile_of,
)
from ironbird.ir.aiex import NpuPushQueueOp, NpuWritebdOp
from ironbird.ir.codes import DIRECTIONS, FifoPort, LockAction, LogicalTileType

WORDS = MemRefType(i32, [16])


def test_a_fifo_with_one_depth_has_it_at_every_end() -> None:
    fifo = ObjectFifoOp("in0", TileOp(0, 0), [TileOp(0, 2), TileOp(0, 3)], 2, WORDS)
    assert fifo.depths == (2, 2, 2)
    assert fifo.object_type == fifo.consumer_object_type == WORDS
    assert [layout.pairs() for layout in fifo.consumer_layouts] == [(), ()]


def test_a_fifo_with_a_depth_for_each_end_prints_their_types() -> None:
    fifo = ObjectFifoOp(
        "in0",
        TileOp(0, 1),
        [TileOp(0, 2)],
        [1, 3],
        WORDS,
        dimensions_to_stream=[(4, 4), (4, 1)],
        dimensions_from_stream_per_consumer=[[(16, 1)]],
    )
    assert fifo.depths == (1, 3)
    assert fifo.dimensions_to_stream.pairs() == ((4, 4), (4, 1))
    assert "[1 : i32, 3 : i32]" in print_operation(fifo)


def test_a_link_knows_its_fifos_by_name() -> None:
    link = ObjectFifoLinkOp(["a"], ["b", "c"], [], [0, 8])
    assert (link.input_names, link.output_names) == (("a",), ("b", "c"))
    assert print_operation(link) == "aie.objectfifo.link [@a] -> [@b, @c]([] [0, 8])"


def test_an_acquire_knows_its_fifo_and_end() -> None:
    acquire = ObjectFifoAcquireOp("in0", FifoPort.CONSUME, 2, WORDS)
    assert (acquire.fifo_name, acquire.fifo_port) == ("in0", FifoPort.CONSUME)
    access = ObjectFifoSubviewAccessOp(acquire, 1)
    assert access.output.type == WORDS


def test_a_descriptor_holds_numbers_and_values() -> None:
    number = arith.ConstantOp(IntegerAttr(8, i32))
    buffer = BufferOp(TileOp(0, 2), WORDS, "b")
    static = DmaBdOp(buffer, 4, 8, [2, 4], [4, 1], packet=PacketInfoAttr.of(3))
    assert static.is_static
    assert (static.offset_elements, static.length_elements) == (4, 8)
    assert static.dimensions == ((2, 4), (4, 1))
    assert not DmaBdOp(buffer, number.result).is_static


def test_a_descriptor_without_numbers_moves_the_whole_buffer() -> None:
    whole = DmaBdOp(BufferOp(TileOp(0, 2), WORDS, "b"))
    assert (whole.offset_elements, whole.length_elements, whole.dimensions) == (0, 16, ())


def test_a_dma_program_prints_its_blocks() -> None:
    tile = TileOp(0, 2)
    buffer = BufferOp(tile, WORDS, "b")
    start, transfer, end = Block(), Block(), Block([EndOp()])
    start.add_op(DmaStartOp(Direction.MM2S, 1, transfer, end, repeat_count=2))
    transfer.add_ops([DmaBdOp(buffer, 0, 16), NextBdOp(transfer)])
    device = DeviceOp(
        body=Region(Block([tile, buffer, MemOp(tile, Region([start, transfer, end]))]))
    )
    assert (
        print_operation(device)
        == """\
aie.device(npu1) {
  %tile_0_2 = aie.tile(0, 2)
  %b = aie.buffer(%tile_0_2) {sym_name = "b"} : memref<16xi32> 
  %mem_0_2 = aie.mem(%tile_0_2) {
    %0 = aie.dma_start(MM2S, 1, ^bb1, ^bb2, repeat_count = 2)
  ^bb1:  // 2 preds: ^bb0, ^bb1
    aie.dma_bd(%b : memref<16xi32> offset = 0 len = 16)
    aie.next_bd ^bb1
  ^bb2:  // pred: ^bb0
    aie.end
  }
}"""
    )


def test_a_switchbox_prints_circuits_and_packets() -> None:
    tile = TileOp(0, 2)
    select = AmselOp(0, 1)
    ways: list[Operation] = [
        ConnectOp((Bundle.SOUTH, 0), (Bundle.DMA, 0)),
        select,
        MastersetOp((Bundle.DMA, 1), [select], keep_pkt_header=True),
        PacketRulesOp((Bundle.SOUTH, 1), [RuleOp(31, 4, select)], is_ctrl_pkt_overlay=True),
    ]
    device = DeviceOp(body=Region(Block([tile, SwitchboxOp(tile, ways)])))
    assert (
        print_operation(device)
        == """\
aie.device(npu1) {
  %tile_0_2 = aie.tile(0, 2)
  %switchbox_0_2 = aie.switchbox(%tile_0_2) {
    aie.connect<South : 0, DMA : 0>
    %0 = aie.amsel<0> (1)
    %1 = aie.masterset(DMA : 1, %0) {keep_pkt_header = true}
    aie.packet_rules(South : 1) {
      aie.rule(31, 4, %0)
    } {is_ctrl_pkt_overlay}
  }
}"""
    )


def test_flows_know_their_ends() -> None:
    source, dest = TileOp(0, 0), TileOp(0, 2)
    flow = FlowOp(source, (Bundle.DMA, 0), dest, (Bundle.DMA, 1))
    assert (flow.source_port, flow.dest_port) == ((Bundle.DMA, 0), (Bundle.DMA, 1))
    packets = PacketFlowOp(
        3,
        PacketSourceOp(source, (Bundle.DMA, 0)),
        [PacketDestOp(dest, (Bundle.DMA, 1))],
        priority_route=True,
    )
    assert packets.packet_id == 3
    assert packets.source.port == (Bundle.DMA, 0)
    assert [end.port for end in packets.dests] == [(Bundle.DMA, 1)]


def test_tiles_know_their_places() -> None:
    placed, pinned = TileOp(1, 2), LogicalTileOp(LogicalTileType.MEMORY, 1, 1)
    assert tile_of(placed.result) == Tile(1, 2)
    assert tile_of(pinned.result) is None
    assert pinned_place_of(pinned.result) == Tile(1, 1)
    assert pinned.kind is TileKind.MEMORY
    assert LogicalTileType.of(TileKind.SHIM) is LogicalTileType.SHIM_NOC


def test_a_device_knows_its_model_and_its_end() -> None:
    device = DeviceOp("npu1", "one")
    tile = TileOp(0, 2)
    device.body.block.insert_op_before(tile, device.end)
    assert device.model is NPU1
    assert device_of(tile) is device
    assert device_of(device) is device


def test_a_lock_operation_knows_its_action() -> None:
    one = arith.ConstantOp(IntegerAttr(1, i32))
    use = UseLockOp(TileOp(0, 2), LockAction.RELEASE, one)
    assert use.lock_action is LockAction.RELEASE


def test_a_queue_word_keeps_the_order_of_its_operands() -> None:
    descriptor, repeat = (arith.ConstantOp(IntegerAttr(n, i32)) for n in (3, 7))
    push = NpuPushQueueOp(0, 0, Direction.MM2S, 1, descriptor, repeat, issue_token=True)
    assert push.operands[0] is repeat.result
    assert push.bd_id is descriptor.result


def test_an_allocation_has_its_packet_in_the_text() -> None:
    allocation = ShimDmaAllocationOp(
        "give", TileOp(0, 0), Direction.MM2S, 1, packet=PacketInfoAttr.of(2)
    )
    text = "module {\n aie.device(npu1) {\n %t = aie.tile(0, 0)\n aie.shim_dma_allocation @give(%t, MM2S, 1, <pkt_type = 0, pkt_id = 2>)\n }\n}"
    parsed = next(op for op in parse_module(text).walk() if isinstance(op, ShimDmaAllocationOp))
    assert parsed.properties == allocation.properties


def test_operations_of_the_sequence_print_as_in_the_samples() -> None:
    tile, host = TileOp(0, 2), ExternalBufferOp(WORDS, "host", 4096)
    zero = arith.ConstantOp(IntegerAttr(0, i32))
    block = Block(
        [
            ExternalBufferOp(WORDS),
            aiex.SetLockOp(LockOp(tile, 3), 1),
            aiex.DmaChannelResetOp(tile, Direction.S2MM, 1),
            aiex.DmaChannelResetForOp("in0"),
            aiex.CoreResetOp(tile),
            aiex.NpuDmaWaitOp("in0"),
            aiex.NpuPreemptOp(1),
            aiex.NpuLoadPdiOp("other"),
            aiex.NpuLoadPdiOp(id=3, size=2048, address=4096),
            aiex.NpuRtpWriteOp("knobs", 2, zero),
            aiex.NpuWrite32Op(zero, zero, column=0, row=2),
            aiex.NpuMaskwrite32Op(zero, zero, zero),
            aiex.NpuBlockwriteOp(host, 32, buffer="knobs"),
            aiex.NpuAddressPatchOp(118788, 1, zero),
            aiex.NpuSyncOp(zero, zero, zero, zero, zero, zero),
            aiex.RunOp("feed", [host.buffer]),
            aiex.ConfigureOp("other"),
            aiex.DmaConfigureTaskOp(tile, Direction.MM2S, 1, Region(Block([EndOp()]))),
            ObjectFifoAllocateOp("in0", tile),
            ObjectFifoRegisterExternalBuffersOp("in0", tile, [host]),
            CascadeFlowOp(tile, tile),
            ConfigureCascadeOp(tile, Bundle.WEST, Bundle.SOUTH),
            ShimMuxOp(tile),
            DmaBdPacketOp(1, 2),
            aie.WireOp(tile, Bundle.CORE, tile, Bundle.DMA),
            aie.PutStreamOp(zero, zero),
            aie.GetStreamOp(zero, i32),
            aie.PutCascadeOp(zero),
            aie.GetCascadeOp(i32),
            aie.BdChainOp("chain", Region(Block([EndOp()]))),
            aie.DmaOp(Direction.S2MM, 0, [Region(Block([DmaBdOp(host)]))], loop=False),
        ]
    )
    text = print_operation(DeviceOp(body=Region(block)))
    known = r"%<<unknown>>"
    assert [line.strip() for line in text.splitlines()[1:-1]] == [
        "%0 = aie.external_buffer : memref<16xi32>",
        f"aiex.set_lock({known}, 1)",
        f"aiex.dma_channel_reset({known}, S2MM, 1)",
        "aiex.dma_channel_reset_for(@in0)",
        f"aiex.core_reset({known})",
        "aiex.npu.dma_wait {symbol = @in0}",
        "aiex.npu.preempt {level = 1 : ui8}",
        "aiex.npu.load_pdi {device_ref = @other}",
        "aiex.npu.load_pdi {address = 4096 : ui64, id = 3 : i32, size = 2048 : i32}",
        f"aiex.npu.rtp_write(@knobs, 2, {known}) : i32",
        f"aiex.npu.write32({known}, {known}) {{column = 0 : i32, row = 2 : i32}} : i32, i32",
        f"aiex.npu.maskwrite32({known}, {known}, {known}) : i32, i32, i32",
        f"aiex.npu.blockwrite({known}) {{address = 32 : ui32, buffer = @knobs}} : memref<16xi32>",
        f"aiex.npu.address_patch({known} : i32) {{addr = 118788 : ui32, arg_idx = 1 : i32}}",
        f"aiex.npu.sync({', '.join([known] * 6)}) : i32, i32, i32, i32, i32, i32",
        f"aiex.run @feed({known}) : (memref<16xi32>)",
        "aiex.configure @other {",
        "}",
        f"%1 = aiex.dma_configure_task({known}, MM2S, 1) {{",
        "aie.end",
        "}",
        f"aie.objectfifo.allocate @in0({known})",
        f"aie.objectfifo.register_external_buffers @in0({known}, {{{known}}}) : (memref<16xi32>)",
        f"aie.cascade_flow({known}, {known})",
        f"aie.configure_cascade({known}, West, South)",
        f"%shim_mux_0_2 = aie.shim_mux({known}) {{",
        "}",
        "aie.dma_bd_packet(1, 2)",
        f"aie.wire({known} : Core, {known} : DMA)",
        f"aie.put_stream({known} : i32, {known} : i32)",
        f"%2 = aie.get_stream({known} : i32) : i32",
        f"aie.put_cascade({known} : i32)",
        "%3 = aie.get_cascade() : i32",
        "aie.bd_chain @chain() {",
        "aie.end",
        "}",
        "%4 = aie.dma(S2MM, 0) {loop = false} [{",
        f"aie.dma_bd({known} : memref<16xi32>)",
        "}]",
    ]


def test_a_word_outside_of_a_table_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^9 has no meaning; known: 0 S2MM, 1 MM2S$"):
        DIRECTIONS.word(IntegerAttr(9, i32))


def test_register_values_of_a_descriptor_print_sorted() -> None:
    assert print_operation(NpuWritebdOp({"row": 0, "bd_id": 2})) == (
        "aiex.npu.writebd {bd_id = 2 : i32, row = 0 : i32}"
    )
