"""What placed cores say: streams, cascade, events, functions, vectors, buffers, fifos."""

import numpy as np
from aie.dialects import arith, memref, vector
from aie.dialects.aie import (
    T,
    buffer,
    call,
    core,
    event,
    external_buffer,
    external_func,
    get_cascade,
    get_stream,
    object_fifo,
    put_cascade,
    put_stream,
    tile,
)
from aie.helpers.dialects.func import func
from placed_modules import array, core_lines, device_lines


def test_streams_cascade_and_events():
    def body():
        event(0)
        lanes = get_cascade(T.vector(16, T.i32()))
        put_cascade(lanes + lanes - lanes * lanes)
        put_stream(1, get_stream(T.f32()))
        put_stream(0, 7)
        event(1)

    assert core_lines(body) == [
        "  aie.event(0)",
        "  %0 = aie.get_cascade() : vector<16xi32>",
        "  %1 = arith.addi %0, %0 : vector<16xi32>",
        "  %2 = arith.muli %0, %0 : vector<16xi32>",
        "  %3 = arith.subi %1, %2 : vector<16xi32>",
        "  aie.put_cascade(%3 : vector<16xi32>)",
        "  %c0_i32 = arith.constant 0 : i32",
        "  %4 = aie.get_stream(%c0_i32 : i32) : f32",
        "  %c1_i32 = arith.constant 1 : i32",
        "  aie.put_stream(%c1_i32 : i32, %4 : f32)",
        "  %c0_i32_0 = arith.constant 0 : i32",
        "  %c7_i32 = arith.constant 7 : i32",
        "  aie.put_stream(%c0_i32_0 : i32, %c7_i32 : i32)",
        "  aie.event(1)",
    ]


def test_options_of_a_core_and_of_its_functions():
    def body():
        half = external_func("half", inputs=[T.i32(), np.int32], outputs=[np.int32])
        external_func("twice", inputs=[array(8)], link_with="twice.o")
        place = tile(0, 2)
        values = buffer(place, array(2, 4), name="values", address=512, mem_bank=1)

        @core(place, link_with="kernels.o", stack_size=512, dynamic_objfifo_lowering=True)
        def program():
            call("twice", [values])
            memref.store(call([np.int32], "half", [half(6, 2), 2]), values, [1, 3])

    assert device_lines(body) == [
        "func.func private @half(i32, i32) -> i32",
        'func.func private @twice(memref<8xi32>) attributes {link_with = "twice.o"}',
        "%tile_0_2 = aie.tile(0, 2)",
        "%values = aie.buffer(%tile_0_2) {address = 512 : i32, mem_bank = 1 : i32, "
        'sym_name = "values"} : memref<2x4xi32>',
        "%core_0_2 = aie.core(%tile_0_2) {",
        "  %collapse_shape = memref.collapse_shape %values [[0, 1]] : "
        "memref<2x4xi32> into memref<8xi32>",
        "  func.call @twice(%collapse_shape) : (memref<8xi32>) -> ()",
        "  %c6_i32 = arith.constant 6 : i32",
        "  %c2_i32 = arith.constant 2 : i32",
        "  %0 = func.call @half(%c6_i32, %c2_i32) : (i32, i32) -> i32",
        "  %c2_i32_0 = arith.constant 2 : i32",
        "  %1 = func.call @half(%0, %c2_i32_0) : (i32, i32) -> i32",
        "  %c1 = arith.constant 1 : index",
        "  %c3 = arith.constant 3 : index",
        "  memref.store %1, %values[%c1, %c3] : memref<2x4xi32>",
        "  aie.end",
        '} {dynamic_objfifo_lowering = true, link_with = "kernels.o", stack_size = 512 : i32}',
    ]


def test_vectors_and_views_of_buffers():
    def body():
        values = buffer(tile(0, 2), T.memref(4, 8, T.f32()), name="values")

        @core(tile(0, 3))
        def program():
            row = vector.load(T.vector(8, T.f32()), values, [0, 0])
            vector.store(row + vector.broadcast(T.vector(8, T.f32()), 1.5), values, [1, 0])
            part = memref.subview(values, [1, 2], [2, 4])
            assert part.shape == (2, 4)
            arith.addf(memref.load(part, [1, 3]), 2.0)

    assert [line for line in device_lines(body) if "constant" not in line][4:-2] == [
        "  %0 = vector.load %values[%c0, %c0_0] : memref<4x8xf32>, vector<8xf32>",
        "  %1 = vector.broadcast %cst : f32 to vector<8xf32>",
        "  %2 = arith.addf %0, %1 : vector<8xf32>",
        "  vector.store %2, %values[%c1, %c0_1] : memref<4x8xf32>, vector<8xf32>",
        "  %subview = memref.subview %values[1, 2] [2, 4] [1, 1] : memref<4x8xf32> to "
        "memref<2x4xf32, strided<[8, 1], offset: 10>>",
        "  %3 = memref.load %subview[%c1_2, %c3] : memref<2x4xf32, strided<[8, 1], offset: 10>>",
        "  %4 = arith.addf %3, %cst_3 : f32",
    ]


def test_functions_of_the_device_and_external_memory():
    def body():
        external_buffer(array(16), "outside", 8192)

        @func(sym_visibility="private")
        def successor(value: np.int32):
            return value + 1

        @core(tile(0, 2))
        def program():
            successor(successor(1))

    lines = device_lines(body)
    assert lines[0] == (
        '%outside = aie.external_buffer {address = 8192 : i64, sym_name = "outside"}'
        " : memref<16xi32>"
    )
    assert sum("func.func @successor(%arg0: i32) -> i32" in line for line in lines) == 1
    assert sum("func.call @successor" in line for line in lines) == 2


def test_fifos_with_every_option():
    def body():
        shim, memory, one, other = tile(0, 0), tile(0, 1), tile(0, 2), tile(0, 3)
        made = object_fifo(
            "rows",
            memory,
            [one, other],
            [2, 3, 4],
            array(4, 4),
            dimensionsToStream=[(4, 1), (4, 4)],
            dimensionsFromStreamPerConsumer=[[], [(2, 8), (8, 1)]],
            initValues=[np.zeros((4, 4), np.int32), np.ones((4, 4), np.int32)],
            disable_synchronization=True,
        )
        made.set_iter_count(5)
        made.set_repeat_count(3)
        through = object_fifo("through", shim, one, 2, array(8))
        through.allocate(one)
        through.register_external_buffers(shim, [external_buffer(array(8), "outside")])
        ported = object_fifo("ported", one, other, 2, array(8), plio=False)
        ported.set_aie_stream(2, 1)
        object_fifo("apart", one, other, 2, array(8), via_DMA=True)
        assert (made.name, repr(ported)) == ("rows", "<ObjectFifo 'ported'>")

    assert [line.split(" : ")[0] for line in device_lines(body)[4:] if "objectfifo" in line] == [
        "aie.objectfifo @rows(%mem_tile_0_1 dimensionsToStream [<size = 4, stride = 1>, "
        "<size = 4, stride = 4>], {%tile_0_2, %tile_0_3 dimensionsFromStream "
        "[<size = 2, stride = 8>, <size = 8, stride = 1>]}, [2",
        "aie.objectfifo @through(%shim_noc_tile_0_0, {%tile_0_2}, 2",
        "aie.objectfifo.allocate @through(%tile_0_2)",
        "aie.objectfifo.register_external_buffers @through(%shim_noc_tile_0_0, {%outside})",
        "aie.objectfifo @ported(%tile_0_2, {%tile_0_3}, 2",
        "aie.objectfifo @apart(%tile_0_2, {%tile_0_3}, 2",
    ]
