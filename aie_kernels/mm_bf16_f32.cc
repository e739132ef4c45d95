// mm_bf16_f32: C += A * B in native blocks (mm.hpp).
//
// a, b      [DIM_M x DIM_K], [DIM_K x DIM_N] bf16 in blocks of 4x8 and 8x4, 32-byte aligned.
// c         [DIM_M x DIM_N] float in blocks of 4x4, 32-byte aligned, read and written.
// sizes     DIM_M and DIM_N multiples of 16, DIM_K of 8.
// numerics  fp32 accumulation, eight products a step; no rounding mode matters.
// contract  aie_kernels/contracts.py: mm("bf16", "f32", ...)
#include "mm.hpp"

extern "C" void mm_bf16_f32(const bfloat16 *a, const bfloat16 *b, float *c) {
  event0();
  // 4 x 4 accumulators of 512 bits: 16 of the core's 18.
  multiply_tile<aie::mmul<4, 8, 4, bfloat16, bfloat16, accfloat>, 4, 4>(a, b, c);
  event1();
}
