// One lane of the chip's floating-point units, by the book: bf16 multiply-accumulate and fp32 add.
//
// Every addend is aligned to the largest exponent and rounded to nearest even on that grid of 23
// fractional bits; the sum of the integers is exact and is rounded once (AM020 ch4; 3,200 of 3,200
// probes of ignite-xdna agree). This is the definition; float_step.hpp computes sixteen lanes at
// once and comes back here for infinities, NaNs and extreme exponents.
#pragma once

#include "scalar.hpp"

namespace aie::detail {

// significand * 2^(exponent - 255 - 23); exponent 0 marks a zero.
struct Addend {
  int64_t significand = 0;
  int32_t exponent = 0;
};

inline Addend addend_of(float x) {
  const uint32_t bits = std::bit_cast<uint32_t>(x);
  const int32_t exponent = (bits >> 23) & 255;
  const int64_t mantissa = bits & 0x7FFFFF;
  if (exponent == 0 && mantissa == 0) return {};
  const int64_t magnitude = exponent != 0 ? mantissa | 0x800000 : mantissa;
  return {(bits >> 31) ? -magnitude : magnitude, (exponent != 0 ? exponent : 1) + 128};
}

inline Addend addend_of_product(bfloat16 x, bfloat16 y) {
  const auto split = [](bfloat16 v) {
    const int32_t exponent = (v.bits >> 7) & 255, mantissa = v.bits & 127;
    if (exponent == 0) return Addend{mantissa, mantissa != 0 ? 1 : 0};
    return Addend{mantissa | 128, exponent};
  };
  const Addend a = split(x), b = split(y);
  if (a.exponent == 0 || b.exponent == 0) return {};
  const int64_t magnitude = (a.significand * b.significand) << 9;
  return {((x.bits ^ y.bits) & 0x8000) ? -magnitude : magnitude, a.exponent + b.exponent + 1};
}

// magnitude / 2^shift to the nearest integer, ties to even.
inline int64_t shift_nearest_even(int64_t magnitude, int32_t shift) {
  if (shift <= 0) return magnitude;
  if (shift > 40) return 0;
  const int64_t down = magnitude >> shift, half = int64_t{1} << (shift - 1);
  const int64_t rest = magnitude & (2 * half - 1);
  return down + (rest > half || (rest == half && (down & 1)) ? 1 : 0);
}

// The rounded sum; `signed_underflow` says whether a result that is flushed to zero keeps its sign.
inline float sum_addends(const Addend *addends, unsigned addend_count, bool signed_underflow) {
  int32_t largest = 0;
  for (unsigned i = 0; i < addend_count; ++i)
    if (addends[i].exponent > largest) largest = addends[i].exponent;
  int64_t sum = 0;
  for (unsigned i = 0; i < addend_count; ++i) {
    const int64_t value = addends[i].significand;
    const int64_t aligned =
        shift_nearest_even(value < 0 ? -value : value, largest - addends[i].exponent);
    sum += value < 0 ? -aligned : aligned;
  }
  if (sum == 0) return 0.0f;
  const uint32_t sign = sum < 0 ? 0x80000000u : 0;
  uint64_t magnitude = static_cast<uint64_t>(sum < 0 ? -sum : sum);
  int32_t leading = 63 - std::countl_zero(magnitude);
  if (leading > 23) {
    magnitude =
        static_cast<uint64_t>(shift_nearest_even(static_cast<int64_t>(magnitude), leading - 23));
    if (magnitude >> 24) {
      magnitude >>= 1;
      ++leading;
    }
  } else {
    magnitude <<= 23 - leading;
  }
  const int32_t exponent = largest + leading - 23 - 128;
  if (exponent <= 0) return std::bit_cast<float>(signed_underflow ? sign : 0u);
  if (exponent >= 255) return std::bit_cast<float>(sign | 0x7F800000u);
  return std::bit_cast<float>(sign | static_cast<uint32_t>(exponent) << 23 |
                              static_cast<uint32_t>(magnitude & 0x7FFFFF));
}

inline bool is_nan(float x) { return (std::bit_cast<uint32_t>(x) & 0x7FFFFFFF) > 0x7F800000u; }
inline bool is_infinite(float x) {
  return (std::bit_cast<uint32_t>(x) & 0x7FFFFFFF) == 0x7F800000u;
}

inline constexpr uint32_t canonical_nan = 0x7FC00000u;

// Infinities and NaNs among the terms of a sum: what the whole sum is, if it is not finite.
struct NonFinite {
  bool nan = false, positive = false, negative = false;

  void meet(float x) {
    if (is_nan(x)) nan = true;
    if (is_infinite(x)) (x > 0 ? positive : negative) = true;
  }
  bool any() const { return nan || positive || negative; }
  float result() const {
    if (nan || (positive && negative)) return std::bit_cast<float>(canonical_nan);
    return std::bit_cast<float>(positive ? 0x7F800000u : 0xFF800000u);
  }
};

// acc (+ second) + sum of a[p]*b[p], one rounding. `second` may be null.
inline float mac_lane(float acc, const bfloat16 *a, const bfloat16 *b, unsigned products,
                      const float *second = nullptr) {
  constexpr unsigned most = 16;
  Addend addends[most + 2];
  NonFinite special;
  bool all_products_zero = true;
  for (unsigned p = 0; p < products; ++p) {
    addends[p] = addend_of_product(a[p], b[p]);
    const float x = a[p], y = b[p];
    if (is_nan(x) || is_nan(y) || is_infinite(x) || is_infinite(y)) {
      special.meet(x * y);
      all_products_zero = false;
    }
    all_products_zero = all_products_zero && addends[p].exponent == 0;
  }
  special.meet(acc);
  addends[products] = addend_of(acc);
  unsigned addend_count = products + 1;
  if (second != nullptr) {
    special.meet(*second);
    addends[addend_count++] = addend_of(*second);
  }
  if (special.any())
    return is_nan(acc) && all_products_zero && second == nullptr ? acc : special.result();
  return sum_addends(addends, addend_count, false);
}

// a + b of the accumulator adder: no guard bits, so 1 - (1 - 2^-24) is 0.
inline float add_lane(float a, float b) {
  NonFinite special;
  special.meet(a);
  special.meet(b);
  if (special.any()) return special.result();
  const Addend addends[2] = {addend_of(a), addend_of(b)};
  return sum_addends(addends, 2, true);
}

// Flips the sign, except that zeros are left alone.
inline constexpr float negate_lane(float x) { return x == 0.0f ? x : -x; }

}  // namespace aie::detail
