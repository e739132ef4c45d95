"""Operations of MLIR's own dialects whose numbers xDSL's definitions leave unchecked."""

from xdsl.dialects import affine, arith, vector
from xdsl.dialects.builtin import VectorType

from ironbird.ir.checks.scope import Scope, refuse
from ironbird.ir.integers import RUN_TIME, number_of, numbers_of

# The predicates of mlir/include/mlir/Dialect/Arith/IR/ArithBase.td: eq..uge, false..true.
INTEGER_PREDICATES = 10
FLOAT_PREDICATES = 16


def check_comparison(op: arith.CmpiOp | arith.CmpfOp, scope: Scope) -> None:
    """A predicate that there is."""
    count = INTEGER_PREDICATES if isinstance(op, arith.CmpiOp) else FLOAT_PREDICATES
    predicate = number_of(op.predicate)
    if not 0 <= predicate < count:
        refuse(op, f"{op.name} has predicate {predicate}", because=f"they are 0..{count - 1}")


def check_position(op: vector.InsertOp | vector.ExtractOp, scope: Scope) -> None:
    """A place inside the vector."""
    type_ = op.dest.type if isinstance(op, vector.InsertOp) else op.vector.type
    assert isinstance(type_, VectorType)
    position, shape = numbers_of(op.static_position), type_.get_shape()
    if len(position) > len(shape):
        refuse(
            op,
            f"{op.name} names a place by {len(position)} numbers",
            because=f"{type_} has {len(shape)} dimensions",
        )
    for number, size in zip(position, shape, strict=False):
        if number != RUN_TIME and not 0 <= number < size:
            refuse(op, f"{op.name} reaches lane {number}", because=f"{type_} has 0..{size - 1}")


def check_bounds(op: affine.ForOp, scope: Scope) -> None:
    """A bound is the largest or the least of at least one number."""
    for side, bound in (("lower", op.lowerBoundMap), ("upper", op.upperBoundMap)):
        if not bound.data.results:
            refuse(op, f"the {side} bound of affine.for is a map without a result")
