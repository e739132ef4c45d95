"""Buffers inside core code: indexing loads and stores elements, slicing makes a view.

A view keeps every axis, as upstream has it: a row of a 4x8 buffer has the shape (1, 8).
"""

from typing import Any

import numpy as np
from xdsl.dialects import memref
from xdsl.dialects.builtin import MemRefType
from xdsl.ir import SSAValue

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.iron.array_types import ArrayType
from ironbird.iron.core_values import ScalarValue, index_cast_to, is_number, scalar_of
from ironbird.iron.mlir_types import INDEX, Memref, element_of, strided_memref_type
from ironbird.iron.taplib.pattern import row_major_strides
from ironbird.iron.tracing import Trace, current_trace
from ironbird.iron.whole_buffers import WholeBuffer

# What xDSL and MLIR write into a static list where an operand gives the number.
RUN_TIME = -(2**63)


class MemRefValue(WholeBuffer):
    """A buffer, an object of a fifo, or a view of one.

    strides: elements between neighbours along each axis. offset: elements from the start of the
    buffer, None if known only at run time.
    """

    def __init__(
        self,
        ssa: SSAValue,
        strides: tuple[int, ...] | None = None,
        offset: int | None = 0,
    ) -> None:
        type_ = ssa.type
        assert isinstance(type_, MemRefType)
        element = element_of(type_.element_type)
        assert element is not None
        self.ssa = ssa
        self.array = ArrayType(type_.get_shape(), element)
        self.strides = strides if strides is not None else row_major_strides(self.array.shape)
        self.offset = offset

    @property
    def shape(self) -> tuple[int, ...]:
        """Elements along each axis."""
        return self.array.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """The numpy dtype of one element."""
        return self.array.element.dtype

    @property
    def is_whole(self) -> bool:
        """Whether it starts where its buffer starts, without gaps: what a kernel can be given."""
        return self.offset == 0 and self.strides == row_major_strides(self.shape)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, index: Any) -> "ScalarValue | MemRefValue":
        """An element for one index per axis; a view if an axis is sliced or left out."""
        trace = current_trace("indexing a buffer")
        parts = index if isinstance(index, tuple) else (index,)
        self._refuse_rank(parts)
        if len(parts) < len(self.shape) or any(isinstance(part, slice) for part in parts):
            return self._view(trace, parts)
        indices = [self._index(trace, axis, part) for axis, part in enumerate(parts)]
        load = memref.LoadOp(operands=[self.ssa, indices], result_types=[self._mlir_element()])
        return ScalarValue(trace.emit(load).results[0])

    def __setitem__(self, index: Any, value: Any) -> None:
        trace = current_trace("storing into a buffer")
        parts = index if isinstance(index, tuple) else (index,)
        self._refuse_rank(parts)
        if len(parts) < len(self.shape) or any(isinstance(part, slice) for part in parts):
            raise DesignError(
                "a store into a slice of a buffer",
                at=author_line(),
                because="a core stores one element at a time",
                fix=f"for i in range_({self.shape[-1]}): buffer[i] = ...",
            )
        what = f"a store into a buffer of {self.array}"
        indices = [self._index(trace, axis, part) for axis, part in enumerate(parts)]
        if isinstance(value, ScalarValue) and value.element is self.array.element:
            stored = value
        else:
            stored = scalar_of(value, self.array.element, what=what)
        trace.emit(memref.StoreOp.get(stored.ssa, self.ssa, indices))

    def _mlir_element(self) -> Any:
        type_ = self.ssa.type
        assert isinstance(type_, MemRefType)
        return type_.element_type

    def _refuse_rank(self, parts: tuple[Any, ...]) -> None:
        if len(parts) > len(self.shape):
            raise DesignError(
                f"{len(parts)} indices into a buffer of {self.array}",
                at=author_line(),
                because=f"it has {len(self.shape)} axes",
            )

    def _index(self, trace: Trace, axis: int, part: Any) -> SSAValue:
        """One index as an `index` value. Refuses a number outside the axis."""
        if isinstance(part, ScalarValue):
            if part.element is INDEX:
                return part.ssa
            if part.element.is_float:
                raise DesignError(
                    f"an index of type {part.element}",
                    at=author_line(),
                    fix="arith.fptosi from aie.extras.dialects.arith",
                )
            return index_cast_to(trace, part, INDEX).ssa
        return trace.constant(self._number_in(axis, part), INDEX)

    def _number_in(self, axis: int, part: Any) -> int:
        if not is_number(part) or isinstance(part, float | np.floating):
            raise DesignError(f"a buffer indexed with {type(part).__name__}", at=author_line())
        number = int(part)
        if not 0 <= number < self.shape[axis]:
            raise DesignError(
                f"index {number} into axis {axis} of a buffer of {self.array}",
                at=author_line(),
                because=f"the axis holds elements 0 to {self.shape[axis] - 1}",
            )
        return number

    def _view(self, trace: Trace, parts: tuple[Any, ...]) -> "MemRefValue":
        """A view with `parts` of the leading axes and all of the others."""
        whole = parts + (slice(None),) * (len(self.shape) - len(parts))
        starts: list[int] = []
        run_time_starts: list[SSAValue] = []
        shape: list[int] = []
        steps: list[int] = []
        for axis, part in enumerate(whole):
            if isinstance(part, ScalarValue):
                run_time_starts.append(self._index(trace, axis, part))
                start, count, step = RUN_TIME, 1, 1
            elif isinstance(part, slice):
                start, count, step = self._slice(axis, part)
            else:
                start, count, step = self._number_in(axis, part), 1, 1
            starts.append(start)
            shape.append(count)
            steps.append(step)
        strides = tuple(s * step for s, step in zip(self.strides, steps, strict=True))
        offset = None
        if self.offset is not None and not run_time_starts:
            offset = self.offset + sum(
                s * stride for s, stride in zip(starts, self.strides, strict=True)
            )
        result: Memref = strided_memref_type(
            ArrayType(tuple(shape), self.array.element), strides, offset
        )
        op = memref.SubviewOp(self.ssa, run_time_starts, [], [], starts, shape, steps, result)
        return MemRefValue(trace.emit(op).results[0], strides, offset)

    def _slice(self, axis: int, part: slice) -> tuple[int, int, int]:
        for end in (part.start, part.stop, part.step):
            if isinstance(end, ScalarValue):
                raise DesignError(
                    "a slice whose ends the core computes",
                    at=author_line(),
                    because="the size of a view must be known while the function is traced",
                    fix="an index for each element, buffer[start + i]",
                )
        steps = range(*part.indices(self.shape[axis]))
        if not steps or steps.step < 0:
            raise DesignError(
                f"a slice {part.start}:{part.stop}:{part.step} of axis {axis}",
                at=author_line(),
                because=f"it keeps nothing of the {self.shape[axis]} elements, or goes backwards",
            )
        return steps.start, len(steps), steps.step
