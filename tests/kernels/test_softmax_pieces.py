"""Softmax in pieces: each call against its reference, and pieces against the whole row."""

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aie_kernels import softmax_contracts as contracts
from aie_kernels.row_contracts import softmax_reference
from ironbird.base.tolerance import judge
from tests.kernels.distributions import DISTRIBUTIONS, drawn, why_below_the_bar
from tests.kernels.library import call

seeds = st.integers(0, 2**32 - 1)


def begun():
    return call(contracts.SOFTMAX_BEGIN_F32, {})["state"]


def folded(pieces, state=None):
    state = begun() if state is None else state
    for piece in pieces:
        contract = contracts.softmax_fold_bf16_f32(piece.size)
        state = call(contract, {"x": piece, "state": state})["state"]
    return state


def merged(other, state):
    return call(contracts.SOFTMAX_MERGE_F32, {"other": other, "state": state})["state"]


def shares(pieces, state):
    return np.concatenate(
        [
            call(contracts.softmax_shares_bf16(piece.size), {"x": piece, "state": state})["y"]
            for piece in pieces
        ]
    )


def cut(x, places):
    """`x` in pieces of whole vectors of 32."""
    return np.split(x, sorted({32 * place for place in places}))


@pytest.mark.parametrize("name", DISTRIBUTIONS)
@given(seed=seeds, places=st.sets(st.integers(1, 46), max_size=5))
def test_shares_of_pieces_are_those_of_the_whole_row(name, seed, places):
    x = drawn(name, seed, 1504)
    pieces = cut(x, places)
    assert why_below_the_bar(shares(pieces, folded(pieces)), softmax_reference(x)) is None


@pytest.mark.parametrize("name", DISTRIBUTIONS)
@given(seed=seeds, places=st.sets(st.integers(1, 46), min_size=3, max_size=3))
def test_four_cores_that_split_a_row_know_it_together(name, seed, places):
    """Each folds its own piece; what they know is merged two by two."""
    x = drawn(name, seed, 1504)
    pieces = cut(x, places)
    known = [folded([piece]) for piece in pieces]
    whole = merged(merged(known[0], known[1]), merged(known[2], known[3]))
    assert why_below_the_bar(shares(pieces, whole), softmax_reference(x)) is None


@given(seed=seeds, shift=st.sampled_from((-200.0, -30.0, -1.0, 0.0, 1.0, 30.0, 200.0)))
def test_fold_and_merge_agree_with_their_references(seed, shift):
    first, second = (drawn("normal", seed + i, 512).astype(np.float32) for i in range(2))
    pieces = [first.astype(ml_dtypes.bfloat16), (second + shift).astype(ml_dtypes.bfloat16)]
    state = begun()
    for piece in pieces:
        contract = contracts.SOFTMAX_FOLD_BF16_F32
        expected = contract.reference(x=piece, state=state)["state"]
        state = call(contract, {"x": piece, "state": state})["state"]
        verdict = judge(state, expected, contract.tolerance)
        assert verdict, str(verdict)
    contract = contracts.SOFTMAX_MERGE_F32
    one, two = (folded([piece]) for piece in pieces)
    verdict = judge(merged(one, two), contract.reference(one, two)["state"], contract.tolerance)
    assert verdict, str(verdict)


def test_nothing_merged_with_a_row_changes_nothing():
    state = folded([drawn("normal", 5, 512)])
    for one, two in ((begun(), state), (state, begun())):
        verdict = judge(merged(one, two), state, contracts.STATE_TOLERANCE)
        assert verdict, str(verdict)


def test_a_piece_that_is_hidden_whole_gets_nothing():
    hidden = np.full(64, -np.inf, ml_dtypes.bfloat16)
    seen = drawn("normal", 6, 64)
    result = shares([hidden, seen], folded([hidden, seen]))
    assert not result[:64].astype(np.float32).any()
    assert why_below_the_bar(result[64:], softmax_reference(seen)) is None


@pytest.mark.parametrize("spoilt", [np.nan, np.inf])
def test_a_spoilt_piece_spoils_the_row(spoilt):
    pieces = [drawn("normal", 7 + i, 64) for i in range(2)]
    pieces[0][9] = spoilt
    assert np.isnan(shares(pieces, folded(pieces)).astype(np.float32)).all()
