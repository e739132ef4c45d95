"""A core's program: numbered values and operations named as MLIR names them, without xDSL.

The vocabulary is closed; `build.py` refuses what is not in it. An integer of 128 or 512 bits is the
vector of its 32-bit words, the lowest first, and is only moved.

    arith.*, math.*, index.*            as MLIR defines them, hints to a compiler dropped
    arith.constant                      attribute `value`: a number, or a tuple for a vector
    arith.cmpi, arith.cmpf, index.cmp   attribute `predicate`: "slt", "oeq", ... as MLIR prints it
    memref.load, memref.store           (view, indices...), (value, view, indices...)
    memref.copy                         (source view, destination view)
    memref.alloca     -> view           memory of the core's own, unwritten; attribute `buffer`
    memref.subview    -> view           (view, run-time offsets...); attributes `offset` (elements,
                                        the static part), `steps` (elements per unit of each
                                        run-time offset) and `limits` (each must stay below):
                                        base = base of view + offset + sum
    memref.reinterpret_cast -> view     the same, on a view that starts where its buffer starts
    memref.cast, memref.collapse_shape, memref.expand_shape
                                        another type for the same first element
    scf.for           -> carried        (lower, upper, step, carried...); body arguments are the
                                        induction value and the carried ones
    scf.if            -> results        (condition); regions then and, where written, else
    scf.while         -> results        (carried...); regions before (up to scf.condition), after
    scf.index_switch  -> results        (index); attribute `cases`; regions default, then the cases
    scf.yield, scf.condition            end a region
    cf.br                               (arguments...); attribute `successors`: block numbers
    cf.cond_br                          (condition, arguments...); `successors` (taken, not taken),
                                        `operand_counts` of the arguments of each
    cf.switch                           (flag, arguments...); `successors` and `operand_counts`
                                        default first, `cases` the values of the others
    vector.load       -> vector         (view, indices..., padding if some lanes may be outside),
    vector.store                        (vector, view, indices...); attributes `axes`: the axis of
                                        the view along which each dimension lies, -1 for none;
                                        `guarded`: whether lanes outside are padding, or left out
    vector.reduction, vector.fma, vector.bitcast
                                        as MLIR defines them; attribute `kind` of a reduction
    vector.broadcast, shape_cast, extract, insert, shuffle, transpose, extract_strided_slice,
    insert_strided_slice                attribute `lanes`: for each lane of the result its number
                                        among the lanes of all operands, a scalar being one lane
    buffer            -> view           attribute `buffer`: index into `PhysicalPlan.buffers`
    lock.use          (count i32)       attributes `lock` (index into `PhysicalPlan.locks`),
                                        `action` ("acquire_ge", "acquire_eq", "release"),
                                        `blocking` (bool)
    kernel.call       (arguments) -> ... attribute `kernel`: index into `PhysicalPlan.kernels`
    function.call     (arguments) -> ... attribute `function`: index into `PhysicalPlan.functions`
    function.return   (values)          ends a function
    cascade.put, cascade.get            a vector of 512 bits to / from the neighbour core
    stream.put, stream.get              one 32-bit word, or the words of an i128; attribute `port`
    event             ()                attribute `number`
    end               ()                ends the core's program
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ironbird.base.element_types import ElementType
from ironbird.base.source_line import SourceLine

AttributeValue = int | float | bool | str | tuple["AttributeValue", ...]


@dataclass(frozen=True)
class MemoryView:
    """The type of a view into a buffer: static shape and strides in elements, run-time base.

    A stride or size that is only known at run time is not in the vocabulary.
    """

    shape: tuple[int, ...]
    strides: tuple[int, ...]
    element: ElementType

    @classmethod
    def contiguous(cls, shape: tuple[int, ...], element: ElementType) -> "MemoryView":
        """A row-major view without gaps."""
        strides: list[int] = []
        step = 1
        for size in reversed(shape):
            strides.append(step)
            step *= size
        return cls(shape, tuple(reversed(strides)), element)


@dataclass(frozen=True)
class VectorType:
    """The type of a vector value."""

    shape: tuple[int, ...]
    element: ElementType


ValueType = ElementType | MemoryView | VectorType


@dataclass(frozen=True)
class Operation:
    """One step. Operands and results are value numbers of the enclosing program.

    attributes: sorted by name.
    """

    name: str
    operands: tuple[int, ...] = ()
    results: tuple[int, ...] = ()
    attributes: tuple[tuple[str, AttributeValue], ...] = ()
    regions: tuple["Region", ...] = ()
    at: SourceLine | None = field(default=None, compare=False)

    def attribute(self, name: str) -> AttributeValue:
        """The attribute called `name`; KeyError if the operation has none."""
        return dict(self.attributes)[name]


@dataclass(frozen=True)
class Block:
    """Operations in order; arguments are the value numbers that a branch or loop fills."""

    arguments: tuple[int, ...]
    operations: tuple[Operation, ...]


@dataclass(frozen=True)
class Region:
    """One block under structured control flow, several under `cf`; the first is the entry."""

    blocks: tuple[Block, ...]

    @property
    def entry(self) -> Block:
        """The block that runs first."""
        return self.blocks[0]

    def walk(self) -> Iterator[Operation]:
        """Every operation, outer before inner, in program order."""
        for block in self.blocks:
            for operation in block.operations:
                yield operation
                for region in operation.regions:
                    yield from region.walk()


@dataclass(frozen=True)
class CoreProgram:
    """What a core executes. `value_types[n]` is the type of value `n`."""

    value_types: tuple[ValueType, ...]
    body: Region


@dataclass(frozen=True)
class Function:
    """A function defined in the module and called by cores; arguments are the entry block's."""

    name: str
    value_types: tuple[ValueType, ...]
    result_types: tuple[ValueType, ...]
    body: Region
    at: SourceLine | None = field(default=None, compare=False)
