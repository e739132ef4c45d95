"""Builds small designs as text, lowers them and runs them on the interpreter."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ironbird.ir import parse_module
from ironbird.passes.pipeline import lower
from ironbird.plan import PhysicalPlan, build_plan
from ironbird.simulator import SimulationOptions, interpret

CONSTANTS = """\
%c0 = arith.constant 0 : index
%c1 = arith.constant 1 : index
%forever = arith.constant 9223372036854775807 : index
"""
ROLES = {"core": "CoreTile", "mem": "MemTile", "shim": "ShimNOCTile"}


@dataclass
class Topology:
    """A device's text while it grows. Tensors of the sequence are numbered by fill and drain."""

    lines: list[str] = field(default_factory=list)
    tiles: list[str] = field(default_factory=list)
    inputs: list[int] = field(default_factory=list)
    outputs: list[int] = field(default_factory=list)
    transfers: list[tuple[str, bool]] = field(default_factory=list)

    def tile(self, kind: str, place: str = "?, ?") -> str:
        """A new tile, logical if `place` leaves something open."""
        name = f"%t{len(self.tiles)}"
        logical = "?" in place
        self.tiles.append(
            f"{name} = aie.logical_tile<{ROLES[kind]}>({place})"
            if logical
            else f"{name} = aie.tile({place})"
        )
        return name

    def fifo(
        self,
        name: str,
        producer: str,
        consumers: Sequence[str],
        words: int,
        depth: str = "2 : i32",
        options: str = "",
        to_stream: str = "",
    ) -> str:
        """A fifo of objects of `words` i32."""
        layout = f" dimensionsToStream [{to_stream}]" if to_stream else ""
        attributes = f" {{{options}}}" if options else ""
        self.lines.append(
            f"aie.objectfifo @{name}({producer}{layout}, {{{', '.join(consumers)}}}, {depth})"
            f"{attributes} : !aie.objectfifo<memref<{words}xi32>>"
        )
        return name

    def link(self, inputs: Sequence[str], outputs: Sequence[str], offsets: str = "") -> None:
        """A link; `offsets` cut the big side."""
        source, dest = ("", offsets) if len(outputs) > 1 else (offsets, "")
        self.lines.append(
            f"aie.objectfifo.link [{', '.join('@' + name for name in inputs)}] -> "
            f"[{', '.join('@' + name for name in outputs)}]([{source}] [{dest}])"
        )

    def core(self, tile: str, body: str) -> None:
        """A core that does `body` for ever."""
        self.lines.append(
            f"aie.core({tile}) {{\n{CONSTANTS}"
            f"scf.for %turn = %c0 to %forever step %c1 {{\n{body}}}\naie.end\n}}"
        )

    def adder(self, tile: str, source: str, sink: str, words: int, plus: int) -> None:
        """A core that adds `plus` to every word of every object."""
        view, memory = f"!aie.objectfifosubview<memref<{words}xi32>>", f"memref<{words}xi32>"
        self.core(
            tile,
            f"""\
%from = aie.objectfifo.acquire @{source}(Consume, 1) : {view}
%x = aie.objectfifo.subview.access %from[0] : {view} -> {memory}
%into = aie.objectfifo.acquire @{sink}(Produce, 1) : {view}
%y = aie.objectfifo.subview.access %into[0] : {view} -> {memory}
%words = arith.constant {words} : index
%plus = arith.constant {plus} : i32
scf.for %i = %c0 to %words step %c1 {{
%before = memref.load %x[%i] : {memory}
%after = arith.addi %before, %plus : i32
memref.store %after, %y[%i] : {memory}
}}
aie.objectfifo.release @{source}(Consume, 1)
aie.objectfifo.release @{sink}(Produce, 1)
""",
        )

    def fill(self, fifo: str, words: int) -> None:
        """The host sends a tensor of its own."""
        self.inputs.append(words)
        self.transfers.append((fifo, False))

    def drain(self, fifo: str, words: int) -> None:
        """The host receives a tensor of its own, and waits for it."""
        self.outputs.append(words)
        self.transfers.append((fifo, True))

    @property
    def text(self) -> str:
        """The whole module."""
        sizes = {False: iter(self.inputs), True: iter(self.outputs)}
        arguments, tasks, starts, awaits = [], "", "", ""
        for number, (fifo, drains) in enumerate(self.transfers):
            words = next(sizes[drains])
            arguments.append(f"%a{number}: memref<{words}xi32>")
            token = " {issue_token = true}" if drains else ""
            tasks += (
                f"%s{number} = aiex.dma_configure_task_for @{fifo} {{\n"
                f"aie.dma_bd(%a{number} : memref<{words}xi32> offset = 0 len = {words})\n"
                f"aie.end\n}}{token}\n"
            )
            starts += f"aiex.dma_start_task(%s{number})\n"
            awaits += f"aiex.dma_await_task(%s{number})\n" if drains else ""
        body = "\n".join([*self.tiles, *self.lines])
        return (
            f"module {{\naie.device(npu1) {{\n{body}\n"
            f"aie.runtime_sequence({', '.join(arguments)}) {{\n{tasks}{starts}{awaits}}}\n}}\n}}"
        )

    def plan(self) -> PhysicalPlan:
        """The plan of the module."""
        return build_plan(lower(parse_module(self.text, "topology.mlir")))

    def run(self, *inputs: np.ndarray, seed: int | None = None) -> list[np.ndarray]:
        """The outputs, in the order of the drains. No finding is left."""
        waiting, tensors, results = iter(inputs), [], []
        sizes = iter(self.outputs)
        for _, drains in self.transfers:
            if drains:
                results.append(np.full(next(sizes), -1, np.int32))
            tensors.append(results[-1] if drains else np.array(next(waiting), np.int32))
        result = interpret(self.plan(), None, tensors, SimulationOptions(schedule_seed=seed))
        assert [str(finding) for finding in result.findings] == []
        assert result.finished
        return results


def counted(words: int) -> np.ndarray:
    """Words that differ from one another."""
    return np.arange(1, words + 1, dtype=np.int32) * 7
