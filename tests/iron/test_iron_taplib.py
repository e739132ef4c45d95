"""Access patterns against numpy: each pattern visits what the same numpy expression visits."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from iron_programs import refused

from ironbird.iron.taplib import (
    TensorAccessPattern,
    TensorAccessSequence,
    TensorTiler2D,
    TileGrid,
)


def visits(tap):
    return tap.pattern.indices().tolist()


def numbered(dims):
    return np.arange(math.prod(dims)).reshape(dims)


small_dims = st.lists(st.integers(1, 6), min_size=1, max_size=4).map(tuple)


@given(dims=small_dims)
def test_the_full_pattern_is_row_major(dims):
    tap = TensorAccessPattern.full(dims)
    assert visits(tap) == numbered(dims).reshape(-1).tolist()
    assert tap.rank == len(dims)
    assert tap.numel == math.prod(dims)
    assert not tap.is_symbolic


@given(dims=small_dims, values=st.data())
def test_permute_is_transpose(dims, values):
    axes = values.draw(st.permutations(range(len(dims))))
    tap = TensorAccessPattern.full(dims).permute(*axes)
    assert visits(tap) == numbered(dims).transpose(axes).reshape(-1).tolist()
    assert visits(TensorAccessPattern.full(dims).T) == numbered(dims).T.reshape(-1).tolist()


@given(dims=small_dims, values=st.data())
def test_indexing_is_numpys(dims, values):
    index = []
    for size in dims[: values.draw(st.integers(0, len(dims)))]:
        start = values.draw(st.integers(0, size - 1))
        if values.draw(st.booleans()):
            index.append(start)
        else:
            stop = values.draw(st.integers(start + 1, size))
            index.append(slice(start, stop, values.draw(st.integers(1, 3))))
    tap = TensorAccessPattern.full(dims)[tuple(index)]
    assert visits(tap) == numbered(dims)[tuple(index)].reshape(-1).tolist()


def test_indexing_with_negatives_and_an_ellipsis():
    tap = TensorAccessPattern.full((3, 4, 5))
    assert visits(tap[..., -1]) == numbered((3, 4, 5))[..., -1].reshape(-1).tolist()
    assert visits(tap[-1, ..., 1:-1]) == numbered((3, 4, 5))[-1, ..., 1:-1].reshape(-1).tolist()


@given(dims=small_dims, n=st.integers(1, 4))
def test_repeat_is_tiling(dims, n):
    tap = TensorAccessPattern.full(dims).repeat(n)
    assert visits(tap) == np.tile(numbered(dims).reshape(-1), n).tolist()


@given(dims=small_dims, values=st.data())
def test_split_merge_and_coalesce_keep_the_visits(dims, values):
    axis = values.draw(st.integers(0, len(dims) - 1))
    inner = values.draw(
        st.sampled_from([n for n in range(1, dims[axis] + 1) if dims[axis] % n == 0])
    )
    whole = TensorAccessPattern.full(dims)
    halved = whole.split(axis, inner)
    assert halved.rank == whole.rank + 1
    assert visits(halved) == visits(whole)
    assert visits(halved.merge(axis)) == visits(whole)
    assert visits(whole.coalesce()) == visits(whole)
    assert whole.coalesce().rank == 1


@given(
    rows=st.integers(1, 4),
    columns=st.integers(1, 4),
    height=st.integers(1, 3),
    width=st.integers(1, 3),
)
def test_tiles_are_numpys_blocks(rows, columns, height, width):
    dims = (rows * height, columns * width)
    grid = TensorAccessPattern.full(dims).tile((height, width))
    blocks = numbered(dims).reshape(rows, height, columns, width).swapaxes(1, 2)
    assert grid.grid_shape == (rows, columns)
    assert grid.num_steps == len(grid) == rows * columns
    assert [visits(tap) for tap in grid] == blocks.reshape(rows * columns, -1).tolist()
    assert visits(grid.tap) == blocks.reshape(-1).tolist()
    assert visits(grid[rows - 1, 0]) == blocks[-1, 0].reshape(-1).tolist()
    by_column = grid.order("col")
    assert [visits(tap) for tap in by_column] == blocks.swapaxes(0, 1).reshape(
        rows * columns, -1
    ).tolist()
    turned = grid.permute_tile(1, 0)
    assert [visits(tap) for tap in turned] == blocks.swapaxes(2, 3).reshape(
        rows * columns, -1
    ).tolist()


@given(
    tiles=st.tuples(st.integers(1, 6), st.integers(1, 6)),
    repeats=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    steps=st.tuples(st.integers(1, 2), st.integers(1, 2)),
    order=st.sampled_from(["row", "col"]),
)
def test_groups_visit_every_tile_once(tiles, repeats, steps, order):
    dims = (tiles[0] * 2, tiles[1] * 3)
    grid = TensorAccessPattern.full(dims).tile((2, 3)).group(repeats, steps, order, partial=True)
    assert grid.is_grouped
    seen = sorted(element for tap in grid for element in visits(tap))
    assert seen == list(range(math.prod(dims)))
    for tap in grid:
        assert tap.numel <= math.prod(repeats) * 6


def test_a_grid_repeats_each_step():
    grid = TensorAccessPattern.full((4, 4)).tile((2, 2)).repeat(3)
    assert grid[0].sizes == (3, 2, 2)
    assert grid[0].strides == (0, 4, 1)
    assert grid.tile_shape == (2, 2)
    assert grid.tile_strides == (4, 1)
    assert grid.grid_strides == (8, 2)


@given(parts=st.integers(1, 4), each=st.integers(1, 4), rows=st.integers(1, 3))
def test_partitions_are_numpys_splits(parts, each, rows):
    dims = (rows, parts * each)
    pieces = TensorAccessPattern.full(dims).partition(parts)
    assert isinstance(pieces, TileGrid)
    expected = np.split(numbered(dims), parts, axis=1)
    assert [visits(tap) for tap in pieces] == [piece.reshape(-1).tolist() for piece in expected]


@given(
    dims=st.tuples(st.integers(1, 4), st.integers(1, 4)), pad=st.integers(0, 2), values=st.data()
)
def test_to_stream_pads_as_numpy_does(dims, pad, values):
    tensor = np.array(
        values.draw(
            st.lists(st.integers(-9, 9), min_size=math.prod(dims), max_size=math.prod(dims))
        )
    )
    tensor = tensor.reshape(dims)
    tap = TensorAccessPattern.full(dims).pad([(pad, 0), (1, pad)])
    expected = np.pad(tensor, [(pad, 0), (1, pad)], constant_values=5)
    assert tap.to_stream(tensor, pad_value=5).tolist() == expected.reshape(-1).tolist()
    assert tap.padded_sizes == expected.shape


@given(dims=small_dims, values=st.data())
def test_from_stream_undoes_to_stream(dims, values):
    axes = values.draw(st.permutations(range(len(dims))))
    tap = TensorAccessPattern.full(dims).permute(*axes)
    tensor = numbered(dims).astype(np.int32) * 7
    assert np.array_equal(tap.from_stream(tap.to_stream(tensor)), tensor)
    out = np.zeros(dims, np.int32)
    assert tap.from_stream(tap.to_stream(tensor), out) is out
    assert np.array_equal(out, tensor)


def test_orders_and_counts():
    tap = TensorAccessPattern((2, 3), 1, [2, 2], [2, 1])
    order, count = tap.accesses()
    assert order.tolist() == [[-1, 0, 1], [2, 3, -1]]
    assert count.tolist() == [[0, 1, 1], [1, 1, 0]]
    assert list(tap.access_generator()) == [1, 2, 3, 4]
    assert tap.compare_access_orders(TensorAccessPattern((2, 3), 1, [4], [1]))
    assert not tap.compare_access_orders(TensorAccessPattern((2, 3), 0, [4], [1]))


def test_patterns_are_values():
    one, same = (TensorAccessPattern((4, 4), 0, [2, 2], [4, 1]) for _ in range(2))
    other = one.pad([(0, 0), (0, 1)])
    assert one == same
    assert hash(one) == hash(same)
    assert len({one, same, other}) == 2
    assert repr(one) == "TensorAccessPattern([4, 4], offset=0, sizes=[2, 2], strides=[4, 1])"
    assert one.transformation_dims == [(2, 4), (2, 1)]


TILERS = [
    (TensorTiler2D.simple_tiler((8, 16), (4, 4)), 8, 1, [4, [1, 1, 4, 4], [0, 0, 16, 1]]),
    (TensorTiler2D.group_tiler((8, 16), (4, 4), (1, 4)), 2, 1, [64, [1, 4, 4, 4], [0, 4, 16, 1]]),
    (
        TensorTiler2D.step_tiler((8, 16), (4, 4), (2, 2), (1, 2)),
        2,
        1,
        [4, [2, 2, 4, 4], [64, 8, 16, 1]],
    ),
    (
        TensorTiler2D.simple_tiler((8, 16), (4, 4), pattern_repeat=3),
        8,
        7,
        [76, [3, 1, 4, 4], [0, 0, 16, 1]],
    ),
    (TensorTiler2D.simple_tiler((8, 16)), 1, 0, [0, [1, 1, 8, 16], [0, 0, 16, 1]]),
    (
        TensorTiler2D.simple_tiler((8, 16), (4, 4), tile_col_major=True, iter_col_major=True),
        8,
        1,
        [64, [1, 1, 4, 4], [0, 0, 1, 16]],
    ),
    (
        TensorTiler2D.group_tiler((8, 16), (4, 4), (2, 2), tile_group_col_major=True),
        2,
        1,
        [8, [2, 2, 4, 4], [4, 64, 16, 1]],
    ),
    (
        TensorTiler2D.group_tiler((8, 16), (4, 4), (1, 3), allow_partial=True),
        4,
        1,
        [12, [1, 1, 4, 4], [0, 0, 16, 1]],
    ),
]


@pytest.mark.parametrize(("steps", "count", "step", "expected"), TILERS)
def test_tilers(steps, count, step, expected):
    assert isinstance(steps, TensorAccessSequence)
    assert len(steps) == count
    tap = steps[step]
    assert [tap.offset, list(tap.sizes), list(tap.strides)] == expected


@given(
    tiles=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    tile=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    columns_first=st.booleans(),
)
def test_the_simple_tiler_visits_every_element_once(tiles, tile, columns_first):
    dims = (tiles[0] * tile[0], tiles[1] * tile[1])
    steps = TensorTiler2D.simple_tiler(dims, tile, iter_col_major=columns_first)
    assert steps.access_count().min() == steps.access_count().max() == 1
    assert sorted(steps.access_order().reshape(-1).tolist()) == list(range(math.prod(dims)))


def test_sequences_are_lists_of_patterns():
    steps = TensorAccessSequence(
        (4, 8),
        3,
        offset=0,
        sizes=[8],
        strides=[1],
        offset_fn=lambda step, offset: offset + 8 * step,
    )
    assert [tap.offset for tap in steps] == [0, 8, 16]
    steps.append(TensorAccessPattern((4, 8), 24, [8], [1]))
    steps.insert(0, steps[3])
    del steps[4]
    steps[0] = TensorAccessPattern((4, 8), 0, [1], [1])
    assert [tap.offset for tap in steps] == [0, 0, 8, 16]
    assert steps[1:].compare_access_orders(TensorAccessSequence.from_taps(steps[1:]))
    assert steps == TensorAccessSequence.from_taps(list(steps))


def test_refusals():
    with refused(
        at="reach",
        what="a TensorAccessPattern over (4, 4) reaches element 16",
        because="the tensor has 16: offset 1, sizes (16,), strides (1,)",
    ):
        TensorAccessPattern((4, 4), 1, [16], [1])  # !reach
    with refused(
        at="size",
        what="sizes of an access pattern is [0, 4]",
        because="each must be an integer of at least 1",
    ):
        TensorAccessPattern((4, 4), 0, [0, 4], [4, 1])  # !size
    with refused(
        at="stride",
        what="strides of an access pattern is [-1]",
        because="each must be an integer of at least 0",
    ):
        TensorAccessPattern((4, 4), 0, [4], [-1])  # !stride
    with refused(at="lengths", what="an access pattern has 2 sizes but 1 strides"):
        TensorAccessPattern((4, 4), 0, [4, 4], [1])  # !lengths
    with refused(at="half", what="a TensorAccessPattern needs both sizes and strides, or neither"):
        TensorAccessPattern((4, 4), 0, [4, 4])  # !half
    whole = TensorAccessPattern.full((6, 4))
    with refused(
        at="tile",
        what="tiles of [4, 4] do not divide a walk of [6, 4]",
        because="dimension 0 of 6 leaves 2 over",
    ):
        whole.tile((4, 4))  # !tile
    with refused(
        at="split",
        what="dimension 0 does not split by 4",
        because="its size 6 leaves 2 over",
    ):
        whole.split(0, 4)  # !split
    with refused(
        at="merge",
        what="dimensions 0 and 1 do not merge",
        because="the outer stride is 1; the inner one spans 24",
    ):
        whole.T.merge(0)  # !merge
    with refused(
        at="partition",
        what="dimension 1 does not part into 3",
        because="its size 4 leaves 1 over",
    ):
        whole.partition(3)  # !partition
    with refused(
        at="group",
        what="groups of 2 tiles, 1 apart, do not divide 3 tiles",
        because="1 are left over",
        fix="allow partial groups",
    ):
        whole.tile((2, 4)).group((2, 1))  # !group
    with refused(
        at="backwards",
        what="the slice ::-1 goes backwards",
        because="a transfer steps forward over at least one element",
    ):
        whole[::-1]  # !backwards
    with refused(at="outside", what="index 6 is outside a dimension of 6"):
        whole[6]  # !outside
    with refused(
        at="pad",
        what="padding [(1, 1)] does not fit 2 dimensions",
        because="each dimension takes one pair (before, after) of at least 0",
    ):
        whole.pad([(1, 1)])  # !pad
    with refused(at="padded", what="cannot split a padded pattern", fix="split first, then pad"):
        whole.pad([(1, 1), (0, 0)]).split(0, 2)  # !padded
    with refused(
        at="stream",
        what="a stream of 3 elements does not fill this pattern",
        because="it visits 24",
    ):
        whole.from_stream([1, 2, 3])  # !stream
    with refused(
        at="tensor",
        what="a tensor of shape (3,) does not fit this pattern",
        because="the pattern is over (6, 4)",
    ):
        whole.to_stream(np.zeros(3))  # !tensor
    steps = TensorAccessSequence.from_taps([whole])
    with refused(
        at="other_tensor",
        what="a pattern over (4,) in a sequence over (6, 4)",
        because="all steps walk over one tensor",
    ):
        steps.append(TensorAccessPattern.full((4,)))  # !other_tensor
    with refused(
        at="repeat",
        what="pattern_repeat=2 does not fit",
        because="the groups take all 4 dimensions: [2, 2, 2, 2]",
        fix="smaller groups, or TensorAccessPattern.repeat with a larger tile",
    ):
        TensorTiler2D.group_tiler((8, 16), (2, 2), (2, 2), pattern_repeat=2)  # !repeat
    with refused(at="matrix", what="TensorTiler2D walks over matrices, not over [2, 2, 2]"):
        TensorTiler2D.simple_tiler((2, 2, 2), (1, 1))  # !matrix
