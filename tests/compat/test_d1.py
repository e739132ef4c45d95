"""Programs as they were written until March 2026: placers, `placement=`, `with rt.sequence`."""

from pathlib import Path

import numpy as np
import pytest

from tests.compat.corpus import Array, program_file, run_itself, run_printed

KERNELS = program_file("d1", "add_constant").parent / "kernels"

Case = tuple[list[Array], dict[int, Array]]
"""The tensors of a program, and what those are afterwards that it writes."""


def one_to_one(x: Array, y: Array) -> Case:
    return [x, np.zeros_like(y)], {1: y}


def numbers(*shape: int, dtype: type = np.int32) -> Array:
    return np.random.default_rng(1).integers(-100, 100, shape).astype(dtype)


def looked_up() -> Case:
    x = numbers(64)
    return one_to_one(x, 4 * (np.arange(64) % 16).astype(np.int32) - x)


def squared() -> Case:
    x = numbers(8, 4, 16)
    return one_to_one(x, x * x + np.arange(4, dtype=np.int32).reshape(4, 1))


def blocked() -> Case:
    x = numbers(8, 128, dtype=np.int16)
    y = (x + 1).reshape(2, 4, 8, 16)  # row halves, rows, tiles, columns
    y[:, 0, :, 0] -= 1
    y[:, 0, :, 4] -= 1
    return one_to_one(x, y.reshape(8, 128))


def tiles_times_number() -> Case:
    x = numbers(8, 16)
    factors = np.arange(1, 9, dtype=np.int32).reshape(2, 4).repeat(4, 0).repeat(4, 1)
    return one_to_one(x, x * factors)


def differences() -> Case:
    a, b = numbers(6, 32), numbers(6, 32)[::-1].copy()
    return [a, b, np.zeros_like(a)], {2: a - b}


def largest_and_sums() -> Case:
    x = numbers(4, 16)
    most, total = x.max(1), np.abs(x).sum(1, dtype=np.int32)
    return [x, np.zeros_like(most), np.zeros_like(total)], {1: most, 2: total}


def windows() -> Case:
    x = numbers(10, 24)
    return one_to_one(x, x[:-2] + x[1:-1] + x[2:])


def bordered() -> Case:
    x = numbers(4, 6, 6)
    return one_to_one(x, np.pad(x, ((0, 0), (1, 1), (1, 1))) + 100)


def weighted() -> Case:
    w, x = numbers(16), numbers(4, 16)
    return [w, x, np.zeros_like(x)], {2: x * w}


x16, x64, x128, x192, x256 = (numbers(n) for n in (16, 64, 128, 192, 256))
x16x32, x12x20 = numbers(16, 32), numbers(12, 20)
PROGRAMS = {
    "add_constant": one_to_one(x256, x256 + 12),
    "pinned": looked_up(),
    "split_join": squared(),
    "block_layout": blocked(),
    "tiled_walk": tiles_times_number(),
    "task_groups": differences(),
    "runtime_parameter": one_to_one(x16, x16 * 7 - 3),
    "broadcast": largest_and_sums(),
    "cores_per_column": one_to_one(x16x32, x16x32[:, ::-1].copy()),
    "sliding_window": windows(),
    "kernel_file": one_to_one(x256, -np.clip(x256, -50, 50)),
    "padded_image": bordered(),
    "transpose": one_to_one(x12x20, x12x20.T.copy()),
    "mixed_groups": weighted(),
    "chain_of_cores": one_to_one(x256, x256.max(keepdims=True)),
    "kinds_of_tasks": one_to_one(x64, 2 * x64),
    "placer_of_its_own": one_to_one(x128, 4 * x128),
    "traced_steps": one_to_one(x192, 2 * x192 - 1),
}
ARGUMENTS = {"pinned": (64,)}


@pytest.mark.parametrize("name", PROGRAMS)
def test_d1_program(name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    tensors, expected = PROGRAMS[name]
    run_printed(
        program_file("d1", name),
        tensors,
        expected,
        *ARGUMENTS.get(name, ()),
        capsys=capsys,
        folder=tmp_path,
        kernels=KERNELS,
    )


def test_d1_program_that_runs_itself() -> None:
    run_itself(program_file("d1", "jit_with_placer"))
