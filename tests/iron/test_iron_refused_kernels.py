"""Refusals of kernels and their calls, with whole messages."""

import numpy as np
import pytest
from iron_programs import T, array, refused, text_of, through_one_core

from ironbird.base.errors import DesignError
from ironbird.iron import (
    ExternalFunction,
    Kernel,
)


def called_with(kernel, *arguments):
    """Resolve a program whose core calls `kernel`; "a" stands for the object it acquired."""

    def core(source, sink, fn):
        a = source.acquire(1)
        given = [a if isinstance(each, str) else each for each in arguments]
        fn(*given)  # !call
        sink.acquire(1)
        source.release(1)
        sink.release(1)

    text_of(through_one_core(core, [kernel]))


def test_kernel_arity():
    kernel = Kernel("k", "k.o", [T])  # !kernel
    with refused(
        at="call",
        what="Kernel 'k' expects 1 argument(s), but 2 were provided.",
        because="it was declared at <kernel> as k(16xi32) in k.o",
    ):
        called_with(kernel, "a", 3)


@pytest.mark.parametrize(
    ("declared", "given", "what", "because"),
    [
        (array(8), "a", "is 16xi32", "8xi32"),
        (array(16, dtype=np.int16), "a", "is 16xi32", "16xi16"),
        (array(4, 4), "a", "is 16xi32", "4x4xi32"),
        (array(16), 3, "is a Python int", "16xi32"),
        (np.int32, "a", "is 16xi32", "i32"),
        (np.int32, None, "is a Python NoneType", "i32"),
    ],
)
def test_kernel_arguments(declared, given, what, because):
    kernel = Kernel("k", "k.o", [declared])  # !declared
    with refused(
        at="call",
        what=f"argument 0 of kernel 'k' {what}",
        because=f"{because} was declared at <declared>",
    ):
        called_with(kernel, given)


def test_kernel_numbers_that_do_not_fit():
    with refused(
        at="call",
        what="argument 0 of kernel 'k' takes i8, and 300 does not fit",
        because="i8 holds -128 to 127",
    ):
        called_with(Kernel("k", "k.o", [np.int8]), 300)
    with refused(
        at="call",
        what="argument 0 of kernel 'k' takes i32, not the float 0.5",
        fix="0, or a float element type",
    ):
        called_with(Kernel("k", "k.o", [np.int32]), 0.5)


def test_a_slice_given_to_a_kernel():
    kernel = Kernel("k", "k.o", [array(8)])

    def core(source, sink, fn):
        a = source.acquire(1)
        fn(a[8:16])  # !slice_call

    with refused(
        at="slice_call",
        what="argument 0 of kernel 'k' is a slice of a buffer",
        because="a kernel takes whole objects: the address of the first element",
        fix="pass the whole object, and the offset as a number",
    ):
        text_of(through_one_core(core, [kernel]))


def test_two_kernels_of_one_name():
    first = Kernel("k", "k.o", [T])  # !first_k
    second = Kernel("k", "k.o", [np.int32])  # !second_k

    def core(source, sink, one, other):
        one(source.acquire(1))
        other(1)  # !other

    with refused(
        at="other",
        what="two kernels are called 'k'",
        because="k(16xi32) in k.o at <first_k> and k(i32) in k.o at <second_k> differ",
        fix="one name for each function",
    ):
        text_of(through_one_core(core, [first, second]))


def test_kernel_declarations():
    with refused(
        at="mode", what="link_with_mode='lto' of kernel 'k'", because="'merge' is the only mode"
    ):
        Kernel("k", "k.o", [T], link_with_mode="lto")  # !mode
    with refused(
        at="no_source",
        what="ExternalFunction 'k' has no source",
        fix="source_file= or source_string=",
    ):
        ExternalFunction("k", arg_types=[T])  # !no_source
    with refused(
        at="chess",
        what="ExternalFunction 'k' has use_chess=True",
        because="kernels are compiled for the host, by its own compiler",
    ):
        ExternalFunction("k", source_string="", use_chess=True)  # !chess
    with refused(
        at="kernel_shape",
        what="argument 0 of kernel 'k' is a number of type i32",
        because="only an array has a shape",
    ):
        Kernel("k", "k.o", [np.int32]).arg_shape(0)  # !kernel_shape
    with refused(at="kernel_index", what="kernel 'k' has no argument 1", because="it has 1"):
        Kernel("k", "k.o", [np.int32]).tile_size(1)  # !kernel_index


def test_a_missing_source(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DesignError) as refusal:
        ExternalFunction("k", source_file="absent.cc", arg_types=[T])
    here = __file__.rsplit("/", 1)[0]
    assert refusal.value.what == "the source of ExternalFunction 'k' is missing"
    assert refusal.value.because == f"there is no {tmp_path}/absent.cc and no {here}/absent.cc"
