"""Placed designs, written with `aie.dialects.aie` and `aie.dialects.aiex`: run and compared."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ironbird.base.errors import DesignError
from ironbird.ir import parse_module
from ironbird.session.lowering import lower_to_plan
from ironbird.simulator import SimulationOptions, interpret
from tests.compat.corpus import Array, program_file, run_itself, run_printed

Case = tuple[list[Array], dict[int, Array]]


def counting(*shape: int, dtype: type = np.int32) -> Array:
    return np.arange(np.prod(shape), dtype=dtype).reshape(shape)


def empty(*shape: int, dtype: type = np.int32) -> Array:
    return np.zeros(shape, dtype=dtype)


def add_one() -> Case:
    x = counting(64)
    return [x, empty(64)], {1: x + 1}


def tasks_with_patterns() -> Case:
    a = counting(8, 16, dtype=np.int16)
    return [a, empty(8, 16, dtype=np.int16)], {1: a * 2 + 1}


def split_and_join() -> Case:
    a = counting(128)
    added = np.tile(np.repeat(np.array([100, 200], dtype=np.int32), 16), 4)
    return [a, empty(128)], {1: a + added}


def locks_and_blocks() -> Case:
    a = counting(32)
    return [a, empty(32)], {1: a * a}


def descriptor_functions() -> Case:
    a = counting(64)
    return [a, empty(64)], {1: -a.reshape(4, 4, 4).transpose(0, 2, 1).reshape(64)}


def memory_tile_program() -> Case:
    a = counting(4, 8, 8)
    return [a, empty(4, 8, 8)], {1: a.transpose(0, 2, 1)}


def packets() -> Case:
    a = counting(32)
    return [a, empty(32)], {1: a + np.repeat(np.array([1000, 2000], dtype=np.int32), 16)}


def cascade() -> Case:
    x, y = counting(32), counting(32)[::-1].copy()
    return [x, y, empty(32)], {2: x * x + y - 1}


def parameters_and_lock() -> Case:
    a = counting(16)
    return [a, empty(16)], {1: a * 7 + 50}


def four_dimensions() -> Case:
    a = counting(8, 16)
    blocks = a.reshape(2, 4, 4, 4).transpose(0, 2, 1, 3)
    columns = a[4:].T
    twice = np.concatenate([columns, columns]).reshape(8, 16)
    return [a, empty(8, 16), empty(8, 16)], {1: blocks.reshape(8, 16), 2: twice}


def all_channels() -> Case:
    a = counting(4, 6, 8, dtype=np.int16)
    return [a, empty(4, 6, 8, dtype=np.int16)], {1: a - np.arange(4, dtype=np.int16)[:, None, None]}


def blocks_of_operations() -> Case:
    a = counting(16)
    return [a, empty(16)], {1: a[::-1]}


def broadcast_and_window() -> Case:
    a = counting(6, 8)
    mixed = a.reshape(6, 2, 4).transpose(0, 2, 1).reshape(6, 8)
    return [a, empty(4, 8), empty(6, 8)], {1: a[:-2] + a[1:-1] + a[2:], 2: mixed}


def chains() -> Case:
    a, b = counting(64), counting(64) + 1000
    return [a, b, empty(64)], {2: np.concatenate([b[32:], a[32:]])}


def core_language() -> Case:
    a = counting(4, 8, dtype=np.int16)
    b = np.where(np.arange(8) % 2 == 0, np.minimum(a.astype(np.int32) * 3, 40), -a.astype(np.int32))
    return [a, empty(4, 8)], {1: b.astype(np.int32)}


def core_streams() -> Case:
    a = counting(16)
    return [a, empty(16)], {1: a * a + 1}


def initial_values() -> Case:
    x = counting(16)
    weights = np.concatenate([np.arange(8), np.full(8, 2)]).astype(np.int32)
    return [x, empty(16)], {1: x * weights + 5}


def neighbours_memory() -> Case:
    x = counting(24)
    return [x, empty(24)], {1: x * x * 1000 + x * x + 1}


def padding() -> Case:
    image = counting(6, 8) + 1
    return [image, empty(8, 12)], {1: np.pad(image, ((1, 1), (2, 2)))[:, ::-1]}


def functions_of_two_kinds() -> Case:
    a = counting(16)
    return [a, empty(16)], {1: (a & 12) * 2 - a}


def registers() -> Case:
    a = counting(16)
    return [a, empty(16)], {1: a * 5 + 3}


def repeat_and_iterate() -> Case:
    rows, bias = counting(4, 8), counting(4, 8) + 500
    turns = np.arange(3, dtype=np.int32)[None, :, None]
    return [rows, bias, empty(12, 8)], {
        2: (rows[:, None] * turns + bias[:, None]).reshape(12, 8).astype(np.int32)
    }


def ends_by_hand() -> Case:
    a = counting(32)
    return [a, empty(32)], {1: a * 2 + 1}


def spelled_out() -> Case:
    a = counting(4, 8)
    return [a, empty(4, 8)], {1: a.T.reshape(4, 8)}


def stream_end() -> Case:
    a = counting(32)
    return [a, empty(32)], {1: a.reshape(4, 8)[:, ::-1].reshape(32)}


def switches_by_hand() -> Case:
    a = counting(16)
    return [a, empty(16)], {1: a}


def traced() -> Case:
    a = counting(64)
    return [a, empty(64)], {1: a ^ 5}


def squares() -> Case:
    x = counting(128)
    return [x, empty(128)], {1: x * x}


PRINTED: dict[str, Callable[[], Case]] = {
    "add_one": add_one,
    "all_channels": all_channels,
    "blocks_of_operations": blocks_of_operations,
    "broadcast_and_window": broadcast_and_window,
    "cascade": cascade,
    "chains": chains,
    "core_language": core_language,
    "core_streams": core_streams,
    "descriptor_functions": descriptor_functions,
    "ends_by_hand": ends_by_hand,
    "four_dimensions": four_dimensions,
    "functions_of_two_kinds": functions_of_two_kinds,
    "initial_values": initial_values,
    "locks_and_blocks": locks_and_blocks,
    "memory_tile_program": memory_tile_program,
    "neighbours_memory": neighbours_memory,
    "packets": packets,
    "padding": padding,
    "parameters_and_lock": parameters_and_lock,
    "registers": registers,
    "repeat_and_iterate": repeat_and_iterate,
    "spelled_out": spelled_out,
    "split_and_join": split_and_join,
    "stream_end": stream_end,
    "switches_by_hand": switches_by_hand,
    "tasks_with_patterns": tasks_with_patterns,
    "traced": traced,
    "traced_by_hand": squares,
}


@pytest.mark.parametrize("name", PRINTED)
def test_the_printed_module_runs(
    name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    tensors, expected = PRINTED[name]()
    run_printed(program_file("placed", name), tensors, expected, capsys=capsys, folder=tmp_path)


@pytest.mark.parametrize("name", PRINTED)
def test_the_interpreter_finds_the_same(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    run_itself(program_file("placed", name))
    plan = lower_to_plan(parse_module(capsys.readouterr().out))
    tensors, expected = PRINTED[name]()
    # A traced program has one tensor more, for the trace.
    arguments = [
        np.ascontiguousarray(tensors[i])
        if i < len(tensors)
        else np.zeros(argument.shape, argument.element.dtype)
        for i, argument in enumerate(plan.sequence.arguments)
    ]
    assert interpret(plan, None, arguments, SimulationOptions()).findings == ()
    for number, values in expected.items():
        np.testing.assert_array_equal(arguments[number].reshape(values.shape), values)


# Said with the builders, and refused by name where it would have to run.
REFUSED = {
    "combined_events": "trace @stalls asks for combo_event",
    "external_memory": "ObjectFifo 'in' has external buffers",
}


@pytest.mark.parametrize("name", REFUSED)
def test_the_printed_module_is_refused(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    run_itself(program_file("placed", name))
    module = parse_module(capsys.readouterr().out)
    with pytest.raises(DesignError) as refusal:
        lower_to_plan(module)
    assert refusal.value.what == REFUSED[name]


def test_external_kernel(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    x = counting(128, dtype=np.int16)
    file = program_file("placed", "external_kernel")
    run_printed(
        file,
        [x, empty(128, dtype=np.int16)],
        {1: x * 3 + 7},
        "--count",
        32,
        capsys=capsys,
        folder=tmp_path,
        kernels=file.parent / "kernels",
    )


def test_matmul_on_four_cores(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    generator = np.random.default_rng(7)
    a = generator.integers(-99, 99, (32, 48), dtype=np.int16)
    b = generator.integers(-99, 99, (48, 32), dtype=np.int16)
    file = program_file("placed", "matmul_on_four_cores")
    run_printed(
        file,
        [a, b, empty(32, 32)],
        {2: a.astype(np.int32) @ b.astype(np.int32)},
        capsys=capsys,
        folder=tmp_path,
        kernels=file.parent / "kernels",
    )


@pytest.mark.parametrize("name", ["jit_in_its_module", "jit_of_a_device", "registers_explained"])
def test_the_program_that_runs_itself(name: str) -> None:
    run_itself(program_file("placed", name))
