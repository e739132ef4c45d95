"""Transfers that one descriptor cannot hold: the runs visit what the transfer visits, in order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironbird.base.access_pattern import AccessPattern, why_not_one_descriptor
from ironbird.base.npu1 import SHIM_TILE
from ironbird.passes.lower_sequence.split_transfer import Run, Splitter

LIMITS = SHIM_TILE.descriptor


def visits(run: Run) -> np.ndarray:
    """Every element that a run moves, as the hardware steps through it."""
    size, stride = run.iteration if run.iteration is not None else (1, 0)
    inner = run.pattern.indices()
    return np.concatenate([inner + (number % size) * stride for number in range(run.runs)])


def check(transfer: AccessPattern, runs: list[Run], splitter: Splitter) -> None:
    assert np.concatenate([visits(run) for run in runs]).tolist() == transfer.indices().tolist()
    for run in runs:
        assert why_not_one_descriptor(run.pattern, splitter.element_bytes, LIMITS) is None
        assert run.runs <= splitter.max_runs
        assert run.iteration is None or splitter.can_iterate(*run.iteration)


WORDS = Splitter(element_bytes=4, limits=LIMITS, max_runs=256)


@pytest.mark.parametrize(
    ("transfer", "run_count"),
    [
        (AccessPattern.linear(100_000), 1),
        (AccessPattern(0, (100, 4, 16), (128, 32, 1)), 1),
        (AccessPattern(5, (4, 2, 8, 16), (64, 512, 32, 1)), 1),
        (AccessPattern(0, (3, 256), (0, 1)), 1),
        (AccessPattern(0, (300, 256), (0, 1)), 2),
        (AccessPattern(0, (100, 3, 4, 16), (1000, 100, 20, 1)), 2),
        (AccessPattern(0, (2048, 4), (8, 1)), 1),
        (AccessPattern(0, (4, 2048), (9000, 3)), 1),
        (AccessPattern(0, (2, 5, 3, 4, 7), (5000, 900, 100, 20, 1)), 2),
        (AccessPattern(0, (3, 2, 5, 3, 4, 7), (0, 5000, 900, 100, 20, 1)), 6),
        (AccessPattern(0, (4, 3, 16), (32, 0, 1)), 4),
        (AccessPattern(0, (2, 2, 2, 2), (3 * 2**20, 8, 4, 1)), 2),
    ],
)
def test_few_runs_suffice(transfer: AccessPattern, run_count: int) -> None:
    runs = list(WORDS.runs(transfer))
    assert len(runs) == run_count
    if transfer.element_count < 200_000:
        check(transfer, runs, WORDS)


@given(
    st.lists(
        st.tuples(st.sampled_from([1, 2, 3, 5, 65, 70]), st.integers(0, 300)), max_size=5
    ).filter(lambda dimensions: np.prod([size for size, _ in dimensions]) < 20_000),
    st.integers(0, 64),
)
def test_any_transfer_of_words_is_split_into_runs_that_visit_the_same(dimensions, offset) -> None:
    transfer = AccessPattern(
        offset, tuple(size for size, _ in dimensions), tuple(stride for _, stride in dimensions)
    )
    check(transfer, list(WORDS.runs(transfer)), WORDS)


@given(
    st.lists(
        st.tuples(st.sampled_from([1, 2, 3, 66]), st.integers(0, 100)), min_size=1, max_size=4
    ).filter(lambda dimensions: np.prod([count for count, _ in dimensions]) < 20_000),
    st.sampled_from([1, 2, 8]),
    st.integers(1, 9),
)
def test_other_elements_are_split_or_refused_for_their_words(dimensions, size, run) -> None:
    transfer = AccessPattern(
        0,
        (*(count for count, _ in dimensions), run),
        (*(stride for _, stride in dimensions), 1),
    )
    splitter = Splitter(element_bytes=size, limits=LIMITS, max_runs=256)
    try:
        runs = list(splitter.runs(transfer))
    except ValueError as refusal:
        if "not whole 32-bit words" not in str(refusal):
            raise
        return
    check(transfer, runs, splitter)


def test_half_words_cannot_be_moved() -> None:
    halves = Splitter(element_bytes=2, limits=LIMITS, max_runs=256)
    with pytest.raises(ValueError, match=r"^contiguous run of 6 bytes is not whole 32-bit words$"):
        list(halves.runs(AccessPattern(0, (70, 70, 70, 3), (7000, 700, 70, 1))))
