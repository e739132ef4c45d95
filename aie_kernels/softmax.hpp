// What the forms of softmax share: powers below a row's largest element, their sum, and shares.
//
// A row is read through an object that gives its elements as they count: `wide(first)`, 32 of them
// in bf16, and `exact(first)`, 16 in fp32.
#pragma once

#include <aie_api/aie.hpp>
#include <algorithm>

#include "aie_kernel_utils.h"
#include "power_of_e.hpp"

constexpr int32_t wide_lanes = 32;
using WideVector = aie::vector<bfloat16, wide_lanes>;

constexpr float lowest_bfloat16 = -3.3895314e38f;

// The largest power is 1, but for a row that is hidden whole: nothing is added up, and shares are
// 0.
constexpr float half_of_the_least_sum = 0.5f;

template <typename Row>
inline float largest_element(const Row &row, int32_t element_count) {
  WideVector best = row.wide(0);
  AIE_PREPARE_FOR_PIPELINING
  for (int32_t first = wide_lanes; first < element_count; first += wide_lanes)
    best = aie::max(best, row.wide(first));
  return std::max(float(aie::reduce_max(best)), lowest_bfloat16);
}

template <typename Row>
inline PairAccumulator power_below(float largest, const Row &row, int32_t first) {
  return power_of_e(aie::sub(row.exact(first), in_every_lane(largest)));
}

// sum + the powers e^(element - largest). Needs crRnd = nearest-even.
template <typename Row>
inline PairAccumulator add_powers(PairAccumulator sum, const Row &row, float largest,
                                  int32_t element_count) {
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(2)
  for (int32_t first = 0; first < element_count; first += pair_lanes)
    sum = aie::add(sum, power_below(largest, row, first));
  return sum;
}

inline Pair inverse_of_sum(float sum) {
  return Pair(aie::inv(std::max(sum, half_of_the_least_sum)));
}

inline PairVector share(const Pair &power, const Pair &one_over_sum) {
  return product(power, one_over_sum).to_vector<bfloat16>();
}

struct WholeRow {
  const bfloat16 *__restrict x;

  WideVector wide(int32_t first) const { return aie::load_v<wide_lanes>(x + first); }
  PairAccumulator exact(int32_t first) const {
    return PairAccumulator(PairVector(aie::load_v<pair_lanes>(x + first)));
  }
};
