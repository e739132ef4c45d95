"""The first timing model: every constant that turns work into cycles, each with its source.

The C++ runtime is compiled with them, the interpreter imports them: both count the same cycles.
Where nothing is published the constant is marked assumed.
"""

from dataclasses import dataclass

from ironbird.base.access_pattern import AccessPattern
from ironbird.base.device import Direction
from ironbird.plan.plan import Descriptor, HostBuffer

# Stream switch: 32 bits a cycle on every port (AM020 ch2; measured 3.999756 B/cycle, ignite-xdna).
STREAM_BYTES_PER_CYCLE = 4
# One switch crossed (AM020 ch2: 3 to 4; measured about 4, xdna-emu).
HOP_CYCLES = 4
# Buffer descriptors (xdna-emu model_builder.rs): bd_setup 4, channel_start 2, bd_chain 2.
TASK_START_CYCLES = 6
DESCRIPTOR_SWITCH_CYCLES = 2
# First and later tasks of a shim channel wait for DDR (xdna-emu, fitted to silicon).
SHIM_START_CYCLES = {Direction.MM2S: 1330, Direction.S2MM: 341}
SHIM_RESTART_CYCLES = {Direction.MM2S: 325, Direction.S2MM: 179}
# A core's acquire or release (xdna-emu: at least 1 stall cycle; AIE2Schedule.td: 4 in the unit).
LOCK_CYCLES = 4
# Reading or writing 512 bits of cascade, or a stream word, costs its slot; waiting comes on top.
CASCADE_CYCLES = 1
STREAM_ACCESS_CYCLES = 1
# The controller that takes the steps of a sequence (xdna-emu): a pipelined task-queue write with
# its descriptor 520; write32 100.
STEP_TASK_CYCLES = 520
STEP_WORD_CYCLES = 100
STEP_AWAIT_CYCLES = 100

# DDR, shared by all columns: 1.2 ns per contiguous run, 1.75 ns per new 4 KiB page and 60 GB/s,
# fitted to twelve whole-array products measured at 1.80 GHz (ignite-xdna docs/BENCHMARKS.md).
DDR_RUN_CYCLES = 1.2 * 1.8
DDR_PAGE_CYCLES = 1.75 * 1.8
DDR_BYTES_PER_CYCLE = 60 / 1.8
DDR_PAGE_BYTES = 4096
DDR_COST_UNIT = 65536

# An empty kernel call takes 19 to 25 cycles (ignite-xdna).
KERNEL_CALL_CYCLES = 22
# Scalar code: about 12 cycles an element (mlir-aie programming_guide section 4c).
SCALAR_ELEMENT_CYCLES = 12

# After the sequence has ended, leftovers get this long to come to rest. Assumed.
DRAIN_CYCLES = 1_000_000
# Loops of unknown length meet simulated time this often.
PATIENCE_CYCLES = 1 << 20
# Shorter kernels are not worth handing to a thread.
POOLED_CYCLES = 2000


@dataclass(frozen=True)
class CompilerClassModel:
    """How far one compiler's code is from the slots it cannot do without (fitted to
    ignite-xdna docs/SILICON.md; Chess: arXiv 2512.13282 table 1, mlir-aie programming_guide 4c).

    loop_enter_cycles: filling and draining a loop, spills around it included.
    *_percent:         bundles emitted per 100 needed.
    """

    loop_enter_cycles: int
    float_percent: int
    integer_percent: int
    straight_percent: int


COMPILER_CLASSES = {
    "peano": CompilerClassModel(80, 209, 128, 150),
    "chess": CompilerClassModel(14, 114, 115, 110),
    "ideal": CompilerClassModel(14, 100, 100, 100),
}

# Operations of core programs that take other than one cycle. Latencies of AIE2Schedule.td (load 7,
# multiply 2, branch 6) and software floating point (AM020 ch4: no scalar FPU), the latter assumed.
FREE_OPERATIONS = frozenset(
    [
        "buffer",
        "arith.constant",
        "index.constant",
        "memref.cast",
        "memref.collapse_shape",
        "memref.expand_shape",
        "memref.reinterpret_cast",
        "arith.index_cast",
        "arith.index_castui",
        "arith.bitcast",
        "index.casts",
        "index.castu",
        "scf.yield",
        "scf.condition",
        "function.return",
        "end",
        "vector.shape_cast",
    ]
)
LOAD_CYCLES = 7
BRANCH_CYCLES = 6
MULTIPLY_CYCLES = 2
DIVIDE_CYCLES = 40
SOFT_FLOAT_CYCLES = 25
SOFT_MATH_CYCLES = 100
LOOP_CYCLES = 6

_DIVISIONS = ("div", "rem", "ceildiv", "floordiv")
_FLOAT_OPERATIONS = frozenset(
    [
        "addf",
        "subf",
        "mulf",
        "divf",
        "remf",
        "cmpf",
        "extf",
        "truncf",
        "sitofp",
        "uitofp",
        "fptosi",
        "fptoui",
    ]
)


def operation_cycles(name: str) -> int:
    """Cycles one operation of a core program takes, waiting left out."""
    if name in FREE_OPERATIONS:
        return 0
    dialect, _, operation = name.partition(".")
    if dialect == "math":
        return 1 if operation.startswith("abs") else SOFT_MATH_CYCLES
    if operation in ("load", "extract"):
        return LOAD_CYCLES
    if dialect in ("scf", "cf") or name == "function.call":
        return BRANCH_CYCLES
    if operation in _FLOAT_OPERATIONS:
        return SOFT_FLOAT_CYCLES
    if operation.startswith(_DIVISIONS):
        return DIVIDE_CYCLES
    return MULTIPLY_CYCLES if operation.startswith("mul") else 1


def memory_cost(descriptor: Descriptor) -> int:
    """Shared DDR time of a descriptor, in 1/65536 cycles per byte; 0 for memory on the array."""
    if not isinstance(descriptor.memory, HostBuffer):
        return 0
    run_bytes, pitch_bytes = _contiguous_run(descriptor.pattern, descriptor.element_bytes)
    pages = (
        run_bytes / DDR_PAGE_BYTES
        if run_bytes >= DDR_PAGE_BYTES
        else (min(pitch_bytes, DDR_PAGE_BYTES) / DDR_PAGE_BYTES)
    )
    per_run = DDR_RUN_CYCLES + DDR_PAGE_CYCLES * pages
    return round(DDR_COST_UNIT * (per_run / run_bytes + 1 / DDR_BYTES_PER_CYCLE))


def _contiguous_run(pattern: AccessPattern, element_bytes: int) -> tuple[int, int]:
    """Bytes of a contiguous piece, and the distance from one piece to the next."""
    compact = pattern.simplified()
    sizes, strides = compact.sizes, compact.strides
    if not sizes:
        return element_bytes, element_bytes
    if strides[-1] != 1:
        return element_bytes, abs(strides[-1]) * element_bytes
    run_bytes = sizes[-1] * element_bytes
    return run_bytes, abs(strides[-2]) * element_bytes if len(strides) > 1 else run_bytes
