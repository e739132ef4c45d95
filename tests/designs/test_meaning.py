"""What must hold of results whatever the reference says, and what cases refuse."""

import re
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from designs import attention, matmul, passthrough, reduce_max, softmax, transpose, vector_add
from ironbird.base.errors import UsageError
from ironbird.base.tolerance import judge
from ironbird.session.compile import compile
from ironbird.session.run import run


def run_case(design: Any, case: Any, **inputs: Any) -> dict[str, Any]:
    arguments = design.pack(case, inputs)
    run(compile(design.design(case)), *arguments).raise_for_findings()
    return dict(design.unpack(case, arguments))


def case_of(design: Any, name: str) -> Any:
    return next(case for case in design.CASES if case.name == name)


def test_products_of_small_bf16_integers_are_exact() -> None:
    case = case_of(matmul, "ragged_bf16")
    rng = np.random.default_rng(5)
    a = rng.integers(-8, 9, (case.rows, case.depth))
    b = rng.integers(-8, 9, (case.depth, case.columns))
    c = run_case(matmul, case, a=a.astype(ml_dtypes.bfloat16), b=b.astype(ml_dtypes.bfloat16))["c"]
    np.testing.assert_array_equal(c, (a @ b).astype(np.float32))


def test_softmax_does_not_change_when_rows_are_shifted() -> None:
    case = case_of(softmax, "8x64")
    x = np.random.default_rng(6).integers(-20, 20, (case.rows, case.columns))
    shifts = np.arange(case.rows)[:, None] * 7
    results = [
        run_case(softmax, case, x=rows.astype(ml_dtypes.bfloat16))["y"] for rows in (x, x + shifts)
    ]
    np.testing.assert_array_equal(results[0].view(np.uint16), results[1].view(np.uint16))


def test_softmax_of_permuted_columns_is_permuted() -> None:
    case = case_of(softmax, "ragged")
    rng = np.random.default_rng(7)
    inputs = case.inputs(rng)
    order = rng.permutation(case.columns)
    straight = run_case(softmax, case, **inputs)["y"]
    permuted = run_case(softmax, case, x=np.ascontiguousarray(inputs["x"][:, order]))["y"]
    np.testing.assert_allclose(
        permuted.astype(np.float32), straight[:, order].astype(np.float32), rtol=2**-7
    )


def test_attention_over_equal_values_returns_them() -> None:
    """Whatever the weights, their mean of one number is that number."""
    case = case_of(attention, "ragged")
    inputs = case.inputs(np.random.default_rng(8))
    inputs["v"] = np.full(inputs["v"].shape, 1.5, ml_dtypes.bfloat16)
    result = run_case(attention, case, **inputs)["out"].astype(np.float32)
    np.testing.assert_allclose(result, 1.5, rtol=2**-8)


def test_the_comparison_of_attention_can_fail() -> None:
    """Faults that a real run could have: heads swapped, a key left out, a value row wrong."""
    case = case_of(attention, "ragged")
    inputs = case.inputs(np.random.default_rng(10))
    result = run_case(attention, case, **inputs)["out"]
    assert judge(result, attention.reference(case, **inputs)["out"], case.tolerance)
    swapped = {**inputs, "v": inputs["v"][::-1]}
    shorter = {**inputs, "k": inputs["k"][:, :-1], "v": inputs["v"][:, :-1]}
    wrong = {**inputs, "v": inputs["v"].copy()}
    wrong["v"][0, 5] = 3
    for fault in (swapped, shorter, wrong):
        assert not judge(result, attention.reference(case, **fault)["out"], case.tolerance)


def test_a_causal_query_does_not_see_later_keys() -> None:
    case = case_of(attention, "causal")
    inputs = case.inputs(np.random.default_rng(9))
    before = run_case(attention, case, **inputs)["out"]
    changed = {name: array.copy() for name, array in inputs.items()}
    changed["k"][:, 50:] = 3
    changed["v"][:, 50:] = -3
    after = run_case(attention, case, **changed)["out"]
    np.testing.assert_array_equal(
        before[:, :32].astype(np.float32), after[:, :32].astype(np.float32)
    )
    assert (before[:, 60:].astype(np.float32) != after[:, 60:].astype(np.float32)).any()


def test_the_largest_element_may_stand_anywhere() -> None:
    case = case_of(reduce_max, "ragged")
    for place in (0, 63, 64, 500, 1000):
        x = np.full(case.element_count, -7, np.int32)
        x[place] = -6
        assert run_case(reduce_max, case, x=x)["y"] == [-6]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: transpose.Case(name="x", rows=8, columns=8, dtype=np.int16),
            "elements of 2 bytes cannot be transposed by DMA: it moves words of 4",
        ),
        (
            lambda: transpose.Case(name="x", rows=1024, columns=8),
            "1024 rows; a descriptor repeats at most 1023 times",
        ),
        (
            lambda: passthrough.Case(name="x", element_count=100, line_elements=64),
            "100 elements are not whole lines of 64, or a line is not whole vectors of 16",
        ),
        (
            lambda: vector_add.Case(name="x", element_count=100, line_elements=64),
            "100 elements are not whole lines of 64",
        ),
        (
            lambda: softmax.Case(name="x", rows=2, columns=5000),
            "softmax of 2x5000; a row has 1 to 4096 elements",
        ),
        (
            lambda: matmul.Case(name="x", rows=8, depth=0, columns=8),
            "a product of 8x0x8 is empty",
        ),
        (
            lambda: matmul.Case(name="x", rows=8, depth=8, columns=8, array=2),
            "2 cores a side; there is a form for 1 and one for 4",
        ),
        (
            lambda: matmul.Case(name="x", rows=8, depth=8, columns=8, type_in="i16"),
            "no matrix product from i16 to f32; there are i8->i32, i8->i8, i16->i32, bf16->f32, "
            "bf16->bf16",
        ),
        (
            lambda: matmul.Case(name="x", rows=8, depth=8, columns=8, m=128, n=128),
            "tiles of 128x64x128 take 134400 bytes of a core, which has 65536",
        ),
        (
            lambda: attention.Case(name="x", heads=0, queries=3, keys=3),
            "attention of 0 heads, 3 queries, 3 keys is empty",
        ),
    ],
)
def test_cases_refuse_what_the_design_cannot_do(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(message)}$"):
        make()


def test_attention_of_a_users_own_tensors() -> None:
    def zeros(*shape: int) -> Any:
        return np.zeros(shape, ml_dtypes.bfloat16)

    case = attention.case_for_inputs(
        {"q": zeros(2, 30, 64), "k": zeros(2, 50, 64), "v": zeros(2, 50, 64)}
    )
    assert (case.heads, case.queries, case.keys, case.masked) == (2, 30, 50, False)
    with pytest.raises(UsageError) as refused:
        attention.case_for_inputs({"q": zeros(2, 30, 64)})
    assert str(refused.value) == (
        "attention needs the inputs q, k and v; k, v missing\n"
        "  try: np.savez(path, q=..., k=..., v=...), each [heads, positions, 64]"
    )
    with pytest.raises(UsageError) as refused:
        attention.case_for_inputs({name: zeros(2, 30, 32) for name in "qkv"})
    assert str(refused.value) == (
        "input 'q' has the shape [2, 30, 32]\n  because: it is [heads, positions, 64]"
    )


def test_matmul_of_a_users_own_matrices() -> None:
    case = matmul.case_for_inputs({"a": np.zeros((3, 5), np.int8), "b": np.zeros((5, 7), np.int8)})
    assert (case.rows, case.depth, case.columns, case.type_out) == (3, 5, 7, "i32")
    with pytest.raises(UsageError) as refused:
        matmul.case_for_inputs({"a": np.zeros((3, 5))})
    assert str(refused.value) == (
        "matmul needs the inputs a and b; b missing\n"
        "  try: np.savez(path, a=..., b=...), a [rows, depth] and b [depth, columns]"
    )
    with pytest.raises(UsageError) as refused:
        matmul.case_for_inputs({"a": np.zeros((3, 5)), "b": np.zeros((4, 7))})
    assert str(refused.value) == (
        "a [3, 5] and b [4, 7] have no product\n"
        "  because: a is [rows, depth] and b is [depth, columns]"
    )


def test_a_requantised_product_scales_each_column_once() -> None:
    """The sum of the whole depth, to nearest even; what does not fit int8 saturates."""
    case = case_of(matmul, "narrow_i8")
    inputs = case.inputs(np.random.default_rng(11))
    inputs["multipliers"] = np.arange(1, case.columns + 1).astype(np.int16)
    sums = inputs["a"].astype(np.int64) @ inputs["b"].astype(np.int64)
    exact = np.round(sums * inputs["multipliers"].astype(np.int64) / 2**20)
    np.testing.assert_array_equal(run_case(matmul, case, **inputs)["c"], np.clip(exact, -128, 127))


@pytest.mark.parametrize(
    ("scales", "message"),
    [
        (
            {"multipliers": 0},
            "multipliers[3] is 0\n"
            "  because: the scale of a column is positive: a multiplier of 1 to 32767 over 2^shift",
        ),
        (
            {"multipliers": -5},
            "multipliers[3] is -5\n"
            "  because: the scale of a column is positive: a multiplier of 1 to 32767 over 2^shift",
        ),
        ({"shift": 32}, "shift is 32\n  because: sums are shifted by 0 to 31 bits"),
        ({"shift": -1}, "shift is -1\n  because: sums are shifted by 0 to 31 bits"),
    ],
)
def test_scales_that_are_no_scales_are_refused(scales: dict[str, int], message: str) -> None:
    case = case_of(matmul, "narrow_i8")
    inputs = case.inputs(np.random.default_rng(12))
    for name, number in scales.items():
        inputs[name][3 if name == "multipliers" else 0] = number
    with pytest.raises(UsageError) as refused:
        matmul.pack(case, inputs)
    assert str(refused.value) == message


def test_attention_deals_passes_out_evenly() -> None:
    case = case_of(attention, "whisper_base")
    shares = [case.passes_of_column(column) for column in range(case.column_count)]
    assert [len(share) for share in shares] == [12, 12, 12, 12]
    assert [(each.head, each.number) for each in shares[1]][5:7] == [(2, 5), (3, 0)]
    assert (case.key_pieces, case.valid_keys_in_last_piece) == (47, 28)
