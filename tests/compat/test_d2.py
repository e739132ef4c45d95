"""Programs as they were written from April to July 2026: `tile=`, still `with rt.sequence`."""

from pathlib import Path

import ml_dtypes
import numpy as np
import pytest

from tests.compat.corpus import Array, program_file, run_itself, run_printed

Case = tuple[list[Array], dict[int, Array]]
"""The tensors of a program, and what those are afterwards that it writes."""


def one_to_one(x: Array, y: Array) -> Case:
    return [x, np.zeros_like(y)], {1: y}


def numbers(*shape: int) -> Array:
    return np.random.default_rng(2).integers(-100, 100, shape).astype(np.int32)


def weighted_sum() -> Case:
    x, y = numbers(128), numbers(128)[::-1].copy()
    return [x, y, np.zeros_like(x)], {2: 5 * x + y}


def scaled_and_shifted() -> Case:
    x = numbers(4, 2, 16)
    return one_to_one(x, np.stack([x[:, 0] * 5, x[:, 1] + 1000], 1))


def product() -> Case:
    a, b = numbers(16, 24), numbers(24, 16)
    return [a, b, np.zeros((16, 16), np.int32)], {2: a @ b}


def rectified() -> Case:
    x = np.random.default_rng(2).standard_normal(256).astype(ml_dtypes.bfloat16)
    return one_to_one(x, np.maximum(x, 0).astype(ml_dtypes.bfloat16))


def indexed() -> Case:
    x = numbers(4, 2, 16)
    steps = np.array([10, 100], np.int32).reshape(2, 1)
    return one_to_one(x, x + np.arange(16, dtype=np.int32) * steps)


def columns_of_far_tiles() -> Case:
    x = numbers(8, 16)
    tiles = x.reshape(2, 4, 4, 4).transpose(0, 2, 3, 1)  # tile row, tile column, columns, rows
    in_order = [tiles[r, c] for group in (0, 1) for r in (0, 1) for c in (group, group + 2)]
    return one_to_one(x, np.stack(in_order).reshape(-1))


def counted() -> Case:
    x, y = (np.full(32, start, np.int32) for start in (100, 200))
    for out in (x, y):
        out += np.concatenate([np.arange(16), 2 * np.arange(16)]).astype(np.int32)
    return [np.zeros_like(x), np.zeros_like(y)], {0: x, 1: y}


def column_sums() -> Case:
    lines = [numbers(96) + c for c in range(4)]
    sums = np.array([line.sum() for line in lines], np.int32)
    return [*lines, np.zeros_like(sums)], {4: sums}


def dots() -> Case:
    matrix, vector = numbers(5, 16), numbers(16)
    return [matrix, vector, np.zeros(5, np.int32)], {2: matrix @ vector}


def middles() -> Case:
    x = numbers(3, 4, 8)
    y = x[:, 3].copy()
    y[:, 2:6] = x[:, 1, 2:6] - x[:, 2, 2:6]
    return one_to_one(x, y)


def walked() -> Case:
    x = numbers(4, 8)
    tiles = [x[r : r + 2, c : c + 2].reshape(-1) for r in (0, 2) for c in (0, 2, 4, 6)]
    tiles.insert(1, x[0:2, 2:4].reshape(-1))
    return one_to_one(x, np.concatenate(tiles))


def large_product() -> Case:
    a, b = numbers(32, 16), numbers(16, 32)
    return [a, b, np.zeros((32, 32), np.int32)], {2: a @ b}


x4x2x16 = numbers(4, 2, 16).astype(np.int16)
x6x16, x64, x128, x4x16, x32 = (
    numbers(6, 16),
    numbers(64),
    numbers(128),
    numbers(4, 16),
    numbers(32),
)
PRINTED = {
    "saxpy": weighted_sum(),
    "pinned_tiles": scaled_and_shifted(),
    "matmul": product(),
    "relu_bf16": rectified(),
    "kernel_in_python": indexed(),
    "access_sequence": one_to_one(x6x16, x6x16[[1, 3, 5, 0, 2, 4]]),
    "strided_tiles": columns_of_far_tiles(),
    "narrow_bytes": one_to_one(1000 * x128, (1000 * x128).astype(np.int8).astype(np.int32)),
    "two_barriers": counted(),
    "four_columns": column_sums(),
    "counted_runs": one_to_one(x64, x64 - 1),
    "handles": one_to_one(x4x16, x4x16.cumsum(0, dtype=np.int32)),
    "idle_core": one_to_one(x32, 6 * x32 * x32),
    "repeated_input": dots(),
    "nested_views": middles(),
    "device_by_name": one_to_one(x4x2x16, x4x2x16[:, ::-1].copy()),
    "drawn_walk": walked(),
    "whole_array_product": large_product(),
}
ARGUMENTS = {"saxpy": ("-n", 128, "-a", 5)}


@pytest.mark.parametrize("name", PRINTED)
def test_d2_program(name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    tensors, expected = PRINTED[name]
    run_printed(
        program_file("d2", name),
        tensors,
        expected,
        *ARGUMENTS.get(name, ()),
        capsys=capsys,
        folder=tmp_path,
    )


@pytest.mark.parametrize(
    "name", ["jit_with_tensors", "compiled_by_hand", "steps_of_a_trace", "traced_kernel"]
)
def test_d2_program_that_runs_itself(name: str) -> None:
    run_itself(program_file("d2", name))
