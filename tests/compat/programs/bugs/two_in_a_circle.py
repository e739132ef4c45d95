"""Two workers each wait for what the other one makes."""

import aie.iron as iron
import numpy as np
from aie.iron import In, ObjectFifo, Out, Program, Runtime, Worker
from aie.iron.controlflow import range_

line = np.ndarray[(16,), np.dtype[np.int32]]
whole = np.ndarray[(64,), np.dtype[np.int32]]


@iron.jit
def design(x: In, y: Out):
    source, result = ObjectFifo(line, name="source"), ObjectFifo(line, name="result")
    there = ObjectFifo(line, name="there")
    back = ObjectFifo(line, name="back")

    def first(source, there, back):
        answer = back.acquire(1)  # BUG
        question, a = there.acquire(1), source.acquire(1)
        for i in range_(16):
            question[i] = a[i] + answer[i]
        source.release(1)
        there.release(1)
        back.release(1)

    def second(there, back, result):
        question = there.acquire(1)
        answer, b = back.acquire(1), result.acquire(1)
        for i in range_(16):
            answer[i] = question[i]
            b[i] = question[i]
        there.release(1)
        back.release(1)
        result.release(1)

    def sequence(x, y, source, result):
        source.fill(x)
        result.drain(y, wait=True)

    workers = [
        Worker(first, [source.cons(), there.prod(), back.cons()]),
        Worker(second, [there.cons(), back.prod(), result.prod()]),
    ]
    runtime = Runtime(sequence, [whole, whole, source.prod(), result.cons()])
    return Program(iron.get_current_device(), runtime, workers=workers).resolve_program()


x, y = iron.arange(64, dtype=np.int32), iron.zeros(64, dtype=np.int32)
design(x, y)
