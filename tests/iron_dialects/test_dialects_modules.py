"""Modules, devices and the names under which authors import the builders."""

from importlib import import_module

import numpy as np
import pytest
from aie.dialects.aie import (
    AIEDevice,
    Device,
    ObjectFifoPort,
    T,
    buffer,
    core,
    device,
    external_func,
    object_fifo,
    object_fifo_link,
    tile,
)
from aie.dialects.aiex import runtime_sequence
from aie.extras.context import mlir_mod_ctx
from aie.ir import Block, Context, InsertionPoint, IntegerType, Location, MemRefType, Module
from aie.iron import ExternalFunction, Kernel
from aie.iron.device import NPU1Col1
from placed_modules import array, device_lines, in_core, in_device, refused

from ironbird.iron.resolved_program import resolved_program_of

SCALE = 'extern "C" void scale(int *x) { *x *= 3; }'


def test_a_module_prints_as_text_and_verifies():
    with mlir_mod_ctx() as ctx:

        @device(AIEDevice.npu1_2col, sym_name="left")
        def body():
            tile(1, 3)

    assert (body.sym_name, repr(body)) == ("left", "Device(npu1_2col)")
    assert str(ctx.module) == (
        "module {\n  aie.device(npu1_2col) @left {\n    %tile_1_3 = aie.tile(1, 3)\n  }\n}"
    )
    assert str(ctx.module.operation) == ctx.module.operation.get_asm() == str(ctx.module)
    assert str(Module.parse(str(ctx.module)).sym_name) != ""
    with refused(
        __file__,
        "get_asm(large_elements_limit)",
        because="the text is printed in one form, that of aie-opt",
        fix="str(module)",
    ):
        ctx.module.operation.get_asm(large_elements_limit=4)  # !


def test_blocks_and_insertion_points():
    with Context(), Location.unknown():
        module = Module.create()
        with InsertionPoint(module.body):
            made = Device(NPU1Col1())
            with InsertionPoint(Block.create_at_start(made.body_region)) as point:
                tile(0, 1)
                assert point.block is made.body.block
            with InsertionPoint(made):
                tile(0, 2)
    assert "aie.tile(0, 1)" in str(module)
    assert "aie.tile(0, 2)" in str(module)
    assert module.operation.verify()


def test_an_insertion_point_in_the_middle_is_refused():
    module = Module.create()
    with InsertionPoint.at_block_begin(module.body.block):
        Device(AIEDevice.npu1)
    with refused(
        __file__,
        "InsertionPoint.at_block_begin of a block with operations",
        because="operations are only added at the end of a block",
    ):
        InsertionPoint.at_block_begin(module.body.block)  # !
    with refused(
        __file__,
        "InsertionPoint(str)",
        because="operations are only added at the end of a block",
        fix="InsertionPoint(module.body), or the block of a region",
    ):
        InsertionPoint("module")  # !


def test_a_module_of_text_is_not_built_in():
    with refused(
        __file__,
        "mlir_mod_ctx(src=...)",
        because="a module of text is complete",
        fix="python -m ironbird run FILE.mlir",
    ):
        mlir_mod_ctx("module {}").__enter__()  # !


def test_devices_that_are_not_modelled_are_refused_by_name():
    with (
        mlir_mod_ctx(),
        refused(
            __file__,
            "device 'npu2_4col' is not modelled",
            because="the simulator knows npu1, npu1_1col, npu1_2col, npu1_3col",
            fix="AIEDevice.npu1",
        ),
    ):
        Device(AIEDevice.npu2_4col)  # !


def test_the_first_wrong_operation_is_named_when_its_device_is_built():
    def body():
        object_fifo("x", tile(0, 0), tile(0, 1), 1, array(4))
        object_fifo_link("x", "y")  # !

    with refused(__file__, "there is no ObjectFifo 'y'"):
        in_device(body)


def test_types_of_numpy_and_of_mlir_say_the_same():
    def body():
        place = tile(0, 2)
        buffer(place, array(4, 8, dtype=np.int16), name="a")
        buffer(place, T.memref(4, 8, T.i16()), name="b")
        buffer(place, MemRefType.get((4, 8), IntegerType.get_signless(16)), name="c")

    types = {line.split(" : ")[1] for line in device_lines(body) if "aie.buffer" in line}
    assert types == {"memref<4x8xi16>"}


def test_types_that_no_memory_has():
    def body():
        wide = MemRefType.get((4,), IntegerType.get_signless(12))
        buffer(tile(0, 2), wide, name="a")  # !

    with refused(
        __file__,
        "buffer 'a' has the type memref<4xi12>",
        because="it must be dense, of known sizes, and of an element type of the device",
    ):
        in_device(body)
    with refused(
        __file__,
        "T.memref(0, IntegerType(32))",
        because="its sizes are integers of at least 1",
        fix="T.memref(16, T.i32())",
    ):
        T.memref(0, T.i32())  # !


def test_kernels_of_aie_iron_are_called_in_placed_cores():
    one = array(1)
    compiled = ExternalFunction("scale", source_string=SCALE, arg_types=[one])
    bare = Kernel("shift", "shift.o", [one, np.int32])
    with mlir_mod_ctx() as ctx:

        @device(AIEDevice.npu1)
        def body():
            values = buffer(tile(0, 2), one, name="values")

            @core(tile(0, 3))
            def work():
                compiled(values)
                bare(values, 4)

    program = resolved_program_of(ctx.module)
    assert [source.object_file for source in program.kernel_sources] == ["scale.o"]
    assert str(program.search_directories[0]) in __file__
    assert 'func.func private @shift(memref<1xi32>, i32) attributes {link_with = "shift.o"}' in str(
        ctx.module
    )


def test_two_functions_of_one_name():
    def body():
        external_func("scale", inputs=[np.int32])

        @core(tile(0, 2))
        def work():
            Kernel("scale", "scale.o", [np.float32])(1.0)  # !

    with refused(
        __file__,
        "two kernels are called 'scale'",
        because="their types are (i32) -> () and (f32) -> ()",
        fix="one name for each function",
    ):
        in_device(body)


def test_objects_of_aie_iron_have_no_worker_in_a_placed_core():
    from aie.iron import Lock
    from aie.iron.device import Tile

    lock = Lock(Tile(0, 2))

    def body():
        lock.acquire()  # !

    with refused(
        __file__,
        "an object of aie.iron (lock) in a core that was placed by hand",
        because="it belongs to a Program, and this device was built with aie.dialects.aie",
        fix="object_fifo, buffer and lock of aie.dialects.aie",
    ):
        in_core(body)


@pytest.mark.parametrize(
    "name",
    [
        "aie.compiler.aiecc.main",
        "aie.dialects.aie.plio",
        "aie.dialects.aiex.multicast",
        "aie.dialects.memref.view",
        "aie.extras.runtime.passes.run_pipeline",
        "aie.helpers.dialects.func.CallOp",
        "aie.ir.OpView",
        "aie.passmanager.PassManager",
    ],
)
def test_what_is_not_here_says_so(name: str):
    module, _, attribute = name.rpartition(".")
    with pytest.raises(
        ImportError, match=f"^{name} exists upstream, but not in the embedded IRON of ironbird"
    ):
        getattr(import_module(module), attribute)


def test_every_name_of_a_star_import_is_there():
    for name in ("aie", "aiex", "arith", "func", "memref", "scf", "vector"):
        module = import_module(f"aie.dialects.{name}")
        assert all(hasattr(module, each) for each in module.__all__)


def test_a_second_sequence_and_the_ports_have_their_own_names():
    def body():
        runtime_sequence(array(4), sym_name="again")(lambda a: None)
        runtime_sequence(np.int32)(lambda n: None)

    assert device_lines(body)[:1] + device_lines(body)[2:3] == [
        "aie.runtime_sequence @again(%arg0: memref<4xi32>) {",
        "aie.runtime_sequence(%arg0: i32) {",
    ]
    assert ObjectFifoPort.Consume == "Consume"


def test_arguments_that_a_builder_does_not_take():
    def unknown():
        core(tile(0, 2), stack_sise=1024)  # !

    def missing():
        object_fifo("x", tile(0, 0), tile(0, 2), datatype=array(4))  # !

    def method():
        object_fifo("x", tile(0, 0), tile(0, 2), 2, array(4)).acquire(1)  # !

    def value():
        buffer(tile(0, 2), array(4), initial_values=0)  # !

    def elsewhere():
        tile(0, 2, ip=InsertionPoint(Module.create().body))  # !

    for body, what, because, fix in (
        (
            elsewhere,
            "tile(ip=...)",
            "an operation goes to the end of the block that is being built",
            "with InsertionPoint(block):",
        ),
        (
            unknown,
            "core() got an unexpected keyword argument 'stack_sise'",
            "it takes tile, link_with, dynamic_objfifo_lowering, stack_size",
            "stack_size=",
        ),
        (
            missing,
            "object_fifo() missing a required argument: 'depth'",
            "it takes name, producerTile, consumerTiles, depth, datatype, dimensionsToStream, "
            "dimensionsFromStreamPerConsumer, initValues, via_DMA, plio, padDimensions, "
            "disable_synchronization, iter_count, consumer_datatype, repeat_count",
            None,
        ),
        (
            method,
            "object_fifo.acquire() missing a required argument: 'num_elem'",
            "it takes port, num_elem",
            None,
        ),
        (
            value,
            "buffer() got an unexpected keyword argument 'initial_values'",
            "it takes tile, datatype, name, address, initial_value, use_write_rtp, mem_bank, annot",
            "initial_value=",
        ),
    ):
        with refused(__file__, what, because=because, fix=fix):
            in_device(body)
