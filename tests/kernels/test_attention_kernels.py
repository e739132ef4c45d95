"""The calls of attention: each against its reference, and together against softmax(Q K') V."""

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aie_kernels import attention_contracts as contracts
from aie_kernels.blocks import blocked
from aie_kernels.row_contracts import softmax_reference
from ironbird.base.tolerance import Tolerance, judge
from tests.kernels.library import as_bfloat16, call

seeds = st.integers(0, 2**32 - 1)
NUMERICS = ("silicon", "fast")


def drawn(seed, *shape, scale=1.0):
    return as_bfloat16(np.random.default_rng(seed).standard_normal(shape) * scale)


def piece_of(rows):
    return blocked(rows, 4, 8).reshape(-1)


def empty_state():
    return {
        "queries": np.zeros(4096, ml_dtypes.bfloat16),
        "reference": np.zeros(256, np.float32),
        "sums": np.zeros(256, np.float32),
        "accumulated": np.zeros(4096, np.float32),
    }


def begun(queries):
    state = empty_state()
    for half in range(2):
        piece = piece_of(queries[32 * half : 32 * half + 32])
        state = call(contracts.ATTENTION_BEGIN_BF16, {"piece": piece, **state, "half": half})
    return state


def attend(queries, keys, values, mask=None, numerics="silicon"):
    """What a core does for 64 queries, piece by piece. Keys are whole pieces but for the last."""
    state = begun(queries)
    key_count = len(keys)
    for first in range(0, key_count, 32):
        valid = min(32, key_count - first)
        rows = np.zeros((2, 32, 64), ml_dtypes.bfloat16)
        rows[0, :valid], rows[1, :valid] = keys[first : first + 32], values[first : first + 32]
        weights = {"keys": piece_of(rows[0]), "valid_keys": valid}
        contract = contracts.ATTENTION_WEIGHTS_BF16
        if mask is not None:
            numbers = np.zeros((64, 32), ml_dtypes.bfloat16)
            numbers[:, :valid] = mask[:, first : first + 32]
            weights["mask"] = contracts.mask_of(numbers)
            contract = contracts.ATTENTION_WEIGHTS_MASKED_BF16
        state |= call(contract, {**state, **weights}, numerics)
        state |= call(
            contracts.ATTENTION_ACCUMULATE_BF16_F32,
            {**state, "values": piece_of(rows[1])},
            numerics,
        )
    halves = [
        contracts.rows_of_piece(
            call(contracts.ATTENTION_FINISH_F32_BF16, {**state, "half": half}, numerics)["piece"]
        )
        for half in range(2)
    ]
    return np.concatenate(halves)


def expected_attention(queries, keys, values, mask=None):
    scores = queries.astype(np.float64) @ keys.astype(np.float64).T / 8
    if mask is not None:
        scores += mask.astype(np.float64)
    return softmax_reference(scores) @ values.astype(np.float64)


@given(seed=seeds)
def test_begin_transposes_scales_and_forgets(seed):
    queries = drawn(seed, 64, 64)
    state = empty_state()
    for half in range(2):
        given_values = {
            "piece": piece_of(queries[32 * half : 32 * half + 32]),
            **state,
            "half": half,
        }
        expected = contracts.ATTENTION_BEGIN_BF16.reference(**given_values)
        state = call(contracts.ATTENTION_BEGIN_BF16, given_values)
        for name, array in state.items():
            assert judge(array, expected[name], contracts.ATTENTION_BEGIN_BF16.tolerance), name
    np.testing.assert_array_equal(
        contracts.rows_of_queries(state["queries"]).astype(np.float32),
        queries.astype(np.float32) / 8,
    )


@pytest.mark.parametrize("numerics", NUMERICS)
@pytest.mark.parametrize("masked", [False, True], ids=("plain", "masked"))
@given(seed=seeds, valid_keys=st.integers(-3, 35), scale=st.sampled_from((0.1, 1.0, 3.0)))
def test_weights_of_one_piece(numerics, masked, seed, valid_keys, scale):
    state = begun(drawn(seed, 64, 64, scale=scale))
    given_values = {**state, "keys": piece_of(drawn(seed + 1, 32, 64)), "valid_keys": valid_keys}
    contract = contracts.ATTENTION_WEIGHTS_BF16
    if masked:
        contract = contracts.ATTENTION_WEIGHTS_MASKED_BF16
        given_values["mask"] = contracts.mask_of(drawn(seed + 2, 64, 32, scale=4))
    check_weights(contract, given_values, call(contract, given_values, numerics))


def check_weights(contract, given_values, written):
    """The reference is a legal choice, and all else is right for that choice."""
    scores = contracts.scores_of_piece(
        *(given_values[name] for name in ("keys", "queries", "valid_keys")),
        given_values.get("mask"),
    )
    old, new = (
        values["reference"].reshape(16, 4, 4).astype(np.float64)
        for values in (given_values, written)
    )
    top = np.repeat(scores.max(axis=1).reshape(16, 1, 4), 4, axis=1)
    assert (top - new <= contracts.ALLOWED_EXCESS * 1.01).all()
    assert ((new == old) | np.isclose(new, np.maximum(old, top), rtol=1e-5, atol=1e-4)).all()
    for name, expected in contract.reference(**given_values, settled=written["reference"]).items():
        verdict = judge(written[name], expected, contract.tolerance)
        assert verdict, f"{name}: {verdict}"


@given(seed=seeds)
def test_weights_move_the_reference_with_all_that_depends_on_it(seed):
    """A second piece whose scores are far larger: sums and values so far must shrink."""
    state = begun(drawn(seed, 64, 64, scale=3))
    contract = contracts.ATTENTION_WEIGHTS_BF16
    for scale in (1.0, 8.0):
        given_values = {
            **state,
            "keys": piece_of(drawn(seed + 1, 32, 64, scale=scale)),
            "valid_keys": 32,
        }
        written = call(contract, given_values)
        check_weights(contract, given_values, written)
        state |= written
        state["accumulated"] = np.random.default_rng(seed).standard_normal(4096).astype(np.float32)


@pytest.mark.parametrize("numerics", NUMERICS)
@given(seed=seeds)
def test_accumulate(numerics, seed):
    rng = np.random.default_rng(seed)
    contract = contracts.ATTENTION_ACCUMULATE_BF16_F32
    given_values = {
        "values": piece_of(drawn(seed, 32, 64)),
        "weights": as_bfloat16(rng.random(2048)),
        "accumulated": rng.standard_normal(4096).astype(np.float32),
    }
    written = call(contract, given_values, numerics)["accumulated"]
    verdict = judge(written, contract.reference(**given_values)["accumulated"], contract.tolerance)
    assert verdict, str(verdict)


@pytest.mark.parametrize("half", [0, 1])
@given(seed=seeds)
def test_finish_divides(half, seed):
    rng = np.random.default_rng(seed)
    contract = contracts.ATTENTION_FINISH_F32_BF16
    given_values = {
        "accumulated": rng.standard_normal(4096).astype(np.float32),
        "sums": (rng.random(256) * 100 + 0.1).astype(np.float32),
        "half": half,
    }
    written = call(contract, given_values)["piece"]
    verdict = judge(
        written, contract.reference(**given_values, piece=None)["piece"], contract.tolerance
    )
    assert verdict, str(verdict)


ATTENTION_TOLERANCE = Tolerance(
    absolute=0.04,
    relative_l2=5e-3,
    evidence="a weight is off by 2^-8 at most, which moves the mean of values by at most that of "
    "how far a value is from it, here below 5; the result is rounded by 2^-8",
)


@pytest.mark.parametrize("numerics", NUMERICS)
@given(seed=seeds, key_count=st.integers(1, 160), scale=st.sampled_from((0.2, 1.0, 2.5)))
def test_the_calls_together_are_attention(numerics, seed, key_count, scale):
    queries, keys, values = (
        drawn(seed + i, count, 64, scale=s)
        for i, (count, s) in enumerate(((64, scale), (key_count, scale), (key_count, 1)))
    )
    result = attend(queries, keys, values, numerics=numerics)
    verdict = judge(result, expected_attention(queries, keys, values), ATTENTION_TOLERANCE)
    assert verdict, str(verdict)


@given(seed=seeds, shift=st.sampled_from((-1000.0, -8.0, 0.5, 64.0, 1000.0)))
def test_a_number_added_to_every_score_changes_nothing(seed, shift):
    """Scores of integers: none is rounded, so neither is their distance from the reference."""
    rng = np.random.default_rng(seed)
    queries, keys = (as_bfloat16(rng.integers(-4, 5, (64, 64))) for _ in range(2))
    values = drawn(seed, 64, 64)
    results = [
        attend(queries, keys, values, as_bfloat16(np.full((64, 64), number)))
        for number in (0.0, shift)
    ]
    np.testing.assert_array_equal(results[0].view(np.uint16), results[1].view(np.uint16))


@given(seed=seeds)
def test_the_order_of_pieces_moves_a_result_by_little(seed):
    """Another order moves the reference at other times, and nothing else."""
    queries, keys, values = (drawn(seed + i, 96 if i else 64, 64, scale=1.5) for i in range(3))
    order = [*range(64, 96), *range(32), *range(32, 64)]
    verdict = judge(
        attend(queries, keys[order], values[order]),
        attend(queries, keys, values).astype(np.float64),
        ATTENTION_TOLERANCE,
    )
    assert verdict, str(verdict)


@given(seed=seeds)
def test_masked_keys_do_not_count(seed):
    """-inf over a set of keys gives what leaving them out gives."""
    queries, keys, values = (drawn(seed + i, 64, 64) for i in range(3))
    mask = as_bfloat16(np.zeros((64, 64)))
    mask[:, 20:50] = -np.inf
    kept = [*range(20), *range(50, 64)]
    result = attend(queries, keys, values, mask)
    verdict = judge(
        result, expected_attention(queries, keys[kept], values[kept]), ATTENTION_TOLERANCE
    )
    assert verdict, str(verdict)


def test_a_causal_mask_over_several_pieces():
    queries, keys, values = (drawn(i, 64, 64) for i in range(3))
    later = np.arange(64)[None, :] > np.arange(64)[:, None]
    mask = as_bfloat16(np.where(later, -np.inf, 0.0))
    result = attend(queries, keys, values, mask)
    verdict = judge(result, expected_attention(queries, keys, values, mask), ATTENTION_TOLERANCE)
    assert verdict, str(verdict)


def test_a_query_whose_first_piece_is_masked_whole_attends_to_the_others():
    queries, keys, values = (drawn(10 + i, 64, 64) for i in range(3))
    mask = as_bfloat16(np.zeros((64, 64)))
    mask[:, :32] = -np.inf
    result = attend(queries, keys, values, mask)
    expected = expected_attention(queries, keys[32:], values[32:])
    verdict = judge(result, expected, ATTENTION_TOLERANCE)
    assert verdict, str(verdict)


@given(number=st.integers(0, 2**31 - 1), seed=seeds)
def test_a_piece_begins_with_the_number_of_keys(number, seed):
    piece = drawn(seed, 2048)
    piece.view(np.int32)[0] = number
    length = call(contracts.ATTENTION_LENGTH_BF16_I32, {"piece": piece})["length"]
    assert length[0] == number


def test_a_query_that_a_mask_hides_every_key_from_gets_nothing():
    """The formula has no answer (0 / 0); a row of zeros spoils nothing that it is added to."""
    queries, keys, values = (drawn(20 + i, 64, 64) for i in range(3))
    mask = as_bfloat16(np.zeros((64, 64)))
    mask[7] = -np.inf
    result = attend(queries, keys, values, mask)
    assert not result[7].astype(np.float32).any()
    others = np.arange(64) != 7
    verdict = judge(
        result[others], expected_attention(queries, keys, values)[others], ATTENTION_TOLERANCE
    )
    assert verdict, str(verdict)


@pytest.mark.parametrize("spoilt", [np.nan, -np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("where", ["queries", "keys", "values"])
def test_nan_and_infinity_spoil_what_the_formula_says(where, spoilt):
    """NaN where it is NaN or infinite. Also across pieces: key 5 is in the first, 40 the second."""
    tensors = {name: drawn(30 + i, 64, 64) for i, name in enumerate(("queries", "keys", "values"))}
    tensors[where][[5, 40], 9] = spoilt
    with np.errstate(invalid="ignore"):
        expected = expected_attention(**tensors)
    result = attend(**tensors).astype(np.float64)
    finite = np.isfinite(expected)
    assert not finite.all()
    np.testing.assert_array_equal(np.isnan(result), ~finite)
    np.testing.assert_allclose(result[finite], expected[finite], rtol=0.02, atol=0.02)
