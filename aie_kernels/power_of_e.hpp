// e^x on 16 lanes to 2^-12, where the table of getExpBf16 is within 1.24 % only: e^x = 2^n p(r),
// with n + r = x / ln 2, n whole and r in [-0.5, 0.5].
#pragma once

#include <aie_api/aie.hpp>

#include "bf16_pair.hpp"

// e^-87 is 1.6e-38, just above the smallest normal fp32; whatever is below counts as zero.
constexpr float smallest_power_argument = -87.0f;

// 2^r = 1 + r (a + r (b + r c)), exact at 0, fitted to a relative 1.2e-4 on [-0.505, 0.505].
constexpr float power_a = 0.69337743f;
constexpr float power_b = 0.24225817f;
constexpr float power_c = 0.05457568f;
constexpr float one_over_log_2 = 1.44269504f;

// Added to a number below 2^22, it leaves the nearest whole one in the last bits of the sum.
constexpr float fraction_shifter = 0x1.8p23f;
constexpr unsigned fp32_mantissa_bits = 23;

inline PairAccumulator in_every_lane(float number) {
  return PairAccumulator(aie::vector<float, pair_lanes>(aie::broadcast<float, pair_lanes>(number)));
}

inline PairVector bf16_in_every_lane(float number) {
  const bfloat16 rounded = number;
  return aie::broadcast<bfloat16, pair_lanes>(rounded);
}

// 2^r for r in [-0.5, 0.5]. Needs crRnd = nearest-even.
inline PairAccumulator small_power_of_2(const Pair &r) {
  const PairVector cubic =
      aie::mac(in_every_lane(power_b), r.upper, bf16_in_every_lane(power_c)).to_vector<bfloat16>();
  const Pair slope(add_product(in_every_lane(power_a), r, cubic));
  return add_product(in_every_lane(1.0f), slope, r);
}

// For x < 88, minus infinity included; NaN stays NaN. Needs crRnd = nearest-even.
inline PairAccumulator power_of_e(const PairAccumulator &x) {
  const Pair argument(x);
  const auto is_zero = aie::lt(argument.upper, bf16_in_every_lane(smallest_power_argument));

  const PairAccumulator octaves = product(argument, Pair(one_over_log_2));
  const PairAccumulator shifted = aie::add(octaves, in_every_lane(fraction_shifter));
  const PairAccumulator whole = aie::sub(shifted, in_every_lane(fraction_shifter));
  const PairAccumulator fraction = small_power_of_2(Pair(aie::sub(octaves, whole)));

  // 2^n is n added to the exponent. Where the power is zero, what was made until here is nothing.
  const auto exponent = aie::sub(shifted.to_vector<float>().cast_to<int32_t>(),
                                 std::bit_cast<int32_t>(fraction_shifter));
  const auto bits = aie::add(fraction.to_vector<float>().cast_to<int32_t>(),
                             aie::upshift(exponent, fp32_mantissa_bits));
  const aie::vector<float, pair_lanes> power = bits.cast_to<float>();
  return PairAccumulator(aie::select(power, aie::zeros<float, pair_lanes>(), is_zero));
}
