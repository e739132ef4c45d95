"""A sequence of tasks written as registers: the words of mlir-aie, and the same plan read back."""

from dataclasses import replace
from functools import cache

import pytest
from xdsl.dialects.builtin import ModuleOp

from ironbird.ir import parse_module, print_module
from ironbird.passes.pipeline import lower
from ironbird.plan import Descriptor, PhysicalPlan, StartTask, build_plan
from ironbird.plan.build_core_program import constant_of
from ironbird.plan.descriptor_words import pattern_in_words
from ironbird.plan.write_registers import with_register_sequence
from ironbird.session.lowering import text_after
from tests.lowering_samples import AUGUST, folders, read_sample

# No plan; or, 27, trace units whose registers are written in the sequence as they stand.
LEFT_OUT = {
    "27_trace",
    "32_configure_run",
    "40_scratchpad_parameter",
    "42_dynamic_sequence",
}
SAMPLES = [folder for folder in folders(AUGUST) if folder not in LEFT_OUT]
OTHER_WORDS = {
    "21_gemm_two_columns": "our passes merge rows that follow one another: 24 for 3 times 8",
    "22_packet_flow": "a memcpy's offset is in the patch alone there, in the words as well here",
    "26_memcpy_nd_sequence": "as 22; and a burst of 128 bytes is none of the plan's business",
    "31_runtime_chains": "they leave out the base of a memory tile's own memory; and they write "
    "both chains before they start one",
    "41_rearm": "resets of the whole array before anything has moved are none of the plan's steps",
    "44_large_transfers": "our passes merge rows, and repeat what they cut into two chains",
}


def register_writes(module: ModuleOp) -> list[tuple[object, ...]]:
    """Every operation on registers with its numbers; a block write with its words."""
    words = {
        op.properties["sym_name"]: tuple(op.properties["initial_value"].get_values())
        for op in module.walk()
        if op.name == "memref.global"
    }
    found: list[tuple[object, ...]] = []
    for op in module.walk():
        if not op.name.startswith("aiex.npu."):
            continue
        numbers = [constant_of(operand) for operand in op.operands]
        written = [
            words.get(operand.owner.properties["name"].root_reference)
            for operand in op.operands
            if operand.owner.name == "memref.get_global"
        ]
        places = sorted((name, str(value)) for name, value in op.properties.items())
        found.append((op.name, *numbers, *written, *places))
    return found


@cache
def written(folder: str) -> tuple[PhysicalPlan, ModuleOp]:
    """The plan of a sample, and its module with register writes, printed and read again."""
    lowered = lower(read_sample(AUGUST, folder, "lowered.mlir"))
    plan = build_plan(lowered)
    text = print_module(with_register_sequence(lowered, plan))
    return plan, parse_module(text, f"{folder}.mlir")


def test_how_many_are_equal(capsys: pytest.CaptureFixture[str]) -> None:
    equal = [
        folder
        for folder in SAMPLES
        if register_writes(written(folder)[1])
        == register_writes(read_sample(AUGUST, folder, "npu.mlir"))
    ]
    with capsys.disabled():
        print(f"\nsequences with the register writes of mlir-aie: {len(equal)} of {len(SAMPLES)}")
    assert set(SAMPLES) - set(equal) == set(OTHER_WORDS)


@pytest.mark.parametrize("folder", SAMPLES)
def test_what_is_written_is_read_back_as_the_same_steps(folder: str) -> None:
    plan, module = written(folder)
    again = build_plan(lower(module))
    assert len(again.sequence.steps) == len(plan.sequence.steps)
    for one, other in zip(plan.sequence.steps, again.sequence.steps, strict=True):
        if isinstance(one, StartTask):
            assert isinstance(other, StartTask)
            assert replace(other, task=one.task, first=one.first) == one
            assert chain(again, other.first) == chain(plan, one.first)
        else:
            assert (
                replace(other, task=None) == replace(one, task=None)
                if hasattr(one, "task")
                else other == one
            )


def chain(plan: PhysicalPlan, first: int) -> list[Descriptor]:
    """The descriptors from `first` on, counted in words, wherever they stand in the plan."""
    members: list[int] = []
    following: int | None = first
    while following is not None and following not in members:
        members.append(following)
        following = plan.descriptors[following].next
    return [in_words(plan.descriptors[index], members) for index in members]


def in_words(descriptor: Descriptor, members: list[int]) -> Descriptor:
    unit, iteration = descriptor.element_bytes, descriptor.iteration
    return replace(
        descriptor,
        element_bytes=4,
        pattern=pattern_in_words(descriptor).simplified(),
        length=descriptor.byte_count // 4,
        iteration=iteration and replace(iteration, stride=iteration.stride * unit // 4),
        next=members.index(descriptor.next) if descriptor.next is not None else None,
    )


def test_a_design_stops_after_npu() -> None:
    text = text_after(read_sample(AUGUST, "24_init_values", "in.mlir"), "npu")
    begin = text.index("    aie.runtime_sequence")
    assert text[begin : text.index("\n    }", begin)] == (
        """    aie.runtime_sequence(%arg0: memref<24xi32>) {
      %0 = memref.get_global @blockwrite_data_0 : memref<8xi32>
      aiex.npu.blockwrite(%0) {address = 118784 : ui32} : memref<8xi32>
      %c0_i32 = arith.constant 0 : i32
      aiex.npu.address_patch(%c0_i32 : i32) {addr = 118788 : ui32, arg_idx = 0 : i32}
      %c119296_i32 = arith.constant 119296 : i32
      %c3840_i32 = arith.constant 3840 : i32
      %c7936_i32 = arith.constant 7936 : i32
      aiex.npu.maskwrite32(%c119296_i32, %c3840_i32, %c7936_i32) : i32, i32, i32
      %c-2147483648_i32 = arith.constant -2147483648 : i32
      %c119300_i32 = arith.constant 119300 : i32
      aiex.npu.write32(%c119300_i32, %c-2147483648_i32) : i32, i32
      %c0_i32_0 = arith.constant 0 : i32
      %c0_i32_1 = arith.constant 0 : i32
      %c0_i32_2 = arith.constant 0 : i32
      %c0_i32_3 = arith.constant 0 : i32
      %c1_i32 = arith.constant 1 : i32
      %c1_i32_4 = arith.constant 1 : i32
      aiex.npu.sync(%c0_i32_0, %c0_i32_1, %c0_i32_2, %c0_i32_3, %c1_i32, %c1_i32_4) : i32, i32, i32, i32, i32, i32"""  # noqa: E501
    )
