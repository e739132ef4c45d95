"""One product of square matrices on one core, A and B one after the other in one buffer.

    DDR --[A, B]--> memory tile --A in blocks--> core (0, 2) --> memory tile --C--> DDR
                      (0, 1)    --B in blocks-->                   (0, 1)

int8 gives int8: 512, 2,048 or 8,192 bytes in and 256, 1,024 or 4,096 out for a side of 16, 32 or
64. Sums are int32 over the whole depth and requantised once, times multiplier / 2^shift; the shift
is a runtime parameter. bf16 gives bf16, summed in fp32 and rounded once.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from aie.iron import Buffer, ObjectFifo, Program, Runtime, Worker, WorkerRuntimeBarrier
from aie.iron.device import NPU1, Tile

from aie_kernels.mm_contracts import BLOCKS, mm, product_reference
from aie_kernels.mm_finish_contracts import (
    NARROWED_SUM_TOLERANCE,
    mm_finish,
    mm_requantise_i32_i8,
    requantised,
)
from aie_kernels.row_contracts import zero
from designs.block_layout import from_blocks, to_blocks
from designs.case import Array, draw_bfloat16, draw_integers, poisoned
from designs.kernels import array_type, external
from ironbird.base.element_types import ELEMENT_TYPES
from ironbird.base.tolerance import EXACT, Tolerance
from ironbird.session.design_command import design_main

SIDES = (16, 32, 64)
"""Whole groups of blocks, and operands twice within a core's 64 KiB."""

STACK_BYTES = 3328
"""As in designs/matmul.py."""

LARGEST_MULTIPLIER = 2**15 - 1
LARGEST_SHIFT = 31

_SUM_TYPES = {"i8": "i32", "bf16": "f32"}


@dataclass(frozen=True, kw_only=True)
class Case:
    """c [side, side] = a [side, side] b [side, side].

    multiplier, shift: int8 only; c is the sum times multiplier / 2^shift, to nearest even.
    """

    name: str
    side: int
    type_name: str = "i8"
    multiplier: int = 1
    shift: int = 7

    def __post_init__(self) -> None:
        if self.side not in SIDES:
            raise ValueError(f"matrices of side {self.side}; there are 16, 32 and 64")
        if self.type_name not in _SUM_TYPES:
            raise ValueError(f"a packed product of {self.type_name}; there are i8 and bf16")
        if not (1 <= self.multiplier <= LARGEST_MULTIPLIER and 0 <= self.shift <= LARGEST_SHIFT):
            raise ValueError(
                f"a scale of {self.multiplier} / 2^{self.shift}; a multiplier is 1 to "
                f"{LARGEST_MULTIPLIER}, a shift 0 to {LARGEST_SHIFT}"
            )

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of a, b and c."""
        return ELEMENT_TYPES[self.type_name].dtype

    @property
    def sum_type(self) -> str:
        """Of what products are summed in."""
        return _SUM_TYPES[self.type_name]

    @property
    def tolerance(self) -> Tolerance:
        """Integers are exact."""
        return EXACT if self.type_name == "i8" else NARROWED_SUM_TOLERANCE

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """a, b [side, side]."""
        shape = (self.side, self.side)
        if self.type_name == "bf16":
            return {name: draw_bfloat16(rng, shape) for name in ("a", "b")}
        return {name: draw_integers(rng, shape, np.int8) for name in ("a", "b")}

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """c [side, side]."""
        return {"c": ((self.side, self.side), self.dtype)}


def design(case: Case) -> Any:
    """The program."""
    side, elements = case.side, case.side**2
    blocks = BLOCKS[case.type_name, case.sum_type]
    operand = array_type(elements, case.dtype)
    both = array_type(2 * elements, case.dtype)
    memory = Tile(0, 1)
    operands = ObjectFifo(both, name="operands")
    a_blocks, b_blocks = operands.cons().split(
        [0, elements],
        tile=memory,
        obj_types=[operand, operand],
        names=["a_blocks", "b_blocks"],
        to_stream=[
            to_blocks(side, side, blocks.rows, blocks.depth),
            to_blocks(side, side, blocks.depth, blocks.columns),
        ],
    )
    c_blocks = ObjectFifo(operand, depth=1, name="c_blocks")
    c = c_blocks.cons().forward(
        tile=memory, name="c", to_stream=from_blocks(side, side, blocks.rows, blocks.columns)
    )
    sums = Buffer(array_type(elements, ELEMENT_TYPES[case.sum_type].dtype), name="sums")
    clear = external(zero(case.sum_type, elements))
    multiply = external(mm(case.type_name, case.sum_type, side, side, side))
    requantises = case.type_name == "i8"
    finish = external(mm_requantise_i32_i8(side, side) if requantises else mm_finish(side, side))
    multipliers = Buffer(name="multipliers", initial_value=np.full(side, case.multiplier, np.int16))
    shift = Buffer(array_type(1, np.int32), name="shift", use_write_rtp=True)
    shift_written = WorkerRuntimeBarrier()
    of_scale = [multipliers, shift, shift_written] if requantises else []

    def multiply_once(
        a_in: Any,
        b_in: Any,
        c_out: Any,
        sums: Any,
        clear: Any,
        multiply: Any,
        finish: Any,
        *of_scale: Any,
    ) -> None:
        clear(sums, elements)
        multiply(a_in.acquire(1), b_in.acquire(1), sums)
        if of_scale:
            multipliers, shift, shift_written = of_scale
            shift_written.wait_for_value(1)
            finish(sums, multipliers, c_out.acquire(1), shift[0])
        else:
            finish(sums, c_out.acquire(1))
        for fifo in (a_in, b_in, c_out):
            fifo.release(1)

    worker = Worker(
        multiply_once,
        [
            a_blocks.cons(),
            b_blocks.cons(),
            c_blocks.prod(),
            sums,
            clear,
            multiply,
            finish,
            *of_scale,
        ],
        tile=Tile(0, 2),
        stack_size=STACK_BYTES,
    )

    def sequence(packed: Any, result: Any, operands: Any, c: Any, *of_shift: Any) -> None:
        if of_shift:
            shift, shift_written = of_shift
            shift[0] = case.shift
            shift_written.set(1)
        operands.fill(packed)
        c.drain(result, wait=True)

    runtime = Runtime(sequence, [both, operand, operands.prod(), c.cons(), *of_scale[1:]])
    return Program(NPU1(), runtime, workers=[worker])


def pack(case: Case, inputs: dict[str, Array]) -> tuple[Array, ...]:
    """A and B one after the other, and room for C."""
    packed = np.concatenate([inputs["a"].reshape(-1), inputs["b"].reshape(-1)])
    return packed, poisoned((case.side**2,), case.dtype)


def unpack(case: Case, arguments: tuple[Array, ...]) -> dict[str, Array]:
    """C as a matrix."""
    return {"c": arguments[1].reshape(case.side, case.side)}


def reference(case: Case, a: Array, b: Array) -> dict[str, Array]:
    """int8: the exact sum, scaled, rounded once and saturated. bf16: the product in float64."""
    product = product_reference(a, b)
    if case.type_name == "bf16":
        return {"c": product}
    return {"c": requantised(product, np.array(case.multiplier), case.shift)}


def _int8(side: int, multiplier: int) -> Case:
    """Products of numbers drawn over all of int8: a standard deviation of 40 after scaling."""
    return Case(name=f"i8_{side}", side=side, multiplier=multiplier, shift=15)


CASES = (
    _int8(16, 61),
    _int8(32, 43),
    _int8(64, 30),
    Case(name="bf16_64", side=64, type_name="bf16"),
)

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
