// Intrinsics that cross between vectors and accumulators: ups, srs, pack, unpack, fp32 <-> bf16.
#pragma once

#include "fixed_float.hpp"

namespace aie::detail {

template <class Acc, class T, unsigned N>
AIE_HOST_INLINE Acc ups_to(const native_vector<T, N> &v, int shift, bool sign) {
  static_assert(Acc::lane_count == N, "ups: the accumulator must have as many lanes as the vector");
  count_convert(1);
  Acc acc;
  ups(acc.lane, v.lane, shift, sign);
  return acc;
}
template <class V, class S, unsigned N>
AIE_HOST_INLINE V srs_to(const native_accum<S, N> &acc, int shift, bool sign) {
  static_assert(V::lane_count == N, "srs: the vector must have as many lanes as the accumulator");
  count_convert(1);
  V out;
  srs(out.lane, acc.lane, shift, sign);
  return out;
}
// With modes of its own, which leave the registers as they were.
template <class V, class A>
AIE_HOST_INLINE V srs_conf(const A &acc, int shift, bool sign, int saturation, int rounding) {
  ironbird::CoreState &core = *ironbird::current_core;
  const int32_t old_saturation = core.saturation, old_rounding = core.rounding;
  core.saturation = saturation;
  core.rounding = rounding;
  const V out = srs_to<V>(acc, shift, sign);
  core.saturation = old_saturation;
  core.rounding = old_rounding;
  return out;
}

template <class T>
inline constexpr bool signed_by_type = element<T>::is_signed;

}  // namespace aie::detail

#define AIE_HOST_UPS(acc)                                                                    \
  template <class T, unsigned N>                                                             \
  AIE_HOST_INLINE acc ups_to_##acc(const aie::detail::native_vector<T, N> &v, int shift = 0, \
                                   int sign = aie::detail::signed_by_type<T>) {              \
    return aie::detail::ups_to<acc>(v, shift, sign != 0);                                    \
  }
AIE_HOST_UPS(v8acc32)
AIE_HOST_UPS(v16acc32)
AIE_HOST_UPS(v32acc32)
AIE_HOST_UPS(v4acc64)
AIE_HOST_UPS(v8acc64)
AIE_HOST_UPS(v16acc64)
AIE_HOST_UPS(v16accfloat)
AIE_HOST_UPS(v32accfloat)
#undef AIE_HOST_UPS

// Twice as wide: 16 to 32 bits, 32 to 64. Four times as wide: 8 to 32, 16 to 64.
template <class T, unsigned N>
AIE_HOST_INLINE auto lups(const aie::detail::native_vector<T, N> &v, int shift = 0,
                          int sign = aie::detail::signed_by_type<T>) {
  using Storage = std::conditional_t<aie::detail::element<T>::is_floating, accfloat,
                                     std::conditional_t<sizeof(T) == 4, acc64, acc32>>;
  static_assert(sizeof(T) >= 2, "lups: of 16- or 32-bit elements; sups is for 8-bit ones");
  return aie::detail::ups_to<aie::detail::native_accum<Storage, N>>(v, shift, sign != 0);
}
template <class T, unsigned N>
AIE_HOST_INLINE auto sups(const aie::detail::native_vector<T, N> &v, int shift = 0,
                          int sign = aie::detail::signed_by_type<T>) {
  static_assert(sizeof(T) <= 2 && !aie::detail::element<T>::is_floating,
                "sups: of 8- or 16-bit integers");
  using Storage = std::conditional_t<sizeof(T) == 2, acc64, acc32>;
  return aie::detail::ups_to<aie::detail::native_accum<Storage, N>>(v, shift, sign != 0);
}
template <class T, unsigned N>
AIE_HOST_INLINE auto ups(const aie::detail::native_vector<T, N> &v, int shift = 0,
                         int sign = aie::detail::signed_by_type<T>) {
  if constexpr (sizeof(T) == 1)
    return sups(v, shift, sign);
  else
    return lups(v, shift, sign);
}

#define AIE_HOST_SRS(type)                                                                         \
  template <class S, unsigned N>                                                                   \
  AIE_HOST_INLINE type srs_to_##type(const aie::detail::native_accum<S, N> &acc, int shift,        \
                                     int sign = aie::detail::signed_by_type<type::value_type>) {   \
    return aie::detail::srs_to<type>(acc, shift, sign != 0);                                       \
  }                                                                                                \
  template <class S, unsigned N>                                                                   \
  AIE_HOST_INLINE type srs_to_##type##_conf(const aie::detail::native_accum<S, N> &acc, int shift, \
                                            int saturation, int rounding) {                        \
    return aie::detail::srs_conf<type>(acc, shift, aie::detail::signed_by_type<type::value_type>,  \
                                       saturation, rounding);                                      \
  }                                                                                                \
  template <class S, unsigned N>                                                                   \
  AIE_HOST_INLINE type srs_to_##type##_conf(const aie::detail::native_accum<S, N> &acc, int shift, \
                                            int sign, int saturation, int rounding) {              \
    return aie::detail::srs_conf<type>(acc, shift, sign != 0, saturation, rounding);               \
  }                                                                                                \
  template <class S, unsigned N>                                                                   \
    requires(!aie::detail::accumulator<S>::is_floating)                                            \
  AIE_HOST_INLINE type to_##type(const aie::detail::native_accum<S, N> &acc, int shift) {          \
    return aie::detail::srs_to<type>(acc, shift, aie::detail::signed_by_type<type::value_type>);   \
  }
AIE_HOST_SRS(v32int8)
AIE_HOST_SRS(v32uint8)
AIE_HOST_SRS(v16int8)
AIE_HOST_SRS(v16uint8)
AIE_HOST_SRS(v32int16)
AIE_HOST_SRS(v32uint16)
AIE_HOST_SRS(v16int16)
AIE_HOST_SRS(v16uint16)
AIE_HOST_SRS(v8int32)
AIE_HOST_SRS(v8uint32)
AIE_HOST_SRS(v16int32)
AIE_HOST_SRS(v16uint32)
#undef AIE_HOST_SRS

namespace aie::detail {

// Accumulator lanes to integers of half or a quarter of their bits.
template <unsigned Part, bool Signed, class S>
struct narrowed_lane;
// clang-format off
template <> struct narrowed_lane<2, true, acc32> { using type = int16_t; };
template <> struct narrowed_lane<2, false, acc32> { using type = uint16_t; };
template <> struct narrowed_lane<2, true, acc64> { using type = int32_t; };
template <> struct narrowed_lane<2, false, acc64> { using type = uint32_t; };
template <> struct narrowed_lane<4, true, acc32> { using type = int8_t; };
template <> struct narrowed_lane<4, false, acc32> { using type = uint8_t; };
template <> struct narrowed_lane<4, true, acc64> { using type = int16_t; };
template <> struct narrowed_lane<4, false, acc64> { using type = uint16_t; };
// clang-format on

}  // namespace aie::detail

#define AIE_HOST_NARROW(name, part, is_signed)                                           \
  template <class S, unsigned N>                                                         \
  AIE_HOST_INLINE auto name(const aie::detail::native_accum<S, N> &acc, int shift,       \
                            int sign = is_signed) {                                      \
    using T = typename aie::detail::narrowed_lane<part, is_signed, S>::type;             \
    return aie::detail::srs_to<aie::detail::native_vector<T, N>>(acc, shift, sign != 0); \
  }
AIE_HOST_NARROW(lsrs, 2, true)
AIE_HOST_NARROW(ulsrs, 2, false)
AIE_HOST_NARROW(ssrs, 4, true)
AIE_HOST_NARROW(ussrs, 4, false)
#undef AIE_HOST_NARROW

AIE_HOST_INLINE v16bfloat16 to_v16bfloat16(const v16accfloat &acc) {
  return aie::detail::srs_to<v16bfloat16>(acc, 0, true);
}
AIE_HOST_INLINE v32bfloat16 to_v32bfloat16(const v32accfloat &acc) {
  return aie::detail::srs_to<v32bfloat16>(acc, 0, true);
}
AIE_HOST_INLINE v16bfloat16 to_v16bfloat16(const v16float &v) {
  return to_v16bfloat16(v16accfloat(v));
}

// clamp(floor(x * 2^shift)); NaN gives the largest int32.
AIE_HOST_INLINE v16int32 bfloat16_to_int(const v16bfloat16 &v, int shift) {
  aie::detail::count_convert(1);
  v16int32 out;
  aie::detail::by_lanes(
      out.lane, [&](unsigned i) { return aie::detail::floor_to_int(float(v.lane.get(i)), shift); });
  return out;
}

// Half the bits, saturated by crSat; twice the bits, extended by type or by `sign`.
template <class T, unsigned N>
AIE_HOST_INLINE auto pack(const aie::detail::native_vector<T, N> &v) {
  return aie::pack(v).to_native();
}
template <class T, unsigned N>
AIE_HOST_INLINE auto pack(const aie::detail::native_vector<T, N> &v, int sign) {
  return aie::vector<T, N>(v).pack_sign(sign != 0).to_native();
}
template <class T, unsigned N>
AIE_HOST_INLINE auto unpack(const aie::detail::native_vector<T, N> &v) {
  return aie::unpack(v).to_native();
}
template <class T, unsigned N>
AIE_HOST_INLINE auto unpack(const aie::detail::native_vector<T, N> &v, int sign) {
  return aie::vector<T, N>(v).unpack_sign(sign != 0).to_native();
}
