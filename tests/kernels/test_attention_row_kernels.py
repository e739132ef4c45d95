"""A decoder's attention: each call against its reference, and together against softmax(q K') V."""

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aie_kernels import attention_row_contracts as contracts
from aie_kernels.blocks import blocked
from aie_kernels.row_contracts import softmax_reference
from ironbird.base.tolerance import judge
from tests.kernels.library import as_bfloat16, call

seeds = st.integers(0, 2**32 - 1)
NUMERICS = ("silicon", "fast")


def drawn(seed, *shape, scale=1.0):
    return as_bfloat16(np.random.default_rng(seed).standard_normal(shape) * scale)


def check(contract, given_values, numerics="silicon"):
    """Call the kernel; every result agrees with the reference. Returns the results."""
    written = call(contract, given_values, numerics)
    for name, expected in contract.reference(**given_values).items():
        verdict = judge(written[name], expected, contract.tolerance)
        assert verdict, f"{name}: {verdict}"
    return written


def attend(query, rows, first, end, numerics="silicon"):
    """What the third core does for a query [64] and keys and values [whole pieces, 128]."""
    offset = {"offset": 128}
    queries = np.zeros(256, ml_dtypes.bfloat16)
    queries[128:192] = query
    state = check(contracts.ATTENTION_ROW_BEGIN_BF16, {"rows": queries, **offset}, numerics)
    bounds = contracts.bounds_of(*np.array([[5, 5, first, 5], [9, 9, end, 9]]), 64).reshape(-1)
    for number in range(len(rows) // 32):
        piece = blocked(rows[32 * number : 32 * number + 32], 4, 8).reshape(-1)
        given_values = {**state, "piece": piece, "bounds": bounds, "number": number, **offset}
        state |= check(contracts.ATTENTION_ROW_FOLD_BF16_F32, given_values, numerics)
    state.pop("queries"), state.pop("reference")
    return check(contracts.ATTENTION_ROW_FINISH_F32_BF16, state, numerics)["result"]


@pytest.mark.parametrize("numerics", NUMERICS)
@given(seed=seeds, bounds=st.tuples(st.integers(0, 95), st.integers(1, 96)), growth=st.floats(1, 8))
def test_a_query_over_three_pieces(numerics, seed, bounds, growth):
    """Scores grow from piece to piece, so the reference moves; beyond the bounds is noise."""
    first, end = min(bounds[0], bounds[1] - 1), bounds[1]
    query, rows = drawn(seed, 64), drawn(seed + 1, 96, 128)
    rows[64:, :64] = as_bfloat16(rows[64:, :64].astype(np.float32) * growth)
    seen = rows[first:end].astype(np.float64)
    weights = softmax_reference((seen[:, :64] @ query.astype(np.float64) / 8)[None])
    result = attend(query, rows, first, end, numerics).astype(np.float64)
    expected = (weights @ seen[:, 64:])[0]
    assert np.linalg.norm(result - expected) <= 8e-3 * np.linalg.norm(seen[:, 64:]) / np.sqrt(
        end - first
    )


def test_every_bound_of_a_piece():
    """Values are the numbers of their keys and every score is 0: the mean tells who was seen."""
    rows = np.zeros((32, 128), ml_dtypes.bfloat16)
    rows[:, 64:] = np.arange(32)[:, None]
    query = np.zeros(64, ml_dtypes.bfloat16)
    for first in range(32):
        for end in range(first + 1, 33):
            mean = (first + end - 1) / 2
            assert (
                np.abs(attend(query, rows, first, end).astype(float) - mean) <= mean / 128
            ).all()


def test_append_hands_on_key_and_value():
    rows = drawn(5, 4 * 192)
    for offset in range(0, rows.size, 64):
        check(contracts.ATTENTION_ROW_APPEND_BF16, {"rows": rows, "offset": offset})
