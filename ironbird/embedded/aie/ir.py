"""A thin re-export; the code is in `ironbird.iron.dialects.module` and `mlir_names`."""

from ironbird.base.errors import DesignError as MLIRError
from ironbird.iron.dialects.mlir_names import (
    BF16Type,
    Block,
    DenseElementsAttr,
    F16Type,
    F32Type,
    F64Type,
    IndexType,
    IntegerAttr,
    IntegerType,
    MemRefType,
    StringAttr,
    TypeAttr,
    VectorType,
)
from ironbird.iron.dialects.module import Context, InsertionPoint, Location, Module
from ironbird.iron.upstream_names import absent

__getattr__ = absent(
    __name__,
    [
        "AffineMap",
        "ArrayAttr",
        "Attribute",
        "DictAttr",
        "FlatSymbolRefAttr",
        "FunctionType",
        "OpView",
        "Operation",
        "RankedTensorType",
        "Region",
        "SymbolTable",
        "Type",
        "UnitAttr",
        "UnrankedMemRefType",
        "Value",
    ],
    instead="the builders of aie.dialects",
)

__all__ = [
    "BF16Type",
    "Block",
    "Context",
    "DenseElementsAttr",
    "F16Type",
    "F32Type",
    "F64Type",
    "IndexType",
    "InsertionPoint",
    "IntegerAttr",
    "IntegerType",
    "Location",
    "MLIRError",
    "MemRefType",
    "Module",
    "StringAttr",
    "TypeAttr",
    "VectorType",
]
