// fp32 multiplication, which the chip does not have: products of bf16 parts (llvm-aie
// aiev2_core.h).
//
// Each operand is split into two or three bf16 parts, narrowed by crRnd; the partial products are
// accumulated in a fixed order, smallest first. The macro that the build line sets decides how
// many: AIE2_FP32_EMULATION_ACCURACY_FAST 6, _LOW 3, neither 9. With
// AIE2_FP32_EMULATION_SET_RND_MODE the splitting narrows by floor whatever crRnd says.
#pragma once

#include "lanes.hpp"

namespace aie::detail {

#if defined(AIE2_FP32_EMULATION_ACCURACY_FAST)
inline constexpr unsigned float_product_macs = 6, float_product_vector = 10,
                          float_product_convert = 6;
#elif defined(AIE2_FP32_EMULATION_ACCURACY_LOW)
inline constexpr unsigned float_product_macs = 3, float_product_vector = 5,
                          float_product_convert = 4;
#else
inline constexpr unsigned float_product_macs = 9, float_product_vector = 13,
                          float_product_convert = 6;
#endif
inline constexpr unsigned float_product_move = 6;

struct FloatParts {
  f32x16 part[3];

  explicit FloatParts(f32x16 x) {
#if defined(AIE2_FP32_EMULATION_SET_RND_MODE)
    const NarrowRounding rounding = narrow_roundings[rnd_floor];
#else
    const NarrowRounding rounding = current_narrowing();
#endif
    const f32x16 one = f32x16{} + 1.0f;
    f32x16 rest = x;
    for (int i = 0; i < 3; ++i) {
      part[i] = widen16(narrow16(rest, rounding));
      rest = mac16(rest, flip_sign(part[i]), one);
    }
  }
};

// Index pairs (of a, of b) of the partial products, first to last; the last is always the largest.
struct PartPair {
  unsigned a, b;
};
inline constexpr PartPair part_pairs[9] = {
#if defined(AIE2_FP32_EMULATION_ACCURACY_FAST)
    {0, 2}, {1, 1}, {2, 0}, {1, 0},
    {0, 1}, {0, 0}
#elif defined(AIE2_FP32_EMULATION_ACCURACY_LOW)
    {1, 0}, {0, 1}, {0, 0}
#else
    {2, 2}, {2, 1}, {1, 2}, {0, 2}, {1, 1},
    {2, 0}, {1, 0}, {0, 1}, {0, 0}
#endif
};

// Sixteen products; not inlined, a kernel may hold dozens of them.
[[gnu::noinline]] inline void multiply16_in_place(float *x, const float *y, const float *acc) {
  const FloatParts a(load16<f32x16>(x)), b(load16<f32x16>(y));
  f32x16 sum{};
  for (unsigned i = 0; i + 1 < float_product_macs; ++i)
    sum = mac16(sum, a.part[part_pairs[i].a], b.part[part_pairs[i].b]);
  if (acc != nullptr)
    store16(x, addmac16(sum, load16<f32x16>(acc), a.part[0], b.part[0]));
  else
    store16(x, mac16(sum, a.part[0], b.part[0]));
}

AIE_HOST_INLINE f32x16 float_mul16(f32x16 x, f32x16 y) {
  if constexpr (!silicon) return x * y;
  multiply16_in_place((float *)&x, (const float *)&y, nullptr);
  return x;
}
AIE_HOST_INLINE f32x16 float_mac16(f32x16 acc, f32x16 x, f32x16 y) {
  if constexpr (!silicon) return fused(x, y, acc);
  multiply16_in_place((float *)&x, (const float *)&y, (const float *)&acc);
  return x;
}
// The accumulator minus the finished product.
AIE_HOST_INLINE f32x16 float_msc16(f32x16 acc, f32x16 x, f32x16 y) {
  if constexpr (!silicon) return fused(flip_sign(x), y, acc);
  return sub16(acc, float_mul16(x, y));
}

}  // namespace aie::detail
