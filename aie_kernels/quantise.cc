// quantise_bf16_i8: one row of int8 numbers and their scale: y = x / scale, scale = max |x| / 127.
//
// x              [element_count] bf16, 32-byte aligned.
// y              [element_count] int8, then 128 bytes: the scale as a float, and zeros. 32-byte
//                aligned. A product takes them as one more tile of 128 columns (mm_dequantise.cc).
// element_count  elements of x, not bytes; a positive multiple of 32.
// domain         finite. A row of zeros has the scale 1; so has one below 1e-30, whose y are 0.
// numerics       1 / scale is a pair of bf16, 16 bits together (bf16_pair.hpp); y is rounded to
//                nearest, ties to even. Sets crRnd to nearest even.
// contract       aie_kernels/contracts.py: QUANTISE_BF16_I8
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"
#include "bf16_pair.hpp"

namespace {

constexpr float largest_int8 = 127.0f;
constexpr float smallest_row = 1e-30f;
constexpr unsigned bytes_beside = 128;

inline float largest_magnitude(const bfloat16 *__restrict x, int32_t element_count) {
  constexpr unsigned lanes = 32;
  aie::vector<bfloat16, lanes> largest = aie::zeros<bfloat16, lanes>();
  AIE_PREPARE_FOR_PIPELINING
  for (int32_t first = 0; first < element_count; first += lanes)
    largest = aie::max(largest, aie::abs(aie::load_v<lanes>(x + first)));
  return float(aie::reduce_max(largest));
}

}  // namespace

extern "C" void quantise_bf16_i8(const bfloat16 *__restrict x, int8_t *__restrict y,
                                 int32_t element_count) {
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  const float largest = largest_magnitude(x, element_count);
  const bool is_zero = largest < smallest_row;
  const float scale = is_zero ? 1.0f : largest / largest_int8;
  const Pair inverse(is_zero ? 0.0f : largest_int8 / largest);
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(2)
  for (int32_t first = 0; first < element_count; first += pair_lanes) {
    const PairVector value = aie::load_v<pair_lanes>(x + first);
    PairAccumulator result = aie::mul(value, inverse.lower);
    result = aie::mac(result, value, inverse.upper);
    aie::store_v(y + first, aie::to_fixed<int8_t>(result.to_vector<float>()));
  }
  int8_t *__restrict beside = y + element_count;
  for (unsigned first = 0; first < bytes_beside; first += 32)
    aie::store_v(beside + first, aie::zeros<int8_t, 32>());
  *reinterpret_cast<float *>(beside) = scale;
  event1();
}
