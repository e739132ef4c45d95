"""Kernels written in Python: functions of the device that cores call."""

import inspect

import numpy as np
import pytest
from iron_programs import array, refused, text_of, through_one_core

from ironbird.base.errors import DesignError
from ironbird.iron import Buffer
from ironbird.iron.controlflow import if_, range_
from ironbird.iron.core_function import func
from ironbird.iron.dialects.functions import prep_func_types

T = array(16)


@func
def add_to(a: T, b: T, number: np.int32):
    for i in range_(16):
        b[i] = a[i] + number


@func
def larger(first: np.int32, second: np.int32):
    with if_(first > second):
        pass
    return first + second, first - second


def core(source, sink, *functions):
    a, b = source.acquire(1), sink.acquire(1)
    functions[0](a, b, 7)
    functions[0](b, b, a[0])
    total, difference = functions[1](a[0], 3)
    b[0] = total * difference
    source.release(1)
    sink.release(1)


def test_functions_are_defined_once_and_called():
    text = text_of(through_one_core(core, [add_to, larger]))
    assert (
        text.count("func.func @add_to(%arg0: memref<16xi32>, %arg1: memref<16xi32>, %arg2: i32)")
        == 1
    )
    assert text.count("func.call @add_to(") == 2
    assert text.count("func.func @larger(%arg0: i32, %arg1: i32) -> (i32, i32) {") == 1
    assert text.count("func.call @larger(") == 1


def test_arguments_are_checked_as_for_kernels():
    def wrong(source, sink):
        source.acquire(1)
        add_to(sink.acquire(1), 3, 4)  # !wrong

    with pytest.raises(ValueError, match=r"argument 1 of kernel 'add_to' is a Python int\n"):
        text_of(through_one_core(wrong))


def test_what_a_function_cannot_do():
    def untyped(a, b: T):
        pass

    with refused(
        at="untyped",
        what="@func 'untyped' has no type for its argument 'a'",
        fix="a: np.ndarray[(64,), np.dtype[np.int32]], or np.int32",
    ):
        func(untyped)  # !untyped

    table = Buffer(T, name="table")

    @func
    def uses_a_buffer(a: T):
        a[0] = table[0]  # !buffer

    def core_fn(source, sink):
        sink.acquire(1)
        uses_a_buffer(source.acquire(1))

    with refused(
        at="buffer",
        what="a fifo, a Buffer or a barrier in @func 'uses_a_buffer'",
        because="it belongs to one core, and a function may be called by several",
        fix="pass the object or the buffer as an argument",
    ):
        text_of(through_one_core(core_fn))

    @func  # !returns
    def returns_text(a: T):
        return "text"

    with refused(
        at="returns",
        what="@func 'returns_text' returns a str",
        because="a function of the device returns numbers that it computed",
        fix="write into a buffer that is an argument",
    ):
        text_of(through_one_core(lambda source, sink: returns_text(source.acquire(1))))


def test_results_that_are_said_twice() -> None:
    def one(a: np.int32) -> np.int32:
        return a

    assert prep_func_types(inspect.signature(one), None) == ([np.int32], [np.int32])
    with pytest.raises(DesignError) as refusal:
        prep_func_types(inspect.signature(one), [np.int16])
    assert str(refusal.value).partition(": ")[2] == (
        "results of two kinds: <class 'numpy.int32'> and [<class 'numpy.int16'>]\n"
        "  because: both the function's annotation and return_types name them"
    )
