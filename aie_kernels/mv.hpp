// A few rows of activations times a matrix of weights, Y += X * W', on operands held as native
// blocks: what a decoder does for each token.
//
// W is DIM_N x DIM_K (one row an output, as checkpoints have it), X is DIM_M x DIM_K, Y is DIM_M x
// DIM_N. Computed transposed, Y' += W * X': then a block of W, which there is most of, is the left
// operand of aie::mmul as the DMA delivers it, and only blocks of X are transposed, once for
// `output_blocks` products. Blocks follow one another row by row, and so do the elements of a
// block; Y is held transposed, [DIM_N x DIM_M], and the DMA turns it (designs/mv.py).
#pragma once

#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"

#if !defined(DIM_M) || !defined(DIM_K) || !defined(DIM_N)
#error "set the tile's size: -DDIM_M= -DDIM_K= -DDIM_N="
#endif

// Block: an aie::mmul. The accumulators of `output_blocks` blocks of outputs and all rows stay in
// registers over the whole of K: with at least four of them no product waits for the last one.
template <typename Block, typename In, typename Out>
inline void multiply_rows(const In *__restrict weights, const In *__restrict x, Out *__restrict y) {
  constexpr unsigned output_blocks = 4;
  constexpr unsigned outputs = DIM_N / Block::M;
  constexpr unsigned depth = DIM_K / Block::K;
  constexpr unsigned row_groups = DIM_M / Block::N;
  static_assert(DIM_N % (Block::M * output_blocks) == 0, "DIM_N is not whole groups of blocks");
  static_assert(DIM_K % Block::K == 0, "DIM_K is not whole blocks");
  static_assert(DIM_M % Block::N == 0 && DIM_M <= 16, "DIM_M is not whole blocks, or above 16");

  for (unsigned output = 0; output < outputs; output += output_blocks) {
    Block sums[output_blocks][row_groups];
    AIE_LOOP_UNROLL_FULL
    for (unsigned i = 0; i < output_blocks; ++i) {
      AIE_LOOP_UNROLL_FULL
      for (unsigned j = 0; j < row_groups; ++j)
        sums[i][j] =
            Block(aie::load_v<Block::size_C>(y + ((output + i) * row_groups + j) * Block::size_C));
    }

    AIE_PREPARE_FOR_PIPELINING
    AIE_LOOP_MIN_ITERATION_COUNT(1)
    for (unsigned k = 0; k < depth; ++k) {
      aie::vector<In, Block::size_A> weight_blocks[output_blocks];
      aie::vector<In, Block::size_B> x_blocks[row_groups];
      AIE_LOOP_UNROLL_FULL
      for (unsigned i = 0; i < output_blocks; ++i)
        weight_blocks[i] =
            aie::load_v<Block::size_A>(weights + ((output + i) * depth + k) * Block::size_A);
      AIE_LOOP_UNROLL_FULL
      for (unsigned j = 0; j < row_groups; ++j)
        x_blocks[j] = aie::transpose(
            aie::load_v<Block::size_B>(x + (j * depth + k) * Block::size_B), Block::N, Block::K);
      AIE_LOOP_UNROLL_FULL
      for (unsigned i = 0; i < output_blocks; ++i) {
        AIE_LOOP_UNROLL_FULL
        for (unsigned j = 0; j < row_groups; ++j) sums[i][j].mac(weight_blocks[i], x_blocks[j]);
      }
    }

    AIE_LOOP_UNROLL_FULL
    for (unsigned i = 0; i < output_blocks; ++i) {
      AIE_LOOP_UNROLL_FULL
      for (unsigned j = 0; j < row_groups; ++j)
        aie::store_v(y + ((output + i) * row_groups + j) * Block::size_C,
                     sums[i][j].template to_vector<Out>());
    }
  }
}
