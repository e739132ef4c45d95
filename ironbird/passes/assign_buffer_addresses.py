"""Give every buffer of a tile its place in the tile's memory."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from xdsl.dialects.builtin import MemRefType

from ironbird.base.device import DeviceModel, Tile, TileKind, TileModel
from ironbird.base.errors import DesignError
from ironbird.ir.aie import BufferOp, CoreOp, DeviceOp, TileOp, tile_of
from ironbird.ir.integers import as_i32, number_of
from ironbird.ir.locations import name_of_location, source_line_of
from ironbird.passes.module_pass import ModulePass
from ironbird.passes.object_sizes import object_bytes

# A core loads vectors of 32 bytes; a memory tile's DMA moves words of 4 (AM020 ch2, ch5).
ALIGNMENT_BYTES = {TileKind.CORE: 32, TileKind.MEMORY: 4}


@dataclass(frozen=True)
class AssignBufferAddresses(ModulePass):
    """Place the buffers of each tile: stack, fixed, banked, then the largest first.

    Before:  `address` is absent, or set by hand; `mem_bank` may be asked for.
    After:   every `address` is set and no two buffers, nor the stack, overlap. Buffers take the
             banks in turn and say which (`mem_bank`). Where one of a tile does not fit a bank, or
             the tile says `allocation_scheme = "basic-sequential"`, the tile is packed from the
             stack upwards instead and `mem_bank` stays only where it was asked for.
    Refuses: a tile whose buffers do not fit, addresses by hand outside the memory, on each other,
             on the stack, or not aligned.
    """

    name: ClassVar[str] = "assign-buffer-addresses"

    def apply(self, device: DeviceOp, model: DeviceModel) -> None:
        ops = list(device.body.block.ops)
        buffers_of: dict[Tile, list[BufferOp]] = {}
        for op in ops:
            place = tile_of(op.tile) if isinstance(op, BufferOp) else None
            if isinstance(op, BufferOp) and place is not None:
                buffers_of.setdefault(place, []).append(op)
        stack_of = {
            tile_of(op.tile): _stack_bytes(op, model) for op in ops if isinstance(op, CoreOp)
        }
        sequential = {
            op.tile
            for op in ops
            if isinstance(op, TileOp)
            and op.allocation_scheme is not None
            and op.allocation_scheme.data == "basic-sequential"
        }
        for core in ops:
            if isinstance(core, CoreOp):
                _refuse_stack_larger_than_memory(core, model)
        for place, buffers in buffers_of.items():
            memory = _TileMemory(place, model.model(place), stack_of.get(place, 0), buffers)
            memory.check_fixed()
            if all(buffer.address is not None for buffer in buffers):
                continue
            if place in sequential or not memory.place_in_banks():
                memory.place_one_after_another()


@dataclass(frozen=True)
class _Range:
    """Bytes `start` up to, not including, `end`, and who has them."""

    start: int
    end: int
    user: str


class _TileMemory:
    """The memory of one tile while its buffers are placed."""

    def __init__(
        self, place: Tile, tile: TileModel, stack_bytes: int, buffers: Sequence[BufferOp]
    ) -> None:
        self.place = place
        self.tile = tile
        self.stack_bytes = stack_bytes
        self.buffers = buffers
        self.fixed = [buffer for buffer in buffers if buffer.address is not None]
        self.banked = [
            buffer for buffer in buffers if buffer.address is None and buffer.mem_bank is not None
        ]
        free = [buffer for buffer in buffers if buffer.address is None and buffer.mem_bank is None]
        self.largest_first = sorted(free, key=lambda buffer: -_bytes(buffer))

    def check_fixed(self) -> None:
        """Raise DesignError for an address or a bank by hand that cannot be."""
        taken = [_Range(0, self.stack_bytes, "the stack")] if self.stack_bytes else []
        for buffer in self.fixed:
            assert buffer.address is not None
            start = number_of(buffer.address)
            new = _Range(start, start + _bytes(buffer), _shown(buffer))
            reason = self._why_not_there(buffer, new, taken)
            if reason is not None:
                raise DesignError(
                    f"{_shown(buffer)} cannot lie at address {start} of tile {self.place}",
                    at=source_line_of(buffer),
                    because=reason,
                    fix="leave the address out to have it chosen",
                )
            taken.append(new)
        for buffer in (*self.fixed, *self.banked):
            bank = None if buffer.mem_bank is None else number_of(buffer.mem_bank)
            if bank is not None and not 0 <= bank < self.tile.bank_count:
                raise DesignError(
                    f"{_shown(buffer)} asks for bank {bank}",
                    at=source_line_of(buffer),
                    because=f"tile {self.place} has banks 0..{self.tile.bank_count - 1}",
                )

    def place_in_banks(self) -> bool:
        """Give the banks in turn. False, with nothing changed, where a buffer fits none."""
        next_free = [bank * self.tile.bank_bytes for bank in range(self.tile.bank_count)]
        self._use(next_free, 0, self.stack_bytes)
        if self.stack_bytes > self.tile.bank_bytes:
            return False
        for buffer in self.fixed:
            assert buffer.address is not None
            start = number_of(buffer.address)
            self._use(next_free, start, start + _bytes(buffer))
        chosen: dict[BufferOp, tuple[int, int]] = {}
        turn = 0
        for buffer in (*self.banked, *self.largest_first):
            asked = None if buffer.mem_bank is None else number_of(buffer.mem_bank)
            banks = (
                [(turn + step) % self.tile.bank_count for step in range(self.tile.bank_count)]
                if asked is None
                else [asked]
            )
            for bank in banks:
                start = self._aligned(next_free[bank], buffer)
                if start + _bytes(buffer) <= (bank + 1) * self.tile.bank_bytes:
                    break
            else:
                return False
            chosen[buffer] = (start, bank)
            next_free[bank] = start + _bytes(buffer)
            if asked is None:
                turn = (bank + 1) % self.tile.bank_count
        for buffer in self.fixed:
            assert buffer.address is not None
            bank = number_of(buffer.address) // self.tile.bank_bytes
            buffer.properties["mem_bank"] = as_i32(bank)  # type: ignore[assignment]
        for buffer, (start, bank) in chosen.items():
            buffer.properties["address"] = as_i32(start)  # type: ignore[assignment]
            buffer.properties["mem_bank"] = as_i32(bank)  # type: ignore[assignment]
        return True

    def place_one_after_another(self) -> None:
        """Pack from the stack upwards into the lowest gaps, largest first."""
        taken = [_Range(0, self.stack_bytes, "the stack")]
        for buffer in self.fixed:
            assert buffer.address is not None
            start = number_of(buffer.address)
            taken.append(_Range(start, start + _bytes(buffer), _shown(buffer)))
        for buffer in (*self.banked, *self.largest_first):
            lowest, highest = 0, self.tile.memory_bytes
            if buffer.mem_bank is not None:
                lowest = number_of(buffer.mem_bank) * self.tile.bank_bytes
                highest = lowest + self.tile.bank_bytes
            start = self._lowest_gap(buffer, lowest, taken)
            if start + _bytes(buffer) > highest:
                raise self._does_not_fit(buffer)
            buffer.properties["address"] = as_i32(start)  # type: ignore[assignment]
            taken.append(_Range(start, start + _bytes(buffer), _shown(buffer)))

    def _lowest_gap(self, buffer: BufferOp, lowest: int, taken: Iterable[_Range]) -> int:
        start = self._aligned(lowest, buffer)
        for used in sorted(taken, key=lambda used: used.start):
            if used.start < start + _bytes(buffer) and start < used.end:
                start = self._aligned(used.end, buffer)
        return start

    def _why_not_there(self, buffer: BufferOp, new: _Range, taken: Iterable[_Range]) -> str | None:
        if new.start < 0 or new.end > self.tile.memory_bytes:
            return f"it would end at {new.end}; the tile has {self.tile.memory_bytes} bytes"
        if self._aligned(new.start, buffer) != new.start:
            return (
                f"addresses on a {self.tile.kind} tile are multiples of {self._alignment(buffer)}"
            )
        for used in taken:
            if used.start < new.end and new.start < used.end:
                return f"{used.user} has bytes {used.start}..{used.end - 1}"
        bank = new.start // self.tile.bank_bytes
        if buffer.mem_bank is not None and number_of(buffer.mem_bank) != bank:
            return f"it asks for bank {number_of(buffer.mem_bank)}; the address is in bank {bank}"
        return None

    def _does_not_fit(self, buffer: BufferOp) -> DesignError:
        """Blames the fifo or buffer with the most bytes, and lists what the others take."""
        groups: dict[str, list[BufferOp]] = {}
        for each in self.buffers:
            groups.setdefault(_shown_owner(each), []).append(each)
        totals = {owner: sum(map(_bytes, group)) for owner, group in groups.items()}
        guilty = max(totals, key=lambda owner: totals[owner])
        group = groups[guilty]
        size = _bytes(group[0])
        others = [f"{owner} {total}" for owner, total in totals.items() if owner != guilty]
        if self.stack_bytes:
            others.insert(0, f"stack {self.stack_bytes}")
        used = self.stack_bytes + sum(totals.values()) - totals[guilty]
        free = self.tile.memory_bytes - used
        less = f" ({self.tile.memory_bytes} less {', '.join(others)})" if others else ""
        demand = (
            f"{len(group)} buffers x {size} bytes = {totals[guilty]}"
            if len(group) > 1
            else f"1 buffer of {size} bytes"
        )
        step = self._alignment(buffer)
        most = max(0, free // len(group) // step * step)
        reason = f"{demand}; {max(0, free)} bytes are free{less}"
        fix = f"buffers of at most {most} bytes" if most else "fewer or smaller buffers here"
        if totals[guilty] <= free:
            reason += f"; no gap of {_bytes(buffer)} bytes is left for {_shown(buffer)}"
            fix = "no fixed addresses on this tile, or smaller buffers"
        return DesignError(
            f"{guilty} does not fit the memory of tile {self.place}",
            at=source_line_of(group[0]),
            because=reason,
            fix=fix,
        )

    def _use(self, next_free: list[int], start: int, end: int) -> None:
        """Note that the banks are used from `start` up to `end`."""
        size = self.tile.bank_bytes
        for bank in range(self.tile.bank_count):
            if start < (bank + 1) * size and bank * size < end:
                next_free[bank] = max(next_free[bank], min(end, (bank + 1) * size))

    def _alignment(self, buffer: BufferOp) -> int:
        return ALIGNMENT_BYTES[self.tile.kind] if number_of(buffer.aligned) else 1

    def _aligned(self, address: int, buffer: BufferOp) -> int:
        step = self._alignment(buffer)
        return -(-address // step) * step


def _refuse_stack_larger_than_memory(core: CoreOp, model: DeviceModel) -> None:
    place = tile_of(core.tile)
    assert place is not None
    stack, memory = _stack_bytes(core, model), model.model(place).memory_bytes
    if stack >= memory:
        raise DesignError(
            f"The stack of the core of tile {place} leaves no memory for its buffers",
            at=source_line_of(core),
            because=f"stack_size is {stack} bytes; the tile has {memory}",
            fix="a smaller stack_size",
        )


def _stack_bytes(core: CoreOp, model: DeviceModel) -> int:
    return model.default_stack_bytes if core.stack_size is None else number_of(core.stack_size)


def _bytes(buffer: BufferOp) -> int:
    assert isinstance(buffer.buffer.type, MemRefType)
    return object_bytes(buffer.buffer.type)


def _shown(buffer: BufferOp) -> str:
    return f"Buffer {buffer.sym_name.data!r}" if buffer.sym_name is not None else "A buffer"


def _shown_owner(buffer: BufferOp) -> str:
    name = name_of_location(buffer)
    return f"ObjectFifo {name!r}" if name is not None else _shown(buffer)
