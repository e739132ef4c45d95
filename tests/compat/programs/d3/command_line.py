# A design's file with the command line that designs share: print, compile, or run and compare.
import argparse

import aie.iron as iron
import numpy as np
from aie.iron import CompileTime, In, ObjectFifo, Out, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.utils.hostruntime.argparse import (
    add_benchmark_args,
    add_compile_args,
    add_runtime_args,
    add_trace_arg,
    device_from_args,
)
from aie.utils.hostruntime.cli import run_design_cli


@iron.jit
def saturating_ramp(x: In, y: Out, *, size: CompileTime[int], step: CompileTime[int]):
    line = np.ndarray[(size,), np.dtype[np.int32]]
    of_in, of_out = ObjectFifo(line, name="in"), ObjectFifo(line, name="out")

    def core(src, dst):
        a, b = src.acquire(1), dst.acquire(1)
        for i in range_(size):
            b[i] = a[i] + step
        src.release(1)
        dst.release(1)

    def sequence(a, b, a_in, b_out):
        a_in.fill(a)
        b_out.drain(b, wait=True)

    w = Worker(core, [of_in.cons(), of_out.prod()])
    rt = Runtime(sequence, [line, line, of_in.prod(), of_out.cons()])
    return Program(iron.get_current_device(), rt, workers=[w]).resolve_program()


def run_and_verify(opts):
    x = iron.arange(opts.size, dtype=np.int32)
    y = iron.zeros(opts.size, dtype=np.int32)
    for _ in range(opts.iters):
        saturating_ramp(x, y, size=opts.size, step=opts.step)
    if opts.verify:
        np.testing.assert_array_equal(y.numpy(), x.numpy() + opts.step)
    print("PASS!")


def check(opts):
    if opts.size % 16:
        raise ValueError("size must be a multiple of 16")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    add_compile_args(parser)
    add_benchmark_args(parser)
    add_runtime_args(parser)
    add_trace_arg(parser)
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--step", type=int, default=5)
    opts = parser.parse_args()
    run_design_cli(
        saturating_ramp,
        opts,
        compile_kwargs={"size": opts.size, "step": opts.step},
        run_and_verify=run_and_verify,
        device=device_from_args(opts),
        validate=check,
    )
