"""Names and text depend on the program alone, not on what the process did before."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from iron_programs import array, marked, text_of

from ironbird.base.source_line import SourceLine
from ironbird.ir import source_line_of
from ironbird.ir.locations import name_of_location
from ironbird.iron import Buffer, Kernel, ObjectFifo, Program, Runtime, Worker
from ironbird.iron.controlflow import range_
from ironbird.iron.device import NPU1


def unnamed_program() -> Program:
    """Fifos, a runtime parameter, a buffer and a forward, none of them named."""
    tensor = array(32)
    source, sink = ObjectFifo(tensor), ObjectFifo(tensor)
    passed_on = source.cons().forward()
    gain, scratch = Buffer(array(4), use_write_rtp=True), Buffer(array(8))
    kernel = Kernel("k", "k.o", [tensor, tensor, np.int32])

    def core(a_in, b_out, parameter, store, fn):
        a, b = a_in.acquire(1), b_out.acquire(1)
        for i in range_(8):
            store[i] = a[i] + parameter[0]
        fn(a, b, 3)
        a_in.release(1)
        b_out.release(1)

    worker = Worker(core, [passed_on.cons(), sink.prod(), gain, scratch, kernel])

    def sequence(a, b, fill, drain):
        gain[0] = 5
        fill.fill(a)
        drain.drain(b, wait=True)

    return Program(
        NPU1(), Runtime(sequence, [tensor, tensor, source.prod(), sink.cons()]), [worker]
    )


def test_unnamed_objects_are_numbered_from_zero():
    text = text_of(unnamed_program())
    names = ("@of0(", "@of1(", "@of0_fwd(", '"rtp0"', '"buf_0"', "[@of0] -> [@of0_fwd]([] [0])")
    assert [name for name in names if name not in text] == []


def test_a_program_built_twice_prints_the_same():
    first = text_of(unnamed_program())
    ObjectFifo(array(4)), Buffer(array(4))
    assert text_of(unnamed_program()) == first


def test_a_program_resolved_twice_prints_the_same():
    program = unnamed_program()
    assert text_of(program) == text_of(program)


def test_fifos_are_emitted_by_name():
    text = text_of(unnamed_program())
    order = [
        line.split("@")[1].split("(")[0] for line in text.splitlines() if "objectfifo @" in line
    ]
    assert order == ["of0", "of0_fwd", "of1"]


def test_another_process_and_hash_seed_print_the_same():
    here = Path(__file__)
    script = (
        f"import sys; sys.path[:0] = [{str(here.parent)!r}, {str(here.parents[2])!r}]\n"
        "from test_iron_names import unnamed_program, text_of\n"
        "print(text_of(unnamed_program()), end='')"
    )
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        assert run.stdout == text_of(unnamed_program())


def test_given_names_are_not_taken_again():
    tensor = array(8)
    taken = ObjectFifo(tensor, name="of0")
    free = ObjectFifo(tensor)
    worker = Worker(move, [taken.cons(), free.prod()])
    runtime = Runtime(
        lambda a, b, i, o: (i.fill(a), o.drain(b, wait=True)),
        [tensor, tensor, taken.prod(), free.cons()],
    )
    text_of(Program(NPU1(), runtime, [worker]))
    assert (taken.name, free.name) == ("of0", "of1")


def move(source, sink):
    a, b = source.acquire(1), sink.acquire(1)  # !acquire
    b[0] = a[0]
    source.release(1)
    sink.release(1)


def test_operations_carry_the_authors_lines():
    tensor = array(8)
    x = ObjectFifo(tensor, name="x")  # !fifo
    y = ObjectFifo(tensor, name="y")
    worker = Worker(move, [x.cons(), y.prod()])  # !worker

    def sequence(a, b, i, o):
        i.fill(a)  # !fill
        o.drain(b, wait=True)

    runtime = Runtime(sequence, [tensor, tensor, x.prod(), y.cons()])  # !runtime
    module = Program(NPU1(), runtime, [worker]).resolve_program()
    lines = {}
    for op in module.walk():
        line = source_line_of(op)
        assert isinstance(line, SourceLine), op
        lines.setdefault(op.name, str(line))
        if op.name == "aie.core":
            assert name_of_location(op) == "move"
    here = Path(__file__)
    assert {name: lines[name] for name in LINES} == {
        name: marked(here, mark) for name, mark in LINES.items()
    }


LINES = {
    "aie.objectfifo": "fifo",
    "aie.core": "worker",
    "aie.objectfifo.acquire": "acquire",
    "aiex.dma_configure_task_for": "fill",
    "aie.dma_bd": "fill",
    "aie.runtime_sequence": "runtime",
}
