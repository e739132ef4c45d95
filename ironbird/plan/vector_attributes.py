"""The attributes of `vector` operations: which lanes they move, which axes they walk.

Whatever only moves lanes (broadcast, shape_cast, extract, insert, slices, shuffle) has one
attribute, `lanes`: for each lane of the result its number among the lanes of all operands, one
after the other, a scalar being one lane. Refuses positions known only at run time, and masks.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import product

from xdsl.dialects.builtin import AffineMapAttr, ArrayAttr, DenseArrayBase, IntegerAttr
from xdsl.dialects.builtin import VectorType as MlirVectorType
from xdsl.ir import Attribute
from xdsl.ir import Operation as MlirOperation
from xdsl.ir.affine import AffineConstantExpr, AffineDimExpr

from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine
from ironbird.ir.integers import RUN_TIME, number_of
from ironbird.plan.core_program import AttributeValue

Attributes = dict[str, AttributeValue]
Shape = tuple[int, ...]


def broadcast(op: MlirOperation, at: SourceLine | None) -> Attributes:
    """A scalar, or a vector along the leading axes and those of size 1, in every place."""
    source, result = shape_of(op.operands[0].type), shape_of(op.results[0].type)
    kept = len(result) - len(source)
    return _lanes(
        _place(
            [0 if size == 1 else i for size, i in zip(source, index[kept:], strict=True)], source
        )
        for index in _indices(result)
    )


def same_lanes(op: MlirOperation, at: SourceLine | None) -> Attributes:
    """Another shape for the same lanes."""
    return _lanes(range(math.prod(shape_of(op.results[0].type))))


def extract(op: MlirOperation, at: SourceLine | None) -> Attributes:
    """One lane, or the row that `position` names."""
    source = shape_of(op.operands[0].type)
    position = _position(op, at)
    rest = source[len(position) :]
    first = _place([*position, *[0] * len(rest)], source)
    return _lanes(range(first, first + math.prod(rest)))


def insert(op: MlirOperation, at: SourceLine | None) -> Attributes:
    """The second operand with a lane, or a row, of the first in the place that it names."""
    inserted, target = shape_of(op.operands[0].type), shape_of(op.operands[1].type)
    position = _position(op, at)
    first = _place([*position, *[0] * len(inserted)], target)
    return _replaced(range(first, first + math.prod(inserted)), inserted, target)


def extract_strided_slice(op: MlirOperation, at: SourceLine | None) -> Attributes:
    """A box of the leading axes; the others are whole."""
    source, result = shape_of(op.operands[0].type), shape_of(op.results[0].type)
    return _lanes(_place(place, source) for place in _box(op, result))


def insert_strided_slice(op: MlirOperation, at: SourceLine | None) -> Attributes:
    """The second operand with the first in a box of it, that may lack leading axes."""
    inserted, target = shape_of(op.operands[0].type), shape_of(op.operands[1].type)
    whole = (1,) * (len(target) - len(inserted)) + inserted
    return _replaced([_place(place, target) for place in _box(op, whole)], inserted, target)


def shuffle(op: MlirOperation, at: SourceLine | None) -> Attributes:
    """Rows of two vectors in the order of `mask`."""
    mask = numbers(op.properties["mask"])
    if any(number < 0 for number in mask):
        raise DesignError("vector.shuffle with a lane that nobody fills (-1)", at=at)
    (_, *rest) = shape_of(op.operands[0].type) or (1,)
    row = math.prod(rest)
    return _lanes(number * row + lane for number in mask for lane in range(row))


def transpose(op: MlirOperation, at: SourceLine | None) -> Attributes:
    """Result axis `k` is source axis `permutation[k]`."""
    source, result = shape_of(op.operands[0].type), shape_of(op.results[0].type)
    order = numbers(op.properties["permutation"])
    places = (dict(zip(order, index, strict=True)) for index in _indices(result))
    return _lanes(_place([place[axis] for axis in range(len(source))], source) for place in places)


def access(op: MlirOperation, at: SourceLine | None) -> Attributes:
    """`vector.load` and `vector.store`: the vector lies along the last axes of the view."""
    is_load = bool(op.results)
    vector, view = (op.results[0], op.operands[0]) if is_load else (op.operands[0], op.operands[1])
    rank, view_rank = len(shape_of(vector.type)), len(view.type.get_shape())  # type: ignore[attr-defined]
    return {"axes": tuple(range(view_rank - rank, view_rank)), "guarded": (False,) * rank}


def transfer(op: MlirOperation, at: SourceLine | None) -> Attributes:
    """`transfer_read` and `transfer_write`: axes by the map; lanes outside only where not
    `in_bounds`.
    """
    if number_of_mask_operands(op):
        raise DesignError(f"{op.name} with a mask", at=at, fix="vector.load and arith.select")
    affine_map = op.properties["permutation_map"]
    assert isinstance(affine_map, AffineMapAttr)
    axes: list[int] = []
    for result in affine_map.data.results:
        match result:
            case AffineDimExpr(position=position):
                axes.append(position)
            case AffineConstantExpr(value=0) if op.results:
                axes.append(-1)
            case _:
                raise DesignError(f"{op.name} along {result}", at=at)
    in_bounds = op.properties.get("in_bounds")
    inside = (
        [bool(number_of(each)) for each in in_bounds]
        if isinstance(in_bounds, ArrayAttr)
        else [False] * len(axes)
    )
    guarded = tuple(not each and axis >= 0 for each, axis in zip(inside, axes, strict=True))
    return {"axes": tuple(axes), "guarded": guarded}


def number_of_mask_operands(op: MlirOperation) -> int:
    """How many operands of a transfer are masks: the last of its operand segments."""
    return numbers(op.properties["operandSegmentSizes"])[-1]


def numbers(attribute: Attribute) -> tuple[int, ...]:
    """The integers of a list attribute."""
    match attribute:
        case DenseArrayBase():
            return tuple(int(value) for value in attribute.get_values())
        case ArrayAttr():
            return tuple(number_of(value) for value in attribute if isinstance(value, IntegerAttr))
        case _:
            raise TypeError(f"{attribute} is not a list of integers")


def shape_of(type_: Attribute) -> Shape:
    """The shape of a vector; () for a scalar."""
    return (
        tuple(int(size) for size in type_.get_shape()) if isinstance(type_, MlirVectorType) else ()
    )


def _lanes(lanes: Iterator[int] | Sequence[int]) -> Attributes:
    return {"lanes": tuple(lanes)}


def _replaced(places: Sequence[int], inserted: Shape, target: Shape) -> Attributes:
    """Lanes of the second operand but for `places`, which the first fills in order."""
    count = math.prod(inserted)
    lanes = [count + lane for lane in range(math.prod(target))]
    for number, place in enumerate(places):
        lanes[place] = number
    return {"lanes": tuple(lanes)}


def _indices(shape: Shape) -> Iterator[Shape]:
    return product(*map(range, shape))


def _place(index: Sequence[int], shape: Shape) -> int:
    """The number of a lane, counted row by row."""
    place = 0
    for i, size in zip(index, shape, strict=True):
        place = place * size + i
    return place


def _position(op: MlirOperation, at: SourceLine | None) -> tuple[int, ...]:
    position = numbers(op.properties["static_position"])
    if RUN_TIME in position:
        raise DesignError(f"{op.name} has position that are known only at run time", at=at)
    return position


def _box(op: MlirOperation, shape: Shape) -> Iterator[list[int]]:
    """The indices into the large vector of each lane of the small one, which has `shape`."""
    found = {name: _property(op, name) for name in ("offsets", "strides")}
    missing = len(shape) - len(found["strides"])
    strides = found["strides"] + (1,) * missing
    offsets = found["offsets"] + (0,) * (len(shape) - len(found["offsets"]))
    for index in _indices(shape):
        yield [o + i * s for o, i, s in zip(offsets, index, strides, strict=True)]


def _property(op: MlirOperation, name: str) -> tuple[int, ...]:
    return numbers(op.properties[name] if name in op.properties else op.attributes[name])
