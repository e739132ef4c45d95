// What follows a matrix product once its tile of C is summed up, still in native blocks:
//
//   mm_finish_f32_bf16           y = c
//   mm_finish_residual_f32_bf16  y = c + residual
//   mm_requantise_i32_i8         y = c * multipliers / 2^shift
//   mm_requantise_tile_i32_i8    the same, multipliers and shift coming as a tile
//
// c            [DIM_M x DIM_N], float in blocks of 4x4 or int32 in blocks of 4x8, as mm.hpp makes.
// y            [DIM_M x DIM_N] bf16 (int8 when requantising) in the blocks of c.
// residual     [DIM_M x DIM_N] bf16 in blocks of 4x8, as a tile of A comes.
// multipliers  [DIM_N] int16, one for each column; shift: 0 to 31.
// scales       [DIM_N * DIM_K] bytes: DIM_N multipliers, then the shift as int32.
// alignment    all arrays 32-byte aligned, not overlapping.
// sizes        DIM_M a multiple of 4, DIM_N of 8; DIM_K at least 4 where it matters.
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
constexpr unsigned integer_block_columns = 8;
static_assert(DIM_M % block_rows == 0 && DIM_N % integer_block_columns == 0,
              "the tile is not whole blocks");

constexpr unsigned tile_elements = DIM_M * DIM_N;

// Two float blocks, which stand side by side; one integer block.
constexpr unsigned lanes = 32;
using FloatSums = aie::accum<accfloat, lanes>;

inline void requantise(const int32_t *__restrict c, const int16_t *__restrict multipliers,
                       int8_t *__restrict y, int32_t shift) {
  aie::set_rounding(aie::rounding_mode::conv_even);
  aie::set_saturation(aie::saturation_mode::saturate);
  for (unsigned column = 0; column < DIM_N; column += integer_block_columns) {
    const aie::vector<int16, lanes> factors =
        aie::load_v<integer_block_columns>(multipliers + column).template grow_replicate<lanes>();
    AIE_PREPARE_FOR_PIPELINING
    AIE_LOOP_MIN_ITERATION_COUNT(1)
    for (unsigned row = 0; row < DIM_M; row += block_rows) {
      const unsigned first = row * DIM_N + column * block_rows;
      const auto scaled = aie::mul(aie::load_v<lanes>(c + first), factors);
      aie::store_v(y + first, scaled.template to_vector<int8>(shift));
    }
  }
}

}  // namespace

extern "C" void mm_finish_f32_bf16(const float *__restrict c, bfloat16 *__restrict y) {
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  AIE_PREPARE_FOR_PIPELINING
  for (unsigned first = 0; first < tile_elements; first += lanes)
    aie::store_v(y + first, FloatSums(aie::load_v<lanes>(c + first)).to_vector<bfloat16>());
  event1();
}

extern "C" void mm_finish_residual_f32_bf16(const float *__restrict c,
                                            const bfloat16 *__restrict residual,
                                            bfloat16 *__restrict y) {
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  AIE_PREPARE_FOR_PIPELINING
  for (unsigned first = 0; first < tile_elements; first += lanes) {
    // A block of 4x8 is two of 4x4, row by row.
    const aie::vector<bfloat16, lanes> rows = aie::load_v<lanes>(residual + first);
    const auto beside = aie::concat(aie::filter_even(rows, 4), aie::filter_odd(rows, 4));
    const FloatSums sums(aie::load_v<lanes>(c + first));
    aie::store_v(y + first, aie::add(sums, beside).to_vector<bfloat16>());
  }
  event1();
}

extern "C" void mm_requantise_i32_i8(const int32_t *c, const int16_t *multipliers, int8_t *y,
                                     int32_t shift) {
  event0();
  requantise(c, multipliers, y, shift);
  event1();
}

extern "C" void mm_requantise_tile_i32_i8(const int32_t *c, const int8_t *scales, int8_t *y) {
  event0();
  const int16_t *multipliers = reinterpret_cast<const int16_t *>(scales);
  const int32_t *shift = reinterpret_cast<const int32_t *>(multipliers + DIM_N);
  requantise(c, multipliers, y, *shift);
  event1();
}
