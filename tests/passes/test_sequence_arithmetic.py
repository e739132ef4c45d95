"""Numbers computed in a runtime sequence have the bits that MLIR gives them."""

import operator
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xdsl.dialects import arith
from xdsl.dialects.builtin import i32

from ironbird.base.errors import DesignError
from ironbird.passes.lower_sequence.sequence_arithmetic import computed

INTEGERS = st.integers(-(2**31), 2**31 - 1)
BINARY: dict[type, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    arith.AddiOp: operator.add,
    arith.SubiOp: operator.sub,
    arith.MuliOp: operator.mul,
    arith.AndIOp: operator.and_,
    arith.OrIOp: operator.or_,
    arith.XOrIOp: operator.xor,
    arith.MinSIOp: np.minimum,
    arith.MaxSIOp: np.maximum,
    arith.DivUIOp: lambda a, b: (a.view(np.uint32) // b.view(np.uint32)).view(np.int32),
    arith.RemUIOp: lambda a, b: (a.view(np.uint32) % b.view(np.uint32)).view(np.int32),
    arith.RemSIOp: np.fmod,
}


def operation(kind: type, *arguments: object) -> arith.SignlessIntegerBinaryOperation:
    zero = arith.ConstantOp.from_int_and_width(0, 32)
    return kind(zero, zero, *arguments)


@pytest.mark.parametrize("kind", BINARY, ids=lambda kind: kind.name)
@given(left=INTEGERS, right=INTEGERS.filter(lambda number: number not in (0, -1)))
def test_thirty_two_bits_wrap(kind: type, left: int, right: int) -> None:
    expected = BINARY[kind](np.array([left], np.int32), np.array([right], np.int32))
    assert computed(operation(kind), [left, right]) == int(expected[0])


@given(left=INTEGERS, right=INTEGERS)
def test_comparisons_mind_the_sign(left: int, right: int) -> None:
    bits = 2**32
    assert computed(operation(arith.CmpiOp, "slt"), [left, right]) == int(left < right)
    unsigned = left % bits < right % bits
    assert computed(operation(arith.CmpiOp, "ult"), [left, right]) == int(unsigned)


def test_a_division_by_zero_is_refused() -> None:
    with pytest.raises(DesignError) as refusal:
        computed(operation(arith.DivSIOp), [5, 0])
    assert str(refusal.value) == "arith.divsi in the runtime sequence divides 5 by 0"


def test_what_is_no_arithmetic_is_left_alone() -> None:
    zero = arith.ConstantOp.from_int_and_width(0, i32)
    assert computed(arith.ExtFOp(zero, i32), [0]) is None
