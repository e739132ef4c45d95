// e^x on 16 lanes to 4e-4, where the table of getExpBf16 is within 1.24 % only and wraps outside
// [-128, 128): e^x = 2^n p(r), with n + r = x / ln 2, n whole and r in [-0.5, 0.5].
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

// Numbers of this size have no fraction, and their lowest bits count from the exponent's bias on:
// adding it rounds to a whole number n, and leaves the exponent of 2^n in the lowest bits.
constexpr float whole_numbers = 12582912.0f + 127.0f;

inline PairAccumulator in_every_lane(float number) {
  return PairAccumulator(aie::vector<float, pair_lanes>(aie::broadcast<float, pair_lanes>(number)));
}

// e^x as fraction * octave, the fraction in [0.7, 1.42] and the octave a power of two or zero.
struct Power {
  PairAccumulator fraction;
  PairVector octave;
};

// Its constants are made once, before a loop.
class PowerOfE {
 public:
  // For x < 88, minus infinity included; NaN stays NaN. Needs crRnd = nearest-even.
  Power operator()(const PairAccumulator &x) const {
    Pair argument(x);
    const auto is_zero = aie::lt(argument.upper, smallest_);
    argument.upper = aie::select(argument.upper, zeros_, is_zero);
    argument.lower = aie::select(argument.lower, zeros_, is_zero);

    const PairAccumulator octaves = product(argument, one_over_log_2_);
    const PairAccumulator whole = aie::add(octaves, whole_numbers_);
    const Pair rest(aie::sub(octaves, aie::sub(whole, whole_numbers_)));
    // The two roundings on the way to r^2 (b + r c), which is below 0.07, move e^x by 2^-12.
    const PairVector curve = aie::mac(b_, rest.upper, c_).to_vector<bfloat16>();
    const PairVector bend = aie::mul(rest.upper, curve).to_vector<bfloat16>();
    const PairAccumulator fraction = aie::mac(add_product(one_, rest, a_), rest.upper, bend);

    const auto halves = whole.to_vector<float>().cast_to<int16_t>();
    const auto exponent = aie::upshift(aie::filter_even(halves), bf16_mantissa_bits);
    return {fraction, aie::select(exponent.cast_to<bfloat16>(), zeros_, is_zero)};
  }

 private:
  const PairVector zeros_ = aie::zeros<bfloat16, pair_lanes>();
  const PairVector smallest_ = in_every_lane(smallest_power_argument).to_vector<bfloat16>();
  const PairVector c_ = in_every_lane(power_c).to_vector<bfloat16>();
  const Pair one_over_log_2_{one_over_log_2}, a_{power_a};
  const PairAccumulator b_ = in_every_lane(power_b), one_ = in_every_lane(1.0f);
  const PairAccumulator whole_numbers_ = in_every_lane(whole_numbers);
};

// Outside of loops.
inline Power power_of_e(const PairAccumulator &x) { return PowerOfE()(x); }
