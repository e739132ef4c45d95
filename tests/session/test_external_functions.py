"""`ExternalFunction`: one source in several ways, several functions of one source."""

from typing import Any

import aie.iron as iron
import numpy as np
import pytest
from aie.iron import ExternalFunction, In, ObjectFifo, Out, Program, Runtime, Worker

from ironbird.base.errors import DesignError
from ironbird.ir import print_module

LINE = np.ndarray[(16,), np.dtype[np.int32]]
SOURCE = """
extern "C" void fill(const int *x, int *y) { for (int i = 0; i < 16; i++) y[i] = x[i] * BY; }
extern "C" void lift(int *y) { for (int i = 0; i < 16; i++) y[i] += 1; }
"""


def fill(by: int, **options: Any) -> ExternalFunction:
    return ExternalFunction(
        "fill",
        source_string=SOURCE,
        arg_types=[LINE, LINE],
        compile_flags=[f"-DBY={by}", *options.pop("more_flags", [])],
        **options,
    )


def calling(body: Any, *kernels: ExternalFunction) -> Any:
    source, result = ObjectFifo(LINE, name="x"), ObjectFifo(LINE, name="y")

    def core(x: Any, y: Any, *kernels: Any) -> None:
        body(x.acquire(1), y.acquire(1), *kernels)
        x.release(1)
        y.release(1)

    def sequence(x: Any, y: Any, x_in: Any, y_out: Any) -> None:
        x_in.fill(x)
        y_out.drain(y, wait=True)

    worker = Worker(core, [source.cons(), result.prod(), *kernels])
    runtime = Runtime(sequence, [LINE, LINE, source.prod(), result.cons()])
    return Program(iron.get_current_device(), runtime, workers=[worker]).resolve_program()


def test_one_source_in_two_ways_on_one_core() -> None:
    """The second one's `lift` is renamed too: a core links every function of its objects."""
    plain = fill(2)
    other = fill(5, symbol_prefix="k1_", more_flags=["-Dlift=k1_lift"])
    assert (other.name, other.object_file_name) == ("k1_fill", "k1_fill.o")

    @iron.jit
    def design(x: In, y: Out) -> Any:
        def body(a: Any, b: Any, plain: Any, other: Any) -> None:
            plain(a, b)
            other(a, b)

        return calling(body, plain, other)

    x, y = iron.arange(16, dtype=np.int32), iron.zeros(16, dtype=np.int32)
    design(x, y)
    assert (y.numpy() == 5 * np.arange(16)).all()


def test_siblings_are_linked_with_the_same_object() -> None:
    kernel = fill(3).siblings(lift=[LINE])
    lift = kernel.also["lift"]
    assert (lift.name, lift.object_file_name, lift.source) == ("lift", "fill.o", kernel.source)

    def body(a: Any, b: Any, fill: Any, lift: Any) -> None:
        fill(a, b)
        lift(b)

    text = print_module(calling(body, kernel, lift))
    assert text.count('attributes {link_with = "fill.o"}') == 2
    assert "func.func private @lift(memref<16xi32>)" in text


def test_the_registry_that_programs_clear() -> None:
    kernel = fill(4)
    assert kernel in ExternalFunction._instances
    ExternalFunction._instances.clear()
    assert kernel not in ExternalFunction._instances


def test_the_chips_compiler_is_refused() -> None:
    with pytest.raises(DesignError) as caught:
        fill(1, use_chess=True)
    assert str(caught.value).partition(": ")[2] == (
        "ExternalFunction 'fill' has use_chess=True\n"
        "  because: kernels are compiled for the host, by its own compiler"
    )
