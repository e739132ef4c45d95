// Sixteen lanes of floating point at once: the bf16 multiply-accumulate and the fp32 add.
//
// Silicon numerics in fp32 and int32 arithmetic of the host. With E the power of two of the largest
// term of a lane, each term divided by u = E * 2^-23 and converted to int32 is rounded to nearest
// even by the host exactly as the chip aligns it; the int32 sum is exact (at most 18 terms below
// 2^25), and converting it back rounds to 24 bits once. That holds for 2^-75 <= E < infinity: below
// it, lanes whose terms are all zero give +0 and anything else goes to float_lane.hpp.
//
// Operands are bf16 values widened to fp32. A denormal operand has a larger exponent in the chip's
// eyes than its value says; while the other operand is below 2^50 its product cannot be the largest
// term of a lane with E >= 2^-75, so larger operands go to float_lane.hpp too ("hazard").
#pragma once

#include "float_lane.hpp"
#include "simd.hpp"

namespace aie::detail {

inline constexpr bool silicon = !IRONBIRD_NUMERICS_FAST;

inline constexpr uint32_t exponent_bits = 0x7F800000u;
inline constexpr uint32_t magnitude_bits = 0x7FFFFFFFu;
inline constexpr uint32_t least_exact_exponent = (127u - 75u) << 23;
inline constexpr uint32_t largest_safe_operand = (127u + 50u) << 23;

AIE_HOST_INLINE u32x16 power_of(f32x16 x) { return (u32x16)x & exponent_bits; }

// Sign bits of lanes whose operand is too large for the exact path.
AIE_HOST_INLINE u32x16 operand_hazard(f32x16 x) {
  return ((u32x16)x & magnitude_bits) + (0x80000000u - largest_safe_operand);
}

// Sign bits of lanes whose largest power of two is out of range.
AIE_HOST_INLINE u32x16 range_hazard(u32x16 largest) {
  return (largest - least_exact_exponent) | (0x7F7FFFFFu - largest);
}

// The grid of a lane: terms times `scale` are integers in units of `unit`.
struct Grid {
  f32x16 scale, unit;
  AIE_HOST_INLINE explicit Grid(u32x16 largest) {
    const u32x16 at_least = max_unsigned(largest, splat(least_exact_exponent));
    scale = (f32x16)((277u << 23) - at_least);
    unit = (f32x16)(at_least - (23u << 23));
  }
};

template <unsigned P, bool HasSecond>
[[gnu::cold, gnu::noinline]] inline void mac16_lanewise(float *acc, const float *second,
                                                        const float *a, const float *b) {
  for (unsigned lane = 0; lane < 16; ++lane) {
    bfloat16 x[P], y[P];
    for (unsigned p = 0; p < P; ++p) {
      x[p] = bfloat16::from_bits(std::bit_cast<uint32_t>(a[16 * p + lane]) >> 16);
      y[p] = bfloat16::from_bits(std::bit_cast<uint32_t>(b[16 * p + lane]) >> 16);
    }
    acc[lane] = mac_lane(acc[lane], x, y, P, HasSecond ? &second[lane] : nullptr);
  }
}

template <unsigned P, bool HasSecond>
AIE_HOST_INLINE f32x16 mac16_silicon(f32x16 acc, f32x16 second, const f32x16 (&a)[P],
                                     const f32x16 (&b)[P], u32x16 hazard) {
  u32x16 largest = power_of(acc);
  if constexpr (HasSecond) largest = max_unsigned(largest, power_of(second));
  for (unsigned p = 0; p < P; ++p)
    largest = max_unsigned(largest, (u32x16)((f32x16)power_of(a[p]) * (f32x16)power_of(b[p])));
  const u32x16 out_of_range = range_hazard(largest) | hazard;
  if (__builtin_expect(any_sign(out_of_range), 0)) {
    u32x16 nonzero = (u32x16)acc;
    if constexpr (HasSecond) nonzero |= (u32x16)second;
    for (unsigned p = 0; p < P; ++p) nonzero |= (u32x16)(a[p] * b[p]);
    const u32x16 is_zero = (u32x16)((nonzero & magnitude_bits) == splat(0));
    if (any_sign((out_of_range & ~is_zero) | hazard)) {
      f32x16 sum = acc, other = second, x[P], y[P];
      for (unsigned p = 0; p < P; ++p) {
        x[p] = a[p];
        y[p] = b[p];
      }
      mac16_lanewise<P, HasSecond>((float *)&sum, (float *)&other, (float *)x, (float *)y);
      return sum;
    }
  }
  const Grid grid(largest);
  i32x16 sum = nearest_integer(acc * grid.scale);
  if constexpr (HasSecond) sum += nearest_integer(second * grid.scale);
  for (unsigned p = 0; p < P; ++p) sum += nearest_integer(a[p] * b[p] * grid.scale);
  return convert16<f32x16>(sum) * grid.unit;
}

template <unsigned P>
AIE_HOST_INLINE u32x16 hazard_of(const f32x16 (&a)[P], const f32x16 (&b)[P]) {
  u32x16 hazard{};
  for (unsigned p = 0; p < P; ++p) hazard |= operand_hazard(a[p]) | operand_hazard(b[p]);
  return hazard;
}

// acc + sum over p of a[p]*b[p]: one step of the multiplier (silicon), a chain of fma (fast).
template <unsigned P>
AIE_HOST_INLINE f32x16 mac16(f32x16 acc, const f32x16 (&a)[P], const f32x16 (&b)[P],
                             u32x16 hazard) {
  if constexpr (silicon) return mac16_silicon<P, false>(acc, acc, a, b, hazard);
  for (unsigned p = 0; p < P; ++p) acc = fused_bf16(a[p], b[p], acc);
  return acc;
}

AIE_HOST_INLINE f32x16 mac16(f32x16 acc, f32x16 a, f32x16 b) {
  const f32x16 x[1] = {a}, y[1] = {b};
  return mac16<1>(acc, x, y, hazard_of(x, y));
}

// acc + second + a*b in one step.
AIE_HOST_INLINE f32x16 addmac16(f32x16 acc, f32x16 second, f32x16 a, f32x16 b) {
  const f32x16 x[1] = {a}, y[1] = {b};
  if constexpr (silicon) return mac16_silicon<1, true>(acc, second, x, y, hazard_of(x, y));
  return fused_bf16(a, b, acc) + second;
}

AIE_HOST_INLINE f32x16 flip_sign(f32x16 x) { return (f32x16)((u32x16)x ^ 0x80000000u); }

[[gnu::cold, gnu::noinline]] inline void add16_lanewise(float *a, const float *b) {
  for (unsigned lane = 0; lane < 16; ++lane) a[lane] = add_lane(a[lane], b[lane]);
}

// The accumulator adder (silicon), or host addition (fast).
AIE_HOST_INLINE f32x16 add16(f32x16 a, f32x16 b) {
  if constexpr (!silicon) return a + b;
  const u32x16 largest = max_unsigned(power_of(a), power_of(b));
  const u32x16 out_of_range = range_hazard(largest);
  if (__builtin_expect(any_sign(out_of_range), 0)) {
    const u32x16 is_zero = (u32x16)((((u32x16)a | (u32x16)b) & magnitude_bits) == splat(0));
    if (any_sign(out_of_range & ~is_zero)) {
      f32x16 sum = a, other = b;
      add16_lanewise((float *)&sum, (const float *)&other);
      return sum;
    }
  }
  const Grid grid(largest);
  const i32x16 sum = nearest_integer(a * grid.scale) + nearest_integer(b * grid.scale);
  return convert16<f32x16>(sum) * grid.unit;
}

AIE_HOST_INLINE f32x16 sub16(f32x16 a, f32x16 b) {
  if constexpr (!silicon) return a - b;
  return add16(a, flip_sign(b));
}

// Zeros are left alone (silicon); fast keeps that, since kernels see it as data, not as arithmetic.
AIE_HOST_INLINE f32x16 neg16(f32x16 x) {
  const u32x16 is_zero = (u32x16)(((u32x16)x & magnitude_bits) == splat(0));
  return (f32x16)((u32x16)x ^ (~is_zero & 0x80000000u));
}

AIE_HOST_INLINE f32x16 widen16(u16x16 bits) { return (f32x16)(convert16<u32x16>(bits) << 16); }

// fp32 to bf16 by crRnd.
AIE_HOST_INLINE u16x16 narrow16(f32x16 x, NarrowRounding rounding) {
  const u32x16 bits = (u32x16)x;
  const u32x16 upper = bits >> 16;
  const u32x16 negative = (u32x16)((i32x16)bits >> 31);
  const u32x16 odd = splat(0) - (upper & 1);
  const u32x16 addend = ((negative & rounding.if_negative) | (~negative & rounding.if_positive)) +
                        (odd & rounding.if_odd);
  const u32x16 rounded = (bits + addend) >> 16;
  const u32x16 not_quiet = (u32x16)((upper & 0x7F) == splat(0)) & 1;
  const i32x16 is_nan = (i32x16)((bits & magnitude_bits) > splat(exponent_bits));
  return low_halves(choose(is_nan, upper | not_quiet, rounded));
}
AIE_HOST_INLINE u16x16 narrow16(f32x16 x) { return narrow16(x, current_narrowing()); }

// Narrowed to bf16 and widened again: one step of a chain of bf16 operations.
AIE_HOST_INLINE f32x16 through_bf16(f32x16 x) { return widen16(narrow16(x)); }

}  // namespace aie::detail
