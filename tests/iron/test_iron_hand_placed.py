"""Locks, flows, cascades and DMA programs that the author places by hand."""

# ruff: noqa: E501 (lines of MLIR are quoted whole)

from iron_programs import array, golden, text_of

from ironbird.iron import (
    Acquire,
    Bd,
    Buffer,
    CascadeFlow,
    DmaChannel,
    Flow,
    Lock,
    ObjectFifo,
    PacketDest,
    PacketFlow,
    Program,
    Release,
    Runtime,
    TileDma,
    Worker,
)
from ironbird.iron.controlflow import range_
from ironbird.iron.device import NPU1, Tile
from ironbird.iron.dialect_words import WireBundle


def hand_placed_program() -> Program:
    """The host sends 32 words to a core, which adds 100 and sends them back."""
    shim, place = Tile(0, 0), Tile(0, 2)
    box = Buffer(array(32), name="box", tile=place)
    free, full, done = (
        Lock(place, init=init, name=name) for init, name in ((1, "free"), (0, "full"), (0, "done"))
    )
    incoming = Flow(shim, place, dst_port=WireBundle.DMA, shim_symbol="send")
    outgoing = Flow(place, shim, shim_symbol="gather")

    def core(values, ready, finished):
        ready.acquire(1)
        for i in range_(32):
            values[i] = values[i] + 100
        finished.release(1)

    worker = Worker(core, [box, full, done], tile=place)

    def sequence(a, b):
        incoming.fill(a)
        outgoing.drain(b, wait=True)

    runtime = Runtime(sequence, [array(32), array(32)])
    for flow in (incoming, outgoing):
        runtime.add_flow(flow)
    for lock in (free, full, done):
        runtime.add_lock(lock)
    runtime.add_tile_dma(
        TileDma(
            place,
            [
                DmaChannel(
                    "S2MM", 0, [Bd(box, acquires=[Acquire(free)], releases=[Release(full)])]
                ),
                DmaChannel(
                    "MM2S", 0, [Bd(box, acquires=[Acquire(done)], releases=[Release(free)])]
                ),
            ],
        )
    )
    return Program(NPU1(), runtime, [worker])


def test_a_program_of_hand_placed_parts():
    assert text_of(hand_placed_program()) == golden("hand_placed.mlir")


def test_packet_flows_and_chains_that_end():
    shim, near, far = Tile(0, 0), Tile(0, 2), Tile(0, 3)
    runtime = Runtime(lambda: None, [])
    runtime.add_flow(
        PacketFlow(5, shim, near, dst_channel=1, extra_dsts=[PacketDest(far)], keep_pkt_header=True)
    )
    halves = Buffer(array(8), name="halves", tile=Tile(0, 1))
    runtime.add_tile_dma(
        TileDma(
            Tile(0, 1),
            [
                DmaChannel(
                    "MM2S",
                    2,
                    [Bd(halves, 0, 4, next=1, packet=(0, 5)), Bd(halves, 4, next=None)],
                )
            ],
        )
    )
    text = text_of(Program(NPU1(), runtime))
    for part in (
        """
    aie.packet_flow(5) {
      aie.packet_source<%logical_shim_noc, DMA : 0>
      aie.packet_dest<%logical_core, DMA : 1>
      aie.packet_dest<%logical_core_0, DMA : 0>
    } {keep_pkt_header = true}""",
        """
      %0 = aie.dma_start(MM2S, 2, ^bb1, ^bb4)
    ^bb1:  // pred: ^bb0
      aie.dma_bd(%halves : memref<8xi32> offset = 0 len = 4) {packet = #aie.packet_info<pkt_type = 0, pkt_id = 5>}
      aie.next_bd ^bb2
    ^bb2:  // pred: ^bb1
      aie.dma_bd(%halves : memref<8xi32> offset = 4 len = 4)
      aie.next_bd ^bb3
    ^bb3:  // pred: ^bb2
      aie.end
    ^bb4:  // pred: ^bb0
      aie.end""",
    ):
        assert part in text


def test_a_cascade_between_two_workers():
    x = ObjectFifo(array(16), name="x")
    y = ObjectFifo(array(16), name="y")

    def touch(end):
        end.acquire(1)
        end.release(1)

    west = Worker(touch, [x.cons()], tile=Tile(0, 3))
    east = Worker(touch, [y.prod()], tile=Tile(1, 3))
    CascadeFlow(west, east)
    runtime = Runtime(
        lambda a, b, i, o: (i.fill(a), o.drain(b, wait=True)),
        [array(16), array(16), x.prod(), y.cons()],
    )
    text = text_of(Program(NPU1(), runtime, [west, east]))
    assert "    aie.cascade_flow(%logical_core, %logical_core_0)\n" in text
