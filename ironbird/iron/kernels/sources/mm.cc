// SYMBOL: C += A * B, on operands held as the blocks of aie::mmul<MAC_M, MAC_K, MAC_N>.
//
// a, b, c   [DIM_M x DIM_K], [DIM_K x DIM_N], [DIM_M x DIM_N], 32-byte aligned; blocks follow one
//           another row by row, and so do the elements of a block. B_COL_MAJ, C_COL_MAJ: blocks and
//           elements follow one another column by column instead.
// scalar    with VECTORIZED=0 the blocks are 1x1x1: plain row-major (or column-major) matrices.
// numerics  integers wrap. bf16 products are added in fp32; a bf16 C is rounded to nearest even by
//           each call. Sets crRnd and crSat.
// contract  ironbird/iron/kernels/matrix.py: mm
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"

namespace {

constexpr int32_t block_rows = DIM_M / MAC_M, block_depth = DIM_K / MAC_K,
                  block_columns = DIM_N / MAC_N;
static_assert(block_rows * MAC_M == DIM_M && block_depth * MAC_K == DIM_K &&
                  block_columns * MAC_N == DIM_N,
              "a dimension is not whole blocks");

// Where the block in `row` and `column` begins, of a matrix that has `rows` x `columns` blocks.
template <bool ColumnMajor>
inline int32_t block_number(int32_t row, int32_t column, int32_t rows, int32_t columns) {
  return ColumnMajor ? column * rows + row : row * columns + column;
}

#if VECTORIZED

using Block = aie::mmul<MAC_M, MAC_K, MAC_N, TYPE, TYPE>;

inline auto b_block(const TYPE *__restrict b, int32_t depth, int32_t column) {
  const int32_t number = block_number<B_COL_MAJ>(depth, column, block_depth, block_columns);
  const auto block = aie::load_v<Block::size_B>(b + number * Block::size_B);
  if constexpr (B_COL_MAJ)
    return aie::transpose(block, MAC_N, MAC_K);
  else
    return block;
}

inline void multiply(const TYPE *__restrict a, const TYPE *__restrict b, TYPE_OUT *__restrict c) {
  for (int32_t row = 0; row < block_rows; ++row)
    for (int32_t column = 0; column < block_columns; ++column) {
      TYPE_OUT *target =
          c + block_number<C_COL_MAJ>(row, column, block_rows, block_columns) * Block::size_C;
      aie::vector<TYPE_OUT, Block::size_C> before = aie::load_v<Block::size_C>(target);
      if constexpr (C_COL_MAJ) before = aie::transpose(before, MAC_N, MAC_M);
      Block sum(before);
      AIE_PREPARE_FOR_PIPELINING
      AIE_LOOP_MIN_ITERATION_COUNT(1)
      for (int32_t depth = 0; depth < block_depth; ++depth)
        sum.mac(aie::load_v<Block::size_A>(a + (row * block_depth + depth) * Block::size_A),
                b_block(b, depth, column));
      aie::vector<TYPE_OUT, Block::size_C> after = sum.template to_vector<TYPE_OUT>();
      if constexpr (C_COL_MAJ) after = aie::transpose(after, MAC_M, MAC_N);
      aie::store_v(target, after);
    }
}

#else

inline void multiply(const TYPE *__restrict a, const TYPE *__restrict b, TYPE_OUT *__restrict c) {
  for (int32_t row = 0; row < DIM_M; ++row)
    for (int32_t column = 0; column < DIM_N; ++column) {
      TYPE_OUT &target = c[block_number<C_COL_MAJ>(row, column, DIM_M, DIM_N)];
      if constexpr (std::is_integral_v<TYPE>) {
        uint32_t sum = static_cast<uint32_t>(target);
        for (int32_t k = 0; k < DIM_K; ++k)
          sum += static_cast<uint32_t>(a[row * DIM_K + k] *
                                       b[block_number<B_COL_MAJ>(k, column, DIM_K, DIM_N)]);
        target = static_cast<TYPE_OUT>(sum);
      } else {
        float sum = target;
        for (int32_t k = 0; k < DIM_K; ++k)
          sum += float(a[row * DIM_K + k]) *
                 float(b[block_number<B_COL_MAJ>(k, column, DIM_K, DIM_N)]);
        target = sum;
      }
    }
}

#endif

}  // namespace

extern "C" void SYMBOL(const TYPE *a, const TYPE *b, TYPE_OUT *c) {
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  aie::set_saturation(aie::saturation_mode::none);
  multiply(a, b, c);
  event1();
}
