"""MLIR types by short names, as `from aie.extras import types as T` has them."""

from ironbird.iron.dialects.types import T

bf16 = T.bf16
bool = T.bool
f16 = T.f16
f32 = T.f32
f64 = T.f64
i8 = T.i8
i16 = T.i16
i32 = T.i32
i64 = T.i64
index = T.index
memref = T.memref
tensor = T.tensor
ui8 = T.ui8
ui16 = T.ui16
ui32 = T.ui32
ui64 = T.ui64
vector = T.vector
