"""Arithmetic of core programs gives the same bits natively and in the interpreter."""

import itertools

import ml_dtypes
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from simulator.building import built
from simulator.core_bench import (
    FLOATS,
    INTEGERS,
    LANES,
    Bench,
    by_label,
    input_bytes,
    read_pair,
)

from ironbird.base.findings import FindingKind
from ironbird.plan.operation_attributes import FLOAT_PREDICATES, INTEGER_PREDICATES
from ironbird.simulator import SimulationOptions, interpret

INTEGER_BINARY = (
    *("addi", "subi", "muli", "divsi", "remsi", "divui", "remui", "floordivsi", "ceildivsi"),
    *("ceildivui", "andi", "ori", "xori", "shli", "shrsi", "shrui"),
    *("maxsi", "minsi", "maxui", "minui"),
)
FLOAT_BINARY = (
    *("addf", "subf", "mulf", "divf", "remf"),
    *("maxnumf", "minnumf", "maximumf", "minimumf"),
)
FLOAT_UNARY = (
    *("absf", "ceil", "cos", "erf", "exp", "exp2", "floor", "log", "log2", "round", "roundeven"),
    *("rsqrt", "sin", "sqrt", "tanh", "trunc", "atan", "expm1", "log10", "log1p", "tan"),
)


def every_operation(result_lanes):
    bench = Bench(result_lanes)
    for name in INTEGERS:
        for operation in INTEGER_BINARY:
            bench.apply(f"arith.{operation}", name, name)
        for operation in ("absi", "ctlz", "cttz", "ctpop"):
            bench.apply(f"math.{operation}", name, name, 1)
        for predicate in INTEGER_PREDICATES:
            bench.apply("arith.cmpi", name, "i1", predicate=predicate)
        for floating in FLOATS:
            bench.apply("arith.sitofp", name, floating, 1)
            bench.apply("arith.uitofp", name, floating, 1)
            bench.apply("arith.fptosi", floating, name, 1)
            bench.apply("arith.fptoui", floating, name, 1)
    for narrow, broad in itertools.combinations(INTEGERS, 2):
        bench.apply("arith.extsi", narrow, broad, 1)
        bench.apply("arith.extui", narrow, broad, 1)
        bench.apply("arith.trunci", broad, narrow, 1)
    for name in FLOATS:
        for operation in FLOAT_BINARY:
            bench.apply(f"arith.{operation}", name, name)
        bench.apply("arith.negf", name, name, 1)
        for operation in FLOAT_UNARY:
            bench.apply(f"math.{operation}", name, name, 1)
        for operation in ("powf", "atan2", "copysign"):
            bench.apply(f"math.{operation}", name, name)
        bench.apply("math.fma", name, name, 3)
        for predicate in FLOAT_PREDICATES:
            bench.apply("arith.cmpf", name, "i1", predicate=predicate)
    for narrow, broad in (("bf16", "f32"), ("f16", "f32"), ("f32", "f64"), ("bf16", "f64")):
        bench.apply("arith.extf", narrow, broad, 1)
        bench.apply("arith.truncf", broad, narrow, 1)
    for integer, floating in (("i16", "bf16"), ("i32", "f32"), ("i64", "f64")):
        bench.apply("arith.bitcast", integer, floating, 1)
        bench.apply("arith.bitcast", floating, integer, 1)
    return bench


@pytest.fixture(scope="module")
def bench():
    counted = every_operation(dict.fromkeys((*INTEGERS, *FLOATS), LANES))
    return every_operation(counted.used)


@pytest.fixture(scope="module")
def executable(bench, tmp_path_factory):
    return built(bench.plan(), tmp_path_factory.mktemp("arithmetic"))


@given(seed=st.integers(0, 2**32 - 1))
@example(seed=50)  # an i16 whose bits are a signalling NaN of bf16
def test_same_bits(bench, executable, seed):
    with np.errstate(all="ignore"):
        given_bytes = input_bytes(bench, np.random.default_rng(seed))
    count = executable.plan.sequence.arguments[1].shape[0]
    native, slow = (np.zeros(count, np.int32) for _ in range(2))
    first = executable.run([given_bytes, native], SimulationOptions())
    second = interpret(executable.plan, None, [given_bytes, slow], SimulationOptions())
    assert [str(each) for each in first.findings] == [str(each) for each in second.findings]
    assert {each.kind for each in first.findings} <= {FindingKind.UNDEFINED_RESULT}
    assert first.cycles == second.cycles
    found, expected = by_label(bench, native), by_label(bench, slow)
    for label in found:
        assert found[label].tobytes() == expected[label].tobytes(), label


def test_against_numpy(bench, executable):
    """The definition is numpy's where numpy has one."""
    given_bytes = input_bytes(bench, np.random.default_rng(7))
    count = executable.plan.sequence.arguments[1].shape[0]
    results = np.zeros(count, np.int32)
    executable.run([given_bytes, results], SimulationOptions())
    a, b = read_pair(bench, given_bytes, "i32")
    x, y = read_pair(bench, given_bytes, "bf16")
    with np.errstate(all="ignore"):
        expected = {
            "arith.addi_i32_i32": a + b,
            "arith.muli_i32_i32": a * b,
            "arith.xori_i32_i32": a ^ b,
            "arith.maxsi_i32_i32": np.maximum(a, b),
            "arith.extsi_i32_i64": a.astype(np.int64),
            "arith.mulf_bf16_bf16": (x.astype(np.float32) * y.astype(np.float32)).astype(x.dtype),
        }
    found = by_label(bench, results)
    for name, value in expected.items():
        np.testing.assert_array_equal(found[name], value, err_msg=name)


def test_bfloat16_is_the_one_numpy_rounds_to():
    from ironbird.simulator.interpreter.arithmetic import bfloat16_bits

    values = np.array([1.0, 1.00390625, -1.01171875, 3.4e38, 1e-40, np.inf], np.float32)
    expected = values.astype(ml_dtypes.bfloat16).view(np.uint16)
    assert [bfloat16_bits(value) for value in values] == expected.tolist()
