"""`aie.iron.algorithms`: the same designs from types and from tensors, and what is refused."""

import re
from collections.abc import Callable
from typing import Any

import aie.iron as iron
import aie.iron.algorithms.for_each
import aie.iron.algorithms.transform
import numpy as np
import pytest
from aie.iron import Buffer, ExternalFunction, In, Out, kernels
from aie.iron.algorithms import (
    for_each,
    reduce,
    row_at_a_time,
    row_at_a_time_tiled,
    row_at_a_time_with_skip,
    sliding_3row,
    transform,
    transform_binary,
    transform_parallel,
    transform_parallel_binary,
)
from aie.iron.device import NPU1Col2

from ironbird.base.errors import DesignError
from ironbird.ir import print_module
from ironbird.session.jit import jit


def line(*shape: int, dtype: Any = np.int32) -> Any:
    return np.ndarray[shape, np.dtype[dtype]]


def text_of(module: Any) -> str:
    return print_module(module)


def loop_kernel(name: str, body: str, *types: Any) -> ExternalFunction:
    """A kernel of plain C++: `body` in a function whose arguments are a, b, c, d, e in order."""
    names = "abcde"[: len(types)]
    arguments = ", ".join(
        f"int *{letter}" if hasattr(each, "__args__") else f"int {letter}"
        for letter, each in zip(names, types, strict=True)
    )
    return ExternalFunction(
        name,
        source_string=f'extern "C" void {name}({arguments}) {{ {body} }}',
        arg_types=list(types),
    )


def test_types_and_tensors_make_one_module() -> None:
    x, y = iron.zeros(64, dtype=np.int32), iron.zeros(64, dtype=np.int32)

    def increment(a: Any) -> Any:
        return a + 1

    typed = transform(increment, line(64), tile_size=16)
    given = transform(increment, x, y, tile_size=16)
    assert print_module(typed) == print_module(given)
    assert print_module(for_each(increment, line(64))) == print_module(for_each(increment, x))
    two = transform_binary(lambda a, b: a + b, line(64))
    assert print_module(two) == print_module(transform_binary(lambda a, b: a + b, x, x, y))


def test_a_parallel_transform_uses_every_column() -> None:
    def cores(module: Any) -> int:
        return print_module(module).count("aie.core(")

    ty = line(256)
    assert cores(transform_parallel(lambda a: a, ty)) == 4
    assert cores(transform_parallel(lambda a: a, ty, num_channels=2)) == 8
    assert cores(transform_parallel_binary(lambda a, b: a + b, ty)) == 4
    previous = iron.set_current_device(NPU1Col2())
    try:
        assert cores(transform_parallel(lambda a: a, ty)) == 2
    finally:
        iron.set_current_device(previous)


def test_parameters_are_numbers_tensors_and_buffers() -> None:
    tile, one = line(16), line(1)
    kernel = loop_kernel(
        "weighed",
        "for (int i = 0; i < e; i++) b[i] = a[i] * c[0] + d;",
        tile,
        tile,
        one,
        np.int32,
        np.int32,
    )

    @jit
    def by_tensor(x: In, y: Out, weight: In) -> Any:
        return transform(kernel, x, y, weight, 7)

    x, y = iron.arange(64, dtype=np.int32), iron.zeros(64, dtype=np.int32)
    by_tensor(x, y, iron.tensor([3], dtype=np.int32))
    assert (y.numpy() == 3 * np.arange(64) + 7).all()
    weight = Buffer(initial_value=np.array([5], np.int32), name="weight")
    text = text_of(transform(kernel, line(64), weight, -1))
    assert "call @weighed(%2, %4, %weight, %c-1_i32, %c16_i32)" in text


def test_for_each_gives_a_kernel_the_tile_twice() -> None:
    tile = line(8)
    kernel = loop_kernel("halve", "", tile, tile, np.int32)
    text = text_of(for_each(kernel, line(32)))
    assert "call @halve(%2, %4, %c8_i32)" in text
    assert "aie.runtime_sequence(%arg0: memref<32xi32>) {" in text


def test_the_size_is_passed_unless_told_otherwise() -> None:
    tile = line(16)
    kernel = loop_kernel("sized", "", tile, tile, np.int32)
    with_size = transform_parallel(kernel, line(64))
    assert "call @sized(%" in print_module(with_size)
    with pytest.raises(DesignError) as caught:
        transform_parallel(kernel, line(64), pass_size_to_kernel=False)
    assert "Kernel 'sized' expects 3 argument(s), but 2 were provided." in str(caught.value)


def test_a_reduction_is_one_call() -> None:
    kernel = loop_kernel("largest", "", line(96), line(1), np.int32)
    text = text_of(reduce(kernel, line(96), line(1)))
    assert "call @largest(%2, %4, %c96_i32)" in text
    assert "aie.runtime_sequence(%arg0: memref<96xi32>, %arg1: memref<1xi32>) {" in text


@pytest.mark.parametrize("build", [row_at_a_time, row_at_a_time_tiled])
def test_rows_are_what_the_kernel_says(build: Any) -> None:
    kernel = loop_kernel("mirror", "", line(8), line(8), np.int32)
    text = text_of(build(kernel, line(4, 16), line(4, 16)))
    assert "scf.for %arg1 = %c0_1 to %c8 step %c1_2" in text
    assert "call @mirror(%2, %4, %c8_i32)" in text


def test_rows_with_a_skip() -> None:
    row = line(16)
    kernel = loop_kernel(
        "plus", "for (int i = 0; i < 16; i++) c[i] = a[i] - d * b[i];", row, row, row, np.int32
    )
    x, skip = (iron.randint(-9, 9, (4, 16), dtype=np.int32) for _ in range(2))
    y = iron.zeros(4, 16, dtype=np.int32)
    jit(row_at_a_time_with_skip)(kernel, x, skip, y, 2)
    assert (y.numpy() == x.numpy() - 2 * skip.numpy()).all()


@pytest.mark.parametrize("rows", [2, 3, 9])
def test_three_rows_at_a_time(rows: int) -> None:
    """The corpus runs it (programs/d4/edge_filter.py)."""
    kernel = loop_kernel("curve", "", *[line(16)] * 4)
    text = text_of(sliding_3row(kernel, line(rows, 16), line(rows, 16)))
    assert text.count("call @curve(") == 3
    assert re.search(rf"scf\.for %arg1 = %c0\w* to %c{rows - 2}(_\d+)? step %c1", text)


def test_modules_and_functions_share_names() -> None:
    assert callable(aie.iron.algorithms.transform)
    assert callable(aie.iron.algorithms.for_each)


_TILE = line(16)
REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "no_whole_tiles": (
        lambda: transform(lambda a: a, line(40), tile_size=16),
        "transform of 40xi32 in tiles of 16xi32\n"
        "  because: 40 elements are not whole tiles of 16\n"
        "  try: tile_size=, or tensors padded to whole tiles",
    ),
    "no_whole_tiles_for_each_core": (
        lambda: transform_parallel(lambda a: a, line(48), tile_size=16),
        "transform_parallel of 48xi32 in tiles of 16xi32\n"
        "  because: 48 elements are not whole tiles of 16 for each of 4 cores\n"
        "  try: tile_size=, or tensors padded to whole tiles",
    ),
    "tiles_of_another_type": (
        lambda: transform(loop_kernel("k", "", _TILE, _TILE), line(64, dtype=np.int16)),
        "transform of 64xi16 in tiles of 16xi32\n"
        "  because: their element types differ\n"
        "  try: tile_size=, or tensors padded to whole tiles",
    ),
    "tensors_of_two_types": (
        lambda: transform(
            lambda a: a, iron.zeros(64, dtype=np.int16), iron.zeros(64, dtype=np.int32)
        ),
        "transform of 64xi16 into 64xi32\n"
        "  because: a Python function gives elements of the type it takes\n"
        "  try: tensors of one element type, or a kernel",
    ),
    "tensors_of_two_sizes": (
        lambda: transform(
            lambda a: a, iron.zeros(64, dtype=np.int32), iron.zeros(32, dtype=np.int32)
        ),
        "transform of tensors that are 4 and 2 tiles\n"
        "  because: each call takes one tile of each\n"
        "  try: tensors of equal size",
    ),
    "a_kernel_without_tiles": (
        lambda: transform(loop_kernel("k", "", _TILE, np.int32), line(64)),
        "transform with kernel 'k'\n"
        "  because: its first 2 arguments must be tiles, inputs before the output; "
        "it is k(16xi32, i32) in k.o",
    ),
    "a_strange_parameter": (
        lambda: transform(lambda a: a, line(64), "three"),
        "parameter 0 of transform is a str\n"
        "  because: a function is given numbers, buffers and tensors beside its tiles",
    ),
    "no_tensor": (
        lambda: for_each(lambda a: a, 64),
        "for_each of a int\n  try: a tensor, or its type: np.ndarray[shape, np.dtype[...]]",
    ),
    "too_many_channels": (
        lambda: transform_parallel(lambda a: a, line(64), num_channels=3),
        "transform_parallel(num_channels=3)\n"
        "  because: the shim tile of a column feeds 2 cores with 1 input each\n"
        "  try: num_channels=2",
    ),
    "too_many_channels_for_two_inputs": (
        lambda: transform_parallel_binary(lambda a, b: a, line(64), num_channels=2),
        "transform_parallel_binary(num_channels=2)\n"
        "  because: the shim tile of a column feeds 1 core with 2 inputs each\n"
        "  try: num_channels=1",
    ),
    "a_reduction_in_python": (
        lambda: reduce(lambda a: a, line(64), line(1)),
        "reduce of a function\n"
        "  because: a reduction is one call of a kernel on the whole tensor\n"
        "  try: Kernel, ExternalFunction, or one of aie.iron.kernels",
    ),
    "a_traced_reduction": (
        lambda: reduce(kernels.reduce_add(64), line(64), line(1), trace_size=8192),
        "reduce(trace_size=8192)\n"
        "  because: it returns a module that is resolved already\n"
        "  try: build the Program by hand, and Program.enable_trace()",
    ),
    "rows_in_python": (
        lambda: row_at_a_time(lambda a: a, line(64), line(64)),
        "row_at_a_time of a function\n"
        "  because: the kernel's types say what a row is\n"
        "  try: Kernel, ExternalFunction, or one of aie.iron.kernels",
    ),
    "three_rows_by_two": (
        lambda: sliding_3row(loop_kernel("k", "", _TILE, _TILE), line(64), line(64)),
        "sliding_3row needs a kernel of three equal rows and the row it writes\n"
        "  because: it was given k(16xi32, 16xi32) in k.o",
    ),
    "one_row": (
        lambda: sliding_3row(loop_kernel("k", "", *[_TILE] * 4), line(16), line(16)),
        "sliding_3row of 16xi32 in rows of 16xi32\n  because: it takes at least two whole rows",
    ),
    "fewer_rows_out": (
        lambda: sliding_3row(loop_kernel("k", "", *[_TILE] * 4), line(64), line(32)),
        "sliding_3row of 4 rows into 32xi32\n  because: 4 rows of 16xi32 are 64 elements",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name: str) -> None:
    build, message = REFUSED[name]
    with pytest.raises(DesignError) as caught:
        build()
    place, _, text = str(caught.value).partition(": ")
    assert text == message
    assert place.startswith("tests/iron_algorithms/test_algorithms.py:")
