"""Choosing among logits on the whole array: ties, what is forbidden, NaN, and what is refused."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from designs import top_k
from ironbird.ir import print_module
from ironbird.session.compile import compile
from ironbird.session.run import run

CASE = next(case for case in top_k.CASES if case.name == "top_5")
NOTHING_FORBIDDEN = np.zeros((CASE.rows, CASE.vocabulary), bool)


@cache
def executable() -> Any:
    return compile(top_k.design(CASE))


def chosen(logits: np.ndarray, forbidden: np.ndarray = NOTHING_FORBIDDEN) -> dict[str, Any]:
    arguments = top_k.pack(CASE, {"logits": logits, "forbidden": forbidden})
    run(executable(), *arguments).raise_for_findings()
    return top_k.unpack(CASE, arguments)


@given(
    seed=st.integers(0, 2**32 - 1),
    different=st.sampled_from((1, 2, 40, 2**31)),
    allowed=st.sampled_from((0.0, 0.001, 0.5, 1.0)),
)
def test_it_is_the_head_of_a_stable_sort(seed: int, different: int, allowed: float) -> None:
    """Few different logits make ties within cores and between them."""
    rng = np.random.default_rng(seed)
    shape = NOTHING_FORBIDDEN.shape
    logits = rng.integers(-different, different, shape).astype(np.float32)
    forbidden = rng.random(shape) >= allowed
    result = chosen(logits, forbidden)
    for row in range(CASE.rows):
        order = np.argsort(-logits[row], kind="stable")
        ids = order[~forbidden[row][order]][: CASE.count]
        short = CASE.count - ids.size
        assert result["ids"][row].tolist() == [*ids, *[-1] * short]
        assert result["chosen"][row].tolist() == [*logits[row][ids], *[-np.inf] * short]


def test_nan_is_chosen_first_and_infinity_next() -> None:
    logits = np.zeros(NOTHING_FORBIDDEN.shape, np.float32)
    logits[:, 1999] = np.nan
    logits[:, 700] = -np.nan
    logits[:, 300] = np.inf
    logits[:, 5] = -np.inf
    result = chosen(logits)
    assert result["ids"].tolist() == [[700, 1999, 300, 0, 1]] * CASE.rows
    np.testing.assert_array_equal(result["chosen"][0], [np.nan, np.nan, np.inf, 0, 0])


def test_one_program_serves_every_vocabulary_of_whisper() -> None:
    texts = {
        print_module(
            top_k.design(top_k.Case(name="x", rows=5, vocabulary=size, count=6)).resolve_program()
        )
        for size in (51_864, 51_865, 51_866)
    }
    assert len(texts) == 1


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: replace(CASE, rows=17),
            "17 rows of 2000 logits; there are 1 to 16 rows of 1 to 64000",
        ),
        (
            lambda: replace(CASE, vocabulary=64_001),
            "3 rows of 64001 logits; there are 1 to 16 rows of 1 to 64000",
        ),
        (
            lambda: replace(CASE, count=9),
            "the 9 highest of 2000 logits; at least one is chosen, at most 8 and no more than "
            "there are",
        ),
        (
            lambda: replace(CASE, vocabulary=4),
            "the 5 highest of 4 logits; at least one is chosen, at most 8 and no more than "
            "there are",
        ),
    ],
)
def test_what_cannot_be_chosen_is_refused(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        make()
