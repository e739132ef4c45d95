// softmax_bf16: y = e^(x - max(x)) / sum(e^(x - max(x))) over one row.
//
// x, y           [element_count] bf16, 32-byte aligned, not overlapping. y holds the exponents and
//                then the powers on the way.
// element_count  elements, not bytes; a positive multiple of 32 (whole vectors; no scalar tail).
// domain         finite x. An element more than 80 below the largest counts as 80 below.
// numerics       powers from the tables of getExpBf16; their sum and its inverse in fp32.
//                Sets crRnd: floor where the tables are read, nearest-even elsewhere.
// contract       aie_kernels/contracts.py: SOFTMAX_BF16
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"
#include "exponential.hpp"

namespace {

constexpr int32_t lanes = exponential_lanes;

inline bfloat16 largest_element(const bfloat16 *__restrict x, int32_t element_count) {
  constexpr int32_t wide_lanes = 32;
  aie::vector<bfloat16, wide_lanes> best = aie::load_v<wide_lanes>(x);
  AIE_PREPARE_FOR_PIPELINING
  for (int32_t first = wide_lanes; first < element_count; first += wide_lanes)
    best = aie::max(best, aie::load_v<wide_lanes>(x + first));
  return aie::reduce_max(best);
}

inline void write_exponents(const bfloat16 *__restrict x, bfloat16 *__restrict y, bfloat16 largest,
                            int32_t element_count) {
  const ExponentVector top = aie::broadcast<bfloat16, lanes>(largest);
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(2)
  for (int32_t first = 0; first < element_count; first += lanes) {
    const ExponentVector exponent = aie::sub(aie::load_v<lanes>(x + first), top);
    aie::store_v(y + first, raised_to_smallest_exponent(exponent));
  }
}

// Replaces the exponents by their powers, and returns the sum of the powers as rounded: what is
// rounded off then cancels in the quotient.
inline float write_powers(bfloat16 *y, int32_t element_count) {
  aie::accum<accfloat, lanes> sum = aie::zeros<accfloat, lanes>();
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(2)
  for (int32_t first = 0; first < element_count; first += lanes) {
    const ExponentVector power = exponential(aie::load_v<lanes>(y + first));
    aie::store_v(y + first, power);
    sum = aie::add(sum, power);
  }
  return aie::reduce_add(sum.to_vector<float>());
}

// Multiplies by `factor` held as two bf16 parts: 16 bits of it instead of 8.
inline void multiply_by(bfloat16 *y, float factor, int32_t element_count) {
  const bfloat16 upper = factor;
  const bfloat16 lower = factor - float(upper);
  const ExponentVector upper_lanes = aie::broadcast<bfloat16, lanes>(upper);
  const ExponentVector lower_lanes = aie::broadcast<bfloat16, lanes>(lower);
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(2)
  for (int32_t first = 0; first < element_count; first += lanes) {
    const ExponentVector power = aie::load_v<lanes>(y + first);
    aie::accum<accfloat, lanes> share = aie::mul(power, upper_lanes);
    share = aie::mac(share, power, lower_lanes);
    aie::store_v(y + first, share.to_vector<bfloat16>());
  }
}

}  // namespace

extern "C" void softmax_bf16(const bfloat16 *x, bfloat16 *y, int32_t element_count) {
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  write_exponents(x, y, largest_element(x, element_count), element_count);
  aie::set_rounding(aie::rounding_mode::floor);
  const float sum = write_powers(y, element_count);
  aie::set_rounding(aie::rounding_mode::conv_even);
  multiply_by(y, aie::inv(sum), element_count);
  event1();
}
