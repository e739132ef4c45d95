"""DMA programs, flows and switches written by hand."""

from aie.dialects.aie import (
    CascadeDir,
    DMAChannelDir,
    DMAStartOp,
    EndOp,
    LockAction,
    NextBDOp,
    WireBundle,
    amsel,
    another_bd,
    bd_chain,
    bd_dim_layout,
    bd_dim_layout_array_array_attr_builder,
    bd_dim_layout_array_attr_builder,
    bd_pad_layout,
    bd_pad_layout_array_attr_builder,
    bds,
    buffer,
    configure_cascade,
    connect,
    core,
    dma,
    dma_bd,
    dma_start,
    external_buffer,
    flow,
    lock,
    masterset,
    mem,
    memtile_dma,
    next_bd,
    packet_info_attr_builder,
    packet_rules,
    packetflow,
    rule,
    shim_dma_allocation,
    shim_mem,
    shim_mux,
    switchbox,
    tile,
    use_lock,
)
from aie.helpers.taplib import TensorAccessPattern
from aie.iron import BdIteration
from placed_modules import array, device_lines, in_core, in_device, in_mem, refused


def test_a_program_of_blocks():
    def body():
        place = tile(0, 1)
        held = buffer(place, array(8, 24), name="held")
        free = lock(place, lock_id=3, init=1, sym_name="free")

        @memtile_dma(place)
        def program(block):
            starts = DMAStartOp(
                DMAChannelDir.MM2S, 2, dest=block["first"], chain=block["end"], repeat_count=4
            )
            assert (starts.dest, starts.chain) == (block["first"].block, block["end"].block)
            with block["first"]:
                use_lock(free, LockAction.AcquireGreaterEqual, acq_en=True)
                dma_bd(
                    held,
                    offset=0,
                    len=280,
                    dimensions=[(8, 24), (24, 1)],
                    pad_dimensions=[bd_pad_layout(1, 1), (2, 2)],
                )
                NextBDOp(block["second"])
            with block["second"]:
                dma_bd(held, 8, 8, iteration=BdIteration(4, 16, 1), bd_id=9, packet=(1, 7))
                assert next_bd(block["first"]) is block["first"].block
            with block["end"]:
                EndOp()

    assert device_lines(body)[3:] == [
        "%memtile_dma_0_1 = aie.memtile_dma(%mem_tile_0_1) {",
        "  %0 = aie.dma_start(MM2S, 2, ^bb1, ^bb2, repeat_count = 4)",
        "^bb1:  // 2 preds: ^bb0, ^bb3",
        "  %c1_i32 = arith.constant 1 : i32",
        "  aie.use_lock(%free, AcquireGreaterEqual, %c1_i32) {acq_en = true}",
        "  aie.dma_bd(%held : memref<8x24xi32> offset = 0 len = 280 sizes = [8, 24] "
        "strides = [24, 1] pad [<const_pad_before = 1, const_pad_after = 1>, "
        "<const_pad_before = 2, const_pad_after = 2>])",
        "  aie.next_bd ^bb3",
        "^bb2:  // pred: ^bb0",
        "  aie.end",
        "^bb3:  // pred: ^bb1",
        "  aie.dma_bd(%held : memref<8x24xi32> offset = 8 len = 8) {bd_id = 9 : i32, "
        "iteration = #aie.bd_iteration<size = 4, stride = 16, current = 1>, "
        "packet = #aie.packet_info<pkt_type = 1, pkt_id = 7>}",
        "  aie.next_bd ^bb1",
        "}",
    ]


def test_a_program_of_functions():
    def body():
        place = tile(0, 2)
        held = buffer(place, array(8, 4), name="held")

        @mem(place)
        def program():
            @dma(DMAChannelDir.S2MM, 0, num_blocks=2, loop=False, repeat_count=3, sym_name="in")
            def first():
                dma_bd(held, dimensions=TensorAccessPattern((8, 4), 0, [4, 8], [1, 4]))

            @another_bd(first)
            def second():
                dma_bd(held, len=8)

    assert device_lines(body)[2:] == [
        "%mem_0_2 = aie.mem(%tile_0_2) {",
        '  %in = aie.dma(S2MM, 0) {loop = false, repeat_count = 3 : i32, sym_name = "in"} [{',
        "    aie.dma_bd(%held : memref<8x4xi32> sizes = [4, 8] strides = [1, 4])",
        "  }, {",
        "    aie.dma_bd(%held : memref<8x4xi32> len = 8)",
        "  }]",
        "  aie.end",
        "}",
    ]


def test_a_program_of_the_shim():
    def body():
        outside = external_buffer(array(8), "outside")

        @shim_mem(tile(0, 0))
        def program(block):
            dma_start(DMAChannelDir.MM2S, 1, dest=block[0], chain=block[1])
            with block[0]:
                dma_bd(outside)
                next_bd()
            with block[1]:
                EndOp()

    assert device_lines(body)[2:] == [
        "%shim_dma_0_0 = aie.shim_dma(%shim_noc_tile_0_0) {",
        "  %0 = aie.dma_start(MM2S, 1, ^bb1, ^bb2)",
        "^bb1:  // 2 preds: ^bb0, ^bb1",
        "  aie.dma_bd(%outside : memref<8xi32>)",
        "  aie.next_bd ^bb1",
        "^bb2:  // pred: ^bb0",
        "  aie.end",
        "}",
    ]


def test_chains_with_and_without_their_blocks():
    def body():
        @bd_chain(array(8))
        def whole(values):
            dma_bd(values)
            EndOp()

        @bd_chain(array(8), array(8))
        def halves(block, first, second):
            dma_bd(first, 0, 4)
            next_bd(block["rest"])
            with block["rest"]:
                dma_bd(second, 4, 4)
                EndOp()

        assert (whole.sym_name, halves.sym_name) == ("whole", "halves")

    assert device_lines(body) == [
        "aie.bd_chain @whole(%arg0: memref<8xi32>) {",
        "  aie.dma_bd(%arg0 : memref<8xi32>)",
        "  aie.end",
        "}",
        "aie.bd_chain @halves(%arg0: memref<8xi32>, %arg1: memref<8xi32>) {",
        "  aie.dma_bd(%arg0 : memref<8xi32> offset = 0 len = 4)",
        "  aie.next_bd ^bb1",
        "^bb1:  // pred: ^bb0",
        "  aie.dma_bd(%arg1 : memref<8xi32> offset = 4 len = 4)",
        "  aie.end",
        "}",
    ]


def test_ways_and_switches():
    def body():
        shim, memory, one, other = tile(0, 0), tile(0, 1), tile(0, 2), tile(1, 2)
        packetflow(3, shim, dests=[{"dest": one}, {"dest": other, "channel": 1}])
        configure_cascade(one, CascadeDir.North, CascadeDir.East)
        shim_dma_allocation("give", shim, DMAChannelDir.MM2S, 1, packet=(0, 3))

        @shim_mux(shim)
        def multiplexer():
            connect(WireBundle.DMA, 1, WireBundle.North, 7)

        @switchbox(memory)
        def switch():
            first = amsel(0, 1)
            masterset(WireBundle.North, 2, [first], keep_pkt_header=True)

            @packet_rules(WireBundle.South, 3)
            def rules():
                rule(31, 3, first)

    assert device_lines(body)[4:] == [
        "aie.packet_flow(3) {",
        "  aie.packet_source<%shim_noc_tile_0_0, DMA : 0>",
        "  aie.packet_dest<%tile_0_2, DMA : 0>",
        "  aie.packet_dest<%tile_1_2, DMA : 1>",
        "}",
        "aie.configure_cascade(%tile_0_2, North, East)",
        "aie.shim_dma_allocation @give(%shim_noc_tile_0_0, MM2S, 1, <pkt_type = 0, pkt_id = 3>)",
        "%shim_mux_0_0 = aie.shim_mux(%shim_noc_tile_0_0) {",
        "  aie.connect<DMA : 1, North : 7>",
        "}",
        "%switchbox_0_1 = aie.switchbox(%mem_tile_0_1) {",
        "  %0 = aie.amsel<0> (1)",
        "  %1 = aie.masterset(North : 2, %0) {keep_pkt_header = true}",
        "  aie.packet_rules(South : 3) {",
        "    aie.rule(31, 3, %0)",
        "  }",
        "}",
    ]


def test_attributes_by_their_builders():
    layout = bd_dim_layout_array_attr_builder([(4, 8), bd_dim_layout(8, 1)])
    assert layout.pairs() == ((4, 8), (8, 1))
    each = bd_dim_layout_array_array_attr_builder([[], [(2, 1)], layout])
    assert [one.pairs() for one in each.layouts] == [(), ((2, 1),), layout.pairs()]
    assert bd_pad_layout_array_attr_builder([(1, 2), bd_pad_layout(0, 3)]).pairs() == (
        (1, 2),
        (0, 3),
    )
    header = packet_info_attr_builder([1, 9])
    assert packet_info_attr_builder((1, 9)) == header


def test_a_descriptor_outside_of_a_program():
    with refused(__file__, "dma_bd in the core 'body'", because="it is for a DMA program"):

        def body():
            dma_bd(None)  # !

        in_core(body)


def test_what_a_descriptor_cannot_say():
    def twice():
        dma_bd(None, dimensions=[(4, 1)], sizes=[4])  # !

    def padded():
        dma_bd(None, pad_value=7)  # !

    def pairs():
        dma_bd(None, dimensions=[(4, 1, 2)])  # !

    def nothing():
        dma_bd("values")  # !

    for body, what, because, fix in (
        (
            twice,
            "dma_bd with dimensions as well as sizes and strides",
            "they say the same",
            "one of the two",
        ),
        (padded, "dma_bd(pad_value=7)", "npu1 pads with zeros only", None),
        (
            pairs,
            "the dimensions of dma_bd has the entry (4, 1, 2)",
            None,
            "(size, stride)",
        ),
        (nothing, "the buffer of dma_bd is a str", None, None),
    ):
        with refused(__file__, what, because=because, fix=fix):
            in_mem(body)


def test_blocks_that_are_none():
    def body(block):
        next_bd("first")  # !

    with refused(
        __file__,
        "a DMA program goes on at a str",
        fix='block["name"], of the function\'s argument',
    ):
        in_mem(body)


def test_a_function_of_a_program_that_asks_for_more():
    with refused(
        __file__,
        "the function of the mem takes 2 arguments",
        because="it is given the blocks of the program, or nothing",
        fix="def program(block):",
    ):

        def program(block, lock):
            pass

        in_device(lambda: mem(tile(0, 2))(program))  # !


def test_one_descriptor_too_many():
    def body():
        @dma(DMAChannelDir.S2MM, 0)
        def first():
            dma_bd(held[0])

        another_bd(first)  # !

    held = []

    def whole():
        place = tile(0, 2)
        held.append(buffer(place, array(4)))
        mem(place)(body)

    with refused(
        __file__,
        "another_bd of a channel whose descriptors are all built",
        because="it has num_blocks=1",
        fix="num_blocks=2",
    ):
        in_device(whole)


def test_descriptors_of_nothing():
    with refused(
        __file__,
        "bds(str)",
        because="it takes a task, a chain or a DMA program",
        fix="bds(dma_configure_task_for(fifo))",
    ):
        bds("task")  # !


def test_flows_that_lead_nowhere():
    def without_end():
        flow(tile(0, 0))  # !

    def unknown_port():
        flow(tile(0, 0), "Middle", 0, tile(0, 2))  # !

    def large_id():
        packetflow(32, tile(0, 0), dests={"dest": tile(0, 2)})  # !

    def unknown_key():
        packetflow(1, tile(0, 0), dests={"dest": 3, "bundle": WireBundle.DMA})  # !

    for body, what, because, fix in (
        (without_end, "flow without dest", None, "flow(source, dest=tile)"),
        (
            unknown_port,
            "there is no stream port 'Middle'",
            "the ports are Core, DMA, FIFO, North, South, East, West, Trace, TileControl, "
            "NOC, PLIO",
            "WireBundle.DMA",
        ),
        (large_id, "packetflow(32)", "an id has 5 bits: 0 to 31", None),
        (
            unknown_key,
            "a destination of packetflow is {'dest': 3, 'bundle': <WireBundle.DMA: 'DMA'>}",
            None,
            '{"dest": tile, "port": WireBundle.DMA, "channel": 0}',
        ),
    ):
        with refused(__file__, what, because=because, fix=fix):
            in_device(body)


def test_connections_outside_of_a_switch():
    def body():
        core(tile(0, 2))(lambda: connect(WireBundle.DMA, 0, WireBundle.Core, 0))  # !

    with refused(__file__, "connect in the core '<lambda>'", because="it is for a switch"):
        in_device(body)
