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
from ironbird.ir.codes import LOCK_ACTIONS, LOCK_BLOCKINGS, LockAction, LockBlocking
from ironbird.ir.integers import number_of
from ironbird.ir.locations import source_line_of
from ironbird.plan.build_types import value_type
from ironbird.plan.core_program import (
    AttributeValue,
    Block,
    CoreProgram,
    Operation,
    Region,
    ValueType,
)
from ironbird.plan.operation_attributes import attributes_of
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
}


def build_core_program(body: MlirRegion, parts: PlacedParts) -> CoreProgram:
    """The program of a core whose region is `body`."""
    builder = ProgramBuilder(parts)
    region = builder.region(body)
    return CoreProgram(tuple(builder.value_types), builder.with_outer_values(region))


@dataclass
class ProgramBuilder:
    """Numbers the values of one program while its operations are translated."""

    parts: PlacedParts
    value_types: list[ValueType] = field(default_factory=list)
    numbers: dict[SSAValue, int] = field(default_factory=dict)
    outer: list[Operation] = field(default_factory=list)

    def region(self, region: MlirRegion) -> Region:
        """Every block of `region`, in order."""
        blocks = list(region.blocks)
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
        return Block(arguments, tuple(self._operation(op, order) for op in block.ops))

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
        if symbol in self.parts.declared:
            name = "kernel.call"
            attributes = {"kernel": list(self.parts.declared).index(symbol)}
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

    def _dimension(self, op: MlirOperation, at: SourceLine | None) -> Operation:
        """A size is known when the plan is built: `memref.dim` is a constant."""
        view, index = op.operands
        axis = constant_of(index)
        if axis is None:
            raise DesignError("memref.dim of a dimension that is known only at run time", at=at)
        size = tuple(view.type.get_shape())[axis]  # type: ignore[attr-defined]
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


def constant_of(value: SSAValue) -> int | None:
    """The integer that `value` always is, or None if it is not an `arith.constant`."""
    if not isinstance(value, OpResult) or value.op.name != "arith.constant":
        return None
    return number_of(value.op.properties["value"])


def _sorted(attributes: dict[str, AttributeValue]) -> tuple[tuple[str, AttributeValue], ...]:
    return tuple(sorted(attributes.items()))
