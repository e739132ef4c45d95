"""Attention as Whisper needs it: the bar at 1,500 keys, lengths known at run time, bad input."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from aie_kernels.attention_contracts import LARGEST_INPUT
from designs import attention, attention_in_place, attention_to_pairs
from designs.case import BFLOAT16
from ironbird.base.errors import UsageError
from ironbird.base.tolerance import judge
from ironbird.session.compile import compile
from ironbird.session.run import RunOptions, run
from ironbird.simulator import SimulationOptions
from tests.kernels.distributions import DISTRIBUTIONS

CASES = {case.name: case for case in attention.CASES}
LONGEST = 1500
A_HEAD_EACH = attention.Case(
    name="distributions", heads=len(DISTRIBUTIONS), queries=64, keys=LONGEST
)
CLOCK_OF_AN_8700G = 1.8e9


def attended(case: attention.Case, inputs: dict[str, Any]) -> Any:
    """[heads, queries, 64] float64."""
    arguments = attention.pack(case, inputs)
    run(compile(attention.design(case)), *arguments).raise_for_findings()
    return attention.unpack(case, arguments)["out"].astype(np.float64)


def rows_of_each_distribution(rng: np.random.Generator, positions: int) -> Any:
    """[heads, positions, 64]: a head of rows of each distribution, within what attention takes."""
    rows = [
        [draw(rng, attention.WIDTH) for _ in range(positions)] for draw in DISTRIBUTIONS.values()
    ]
    return np.clip(rows, -LARGEST_INPUT, LARGEST_INPUT).astype(BFLOAT16)


@pytest.mark.parametrize("values", ["normal", "alike"])
def test_the_bar_over_1500_keys_on_every_distribution(values: str) -> None:
    rng = np.random.default_rng(11)
    inputs = {
        "q": rows_of_each_distribution(rng, A_HEAD_EACH.queries),
        "k": rows_of_each_distribution(rng, LONGEST),
        "v": rows_of_each_distribution(rng, LONGEST),
    }
    if values == "normal":
        inputs["v"] = rng.standard_normal(inputs["v"].shape).astype(BFLOAT16)
    expected = attention.reference(A_HEAD_EACH, **inputs)["out"]
    expected = np.where(np.abs(expected) < 2.0**-126, 0, expected)  # flushed (AM020 ch4)
    result = attended(A_HEAD_EACH, inputs)
    for name, actual, exact in zip(DISTRIBUTIONS, result, expected, strict=True):
        norm = np.linalg.norm(exact)
        error = np.linalg.norm(actual - exact) / (norm if norm else 1)
        assert error <= 4e-3, f"{name}: relative L2 {error:.2g}; the issue asks for 8e-3"


def test_the_weights_of_a_query_sum_to_one() -> None:
    """Values of one: the result is the sum of the weights."""
    rng = np.random.default_rng(12)
    sums = attended(
        A_HEAD_EACH,
        {
            "q": rows_of_each_distribution(rng, A_HEAD_EACH.queries),
            "k": rows_of_each_distribution(rng, LONGEST),
            "v": np.ones((A_HEAD_EACH.heads, LONGEST, attention.WIDTH), BFLOAT16),
        },
    )
    assert np.abs(sums - 1).max() <= 4e-3


def test_whisper_base_takes_at_most_12_ms() -> None:
    """Class chess, at the clock of an 8700G: the issue's modelled bar."""
    case = CASES["whisper_base"]
    arguments = attention.pack(case, case.inputs(np.random.default_rng(0)))
    options = RunOptions(simulation=SimulationOptions(compiler_class="chess"))
    result = run(compile(attention.design(case)), *arguments, options=options)
    result.raise_for_findings()
    assert result.cycles / CLOCK_OF_AN_8700G <= 12e-3


def test_one_program_serves_every_number_of_keys() -> None:
    case = CASES["growing"]
    executable = compile(attention.design(case))
    inputs = case.inputs(np.random.default_rng(13))
    for number in (1, 31, 32, 33, 64, 96):
        inputs["valid_keys"] = np.array([number], np.int32)
        arguments = attention.pack(case, inputs)
        run(executable, *arguments).raise_for_findings()
        actual = attention.unpack(case, arguments)["out"].astype(np.float64)
        expected = attention.reference(case, **inputs)["out"]
        np.testing.assert_allclose(actual, expected, rtol=2.0**-7, atol=0.02)
        beyond = {name: inputs[name].copy() for name in ("k", "v")}
        for array in beyond.values():
            array[:, number:] = 7
        arguments = attention.pack(case, inputs | beyond)
        run(executable, *arguments).raise_for_findings()
        again = attention.unpack(case, arguments)["out"].astype(np.float64)
        np.testing.assert_array_equal(again, actual)


@pytest.mark.parametrize("number", [0, -1, 97])
def test_a_number_of_keys_that_nobody_holds_is_refused(number: int) -> None:
    case = CASES["growing"]
    inputs = case.inputs(np.random.default_rng(14)) | {"valid_keys": np.array([number], np.int32)}
    message = f"valid_keys is {number}\n  because: attention growing holds 1 to 96 keys"
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        attention.pack(case, inputs)


def test_keys_and_values_lie_as_a_product_writes_them() -> None:
    """A row: every head's key, then every head's value."""
    case = attention.Case(name="layout", heads=2, queries=3, keys=70)
    inputs = case.inputs(np.random.default_rng(15))
    q, kv, _ = attention.pack(case, inputs)
    assert (q.shape, kv.shape) == ((256, 128), (128, 256))
    np.testing.assert_array_equal(q[2, 64:], inputs["q"][1, 2])
    np.testing.assert_array_equal(kv[69, 64:128], inputs["k"][1, 69])
    np.testing.assert_array_equal(kv[69, 128:192], inputs["v"][0, 69])


def test_queries_keys_and_values_of_one_tensor() -> None:
    """As one product with all weights leaves them: a transfer reads the columns that it wants."""
    case = attention.Case(name="together", heads=2, queries=70, keys=70)
    inputs = case.inputs(np.random.default_rng(17))
    qkv = np.zeros((256, 3 * 128), BFLOAT16)
    for number, array in enumerate(inputs.values()):
        for head in range(2):
            first = 128 * number + 64 * head
            qkv[:70, first : first + 64] = array[head]
    out = np.full((256, 128), np.nan, BFLOAT16)
    run(compile(attention_in_place.design(case)), qkv, qkv, out).raise_for_findings()
    result = attention.unpack(case, (out,))["out"]
    assert judge(result, attention.reference(case, **inputs)["out"], case.tolerance)


def test_keys_beside_their_values_head_by_head() -> None:
    """As one product leaves them whose columns are ordered by heads."""
    case = attention.Case(name="pairs", heads=2, queries=70, keys=100)
    inputs = case.inputs(np.random.default_rng(18))
    q, beside, out = attention.pack(case, inputs)
    pairs = np.zeros_like(beside)
    by_head = np.concatenate([inputs["k"], inputs["v"]], axis=2)
    pairs[:100] = by_head.transpose(1, 0, 2).reshape(100, 256)
    run(compile(attention_to_pairs.design(case)), q, pairs, out).raise_for_findings()
    result = attention.unpack(case, (out,))["out"]
    assert judge(result, attention.reference(case, **inputs)["out"], case.tolerance)


@pytest.mark.parametrize(
    ("place", "number", "message"),
    [
        (
            np.s_[4],
            -np.inf,
            "the mask hides every key of query 4\n"
            "  because: softmax of nothing has no meaning (1 of 96 queries)\n"
            "  try: leave a key visible, and drop the query's result",
        ),
        (
            np.s_[3, 8],
            np.nan,
            "mask[3, 8] is nan\n"
            "  because: a mask is added to scores: finite numbers, and -inf to hide a key",
        ),
        (
            np.s_[95, 0],
            np.inf,
            "mask[95, 0] is inf\n"
            "  because: a mask is added to scores: finite numbers, and -inf to hide a key",
        ),
    ],
)
def test_masks_that_cannot_be_are_refused(place: Any, number: float, message: str) -> None:
    case = CASES["causal"]
    inputs = case.inputs(np.random.default_rng(16))
    inputs["mask"][place] = number
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        attention.pack(case, inputs)


def own(**shapes: tuple[int, ...]) -> dict[str, Any]:
    """A user's tensors: q, k and v of two heads, 30 queries and 50 keys, but for what is given."""
    usual = {"q": (2, 30, 64), "k": (2, 50, 64), "v": (2, 50, 64)}
    return {name: np.zeros(shape, BFLOAT16) for name, shape in (usual | shapes).items()}


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        (
            own(q=(2, 30, 80)),
            "input 'q' has the shape [2, 30, 80]\n  because: it is [heads, positions, 64]",
        ),
        (
            own(k=(3, 50, 64)),
            "input 'k' has the shape [3, 50, 64]\n"
            "  because: that of 2 heads and 50 keys is [2, 50, 64]",
        ),
        (
            own(v=(2, 49, 64)),
            "input 'v' has the shape [2, 49, 64]\n"
            "  because: that of 2 heads and 50 keys is [2, 50, 64]",
        ),
        (
            own(mask=(50, 30)),
            "input 'mask' has the shape [50, 30]\n"
            "  because: that of 30 queries, 50 keys is [30, 50]",
        ),
        (
            own(k=(2, 2049, 64), v=(2, 2049, 64)),
            "input 'k' has 2049 positions\n"
            "  because: attention is over 2048 keys at most; Whisper's longest is 1500",
        ),
    ],
)
def test_tensors_that_do_not_fit_are_refused(inputs: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        attention.case_for_inputs(inputs)


@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_what_cannot_be_judged_is_not_taken_from_the_command_line(number: float) -> None:
    """Programs take it: tests/kernels/test_attention_kernels.py says what it gives."""
    inputs = own()
    inputs["v"][1, 7, 3] = number
    message = (
        f"input 'v' holds {number:g} at [1, 7, 3]\n"
        "  because: attention then gives NaN, as its formula does, and nothing can be judged"
    )
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        attention.case_for_inputs(inputs)


def test_more_keys_than_a_descriptor_counts_are_refused() -> None:
    message = r"^attention over 2049 keys; there are at most 2048$"
    with pytest.raises(ValueError, match=message):
        replace(CASES["one_piece"], keys=2049)
