"""Cores keep their meaning, whatever they acquire, look at and release."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xdsl.dialects.builtin import ModuleOp

from ironbird.base.device import Tile
from ironbird.ir import parse_module
from ironbird.ir.aie import CoreOp, UseLockOp
from ironbird.ir.codes import FifoPort
from ironbird.ir.locations import name_of_location
from ironbird.passes.lower_object_fifos import LowerObjectFifos
from tests.passes.core_trace import Fifos, trace_of
from tests.passes.equivalence import devices_in, parts_of

CONSUMED = ("feed", FifoPort.CONSUME)
PRODUCED = ("drain", FifoPort.PRODUCE)


@dataclass
class CoreProgram:
    """Lines of a core's text, grown together with the least number of objects held."""

    depths: dict[str, int]
    lines: list[str] = field(default_factory=list)
    held: dict[str, int] = field(default_factory=lambda: {"feed": 0, "drain": 0})
    names: int = 0

    def name(self) -> str:
        self.names += 1
        return f"%v{self.names}"

    def acquire(self, fifo: str, size: int, index: int) -> None:
        view, obj = self.name(), self.name()
        port = "Consume" if fifo == "feed" else "Produce"
        subview = "!aie.objectfifosubview<memref<16xi32>>"
        self.lines += [
            f"{view} = aie.objectfifo.acquire @{fifo}({port}, {size}) : {subview}",
            f"{obj} = aie.objectfifo.subview.access {view}[{index}] : {subview} -> memref<16xi32>",
            f"func.call @look({obj}) : (memref<16xi32>) -> ()",
        ]
        self.held[fifo] = max(self.held[fifo], size)

    def release(self, fifo: str, size: int) -> None:
        port = "Consume" if fifo == "feed" else "Produce"
        self.lines.append(f"aie.objectfifo.release @{fifo}({port}, {size})")
        self.held[fifo] -= size

    def number_at_run_time(self) -> str:
        """A number from -1 to 3 that only the running core knows."""
        number = self.name()
        self.lines.append(f"{number} = memref.load %plan[%c0] : memref<2xi32>")
        return number


@st.composite
def core_programs(draw: st.DrawFn) -> CoreProgram:
    """Programs that never release more than they hold."""
    depths = {"feed": draw(st.integers(1, 4)), "drain": draw(st.integers(1, 4))}
    program = CoreProgram(depths)
    _draw_statements(draw, program, nesting=0)
    return program


def _draw_statements(draw: st.DrawFn, program: CoreProgram, nesting: int) -> None:
    kinds = ["acquire", "acquire", "release"] + (
        ["loop", "if", "while", "switch"] if nesting < 3 else []
    )
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(kinds))
        fifo = draw(st.sampled_from(["feed", "drain"]))
        if kind == "acquire":
            size = draw(st.integers(1, program.depths[fifo]))
            program.acquire(fifo, size, draw(st.integers(0, size - 1)))
        elif kind == "release" and program.held[fifo]:
            program.release(fifo, draw(st.integers(1, program.held[fifo])))
        elif kind == "loop":
            _draw_loop(draw, program, nesting)
        elif kind == "if":
            _draw_if(draw, program, nesting)
        elif kind == "while":
            _draw_while(draw, program, nesting)
        elif kind == "switch":
            _draw_switch(draw, program, nesting)


def _draw_loop(draw: st.DrawFn, program: CoreProgram, nesting: int) -> None:
    trips = draw(st.sampled_from([0, 1, 2, 3, 7, None]))
    before = dict(program.held)
    if trips is None:
        bound, number = program.name(), program.number_at_run_time()
        program.lines.append(f"{bound} = arith.index_cast {number} : i32 to index")
    else:
        bound = program.name()
        program.lines.append(f"{bound} = arith.constant {trips} : index")
    program.lines.append(f"scf.for {program.name()} = %c0 to {bound} step %c1 {{")
    program.held = {"feed": 0, "drain": 0}
    _draw_statements(draw, program, nesting + 1)
    program.lines.append("}")
    if not trips:
        program.held = {
            fifo: min(count, before[fifo]) if trips is None else before[fifo]
            for fifo, count in program.held.items()
        }


def _draw_if(draw: st.DrawFn, program: CoreProgram, nesting: int) -> None:
    condition, number = program.name(), program.number_at_run_time()
    program.lines.append(f"{condition} = arith.cmpi sgt, {number}, %c0_i32 : i32")
    before = dict(program.held)
    program.lines.append(f"scf.if {condition} {{")
    _draw_statements(draw, program, nesting + 1)
    behind_then, program.held = program.held, before
    if draw(st.booleans()):
        program.held = dict(before)
        program.lines.append("} else {")
        _draw_statements(draw, program, nesting + 1)
    program.lines.append("}")
    program.held = {fifo: min(count, behind_then[fifo]) for fifo, count in program.held.items()}


def _draw_while(draw: st.DrawFn, program: CoreProgram, nesting: int) -> None:
    """Nothing is sure to be held where a region begins: the loop comes back to it."""
    program.lines.append("scf.while : () -> () {")
    program.held = {"feed": 0, "drain": 0}
    _draw_statements(draw, program, nesting + 1)
    condition, number = program.name(), program.number_at_run_time()
    program.lines.append(f"{condition} = arith.cmpi sgt, {number}, %c0_i32 : i32")
    program.lines.append(f"scf.condition({condition})")
    program.lines.append("} do {")
    behind = dict(program.held)
    program.held = {"feed": 0, "drain": 0}
    _draw_statements(draw, program, nesting + 1)
    program.lines += ["scf.yield", "}"]
    program.held = behind


def _draw_switch(draw: st.DrawFn, program: CoreProgram, nesting: int) -> None:
    chosen, number = program.name(), program.number_at_run_time()
    program.lines.append(f"{chosen} = arith.index_cast {number} : i32 to index")
    program.lines.append(f"scf.index_switch {chosen}")
    before = dict(program.held)
    behind = []
    for label in ("case 1", "case 3", "default"):
        program.held = dict(before)
        program.lines.append(f"{label} {{")
        _draw_statements(draw, program, nesting + 1)
        program.lines += ["scf.yield", "}"]
        behind.append(program.held)
    program.held = {fifo: min(held[fifo] for held in behind) for fifo in before}


def device_with(program: CoreProgram) -> ModuleOp:
    """A core between a fifo it reads, `feed`, and one it writes, `drain`."""
    body = "\n      ".join(program.lines)
    return parse_module(f"""
module {{
  aie.device(npu1) {{
    %shim = aie.tile(0, 0)
    %tile = aie.tile(0, 2)
    aie.objectfifo @feed(%shim, {{%tile}}, [2, {program.depths["feed"]}])
        : !aie.objectfifo<memref<16xi32>>
    aie.objectfifo @drain(%tile, {{%shim}}, [{program.depths["drain"]}, 2])
        : !aie.objectfifo<memref<16xi32>>
    %plan = aie.buffer(%tile) {{sym_name = "plan"}} : memref<2xi32>
    func.func private @look(memref<16xi32>)
    aie.core(%tile) {{
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c0_i32 = arith.constant 0 : i32
      {body}
      aie.end
    }}
  }}
}}
""")


@given(program=core_programs())
def test_lowered_cores_do_what_their_fifo_operations_mean(program: CoreProgram) -> None:
    module = device_with(program)
    by_the_book = Fifos(
        buffers={
            CONSUMED: [f"feed_cons_buff_{index}" for index in range(program.depths["feed"])],
            PRODUCED: [f"drain_buff_{index}" for index in range(program.depths["drain"])],
        },
        locks={
            CONSUMED: ("feed_cons_prod_lock_0", "feed_cons_cons_lock_0"),
            PRODUCED: ("drain_prod_lock_0", "drain_cons_lock_0"),
        },
    )
    expected = trace_of(core_of(module), fifos=by_the_book)
    lowered = lower(module)
    assert trace_of(core_of(lowered)) == expected


def lower(module: ModuleOp) -> ModuleOp:
    for device in devices_in(module):
        LowerObjectFifos().apply(device, device.model)
    module.verify()
    return module


def lowered_parts(body: str) -> dict[str, dict[str, str]]:
    """What counts of a device with this text, after lowering its fifos."""
    module = lower(parse_module(f"aie.device(npu1) {{\n{body}\n}}"))
    (device,) = devices_in(module)
    return parts_of(device)


def core_of(module: ModuleOp) -> CoreOp:
    return next(op for op in module.walk() if isinstance(op, CoreOp))


@pytest.mark.parametrize(
    ("consumer", "home"),
    [
        (Tile(1, 3), Tile(1, 2)),
        (Tile(2, 2), Tile(1, 2)),
        (Tile(0, 2), Tile(0, 2)),
    ],
    ids=["north", "east", "west"],
)
def test_objects_lie_in_memory_that_both_neighbours_reach(consumer: Tile, home: Tile) -> None:
    """A core reaches its own memory and that to the west, north and south; nothing to the east."""
    parts = lowered_parts(f"""
%producer = aie.tile(1, 2)
%consumer = aie.tile({consumer.column}, {consumer.row})
aie.objectfifo @hand(%producer, {{%consumer}}, 1 : i32) : !aie.objectfifo<memref<8xi32>>
""")
    assert [text.split(" address")[0] for text in parts["buffer"].values()] == [
        f"memref<8xi32> on {home}"
    ]
    assert parts["channel"] == {}


def test_a_producer_with_repeat_count_fills_for_all_sendings_at_once() -> None:
    module = lower(
        parse_module("""
aie.device(npu1) {
  %core = aie.tile(0, 2)
  %far = aie.tile(2, 4)
  aie.objectfifo @again(%core, {%far}, 2 : i32) {repeat_count = 3 : i32}
      : !aie.objectfifo<memref<8xi32>>
  aie.core(%core) {
    %0 = aie.objectfifo.acquire @again(Produce, 1) : !aie.objectfifosubview<memref<8xi32>>
    aie.objectfifo.release @again(Produce, 1)
    aie.end
  }
}
""")
    )
    (device,) = devices_in(module)
    parts = parts_of(device)
    assert trace_of(core_of(module)) == [
        ("AcquireGreaterEqual", "again_prod_lock_0", 3),
        ("Release", "again_cons_lock_0", 3),
        ("end",),
    ]
    assert parts["lock"]["again_prod_lock_0 on (0, 2)"] == "id None init 6 : i32"
    chain = parts["channel"]["(0, 2) MM2S 0"]
    assert [chain.count(f"again_buff_{index}[0:8]") for index in range(2)] == [3, 3]


def test_objects_that_do_not_fit_a_memory_tile_go_to_its_neighbour() -> None:
    parts = lowered_parts("""
%shim = aie.tile(1, 0)
%memory = aie.tile(1, 1)
aie.objectfifo @up(%shim, {%memory}, 3 : i32) : !aie.objectfifo<memref<60000xi32>>
aie.objectfifo @down(%memory, {%shim}, 3 : i32) : !aie.objectfifo<memref<60000xi32>>
aie.objectfifo.link [@up] -> [@down]([] [])
""")
    homes = [text.split(" on ")[1][:6] for text in parts["buffer"].values()]
    assert sorted(homes) == ["(0, 1)", "(1, 1)", "(1, 1)"]
    assert "up_cons_prod_lock_0 on (1, 1)" in parts["lock"]


def test_a_program_written_by_hand_goes_on() -> None:
    parts = lowered_parts("""
%shim = aie.tile(0, 0)
%core = aie.tile(0, 2)
%own = aie.buffer(%core) {sym_name = "own"} : memref<8xi32>
aie.objectfifo @feed(%shim, {%core}, 1 : i32) : !aie.objectfifo<memref<8xi32>>
%mem = aie.mem(%core) {
  %0 = aie.dma_start(S2MM, 0, ^bb1, ^bb2)
^bb1:
  aie.dma_bd(%own : memref<8xi32> offset = 0 len = 8)
  aie.next_bd ^bb2
^bb2:
  aie.end
}
""")
    assert list(parts["channel"]) == ["(0, 2) S2MM 0", "(0, 2) S2MM 1"]
    assert parts["channel"]["(0, 2) S2MM 0"].endswith("then stop")
    assert parts["circuit"] == {"(0, 2) DMA 1": "(0, 0) DMA 0"}


def test_everything_made_names_its_fifo_and_the_author_line() -> None:
    module = parse_module(
        """aie.device(npu1) {
  %shim = aie.tile(0, 0)
  %core = aie.tile(0, 2)
  aie.objectfifo @feed(%shim, {%core}, 1 : i32) : !aie.objectfifo<memref<8xi32>>
  aie.core(%core) {
    %0 = aie.objectfifo.acquire @feed(Consume, 1) : !aie.objectfifosubview<memref<8xi32>>
    aie.objectfifo.release @feed(Consume, 1)
    aie.end
  }
}""",
        "design.mlir",
    )
    lower(module)
    names = {name_of_location(op) for op in module.walk()} - {None}
    assert names == {"feed", "feed:free", "feed:full"}
    lines = [str(op.location) for op in core_of(module).walk() if isinstance(op, UseLockOp)]
    assert ["6" in line for line in lines] == [True, False]
    assert ["7" in line for line in lines] == [False, True]


def test_a_device_without_fifos_is_left_alone() -> None:
    module = parse_module("aie.device(npu1) {\n  %tile = aie.tile(0, 2)\n}")
    before = module.clone()
    lower(module)
    assert module.is_structurally_equivalent(before)
