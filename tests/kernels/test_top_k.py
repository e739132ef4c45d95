"""Choosing among logits: ranks are float32's own order, and ties go to the lowest id."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from aie_kernels.top_k_contracts import (
    NO_ID,
    RANK_OF_FORBIDDEN,
    RANK_OF_NAN,
    forbidden_words,
    logits_of,
    rank_f32_i32,
    ranks_of,
    top_k_i32,
    top_k_merge_i32,
)
from tests.kernels.library import call

IDS = 64
COUNT = 5
any_float = st.floats(width=32, allow_nan=False)
some_ids = hnp.arrays(np.bool_, (IDS,))
few_ranks = hnp.arrays(
    np.int32, (IDS,), elements=st.sampled_from((RANK_OF_FORBIDDEN, -7, 0, 1, RANK_OF_NAN))
)


def lists(ids: st.SearchStrategy[int]) -> st.SearchStrategy[np.ndarray]:
    """What top_k may answer for the given ids: ranks falling, ids rising where ranks are equal."""

    def as_list(entries: list[tuple[int, int]]) -> np.ndarray:
        entries = sorted(entries, key=lambda entry: (-entry[0], entry[1]))[:COUNT]
        entries += [(RANK_OF_FORBIDDEN, NO_ID)] * (COUNT - len(entries))
        return np.array(entries, np.int32).T.reshape(-1)

    entries = st.tuples(st.integers(-2, 2), ids)
    return st.lists(entries, max_size=COUNT, unique_by=lambda entry: entry[1]).map(as_list)


@given(x=any_float, y=any_float)
def test_ranks_are_in_the_order_of_the_numbers(x, y):
    first, second = ranks_of(np.array([x, y], np.float32))
    assert (first < second, first == second) == (x < y, x == y)
    assert (logits_of(np.array([first, second])) == np.array([x, y], np.float32)).all()


@given(bits=hnp.arrays(np.int32, (IDS,)), forbidden=some_ids, first_word=st.sampled_from((0, 3)))
def test_rank_of_every_bit_pattern(bits, forbidden, first_word):
    contract = rank_f32_i32(IDS, 5)
    words = np.full(5, -1, np.int32)
    words[first_word:][:2] = forbidden_words(forbidden)
    logits = bits.view(np.float32)
    ranks = call(contract, {"logits": logits, "forbidden": words, "first_word": first_word})
    expected = np.where(forbidden, RANK_OF_FORBIDDEN, ranks_of(logits))
    np.testing.assert_array_equal(ranks["ranks"], expected)


def test_a_nan_of_either_sign_ranks_above_infinity_unless_forbidden():
    logits = np.full(32, np.inf, np.float32)
    logits[[3, 9, 20]] = np.array([0x7FC00000, 0xFF800001, 0x7F800001], np.uint32).view(np.float32)
    forbidden = np.zeros(32, bool)
    forbidden[20] = True
    words = np.pad(forbidden_words(forbidden), (0, 1))
    ranks = call(rank_f32_i32(32, 2), {"logits": logits, "forbidden": words, "first_word": 0})
    assert np.flatnonzero(ranks["ranks"] == RANK_OF_NAN).tolist() == [3, 9]
    assert ranks["ranks"][20] == RANK_OF_FORBIDDEN
    assert np.isnan(logits_of(ranks["ranks"][[3]]))


@given(values=st.data(), first_id=st.integers(0, 60_000))
@pytest.mark.parametrize("ranks", [few_ranks, hnp.arrays(np.int32, (IDS,))], ids=["few", "any"])
def test_top_k_is_the_head_of_a_stable_sort(values, ranks, first_id):
    x = values.draw(ranks)
    taken = call(top_k_i32(IDS, COUNT), {"ranks": x, "first_id": first_id})
    order = sorted(range(IDS), key=lambda place: (-int(x[place]), place))[:COUNT]
    ids = [NO_ID if x[place] == RANK_OF_FORBIDDEN else first_id + place for place in order]
    assert taken["best"].tolist() == [*x[order].tolist(), *ids]
    left = x.copy()
    left[order] = RANK_OF_FORBIDDEN
    np.testing.assert_array_equal(taken["ranks"], left)


@given(theirs=lists(st.integers(0, 9)), ours=lists(st.integers(10, 19)), swapped=st.booleans())
def test_merging_two_lists_is_choosing_from_both(theirs, ours, swapped):
    contract = top_k_merge_i32(COUNT)
    given_lists = {"theirs": theirs, "ours": ours}
    if swapped:
        given_lists = {"theirs": ours, "ours": theirs}
    entries = [*zip(*np.split(theirs, 2), strict=True), *zip(*np.split(ours, 2), strict=True)]
    entries = sorted(entries, key=lambda entry: (-int(entry[0]), entry[1]))[:COUNT]
    expected = np.array(entries).T.reshape(-1)
    np.testing.assert_array_equal(call(contract, given_lists)["best"], expected)
