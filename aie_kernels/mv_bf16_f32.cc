// mv_bf16_f32: Y += X * W' for at most 16 rows, in native blocks (mv.hpp).
//
// weights   [DIM_N x DIM_K] bf16 in blocks of 4x8, 32-byte aligned.
// x         [DIM_M x DIM_K] bf16 in blocks of 4x8, 32-byte aligned.
// y         [DIM_N x DIM_M] float in blocks of 4x4, 32-byte aligned, read and written: transposed.
// sizes     DIM_N a multiple of 16, DIM_K of 8, DIM_M of 4 and at most 16.
// domain    finite; a running sum below the smallest normal fp32, 1.2e-38, becomes 0.
// numerics  fp32 accumulation, eight products a step; no rounding mode matters.
// contract  aie_kernels/contracts.py: mv("bf16", "f32", ...)
#include "mv.hpp"

extern "C" void mv_bf16_f32(const bfloat16 *weights, const bfloat16 *x, float *y) {
  event0();
  // At most 4 x 4 accumulators of 512 bits: 16 of the core's 18.
  multiply_rows<aie::mmul<4, 8, 4, bfloat16, bfloat16, accfloat>>(weights, x, y);
  event1();
}
