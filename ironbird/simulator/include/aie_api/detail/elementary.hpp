// inv, invsqrt, sqrt and div: Newton steps from a magic constant, as aie_api does them on AIE2.
//
// Zero, infinities, NaN, denormals and negative inputs get no special handling.
#pragma once

#include "multiply.hpp"

namespace aie {

namespace detail {

AIE_HOST_INLINE f32x16 all_lanes(float x) { return f32x16{} + x; }
AIE_HOST_INLINE f32x16 bf16_mul16(f32x16 a, f32x16 b) { return mac16(f32x16{}, a, b); }
AIE_HOST_INLINE f32x16 n16(f32x16 x) { return through_bf16(x); }
constexpr float nearest_bf16(float x) {
  const uint16_t bits = NarrowRounding::of(rnd_conv_even).apply(std::bit_cast<uint32_t>(x));
  return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16);
}

// Every step is narrowed to bf16 by crRnd. v holds bf16 values.
AIE_HOST_INLINE f32x16 inv_bf16(f32x16 v) {
  const f32x16 k = all_lanes(nearest_bf16(1.9395974f));
  const u32x16 start = (0x7EB50000u - ((u32x16)v & 0xFFFF0000u));
  const f32x16 y = (f32x16)start;
  const f32x16 first = n16(add16(all_lanes(1.436142f), neg16(bf16_mul16(v, y))));
  const f32x16 second = n16(bf16_mul16(first, y));
  const f32x16 minus_y = n16(neg16(bf16_mul16(second, k)));
  const f32x16 rest = n16(mac16(all_lanes(2.0f), minus_y, v));
  return n16(neg16(bf16_mul16(minus_y, rest)));
}
AIE_HOST_INLINE f32x16 inv_float(f32x16 v) {
  const f32x16 y = (f32x16)(0x7EB53567u - (u32x16)v);
  const f32x16 first = add16(all_lanes(1.436142f), neg16(float_mul16(v, y)));
  const f32x16 second = float_mul16(first, y);
  const f32x16 minus_y = neg16(float_mul16(second, all_lanes(1.9395974f)));
  const f32x16 rest = float_mac16(all_lanes(2.0f), minus_y, v);
  return neg16(float_mul16(minus_y, rest));
}

// 0x5F1FFFF9 - (bits >> 1); the shift is an SRS and rounds by crRnd.
AIE_HOST_INLINE f32x16 invsqrt_start(f32x16 v) {
  const ShiftRounding rounding = ShiftRounding::of(ironbird::current_core->rounding, 1);
  f32x16 start;
  for (int i = 0; i < 16; ++i) {
    const int64_t half = rounding.apply<int64_t>(std::bit_cast<int32_t>(v[i]), 1);
    start[i] = std::bit_cast<float>(static_cast<int32_t>(0x5F1FFFF9 - half));
  }
  return start;
}
inline constexpr float invsqrt_scale = 0.703952253f;
inline constexpr float invsqrt_offset = 0.703952253f * 2.38924456f;

AIE_HOST_INLINE f32x16 invsqrt_bf16(f32x16 v) {
  const f32x16 x2 = n16(bf16_mul16(v, all_lanes(nearest_bf16(invsqrt_scale))));
  const f32x16 y = n16(invsqrt_start(v));
  const f32x16 yy = n16(bf16_mul16(y, y));
  const f32x16 rest = n16(mac16(all_lanes(invsqrt_offset), flip_sign(x2), yy));
  return n16(bf16_mul16(y, rest));
}
AIE_HOST_INLINE f32x16 invsqrt_float(f32x16 v) {
  const f32x16 x2 = float_mul16(v, all_lanes(invsqrt_scale));
  const f32x16 y = invsqrt_start(v);
  const f32x16 rest = float_msc16(all_lanes(invsqrt_offset), x2, float_mul16(y, y));
  return float_mul16(y, rest);
}

// Slots of sixteen lanes, after the table the timing model is fitted to.
struct NewtonCost {
  unsigned alu, mac, move, convert;
};

template <class T, unsigned N, class Bf16, class Float>
AIE_HOST_INLINE vector<T, N> each_group(const lanes<T, N> &v, NewtonCost bf16_cost, Bf16 of_bf16,
                                        Float of_float) {
  static_assert(std::is_same_v<T, bfloat16> || std::is_same_v<T, float>,
                "inv, invsqrt: the vector must be of bfloat16 or float");
  constexpr unsigned groups = parts_of(N, 16);
  constexpr bool is_bf16 = std::is_same_v<T, bfloat16>;
  const NewtonCost cost = is_bf16 ? bf16_cost : NewtonCost{1, 5 * float_product_vector + 1, 30, 30};
  count_alu(cost.alu * groups);
  count_mac_float(cost.mac * groups);
  count_move(cost.move * groups);
  count_convert(cost.convert * groups);
  vector<T, N> out;
  if constexpr (is_bf16)
    by_groups(out.lane, [&](unsigned g) { return of_bf16(v.group(g)); });
  else
    by_groups(out.lane, [&](unsigned g) { return of_float(v.group(g)); });
  return out;
}

}  // namespace detail

template <detail::AnyVector V>
AIE_HOST_INLINE auto inv(const V &v) {
  return detail::each_group(
      v.lane, {1, 6, 6, 5}, [](detail::f32x16 x) { return detail::inv_bf16(x); },
      [](detail::f32x16 x) { return detail::inv_float(x); });
}
template <detail::AnyVector V>
AIE_HOST_INLINE auto invsqrt(const V &v) {
  return detail::each_group(
      v.lane, {1, 4, 6, 8}, [](detail::f32x16 x) { return detail::invsqrt_bf16(x); },
      [](detail::f32x16 x) { return detail::invsqrt_float(x); });
}
// Element by element through the C library of the host; the last bit on the chip is unknown.
template <detail::AnyVector V>
AIE_HOST_INLINE auto sqrt(const V &v) {
  using T = typename V::value_type;
  static_assert(detail::element<T>::is_floating && !detail::element<T>::is_complex,
                "aie::sqrt: the vector must be of bfloat16 or float");
  detail::vector_of<V> out;
  detail::by_lanes(out.lane, [&](unsigned i) { return T(__builtin_sqrtf(float(v.lane.get(i)))); });
  return out;
}

// Scalars: float in software IEEE, bfloat16 through one lane of the vector algorithm.
AIE_HOST_INLINE float inv(float x) { return 1.0f / x; }
AIE_HOST_INLINE float sqrt(float x) { return __builtin_sqrtf(x); }
AIE_HOST_INLINE float invsqrt(float x) { return 1.0f / __builtin_sqrtf(x); }
AIE_HOST_INLINE bfloat16 inv(bfloat16 x) {
  return inv(detail::filled<bfloat16, 16>(x)).lane.get(0);
}
AIE_HOST_INLINE bfloat16 invsqrt(bfloat16 x) {
  return invsqrt(detail::filled<bfloat16, 16>(x)).lane.get(0);
}

// v * inv(w): an accumulator, two roundings, not IEEE.
template <detail::AnyVector V, class W>
AIE_HOST_INLINE auto div(const V &v, const W &w) {
  return mul(v, inv(detail::lifted<detail::vector_of<V>>(w)));
}
AIE_HOST_INLINE float div(float a, float b) { return a / b; }

// re^2 + im^2: int32 for cint16 and cint32, float for cfloat.
template <class R = void, detail::AnyVector V>
AIE_HOST_INLINE auto abs_square(const V &v, int shift = 0) {
  using T = typename V::value_type;
  static_assert(detail::element<T>::is_complex, "aie::abs_square: the vector must be complex");
  detail::count_mac_integer(detail::parts_of(V::lane_count, 8));
  if constexpr (detail::element<T>::is_floating) {
    vector<float, V::lane_count> out;
    detail::by_lanes(out.lane, [&](unsigned i) {
      const float re = v.lane.get(i).real, im = v.lane.get(i).imag;
      return re * re + im * im;
    });
    return out;
  } else {
    using To = std::conditional_t<std::is_void_v<R>, int32_t, R>;
    detail::lanes<int64_t, V::lane_count> acc;
    detail::by_lanes(acc, [&](unsigned i) {
      const int64_t re = v.lane.get(i).real, im = v.lane.get(i).imag;
      return re * re + im * im;
    });
    vector<To, V::lane_count> out;
    detail::srs(out.lane, acc, shift, true);
    return out;
  }
}
template <detail::AnyVector V>
AIE_HOST_INLINE auto conj(const V &v) {
  using T = typename V::value_type;
  static_assert(detail::element<T>::is_complex, "aie::conj: the vector must be complex");
  detail::vector_of<V> out;
  detail::by_lanes(out.lane, [&](unsigned i) {
    const T x = v.lane.get(i);
    return T{x.real, detail::lane_negated(x.imag)};
  });
  return out;
}

namespace detail {
template <class...>
inline constexpr bool never = false;
}

template <class V>
auto tanh(const V &) {
  static_assert(detail::never<V>, "aie::tanh needs XDNA2 (aie2p); use getTanhBf16 on AIE2");
}
template <class T = void, class V>
auto exp2(const V &) {
  static_assert(detail::never<V>, "aie::exp2 needs XDNA2 (aie2p); use getExpBf16 on AIE2");
}
template <class V>
auto sin(const V &) {
  static_assert(detail::never<V>, "aie::sin exists on AIE1 only");
}
template <class V>
auto cos(const V &) {
  static_assert(detail::never<V>, "aie::cos exists on AIE1 only");
}

}  // namespace aie
