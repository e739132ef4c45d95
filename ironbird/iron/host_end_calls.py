"""The host's side of a fifo's end: `fill` and `drain` in a sequence, and who stands for whom.

The two are methods of `ObjectFifoHandle`; they are apart because cores need none of it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.iron.device import AnyShimTile, Tile
from ironbird.iron.fifo_end import Endpoint, RuntimeEndpoint
from ironbird.iron.sequence_trace import current_sequence
from ironbird.iron.taplib.pattern import TensorAccessPattern
from ironbird.iron.task import Task, TaskGroup
from ironbird.iron.transfer import (
    refuse_scratchpad_parameters,
    start_transfer,
    tap_of_numbers,
)

if TYPE_CHECKING:
    from ironbird.iron.object_fifo import ObjectFifo
    from ironbird.iron.object_fifo_handle import ObjectFifoHandle


class HostEndCalls:
    """What the sequence does with one end of a fifo."""

    fifo: "ObjectFifo"
    is_prod: bool
    depth: int
    from_stream: TensorAccessPattern | None
    channel: int | None
    wished_tile: Tile | None
    _endpoint: Endpoint | None

    def attach_host(self) -> None:
        """Let the host stand at this end, unless someone does."""
        if self._endpoint is None:
            host = RuntimeEndpoint(self.wished_tile, f"the host's end of {self.fifo.label}")
            cast("ObjectFifoHandle", self).attach(host)

    @property
    def is_host_end(self) -> bool:
        """Whether the sequence fills or drains here."""
        return isinstance(self._endpoint, RuntimeEndpoint)

    def standing_at_host(self) -> "ObjectFifoHandle":
        """The host's end that this handle stands for: an equal one that is known, or itself."""
        if self._endpoint is None and not self.is_prod:
            for known in self.fifo.consumers:
                if known.is_host_end and known._wishes() == self._wishes():
                    self.fifo.forget(cast("ObjectFifoHandle", self))
                    return known
        self.attach_host()
        return cast("ObjectFifoHandle", self)

    def moved_on(self, tile: Tile | None) -> "ObjectFifoHandle":
        """The host's end for a transfer on `tile`, as IRON before 1.4 says; None: on any.

        Refuses another tile than that of an earlier transfer of the fifo on this side.
        """
        wish = tile if tile is not None else self.wished_tile
        for end in [self] if self.is_prod else self.fifo.consumers:
            if end.is_host_end and _place(end.wished_tile) != _place(wish):
                raise DesignError(
                    f"Found two different RuntimeEndpoints for {self.fifo.label}",
                    at=author_line(),
                    because=f"this transfer stands on {wish or AnyShimTile!r}, an earlier one on "
                    f"{end.wished_tile or AnyShimTile!r}",
                    fix="the same tile= for all transfers of a fifo",
                )
        self.wished_tile = wish
        return self.standing_at_host()

    def _wishes(self) -> tuple[object, ...]:
        return (self.depth, self.from_stream, self.channel, _place(self.wished_tile))

    def fill(
        self,
        source: Any,
        tap: TensorAccessPattern | None = None,
        wait: bool = False,
        packet: tuple[int, int] | None = None,
        offset_parameter: Any = None,
        group: TaskGroup | None = None,
        managed: bool = True,
        length_parameter: Any = None,
        length_unit: Any = None,
        *,
        sizes: Sequence[int] | None = None,
        strides: Sequence[int] | None = None,
        offset: int | None = None,
        transfer_len: int | None = None,
    ) -> Task:
        """Send a tensor of the host into the fifo, in the order of `tap` (None: all, linearly).

        wait: issue a token, which the end of the group awaits. packet: (type, id).
        sizes, strides, offset, transfer_len: the order in numbers, as IRON 1.4.0 also takes it.
        """
        what = f"ObjectFifo.fill() of {self.fifo.label}"
        if not self.is_prod:
            raise DesignError(
                f"{what} through a cons handle", at=author_line(), fix="prod().fill(...)"
            )
        refuse_scratchpad_parameters(what, offset_parameter, length_parameter, length_unit)
        walk = tap_of_numbers(source, tap, sizes, strides, offset, transfer_len, what)
        return self._transfer(what, source, walk, wait, group, managed, packet)

    def drain(
        self,
        dest: Any,
        tap: TensorAccessPattern | None = None,
        wait: bool = False,
        packet: tuple[int, int] | None = None,
        offset_parameter: Any = None,
        group: TaskGroup | None = None,
        managed: bool = True,
        length_parameter: Any = None,
        length_unit: Any = None,
        *,
        sizes: Sequence[int] | None = None,
        strides: Sequence[int] | None = None,
        offset: int | None = None,
        transfer_len: int | None = None,
    ) -> Task:
        """Store the fifo's objects into a tensor of the host; arguments as for `fill`."""
        what = f"ObjectFifo.drain() of {self.fifo.label}"
        if self.is_prod:
            raise DesignError(
                f"{what} through a prod handle", at=author_line(), fix="cons().drain(...)"
            )
        refuse_scratchpad_parameters(what, offset_parameter, length_parameter, length_unit)
        walk = tap_of_numbers(dest, tap, sizes, strides, offset, transfer_len, what)
        return self._transfer(what, dest, walk, wait, group, managed, packet)

    def _transfer(
        self,
        what: str,
        tensor: Any,
        tap: TensorAccessPattern | None,
        wait: bool,
        group: TaskGroup | None,
        managed: bool,
        packet: tuple[int, int] | None,
    ) -> Task:
        trace = current_sequence(what)
        handle = self.standing_at_host()
        if not handle.is_host_end:
            assert handle.endpoint is not None
            raise DesignError(
                f"{what} at an end of {handle.endpoint.endpoint_label}",
                at=author_line(),
                because="the sequence moves objects at its own end only",
            )
        if handle not in trace.moved:
            trace.moved.append(handle)
        return start_transfer(
            trace,
            trace.body.names.of(self.fifo),
            what,
            tensor,
            tap,
            wait=wait,
            group=group,
            managed=managed,
            packet=packet,
        )


def _place(wish: Tile | None) -> object:
    """What two wishes for one tile have in common: the numbers, or being one object."""
    return (wish.col, wish.row) if wish is not None and wish.is_pinned else wish
