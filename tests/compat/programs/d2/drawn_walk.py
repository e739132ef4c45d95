"""A walk in 2x2 tiles with one tile visited twice; with matplotlib it is drawn as well."""

import tempfile
from pathlib import Path

import numpy as np
from aie.helpers.taplib import TensorAccessPattern, TensorAccessSequence, TensorTiler2D
from aie.helpers.taplib.utils import (
    validate_and_clean_sizes_strides,
    validate_offset,
    validate_tensor_dims,
)
from aie.helpers.taplib.visualization2d import animate_from_accesses, visualize_from_accesses
from aie.iron import ObjectFifo, Program, Runtime
from aie.iron.device import NPU1Col1

dims = validate_tensor_dims((4, 8), expected_dims=2)
sizes, strides = validate_and_clean_sizes_strides([1, 1, 2, 2], [9, 9, 8, 1], expected_dims=4)
extra = TensorAccessPattern(dims, validate_offset(2, dims), sizes, strides)
steps = TensorTiler2D.simple_tiler(dims, (2, 2))
steps.insert(1, extra)
assert extra.tensor_dims == dims and isinstance(steps, TensorAccessSequence)
counts = steps.access_count()
assert counts.sum() == 36 and counts[0, 2] == 2

try:
    import matplotlib  # noqa: F401
except ImportError:
    print("no matplotlib, no pictures", file=__import__("sys").stderr)
else:
    folder = Path(tempfile.mkdtemp())
    extra.visualize(file_path=str(folder / "tap.png"), show_plot=False)
    steps.visualize(file_path=str(folder / "steps.png"), show_plot=False, plot_access_count=True)
    steps.animate()
    visualize_from_accesses(steps.access_order(), counts, show_plot=False)
    animate_from_accesses([tap.access_order() for tap in steps], None)

tile_ty = np.ndarray[(4,), np.dtype[np.int32]]
of_in = ObjectFifo(tile_ty, name="in")
of_out = of_in.cons().forward()
rt = Runtime()
with rt.sequence(np.ndarray[dims, np.dtype[np.int32]], np.ndarray[(36,), np.dtype[np.int32]]) as (
    x,
    y,
):
    group = rt.task_group()
    rt.drain(of_out.cons(), y, task_group=group, wait=True)
    for tap in steps:
        rt.fill(of_in.prod(), x, tap, task_group=group)
    rt.finish_task_group(group)

print(Program(NPU1Col1(), rt).resolve_program())
