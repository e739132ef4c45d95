// What follows a matrix product once its tile of C is summed up, still in native blocks:
//
//   mm_finish_f32_bf16                y = c
//   mm_finish_bias_f32_bf16           y = c + bias
//   mm_finish_bias_residual_f32_bf16  y = (c + bias) + residual
//   mm_requantise_i32_i8              y = c * multipliers / 2^shift
//
// c            [DIM_M x DIM_N], float in blocks of 4x4 or int32 in blocks of 4x8, as mm.hpp makes.
// y, residual  [DIM_M x DIM_N] bf16 (int8 when requantising) in the blocks of c.
// bias         [DIM_N] float, one for each column.
// multipliers  [DIM_N] int16, one for each column; shift: 0 to 31.
// alignment    all arrays 32-byte aligned, not overlapping.
// sizes        DIM_M a multiple of 4, DIM_N of 4 (of 8 when requantising).
// domain       finite; float sums below the smallest normal fp32, 1.2e-38, become 0.
// numerics     sums in fp32, one rounding to bf16, nearest even. Sets crRnd to nearest even.
// exact        requantised numbers: exact products, one rounding to nearest even, saturated. Sets
//              crRnd and crSat.
// contract     aie_kernels/contracts.py: MM_FINISH_F32_BF16 and its siblings
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"

#if !defined(DIM_M) || !defined(DIM_N)
#error "set the tile's size: -DDIM_M= -DDIM_N="
#endif

namespace {

constexpr unsigned block_rows = 4;

// Calls `finish(first element of a block)` for every block of the column of blocks that `column` is
// in; all of them meet the same bias, or the same multipliers.
template <unsigned BlockColumns, typename Finish>
inline void finish_column_of_blocks(unsigned column, Finish finish) {
  static_assert(DIM_M % block_rows == 0 && DIM_N % BlockColumns == 0,
                "the tile is not whole blocks");
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(1)
  for (unsigned row = 0; row < DIM_M; row += block_rows) finish(row * DIM_N + column * block_rows);
}

constexpr unsigned float_block_columns = 4;
constexpr unsigned float_lanes = block_rows * float_block_columns;
using FloatSum = aie::accum<accfloat, float_lanes>;

inline FloatSum sum_at(const float *c) { return FloatSum(aie::load_v<float_lanes>(c)); }

// Every row of a block of 4x4 holds the biases of the four columns from `column`.
inline FloatSum biases_at(const float *bias, unsigned column) {
  return FloatSum(
      aie::load_v<float_block_columns>(bias + column).template grow_replicate<float_lanes>());
}

constexpr unsigned integer_block_columns = 8;
constexpr unsigned integer_lanes = block_rows * integer_block_columns;

}  // namespace

extern "C" void mm_finish_f32_bf16(const float *c, bfloat16 *y) {
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  for (unsigned column = 0; column < DIM_N; column += float_block_columns)
    finish_column_of_blocks<float_block_columns>(column, [&](unsigned first) {
      aie::store_v(y + first, sum_at(c + first).to_vector<bfloat16>());
    });
  event1();
}

extern "C" void mm_finish_bias_f32_bf16(const float *c, const float *bias, bfloat16 *y) {
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  for (unsigned column = 0; column < DIM_N; column += float_block_columns) {
    const FloatSum biases = biases_at(bias, column);
    finish_column_of_blocks<float_block_columns>(column, [&](unsigned first) {
      aie::store_v(y + first, aie::add(sum_at(c + first), biases).to_vector<bfloat16>());
    });
  }
  event1();
}

extern "C" void mm_finish_bias_residual_f32_bf16(const float *c, const float *bias,
                                                 const bfloat16 *residual, bfloat16 *y) {
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  for (unsigned column = 0; column < DIM_N; column += float_block_columns) {
    const FloatSum biases = biases_at(bias, column);
    finish_column_of_blocks<float_block_columns>(column, [&](unsigned first) {
      const FloatSum sum = aie::add(sum_at(c + first), biases);
      const auto beside = aie::load_v<float_lanes>(residual + first);
      aie::store_v(y + first, aie::add(sum, beside).to_vector<bfloat16>());
    });
  }
  event1();
}

extern "C" void mm_requantise_i32_i8(const int32_t *c, const int16_t *multipliers, int8_t *y,
                                     int32_t shift) {
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  aie::set_saturation(aie::saturation_mode::saturate);
  for (unsigned column = 0; column < DIM_N; column += integer_block_columns) {
    const aie::vector<int16, integer_lanes> factors =
        aie::load_v<integer_block_columns>(multipliers + column)
            .template grow_replicate<integer_lanes>();
    finish_column_of_blocks<integer_block_columns>(column, [&](unsigned first) {
      const auto scaled = aie::mul(aie::load_v<integer_lanes>(c + first), factors);
      aie::store_v(y + first, scaled.template to_vector<int8>(shift));
    });
  }
  event1();
}
