"""Every case of every design against its reference, and small ones both ways of running."""

from types import ModuleType
from typing import Any

import numpy as np
import pytest

from designs.catalog import CATALOG
from ironbird.ir import print_module
from ironbird.session.compile import compile
from ironbird.session.design_command import compare_case
from ironbird.session.run import RunOptions, run
from ironbird.simulator import SimulationOptions
from ironbird.simulator.options import Numerics

LARGE = {
    "seed_encoder_layer",
    "whisper_tiny",
    "three_windows",
    "base_self",
    "base_cross",
    "megabyte",
    "i32_512x768",
    "quarter_million",
    "512x1500",
    "1500_of_1536",
    "i8_32",
    "i8_64",
    "bf16_64",
    "i8_512",
    "i16_512",
    "bf16_512",
    "bf16_1024",
    "bf16_2048",
    "i8_2048",
    "add_1500x512",
    "greedy",
    "beam",
    "causal_448",
    "cross_448",
    "cross_1",
    "growing_448",
    "whisper_base",
    "whisper_base_conv1",
    "whisper_base_conv2",
    "whisper_base_fc1",
    "whisper_base_quantise",
    "whisper_base_w8a8",
    "whisper_base_fc2",
    "gelu_1500x1536",
    "layer_norm_1500x1280",
    "whisper_30_s",
}
"""Cases for the whole suite: seconds each, or minutes under the interpreter."""

EVERY_CASE = [
    pytest.param(
        design,
        case,
        id=f"{name}-{case.name}",
        marks=[pytest.mark.full] if case.name in LARGE else [],
    )
    for name, design in CATALOG.items()
    for case in design.CASES
]
FAST_CASES = [each for each in EVERY_CASE if not hasattr(each.values[1], "block")]
"""Not the blocks: whatever they launch is a design that is here itself."""
SMALL_CASES = [
    pytest.param(design, case, id=f"{name}-{case.name}")
    for name, design in CATALOG.items()
    for case in design.CASES
    if case.name not in LARGE
]


def inputs_of(case: Any, seed: int = 0) -> dict[str, Any]:
    return case.inputs(np.random.default_rng(seed))


def arguments_of(design: ModuleType, case: Any, seed: int = 0) -> tuple[Any, ...]:
    """The program's arguments, outputs poisoned."""
    if hasattr(design, "pack"):
        return tuple(design.pack(case, inputs_of(case, seed)))
    outputs = [np.full(shape, 0x5A, dtype=dtype) for shape, dtype in case.outputs().values()]
    return (*inputs_of(case, seed).values(), *outputs)


@pytest.mark.parametrize(("design", "case"), EVERY_CASE)
def test_agrees_with_its_reference(design: ModuleType, case: Any) -> None:
    check_agreement(design, case, "silicon")


@pytest.mark.full
@pytest.mark.parametrize(("design", "case"), FAST_CASES)
def test_agrees_with_its_reference_in_fast_numerics(design: ModuleType, case: Any) -> None:
    check_agreement(design, case, "fast")


def check_agreement(design: ModuleType, case: Any, numerics: Numerics) -> None:
    comparison = compare_case(design, case, inputs_of(case), numerics=numerics)
    assert not comparison.result.findings, "\n".join(map(str, comparison.result.findings))
    for name, verdict in comparison.verdicts.items():
        assert verdict, f"{name}: {verdict}"
    assert comparison.passed


@pytest.mark.parametrize(("design", "case"), SMALL_CASES)
def test_native_and_interpreter_agree_bit_for_bit(design: ModuleType, case: Any) -> None:
    executable = compile(design.design(case))
    outcomes = []
    for backend in ("native", "interpreter"):
        arguments = arguments_of(design, case)
        result = run(executable, *arguments, options=RunOptions(backend=backend))
        assert not result.findings, f"{backend}: {result.findings[0]}"
        outcomes.append((result.cycles, [array.tobytes() for array in arguments]))
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize(("design", "case"), SMALL_CASES)
def test_the_order_of_simultaneous_events_changes_nothing(design: ModuleType, case: Any) -> None:
    executable = compile(design.design(case))
    expected = arguments_of(design, case)
    run(executable, *expected).raise_for_findings()
    for seed in range(5):
        shuffled = arguments_of(design, case)
        options = RunOptions(simulation=SimulationOptions(schedule_seed=seed))
        run(executable, *shuffled, options=options).raise_for_findings()
        assert [array.tobytes() for array in shuffled] == [array.tobytes() for array in expected]


@pytest.mark.parametrize(("design", "case"), SMALL_CASES)
def test_a_case_describes_its_tensors(design: ModuleType, case: Any) -> None:
    inputs = inputs_of(case)
    answered = design.reference(case, **inputs)
    assert {name: np.asarray(array).shape for name, array in answered.items()} == {
        name: shape for name, (shape, _) in case.outputs().items()
    }


@pytest.mark.parametrize("design", CATALOG.values(), ids=CATALOG)
def test_the_same_design_prints_the_same_module_twice(design: ModuleType) -> None:
    case = design.CASES[0]
    texts = [print_module(design.design(case).resolve_program()) for _ in range(2)]
    assert texts[0] == texts[1]


@pytest.mark.parametrize("design", CATALOG.values(), ids=CATALOG)
def test_case_names_are_unique(design: ModuleType) -> None:
    names = [case.name for case in design.CASES]
    assert len(set(names)) == len(names)
    assert getattr(design, "DEFAULT_CASE", names[0]) in names
