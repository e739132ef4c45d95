// mm_i8_i32: C += A * B in native blocks (mm.hpp), modulo 2^32.
//
// a, b      [DIM_M x DIM_K], [DIM_K x DIM_N] int8 in blocks of 4x8 and 8x8, 32-byte aligned.
// c         [DIM_M x DIM_N] int32 in blocks of 4x8, 32-byte aligned, read and written.
// sizes     DIM_M and DIM_N multiples of 16, DIM_K of 8.
// exact     bit-equal to the reference.
// contract  aie_kernels/contracts.py: mm("i8", "i32", ...)
#include "mm.hpp"

extern "C" void mm_i8_i32(const int8_t *a, const int8_t *b, int32_t *c) {
  event0();
  // 4 x 2 accumulators of 1024 bits: 8 of the core's 9.
  multiply_tile<aie::mmul<4, 8, 8, int8, int8>, 4, 2>(a, b, c);
  event1();
}
