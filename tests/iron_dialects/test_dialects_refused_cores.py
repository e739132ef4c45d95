"""What placed cores, fifos, buffers and locks refuse, at the author's line."""

import numpy as np
import pytest
from aie.dialects.aie import (
    AIEDevice,
    Core,
    EndOp,
    LockAction,
    ObjectFifoPort,
    T,
    buffer,
    call,
    cascade_flow,
    core,
    device,
    event,
    get_cascade,
    get_stream,
    lock,
    object_fifo,
    object_fifo_link,
    tile,
    use_lock,
)
from aie.dialects.aiex import runtime_sequence, v8bfp16ebs8
from aie.extras.context import mlir_mod_ctx
from aie.iron.controlflow import range_
from placed_modules import array, in_core, in_device, in_sequence, refused

from ironbird.base.errors import DesignError


def one_fifo():
    return object_fifo("x", tile(0, 0), tile(0, 2), 2, array(4))


def test_a_core_outside_a_device():
    with (
        mlir_mod_ctx(),
        refused(__file__, "a core in the module", because="it is for a device"),
    ):
        Core(None)  # !


def test_a_device_inside_a_core():
    with refused(__file__, "a device in the core 'body'", because="it is for a module"):

        def body():
            device(AIEDevice.npu1)(lambda: None)  # !

        in_core(body)


def test_elements_are_read_and_written_by_cores_only():
    def in_the_device():
        buffer(tile(0, 2), array(4), name="gain")[0] = 1  # !

    with refused(
        __file__,
        "buffer 'gain' is written in a device",
        because="only a core reads and writes the elements of a buffer",
        fix="move it into a function with @core(tile)",
    ):
        in_device(in_the_device)


def test_elements_are_read_in_cores_only():
    def in_the_sequence():
        gain = buffer(tile(0, 2), array(4), name="gain", use_write_rtp=True)
        runtime_sequence()(lambda: gain[0])  # !

    with refused(
        __file__,
        "buffer 'gain' is read in a runtime sequence",
        because="only a core reads and writes the elements of a buffer",
        fix="move it into a function with @core(tile)",
    ):
        in_device(in_the_sequence)


def test_the_sequence_writes_runtime_parameters_only():
    def in_the_sequence():
        gain = buffer(tile(0, 2), array(4), name="gain")

        @runtime_sequence()
        def sequence():
            gain[0] = 4  # !

    with refused(
        __file__,
        "buffer 'gain' is written in a runtime sequence",
        because="only runtime parameters can be written from the host",
        fix="buffer(..., use_write_rtp=True)",
    ):
        in_device(in_the_sequence)


def test_loops_and_numbers_outside_of_cores():
    def body():
        for _ in range_(4):  # !
            pass

    with refused(
        __file__,
        "arith.constant in the device 'main'",
        because="only the functions of cores and sequences compute",
        fix="move it into a function with @core(tile) or @runtime_sequence(...)",
    ):
        in_device(body)


def test_a_value_of_one_core_in_another():
    def body():
        values = buffer(tile(0, 2), array(4), name="values")
        found = []

        @core(tile(0, 2))
        def first():
            found.append(values[0])

        @core(tile(0, 3))
        def second():
            values[1] = found[0] + 1  # !

    with refused(
        __file__,
        "a value of another core is used in the core 'second'",
        because="each core function computes with its own values only",
        fix="an ObjectFifo between the two workers",
    ):
        in_device(body)


def test_a_core_that_goes_on_behind_its_end():
    def body():
        EndOp()
        event(0)

    with pytest.raises(
        DesignError,
        match=r"^\S*refused_cores\.py:\d+: aie\.event behind the end of the core 'body'\n"
        r"  because: aie\.end at \S*refused_cores\.py:\d+ ends it$",
    ):
        in_core(body)


def with_fifo(use):
    """A device with a fifo, and a core that uses it."""

    def body():
        made = one_fifo()
        core(tile(0, 3))(lambda: use(made))

    return body


def test_ports_and_counts_of_a_fifo():
    with refused(
        __file__,
        "acquire of ObjectFifo 'x' at the port 'Take'",
        fix="ObjectFifoPort.Consume or ObjectFifoPort.Produce",
    ):
        in_device(with_fifo(lambda made: made.acquire("Take", 1)))  # !
    with refused(
        __file__,
        "release of 0 objects of ObjectFifo 'x'",
        because="it is a number of at least 1 that is known while the design is built",
    ):
        in_device(with_fifo(lambda made: made.release(ObjectFifoPort.Consume, 0)))  # !


def test_acquire_in_the_sequence():
    with refused(
        __file__, "acquire of ObjectFifo 'x' in the sequence '<lambda>'", because="it is for a core"
    ):

        def body():
            made = one_fifo()
            runtime_sequence()(lambda: made.acquire(ObjectFifoPort.Consume, 1))  # !

        in_device(body)


def test_counts_of_depths_layouts_and_iterations():
    def depths():
        object_fifo("x", tile(0, 0), tile(0, 2), [2, 2, 2], array(4))  # !

    def depth():
        object_fifo("x", tile(0, 0), tile(0, 2), 0, array(4))  # !

    def layouts():
        object_fifo(  # !
            "x",
            tile(0, 0),
            [tile(0, 2)],
            2,
            array(4),
            dimensionsFromStreamPerConsumer=[[], []],
        )

    def iterations():
        object_fifo("x", tile(0, 0), tile(0, 1), 2, array(4)).set_iter_count(257)  # !

    def values():
        object_fifo("x", tile(0, 1), tile(0, 2), 1, array(4), initValues=[np.zeros(3)])  # !

    for body, what, because, fix in (
        (
            depths,
            "ObjectFifo 'x' has 3 depths",
            "it has a producer and 1 consumer",
            "one depth, or one for each end",
        ),
        (
            depth,
            "ObjectFifo 'x' has the depth 0",
            "it is a number of objects, 1 or more",
            None,
        ),
        (
            layouts,
            "dimensionsFromStreamPerConsumer of ObjectFifo 'x' has 2 layouts",
            "the fifo has 1 consumer",
            "one list of (size, stride) for each consumer, empty for a linear one",
        ),
        (
            iterations,
            "Iter count must be in [1, 256] range.",
            "ObjectFifo 'x' has iter_count=257",
            None,
        ),
        (
            values,
            "ObjectFifo 'x' of 4xi32 starts with a float64 array of shape (3,)",
            "shape and dtype must be those of one object",
            None,
        ),
    ):
        with refused(__file__, what, because=because, fix=fix):
            in_device(body)


def test_what_is_no_tile_no_fifo_and_no_buffer():
    def place():
        object_fifo("x", "shim", tile(0, 2), 2, array(4))  # !

    def link():
        object_fifo_link(3, "y")  # !

    def kernel():
        call("nobody", [])  # !

    def initial():
        buffer(tile(0, 2), array(4), "t", initial_value=np.zeros((2, 2), np.int32))  # !

    def stack():
        core(tile(0, 2), stack_size=0)(lambda: None)  # !

    def block_float():
        buffer(tile(0, 2), array(4, dtype=v8bfp16ebs8))  # !

    for build, body, what, because, fix in (
        (in_device, place, "the producer of ObjectFifo 'x' is a str", None, None),
        (
            in_device,
            link,
            "object_fifo_link of a int",
            "it names an object_fifo or a shim_dma_allocation",
            None,
        ),
        (
            in_core,
            kernel,
            "call of 'nobody'",
            "the device has no function of that name",
            "external_func('nobody', inputs=[...]) in the device",
        ),
        (
            in_device,
            initial,
            "buffer 't' of 4xi32 starts with a int32 array of shape (2, 2)",
            "shape and dtype must be those of the buffer",
            None,
        ),
        (
            in_device,
            stack,
            "a core with stack_size=0",
            "it is a number of bytes above 0",
            None,
        ),
        (
            in_device,
            block_float,
            "a buffer has no element type for v8bfp16ebs8",
            "v8bfp16ebs8 is a block float, which npu2 has and npu1 has not",
            None,
        ),
    ):
        with refused(__file__, what, because=because, fix=fix):
            build(body)


def test_locks_and_their_values():
    def value():
        lock(tile(0, 2), init=64)  # !

    with refused(__file__, "lock(init=64)", because="a lock holds 0 to 63"):
        in_device(value)

    def used(action, count):
        held = []

        def body():
            held.append(lock(tile(0, 3), sym_name="held"))

            @core(tile(0, 2))
            def program():
                use_lock(held[0], action, value=count)  # !

        return body

    with refused(
        __file__,
        "use_lock with the action 'Take'",
        because="the actions are Acquire, AcquireGreaterEqual, Release",
        fix="LockAction.AcquireGreaterEqual",
    ):
        in_device(used("Take", 1))
    with refused(__file__, "use_lock of -1", because="a lock holds 0 to 63"):
        in_device(used(LockAction.Release, -1))


def test_vectors_of_one_type():
    def body():
        wide = get_cascade(T.vector(16, T.i32()))
        wide + "1"  # !

    with refused(
        __file__,
        "`+` between a vector<16xi32> and '1'",
        because="both sides are vectors of one type",
    ):
        in_core(body)


def test_cascades_run_south_or_east():
    def body():
        cascade_flow(tile(0, 2), tile(0, 4))  # !

    with refused(
        __file__,
        "there is no cascade from tile (0, 2) to tile (0, 4)",
        because="it runs to the tile on the south or on the east",
    ):
        in_device(body)


def test_streams_in_the_sequence():
    with refused(__file__, "get_stream in the sequence '<lambda>'", because="it is for a core"):
        in_sequence(lambda: get_stream(T.i32()))  # !
