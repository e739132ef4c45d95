"""The host's side of placed designs: transfers, tasks, registers, traces, configurations."""

import numpy as np
from aie.dialects import memref
from aie.dialects.aie import (
    DMAChannelDir,
    EndOp,
    TraceMode,
    TracePacketType,
    WireBundle,
    bd_chain,
    bds,
    buffer,
    core,
    device,
    dma_bd,
    lock,
    object_fifo,
    runtime_sequence,
    tile,
    trace,
    trace_combo_event,
    trace_edge_event,
    trace_event,
    trace_host_config,
    trace_mode,
    trace_packet,
    trace_port,
    trace_start,
    trace_start_config,
    trace_stop,
)
from aie.dialects.aiex import (
    configure,
    control_packet,
    dma_await_task,
    dma_configure_task,
    dma_configure_task_for,
    dma_free_task,
    dma_start_bd_chain,
    dma_start_bd_chain_for,
    dma_start_task,
    dma_wait,
    npu_address_patch,
    npu_blockwrite,
    npu_dma_memcpy_nd,
    npu_load_pdi,
    npu_maskwrite32,
    npu_preempt,
    npu_push_queue,
    npu_rtp_write,
    npu_sync,
    npu_write32,
    npu_writebd,
    run,
    set_lock_value,
    shim_dma_bd,
    shim_dma_single_bd_task,
)
from aie.extras.context import mlir_mod_ctx
from aie.helpers.taplib import TensorAccessPattern
from placed_modules import array, device_lines, in_device, in_sequence, refused, sequence_lines


def fifo():
    return object_fifo("x", tile(0, 0), tile(0, 1), 2, array(16))


def test_transfers_in_every_form():
    def body(x, a):
        npu_dma_memcpy_nd(x, 0, a, sizes=[1, 1, 1, 64])
        npu_dma_memcpy_nd("x", 1, a, None, [0, 0, 1, 8], [1, 1, 2, 8], [0, 0, 16, 1], True)
        tap = TensorAccessPattern((8, 8), 4, [3, 8, 4], [0, 8, 1])
        npu_dma_memcpy_nd(metadata=x, bd_id=2, mem=a, tap=tap, burst_length=64, packet=(1, 5))
        dma_wait(x, "x")
        npu_sync(0, 0, 1, 0)

    assert sequence_lines(array(8, 8), body=body, before=fifo) == [
        "aiex.npu.dma_memcpy_nd(%arg0[0, 0, 0, 0][1, 1, 1, 64][0, 0, 0, 1]) "
        "{id = 0 : i64, metadata = @x} : memref<8x8xi32>",
        "aiex.npu.dma_memcpy_nd(%arg0[0, 0, 1, 8][1, 1, 2, 8][0, 0, 16, 1]) "
        "{id = 1 : i64, issue_token = true, metadata = @x} : memref<8x8xi32>",
        "aiex.npu.dma_memcpy_nd(%arg0[0, 0, 0, 4][3, 1, 8, 4][0, 0, 8, 1], "
        "packet = <pkt_type = 1, pkt_id = 5>) "
        "{burst_length = 64 : i64, id = 2 : i64, metadata = @x} : memref<8x8xi32>",
        "aiex.npu.dma_wait {symbol = @x}",
        "aiex.npu.dma_wait {symbol = @x}",
        *[f"%c{n}_i32{s} = arith.constant {n} : i32" for n, s in CONSTANTS_OF_SYNC],
        "aiex.npu.sync(%c0_i32, %c0_i32_0, %c1_i32, %c0_i32_1, %c1_i32_2, %c1_i32_3) : "
        "i32, i32, i32, i32, i32, i32",
    ]


CONSTANTS_OF_SYNC = [(0, ""), (0, "_0"), (1, ""), (0, "_1"), (1, "_2"), (1, "_3")]


def test_tasks_in_every_form():
    def before():
        x, place = fifo(), tile(0, 2)
        held = buffer(place, array(64), name="held")

        @bd_chain(array(64))
        def chain(values):
            dma_bd(values)
            EndOp()

        return x, place, held, chain

    def body(built, a, offset):
        x, place, held, chain = built
        first = dma_configure_task_for(x, issue_token=True, repeat_count=2)
        with bds(first) as bd, bd[0]:
            shim_dma_bd(a, offset=offset, sizes=[1, 1, 4, 8], strides=[0, 0, 8, 1])
            EndOp()
        other = dma_configure_task(place, DMAChannelDir.S2MM, 1, packet=(0, 2))
        with bds(other)[0]:
            dma_bd(held)
            EndOp()
        whole = shim_dma_single_bd_task(x, a, tap=TensorAccessPattern((64,), 0, [2, 64], [0, 1]))
        on_tile = dma_start_bd_chain(chain, [held], place, "MM2S", 0, repeat_count=1)
        dma_start_bd_chain_for("chain", [a], x, issue_token=True)
        dma_start_task(first, other, whole)
        dma_await_task(first)
        dma_free_task(other, on_tile, whole)

    assert sequence_lines(array(64), np.int32, body=body, before=before) == [
        "%0 = aiex.dma_configure_task_for @x {",
        "  aie.dma_bd(%arg0 : memref<64xi32> offset = %arg1 len = 32 sizes = [1, 1, 4, 8] "
        "strides = [0, 0, 8, 1])",
        "  aie.end",
        "} {issue_token = true, repeat_count = 2 : i32}",
        "%1 = aiex.dma_configure_task(%tile_0_2, S2MM, 1, <pkt_type = 0, pkt_id = 2>) {",
        "  aie.dma_bd(%held : memref<64xi32>)",
        "  aie.end",
        "}",
        "%2 = aiex.dma_configure_task_for @x {",
        "  aie.dma_bd(%arg0 : memref<64xi32> offset = 0 len = 64 sizes = [2, 1, 1, 64] "
        "strides = [0, 0, 0, 1])",
        "  aie.end",
        "} {repeat_count = 1 : i32}",
        "%3 = aiex.dma_start_bd_chain @chain(%held) : (memref<64xi32>) on (%tile_0_2, MM2S, 0) "
        "{repeat_count = 1 : i32}",
        "%4 = aiex.dma_start_bd_chain_for @chain(%arg0) : (memref<64xi32>) for  @x "
        "{issue_token = true}",
        "aiex.dma_start_task(%0)",
        "aiex.dma_start_task(%1)",
        "aiex.dma_start_task(%2)",
        "aiex.dma_await_task(%0)",
        "aiex.dma_free_task(%1)",
        "aiex.dma_free_task(%3)",
        "aiex.dma_free_task(%2)",
    ]


def test_parameters_locks_and_registers():
    def before():
        place = tile(0, 2)
        buffer(place, array(4), name="knobs")
        words = memref.global_(np.arange(8, dtype=np.int32), sym_name="words")
        return buffer(place, array(1, dtype=np.float32), name="scale"), lock(place), words

    def body(built, a, number):
        scale, gate, words = built
        npu_rtp_write("knobs", 3, -1)
        npu_rtp_write(scale, 0, 1.5)
        npu_rtp_write("knobs", 0, number)
        set_lock_value(gate, 2)
        npu_write32(2224128, 2**32 - 1)
        npu_write32(4, 7, buffer="knobs")
        npu_maskwrite32(119308, 256, 65280, column=1, row=0)
        npu_blockwrite(memref.get_global(words), 118784)
        npu_address_patch(addr=118788, arg_idx=0, arg_plus=128)
        npu_push_queue(0, 0, 1, 0, issue_token=False, repeat_count=2, bd_id=3)
        npu_preempt(1)
        npu_load_pdi(device_ref="main", id=4)
        control_packet(126976, opcode=0, stream_id=3, data=[5])

    assert [
        line
        for line in sequence_lines(array(4), np.int32, body=body, before=before)
        if "arith.constant" not in line
    ] == [
        "aiex.npu.rtp_write(@knobs, 3, %c-1_i32) : i32",
        "aiex.npu.rtp_write(@scale, 0, %c1069547520_i32) : i32",
        "aiex.npu.rtp_write(@knobs, 0, %arg1) : i32",
        "aiex.set_lock(%lock_0_2, 2)",
        "aiex.npu.write32(%c2224128_i32, %c-1_i32_0) : i32, i32",
        "aiex.npu.write32(%c4_i32, %c7_i32) {buffer = @knobs} : i32, i32",
        "aiex.npu.maskwrite32(%c119308_i32, %c256_i32, %c65280_i32) "
        "{column = 1 : i32, row = 0 : i32} : i32, i32, i32",
        "%0 = memref.get_global @words : memref<8xi32>",
        "aiex.npu.blockwrite(%0) {address = 118784 : ui32} : memref<8xi32>",
        "aiex.npu.address_patch(%c128_i32 : i32) {addr = 118788 : ui32, arg_idx = 0 : i32}",
        "aiex.npu.push_queue(0, 0, MM2S : 0) bd_id %c3_i32 repeat %c2_i32 "
        "{issue_token = false} : i32, i32",
        "aiex.npu.preempt {level = 1 : ui8}",
        "aiex.npu.load_pdi {device_ref = @main, id = 4 : i32}",
        "aiex.control_packet {address = 126976 : ui32, data = array<i32: 5>, "
        "opcode = 0 : i32, stream_id = 3 : i32}",
    ]


NAMES = """
column row bd_id buffer_length buffer_offset enable_packet out_of_order_id packet_id packet_type
d0_size d0_stride d1_size d1_stride d2_size d2_stride iteration_current iteration_size
iteration_stride next_bd use_next_bd valid_bd lock_rel_val lock_rel_id lock_acq_enable
lock_acq_val lock_acq_id
"""
FIELDS = dict.fromkeys(NAMES.split(), 0)


def test_a_descriptor_field_by_field():
    (line,) = sequence_lines(body=lambda: npu_writebd(**{**FIELDS, "buffer_length": 64}))
    assert line.startswith("aiex.npu.writebd {bd_id = 0 : i32, buffer_length = 64 : i32, ")
    assert "burst_length = 0 : i32" in line
    assert "d2_zero_after = 0 : i32" in line

    def unknown():
        npu_writebd(**FIELDS, colour=3)  # !

    with refused(__file__, "a descriptor has no field 'colour'"):
        in_sequence(unknown)


def test_a_descriptor_without_a_field():
    def missing():
        npu_writebd(**{name: 0 for name in FIELDS if name != "valid_bd"})  # !

    with refused(
        __file__,
        "npu_writebd without valid_bd=",
        because="every field of the descriptor's registers is written",
    ):
        in_sequence(missing)


def test_traces():
    def body():
        place = tile(0, 2)

        @trace(place, "watch")
        def watch():
            trace_mode(TraceMode.EventTime)
            trace_packet(1, TracePacketType.Core)
            trace_event("LOCK_STALL", label="waits")
            trace_port(0, WireBundle.DMA, 1, DMAChannelDir.S2MM)
            trace_combo_event(0, "LOCK_STALL", "AND_NOT", "DISABLED")
            trace_edge_event(1, "LOCK_STALL", "RISING")
            trace_start(broadcast=15)
            trace_stop(event="INSTR_EVENT_1")

        @runtime_sequence(array(8))
        def sequence(a):
            trace_host_config(8192, arg_idx=-1)
            trace_start_config(watch.op)

    assert device_lines(body)[1:] == [
        "aie.trace @watch(%tile_0_2) {",
        '  aie.trace.mode "Event-Time"',
        "  aie.trace.packet id = 1 type = core",
        '  aie.trace.event <"LOCK_STALL"> label = "waits"',
        "  aie.trace.port<0> port = DMA channel = 1 direction = S2MM",
        '  aie.trace.combo_event<0> <"LOCK_STALL"> AND_NOT <"DISABLED">',
        '  aie.trace.edge_event<1> event = <"LOCK_STALL"> trigger = RISING',
        "  aie.trace.start broadcast = 15",
        '  aie.trace.stop event = <"INSTR_EVENT_1">',
        "}",
        "aie.runtime_sequence(%arg0: memref<8xi32>) {",
        "  aie.trace.host_config {buffer_size = 8192 : i32, reuse_output_buffer = true}",
        "  aie.trace.start_config @watch",
        "}",
    ]


def test_a_trace_leaves_by_one_shim():
    def body():
        trace_host_config(8192, routing="per column")  # !

    with refused(
        __file__,
        "trace_host_config(routing='per column')",
        because="traces leave by one shim tile",
        fix="TraceShimRouting.Single, and egress_shim_col= for its column",
    ):
        in_sequence(body)


def test_one_device_runs_another():
    with mlir_mod_ctx() as ctx:

        @device("npu1", sym_name="outer")
        def outer():
            @runtime_sequence(array(4))
            def entry(a):
                with configure("inner"):
                    run("work", [a])

        @device("npu1", sym_name="inner")
        def inner():
            runtime_sequence(array(4), sym_name="work")(lambda a: None)

    assert (
        "      aiex.configure @inner {\n"
        "        aiex.run @work(%arg0) : (memref<4xi32>)\n"
        "      }\n" in str(ctx.module)
    )


def test_a_device_that_never_comes():
    with (
        refused(__file__, "there is no device 'inner' to configure"),
        mlir_mod_ctx(),
    ):

        @device("npu1")
        def outer():
            @runtime_sequence()
            def entry():
                with configure("inner"):  # !
                    pass


def test_transfers_that_say_too_little_or_too_much():
    def moved(body):
        sequence_lines(array(8, 8), body=body, before=fifo)

    tap = TensorAccessPattern((8, 8), 0, [8, 8], [8, 1])
    with refused(
        __file__,
        "npu_dma_memcpy_nd without sizes",
        because="how much it moves is not said",
        fix="sizes=[1, 1, 1, 64] for the whole tensor",
    ):
        moved(lambda x, a: npu_dma_memcpy_nd(x, 0, a))  # !
    with refused(
        __file__,
        "npu_dma_memcpy_nd takes either a TensorAccessPattern or offsets, sizes and strides, "
        "not both",
        fix="tap= alone",
    ):
        moved(lambda x, a: npu_dma_memcpy_nd(x, 0, a, tap, offsets=[0, 0, 0, 0]))  # !
    with refused(
        __file__,
        "shim_dma_single_bd_task takes either a TensorAccessPattern or offset, sizes and "
        "strides, not both",
        fix="tap= alone",
    ):
        moved(lambda x, a: shim_dma_single_bd_task(x, a, tap, sizes=[1, 1, 1, 64]))  # !
    with refused(
        __file__,
        "shim_dma_single_bd_task with tap=list",
        fix="a TensorAccessPattern from aie.helpers.taplib",
    ):
        moved(lambda x, a: shim_dma_single_bd_task(x, a, [1, 2]))  # !
    with refused(
        __file__,
        "dma_wait of a int",
        because="it names an object_fifo or a shim_dma_allocation",
    ):
        moved(lambda x, a: dma_wait(3))  # !
    with refused(__file__, "dma_wait()", fix="dma_wait(fifo)"):
        moved(lambda x, a: dma_wait())  # !
    with refused(__file__, "npu_sync of -1", because="the least is 0"):
        moved(lambda x, a: npu_sync(0, 0, 0, -1))  # !
    with refused(__file__, "npu_write32 of 4294967296", because="a word has 32 bits"):
        moved(lambda x, a: npu_write32(0, 2**32))  # !


def test_tasks_that_are_none_or_silent():
    def done(body):
        sequence_lines(array(64), body=body, before=fifo)

    with refused(
        __file__,
        "dma_await_task of a task without a token",
        because="nothing tells the host that it is done",
        fix="issue_token=True where the task is configured",
    ):
        done(lambda x, a: dma_await_task(shim_dma_single_bd_task(x, a, sizes=[64])))  # !
    with refused(
        __file__,
        "dma_start_task of a str",
        because="it takes tasks",
        fix="the result of dma_configure_task_for(...) or shim_dma_single_bd_task(...)",
    ):
        done(lambda x, a: dma_start_task("x"))  # !
    with refused(__file__, "dma_free_task()", fix="dma_free_task(task)"):
        done(lambda x, a: dma_free_task())  # !


def test_lengths_that_only_the_run_knows():
    def body(x, a, rows):
        shim_dma_single_bd_task(x, a, sizes=[1, 1, rows, 8], strides=[0, 0, 8, 1])  # !

    with refused(
        __file__,
        "shim_dma_bd with sizes known at run time only",
        because="the length of the transfer follows from them",
        fix="transfer_len=",
    ):
        sequence_lines(array(64), np.int64, body=body, before=fifo)


def test_runtime_parameters_that_do_not_fit():
    def written(name, index, value):
        def whole():
            buffer(tile(0, 2), array(4), name="knobs")
            buffer(tile(0, 2), array(4, dtype=np.int16), name="narrow")
            runtime_sequence()(lambda: npu_rtp_write(name, index, value))  # !

        in_device(whole)

    with refused(
        __file__,
        "index 4 into runtime parameter 'knobs' of 4xi32",
        because="the sequence writes words 0 to 3",
    ):
        written("knobs", 4, 0)
    with refused(
        __file__,
        "runtime parameter 'narrow' has i16 elements",
        because="the host writes a runtime parameter as one 32-bit word",
        fix="np.int32 elements",
    ):
        written("narrow", 0, 0)
    with refused(
        __file__,
        "runtime parameter 'knobs' is set to a str",
        because="the sequence writes a number or an i32 argument",
    ):
        written("knobs", 0, "3")
    with refused(
        __file__,
        "npu_write_rtp of 'gain'",
        because="no buffer made before the sequence has that name",
        fix="buffer(tile, type, name='gain')",
    ):
        written("gain", 0, 3)
    with refused(
        __file__,
        "npu_write_rtp of a buffer without a name",
        because="the sequence names the buffer that it writes",
        fix="buffer(tile, type, name=...)",
    ):
        written(None, 0, 3)


def test_waits_in_a_core():
    def body():
        core(tile(0, 2))(lambda: dma_wait("x"))  # !

    with refused(
        __file__, "dma_wait in the core '<lambda>'", because="it is for a runtime sequence"
    ):
        in_device(body)
