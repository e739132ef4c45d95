"""Lines hold every element once, as many on every core, and give the matrix back."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from designs import add, gelu
from designs.element_lines import ElementLines


@given(
    rows=st.integers(1, 40),
    columns=st.integers(1, 400),
    core_count=st.sampled_from([1, 8, 16]),
    lanes=st.sampled_from([16, 32]),
    vectors=st.integers(1, 8),
)
def test_what_is_dealt_is_gathered(
    rows: int, columns: int, core_count: int, lanes: int, vectors: int
) -> None:
    matrix = np.arange(1, rows * columns + 1).reshape(rows, columns)
    lines = ElementLines(
        element_count=matrix.size, core_count=core_count, lanes=lanes, longest=vectors * lanes
    )
    dealt = lines.deal(matrix)
    assert dealt.shape == lines.shape
    assert lines.count % core_count == 0
    assert lines.elements % lanes == 0
    assert lines.elements <= lines.longest
    np.testing.assert_array_equal(dealt.ravel()[matrix.size :], 0)
    np.testing.assert_array_equal(lines.gather(dealt, matrix.shape), matrix)


def test_designs_fill_their_cores_with_the_longest_lines() -> None:
    assert gelu.Case(name="x", rows=1500, columns=1536).lines.shape == (1136, 2048)
    assert add.Case(name="x", rows=1500, columns=512).lines.shape == (192, 4096)
