"""Each core is linked with its own objects, as on the chip; what does not link is refused."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from aie.iron import ExternalFunction, ObjectFifo, Program, Runtime, Worker
from aie.iron.device import NPU1Col1

from ironbird.base.errors import DesignError
from ironbird.base.kernel_source import KernelSource
from ironbird.session.compile import Executable, compile
from ironbird.session.lowering import lower_to_plan
from ironbird.session.run import RunOptions, run
from tests.session.programs import line_type, program

# A helper of one name in both sources, visible to the linker, with another meaning in each.
TIMES = """
extern "C" int helper(int x) {{ return {factor} * x; }}
extern "C" void {name}(const int *x, int *y) {{
  for (int i = 0; i < 16; i++) y[i] = helper(x[i]);
}}
"""


def external(name: str, source: str) -> ExternalFunction:
    return ExternalFunction(name, source_string=source, arg_types=[line_type(), line_type()])


def one_after_the_other(first: Any, second: Any) -> Program:
    """DDR -> a core that calls `first` -> a core that calls `second` -> DDR, one line."""
    x, middle, y = (ObjectFifo(line_type(), name=name) for name in ("x", "middle", "y"))

    def core(taken: Any, given: Any, kernel: Any) -> None:
        kernel(taken.acquire(1), given.acquire(1))
        taken.release(1)
        given.release(1)

    workers = [
        Worker(core, [x.cons(), middle.prod(), first]),
        Worker(core, [middle.cons(), y.prod(), second]),
    ]

    def sequence(x_array: Any, y_array: Any, x_in: Any, y_out: Any) -> None:
        x_in.fill(x_array)
        y_out.drain(y_array, wait=True)

    runtime = Runtime(sequence, [line_type(), line_type(), x.prod(), y.cons()])
    return Program(NPU1Col1(), runtime, workers=workers)


def outputs(executable: Executable, backend: str) -> np.ndarray:
    x, y = np.arange(16, dtype=np.int32), np.full(16, -1, np.int32)
    assert run(executable, x, y, options=RunOptions(backend=backend)).findings == ()
    return y


@pytest.fixture(scope="module")
def helpers() -> Executable:
    first = external("first", TIMES.format(name="first", factor=3))
    second = external("second", TIMES.format(name="second", factor=5))
    return compile(one_after_the_other(first, second))


@pytest.mark.parametrize("backend", ["native", "interpreter"])
def test_helpers_of_one_name_do_not_meet(helpers: Executable, backend: str) -> None:
    assert outputs(helpers, backend).tolist() == [15 * x for x in range(16)]


@pytest.fixture(scope="module")
def same_symbol() -> Executable:
    """Two kernels of one symbol, in object files of their own."""
    unnamed = TIMES.format(name="first", factor=1), TIMES.format(name="second", factor=1)
    plan = lower_to_plan(
        one_after_the_other(external("first", unnamed[0]), external("second", unnamed[1]))
        .resolve()
        .module
    )
    kernels = tuple(replace(kernel, symbol="twist") for kernel in plan.kernels)
    sources = [
        KernelSource(object_file=kernel.object_file, text=TIMES.format(name="twist", factor=factor))
        for kernel, factor in zip(kernels, (7, 11), strict=True)
    ]
    return compile(replace(plan, kernels=kernels), kernel_sources=sources)


@pytest.mark.parametrize("backend", ["native", "interpreter"])
def test_each_core_calls_the_kernel_of_its_own_object(
    same_symbol: Executable, backend: str
) -> None:
    assert outputs(same_symbol, backend).tolist() == [77 * x for x in range(16)]


def test_one_source_for_two_objects_is_compiled_once() -> None:
    both = TIMES.format(name="first", factor=2) + TIMES.format(name="second", factor=2).replace(
        'extern "C" int helper(int x) { return 2 * x; }', ""
    )
    executable = compile(one_after_the_other(external("first", both), external("second", both)))
    compiled = sorted(path.name for path in executable.built.directory.glob("kernel*.cc"))
    assert compiled == ["kernel0.cc"]
    assert outputs(executable, "native").tolist() == [4 * x for x in range(16)]


def test_two_objects_of_one_core_that_define_one_symbol_are_refused() -> None:
    first = external("first", TIMES.format(name="first", factor=3))
    second = external("second", TIMES.format(name="second", factor=5))

    def core(x: Any, y: Any, one: Any, other: Any) -> None:
        one(x, y)
        other(x, y)

    with pytest.raises(DesignError) as caught:
        compile(program_of_two(core, first, second))
    assert str(caught.value) == (
        "helper is defined more than once among first.o, second.o\n"
        "  because: one core calls kernels of all of them, and so is linked with all of them\n"
        "  try: one object file for the kernels of one source, or `static` helpers"
    )


def program_of_two(core: Any, first: Any, second: Any) -> Program:
    """DDR -> one core that calls two kernels -> DDR, one line."""
    x, y = ObjectFifo(line_type(), name="x"), ObjectFifo(line_type(), name="y")

    def work(taken: Any, given: Any, one: Any, other: Any) -> None:
        core(taken.acquire(1), given.acquire(1), one, other)
        taken.release(1)
        given.release(1)

    def sequence(x_array: Any, y_array: Any, x_in: Any, y_out: Any) -> None:
        x_in.fill(x_array)
        y_out.drain(y_array, wait=True)

    runtime = Runtime(sequence, [line_type(), line_type(), x.prod(), y.cons()])
    worker = Worker(work, [x.cons(), y.prod(), first, second])
    return Program(NPU1Col1(), runtime, workers=[worker])


def test_a_symbol_that_the_source_lacks_names_the_source(tmp_path: Path) -> None:
    path = tmp_path / "scale.cc"
    path.write_text("void scale(const int *, int *) {}\n")
    kernel = ExternalFunction("scale", source_file=str(path), arg_types=[line_type(), line_type()])
    with pytest.raises(DesignError) as caught:
        compile(program(lambda x, y, call: call(x, y), elements=16, kernel=kernel))
    assert str(caught.value) == (
        f"{kernel.created_at}: no kernel source defines 'scale'\n"
        f'  because: looked in {path}; C++ exports a plain name only for extern "C"\n'
        '  try: define it as extern "C", with the name the design declares'
    )


def test_a_source_string_that_does_not_compile_shows_its_own_line() -> None:
    kernel = external(
        "scale", 'extern "C" void scale(const int *x, int *y) {\n#error too loud\n}\n'
    )
    with pytest.raises(DesignError) as caught:
        compile(program(lambda x, y, call: call(x, y), elements=16, kernel=kernel))
    where = f"the source_string at {kernel.created_at}"
    first, second, *_ = str(caught.value).splitlines()
    assert first == f"{kernel.created_at}: {where} does not compile"
    assert second in (
        f"  because: line 2 of {where}: error: #error too loud",
        f"  because: line 2 of {where}: error: too loud",
    )
