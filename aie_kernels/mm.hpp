// One tile of a matrix product, C += A * B, on operands held as native blocks.
//
// A is DIM_M x DIM_K, B is DIM_K x DIM_N, C is DIM_M x DIM_N. Each is cut into the blocks of
// aie::mmul; blocks follow one another row by row, and so do the elements of a block. The DMA
// brings matrices into this form and back (designs/block_layout.py).
#pragma once

#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"

#if !defined(DIM_M) || !defined(DIM_K) || !defined(DIM_N)
#error "set the tile's size: -DDIM_M= -DDIM_K= -DDIM_N="
#endif

// Block: an aie::mmul. RowBlocks x ColumnBlocks accumulators stay in registers over the whole of K,
// so each block of A is loaded once for ColumnBlocks products and each of B once for RowBlocks.
template <typename Block, unsigned RowBlocks, unsigned ColumnBlocks, typename In, typename Out>
inline void multiply_tile(const In *__restrict a, const In *__restrict b, Out *__restrict c) {
  constexpr unsigned rows = DIM_M / Block::M;
  constexpr unsigned depth = DIM_K / Block::K;
  constexpr unsigned columns = DIM_N / Block::N;
  static_assert(DIM_M % (Block::M * RowBlocks) == 0, "DIM_M is not whole groups of blocks");
  static_assert(DIM_K % Block::K == 0, "DIM_K is not whole blocks");
  static_assert(DIM_N % (Block::N * ColumnBlocks) == 0, "DIM_N is not whole groups of blocks");

  for (unsigned row = 0; row < rows; row += RowBlocks) {
    for (unsigned column = 0; column < columns; column += ColumnBlocks) {
      Block sums[RowBlocks][ColumnBlocks];
      AIE_LOOP_UNROLL_FULL
      for (unsigned i = 0; i < RowBlocks; ++i) {
        AIE_LOOP_UNROLL_FULL
        for (unsigned j = 0; j < ColumnBlocks; ++j)
          sums[i][j] = Block(
              aie::load_v<Block::size_C>(c + ((row + i) * columns + column + j) * Block::size_C));
      }

      AIE_PREPARE_FOR_PIPELINING
      AIE_LOOP_MIN_ITERATION_COUNT(2)
      for (unsigned k = 0; k < depth; ++k) {
        aie::vector<In, Block::size_A> a_blocks[RowBlocks];
        aie::vector<In, Block::size_B> b_blocks[ColumnBlocks];
        AIE_LOOP_UNROLL_FULL
        for (unsigned i = 0; i < RowBlocks; ++i)
          a_blocks[i] = aie::load_v<Block::size_A>(a + ((row + i) * depth + k) * Block::size_A);
        AIE_LOOP_UNROLL_FULL
        for (unsigned j = 0; j < ColumnBlocks; ++j)
          b_blocks[j] = aie::load_v<Block::size_B>(b + (k * columns + column + j) * Block::size_B);
        AIE_LOOP_UNROLL_FULL
        for (unsigned i = 0; i < RowBlocks; ++i) {
          AIE_LOOP_UNROLL_FULL
          for (unsigned j = 0; j < ColumnBlocks; ++j) sums[i][j].mac(a_blocks[i], b_blocks[j]);
        }
      }

      AIE_LOOP_UNROLL_FULL
      for (unsigned i = 0; i < RowBlocks; ++i) {
        AIE_LOOP_UNROLL_FULL
        for (unsigned j = 0; j < ColumnBlocks; ++j)
          aie::store_v(c + ((row + i) * columns + column + j) * Block::size_C,
                       sums[i][j].template to_vector<Out>());
      }
    }
  }
}
