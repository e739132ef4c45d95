// fp32 numbers as sums of two bf16: AIE2 multiplies bf16 only, and two of them hold 16 bits.
#pragma once

#include <aie_api/aie.hpp>
#include <bit>

constexpr unsigned pair_lanes = 16;

using PairVector = aie::vector<bfloat16, pair_lanes>;
using PairAccumulator = aie::accum<accfloat, pair_lanes>;

// The parts of one number in every lane, or of one for each lane. Needs crRnd = nearest-even.
struct Pair {
  PairVector upper, lower;

  Pair(const PairVector &upper, const PairVector &lower) : upper(upper), lower(lower) {}
  explicit Pair(const PairAccumulator &number)
      : upper(number.to_vector<bfloat16>()), lower(aie::sub(number, upper).to_vector<bfloat16>()) {}
  explicit Pair(float number)
      : Pair(PairAccumulator(
            aie::vector<float, pair_lanes>(aie::broadcast<float, pair_lanes>(number)))) {}
};

// The product without that of the lower parts, which is below 2^-16 of it.
inline PairAccumulator product(const Pair &left, const Pair &right) {
  PairAccumulator result = aie::mul(left.upper, right.upper);
  result = aie::mac(result, left.upper, right.lower);
  return aie::mac(result, left.lower, right.upper);
}

inline PairAccumulator add_product(PairAccumulator sum, const Pair &left, const PairVector &right) {
  sum = aie::mac(sum, left.upper, right);
  return aie::mac(sum, left.lower, right);
}

inline PairAccumulator add_product(PairAccumulator sum, const Pair &left, const Pair &right) {
  sum = add_product(sum, left, right.upper);
  return aie::mac(sum, left.upper, right.lower);
}

// 1 / sqrt(number) to 2e-7 for positive numbers; something finite for zero. Three Newton steps from
// a guess made of the bits: AIE2 has no square root. Software floats, so once for a row.
inline float inverse_root(float number) {
  float root = std::bit_cast<float>(0x5f3759df - (std::bit_cast<int32_t>(number) >> 1));
  for (int step = 0; step < 3; ++step) root *= 1.5f - 0.5f * number * root * root;
  return root;
}
