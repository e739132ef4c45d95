"""The numbers that MLIR keeps for enumerated properties, and the words it prints for them.

A property such as `action` is an integer attribute; its meaning is a word.
`LOCK_ACTIONS.word(attr)` turns the attribute into the word, `LOCK_ACTIONS.attr(word)` the word
into the attribute.

Source of the numbers: mlir-aie include/aie/Dialect/AIE/IR/AIEAttrs.td, AIEX.td.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic

from typing_extensions import TypeVar
from xdsl.dialects.builtin import IntegerAttr, i32
from xdsl.ir import Attribute
from xdsl.irdl import AttrConstraint, IntConstraint, VerificationContext
from xdsl.utils.exceptions import VerifyException

from ironbird.base.device import Bundle, Direction, TileKind
from ironbird.ir.integers import Integer

WordT = TypeVar("WordT", bound=StrEnum)


class Codes(Generic[WordT]):
    """A two-way table between the integers of a property and the words of an enumeration."""

    def __init__(self, words: Mapping[int, WordT]) -> None:
        self.words = dict(words)
        self._attrs: dict[str, Integer] = {
            word: IntegerAttr(code, i32) for code, word in words.items()
        }

    def word(self, attr: Attribute) -> WordT:
        """The word that `attr` stands for. Raises ValueError for a number without one."""
        assert isinstance(attr, IntegerAttr)
        found = self.words.get(attr.value.data)
        if found is None:
            known = ", ".join(f"{code} {word}" for code, word in self.words.items())
            raise ValueError(f"{attr.value.data} has no meaning; known: {known}")
        return found

    def attr(self, word: WordT | str) -> Integer:
        """The attribute for `word`. Raises KeyError for a word outside the table."""
        return self._attrs[word]

    def find(self, text: str) -> Integer | None:
        """The attribute for a printed word, or None if it is not one of these."""
        return self._attrs.get(text)


@dataclass(frozen=True)
class Coded(AttrConstraint[Integer]):
    """A property whose number is one of a table's."""

    codes: Codes[Any]

    def verify(self, attr: Attribute, constraint_context: VerificationContext) -> None:
        if not isinstance(attr, IntegerAttr):
            raise VerifyException(f"{attr} is no integer")
        try:
            self.codes.word(attr)
        except ValueError as error:
            raise VerifyException(str(error)) from None

    def mapping_type_vars(
        self, type_var_mapping: Mapping[TypeVar, AttrConstraint | IntConstraint]
    ) -> AttrConstraint[Integer]:
        return self


class FifoPort(StrEnum):
    """Which end of a fifo a core holds."""

    PRODUCE = "Produce"
    CONSUME = "Consume"


class LockAction(StrEnum):
    """What `aie.use_lock` does. ACQUIRE waits for equality, ACQUIRE_GREATER_EQUAL for at least."""

    ACQUIRE = "Acquire"
    RELEASE = "Release"
    ACQUIRE_GREATER_EQUAL = "AcquireGreaterEqual"


class LockBlocking(StrEnum):
    """Whether an acquire waits."""

    NON_BLOCKING = "NonBlocking"
    BLOCKING = "Blocking"


class LogicalTileType(StrEnum):
    """The kinds of tile that `aie.logical_tile` can ask for."""

    CORE = "CoreTile"
    MEMORY = "MemTile"
    SHIM_NOC = "ShimNOCTile"
    SHIM_PL = "ShimPLTile"

    @property
    def kind(self) -> TileKind | None:
        """The kind of the device model; None for ShimPLTile, which npu1 lacks."""
        return _KINDS.get(self)

    @classmethod
    def of(cls, kind: TileKind) -> "LogicalTileType":
        """The type that asks for a tile of `kind`."""
        return next(type_ for type_, known in _KINDS.items() if known is kind)


_KINDS = {
    LogicalTileType.CORE: TileKind.CORE,
    LogicalTileType.MEMORY: TileKind.MEMORY,
    LogicalTileType.SHIM_NOC: TileKind.SHIM,
}


class DeviceName(StrEnum):
    """The devices of the family that the text may name. We model those called npu1."""

    XCVC1902 = "xcvc1902"
    XCVE2302 = "xcve2302"
    XCVE2802 = "xcve2802"
    NPU1 = "npu1"
    NPU1_1COL = "npu1_1col"
    NPU1_2COL = "npu1_2col"
    NPU1_3COL = "npu1_3col"
    NPU2 = "npu2"


class TraceMode(StrEnum):
    """What a trace unit records with each event."""

    EVENT_TIME = "Event-Time"
    EVENT_PC = "Event-PC"
    EXECUTION = "Execution"


class TracePacketType(StrEnum):
    """The trace unit that a packet comes from."""

    CORE = "core"
    MEMORY = "mem"
    SHIM = "shimtile"
    MEMORY_TILE = "memtile"


class ComboLogic(StrEnum):
    """How a combo event joins its two events."""

    AND = "AND"
    AND_NOT = "AND_NOT"
    OR = "OR"
    OR_NOT = "OR_NOT"


class EdgeTrigger(StrEnum):
    """Which change of an event an edge event reports."""

    RISING = "RISING"
    FALLING = "FALLING"
    BOTH = "BOTH"


class ScratchpadFunction(StrEnum):
    """What `aiex.npu.update_from_scratchpad` does with the value it finds."""

    MULTIPLY = "mul"
    ADD = "incr"
    SUBTRACT = "decr"


BUNDLES = Codes(
    {
        0: Bundle.CORE,
        1: Bundle.DMA,
        2: Bundle.FIFO,
        3: Bundle.SOUTH,
        4: Bundle.WEST,
        5: Bundle.NORTH,
        6: Bundle.EAST,
        7: Bundle.PLIO,
        8: Bundle.NOC,
        9: Bundle.TRACE,
        10: Bundle.TILE_CONTROL,
    }
)
CASCADE_SIDES = Codes({3: Bundle.SOUTH, 4: Bundle.WEST, 5: Bundle.NORTH, 6: Bundle.EAST})
DIRECTIONS = Codes({0: Direction.S2MM, 1: Direction.MM2S})
FIFO_PORTS = Codes({0: FifoPort.PRODUCE, 1: FifoPort.CONSUME})
LOCK_ACTIONS = Codes(
    {0: LockAction.ACQUIRE, 1: LockAction.RELEASE, 2: LockAction.ACQUIRE_GREATER_EQUAL}
)
LOCK_BLOCKINGS = Codes({0: LockBlocking.NON_BLOCKING, 1: LockBlocking.BLOCKING})
LOGICAL_TILE_TYPES = Codes(
    {
        0: LogicalTileType.CORE,
        1: LogicalTileType.MEMORY,
        2: LogicalTileType.SHIM_NOC,
        3: LogicalTileType.SHIM_PL,
    }
)
# The samples hold 4 to 7; the other numbers follow the order of AIEAttrs.td.
DEVICE_NAMES = Codes(dict(enumerate(DeviceName, start=1)))
# The samples hold 0 and 1; unknown: that Execution is 2 is assumed.
TRACE_MODES = Codes(dict(enumerate(TraceMode)))
TRACE_PACKET_TYPES = Codes(dict(enumerate(TracePacketType)))
# The samples hold AND_NOT, 1; the others follow the order of AIEAttrs.td.
COMBO_LOGICS = Codes(dict(enumerate(ComboLogic)))
# Unknown: FALLING and BOTH are assumed to follow RISING, which is 1.
EDGE_TRIGGERS = Codes(dict(enumerate(EdgeTrigger, start=1)))
# Unknown: 1 is assumed to be the function that the text leaves out (see NpuUpdateFromScratchpadOp).
SCRATCHPAD_FUNCTIONS = Codes(dict(enumerate(ScratchpadFunction)))
