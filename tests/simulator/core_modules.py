"""Modules of text whose one core runs cases and sends what they stored to the host.

A case is a function of the device with its result buffer as its argument, or a body of the core.
"""

import re
from dataclasses import dataclass

import numpy as np

from ironbird.ir import parse_module
from ironbird.plan import PhysicalPlan
from ironbird.session.lowering import lower_to_plan

MLIR_TYPES = {"i8": np.int8, "i16": np.int16, "i32": np.int32, "f32": np.float32}


_NAMES = re.compile(r"%(\w+)")
SHARED = ("table", "plane")
"""Buffers of the device that bodies of the core may name."""


def _own(name: str, number: int) -> str:
    """A name of one case's body as a name of the core; the body's `%out` is the case's buffer."""
    if name in SHARED:
        return f"%{name}"
    return f"%out_{number}" if name == "out" else f"%case{number}_{name}"


@dataclass(frozen=True)
class Case:
    """`body` stores into `%out`, `lanes` elements of `type`. inline: it is in the core itself."""

    name: str
    body: str
    expected: tuple[float, ...]
    type: str = "i32"
    inline: bool = False

    @property
    def memref(self) -> str:
        return f"memref<{len(self.expected)}x{self.type}>"

    @property
    def byte_count(self) -> int:
        return len(self.expected) * np.dtype(MLIR_TYPES[self.type]).itemsize


def module_of(cases: list[Case], device_parts: str = "") -> str:
    """The text of a module that runs `cases` in their order on tile (0, 2)."""
    total = sum(-(-case.byte_count // 4) for case in cases)
    buffers, functions, calls, blocks = [], [], [], []
    for number, case in enumerate(cases):
        buffers.append(
            f'%out_{number} = aie.buffer(%tile) {{sym_name = "out_{number}"}} : {case.memref}'
        )
        if case.inline:
            calls.append(_NAMES.sub(lambda name, number=number: _own(name[1], number), case.body))
        else:
            functions.append(
                f"func.func @{case.name}(%out: {case.memref}) {{\n{case.body}\nreturn\n}}"
            )
            calls.append(f"func.call @{case.name}(%out_{number}) : ({case.memref}) -> ()")
        last = number == len(cases) - 1
        acquire = "aie.use_lock(%ready, AcquireGreaterEqual, 1)" if number == 0 else ""
        ending = "aie.next_bd ^end" if last else f"aie.next_bd ^bd{number + 1}"
        count = len(case.expected)
        blocks.append(
            f"^bd{number}:\n{acquire}\n"
            f"aie.dma_bd(%out_{number} : {case.memref}, 0, {count})\n{ending}"
        )
    lines = [
        "module {",
        "aie.device(npu1) {",
        "%shim = aie.tile(0, 0)",
        "%tile = aie.tile(0, 2)",
        '%ready = aie.lock(%tile, 0) {init = 0 : i32, sym_name = "ready"}',
        device_parts,
        *buffers,
        *functions,
        "%core = aie.core(%tile) {",
        *calls,
        "aie.use_lock(%ready, Release, 1)",
        "aie.end",
        "}",
        "%mem = aie.mem(%tile) {",
        "%start = aie.dma_start(MM2S, 0, ^bd0, ^end)",
        *blocks,
        "^end:",
        "aie.end",
        "}",
        "aie.flow(%tile, DMA : 0, %shim, DMA : 0)",
        "aie.shim_dma_allocation @results(%shim, S2MM, 0)",
        f"aie.runtime_sequence(%arg0: memref<{total}xi32>) {{",
        f"aiex.npu.dma_memcpy_nd(%arg0[0, 0, 0, 0][1, 1, 1, {total}][0, 0, 0, 1]) "
        f"{{id = 0 : i64, issue_token = true, metadata = @results}} : memref<{total}xi32>",
        "aiex.npu.dma_wait {symbol = @results}",
        "}",
        "}",
        "}",
    ]
    return "\n".join(line for line in lines if line)


def plan_of(text: str) -> PhysicalPlan:
    """The plan of a module of text."""
    return lower_to_plan(parse_module(text, "cases.mlir"))


def results_of(cases: list[Case], words: np.ndarray) -> dict[str, np.ndarray]:
    """What each case stored, from the words that came to the host."""
    found = {}
    raw = words.tobytes()
    for case in cases:
        piece, raw = raw[: case.byte_count], raw[case.byte_count :]
        found[case.name] = np.frombuffer(piece, MLIR_TYPES[case.type])
    return found
