// mm_begin_bf16_f32: c = bias in every row: what a product with biases starts from (mm.hpp).
//
// bias      [DIM_K x DIM_N] bf16 in blocks of 8x4, as B is: a column's bias is the sum of its first
//           8 rows. Three bf16 hold an fp32 number (aie_kernels/mm_begin_contracts.py).
// c         [DIM_M x DIM_N] float in blocks of 4x4. Both 32-byte aligned, not overlapping.
// sizes     DIM_M and DIM_N multiples of 4, DIM_K of 8.
// domain    finite.
// numerics  one step of eight products in fp32.
// contract  aie_kernels/contracts.py: MM_BEGIN_BF16_F32
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"

#if !defined(DIM_M) || !defined(DIM_K) || !defined(DIM_N)
#error "set the tile's size: -DDIM_M= -DDIM_K= -DDIM_N="
#endif

extern "C" void mm_begin_bf16_f32(const bfloat16 *__restrict bias, float *__restrict c) {
  event0();
  using Block = aie::mmul<4, 8, 4, bfloat16, bfloat16, accfloat>;
  static_assert(DIM_M % Block::M == 0 && DIM_K % Block::K == 0 && DIM_N % Block::N == 0,
                "the tile is not whole blocks");
  const aie::vector<bfloat16, Block::size_A> ones = aie::broadcast<bfloat16, Block::size_A>(1.0f);
  for (unsigned column = 0; column < DIM_N; column += Block::N) {
    Block sums;
    sums.mul(ones, aie::load_v<Block::size_B>(bias + column * Block::K));
    const aie::vector<float, Block::size_C> biases = sums.to_vector<float>();
    AIE_PREPARE_FOR_PIPELINING
    AIE_LOOP_MIN_ITERATION_COUNT(1)
    for (unsigned row = 0; row < DIM_M; row += Block::M)
      aie::store_v(c + row * DIM_N + column * Block::M, biases);
  }
  event1();
}
