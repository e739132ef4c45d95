// mm_i16_i32: C += A * B in native blocks (mm.hpp), modulo 2^32.
//
// a, b      [DIM_M x DIM_K], [DIM_K x DIM_N] int16 in blocks of 4x4, 32-byte aligned.
// c         [DIM_M x DIM_N] int32 in blocks of 4x4, 32-byte aligned, read and written.
// sizes     DIM_M a multiple of 16, DIM_N of 8, DIM_K of 4.
// exact     bit-equal to the reference; 64-bit sums, of which the low 32 are kept. Sets crSat.
// contract  aie_kernels/contracts.py: mm("i16", "i32", ...)
#include "mm.hpp"

extern "C" void mm_i16_i32(const int16_t *a, const int16_t *b, int32_t *c) {
  event0();
  aie::set_saturation(aie::saturation_mode::none);
  // 4 x 2 accumulators of 1024 bits: 8 of the core's 9.
  multiply_tile<aie::mmul<4, 4, 4, int16, int16>, 4, 2>(a, b, c);
  event1();
}
