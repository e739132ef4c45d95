"""Attention of 64 positions of 64 int8 numbers on one core: Q, K and V one after the other.

    DDR --[Q, K, V]--> memory tile --in blocks--> core (0, 2) --> memory tile --y--> DDR
        --steps------>   (0, 1)    -------------> core (0, 2)       (0, 1)

12,288 bytes in, 4,096 out. What one step of each int8 stands for is a value of the run, in a tensor
of its own: one program serves all scales. Weights are quantised once, to 0..255 of each query's
largest (aie_kernels/attention_i8.cc); results are rounded once.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from aie.iron import ObjectFifo, Program, Runtime, TaskGroup, Worker
from aie.iron.device import NPU1, Tile

from aie_kernels.attention_i8_contracts import (
    ATTENTION_I8,
    ATTENTION_I8_TOLERANCE,
    SIDE,
    STEP_ELEMENTS,
    attention_i8_reference,
    packed_steps,
)
from designs.block_layout import from_blocks, to_blocks
from designs.case import Array, poisoned
from designs.kernels import array_type, external
from ironbird.base.tolerance import Tolerance
from ironbird.session.design_command import design_main

ELEMENTS = SIDE * SIDE
INT8 = np.dtype(np.int8)


@dataclass(frozen=True, kw_only=True)
class Case:
    """y = softmax(q k' / 8) v, all [64, 64] int8.

    q_scale, k_scale, v_scale, y_scale: what one step of each stands for.
    """

    name: str
    q_scale: float = 1 / 32
    k_scale: float = 1 / 32
    v_scale: float = 1 / 32
    y_scale: float = 1 / 64
    tolerance: Tolerance = ATTENTION_I8_TOLERANCE

    def __post_init__(self) -> None:
        self.steps()

    def steps(self) -> Array:
        """As the kernel takes them. Raises UsageError for a scale that is not positive, finite."""
        return packed_steps(self.q_scale, self.k_scale, self.v_scale, self.y_scale)

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """q, k, v [64, 64] int8: normally distributed numbers, in steps of their scales."""
        scales = {"q": self.q_scale, "k": self.k_scale, "v": self.v_scale}
        return {
            name: np.clip(np.rint(rng.standard_normal((SIDE, SIDE)) / scale), -128, 127).astype(
                np.int8
            )
            for name, scale in scales.items()
        }

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """y [64, 64] int8."""
        return {"y": ((SIDE, SIDE), INT8)}


def design(case: Case) -> Any:
    """The program."""
    packed_type, result_type = array_type(3 * ELEMENTS, INT8), array_type(ELEMENTS, INT8)
    steps_type = array_type(STEP_ELEMENTS, np.float32)
    memory = Tile(0, 1)
    packed = ObjectFifo(packed_type, name="packed")
    blocks = packed.cons().forward(
        tile=memory, name="blocks", to_stream=to_blocks(3 * SIDE, SIDE, 4, 8)
    )
    steps = ObjectFifo(steps_type, name="steps")
    y_blocks = ObjectFifo(result_type, name="y_blocks")
    y = y_blocks.cons().forward(tile=memory, name="y", to_stream=from_blocks(SIDE, SIDE, 4, 8))
    kernel = external(ATTENTION_I8)

    def attend_once(packed_in: Any, steps_in: Any, y_out: Any, kernel: Any) -> None:
        kernel(packed_in.acquire(1), steps_in.acquire(1), y_out.acquire(1))
        for fifo in (packed_in, steps_in, y_out):
            fifo.release(1)

    worker = Worker(
        attend_once,
        [blocks.cons(), steps.cons(), y_blocks.prod(), kernel],
        tile=Tile(0, 2),
        stack_size=ATTENTION_I8.stack_bytes,
    )

    def sequence(
        given: Any, given_steps: Any, result: Any, packed_in: Any, steps_in: Any, y_out: Any
    ) -> None:
        group = TaskGroup()
        steps_in.fill(given_steps, group=group)
        packed_in.fill(given, group=group)
        y_out.drain(result, group=group, wait=True)
        group.finish()

    runtime = Runtime(
        sequence,
        [packed_type, steps_type, result_type, packed.prod(), steps.prod(), y.cons()],
    )
    return Program(NPU1(), runtime, workers=[worker])


def pack(case: Case, inputs: dict[str, Array]) -> tuple[Array, ...]:
    """Q, K and V one after the other, the steps, and room for the result."""
    packed = np.concatenate([inputs[name].reshape(-1) for name in ("q", "k", "v")])
    return packed, case.steps(), poisoned((ELEMENTS,), INT8)


def unpack(case: Case, arguments: tuple[Array, ...]) -> dict[str, Array]:
    """The result as a matrix."""
    return {"y": arguments[-1].reshape(SIDE, SIDE)}


def reference(case: Case, q: Array, k: Array, v: Array) -> dict[str, Array]:
    """float64, with the weights quantised as the kernel does it."""
    exponent, ratio, *_ = case.steps().tolist()
    return {"y": attention_i8_reference(q, k, v, exponent, ratio)}


CASES = (Case(name="seed"),)

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
