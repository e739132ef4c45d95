"""Whole messages of the front end, one short test each: long because it is a table of refusals."""

import numpy as np
import pytest
from iron_programs import array, refused, text_of, through_one_core

from ironbird.base.errors import DesignError
from ironbird.iron import (
    Bd,
    Buffer,
    CascadeFlow,
    DeviceConfiguration,
    DmaChannel,
    ExternalFunction,
    Flow,
    Kernel,
    Lock,
    ObjectFifo,
    PacketFlow,
    Program,
    Runtime,
    ScratchpadParameter,
    TaskGroup,
    Worker,
    WorkerRuntimeBarrier,
    sync_parameters,
)
from ironbird.iron.controlflow import range_
from ironbird.iron.device import NPU1, NPU2, AnyMemTile, Device, NPU1Col1, Tile, from_name
from ironbird.iron.object_fifo_link import ObjectFifoLink
from ironbird.iron.taplib import TensorAccessPattern

T = array(16)


def move(source, sink):
    a, b = source.acquire(1), sink.acquire(1)
    b[0] = a[0]
    source.release(1)
    sink.release(1)


def resolve(workers, function, arguments, device=None):
    return text_of(Program(device or NPU1(), Runtime(function, arguments), workers=workers))


def nothing(*_):
    pass


# Fifos and their ends


def test_a_fifo_nobody_fills():
    x = ObjectFifo(T, name="x")  # !unfilled
    y = ObjectFifo(T, name="y")
    worker = Worker(move, [x.cons(), y.prod()])
    with refused(
        at="unfilled",
        what="nobody fills ObjectFifo 'x'",
        because="prod() was never called",
        fix="list fifo.prod() in the fn_args of the Worker or of the Runtime",
    ):
        resolve([worker], lambda b, out: out.drain(b, wait=True), [T, y.cons()])


def test_a_fifo_whose_producer_handle_went_nowhere():
    x = ObjectFifo(T, name="x")  # !handle_unused
    y = ObjectFifo(T, name="y")
    x.prod()
    worker = Worker(move, [x.cons(), y.prod()])
    with refused(
        at="handle_unused",
        what="nobody fills ObjectFifo 'x'",
        because="its prod() handle was given to no Worker, Runtime or link",
        fix="list fifo.prod() in the fn_args of the Worker or of the Runtime",
    ):
        resolve([worker], lambda b, out: out.drain(b, wait=True), [T, y.cons()])


def test_a_fifo_nobody_consumes():
    x, y = ObjectFifo(T, name="x"), ObjectFifo(T, name="y")  # !unconsumed
    worker = Worker(move, [x.cons(), y.prod()])
    with refused(
        at="unconsumed",
        what="nobody consumes ObjectFifo 'y'",
        because="cons() was never called",
        fix="list fifo.cons() in the fn_args of the Worker or of the Runtime",
    ):
        resolve([worker], lambda a, fill: fill.fill(a), [T, x.prod()])


def test_a_consumer_handle_that_went_nowhere():
    x, y = ObjectFifo(T, name="x"), ObjectFifo(T, name="y")
    worker = Worker(move, [x.cons(), y.prod()])
    x.cons()  # !lost
    with refused(
        at="lost",
        what="nobody consumes ObjectFifo 'x' at its consumer 1",
        because="this cons() handle was given to no Worker, Runtime or link, and the producer "
        "waits for every consumer",
        fix="list the handle in the fn_args of the Worker or of the Runtime",
    ):
        resolve(
            [worker],
            lambda a, b, i, o: (i.fill(a), o.drain(b, wait=True)),
            [T, T, x.prod(), y.cons()],
        )


def test_a_sequence_that_never_fills():
    x, y = ObjectFifo(T, name="x"), ObjectFifo(T, name="y")
    worker = Worker(move, [x.cons(), y.prod()])

    def sequence(b, i, o):
        o.drain(b, wait=True)

    runtime = Runtime(sequence, [T, x.prod(), y.cons()])  # !never_fills
    with refused(
        at="never_fills",
        what="nobody fills ObjectFifo 'x'",
        because="the sequence 'sequence' was given its prod handle and never calls fill()",
        fix="fill(tensor)",
    ):
        text_of(Program(NPU1(), runtime, workers=[worker]))


def test_a_worker_that_never_acquires():
    def idle(source, sink):
        b = sink.acquire(1)
        b[0] = 1
        sink.release(1)

    x, y = ObjectFifo(T, name="x"), ObjectFifo(T, name="y")
    worker = Worker(idle, [x.cons(), y.prod()])  # !idle
    with refused(
        at="idle",
        what="nobody consumes ObjectFifo 'x'",
        because="the Worker of 'idle' has its cons handle and never acquires; the producer waits "
        "for ever",
        fix="acquire and release it in 'idle'",
    ):
        resolve(
            [worker],
            lambda a, b, i, o: (i.fill(a), o.drain(b, wait=True)),
            [T, T, x.prod(), y.cons()],
        )


def test_a_worker_that_the_program_does_not_run():
    x, y = ObjectFifo(T, name="x"), ObjectFifo(T, name="y")
    Worker(move, [x.cons(), y.prod()])  # !forgotten
    with refused(
        at="forgotten",
        what="nobody consumes ObjectFifo 'x'",
        because="the Worker of 'move' has its cons handle, and is not among the workers of the "
        "Program",
        fix="Program(device, runtime, workers=[...])",
    ):
        resolve(
            [],
            lambda a, b, i, o: (i.fill(a), o.drain(b, wait=True)),
            [T, T, x.prod(), y.cons()],
        )


def test_a_fifo_in_place_of_a_handle():
    x = ObjectFifo(T, name="x")
    with refused(
        at="raw",
        what="Cannot give an ObjectFifo directly to a worker; must give an ObjectFifoHandle "
        "obtained through ObjectFifo.prod() or ObjectFifo.cons()",
        because="ObjectFifo 'x' is in the fn_args of the Worker of 'move'",
    ):
        Worker(move, [x])  # !raw

    with refused(
        at="raw_runtime",
        what="Cannot give an ObjectFifo directly to a Runtime",
        because="ObjectFifo 'x' has two sides",
        fix="fifo.prod() to fill it, fifo.cons() to drain it",
    ):
        runtime = Runtime(nothing, [x])  # !raw_runtime
        text_of(Program(NPU1(), runtime))


def test_functions_called_with_another_number_of_arguments():
    x = ObjectFifo(T, name="x")
    with refused(
        at="one_argument",
        what="the Worker of 'move' has 1 fn_args",
        because="the function is move(source, sink): missing a required argument: 'sink'",
        fix="one entry of fn_args for each parameter",
    ):
        Worker(move, [x.cons()])  # !one_argument
    with refused(
        at="three_arguments",
        what="the sequence 'move' has 3 fn_args",
        because="the function is move(source, sink): too many positional arguments",
        fix="one entry of fn_args for each parameter",
    ):
        Runtime(move, [T, T, T])  # !three_arguments


def test_a_handle_given_to_two_workers():
    x = ObjectFifo(T, name="x")
    handle = x.cons()
    Worker(nothing, [handle])
    with refused(
        at="twice",
        what="the cons handle of ObjectFifo 'x' is given away twice",
        because="the Worker of 'nothing' has it already",
        fix="another cons() for each consumer",
    ):
        Worker(nothing, [handle])  # !twice


def test_acquire_of_more_than_the_depth():
    def greedy(source, sink):
        source.acquire(3)  # !greedy

    with refused(
        at="greedy",
        what="Number of elements to acquire 3 must not exceed depth 2",
        because="the cons end of ObjectFifo 'x' holds 2",
        fix="depth=3",
    ):
        text_of(through_one_core(greedy))


def test_release_of_nothing():
    def strange(source, sink):
        source.release(0)  # !release_none

    with refused(at="release_none", what="release(0) of ObjectFifo 'x'", because="the least is 1"):
        text_of(through_one_core(strange))


def test_a_handle_of_another_worker():
    x, y = ObjectFifo(T, name="x"), ObjectFifo(T, name="y")
    taken = x.cons()

    def thief(sink):
        taken.acquire(1)  # !thief

    def owner(source):
        source.acquire(1)

    workers = [Worker(thief, [y.prod()]), Worker(owner, [taken])]
    with refused(
        at="thief",
        what="the Worker of 'thief' uses the cons handle of ObjectFifo 'x'",
        because="that handle was given to the Worker of 'owner'",
        fix="list the handle in the fn_args of this Worker",
    ):
        resolve(
            workers,
            lambda a, b, i, o: (i.fill(a), o.drain(b, wait=True)),
            [T, T, x.prod(), y.cons()],
        )


def test_acquire_in_the_sequence():
    def sequence(a, b, i, o):
        i.acquire(1)  # !host_acquire

    x, y = ObjectFifo(T, name="x"), ObjectFifo(T, name="y")
    worker = Worker(move, [x.cons(), y.prod()])
    with refused(
        at="host_acquire",
        what="acquire() of ObjectFifo 'x' in the sequence 'sequence'",
        because="the sequence runs on the host, which has no cores' memory",
        fix="move it into the function of a Worker",
    ):
        resolve([worker], sequence, [T, T, x.prod(), y.cons()])


def test_fill_in_a_core():
    def core(source, sink):
        sink.fill(None)  # !core_fill

    with refused(
        at="core_fill",
        what="ObjectFifo.fill() of ObjectFifo 'y' in the core function 'core'",
        because="a core cannot reach the host's memory",
        fix="move it into the function of the Runtime",
    ):
        text_of(through_one_core(core))


def test_fill_through_the_wrong_handle():
    def sequence(a, x):
        x.fill(a)  # !wrong_handle

    x = ObjectFifo(T, name="x")
    with refused(
        at="wrong_handle",
        what="ObjectFifo.fill() of ObjectFifo 'x' through a cons handle",
        fix="prod().fill(...)",
    ):
        resolve([], sequence, [T, x.cons()])


@pytest.mark.parametrize("depth", [0, -1, 2.0, True])
def test_depths(depth):
    with refused(
        at="depth", what=f"ObjectFifo 'x' has depth={depth!r}", because="the least is 1 object"
    ):
        ObjectFifo(T, name="x", depth=depth)  # !depth


def test_an_end_without_depth():
    x = ObjectFifo(T, name="x", depth=None)  # !depthless
    assert x.cons(depth=3).depth == 3
    with refused(
        at="no_depth",
        what="an end of ObjectFifo 'x' has no depth",
        because="the ObjectFifo at <depthless> was made with depth=None",
        fix="prod(depth=2), cons(depth=2)",
    ):
        x.prod()  # !no_depth


@pytest.mark.parametrize("count", [0, 257])
def test_iter_counts(count):
    x = ObjectFifo(T, name="x")
    with refused(
        at="iter",
        what="Iter count must be in [1, 256] range.",
        because=f"ObjectFifo 'x' was given {count}",
    ):
        x.set_iter_count(count)  # !iter


def test_repeat_counts():
    with refused(
        at="repeat",
        what="repeat_count=0 of ObjectFifo 'x'",
        because="a DMA sends an object 1 to 256 times",
    ):
        ObjectFifo(T, name="x", repeat_count=0)  # !repeat


def test_lists_in_place_of_patterns():
    with refused(
        at="list",
        what="to_stream of ObjectFifo 'x' is a list, not a TensorAccessPattern",
        because="IRON 1.4.4 replaced lists of (size, stride)",
        fix="TensorAccessPattern(shape, 0, [2, 8], [8, 1]) from aie.helpers.taplib",
    ):
        ObjectFifo(T, name="x", to_stream=[(2, 8), (8, 1)])  # !list


def test_what_npu1_has_not():
    for options, what, because in (
        ({"plio": True}, "has plio=True", "npu1 has no programmable logic"),
        ({"pad_value": 3}, "has pad_value=3", "memory tiles of npu1 pad with zeros"),
    ):
        with refused(at="absent", what=f"ObjectFifo 'x' {what}", because=because):
            ObjectFifo(T, name="x", **options)  # !absent
    with refused(
        at="packet",
        what="ObjectFifo 'x' is packet-switched",
        because="the dialect of August 2026 has no text for it",
        fix="PacketFlow",
    ):
        ObjectFifo(T, name="x", packet=True)  # !packet


def test_array_types():
    with refused(
        at="no_array",
        what="an unnamed ObjectFifo needs an array type, not int32",
        fix="np.ndarray[(64,), np.dtype[np.int32]]",
    ):
        ObjectFifo(np.int32)  # !no_array
    with refused(
        at="no_element",
        what="ObjectFifo 'x' has no element type for complex64",
        because="complex64 is not an element type; known: bfloat16, bool, float16, float32, "
        "float64, int16, int32, int64, int8, uint16, uint32, uint64, uint8",
    ):
        ObjectFifo(array(4, dtype=np.complex64), name="x")  # !no_element
    with refused(
        at="no_size",
        what="ObjectFifo 'x' has the shape (4, 0)",
        because="every size must be an integer of at least 1",
    ):
        ObjectFifo(array(4, 0), name="x")  # !no_size


def test_names_before_resolution_and_names_used_twice():
    with refused(
        at="unnamed",
        what="an unnamed ObjectFifo gets its name when its program is resolved",
        fix="ObjectFifo(..., name=...)",
    ):
        str(ObjectFifo(T).name)  # !unnamed
    x = ObjectFifo(T, name="x")  # !first_x
    y = ObjectFifo(T, name="x")  # !second_x
    worker = Worker(move, [x.cons(), y.prod()])
    with refused(
        at="second_x",
        what="two objects are called 'x'",
        because="the ObjectFifo at <first_x> has that name",
        fix="another name=, or none",
    ):
        resolve([worker], nothing, [x.prod(), y.cons()])


# Layouts


def test_a_layout_that_misses_elements():
    half = TensorAccessPattern((16,), 0, [8], [1])
    x, y = ObjectFifo(T, name="x", to_stream=half), ObjectFifo(T, name="y")  # !half
    worker = Worker(move, [x.cons(), y.prod()])
    with refused(
        at="half",
        what="to_stream of ObjectFifo 'x' visits 8 elements",
        because="an object of 16xi32 has 16",
    ):
        resolve(
            [worker],
            lambda a, b, i, o: (i.fill(a), o.drain(b, wait=True)),
            [T, T, x.prod(), y.cons()],
        )


def test_a_sub_word_stride_is_refused_where_it_is_written():
    small = array(64, dtype=np.int16)
    transpose = TensorAccessPattern((8, 8), 0, [8, 8], [1, 8])
    x, y = ObjectFifo(small, name="x"), ObjectFifo(small, name="y")
    passed_on = x.cons().forward(obj_type=small, to_stream=transpose)  # !sub_word
    worker = Worker(move, [passed_on.cons(), y.prod()])
    with refused(
        at="sub_word",
        what="to_stream of ObjectFifo 'x_fwd' is not one buffer descriptor",
        because="innermost stride is 8; elements of 2 bytes need 1 (i16 elements, sizes [8, 8], "
        "strides [1, 8])",
    ):
        resolve(
            [worker],
            lambda a, b, i, o: (i.fill(a), o.drain(b, wait=True)),
            [small, small, x.prod(), y.cons()],
        )


def test_padding_elsewhere_than_on_a_memory_tile():
    padded = TensorAccessPattern((2, 4), 0, [2, 4], [4, 1]).pad([(0, 0), (2, 2)])
    x, y = ObjectFifo(T, name="x", to_stream=padded), ObjectFifo(T, name="y")  # !pads
    worker = Worker(move, [x.cons(), y.prod()])
    with refused(
        at="pads",
        what="ObjectFifo 'x' pads on its way from Tile<ShimNOCTile>(?, ?)",
        because="only memory tiles add zeros",
        fix="cons().forward(obj_type=padded, to_stream=tap.pad(...))",
    ):
        resolve(
            [worker],
            lambda a, b, i, o: (i.fill(a), o.drain(b, wait=True)),
            [T, T, x.prod(), y.cons()],
        )


def test_initial_values_of_another_shape_or_number():
    for values, what, because in (
        (
            [np.zeros(16, np.int32)],
            "ObjectFifo 'x' starts with 1 objects",
            "its producer's ring holds 2, and each has an initial value",
        ),
        (
            [np.zeros(16, np.int32), np.zeros(8, np.int32)],
            "ObjectFifo 'x' of 16xi32 starts with a int32 array of shape (8,)",
            "shape and dtype must be those of one object",
        ),
    ):
        x, y = ObjectFifo(T, name="x", init_values=values), ObjectFifo(T, name="y")  # !born
        worker = Worker(move, [x.cons(), y.prod()])
        with refused(at="born", what=what, because=because):
            resolve(
                [worker],
                lambda a, b, i, o: (i.fill(a), o.drain(b, wait=True)),
                [T, T, x.prod(), y.cons()],
            )


# Links


def test_links_from_the_wrong_handle():
    x = ObjectFifo(T, name="x")
    for call, verb, fix, other in (
        (lambda: x.prod().forward(), "forward", "cons().forward(...)", "prod"),  # !forward
        (lambda: x.prod().split([0]), "split", "cons().split(...), or join", "prod"),  # !split
    ):
        with refused(
            at=verb,
            what=f"Cannot {verb} a {other} ObjectFifoHandle",
            because="only what ObjectFifo 'x' delivers can be passed on",
            fix=fix,
        ):
            call()
    with refused(
        at="join",
        what="Cannot join a cons ObjectFifoHandle",
        because="parts are joined into what ObjectFifo 'x' is given",
        fix="prod().join(...), or split",
    ):
        x.cons().join([0])  # !join


def test_parts_that_keep_the_type_of_the_whole():
    x = ObjectFifo(array(128), name="x")
    with refused(
        at="parts",
        what="part 0 of the split of ObjectFifo 'x' has 128 elements",
        because="offsets [0, 64] of 128 leave it 64",
        fix="obj_types=[...], one type for each part",
    ):
        x.cons().split([0, 64])  # !parts


def test_offsets_that_are_no_parts():
    x = ObjectFifo(array(128), name="x")
    for offsets in ([64, 0], [8, 64], [0, 128]):
        with refused(
            at="offsets",
            what=f"split of ObjectFifo 'x' at offsets {offsets}",
            because="offsets start at 0, grow, and stay below the 128 elements of an object",
        ):
            x.cons().split(offsets, obj_types=[array(64), array(64)])  # !offsets


def test_lists_of_another_length_than_the_parts():
    x = ObjectFifo(array(128), name="x")
    with refused(
        at="entries",
        what="names has 1 entries for 2 parts",
        because="there is one entry for each offset",
    ):
        x.cons().split([0, 64], obj_types=[array(64)] * 2, names=["a"])  # !entries
    tap = TensorAccessPattern((64,), 0, [64], [1])
    with refused(
        at="one_tap",
        what="to_stream is one TensorAccessPattern for 2 parts",
        because="there is one entry for each offset",
    ):
        x.cons().split([0, 64], obj_types=[array(64)] * 2, to_stream=tap)  # !one_tap


def test_links_of_many_to_many():
    fifos = [ObjectFifo(T) for _ in range(4)]
    with refused(
        at="many",
        what="a link of 2 sources and 2 destinations",
        because="one side has one fifo, the other one or more",
    ):
        ObjectFifoLink(  # !many
            [fifos[0].cons(), fifos[1].cons()], [fifos[2].prod(), fifos[3].prod()]
        )


def test_a_split_on_a_core_tile():
    x = ObjectFifo(array(128), name="x")
    with refused(
        at="core_split",
        what="the link made at <core_split> cannot stand on Tile<CoreTile>(0, 2)",
        because="it needs a MemTile",
    ):
        x.cons().split([0, 64], Tile(0, 2), obj_types=[array(64)] * 2)  # !core_split


# Kernels


def called_with(kernel, *arguments):
    """Resolve a program whose core calls `kernel`; "a" stands for the object it acquired."""

    def core(source, sink, fn):
        a = source.acquire(1)
        given = [a if isinstance(each, str) else each for each in arguments]
        fn(*given)  # !call
        sink.acquire(1)
        source.release(1)
        sink.release(1)

    text_of(through_one_core(core, [kernel]))


def test_kernel_arity():
    kernel = Kernel("k", "k.o", [T])  # !kernel
    with refused(
        at="call",
        what="Kernel 'k' expects 1 argument(s), but 2 were provided.",
        because="it was declared at <kernel> as k(16xi32) in k.o",
    ):
        called_with(kernel, "a", 3)


@pytest.mark.parametrize(
    ("declared", "given", "what", "because"),
    [
        (array(8), "a", "is 16xi32", "8xi32"),
        (array(16, dtype=np.int16), "a", "is 16xi32", "16xi16"),
        (array(4, 4), "a", "is 16xi32", "4x4xi32"),
        (array(16), 3, "is a Python int", "16xi32"),
        (np.int32, "a", "is 16xi32", "i32"),
        (np.int32, None, "is a Python NoneType", "i32"),
    ],
)
def test_kernel_arguments(declared, given, what, because):
    kernel = Kernel("k", "k.o", [declared])  # !declared
    with refused(
        at="call",
        what=f"argument 0 of kernel 'k' {what}",
        because=f"{because} was declared at <declared>",
    ):
        called_with(kernel, given)


def test_kernel_numbers_that_do_not_fit():
    with refused(
        at="call",
        what="argument 0 of kernel 'k' takes i8, and 300 does not fit",
        because="i8 holds -128 to 127",
    ):
        called_with(Kernel("k", "k.o", [np.int8]), 300)
    with refused(
        at="call",
        what="argument 0 of kernel 'k' takes i32, not the float 0.5",
        fix="0, or a float element type",
    ):
        called_with(Kernel("k", "k.o", [np.int32]), 0.5)


def test_a_slice_given_to_a_kernel():
    kernel = Kernel("k", "k.o", [array(8)])

    def core(source, sink, fn):
        a = source.acquire(1)
        fn(a[8:16])  # !slice_call

    with refused(
        at="slice_call",
        what="argument 0 of kernel 'k' is a slice of a buffer",
        because="a kernel takes whole objects: the address of the first element",
        fix="pass the whole object, and the offset as a number",
    ):
        text_of(through_one_core(core, [kernel]))


def test_two_kernels_of_one_name():
    first = Kernel("k", "k.o", [T])  # !first_k
    second = Kernel("k", "k.o", [np.int32])  # !second_k

    def core(source, sink, one, other):
        one(source.acquire(1))
        other(1)  # !other

    with refused(
        at="other",
        what="two kernels are called 'k'",
        because="k(16xi32) in k.o at <first_k> and k(i32) in k.o at <second_k> differ",
        fix="one name for each function",
    ):
        text_of(through_one_core(core, [first, second]))


def test_kernel_declarations():
    with refused(
        at="mode", what="link_with_mode='lto' of kernel 'k'", because="'merge' is the only mode"
    ):
        Kernel("k", "k.o", [T], link_with_mode="lto")  # !mode
    with refused(
        at="no_source",
        what="ExternalFunction 'k' has no source",
        fix="source_file= or source_string=",
    ):
        ExternalFunction("k", arg_types=[T])  # !no_source
    with refused(
        at="chess",
        what="ExternalFunction 'k' has use_chess=True",
        because="kernels are compiled for the host, by its own compiler",
    ):
        ExternalFunction("k", source_string="", use_chess=True)  # !chess
    with refused(
        at="kernel_shape",
        what="argument 0 of kernel 'k' is a number of type i32",
        because="only an array has a shape",
    ):
        Kernel("k", "k.o", [np.int32]).arg_shape(0)  # !kernel_shape
    with refused(at="kernel_index", what="kernel 'k' has no argument 1", because="it has 1"):
        Kernel("k", "k.o", [np.int32]).tile_size(1)  # !kernel_index


def test_a_missing_source(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DesignError) as refusal:
        ExternalFunction("k", source_file="absent.cc", arg_types=[T])
    here = __file__.rsplit("/", 1)[0]
    assert refusal.value.what == "the source of ExternalFunction 'k' is missing"
    assert refusal.value.because == f"there is no {tmp_path}/absent.cc and no {here}/absent.cc"


# Workers, buffers, barriers


def test_two_workers_on_one_tile():
    x, y = ObjectFifo(T, name="x"), ObjectFifo(T, name="y")
    first = Worker(move, [x.cons(), y.prod()], tile=Tile(0, 2))  # !first_worker
    second = Worker(None, tile=Tile(0, 2))  # !second_worker
    with refused(
        at="second_worker",
        what="Multiple workers cannot share the same tile: Tile<CoreTile>(0, 2)",
        because="the Worker of 'move' made at <first_worker> stands there",
    ):
        resolve([first, second], nothing, [])


def test_two_workers_with_one_wish():
    wish = Tile(1)
    workers = [Worker(None, tile=wish), Worker(None, tile=wish)]
    with pytest.raises(DesignError) as refusal:
        resolve(workers, nothing, [])
    assert refusal.value.what == (
        "Multiple workers cannot share the same tile: Tile<CoreTile>(1, ?)"
    )


def test_a_worker_on_a_memory_tile():
    for tile in (AnyMemTile, Tile(0, 1)):
        with refused(
            at="mem_worker",
            what=f"the Worker of 'move' cannot stand on {tile!r}",
            because="it needs a CoreTile",
        ):
            Worker(move, [], tile=tile)  # !mem_worker


def test_a_worker_outside_the_device():
    x, y = ObjectFifo(T, name="x"), ObjectFifo(T, name="y")
    worker = Worker(move, [x.cons(), y.prod()], tile=Tile(2, 3))  # !outside
    with refused(
        at="outside",
        what="Tile<CoreTile>(2, 3) is outside npu1_1col",
        because="it has columns 0 to 0",
    ):
        resolve([worker], nothing, [x.prod(), y.cons()], NPU1Col1())


def test_stack_sizes():
    with refused(
        at="stack",
        what="Worker(stack_size=-1)",
        because="it is a number of bytes above 0",
    ):
        Worker(move, [], stack_size=-1)  # !stack
    with refused(
        at="memory_size",
        what="Worker(data_size=512)",
        because="the dialect of August 2026 has no text for it",
        fix="a Buffer for the memory that the kernels need",
    ):
        Worker(move, [], data_size=512)  # !memory_size


def test_one_buffer_in_two_workers():
    buffer = Buffer(T, name="bb")  # !bb
    Worker(nothing, [buffer])
    with refused(
        at="second_place",
        what="Buffer 'bb' is already placed on Tile<CoreTile>(?, ?); cannot reassign to "
        "Tile<CoreTile>(?, ?)",
        because="the Buffer at <bb> was given to two workers",
        fix="Buffer(..., tile=...) on a tile that both cores reach",
    ):
        Worker(nothing, [buffer])  # !second_place


def test_buffers_without_type_or_with_another_value():
    with refused(
        at="bare",
        what="an unnamed Buffer has neither a type nor an initial value",
        fix="Buffer(np.ndarray[(4,), np.dtype[np.int32]])",
    ):
        Buffer()  # !bare
    with refused(
        at="other_value",
        what="Buffer 'b' of 16xi32 starts with a int64 array of shape (4,)",
        because="shape and dtype must be those of its type",
    ):
        Buffer(T, initial_value=np.arange(4), name="b")  # !other_value


def sequence_of(function, *extra):
    x, y = ObjectFifo(T, name="x"), ObjectFifo(T, name="y")

    def core(source, sink, *_):
        move(source, sink)

    worker = Worker(core, [x.cons(), y.prod(), *extra])
    return resolve([worker], function, [T, T, x.prod(), y.cons()])


def test_runtime_parameters():
    plain = Buffer(array(4), name="plain")

    def write_plain(a, b, i, o):
        plain[0] = 1  # !plain

    with refused(
        at="plain",
        what="Buffer 'plain' is written in the sequence 'write_plain'",
        because="only runtime parameters can be written from the host",
        fix="Buffer(..., use_write_rtp=True)",
    ):
        sequence_of(write_plain, plain)

    narrow = Buffer(array(4, dtype=np.int16), name="narrow", use_write_rtp=True)

    def write_narrow(a, b, i, o):
        narrow[0] = 1  # !narrow

    with refused(
        at="narrow",
        what="Buffer 'narrow' has i16 elements",
        because="the host writes a runtime parameter as one 32-bit word",
        fix="np.int32 elements",
    ):
        sequence_of(write_narrow, narrow)

    wide = Buffer(array(4), name="wide", use_write_rtp=True)

    def write_outside(a, b, i, o):
        wide[4] = 1  # !rtp_outside

    with refused(
        at="rtp_outside",
        what="index 4 into Buffer 'wide' of 4xi32",
        because="the sequence writes words 0 to 3",
    ):
        sequence_of(write_outside, wide)

    def read(a, b, i, o):
        wide[0]  # !rtp_read

    with refused(
        at="rtp_read",
        what="Buffer 'wide' is read in the sequence 'read'",
        because="the sequence runs on the host and can only write runtime parameters",
    ):
        sequence_of(read, Buffer(array(4)))


def test_a_buffer_that_lies_nowhere():
    lost = Buffer(array(4), name="lost", use_write_rtp=True)  # !lost_buffer

    def write(a, b, i, o):
        lost[0] = 1

    with refused(
        at="lost_buffer",
        what="Buffer 'lost' lies nowhere",
        because="no worker was given it, and it has no tile",
        fix="list it in a Worker's fn_args, or give it tile=",
    ):
        sequence_of(write)


def test_barriers():
    with refused(
        at="barrier_value",
        what="WorkerRuntimeBarrier(initial_value) of 64",
        because="a lock holds 0 to 63",
    ):
        WorkerRuntimeBarrier(64)  # !barrier_value
    barrier = WorkerRuntimeBarrier()  # !barrier

    def sequence(a, b, i, o):
        barrier.set(1)  # !set

    with refused(
        at="set",
        what="nobody waits for a WorkerRuntimeBarrier that the sequence sets",
        because="no Worker of the program has the barrier made at <barrier>",
        fix="list the barrier in the fn_args of a Worker",
    ):
        sequence_of(sequence)

    def core(source, sink):
        barrier.wait_for_value(1)  # !wait

    with refused(
        at="wait",
        what="the Worker of 'core' uses a WorkerRuntimeBarrier it was not given",
        because="the barrier was made at <barrier>",
        fix="list the barrier in the fn_args of the Worker",
    ):
        text_of(through_one_core(core))


# The sequence


def test_a_transfer_of_something_else():
    def sequence(a, b, i, o):
        i.fill(np.zeros(4))  # !array

    with refused(
        at="array",
        what="ObjectFifo.fill() of ObjectFifo 'x' of ndarray",
        because="it moves one of the tensors that the sequence's function receives",
        fix="a parameter of the function, declared in Runtime(function, [type, ...])",
    ):
        sequence_of(sequence)


def test_a_walk_outside_the_tensor():
    tap = TensorAccessPattern((32,), 8, [16], [1])

    def sequence(a, b, i, o):
        i.fill(a, tap)  # !walk

    with refused(
        at="walk",
        what="ObjectFifo.fill() of ObjectFifo 'x' reaches element 23 of argument 0",
        because="the tensor 16xi32 has 16 elements; the tap is over 32",
    ):
        sequence_of(sequence)


def test_a_walk_of_five_dimensions():
    tap = TensorAccessPattern((512,), 0, [2, 2, 2, 2, 2], [256, 64, 16, 4, 1])
    x = ObjectFifo(array(32), name="x")

    def sequence(a, i):
        i.fill(a, tap)  # !five

    with refused(
        at="five",
        what="ObjectFifo.fill() of ObjectFifo 'x' walks in 5 dimensions",
        because="a shim descriptor has 4: sizes [2, 2, 2, 2, 2], strides [256, 64, 16, 4, 1]",
        fix="one transfer for each step of the outermost dimension",
    ):
        resolve([], sequence, [array(512), x.prod()])


def test_padding_in_the_sequence():
    def sequence(a, b, i, o):
        i.fill(a, TensorAccessPattern.full((16,)).pad([(1, 1)]))  # !shim_pads

    with refused(
        at="shim_pads",
        what="ObjectFifo.fill() of ObjectFifo 'x' pads",
        because="only memory tiles add zeros; the shim does not",
        fix="to_stream=tap.pad(...) of a fifo that a memory tile produces",
    ):
        sequence_of(sequence)


def test_mixed_groups():
    def sequence(a, b, i, o):
        group = TaskGroup()  # !group
        i.fill(a)  # !default
        o.drain(b, wait=True, group=group)
        group.finish()

    with refused(
        at="default",
        what="Mixing explicit task groups and the default task group is prohibited. Please assign "
        "all default tasks (x) to a task group.",
        because="the sequence begins a task group at <group>",
        fix="group=, or Runtime(..., strict_task_groups=False)",
    ):
        sequence_of(sequence)


def test_an_open_group():
    def sequence(a, b, i, o):
        group = TaskGroup()  # !open
        i.fill(a, group=group)
        o.drain(b, wait=True, group=group)

    with refused(
        at="open",
        what="Failed to close task groups: TaskGroup(0)",
        because="the sequence ends before the group does",
        fix="group.finish() at the end of the function",
    ):
        sequence_of(sequence)


def test_a_group_after_its_end():
    def sequence(a, b, i, o):
        group = TaskGroup()
        i.fill(a, group=group)
        group.finish()
        o.drain(b, wait=True, group=group)  # !late

    with refused(
        at="late",
        what="a transfer of ObjectFifo 'y' joins TaskGroup(0) after its end",
        because="group.finish() was called before",
    ):
        sequence_of(sequence)


def test_groups_and_loops_of_the_sequence():
    def outside(a, b, i, o):
        group = TaskGroup()  # !outer_group
        for _ in range_(4):
            i.fill(a, group=group)  # !in_loop

    with refused(
        at="in_loop",
        what="a transfer of ObjectFifo 'x' inside `range_` joins a group begun outside",
        because="TaskGroup(0) was begun at <outer_group>",
        fix="a TaskGroup inside the loop, or a Python range",
    ):
        sequence_of(outside)

    def default(a, b, i, o):
        for _ in range_(4):
            i.fill(a)  # !default_in_loop

    with refused(
        at="default_in_loop",
        what="a transfer inside `range_` without a group",
        because="transfers without a group end with the sequence, outside the loop",
        fix="group = TaskGroup() and group.finish() inside the loop, or a Python range",
    ):
        sequence_of(default)


def test_await_without_a_token():
    def sequence(a, b, i, o):
        task = i.fill(a)  # !tokenless
        task.await_()  # !await

    with refused(
        at="await",
        what="a transfer of ObjectFifo 'x' cannot be awaited",
        because="the transfer at <tokenless> issues no token",
        fix="wait=True",
    ):
        sequence_of(sequence)


def test_a_group_outside_of_a_sequence():
    with refused(
        at="stray",
        what="TaskGroup() outside of a core function or a sequence",
        because="it makes an operation of the program, and no program is being built here",
        fix="call it in the function given to Worker(...) or Runtime(...)",
    ):
        TaskGroup()  # !stray


def test_the_form_of_earlier_generations():
    with refused(
        at="d1",
        what="Runtime() without a function",
        because="IRON 1.4 describes the sequence in a function, not in `with rt.sequence(...)`",
        fix="Runtime(function, [type, ..., fifo.prod(), ...])",
    ):
        Runtime()  # !d1


# Devices and what npu1 lacks


def test_other_devices_by_name():
    for call, name in ((NPU2, "npu2"), (lambda: from_name("npu2"), "npu2")):
        with pytest.raises(DesignError) as refusal:
            call()
        assert refusal.value.what == f"device {name!r} is not modelled"
        assert refusal.value.because == (
            "the simulator knows npu1, npu1_1col, npu1_2col, npu1_3col"
        )
    with refused(
        at="xcv",
        what="device 'xcvc1902' is not modelled",
        because="the simulator knows npu1, npu1_1col, npu1_2col, npu1_3col",
        fix="NPU1()",
    ):
        Device("xcvc1902")  # !xcv


def test_columns():
    assert from_name("npu1", n_cols=2).name == "npu1_2col"
    with refused(at="columns", what="npu1 has no variant of 5 columns", because="1 to 4 exist"):
        from_name("npu1", n_cols=5)  # !columns


def test_a_program_without_device_or_runtime():
    with refused(
        at="no_device",
        what="Program(None, ...) has no device",
        fix="Program(NPU1(), runtime, workers=[...])",
    ):
        Program(None, Runtime(nothing))  # !no_device
    with refused(
        at="no_runtime",
        what="Program(device, list) has no Runtime",
        fix="Program(device, Runtime(function, [...]), workers=[...])",
    ):
        Program(NPU1(), [])  # !no_runtime
    with refused(
        at="no_worker",
        what="a function among the workers of a Program",
        fix="Worker(function, [...])",
    ):
        Program(NPU1(), Runtime(nothing), workers=[move])  # !no_worker


def test_what_is_not_modelled():
    with refused(
        at="compose",
        what="Program.compose()",
        because="the simulator runs one configuration of the device",
        fix="one Program for each configuration, run in turn",
    ):
        Program.compose([], entry=None)  # !compose
    with refused(
        at="configuration",
        what="DeviceConfiguration('main')",
        because="the simulator runs one configuration of the device",
        fix="one Program for each configuration, run in turn",
    ):
        DeviceConfiguration("main", NPU1())  # !configuration
    with refused(
        at="trace",
        what="Program.enable_trace()",
        because="the simulator does not model the trace units; it sees every event itself",
        fix="`--trace FILE.json` of the command line",
    ):
        Program(NPU1(), Runtime(nothing)).enable_trace(8192)  # !trace
    for call, what in (
        (lambda: ScratchpadParameter("p", np.int32), "ScratchpadParameter('p')"),
        (sync_parameters, "sync_parameters()"),
    ):
        with pytest.raises(DesignError) as refusal:
            call()
        assert refusal.value.what == what
        assert refusal.value.because == "scratchpad parameters need the full-ELF flow of npu2"


# Resources placed by hand


def test_resources_placed_by_hand():
    with refused(at="lock", what="Lock(init=64)", because="a lock holds 0 to 63"):
        Lock(Tile(0, 2), init=64)  # !lock
    with refused(
        at="bd",
        what="Bd(offset=8, length=16) of a buffer of 16xi32",
        because="the buffer has 16 elements",
    ):
        Bd(Buffer(T, tile=Tile(0, 2)), offset=8, length=16)  # !bd
    with refused(at="no_bds", what="a DmaChannel without descriptors"):
        DmaChannel("S2MM", 0, [])  # !no_bds
    stray = Bd(Buffer(T, tile=Tile(0, 2)), next=3)  # !stray_bd
    with refused(
        at="stray_bd",
        what="descriptor 0 of a DmaChannel goes on with number 3",
        because="the channel has descriptors 0 to 0",
    ):
        DmaChannel("S2MM", 0, [stray])
    with refused(
        at="symbol",
        what="a flow from Tile<CoreTile>(0, 2) to Tile<CoreTile>(0, 3) with shim_symbol='s'",
        because="neither end is on the shim",
    ):
        Flow(Tile(0, 2), Tile(0, 3), shim_symbol="s")  # !symbol
    with refused(at="id", what="PacketFlow(32)", because="an id has 5 bits: 0 to 31"):
        PacketFlow(32, Tile(0, 2), Tile(0, 3))  # !id
    west, east = Worker(None, tile=Tile(0, 2)), Worker(None, tile=Tile(1, 2))
    with refused(
        at="cascade",
        what="a cascade from Tile<CoreTile>(1, 2) to Tile<CoreTile>(0, 2)",
        because="a core's cascade goes to its neighbour in the south or in the east",
        fix="the other order, or tiles left open",
    ):
        CascadeFlow(east, west)  # !cascade
