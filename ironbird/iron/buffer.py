"""A buffer in the memory of one tile, read and written by core code or set from the sequence."""

from typing import Any

import numpy as np
import numpy.typing as npt

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.iron.array_types import annotation_of, array_type
from ironbird.iron.core_buffers import MemRefValue
from ironbird.iron.core_values import ScalarValue
from ironbird.iron.device import Tile, own_tile
from ironbird.iron.device_body import CoreTrace
from ironbird.iron.earlier_arguments import given_once
from ironbird.iron.names import Named, label_of, next_serial
from ironbird.iron.parameter_write import write_parameter
from ironbird.iron.sequence_trace import SequenceTrace
from ironbird.iron.tracing import current_trace
from ironbird.iron.whole_buffers import WholeBuffer


class Buffer(WholeBuffer):
    """`Buffer(np.ndarray[(4,), np.dtype[np.int32]])`, or with an initial value and no type.

    tile: where it lies; the tile of the worker that is given it, unless said here (`is_pinned`).
    use_write_rtp: the sequence may write it (a runtime parameter).
    """

    noun = "Buffer"
    derived_from: Named | None = None
    name_suffix = ""

    def __init__(
        self,
        type: Any = None,
        initial_value: npt.NDArray[Any] | None = None,
        name: str | None = None,
        tile: Tile | None = None,
        use_write_rtp: bool = False,
        *,
        placement: Tile | None = None,
    ) -> None:
        self.created_at = author_line()
        tile = given_once(tile, placement, "tile= and placement=", "a Buffer")
        self.serial = next_serial()
        self.given_name = name
        self.assigned_name: str | None = None
        self.name_stem = "rtp" if use_write_rtp else "buf_"
        self.use_write_rtp = use_write_rtp
        self._tile = None if tile is None else own_tile(tile)
        self.is_pinned = tile is not None
        self.initial_value = None if initial_value is None else np.asarray(initial_value)
        if type is None and self.initial_value is None:
            raise DesignError(
                f"{label_of(self)} has neither a type nor an initial value",
                at=self.created_at,
                fix="Buffer(np.ndarray[(4,), np.dtype[np.int32]])",
            )
        if type is not None:
            self.array = array_type(type, of=label_of(self))
        else:
            assert self.initial_value is not None
            of_value = np.ndarray[self.initial_value.shape, np.dtype[self.initial_value.dtype.type]]  # type: ignore[name-defined]
            self.array = array_type(of_value, of=label_of(self))
        self._refuse_other_value()

    @property
    def name(self) -> str:
        """The author's name, or the one the program gave. Refuses before there is one."""
        found = self.given_name or self.assigned_name
        if found is None:
            raise DesignError(
                "an unnamed Buffer gets its name when its program is resolved",
                at=author_line(),
                fix="Buffer(..., name=...)",
            )
        return found

    @property
    def shape(self) -> tuple[int, ...]:
        """Elements along each axis."""
        return self.array.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """The numpy dtype of one element."""
        return self.array.element.dtype

    @property
    def type(self) -> Any:
        """The array type, as it was written."""
        return annotation_of(self.array)

    @property
    def tile(self) -> Tile | None:
        """Where it lies; None until a worker has it."""
        return self._tile

    def place(self, tile: Tile) -> None:
        """Put it on the tile of the worker that was given it."""
        if self._tile is None:
            self._tile = tile
        elif self._tile is not tile:
            raise DesignError(
                f"Buffer {self.given_name!r} is already placed on {self._tile!r}; "
                f"cannot reassign to {tile!r}",
                at=author_line(),
                because=f"the Buffer at {self.created_at} was given to two workers",
                fix="Buffer(..., tile=...) on a tile that both cores reach",
            )

    def placed_tile(self) -> Tile:
        """Its tile. Refuses a buffer that no worker was given."""
        if self._tile is None:
            raise DesignError(
                f"{label_of(self)} lies nowhere",
                at=self.created_at,
                because="no worker was given it, and it has no tile",
                fix="list it in a Worker's fn_args, or give it tile=",
            )
        return self._tile

    def value(self) -> MemRefValue:
        """The buffer inside core code."""
        trace = current_trace(label_of(self))
        if isinstance(trace, CoreTrace):
            if self._tile is None:
                self.place(trace.worker.tile)
            return MemRefValue(trace.body.buffer(self))
        raise DesignError(
            f"{label_of(self)} is read in {trace.what}",
            at=author_line(),
            because="the sequence runs on the host and can only write runtime parameters",
        )

    def __getitem__(self, idx: Any) -> ScalarValue | MemRefValue:
        return self.value()[idx]

    def __setitem__(self, idx: Any, source: Any) -> None:
        trace = current_trace(label_of(self))
        if isinstance(trace, SequenceTrace):
            self._write_from_sequence(trace, idx, source)
        else:
            self.value()[idx] = source

    def __len__(self) -> int:
        return self.shape[0]

    def _write_from_sequence(self, trace: SequenceTrace, idx: Any, source: Any) -> None:
        if not self.use_write_rtp:
            raise DesignError(
                f"{label_of(self)} is written in {trace.what}",
                at=author_line(),
                because="only runtime parameters can be written from the host",
                fix="Buffer(..., use_write_rtp=True)",
            )
        trace.body.buffer(self)
        write_parameter(
            trace,
            trace.body.names.of(self),
            idx,
            source,
            array=self.array,
            label=label_of(self),
        )

    def _refuse_other_value(self) -> None:
        value = self.initial_value
        if value is None:
            return
        if value.shape != self.shape or value.dtype != self.dtype:
            raise DesignError(
                f"{label_of(self)} of {self.array} starts with a {value.dtype} array of "
                f"shape {value.shape}",
                at=self.created_at,
                because="shape and dtype must be those of its type",
            )
