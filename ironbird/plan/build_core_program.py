"""The region of a core, or of a function that cores call, as a `CoreProgram`.

Values get numbers in the order they are met. What lies outside the region (buffers, locks,
constants of the device) becomes operations at its top or numbers in attributes. An operation
outside the vocabulary of `core_program` is refused by name and line.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from xdsl.dialects.builtin import SymbolRefAttr
from xdsl.ir import Block as MlirBlock
from xdsl.ir import Operation as MlirOperation
from xdsl.ir import OpResult, SSAValue
from xdsl.ir import Region as MlirRegion

from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine
from ironbird.ir.aie import CoreOp
from ironbird.ir.codes import LOCK_ACTIONS, LOCK_BLOCKINGS, LockAction, LockBlocking
from ironbird.ir.integers import number_of
from ironbird.ir.locations import source_line_of
from ironbird.plan.build_types import is_wide_integer, value_type
from ironbird.plan.core_program import (
    AttributeValue,
    Block,
    CoreProgram,
    MemoryView,
    Operation,
    Region,
    ValueType,
)
from ironbird.plan.operation_attributes import attributes_of
from ironbird.plan.own_memory import OwnMemory
from ironbird.plan.placed_parts import PlacedParts

LOCK_ACTION_NAMES = {
    LockAction.ACQUIRE: "acquire_eq",
    LockAction.ACQUIRE_GREATER_EQUAL: "acquire_ge",
    LockAction.RELEASE: "release",
}
_RENAMED = {
    "aie.put_cascade": "cascade.put",
    "aie.get_cascade": "cascade.get",
    "aie.end": "end",
    "func.return": "function.return",
    "builtin.unrealized_conversion_cast": "arith.bitcast",
    "memref.memory_space_cast": "memref.cast",
    "vector.transfer_read": "vector.load",
    "vector.transfer_write": "vector.store",
}
# Without effect on what a core computes. What `aie.debug` shows is for upstream's simulator.
_NO_EFFECT = frozenset(["aie.debug", "memref.dealloc", "memref.assume_alignment"])
# What may be done with an integer of 128 or 512 bits.
_MOVES = ("aie.", "scf.", "cf.", "func.", "arith.constant", "arith.select")


def build_core_program(core: CoreOp, parts: PlacedParts, own: OwnMemory) -> CoreProgram:
    """The program of `core`; `own` holds the memory that it makes."""
    builder = ProgramBuilder(parts, core, own)
    region = builder.region(core.body)
    return CoreProgram(tuple(builder.value_types), builder.with_outer_values(region))


@dataclass
class ProgramBuilder:
    """Numbers the values of one program while its operations are translated.

    core, own: None in a function, which several cores may call.
    """

    parts: PlacedParts
    core: CoreOp | None
    own: OwnMemory | None
    value_types: list[ValueType] = field(default_factory=list)
    numbers: dict[SSAValue, int] = field(default_factory=dict)
    outer: list[Operation] = field(default_factory=list)

    def region(self, region: MlirRegion) -> Region:
        """Every block of `region` that can run, each behind those that it needs values of."""
        blocks = _reachable(region)
        for block in blocks:
            for argument in block.args:
                self._define(argument, None)
        order = {block: number for number, block in enumerate(blocks)}
        return Region(tuple(self._block(block, order) for block in blocks))

    def with_outer_values(self, region: Region) -> Region:
        """`region` with the values from outside defined at its top."""
        first, *others = region.blocks
        entry = Block(first.arguments, (*self.outer, *first.operations))
        return Region((entry, *others))

    def _block(self, block: MlirBlock, order: dict[MlirBlock, int]) -> Block:
        arguments = tuple(self.numbers[argument] for argument in block.args)
        operations = (op for op in block.ops if op.name not in _NO_EFFECT)
        return Block(arguments, tuple(self._operation(op, order) for op in operations))

    def _operation(self, op: MlirOperation, order: dict[MlirBlock, int]) -> Operation:
        at = source_line_of(op)
        match op.name:
            case "aie.use_lock":
                return self._lock_use(op, at)
            case "func.call":
                return self._call(op, at)
            case "aie.event":
                number = number_of(op.properties["val"])
                return Operation("event", attributes=(("number", number),), at=at)
            case "aie.get_stream" | "aie.put_stream":
                return self._stream(op, at)
            case "memref.dim":
                return self._dimension(op, at)
            case "memref.cast" | "memref.memory_space_cast":
                return self._cast(op, at)
            case "memref.alloca" | "memref.alloc":
                number = self._own(op, at).allocate(op, at)
                return self._own_view(op, "memref.alloca", number, at)
            case "memref.get_global":
                return self._own_view(op, "buffer", self._own(op, at).table(op, at), at)
        self._refuse_wide(op, at)
        attributes = attributes_of(op, at)
        if op.successors:
            attributes["successors"] = tuple(order[block] for block in op.successors)
        operands = self._operands(op.operands, at)
        results = tuple(self._define(result, at) for result in op.results)
        regions = tuple(self.region(region) for region in op.regions if region.blocks)
        name = _RENAMED.get(op.name, op.name)
        return Operation(name, operands, results, _sorted(attributes), regions, at)

    def _lock_use(self, op: MlirOperation, at: SourceLine | None) -> Operation:
        lock, count = op.operands
        blocking = op.properties.get("blocking")
        return Operation(
            "lock.use",
            self._operands([count], at),
            attributes=_sorted(
                {
                    "lock": self.parts.lock(lock, at),
                    "action": LOCK_ACTION_NAMES[LOCK_ACTIONS.word(op.properties["action"])],
                    "blocking": blocking is None
                    or LOCK_BLOCKINGS.word(blocking) is LockBlocking.BLOCKING,
                }
            ),
            at=at,
        )

    def _call(self, op: MlirOperation, at: SourceLine | None) -> Operation:
        callee = op.properties["callee"]
        assert isinstance(callee, SymbolRefAttr)
        symbol = callee.root_reference.data
        attributes: dict[str, AttributeValue]
        kernel = self.parts.kernel(symbol, self.core)
        if kernel is not None:
            name = "kernel.call"
            attributes = {"kernel": kernel}
        elif symbol in self.parts.defined:
            name = "function.call"
            attributes = {"function": list(self.parts.defined).index(symbol)}
        else:
            raise DesignError(f"the function {symbol!r} is called but not declared", at=at)
        operands = self._operands(op.operands, at)
        results = tuple(self._define(result, at) for result in op.results)
        return Operation(name, operands, results, _sorted(attributes), at=at)

    def _stream(self, op: MlirOperation, at: SourceLine | None) -> Operation:
        channel, *words = op.operands
        port = constant_of(channel)
        if port is None:
            raise DesignError(f"{op.name} on a port that is known only at run time", at=at)
        name = "stream.get" if op.name == "aie.get_stream" else "stream.put"
        operands = self._operands(words, at)
        results = tuple(self._define(result, at) for result in op.results)
        return Operation(name, operands, results, (("port", port),), at=at)

    def _cast(self, op: MlirOperation, at: SourceLine | None) -> Operation:
        """A cast may forget sizes that are known: the result keeps what its operand is."""
        (view,) = self._operands(op.operands, at)
        (result,) = op.results
        self.numbers[result] = len(self.value_types)
        self.value_types.append(self.value_types[view])
        return Operation("memref.cast", (view,), (self.numbers[result],), at=at)

    def _own(self, op: MlirOperation, at: SourceLine | None) -> OwnMemory:
        if self.own is None:
            raise DesignError(
                f"{op.name} in a function",
                at=at,
                because="several cores may call it, and each would need memory of its own",
                fix="the memory as an argument of the function",
            )
        return self.own

    def _own_view(
        self, op: MlirOperation, name: str, buffer: int, at: SourceLine | None
    ) -> Operation:
        number = self._define(op.results[0], at)
        return Operation(name, (), (number,), (("buffer", buffer),), at=at)

    def _refuse_wide(self, op: MlirOperation, at: SourceLine | None) -> None:
        wide = [value.type for value in (*op.operands, *op.results) if is_wide_integer(value.type)]
        if wide and not op.name.startswith(_MOVES):
            raise DesignError(
                f"{op.name} of {wide[0]}",
                at=at,
                because="a core moves integers of that width through streams and the cascade, and "
                "does not compute with them",
            )

    def _dimension(self, op: MlirOperation, at: SourceLine | None) -> Operation:
        """A size is known when the plan is built: `memref.dim` is a constant."""
        view, index = op.operands
        axis = constant_of(index)
        if axis is None:
            raise DesignError("memref.dim of a dimension that is known only at run time", at=at)
        known = self.value_types[self._number(view, at)]
        assert isinstance(known, MemoryView)
        if not 0 <= axis < len(known.shape):
            raise DesignError(
                f"memref.dim of dimension {axis}", at=at, because=f"{view.type} has no such one"
            )
        size = known.shape[axis]
        result = self._define(op.results[0], at)
        return Operation("arith.constant", (), (result,), (("value", size),), at=at)

    def _operands(self, values: Sequence[SSAValue], at: SourceLine | None) -> tuple[int, ...]:
        return tuple(self._number(value, at) for value in values)

    def _number(self, value: SSAValue, at: SourceLine | None) -> int:
        if value in self.numbers:
            return self.numbers[value]
        buffer = self.parts.buffer_of_value.get(value)
        if buffer is not None:
            number = self._define(value, at)
            self.outer.append(Operation("buffer", (), (number,), (("buffer", buffer),), at=at))
            return number
        if isinstance(value, OpResult) and value.op.name == "arith.constant":
            attributes = attributes_of(value.op, at)
            number = self._define(value, at)
            self.outer.append(
                Operation("arith.constant", (), (number,), _sorted(attributes), at=at)
            )
            return number
        maker = value.op.name if isinstance(value, OpResult) else "a block argument"
        raise DesignError(f"a core uses a value of {maker} from outside its program", at=at)

    def _define(self, value: SSAValue, at: SourceLine | None) -> int:
        self.numbers[value] = len(self.value_types)
        self.value_types.append(value_type(value.type, at))
        return self.numbers[value]


def _reachable(region: MlirRegion) -> list[MlirBlock]:
    """The blocks in reverse postorder: the entry first, and what dominates before what it does."""
    entry = region.blocks[0]
    seen = {entry}
    finished: list[MlirBlock] = []
    open_blocks = [(entry, iter(_successors(entry)))]
    while open_blocks:
        block, rest = open_blocks[-1]
        following = next((each for each in rest if each not in seen), None)
        if following is None:
            finished.append(block)
            open_blocks.pop()
        else:
            seen.add(following)
            open_blocks.append((following, iter(_successors(following))))
    return finished[::-1]


def _successors(block: MlirBlock) -> list[MlirBlock]:
    """Last first, so that the blocks of a program in order stay in order."""
    last = block.last_op
    return list(last.successors)[::-1] if last is not None else []


def constant_of(value: SSAValue) -> int | None:
    """The integer that `value` always is, or None if it is not an `arith.constant`."""
    if not isinstance(value, OpResult) or value.op.name != "arith.constant":
        return None
    return number_of(value.op.properties["value"])


def _sorted(attributes: dict[str, AttributeValue]) -> tuple[tuple[str, AttributeValue], ...]:
    return tuple(sorted(attributes.items()))
