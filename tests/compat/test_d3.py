"""Programs of IRON 1.4.0: generators with markers, the sequence as a function, lists of pairs."""

from pathlib import Path

import numpy as np
import pytest
from aie.utils import NPUKernel

from tests.compat.corpus import program_file, run_itself, run_printed

PROGRAMS = (
    "all_columns",
    "blocked_product",
    "blocks_over_two_cores",
    "broadcast_weights",
    "command_line",
    "compilable_design",
    "compiled_then_loaded",
    "convolution_of_channels",
    "groups_of_transfers",
    "inline_source",
    "library_scale",
    "markers_before_functions",
    "padded_rows",
    "runtime_by_hand",
    "runtime_parameters",
    "sum_of_all",
    "traced_worker",
    "vector_scalar_add",
    "walk_by_sizes",
)


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_program_runs_and_agrees_with_numpy(name: str) -> None:
    run_itself(program_file("d3", name))


def test_printed_passthrough(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = program_file("d3", "printed_passthrough")
    x = np.arange(64 * 6, dtype=np.uint8)
    run_printed(
        file,
        [x, np.zeros_like(x)],
        {1: x},
        6,
        capsys=capsys,
        folder=tmp_path,
        kernels=file.parent / "kernels",
    )


def test_the_command_line_prints_its_module(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    x = np.arange(32, dtype=np.int32)
    run_printed(
        program_file("d3", "command_line"),
        [x, np.zeros_like(x)],
        {1: x - 9},
        *("--emit-mlir", "--size", 32, "--step", -9, "--device", "npu1", "--n-cols", 1),
        capsys=capsys,
        folder=tmp_path,
    )


def test_the_command_line_compiles_to_files(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    paths = [str(tmp_path / name) for name in ("final.xclbin", "insts.bin")]
    run_itself(
        program_file("d3", "command_line"), "--xclbin-path", paths[0], "--insts-path", paths[1]
    )
    assert capsys.readouterr().out == f"{' '.join(paths)}\n"
    x, y = np.arange(64, dtype=np.int32), np.zeros(64, np.int32)
    NPUKernel(*paths)(x, y)
    np.testing.assert_array_equal(y, x + 5)
