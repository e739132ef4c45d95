"""Programs of IRON 1.4.0: generators with markers, the sequence as a function, lists of pairs."""

from pathlib import Path

import numpy as np
import pytest

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
