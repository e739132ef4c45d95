"""Memory that a core's program makes itself: `memref.alloca`, `memref.alloc`, constant tables.

Each becomes a buffer of the plan that no other core sees. Refuses more than the stack holds, and
memory made inside a function, which several cores may call.
"""

from dataclasses import dataclass, field

from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, StringAttr, SymbolRefAttr
from xdsl.dialects.memref import GlobalOp
from xdsl.ir import Operation as MlirOperation

from ironbird.base.device import Tile
from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine
from ironbird.plan.build_types import memory_view
from ironbird.plan.initial_values import bytes_of
from ironbird.plan.placed_parts import PlacedParts
from ironbird.plan.plan import Buffer


@dataclass
class OwnMemory:
    """The memory of one core's program. stack_bytes: what the tile keeps for it."""

    parts: PlacedParts
    tile: Tile
    stack_bytes: int
    taken_bytes: int = 0
    tables: dict[str, int] = field(default_factory=dict)

    def allocate(self, op: MlirOperation, at: SourceLine | None) -> int:
        """The buffer that `op` makes, by its index in the plan.

        The heap of a core is unknown; assumed is that `memref.alloc` takes from the stack as well.
        """
        view = memory_view(op.results[0].type, at)
        number = sum(buffer.name.startswith(f"{self._prefix}own_") for buffer in self.parts.buffers)
        made = Buffer(
            name=f"{self._prefix}own_{number}",
            tile=self.tile,
            address=self.taken_bytes,
            shape=view.shape,
            element=view.element,
            at=at,
        )
        self.taken_bytes += made.byte_count
        if self.taken_bytes > self.stack_bytes:
            raise DesignError(
                f"{op.name} of {made.byte_count} bytes does not fit the stack of tile {self.tile}",
                at=at,
                because=f"the core's own memory comes to {self.taken_bytes} bytes; stack_size is "
                f"{self.stack_bytes}",
                fix=f"stack_size={-(-self.taken_bytes // 32) * 32 + 256}, or an aie.buffer",
            )
        return self._add(made)

    def table(self, op: MlirOperation, at: SourceLine | None) -> int:
        """The core's copy of the global that `op` names, by its index in the plan."""
        name = op.properties["name"]
        assert isinstance(name, SymbolRefAttr)
        symbol = name.root_reference.data
        if symbol not in self.tables:
            self.tables[symbol] = self._add(self._copy_of(_global(op, symbol, at), at))
        return self.tables[symbol]

    @property
    def _prefix(self) -> str:
        return f"core_{self.tile.column}_{self.tile.row}_"

    def _add(self, buffer: Buffer) -> int:
        self.parts.buffers.append(buffer)
        return len(self.parts.buffers) - 1

    def _copy_of(self, found: GlobalOp, at: SourceLine | None) -> Buffer:
        """The linker places it, and nothing in a design can name it by its address: 0 here."""
        view = memory_view(found.type, at)
        value = found.properties.get("initial_value")
        initial = None
        if isinstance(value, DenseIntOrFPElementsAttr):
            initial = bytes_of(value, view.shape, view.element, at)
        return Buffer(
            name=f"{self._prefix}{found.sym_name.data}",
            tile=self.tile,
            address=0,
            shape=view.shape,
            element=view.element,
            initial=initial,
            at=at,
        )


def _global(op: MlirOperation, symbol: str, at: SourceLine | None) -> GlobalOp:
    """The global called `symbol`, from the nearest region around `op` that has it."""
    around = op.parent_op()
    while around is not None:
        for region in around.regions:
            for block in region.blocks:
                for each in block.ops:
                    if isinstance(each, GlobalOp) and each.sym_name == StringAttr(symbol):
                        return each
        around = around.parent_op()
    raise DesignError(f"there is no memref.global called {symbol!r}", at=at)
