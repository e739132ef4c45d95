"""A sequence of access patterns over one tensor: one for each step of a program."""

from collections.abc import Callable, Iterable, MutableSequence, Sequence
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from ironbird.iron.taplib.pattern import TensorAccessPattern
from ironbird.iron.taplib.walk_checks import tap_error

OffsetOfStep = Callable[[int, int], int]
NumbersOfStep = Callable[[int, Sequence[int]], Sequence[int]]


class TensorAccessSequence(MutableSequence[TensorAccessPattern]):
    """`num_steps` patterns over a tensor of shape `tensor_dims`.

    offset, sizes, strides: of every step, unless a function gives those of step `i`:
    `offset_fn(i, offset)`, `sizes_fn(i, sizes)`, `strides_fn(i, strides)`.
    """

    def __init__(
        self,
        tensor_dims: Sequence[int],
        num_steps: int,
        offset: int | None = None,
        sizes: Sequence[int] | None = None,
        strides: Sequence[int] | None = None,
        offset_fn: OffsetOfStep | None = None,
        sizes_fn: NumbersOfStep | None = None,
        strides_fn: NumbersOfStep | None = None,
    ) -> None:
        for name, value, function in (
            ("offset", offset, offset_fn),
            ("sizes", sizes, sizes_fn),
            ("strides", strides, strides_fn),
        ):
            if num_steps > 0 and value is None and function is None:
                raise tap_error(f"a TensorAccessSequence needs {name} or {name}_fn")
        self._tensor_dims = tuple(tensor_dims)
        self._taps = [
            TensorAccessPattern(
                tensor_dims,
                offset_fn(step, offset or 0) if offset_fn is not None else offset or 0,
                sizes_fn(step, sizes or ()) if sizes_fn is not None else sizes,
                strides_fn(step, strides or ()) if strides_fn is not None else strides,
            )
            for step in range(num_steps)
        ]

    @classmethod
    def from_taps(cls, taps: Iterable[TensorAccessPattern]) -> "TensorAccessSequence":
        """The sequence of patterns that exist already, all over one shape of tensor."""
        patterns = list(taps)
        if not patterns:
            raise tap_error("a TensorAccessSequence needs at least one pattern")
        made = cls(patterns[0].tensor_dims, 0)
        made.extend(patterns)
        return made

    @property
    def tensor_dims(self) -> tuple[int, ...]:
        """Shape of the tensor walked over."""
        return self._tensor_dims

    def accesses(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """`access_order()` and `access_count()`."""
        return self.access_order(), self.access_count()

    def access_order(self) -> npt.NDArray[np.int64]:
        """For each element the number of its last visit over all steps, -1 if never."""
        order = np.full(self._tensor_dims, -1, dtype=np.int64).reshape(-1)
        start = 0
        for tap in self._taps:
            order[tap.pattern.indices()] = np.arange(start, start + tap.numel)
            start += tap.numel
        return order.reshape(self._tensor_dims)

    def access_count(self) -> npt.NDArray[np.int64]:
        """For each element how often all steps visit it."""
        total = np.zeros(self._tensor_dims, dtype=np.int64)
        for tap in self._taps:
            total += tap.access_count()
        return total

    def animate(self, title: str | None = None, animate_access_count: bool = False) -> Any:
        """A matplotlib animation of the steps; raises ToolError if that is not installed."""
        from ironbird.iron.taplib.drawing import animate_from_accesses  # few programs draw

        counts = [tap.access_count() for tap in self] if animate_access_count else None
        orders = [tap.access_order() for tap in self]
        return animate_from_accesses(orders, counts, title if title is not None else repr(self))

    def visualize(
        self,
        title: str | None = None,
        file_path: str | None = None,
        show_plot: bool = True,
        plot_access_count: bool = False,
    ) -> None:
        """Draw all steps in one picture; raises ToolError if matplotlib is not installed."""
        from ironbird.iron.taplib.drawing import visualize_from_accesses

        counts = self.access_count() if plot_access_count else None
        name = title if title is not None else repr(self)
        visualize_from_accesses(self.access_order(), counts, name, None, file_path, show_plot)

    def compare_access_orders(self, other: "TensorAccessSequence") -> bool:
        """Whether both visit the same elements in the same order, steps joined."""
        return np.array_equal(self._visits(), other._visits())

    def _visits(self) -> npt.NDArray[np.int64]:
        if not self._taps:
            return np.array([], dtype=np.int64)
        return np.concatenate([tap.pattern.indices() for tap in self._taps])

    def _accept(self, tap: TensorAccessPattern) -> TensorAccessPattern:
        if tap.tensor_dims != self._tensor_dims:
            raise tap_error(
                f"a pattern over {tap.tensor_dims} in a sequence over {self._tensor_dims}",
                because="all steps walk over one tensor",
            )
        return tap

    def __len__(self) -> int:
        return len(self._taps)

    @overload
    def __getitem__(self, idx: int) -> TensorAccessPattern: ...
    @overload
    def __getitem__(self, idx: slice) -> "TensorAccessSequence": ...
    def __getitem__(self, idx: int | slice) -> "TensorAccessPattern | TensorAccessSequence":
        if isinstance(idx, slice):
            return TensorAccessSequence.from_taps(self._taps[idx])
        return self._taps[idx]

    def __setitem__(self, idx, tap):  # type: ignore[no-untyped-def]
        self._taps[idx] = (
            [self._accept(one) for one in tap] if isinstance(idx, slice) else self._accept(tap)
        )

    def __delitem__(self, idx: int | slice) -> None:
        del self._taps[idx]

    def insert(self, index: int, value: TensorAccessPattern) -> None:
        """Put a step before step `index`."""
        self._taps.insert(index, self._accept(value))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TensorAccessSequence):
            return NotImplemented
        return (self._tensor_dims, self._taps) == (other._tensor_dims, other._taps)

    def __repr__(self) -> str:
        return f"TensorAccessSequence({list(self._tensor_dims)}, {len(self._taps)} steps)"
