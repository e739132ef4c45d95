"""A tensor access pattern: the sizes and strides in which a transfer walks over a tensor.

Immutable; every method that changes something returns a new pattern. `to_stream` and `from_stream`
do in numpy what a DMA does with the pattern.
"""

import math
from collections.abc import Iterator, Sequence
from functools import cached_property
from types import EllipsisType
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ironbird.base.access_pattern import AccessPattern
from ironbird.iron.taplib.walk_checks import tap_error, whole_numbers

if TYPE_CHECKING:
    from ironbird.iron.taplib.grid import TileGrid

Padding = tuple[tuple[int, int], ...]
Index = int | slice | EllipsisType


class TensorAccessPattern:
    """Element `offset + sum(i[d] * strides[d])` of the flat tensor for every `i` below `sizes`.

    tensor_dims: shape of the tensor, elements. sizes, strides: outermost first, elements.
    padding: zeros added (before, after) in each dimension while the pattern is sent.
    """

    def __init__(
        self,
        tensor_dims: Sequence[int],
        offset: int = 0,
        sizes: Sequence[int] | None = None,
        strides: Sequence[int] | None = None,
        padding: Sequence[tuple[int, int]] | None = None,
    ) -> None:
        self._tensor_dims = whole_numbers("tensor_dims", tensor_dims, least=1)
        if sizes is None or strides is None:
            if sizes is not None or strides is not None:
                raise tap_error("a TensorAccessPattern needs both sizes and strides, or neither")
            sizes, strides = self._tensor_dims, row_major_strides(self._tensor_dims)
        self._sizes = whole_numbers("sizes", sizes, least=1)
        self._strides = _clean(self._sizes, whole_numbers("strides", strides, least=0))
        (self._offset,) = whole_numbers("offset", (offset,), least=0)
        element_count = math.prod(self._tensor_dims)
        _, highest = self.pattern.bounds()
        if highest >= element_count:
            raise tap_error(
                f"a TensorAccessPattern over {self._tensor_dims} reaches element {highest}",
                because=f"the tensor has {element_count}: offset {self._offset}, "
                f"sizes {self._sizes}, strides {self._strides}",
            )
        self._padding = _checked_padding(padding, len(self._sizes))

    @classmethod
    def full(cls, dims: Sequence[int]) -> "TensorAccessPattern":
        """The whole tensor, row by row."""
        return cls(dims)

    @property
    def tensor_dims(self) -> tuple[int, ...]:
        """Shape of the tensor walked over."""
        return self._tensor_dims

    @property
    def offset(self) -> int:
        """The first element visited."""
        return self._offset

    @property
    def sizes(self) -> tuple[int, ...]:
        """How often each dimension steps, outermost first."""
        return self._sizes

    @property
    def strides(self) -> tuple[int, ...]:
        """How far each dimension steps, elements."""
        return self._strides

    @property
    def padding(self) -> Padding | None:
        """Zeros (before, after) each dimension, or None."""
        return self._padding

    @property
    def padded_sizes(self) -> tuple[int, ...]:
        """`sizes` with the padding counted."""
        if self._padding is None:
            return self._sizes
        pairs = zip(self._sizes, self._padding, strict=True)
        return tuple(before + size + after for size, (before, after) in pairs)

    @property
    def rank(self) -> int:
        """How many dimensions the walk has."""
        return len(self._sizes)

    @property
    def numel(self) -> int:
        """How many elements are visited, repeats counted."""
        return math.prod(self._sizes)

    @property
    def is_symbolic(self) -> bool:
        """Whether any number is known only with a call; here none ever is."""
        return False

    @property
    def transformation_dims(self) -> list[tuple[int, int]]:
        """(size, stride) of each dimension, outermost first."""
        return list(zip(self._sizes, self._strides, strict=True))

    @cached_property
    def pattern(self) -> AccessPattern:
        """The same walk without the tensor's shape."""
        return AccessPattern(self._offset, self._sizes, self._strides)

    # What the walk touches

    def access_generator(self) -> Iterator[int]:
        """The visited elements of the flat tensor, in order."""
        return iter(self.pattern.indices().tolist())

    def access_order(self) -> npt.NDArray[np.int64]:
        """For each element of the tensor the number of its last visit, -1 if never."""
        order = np.full(math.prod(self._tensor_dims), -1, dtype=np.int64)
        order[self.pattern.indices()] = np.arange(self.numel)
        return order.reshape(self._tensor_dims)

    def access_count(self) -> npt.NDArray[np.int64]:
        """For each element of the tensor how often it is visited."""
        visits = self.pattern.indices()
        counts = np.bincount(visits, minlength=math.prod(self._tensor_dims))
        return counts.astype(np.int64).reshape(self._tensor_dims)

    def accesses(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """`access_order()` and `access_count()`."""
        return self.access_order(), self.access_count()

    def visualize(
        self,
        show_arrows: bool | None = None,
        title: str | None = None,
        file_path: str | None = None,
        show_plot: bool = True,
        plot_access_count: bool = False,
    ) -> None:
        """Draw it with matplotlib; raises ToolError if that is not installed."""
        from ironbird.iron.taplib.drawing import visualize_from_accesses  # few programs draw

        visualize_from_accesses(
            self.access_order(),
            self.access_count() if plot_access_count else None,
            title if title is not None else repr(self),
            show_arrows,
            file_path,
            show_plot,
        )

    def compare_access_orders(self, other: "TensorAccessPattern") -> bool:
        """Whether both visit the same elements in the same order."""
        return np.array_equal(self.pattern.indices(), other.pattern.indices())

    def to_stream(self, tensor: npt.ArrayLike, pad_value: float = 0) -> npt.NDArray[Any]:
        """What a DMA sends that reads `tensor` by this pattern. Shape [prod(padded_sizes)]."""
        flat = self._flat(np.asarray(tensor))
        stream = flat[self.pattern.indices()].reshape(self._sizes)
        if self._padding is not None:
            stream = np.pad(stream, self._padding, constant_values=pad_value)
        return stream.reshape(-1)

    def from_stream(
        self, stream: npt.ArrayLike, out: npt.NDArray[Any] | None = None
    ) -> npt.NDArray[Any]:
        """The tensor after a DMA wrote `stream` by this pattern; a new one starts as zeros."""
        words = np.asarray(stream).reshape(-1)
        if words.size != self.numel:
            raise tap_error(
                f"a stream of {words.size} elements does not fill this pattern",
                because=f"it visits {self.numel}",
            )
        tensor = np.zeros(self._tensor_dims, words.dtype) if out is None else out
        self._flat(tensor)[self.pattern.indices()] = words
        return tensor

    def _flat(self, tensor: npt.NDArray[Any]) -> npt.NDArray[Any]:
        if tensor.size != math.prod(self._tensor_dims):
            raise tap_error(
                f"a tensor of shape {tensor.shape} does not fit this pattern",
                because=f"the pattern is over {self._tensor_dims}",
            )
        return tensor.reshape(-1)

    # New patterns from this one

    def permute(self, *axes: int) -> "TensorAccessPattern":
        """The same visits with the dimensions in another order."""
        if sorted(axis % self.rank for axis in axes) != list(range(self.rank)):
            raise tap_error(f"axes {axes} are no permutation of {self.rank} dimensions")
        padding = None if self._padding is None else [self._padding[axis] for axis in axes]
        return self._with(
            [self._sizes[axis] for axis in axes], [self._strides[axis] for axis in axes], padding
        )

    @property
    def T(self) -> "TensorAccessPattern":
        """The dimensions in reverse order."""
        return self.permute(*reversed(range(self.rank)))

    def split(self, dim: int, inner: int) -> "TensorAccessPattern":
        """Dimension `dim` as two, the inner one of `inner` steps. The order of visits stays."""
        dim = self._dimension(dim)
        self._refuse_padding("split")
        outer, left_over = divmod(self._sizes[dim], inner)
        if left_over:
            raise tap_error(
                f"dimension {dim} does not split by {inner}",
                because=f"its size {self._sizes[dim]} leaves {left_over} over",
            )
        stride = self._strides[dim]
        return self._with(
            [*self._sizes[:dim], outer, inner, *self._sizes[dim + 1 :]],
            [*self._strides[:dim], stride * inner, stride, *self._strides[dim + 1 :]],
        )

    def merge(self, dim: int) -> "TensorAccessPattern":
        """Dimensions `dim` and `dim + 1` as one. Refuses if they do not follow one another."""
        dim = self._dimension(dim)
        self._refuse_padding("merge")
        if dim + 1 >= self.rank:
            raise tap_error(f"dimension {dim} is the innermost", because="nothing is inside it")
        reach = self._sizes[dim + 1] * self._strides[dim + 1]
        if self._strides[dim] != reach and self._sizes[dim] != 1:
            raise tap_error(
                f"dimensions {dim} and {dim + 1} do not merge",
                because=f"the outer stride is {self._strides[dim]}; the inner one spans {reach}",
            )
        return self._with(
            [*self._sizes[:dim], self._sizes[dim] * self._sizes[dim + 1], *self._sizes[dim + 2 :]],
            [*self._strides[:dim], *self._strides[dim + 1 :]],
        )

    def coalesce(self) -> "TensorAccessPattern":
        """The same visits with the fewest dimensions, at least one."""
        self._refuse_padding("coalesce")
        compact = self.pattern.simplified()
        return self._with(compact.sizes or (1,), compact.strides or (1,))

    def repeat(self, n: int) -> "TensorAccessPattern":
        """The whole walk `n` times: a new outermost dimension of stride 0."""
        padding = None if self._padding is None else [(0, 0), *self._padding]
        return self._with([n, *self._sizes], [0, *self._strides], padding)

    def pad(self, padding: Sequence[tuple[int, int]]) -> "TensorAccessPattern":
        """The same walk with zeros (before, after) each dimension, added as it is sent."""
        return self._with(self._sizes, self._strides, padding)

    def tile(self, tile_dims: Sequence[int]) -> "TileGrid":
        """Cut the walk into tiles of `tile_dims` steps along its last dimensions."""
        from ironbird.iron.taplib.grid import TileGrid  # a grid is made of patterns

        return TileGrid.of(self, tile_dims)

    def partition(self, parts: int, dim: int = -1) -> "TileGrid":
        """Cut dimension `dim` into `parts` equal runs."""
        dim = self._dimension(dim)
        each, left_over = divmod(self._sizes[dim], parts)
        if left_over:
            raise tap_error(
                f"dimension {dim} does not part into {parts}",
                because=f"its size {self._sizes[dim]} leaves {left_over} over",
            )
        return self.tile([each if axis == dim else size for axis, size in enumerate(self._sizes)])

    def __getitem__(self, index: Index | tuple[Index, ...]) -> "TensorAccessPattern":
        """Basic numpy indexing of the walk: integers drop a dimension, slices shorten it."""
        self._refuse_padding("index")
        offset = self._offset
        sizes: list[int] = []
        strides: list[int] = []
        for one, size, stride in zip(
            self._whole_index(index), self._sizes, self._strides, strict=True
        ):
            if isinstance(one, slice):
                steps = range(*one.indices(size))
                if not steps or steps.step < 0:
                    raise tap_error(
                        f"the slice {_slice_text(one)} of a dimension of {size} keeps nothing"
                        if steps.step > 0
                        else f"the slice {_slice_text(one)} goes backwards",
                        because="a transfer steps forward over at least one element",
                    )
                offset += steps.start * stride
                sizes.append(len(steps))
                strides.append(stride * steps.step)
                continue
            if not -size <= one < size:
                raise tap_error(f"index {one} is outside a dimension of {size}")
            offset += one % size * stride
        return TensorAccessPattern(self._tensor_dims, offset, sizes or [1], strides or [1])

    def _whole_index(self, index: Index | tuple[Index, ...]) -> list[int | slice]:
        parts = index if isinstance(index, tuple) else (index,)
        if parts.count(Ellipsis) > 1:
            raise tap_error(f"the index {parts} has more than one ellipsis")
        missing = self.rank - sum(1 for part in parts if part is not Ellipsis)
        if missing < 0:
            raise tap_error(f"{len(parts)} indices for {self.rank} dimensions")
        if Ellipsis not in parts:
            parts = (*parts, Ellipsis)
        whole: list[int | slice] = []
        for part in parts:
            if isinstance(part, EllipsisType):
                whole += [slice(None)] * missing
            elif isinstance(part, slice):
                whole.append(part)
            else:
                whole.append(int(part))
        return whole

    def _with(
        self,
        sizes: Sequence[int],
        strides: Sequence[int],
        padding: Sequence[tuple[int, int]] | None = None,
    ) -> "TensorAccessPattern":
        return TensorAccessPattern(self._tensor_dims, self._offset, sizes, strides, padding)

    def _dimension(self, dim: int) -> int:
        if not -self.rank <= dim < self.rank:
            raise tap_error(f"dimension {dim} is outside a walk of {self.rank} dimensions")
        return dim % self.rank

    def _refuse_padding(self, what: str) -> None:
        if self._padding is not None:
            raise tap_error(f"cannot {what} a padded pattern", fix=f"{what} first, then pad")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TensorAccessPattern):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        return (self._tensor_dims, self._offset, self._sizes, self._strides, self._padding)

    def __repr__(self) -> str:
        padding = f", padding={list(self._padding)}" if self._padding is not None else ""
        return (
            f"TensorAccessPattern({list(self._tensor_dims)}, offset={self._offset}, "
            f"sizes={list(self._sizes)}, strides={list(self._strides)}{padding})"
        )


def row_major_strides(dims: Sequence[int]) -> tuple[int, ...]:
    """The stride of each dimension of a dense array."""
    return tuple(math.prod(dims[axis + 1 :]) for axis in range(len(dims)))


def _clean(sizes: tuple[int, ...], strides: tuple[int, ...]) -> tuple[int, ...]:
    """`strides` with 0 for the leading dimensions of one step, whose stride is never taken."""
    if len(sizes) != len(strides):
        raise tap_error(f"an access pattern has {len(sizes)} sizes but {len(strides)} strides")
    cleaned = list(strides)
    for axis, size in enumerate(sizes[:-1]):
        if size != 1:
            break
        cleaned[axis] = 0
    return tuple(cleaned)


def _checked_padding(padding: Sequence[tuple[int, int]] | None, rank: int) -> Padding | None:
    if padding is None:
        return None
    pairs = tuple((int(before), int(after)) for before, after in padding)
    if len(pairs) != rank or any(before < 0 or after < 0 for before, after in pairs):
        raise tap_error(
            f"padding {list(pairs)} does not fit {rank} dimensions",
            because="each dimension takes one pair (before, after) of at least 0",
        )
    return pairs


def _slice_text(part: slice) -> str:
    return ":".join("" if end is None else str(end) for end in (part.start, part.stop, part.step))
