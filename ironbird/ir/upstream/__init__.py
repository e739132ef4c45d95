"""MLIR's own dialects where xDSL's differ: operations it lacks, texts it spells otherwise."""

from collections.abc import Callable, Mapping, Sequence

from xdsl.dialects import affine, arith, builtin, cf, func, math, memref, scf, vector
from xdsl.ir import Dialect, Operation
from xdsl.parser import Parser
from xdsl.printer import Printer

DIALECTS: tuple[Dialect, ...] = (
    builtin.Builtin,
    arith.Arith,
    math.Math,
    scf.Scf,
    cf.Cf,
    func.Func,
    memref.MemRef,
    vector.Vector,
    affine.Affine,
)

PARSERS: dict[str, Callable[[Parser], Operation]] = {}
PRINTERS: dict[type[Operation], Callable[[Printer, Operation], None]] = {}
