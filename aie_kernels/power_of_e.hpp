// e^x on 16 lanes to 2^-12, where the table of getExpBf16 is within 1.24 % only and wraps outside
// [-128, 128): e^x = 2^n p(r), with n + r = x / ln 2, n whole and r in [-0.51, 0.51].
#pragma once

#include <aie_api/aie.hpp>

#include "bf16_pair.hpp"

// e^-80 = 1.8e-35 weighs nothing beside e^0; whatever is below counts as zero.
constexpr float smallest_power_argument = -80.0f;

// 2^r = 1 + r (a + r (b + r c)), exact at 0, fitted to a relative 1.2e-4 on [-0.505, 0.505].
constexpr float power_a = 0.69337743f;
constexpr float power_b = 0.24225817f;
constexpr float power_c = 0.05457568f;
constexpr float one_over_log_2 = 1.44269504f;

constexpr unsigned bf16_mantissa_bits = 7;
constexpr int16_t bits_of_one = 127 << bf16_mantissa_bits;

inline PairAccumulator in_every_lane(float number) {
  return PairAccumulator(aie::vector<float, pair_lanes>(aie::broadcast<float, pair_lanes>(number)));
}

// e^x as fraction * octave, the fraction in [0.7, 1.42] and the octave a power of two or zero.
struct Power {
  PairAccumulator fraction;
  PairVector octave;
};

// For x < 88, minus infinity included; NaN stays NaN. Needs crRnd = nearest-even.
inline Power power_of_e(const PairAccumulator &x) {
  const PairVector zeros = aie::zeros<bfloat16, pair_lanes>();
  const bfloat16 smallest = smallest_power_argument;
  Pair argument(x);
  const auto is_zero = aie::lt(argument.upper, aie::broadcast<bfloat16, pair_lanes>(smallest));
  argument.upper = aie::select(argument.upper, zeros, is_zero);
  argument.lower = aie::select(argument.lower, zeros, is_zero);

  const PairAccumulator octaves = product(argument, Pair(one_over_log_2));
  const PairVector half_up = aie::add(octaves, in_every_lane(0.5f)).to_vector<bfloat16>();
  const aie::vector<int16_t, pair_lanes> whole = aie::to_fixed<int16_t>(half_up);
  const Pair rest(aie::sub(octaves, PairVector(aie::to_float<bfloat16>(whole))));

  const bfloat16 cubic = power_c;
  const PairVector cubics = aie::broadcast<bfloat16, pair_lanes>(cubic);
  // Of 1 + r (a + r inner) the last term is below 0.06: rounding it to bf16 moves e^x by 2^-13.
  const PairVector inner =
      aie::mac(in_every_lane(power_b), rest.upper, cubics).to_vector<bfloat16>();
  const Pair middle(add_product(in_every_lane(power_a), rest, inner));
  const PairAccumulator fraction = aie::add(in_every_lane(1.0f), product(middle, rest));

  const auto exponent = aie::add(aie::upshift(whole, bf16_mantissa_bits), bits_of_one);
  return {fraction, aie::select(exponent.cast_to<bfloat16>(), zeros, is_zero)};
}
