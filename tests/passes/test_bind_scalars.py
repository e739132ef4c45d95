"""Numbers that a sequence takes as arguments are known before it is lowered, or refused."""

import pytest

from ironbird.base.errors import DesignError, UsageError
from ironbird.ir import parse_module, print_module
from ironbird.ir.aie import RuntimeSequenceOp
from ironbird.passes.lower_sequence.bind_scalars import bind_scalars
from ironbird.passes.pipeline import lower
from ironbird.plan import StartTask, build_plan
from tests.lowering_samples import AUGUST, sample_text

DYNAMIC = sample_text(AUGUST, "42_dynamic_sequence", "in.mlir")
REGISTERS = sample_text(AUGUST, "42_dynamic_sequence", "npu.mlir")


@pytest.mark.parametrize("text", [DYNAMIC, REGISTERS], ids=["in", "npu"])
@pytest.mark.parametrize("turns", [0, 1, 5])
def test_the_loop_runs_as_often_as_it_is_told(turns: int, text: str) -> None:
    module = parse_module(text, "dynamic.mlir")
    before = print_module(module)
    plan = build_plan(lower(bind_scalars(module, {2: turns})))
    started = [step for step in plan.sequence.steps if isinstance(step, StartTask)]
    assert len(started) == 2 * turns
    assert len(plan.sequence.arguments) == 2
    offsets = [plan.descriptors[step.first].pattern.offset for step in started[::2]]
    assert offsets == [256 * turn for turn in range(turns)]
    assert print_module(module) == before


def test_an_argument_in_front_moves_the_others_up() -> None:
    text = DYNAMIC.replace(
        "%arg0: memref<4096xi32>, %arg1: memref<4096xi32>, %arg2: i32",
        "%arg2: i32, %arg0: memref<4096xi32>, %arg1: memref<4096xi32>",
    )
    bound = bind_scalars(parse_module(text, "dynamic.mlir"), {0: 1})
    (sequence,) = [op for op in bound.walk() if isinstance(op, RuntimeSequenceOp)]
    assert [str(each.type) for each in sequence.body.block.args] == 2 * ["memref<4096xi32>"]
    build_plan(lower(bound))


REFUSED = {
    "a tensor": (
        {1: 5},
        "no runtime sequence takes a number as argument 1\n"
        "  because: @sequence takes (memref<4096xi32>, memref<4096xi32>, i32)",
    ),
    "behind the last": (
        {3: 5},
        "no runtime sequence takes a number as argument 3\n"
        "  because: @sequence takes (memref<4096xi32>, memref<4096xi32>, i32)",
    ),
    "too large": (
        {2: 2**32},
        "4294967296 is no value for argument 2 of @sequence\n  because: it is i32",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refusals(case: str) -> None:
    values, message = REFUSED[case]
    with pytest.raises(UsageError) as refusal:
        bind_scalars(parse_module(DYNAMIC, "dynamic.mlir"), values)
    assert str(refusal.value) == message


def test_a_number_that_no_field_holds_is_refused_as_the_host_would() -> None:
    """`assert_bd_field` guards what the code of the host computes."""
    text = REGISTERS.replace(
        "scf.for %arg3 = %c0_i32 to %arg2",
        "aiex.npu.assert_bd_field(%arg2) {max = 1023 : i32} : i32\n"
        "scf.for %arg3 = %c0_i32 to %arg2",
    )
    module = parse_module(text, "dynamic.mlir")
    with pytest.raises(DesignError) as refusal:
        lower(bind_scalars(module, {2: 1024}))
    assert str(refusal.value) == (
        "dynamic.mlir:18:7: a descriptor of the runtime sequence gets 1024\n"
        "  because: its field takes 0..1023"
    )


def test_descriptors_that_are_never_given_back_run_out() -> None:
    """Two a turn, of the sixteen of a shim tile."""
    text = "\n".join(line for line in REGISTERS.splitlines() if "pool_push" not in line)
    module = parse_module(text, "dynamic.mlir")
    build_plan(lower(bind_scalars(module, {2: 8})))
    with pytest.raises(DesignError) as refusal:
        lower(bind_scalars(module, {2: 9}))
    assert str(refusal.value) == (
        "dynamic.mlir:20:14: the runtime sequence takes more than 16 descriptors of tile (0, 0)\n"
        "  because: none was given back\n"
        "  try: fewer transfers under way at once"
    )
