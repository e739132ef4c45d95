"""`@iron.jit` of IRON before 1.3.3: generators without markers, called with the tensors."""

import functools
from typing import Any

import aie.iron as iron
import numpy as np
import pytest
from aie.dialects.aie import AIEDevice, core, device, object_fifo, tile
from aie.dialects.aiex import dma_wait, npu_dma_memcpy_nd, runtime_sequence
from aie.iron.algorithms import transform
from aie.iron.controlflow import range_

from ironbird.base.errors import DesignError, UsageError
from ironbird.session.jit import jit
from ironbird.session.result import RunResult
from tests.session.programs import add_constant, line_type


def tensors(elements: int = 16) -> tuple[Any, Any]:
    return iron.arange(elements, dtype=np.int32), iron.zeros(elements, dtype=np.int32)


def test_the_generator_gets_the_tensors_and_every_call_returns_the_result() -> None:
    seen: list[Any] = []

    @iron.jit
    def design(x, y):  # type: ignore[no-untyped-def]
        seen.append(x)
        return add_constant(x.numel(), 1)

    x, y = tensors()
    results = [design(x, y), design(x, y)]
    assert all(isinstance(result, RunResult) for result in results)
    assert seen == [x, x]
    assert (y.numpy() == np.arange(16) + 1).all()


def test_values_that_the_generator_reads_are_those_of_the_call() -> None:
    @iron.jit(use_cache=True)
    def design(x, y, constant):  # type: ignore[no-untyped-def]
        return add_constant(x.numel(), int(constant[0]))

    (x, y), constant = tensors(), iron.zeros(1, dtype=np.int32)
    generator = functools.partial(design.__wrapped__, constant=constant)
    for value in (3, 4):
        constant[0] = value
        jit(generator)(x, y)
        assert (y.numpy() == np.arange(16) + value).all()


def test_only_tensors_are_handed_to_the_program() -> None:
    @iron.jit
    def design(x, y, function, amount=1, *more, scale=1, **others):  # type: ignore[no-untyped-def]
        assert (more, others) == ((5,), {"name": "n"})
        return add_constant(x.size, function(amount) * scale)

    x, y = np.arange(16, dtype=np.int32), np.zeros(16, np.int32)
    design(x, y, lambda n: n + 1, np.int32(2), 5, scale=3, name="n")
    assert (y == x + 9).all()


def test_the_function_form() -> None:
    x, y = tensors(64)
    iron.jit(transform)(lambda a, k: a * k, x, y, 3, tile_size=16)
    assert (y.numpy() == 3 * np.arange(64)).all()


def test_a_placed_generator_returns_nothing_and_builds_in_the_module_round_it() -> None:
    @iron.jit(is_placed=True)
    def design(x, y):  # type: ignore[no-untyped-def]
        line = line_type()

        @device(AIEDevice.npu1_1col)
        def body() -> None:
            shim, core_tile = tile(0, 0), tile(0, 2)
            source = object_fifo("source", shim, core_tile, 2, line)
            result = object_fifo("result", core_tile, shim, 2, line)

            @core(core_tile)
            def work() -> None:
                for _ in range_(2**31):
                    a, b = source.acquire("Consume", 1), result.acquire("Produce", 1)
                    for i in range_(16):
                        b[i] = a[i] + 5
                    source.release("Consume", 1)
                    result.release("Produce", 1)

            @runtime_sequence(line, line)
            def sequence(a: Any, b: Any) -> None:
                npu_dma_memcpy_nd(metadata=source, bd_id=1, mem=a, sizes=[1, 1, 1, 16])
                npu_dma_memcpy_nd(metadata=result, bd_id=0, mem=b, sizes=[1, 1, 1, 16])
                dma_wait(result)

    x, y = tensors()
    design(x, y)
    assert (y.numpy() == np.arange(16) + 5).all()
    assert design.as_mlir(x, y).startswith("module {\n  aie.device(npu1_1col) {\n")


def test_a_plain_generator_that_makes_nothing() -> None:
    @iron.jit(is_placed=False)
    def design(x):  # type: ignore[no-untyped-def]
        return None

    with pytest.raises(DesignError) as caught:
        design(tensors()[0])
    line = design.__wrapped__.__code__.co_firstlineno
    assert str(caught.value) == (
        f"tests/session/test_jit_plain.py:{line}: jit design 'design' returned NoneType\n"
        "  try: return Program(...).resolve_program()"
    )


def test_a_marked_design_is_built_without_tensors_by_types_alone() -> None:
    @iron.jit
    def design(x: iron.In, y: iron.Out) -> Any:
        return add_constant(x.size, 1)

    wide = np.ndarray[(32,), np.dtype[np.int32]]
    assert "memref<32xi32>" in design.specialize(x=wide, y=wide).as_mlir()
    with pytest.raises(UsageError) as caught:
        design.as_mlir(*tensors())
    assert str(caught.value).partition(": ")[2] == (
        "jit design 'design' is built without tensors here\n"
        "  because: its parameters are marked\n"
        "  try: types of tensors by name: x=np.ndarray[shape, np.dtype[...]]"
    )
    with pytest.raises(DesignError) as unknown:
        design.as_mlir()
    assert str(unknown.value).partition(": ")[2] == (
        "the shape of tensor 'x' is not known\n"
        "  because: the design is built without a call, and no type was given for the tensor\n"
        "  try: x=np.ndarray[shape, np.dtype[...]] in specialize(), as_mlir(), or compile()"
    )
    with pytest.raises(TypeError) as wrong:
        design.specialize(x=3)
    assert str(wrong.value).partition(": ")[2] == (
        "x=3 is no type of the tensor 'x' of jit design 'design'\n"
        "  because: tensors are given by position, their types by name\n"
        "  try: x=np.ndarray[shape, np.dtype[...]]"
    )
