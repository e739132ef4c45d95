"""Loops of a runtime sequence, written out; numbers computed in it, folded.

The host's controller has no loops: what repeats is written as often as it happens.
"""

from dataclasses import dataclass
from typing import ClassVar

from xdsl.dialects import scf
from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import DenseArrayBase, IndexType, IntegerAttr, IntegerType, i64
from xdsl.ir import Block, Operation, SSAValue

from ironbird.base.device import DeviceModel, Tile
from ironbird.base.errors import DesignError
from ironbird.ir.aie import DeviceOp, DmaBdOp
from ironbird.ir.aiex import (
    DmaBdPoolPopOp,
    DmaBdPoolPushOp,
    DmaConfigureTaskForOp,
    DmaConfigureTaskOp,
    NpuAssertBdDivisibleOp,
    NpuAssertBdFieldOp,
    NpuDmaMemcpyNdOp,
)
from ironbird.ir.integers import RUN_TIME, as_i32, number_of
from ironbird.ir.locations import source_line_of
from ironbird.passes.lower_sequence.sequence_arithmetic import computed
from ironbird.passes.lower_sequence.sequences import erase, insert_before, sequences
from ironbird.passes.module_pass import ModulePass


@dataclass(frozen=True)
class UnrollSequenceLoops(ModulePass):
    """Write out every loop and decide every condition of the runtime sequences.

    Before:  `scf.for` and `scf.if` with numbers known when the design is built.
    After:   straight lines; every number of a descriptor is static.
    Refuses: a bound, a condition or a number that only the run would know; more than
             `max_operations` operations.
    """

    name: ClassVar[str] = "unroll-sequence-loops"
    max_operations: int = 20_000

    def apply(self, device: DeviceOp, model: DeviceModel) -> None:
        for sequence in sequences(device):
            _Unroller(self.max_operations, model).block(sequence.body.block)
            _drop_unused_constants(sequence.body.block)


@dataclass
class _Unroller:
    """Walks a block in order and keeps the integers it has learnt."""

    most_copies: int
    model: DeviceModel

    def __post_init__(self) -> None:
        self.copies_left = self.most_copies
        self.known: dict[SSAValue, int] = {}
        self.popped: dict[Tile, set[int]] = {}

    def block(self, block: Block) -> None:
        op = block.first_op
        while op is not None:
            op = self._step(op)

    def _step(self, op: Operation) -> Operation | None:
        """Deal with `op`; the operation to go on with."""
        match op:
            case scf.ForOp():
                return self._unroll(op)
            case scf.IfOp():
                return self._decide(op)
            case DmaBdOp() | NpuDmaMemcpyNdOp():
                self._make_static(op)
            case DmaConfigureTaskOp() | DmaConfigureTaskForOp():
                self._make_task_static(op)
                for inner in op.body.blocks:
                    self.block(inner)
            case DmaBdPoolPopOp():
                return self._pop(op)
            case DmaBdPoolPushOp():
                return self._push(op)
            case NpuAssertBdFieldOp() | NpuAssertBdDivisibleOp():
                return self._check(op)
            case _:
                following = op.next_op
                self._fold(op)
                return following
        return op.next_op

    def _unroll(self, op: scf.ForOp) -> Operation | None:
        lower, upper, step = (self._number(bound, op) for bound in (op.lb, op.ub, op.step))
        if step < 1:
            raise DesignError(
                f"a loop of the runtime sequence has step {step}", at=source_line_of(op)
            )
        carried = list(op.iter_args)
        first: Operation | None = None
        for index in range(lower, upper, step):
            constant = _constant(index, op.body.block.args[0])
            values: list[SSAValue] = [constant.result, *carried]
            mapping: dict[SSAValue, SSAValue] = dict(zip(op.body.block.args, values, strict=True))
            insert_before(op, constant)
            first = first or constant
            carried = self._copy(op.body.block, op, mapping)
        return self._replace(op, carried, first)

    def _decide(self, op: scf.IfOp) -> Operation | None:
        region = op.true_region if self._number(op.cond, op) else op.false_region
        marker = _constant(0, op.cond)
        insert_before(op, marker)
        results = self._copy(region.block, op, {}) if region.blocks else []
        return self._replace(op, results, marker)

    def _copy(
        self, block: Block, before: Operation, mapping: dict[SSAValue, SSAValue]
    ) -> list[SSAValue]:
        """Clone what `block` does in front of `before`; the values it yields."""
        yielded: list[SSAValue] = []
        for op in block.ops:
            if isinstance(op, scf.YieldOp):
                yielded = [mapping.get(value, value) for value in op.arguments]
            else:
                self._count(op)
                insert_before(before, op.clone(value_mapper=mapping))
        return yielded

    def _count(self, op: Operation) -> None:
        self.copies_left -= 1
        if self.copies_left < 0:
            raise DesignError(
                "the runtime sequence is too long when its loops are written out",
                at=source_line_of(op),
                because=f"more than {self.most_copies} operations; "
                "the host's controller has no loops",
                fix="fewer, larger transfers: a tap repeats inside one task",
            )

    def _replace(
        self, op: Operation, values: list[SSAValue], first: Operation | None
    ) -> Operation | None:
        following = op.next_op
        for result, value in zip(op.results, values, strict=True):
            result.replace_all_uses_with(value)
        erase(op)
        return first if first is not None else following

    def _fold(self, op: Operation) -> None:
        if op.name == "arith.constant" and isinstance(op.properties["value"], IntegerAttr):
            self.known[op.results[0]] = number_of(op.properties["value"])
            return
        if len(op.results) != 1 or any(operand not in self.known for operand in op.operands):
            return
        number = computed(op, [self.known[operand] for operand in op.operands])
        if number is not None:
            self._learn(op, number)

    def _learn(self, op: Operation, number: int) -> None:
        """Put the constant `number` in the place of `op`."""
        constant = _constant(number, op.results[0])
        self.known[constant.result] = number
        insert_before(op, constant)
        op.results[0].replace_all_uses_with(constant.result)
        erase(op)

    def _pop(self, op: DmaBdPoolPopOp) -> Operation | None:
        """The lowest descriptor of the tile that nobody has popped."""
        following = op.next_op
        tile = Tile(number_of(op.column), number_of(op.row))
        taken = self.popped.setdefault(tile, set())
        bd_id = next(number for number in range(len(taken) + 1) if number not in taken)
        most = self.model.model(tile).descriptor_count
        if bd_id >= most:
            raise DesignError(
                f"the runtime sequence takes more than {most} descriptors of tile {tile}",
                at=source_line_of(op),
                because="none was given back",
                fix="fewer transfers under way at once",
            )
        taken.add(bd_id)
        self._learn(op, bd_id)
        return following

    def _push(self, op: DmaBdPoolPushOp) -> Operation | None:
        following = op.next_op
        tile = Tile(number_of(op.column), number_of(op.row))
        self.popped.setdefault(tile, set()).discard(self._number(op.bd_id, op))
        erase(op)
        return following

    def _check(self, op: NpuAssertBdFieldOp | NpuAssertBdDivisibleOp) -> Operation | None:
        """Do now what the code of the host would do when it is called."""
        following = op.next_op
        value = self._number(op.value, op)
        if isinstance(op, NpuAssertBdFieldOp):
            holds, wanted = 0 <= value <= number_of(op.max), f"0..{number_of(op.max)}"
        else:
            divisor = number_of(op.divisor)
            holds = value % divisor == 0 or (op.allow_unit is not None and value == 1)
            wanted = f"a multiple of {divisor}"
        if not holds:
            raise DesignError(
                f"a descriptor of the runtime sequence gets {value}",
                at=source_line_of(op),
                because=f"its field takes {wanted}",
            )
        erase(op)
        return following

    def _make_static(self, op: DmaBdOp | NpuDmaMemcpyNdOp) -> None:
        """Turn operands into numbers of the static lists."""
        if isinstance(op, DmaBdOp):
            if op.offset is not None:
                op.static_offset = as_i32(self._number(op.offset, op))
            if op.len is not None:
                op.static_len = as_i32(self._number(op.len, op))
            lists = {"static_sizes": op.sizes, "static_strides": op.strides}
            kept = [op.buffer]
        else:
            lists = {
                "static_offsets": op.offsets,
                "static_sizes": op.sizes,
                "static_strides": op.strides,
            }
            kept = [op.memref]
        for name, operands in lists.items():
            values = iter([self._number(operand, op) for operand in operands])
            static = op.properties.get(name)
            if isinstance(static, DenseArrayBase):
                op.properties[name] = DenseArrayBase.from_list(
                    i64, [next(values) if n == RUN_TIME else int(n) for n in static.get_values()]
                )
        _keep_operands(op, kept)

    def _make_task_static(self, op: DmaConfigureTaskOp | DmaConfigureTaskForOp) -> None:
        if op.repeat_count_value is not None:
            op.repeat_count = as_i32(self._number(op.repeat_count_value, op))
        if isinstance(op, DmaConfigureTaskForOp):
            _keep_operands(op, [])
            return
        if op.bd_id_value is not None:
            first = next(each for each in op.body.walk() if isinstance(each, DmaBdOp))
            first.bd_id = as_i32(self._number(op.bd_id_value, op))
        _keep_operands(op, [op.tile])

    def _number(self, value: SSAValue, user: Operation) -> int:
        if value not in self.known:
            raise DesignError(
                f"{user.name} in the runtime sequence needs a number that only the run would know",
                at=source_line_of(user),
                because="the sequence is compiled once, with every number in it",
                fix="a Python number where the design is built, or --scalar N=V to run a file",
            )
        return self.known[value]


def _constant(number: int, like: SSAValue) -> ConstantOp:
    """The constant `number` of the type of `like`."""
    assert isinstance(like.type, IndexType | IntegerType)
    return ConstantOp(IntegerAttr(number, like.type))


def _drop_unused_constants(block: Block) -> None:
    for op in list(block.ops):
        if isinstance(op, ConstantOp) and not any(op.result.uses):
            erase(op)


def _keep_operands(op: Operation, kept: list[SSAValue]) -> None:
    """Drop the operands behind `kept`, and say so in the segment sizes."""
    op.operands = kept
    segments = op.properties.get("operandSegmentSizes")
    if isinstance(segments, DenseArrayBase):
        sizes = [int(size) for size in segments.get_values()]
        op.properties["operandSegmentSizes"] = DenseArrayBase.from_list(
            segments.elt_type,
            [size if number < len(kept) else 0 for number, size in enumerate(sizes)],
        )
