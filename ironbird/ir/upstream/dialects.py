"""MLIR's own dialects that a module may use, and how their operations are read and printed.

Apart from the package: a program that reads no text loads no dialect that it does not use.
"""

from collections.abc import Callable
from typing import Any

from xdsl.dialects import affine, arith, builtin, cf, func, math, memref, scf, vector
from xdsl.ir import Dialect, Operation
from xdsl.parser import Parser

from ironbird.ir.upstream import (
    affine_maps,
    arith_texts,
    branches,
    functions,
    index_numbers,
    loops,
    memrefs,
    vectors,
)

PARSERS: dict[str, Callable[[Parser], Operation]] = {
    **affine_maps.PARSERS,
    **arith_texts.PARSERS,
    **loops.PARSERS,
    **memrefs.PARSERS,
}

PRINTERS: dict[type[Operation], Callable[[Any, Any], None]] = {
    **affine_maps.PRINTERS,
    **arith_texts.PRINTERS,
    **branches.PRINTERS,
    **functions.PRINTERS,
    **loops.PRINTERS,
    **memrefs.PRINTERS,
}


def _extended(dialect: Dialect, operations: list[type[Operation]]) -> Dialect:
    """The dialect with `operations` added, or put in the place of those of the same name."""
    by_name = {op.name: op for op in [*dialect.operations, *operations]}
    return Dialect(dialect.name, list(by_name.values()), list(dialect.attributes))


DIALECTS: tuple[Dialect, ...] = (
    builtin.Builtin,
    _extended(arith.Arith, [arith_texts.IndexCastUIOp, arith_texts.RemFOp]),
    math.Math,
    scf.Scf,
    cf.Cf,
    func.Func,
    index_numbers.Index,
    memref.MemRef,
    _extended(vector.Vector, [vectors.ExtractStridedSliceOp, vectors.ShapeCastOp]),
    affine.Affine,
)
