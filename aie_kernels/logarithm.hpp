// log2(x) on 16 lanes to 2e-4 absolute: the exponent of x as it stands, and a polynomial of degree
// 4 in its fraction, which is in [1, 2).
#pragma once

#include <aie_api/aie.hpp>

#include "bf16_pair.hpp"

// log2(1.5 + u) for u in [-0.5, 0.5], by powers of u: through Chebyshev's points, within 1.2e-4.
constexpr float log2_coefficients[] = {0.58496250f, 0.96097399f, -0.32013948f, 0.15538812f,
                                       -0.07844068f};
constexpr int log2_degree = 4;

constexpr int fp32_mantissa_bits = 23;
constexpr int32_t fp32_mantissa = 0x007fffff;
constexpr int32_t fp32_exponent = 0x7f800000;
constexpr int32_t fp32_bits_of_one = 0x3f800000;
constexpr float fp32_exponent_bias = 127.0f;

inline PairAccumulator constant_in_every_lane(float number) {
  return PairAccumulator(aie::vector<float, pair_lanes>(aie::broadcast<float, pair_lanes>(number)));
}

// For positive normal x; zero counts as 2^-127. Needs crRnd = nearest-even.
inline PairAccumulator log2_of(const aie::vector<float, pair_lanes> &x) {
  const aie::vector<int32, pair_lanes> bits = x.cast_to<int32>();
  const aie::vector<int32, pair_lanes> exponents = aie::bit_and(fp32_exponent, bits);
  const aie::vector<int32, pair_lanes> fractions =
      aie::bit_or(fp32_bits_of_one, aie::bit_and(fp32_mantissa, bits));
  const PairAccumulator fraction(fractions.cast_to<float>());
  const Pair u(aie::sub(fraction, constant_in_every_lane(1.5f)));

  PairAccumulator sum = constant_in_every_lane(log2_coefficients[log2_degree]);
  for (int power = log2_degree - 1; power >= 0; --power)
    sum = aie::add(constant_in_every_lane(log2_coefficients[power]), product(Pair(sum), u));

  const PairAccumulator whole(aie::to_float(exponents, fp32_mantissa_bits));
  return aie::add(aie::sub(whole, constant_in_every_lane(fp32_exponent_bias)), sum);
}
