// mm_dequantise_i32_bf16: y = c * row scale * column scale + bias: what follows a product of int8
// numbers that have a scale for each row of A and for each column of B.
//
// c        [DIM_M x DIM_N] int32 in blocks of 4x8, as mm_i8_i32 leaves it.
// columns  [DIM_K x DIM_N] bytes: DIM_N scales, then DIM_N biases, as float.
// rows     [DIM_M x DIM_K] bytes in blocks of 4x8, as a tile of A comes: each row begins with its
//          scale, a float.
// y        [DIM_M x DIM_N] bf16 in blocks of 4x8.
// alignment  32 bytes, not overlapping.
// sizes    DIM_M a multiple of 4, DIM_N and DIM_K of 8.
// domain   scales from 1e-12 to 1e12; biases finite.
// numerics  factors are pairs of bf16, 16 bits together (bf16_pair.hpp); fp32 sums; one rounding to
//           bf16, nearest even. Sets crRnd to nearest even.
// contract  aie_kernels/contracts.py: MM_DEQUANTISE_I32_BF16
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"
#include "bf16_pair.hpp"

#if !defined(DIM_M) || !defined(DIM_K) || !defined(DIM_N)
#error "set the tile's size: -DDIM_M= -DDIM_K= -DDIM_N="
#endif

namespace {

constexpr unsigned block_rows = 4;
constexpr unsigned block_columns = 8;
constexpr unsigned rows_at_once = pair_lanes / block_columns;
static_assert(DIM_M % block_rows == 0 && DIM_N % block_columns == 0 && DIM_K % block_columns == 0,
              "the tile is not whole blocks");

// Lane 8 * row + column holds the scale of the row.
inline Pair scales_of_rows(const int8_t *rows, unsigned row) {
  const float *block = reinterpret_cast<const float *>(rows + (row & ~3u) * DIM_K);
  const unsigned floats_in_row = block_columns / sizeof(float);
  const unsigned first = (row % block_rows) * floats_in_row;
  return Pair(PairAccumulator(
      aie::concat(aie::broadcast<float, block_columns>(block[first]),
                  aie::broadcast<float, block_columns>(block[first + floats_in_row]))));
}

inline PairAccumulator of_columns(const float *numbers, unsigned column) {
  return PairAccumulator(
      aie::load_v<block_columns>(numbers + column).template grow_replicate<pair_lanes>());
}

}  // namespace

extern "C" void mm_dequantise_i32_bf16(const int32_t *__restrict c,
                                       const int8_t *__restrict columns,
                                       const int8_t *__restrict rows, bfloat16 *__restrict y) {
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  const float *column_scales = reinterpret_cast<const float *>(columns);
  const float *biases = column_scales + DIM_N;
  for (unsigned row = 0; row < DIM_M; row += rows_at_once) {
    const Pair row_scales = scales_of_rows(rows, row);
    const unsigned in_row = (row & ~3u) * DIM_N + (row % block_rows) * block_columns;
    AIE_PREPARE_FOR_PIPELINING
    AIE_LOOP_MIN_ITERATION_COUNT(2)
    for (unsigned column = 0; column < DIM_N; column += block_columns) {
      const unsigned first = in_row + column * block_rows;
      const Pair sum(PairAccumulator(aie::to_float(aie::load_v<pair_lanes>(c + first))));
      const Pair of_row(product(sum, row_scales));
      const PairAccumulator scaled = product(of_row, Pair(of_columns(column_scales, column)));
      const auto result = aie::add(scaled, of_columns(biases, column).to_vector<float>());
      aie::store_v(y + first, result.template to_vector<bfloat16>());
    }
  }
  event1();
}
