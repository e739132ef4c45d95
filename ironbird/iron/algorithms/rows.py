"""Images by their rows: one row a call, or three neighbouring ones.

Upstream's names are public, its signatures unknown here; assumed is the order of the other
algorithms: the kernel, the types of whole tensors (rows first), then what else the kernel takes.
"""

from typing import Any

from xdsl.dialects.builtin import ModuleOp

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.iron.algorithms.parameters import Parameters, acquired, array_of, release
from ironbird.iron.algorithms.streamed import Streamed
from ironbird.iron.array_types import ArrayType, annotation_of
from ironbird.iron.controlflow import range_
from ironbird.iron.device import get_current_device
from ironbird.iron.kernel import BaseKernel
from ironbird.iron.object_fifo import ObjectFifo
from ironbird.iron.program import Program
from ironbird.iron.runtime import Runtime
from ironbird.iron.worker import Worker


def row_at_a_time(func: BaseKernel, input_ty: Any, output_ty: Any, *params: Any) -> ModuleOp:
    """`func(input_row, output_row, *params)` for each row. The kernel's types say what a row is."""
    return _rows("row_at_a_time", func, (input_ty,), output_ty, params)


def row_at_a_time_tiled(func: BaseKernel, input_ty: Any, output_ty: Any, *params: Any) -> ModuleOp:
    """As `row_at_a_time`, where the kernel's types are whole parts of a row."""
    return _rows("row_at_a_time_tiled", func, (input_ty,), output_ty, params)


def row_at_a_time_with_skip(
    func: BaseKernel, input_ty: Any, skip_ty: Any, output_ty: Any, *params: Any
) -> ModuleOp:
    """`func(input_row, skip_row, output_row, *params)`, for a connection that skips layers."""
    return _rows("row_at_a_time_with_skip", func, (input_ty, skip_ty), output_ty, params)


def sliding_3row(func: BaseKernel, input_ty: Any, output_ty: Any, *params: Any) -> ModuleOp:
    """`func(above, here, below, output_row, *params)`; the first and last rows repeat."""
    whole_in, whole_out = array_of(input_ty, "sliding_3row"), array_of(output_ty, "sliding_3row")
    row_in, row_out = _row_types(func)
    rows = whole_in.element_count // row_in.element_count
    if rows < 2 or whole_in.element_count % row_in.element_count:
        raise DesignError(
            f"sliding_3row of {whole_in} in rows of {row_in}",
            at=author_line(),
            because="it takes at least two whole rows",
        )
    if whole_out.element_count != rows * row_out.element_count:
        raise DesignError(
            f"sliding_3row of {rows} rows into {whole_out}",
            at=author_line(),
            because=f"{rows} rows of {row_out} are {rows * row_out.element_count} elements",
        )
    source = ObjectFifo(annotation_of(row_in), depth=4, name="in")
    result = ObjectFifo(annotation_of(row_out), name="out")
    parameters = Parameters.of(params, "sliding_3row")

    def work(rows_in: Any, rows_out: Any, beside: Any, kernel: Any) -> None:
        values = acquired(beside)
        here, below = rows_in.acquire(2)
        _call(kernel, here, here, below, rows_out, values)
        for _ in range_(rows - 2):
            above, here, below = rows_in.acquire(3)
            _call(kernel, above, here, below, rows_out, values)
            rows_in.release(1)
        above, here = rows_in.acquire(2)
        _call(kernel, above, here, here, rows_out, values)
        rows_in.release(2)
        release(beside)

    work.__name__ = "sliding_3row"
    worker = Worker(work, [source.cons(), result.prod(), parameters.handles(), func])
    beside_types = [fifo.obj_type for fifo in parameters.fifos]

    def sequence(x: Any, y: Any, *received: Any) -> None:
        given, (into, out, fills) = received[: len(beside_types)], received[len(beside_types) :]
        for tensor, handle in zip(given, fills, strict=True):
            handle.fill(tensor)
        into.fill(x)
        out.drain(y, wait=True)

    runtime = Runtime(
        sequence,
        [
            annotation_of(whole_in),
            annotation_of(whole_out),
            *beside_types,
            source.prod(),
            result.cons(),
            [fifo.prod() for fifo in parameters.fifos],
        ],
    )
    return Program(get_current_device(), runtime, workers=[worker]).resolve_program()


def _call(kernel: Any, above: Any, here: Any, below: Any, out: Any, values: list[Any]) -> None:
    kernel(above, here, below, out.acquire(1), *values)
    out.release(1)


def _row_types(func: BaseKernel) -> tuple[ArrayType, ArrayType]:
    """The types of a row in and of a row out. Refuses a kernel that does not take four rows."""
    four = func.arguments[:4] if isinstance(func, BaseKernel) else []
    rows = [each for each in four if isinstance(each, ArrayType)]
    if len(rows) != 4 or rows[0] != rows[1] or rows[0] != rows[2]:
        found = func.signature() if isinstance(func, BaseKernel) else type(func).__name__
        raise DesignError(
            "sliding_3row needs a kernel of three equal rows and the row it writes",
            at=author_line(),
            because=f"it was given {found}",
        )
    return rows[0], rows[3]


def _rows(
    algorithm: str, func: BaseKernel, inputs: tuple[Any, ...], output: Any, params: tuple[Any, ...]
) -> ModuleOp:
    if not isinstance(func, BaseKernel):
        raise DesignError(
            f"{algorithm} of a {type(func).__name__}",
            at=author_line(),
            because="the kernel's types say what a row is",
            fix="Kernel, ExternalFunction, or one of aie.iron.kernels",
        )
    return Streamed(
        algorithm=algorithm,
        func=func,
        inputs=tuple(array_of(each, algorithm) for each in inputs),
        output=array_of(output, algorithm),
        parameters=params,
    ).module()
