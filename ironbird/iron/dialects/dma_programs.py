"""DMA programs written by hand, in either of upstream's two forms.

With blocks, where the chain says where it goes on:

    @mem(tile)
    def program(block):
        dma_start(DMAChannelDir.S2MM, 0, dest=block["in"], chain=block["end"])
        with block["in"]:
            dma_bd(buffer)
            next_bd(block["in"])
        with block["end"]:
            EndOp()

Or with a function for each descriptor, which run in turn for ever unless `loop=False`:

    @mem(tile)
    def program():
        @dma(DMAChannelDir.S2MM, 0)
        def descriptor():
            dma_bd(buffer)
"""

import inspect
from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import Any, ClassVar

from xdsl.ir import Block, Operation, Region

from ironbird.base.device import Direction
from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir import aie
from ironbird.iron.core_buffers import MemRefValue
from ironbird.iron.dialects.builder import builder
from ironbird.iron.dialects.region import (
    Built,
    RegionKind,
    building,
    end_of,
    region_of,
    value_of,
)
from ironbird.iron.dialects.types import T, buffer_type
from ironbird.iron.mlir_types import memref_type

Body = Callable[..., Any]


class ContextManagedBlock:
    """A block of a DMA program: `with block:` what is made inside goes into it."""

    def __init__(self, wrapped_block: Block) -> None:
        self.block = wrapped_block
        self._stack = ExitStack()

    def __enter__(self) -> "ContextManagedBlock":
        self._stack.enter_context(building(self.block, "a block of a DMA program", author_line()))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, trace)


class AutoInitializingContextManagedBlockList:
    """The blocks of a region by any key; a block is made when its key is first used.

    The first key is the region's entry where that is still empty and `starts_at_entry`.
    """

    def __init__(self, root_block_list: Region, *, starts_at_entry: bool = False) -> None:
        self._region = root_block_list
        self._starts_at_entry = starts_at_entry
        self._blocks: dict[Any, ContextManagedBlock] = {}

    def __getitem__(self, key: Any) -> ContextManagedBlock:
        if key not in self._blocks:
            self._blocks[key] = ContextManagedBlock(self._next())
        return self._blocks[key]

    def _next(self) -> Block:
        blocks = self._region.blocks
        if self._starts_at_entry and not self._blocks and blocks and blocks[0].first_op is None:
            return blocks[0]
        made = Block()
        self._region.add_block(made)
        return made

    def __enter__(self) -> "AutoInitializingContextManagedBlockList":
        return self

    def __exit__(self, *_error: object) -> None:
        return None


@builder
def bds(parent: Any) -> AutoInitializingContextManagedBlockList:
    """The descriptors of a task or a chain: `with bds(task) as bd:`, then `with bd[0]:`."""
    op = parent.op if isinstance(parent, Built) else parent
    if not isinstance(op, Operation) or len(op.regions) != 1:
        raise DesignError(
            f"bds({type(parent).__name__})",
            at=author_line(),
            because="it takes a task, a chain or a DMA program",
            fix="bds(dma_configure_task_for(fifo))",
        )
    return AutoInitializingContextManagedBlockList(op.regions[0], starts_at_entry=True)


class PlacedProgram(Built):
    """The DMA program of a tile under construction. result: the type of its value, an index."""

    kind: ClassVar[type[aie.DmaProgram]]

    def __init__(self, result: Any, tile: Any, loc: Any = None, ip: Any = None) -> None:
        what = self.kind.name.removeprefix("aie.")
        trace = region_of(what, RegionKind.DEVICE)
        super().__init__(trace.emit(self.kind(value_of(tile, f"the tile of {what}"))))

    @property
    def body(self) -> Region:
        """Its region."""
        return self.op.regions[0]


class MemOp(PlacedProgram):
    """The DMA program of a core tile."""

    kind = aie.MemOp


class MemTileDMAOp(PlacedProgram):
    """The DMA program of a memory tile."""

    kind = aie.MemtileDmaOp


class ShimDMAOp(PlacedProgram):
    """The DMA program of a shim tile, on external buffers."""

    kind = aie.ShimDmaOp


def get_dma_region_decorator(
    op_obj_constructor: Callable[[], PlacedProgram],
) -> Callable[[Body], PlacedProgram]:
    """A decorator whose function builds the DMA program `op_obj_constructor` makes, at once."""
    made = op_obj_constructor()
    at = author_line()
    what = f"the {made.op.name.removeprefix('aie.')}"

    def build(body: Body) -> PlacedProgram:
        entry = made.body.blocks[0]
        blocks = AutoInitializingContextManagedBlockList(made.body)
        with building(entry, what, at):
            body(*_wanted(body, blocks, what))
        if not isinstance(entry.last_op, aie.DmaStartOp | aie.NextBdOp):
            end_of(entry, at)
        return made

    return build


@builder
def mem(tile: Any) -> Callable[[Body], PlacedProgram]:
    """`@mem(tile)`: the DMA program of a core tile."""
    return get_dma_region_decorator(lambda: MemOp(T.index(), tile))


@builder
def memtile_dma(tile: Any) -> Callable[[Body], PlacedProgram]:
    """`@memtile_dma(tile)`: the DMA program of a memory tile."""
    return get_dma_region_decorator(lambda: MemTileDMAOp(T.index(), tile))


@builder
def shim_dma(tile: Any) -> Callable[[Body], PlacedProgram]:
    """`@shim_dma(tile)`: the DMA program of a shim tile, on external buffers."""
    return get_dma_region_decorator(lambda: ShimDMAOp(T.index(), tile))


shim_mem = shim_dma


class DMAStartOp(Built):
    """Start a channel with the chain at `dest`, then go on at `chain`.

    repeat_count: runs of the chain beyond the first. A block that is not given is this one.
    """

    op: aie.DmaStartOp

    def __init__(
        self,
        channel_dir: Any,
        channel_index: int,
        *,
        dest: Any = None,
        chain: Any = None,
        repeat_count: int | None = None,
        loc: Any = None,
        ip: Any = None,
    ) -> None:
        trace = region_of("dma_start", RegionKind.DMA)
        here = trace.innermost.block
        blocks = _block_of(dest, here), _block_of(chain, here)
        made = aie.DmaStartOp(Direction(channel_dir), channel_index, *blocks, repeat_count or 0)
        super().__init__(trace.emit(made))

    @property
    def dest(self) -> Block:
        """The chain's first block."""
        return self.op.dest

    @property
    def chain(self) -> Block:
        """The block with what follows."""
        return self.op.chain


@builder
def dma_start(
    channel_dir: Any,
    channel_index: int,
    *,
    dest: Any = None,
    chain: Any = None,
    repeat_count: int = 0,
    loc: Any = None,
    ip: Any = None,
) -> tuple[Block, Block]:
    """Start a channel as `DMAStartOp` does; returns both blocks."""
    made = DMAStartOp(channel_dir, channel_index, dest=dest, chain=chain, repeat_count=repeat_count)
    return made.dest, made.chain


class NextBDOp(Built):
    """Go on with the descriptor at `dest`, this one where none is given."""

    op: aie.NextBdOp

    def __init__(self, dest: Any = None, *, loc: Any = None, ip: Any = None) -> None:
        trace = region_of("next_bd", RegionKind.DMA)
        made = aie.NextBdOp(_block_of(dest, trace.innermost.block))
        super().__init__(trace.emit(made))

    @property
    def dest(self) -> Block:
        """The block that follows."""
        return self.op.dest


@builder
def next_bd(dest: Any = None, loc: Any = None, ip: Any = None) -> Block:
    """Go on with the descriptor at `dest`; returns its block."""
    return NextBDOp(dest).dest


class PlacedDma(Built):
    """A channel with a region for each descriptor."""

    op: aie.DmaOp


@builder
def dma(
    channel_dir: Any,
    channel_index: int,
    *,
    num_blocks: int = 1,
    loop: bool | None = None,
    repeat_count: int | None = None,
    sym_name: str | None = None,
    loc: Any = None,
    ip: Any = None,
) -> Callable[[Body], PlacedDma]:
    """`@dma(direction, channel, num_blocks=n)`: the function builds the first of n descriptors.

    `@another_bd(...)` builds the others. loop: start anew behind the last one.
    """
    trace = region_of("dma", RegionKind.DMA)
    at = author_line()
    made = aie.DmaOp(
        Direction(channel_dir),
        channel_index,
        [Region(Block()) for _ in range(num_blocks)],
        loop=loop is not False,
        repeat_count=repeat_count or 0,
        sym_name=sym_name,
    )
    trace.emit(made)

    def build(body: Body) -> PlacedDma:
        with building(made.bds[0].block, f"descriptor {body.__name__!r}", at):
            body()
        return PlacedDma(made)

    return build


@builder
def another_bd(dma_op: PlacedDma) -> Callable[[Body], PlacedDma]:
    """`@another_bd(channel)`: the function builds the channel's next descriptor."""
    region_of("another_bd", RegionKind.DMA)
    at = author_line()
    empty = [region for region in dma_op.op.bds if region.block.first_op is None]
    if not empty:
        raise DesignError(
            "another_bd of a channel whose descriptors are all built",
            at=at,
            because=f"it has num_blocks={len(dma_op.op.bds)}",
            fix=f"num_blocks={len(dma_op.op.bds) + 1}",
        )

    def build(body: Body) -> PlacedDma:
        with building(empty[0].block, f"descriptor {body.__name__!r}", at):
            body()
        return dma_op

    return build


class PlacedChain(Built):
    """A chain of descriptors with buffers as parameters."""

    op: aie.BdChainOp

    @property
    def sym_name(self) -> str:
        """Its name."""
        return self.op.sym_name.data


@builder
def bd_chain(*inputs: Any) -> Callable[[Body], PlacedChain]:
    """`@bd_chain(type, ...)`: the function builds a chain that the sequence starts by its name.

    It receives the buffers, and before them the chain's blocks if it has one parameter more.
    """
    trace = region_of("bd_chain", RegionKind.DEVICE)
    at = author_line()
    types = [memref_type(buffer_type(each, of="a buffer of bd_chain")) for each in inputs]

    def build(body: Body) -> PlacedChain:
        region = Region(Block(arg_types=types))
        made = trace.emit(aie.BdChainOp(body.__name__, region), at=at)
        blocks = AutoInitializingContextManagedBlockList(region, starts_at_entry=True)
        buffers = [MemRefValue(each) for each in region.blocks[0].args]
        takes_blocks = len(inspect.signature(body).parameters) == len(buffers) + 1
        with building(region.blocks[0], f"the chain {body.__name__!r}", at):
            body(*([blocks] if takes_blocks else []), *buffers)
        return PlacedChain(made)

    return build


def _wanted(
    body: Body, blocks: AutoInitializingContextManagedBlockList, what: str
) -> list[AutoInitializingContextManagedBlockList]:
    """The arguments that a DMA program's function takes: its blocks, or nothing."""
    count = len(inspect.signature(body).parameters)
    if count > 1:
        raise DesignError(
            f"the function of {what} takes {count} arguments",
            at=author_line(),
            because="it is given the blocks of the program, or nothing",
            fix=f"def {body.__name__}(block):",
        )
    return [blocks][:count]


def _block_of(given: Any, here: Block) -> Block:
    if given is None:
        return here
    if isinstance(given, ContextManagedBlock):
        return given.block
    if isinstance(given, Block):
        return given
    raise DesignError(
        f"a DMA program goes on at a {type(given).__name__}",
        at=author_line(),
        fix='block["name"], of the function\'s argument',
    )
