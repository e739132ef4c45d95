"""Write the `affine` operations of cores as loops, branches and index arithmetic.

First of all passes, as upstream has it: whatever looks at the loops of a core then finds `scf.for`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from xdsl.dialects import affine, arith, memref, scf, vector
from xdsl.dialects.builtin import AffineMapAttr, IndexType, IntegerAttr, VectorType, i1
from xdsl.ir import Operation, SSAValue
from xdsl.ir.affine import (
    AffineBinaryOpExpr,
    AffineBinaryOpKind,
    AffineConstantExpr,
    AffineConstraintKind,
    AffineDimExpr,
    AffineExpr,
    AffineSymExpr,
)

from ironbird.base.device import DeviceModel
from ironbird.base.errors import DesignError
from ironbird.ir.aie import DeviceOp
from ironbird.ir.locations import source_line_of
from ironbird.passes.module_pass import ModulePass


@dataclass(frozen=True)
class LowerAffine(ModulePass):
    """Replace every `affine` operation.

    Before:  cores may hold affine.for, if, load, store, vector_load, vector_store, apply, min.
    After:   none is left.
    Refuses: affine operations of other kinds.
    """

    name: ClassVar[str] = "lower-affine"

    def apply(self, device: DeviceOp, model: DeviceModel) -> None:
        for op in [each for each in device.walk() if each.name.startswith("affine.")]:
            _lower(op)


def _lower(op: Operation) -> None:
    writer = _Writer(op)
    match op:
        case affine.ForOp():
            writer.replace(_loop(op, writer))
        case affine.IfOp():
            writer.replace(_branch(op, writer))
        case affine.YieldOp():
            writer.replace(scf.YieldOp(*op.operands))
        case affine.LoadOp():
            writer.replace(memref.LoadOp.get(op.memref, writer.results_of(op.map, op.indices)))
        case affine.StoreOp():
            indices = writer.results_of(op.map, op.indices)
            writer.replace(memref.StoreOp.get(op.value, op.memref, indices))
        case affine.VectorLoadOp():
            indices = writer.results_of(op.map, op.indices)
            assert isinstance(op.result.type, VectorType)
            writer.replace(vector.LoadOp(op.memref, indices, op.result.type))
        case affine.VectorStoreOp():
            indices = writer.results_of(op.map, op.indices)
            writer.replace(vector.StoreOp(op.value, op.memref, indices))
        case affine.ApplyOp():
            writer.replace_values(writer.results_of(op.map, op.mapOperands))
        case affine.MinOp():
            values = writer.results_of(op.map, op.arguments)
            writer.replace_values([writer.least(values)])
        case _:
            raise DesignError(f"{op.name} is not lowered", at=source_line_of(op), fix="scf.for")


def _loop(op: affine.ForOp, writer: "_Writer") -> Operation:
    low = writer.largest(writer.results_of(op.lowerBoundMap, op.lowerBoundOperands))
    high = writer.least(writer.results_of(op.upperBoundMap, op.upperBoundOperands))
    step = writer.number(op.step.value.data)
    return scf.ForOp(low, high, step, op.inits, op.detach_region(op.body))


def _branch(op: affine.IfOp, writer: "_Writer") -> Operation:
    condition_set = op.condition.data
    dimensions = op.args[: condition_set.num_dims]
    symbols = op.args[condition_set.num_dims :]
    holds: SSAValue = writer.emit(arith.ConstantOp(IntegerAttr(1, i1)))
    zero = writer.number(0)
    for constraint in condition_set.constraints:
        value = writer.value_of(constraint.lhs, dimensions, symbols)
        bound = writer.value_of(constraint.rhs, dimensions, symbols)
        difference = writer.emit(arith.SubiOp(value, bound))
        predicate = "eq" if constraint.kind is AffineConstraintKind.eq else "sge"
        if constraint.kind is AffineConstraintKind.le:
            predicate = "sle"
        one = writer.emit(arith.CmpiOp(difference, zero, predicate))
        holds = writer.emit(arith.AndIOp(holds, one))
    then_region, else_region = op.regions
    types = [result.type for result in op.results]
    op.detach_region(then_region)
    op.detach_region(else_region)
    return scf.IfOp(holds, types, then_region, else_region)


class _Writer:
    """Puts operations in front of `op`, at its line."""

    def __init__(self, op: Operation) -> None:
        self._op = op
        block = op.parent_block()
        assert block is not None
        self._block = block

    def emit(self, made: Operation) -> SSAValue:
        """The one result of `made`, which now stands in front."""
        made.location = self._op.location
        self._block.insert_op_before(made, self._op)
        return made.results[0]

    def replace(self, made: Operation) -> None:
        """`made` in the place of the operation."""
        made.location = self._op.location
        self._block.insert_op_before(made, self._op)
        self.replace_values(made.results)

    def replace_values(self, values: Sequence[SSAValue]) -> None:
        """Its results are `values`, and it is gone."""
        for old, new in zip(self._op.results, values, strict=True):
            old.replace_all_uses_with(new)
        self._block.erase_op(self._op)

    def number(self, value: int) -> SSAValue:
        """A constant."""
        return self.emit(arith.ConstantOp(IntegerAttr(value, IndexType())))

    def results_of(self, map_: AffineMapAttr, operands: Sequence[SSAValue]) -> list[SSAValue]:
        """The results of a map of `operands`, the dimensions before the symbols."""
        affine_map = map_.data
        dimensions, symbols = operands[: affine_map.num_dims], operands[affine_map.num_dims :]
        return [self.value_of(each, dimensions, symbols) for each in affine_map.results]

    def largest(self, values: Sequence[SSAValue]) -> SSAValue:
        """The largest of several numbers."""
        return self._folded(values, arith.MaxSIOp)

    def least(self, values: Sequence[SSAValue]) -> SSAValue:
        """The least of several numbers."""
        return self._folded(values, arith.MinSIOp)

    def _folded(
        self, values: Sequence[SSAValue], op: type[arith.MaxSIOp] | type[arith.MinSIOp]
    ) -> SSAValue:
        first, *others = values
        for other in others:
            first = self.emit(op(first, other))
        return first

    def value_of(
        self, expression: AffineExpr, dimensions: Sequence[SSAValue], symbols: Sequence[SSAValue]
    ) -> SSAValue:
        """What an affine expression is worth."""
        match expression:
            case AffineConstantExpr(value=value):
                return self.number(value)
            case AffineDimExpr(position=position):
                return dimensions[position]
            case AffineSymExpr(position=position):
                return symbols[position]
            case AffineBinaryOpExpr(kind=kind, lhs=left, rhs=right):
                a = self.value_of(left, dimensions, symbols)
                b = self.value_of(right, dimensions, symbols)
                return self._binary(kind, a, b)
            case _:
                raise TypeError(f"unknown affine expression {expression}")

    def _binary(self, kind: AffineBinaryOpKind, a: SSAValue, b: SSAValue) -> SSAValue:
        match kind:
            case AffineBinaryOpKind.Add:
                return self.emit(arith.AddiOp(a, b))
            case AffineBinaryOpKind.Mul:
                return self.emit(arith.MuliOp(a, b))
            case AffineBinaryOpKind.FloorDiv:
                return self.emit(arith.FloorDivSIOp(a, b))
            case AffineBinaryOpKind.CeilDiv:
                return self.emit(arith.CeilDivSIOp(a, b))
            case AffineBinaryOpKind.Mod:
                # Never negative, unlike the remainder.
                remainder = self.emit(arith.RemSIOp(a, b))
                negative = self.emit(arith.CmpiOp(remainder, self.number(0), "slt"))
                raised = self.emit(arith.AddiOp(remainder, b))
                return self.emit(arith.SelectOp(negative, raised, remainder))
