// softmax_bf16: y = e^(x - max(x)) / sum(e^(x - max(x))) over one row.
//
// x, y           [element_count] bf16, 32-byte aligned, not overlapping.
// element_count  elements, not bytes; a positive multiple of 32 (whole vectors; no scalar tail).
// domain         finite x, and minus infinity beside at least one finite. An element more than 80
//                below the largest gets 0, so the lowest bf16 masks.
// numerics       powers to 2^-12 (power_of_e.hpp), their sum and its inverse in fp32; rounded once.
//                Sets crRnd: nearest-even.
// contract       aie_kernels/contracts.py: SOFTMAX_BF16
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"
#include "power_of_e.hpp"

namespace {

constexpr int32_t lanes = pair_lanes;

inline float largest_element(const bfloat16 *__restrict x, int32_t element_count) {
  constexpr int32_t wide_lanes = 32;
  aie::vector<bfloat16, wide_lanes> best = aie::load_v<wide_lanes>(x);
  AIE_PREPARE_FOR_PIPELINING
  for (int32_t first = wide_lanes; first < element_count; first += wide_lanes)
    best = aie::max(best, aie::load_v<wide_lanes>(x + first));
  return float(aie::reduce_max(best));
}

inline Power power_below(float largest, const bfloat16 *__restrict x) {
  const PairAccumulator value(PairVector(aie::load_v<lanes>(x)));
  return power_of_e(aie::sub(value, in_every_lane(largest)));
}

inline float sum_of_powers(const bfloat16 *__restrict x, float largest, int32_t element_count) {
  PairAccumulator sum = aie::zeros<accfloat, lanes>();
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(2)
  for (int32_t first = 0; first < element_count; first += lanes) {
    const Power power = power_below(largest, x + first);
    sum = add_product(sum, Pair(power.fraction), power.octave);
  }
  return aie::reduce_add(sum.to_vector<float>());
}

// Powers are made again rather than kept in y: kept, they would be rounded twice.
inline void write_shares(const bfloat16 *__restrict x, bfloat16 *__restrict y, float largest,
                         const Pair &one_over_sum, int32_t element_count) {
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(2)
  for (int32_t first = 0; first < element_count; first += lanes) {
    const Power power = power_below(largest, x + first);
    const PairVector share = product(Pair(power.fraction), one_over_sum).to_vector<bfloat16>();
    aie::store_v(y + first, aie::mul(share, power.octave).to_vector<bfloat16>());
  }
}

}  // namespace

extern "C" void softmax_bf16(const bfloat16 *x, bfloat16 *y, int32_t element_count) {
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  const float largest = largest_element(x, element_count);
  const float sum = sum_of_powers(x, largest, element_count);
  write_shares(x, y, largest, Pair(aie::inv(sum)), element_count);
  event1();
}
