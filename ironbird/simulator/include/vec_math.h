// getRsqrtBf16, getSqrtBf16, getErfBf16, getSigmoidBf16, getCeilBf16, getFloorBf16 and getAbs of
// mlir-aie's vec_math.h, on v16bfloat16 and v32bfloat16: short chains of bf16 operations, each
// narrowed by crRnd.
#pragma once

#include <aie_api/aie.hpp>

namespace aie::detail {

template <unsigned N>
using bf16s = vector<bfloat16, N>;

template <unsigned N>
inline bf16s<N> narrowed(const accum<accfloat, N> &acc) {
  return acc.template to_vector<bfloat16>();
}
template <unsigned N>
inline bf16s<N> narrow_product(const bf16s<N> &a, const bf16s<N> &b) {
  return narrowed(mul(a, b));
}
template <unsigned N>
inline bf16s<N> constant(float x) {
  return filled<bfloat16, N>(
      bfloat16::from_bits(NarrowRounding::of(rnd_conv_even).apply(std::bit_cast<uint32_t>(x))));
}

// One Newton step from 0x5f37 - (bits >> 1).
template <unsigned N>
inline bf16s<N> rsqrt_bf16(const bf16s<N> &x) {
  const auto bits = x.template cast_to<int16_t>();
  const auto y = sub(filled<int16_t, N>(0x5F37), downshift(bits, 1)).template cast_to<bfloat16>();
  const auto half_x = narrow_product(x, constant<N>(0.5f));
  const auto product = narrow_product(narrow_product(half_x, y), y);
  return narrow_product(sub(constant<N>(1.5f), product), y);
}

// 1.128379 x - 0.376126 x^3 + 0.112838 x^5, clamped to -1..1.
template <unsigned N>
inline bf16s<N> erf_bf16(const bf16s<N> &x) {
  const auto x2 = narrow_product(x, x), x3 = narrow_product(x2, x);
  const auto x4 = narrow_product(x3, x), x5 = narrow_product(x4, x);
  auto sum = mul(x, constant<N>(1.128379f));
  sum = mac(sum, x3, constant<N>(-0.376126f));
  sum = mac(sum, x5, constant<N>(0.112838f));
  return clamp(narrowed(sum), constant<N>(-1.0f), constant<N>(1.0f));
}

// 0.5 + 0.25 x - 0.03125 |x| x for x clamped to -4..4.
template <unsigned N>
inline bf16s<N> sigmoid_bf16(const bf16s<N> &v) {
  const auto x = clamp(v, constant<N>(-4.0f), constant<N>(4.0f));
  const auto square = narrow_product(abs(x), x);
  accum<accfloat, N> sum(constant<N>(0.5f));
  sum = mac(sum, x, constant<N>(0.25f));
  return narrowed(accum<accfloat, N>(msc(sum, square, constant<N>(0.03125f))));
}

// Through int32 and back; from 2^31 on a bf16 is an integer anyway.
template <bool Ceil, unsigned N>
inline bf16s<N> rounded_bf16(const bf16s<N> &x) {
  const auto down = to_float<bfloat16>(to_fixed<int32_t>(Ceil ? neg(x) : x, 0), 0);
  const auto whole = Ceil ? neg(down) : down;
  return select(whole, x, ge(abs(x), bfloat16::from_bits(0x4F00)));
}

}  // namespace aie::detail

#define AIE_HOST_VEC_MATH(name, call)       \
  inline v16bfloat16 name(v16bfloat16 in) { \
    const aie::vector<bfloat16, 16> x(in);  \
    return call;                            \
  }                                         \
  inline v32bfloat16 name(v32bfloat16 in) { \
    const aie::vector<bfloat16, 32> x(in);  \
    return call;                            \
  }
AIE_HOST_VEC_MATH(getRsqrtBf16, aie::detail::rsqrt_bf16(x))
AIE_HOST_VEC_MATH(getSqrtBf16, aie::detail::narrow_product(x, aie::detail::rsqrt_bf16(x)))
AIE_HOST_VEC_MATH(getErfBf16, aie::detail::erf_bf16(x))
AIE_HOST_VEC_MATH(getSigmoidBf16, aie::detail::sigmoid_bf16(x))
AIE_HOST_VEC_MATH(getCeilBf16, aie::detail::rounded_bf16<true>(x))
AIE_HOST_VEC_MATH(getFloorBf16, aie::detail::rounded_bf16<false>(x))
AIE_HOST_VEC_MATH(getAbs, aie::abs(x))
#undef AIE_HOST_VEC_MATH

inline v16float getAbs(v16float in) { return aie::abs(aie::vector<float, 16>(in)); }
inline v16int32 getAbs(v16int32 in) { return aie::abs(aie::vector<int32_t, 16>(in)); }
inline v32int16 getAbs(v32int16 in) { return aie::abs(aie::vector<int16_t, 32>(in)); }
inline v64int8 getAbs(v64int8 in) { return aie::abs(aie::vector<int8_t, 64>(in)); }
