// Intrinsics that read, write and rearrange lanes: ext_elem, upd_elem, insert, extract_*, set_*,
// concat, undef_*, broadcast_*, shift_bytes.
#pragma once

#include "permute.hpp"

template <class T, unsigned N>
AIE_HOST_INLINE T ext_elem(const aie::detail::native_vector<T, N> &v, int i) {
  aie::detail::count_move(1);
  return v.lane.get(static_cast<unsigned>(i));
}
// Narrow elements extended to int by `sign`.
template <class T, unsigned N>
  requires(std::is_integral_v<T>)
AIE_HOST_INLINE int ext_elem(const aie::detail::native_vector<T, N> &v, int i, int sign) {
  aie::detail::count_move(1);
  const T x = v.lane.get(static_cast<unsigned>(i));
  return sign ? int(std::make_signed_t<T>(x)) : int(std::make_unsigned_t<T>(x));
}
template <class T, unsigned N>
AIE_HOST_INLINE T extract_elem(const aie::detail::native_vector<T, N> &v, int i) {
  return ext_elem(v, i);
}
template <class T, unsigned N>
  requires(std::is_integral_v<T>)
AIE_HOST_INLINE int extract_elem(const aie::detail::native_vector<T, N> &v, int i, int sign) {
  return ext_elem(v, i, sign);
}

template <class T, unsigned N, class X>
  requires(std::is_convertible_v<X, T>)
AIE_HOST_INLINE auto upd_elem(aie::detail::native_vector<T, N> v, int i, const X &x) {
  aie::detail::count_move(1);
  v.lane.set(static_cast<unsigned>(i), static_cast<T>(x));
  return v;
}
template <class T, unsigned N, class X>
  requires(std::is_convertible_v<X, T>)
AIE_HOST_INLINE auto insert(aie::detail::native_vector<T, N> v, int i, const X &x) {
  return upd_elem(v, i, x);
}
template <class T, unsigned N, unsigned M>
AIE_HOST_INLINE auto insert(aie::detail::native_vector<T, N> v, int i,
                            const aie::detail::native_vector<T, M> &part) {
  for (unsigned k = 0; k < M; ++k) v.lane.set(static_cast<unsigned>(i) * M + k, part.lane.get(k));
  return v;
}
template <class S, unsigned N, unsigned M>
AIE_HOST_INLINE auto insert(aie::detail::native_accum<S, N> v, int i,
                            const aie::detail::native_accum<S, M> &part) {
  for (unsigned k = 0; k < M; ++k) v.lane.set(static_cast<unsigned>(i) * M + k, part.lane.get(k));
  return v;
}

// One lane leaves, one enters: towards lane 0 (shiftr), away from it (shiftl, VPUSH). The direction
// of the names is unknown; taken by element significance.
template <class T, unsigned N>
AIE_HOST_INLINE auto shiftl_elem(aie::detail::native_vector<T, N> v, T x) {
  aie::detail::count_move(1);
  for (unsigned i = N - 1; i > 0; --i) v.lane.set(i, v.lane.get(i - 1));
  v.lane.set(0, x);
  return v;
}
template <class T, unsigned N>
AIE_HOST_INLINE auto shiftr_elem(aie::detail::native_vector<T, N> v, T x) {
  aie::detail::count_move(1);
  for (unsigned i = 0; i + 1 < N; ++i) v.lane.set(i, v.lane.get(i + 1));
  v.lane.set(N - 1, x);
  return v;
}

namespace aie::detail {

template <class R, class P>
AIE_HOST_INLINE R extracted(const P &v, int i) {
  static_assert(std::is_same_v<typename R::value_type, typename P::value_type> &&
                    P::lane_count % R::lane_count == 0,
                "extract_*: the part must have the element type and divide the vector");
  R part;
  by_lanes(part.lane,
           [&](unsigned k) { return v.lane.get(static_cast<unsigned>(i) * R::lane_count + k); });
  return part;
}
template <class R, class P>
AIE_HOST_INLINE R with_part(int i, const P &part) {
  R whole;
  whole.lane.poison();
  return insert(whole, i, part);
}
template <class R>
AIE_HOST_INLINE R undefined() {
  R value;
  value.lane.poison();
  return value;
}
template <class R>
AIE_HOST_INLINE R all_of(typename R::value_type x) {
  count_move(1);
  R value;
  by_lanes(value.lane, [&](unsigned) { return x; });
  return value;
}

}  // namespace aie::detail

// For every native type: parts, undefined values and constants.
#define AIE_HOST_PARTS(type)                               \
  template <class P>                                       \
  AIE_HOST_INLINE type extract_##type(const P &v, int i) { \
    return aie::detail::extracted<type>(v, i);             \
  }                                                        \
  template <class P>                                       \
  AIE_HOST_INLINE type set_##type(int i, const P &part) {  \
    return aie::detail::with_part<type>(i, part);          \
  }                                                        \
  AIE_HOST_INLINE type undef_##type() { return aie::detail::undefined<type>(); }

#define AIE_HOST_BROADCASTS(type)                                \
  AIE_HOST_PARTS(type)                                           \
  AIE_HOST_INLINE type broadcast_to_##type(type::value_type x) { \
    return aie::detail::all_of<type>(x);                         \
  }                                                              \
  AIE_HOST_INLINE type broadcast_zero_to_##type() {              \
    return aie::detail::all_of<type>(type::value_type{});        \
  }

#define AIE_HOST_NUMBERS(type)                             \
  AIE_HOST_BROADCASTS(type)                                \
  AIE_HOST_INLINE type broadcast_one_to_##type() {         \
    return aie::detail::all_of<type>(type::value_type(1)); \
  }

// clang-format off
AIE_HOST_PARTS(v32int4) AIE_HOST_PARTS(v64int4) AIE_HOST_PARTS(v128int4)
AIE_HOST_PARTS(v32uint4) AIE_HOST_PARTS(v64uint4) AIE_HOST_PARTS(v128uint4)
AIE_HOST_NUMBERS(v16int8) AIE_HOST_NUMBERS(v32int8) AIE_HOST_NUMBERS(v64int8) AIE_HOST_NUMBERS(v128int8)
AIE_HOST_NUMBERS(v16uint8) AIE_HOST_NUMBERS(v32uint8) AIE_HOST_NUMBERS(v64uint8) AIE_HOST_NUMBERS(v128uint8)
AIE_HOST_NUMBERS(v8int16) AIE_HOST_NUMBERS(v16int16) AIE_HOST_NUMBERS(v32int16) AIE_HOST_NUMBERS(v64int16)
AIE_HOST_NUMBERS(v8uint16) AIE_HOST_NUMBERS(v16uint16) AIE_HOST_NUMBERS(v32uint16) AIE_HOST_NUMBERS(v64uint16)
AIE_HOST_NUMBERS(v4int32) AIE_HOST_NUMBERS(v8int32) AIE_HOST_NUMBERS(v16int32) AIE_HOST_NUMBERS(v32int32)
AIE_HOST_NUMBERS(v4uint32) AIE_HOST_NUMBERS(v8uint32) AIE_HOST_NUMBERS(v16uint32) AIE_HOST_NUMBERS(v32uint32)
AIE_HOST_NUMBERS(v4bfloat16) AIE_HOST_NUMBERS(v8bfloat16) AIE_HOST_NUMBERS(v16bfloat16)
AIE_HOST_NUMBERS(v32bfloat16) AIE_HOST_NUMBERS(v64bfloat16)
AIE_HOST_NUMBERS(v4float) AIE_HOST_NUMBERS(v8float) AIE_HOST_NUMBERS(v16float) AIE_HOST_NUMBERS(v32float)
AIE_HOST_BROADCASTS(v4cint16) AIE_HOST_BROADCASTS(v8cint16) AIE_HOST_BROADCASTS(v16cint16)
AIE_HOST_BROADCASTS(v4cint32) AIE_HOST_BROADCASTS(v8cint32) AIE_HOST_BROADCASTS(v16cint32)
AIE_HOST_BROADCASTS(v8acc32) AIE_HOST_BROADCASTS(v16acc32) AIE_HOST_BROADCASTS(v32acc32)
AIE_HOST_BROADCASTS(v4acc64) AIE_HOST_BROADCASTS(v8acc64) AIE_HOST_BROADCASTS(v16acc64)
AIE_HOST_BROADCASTS(v8accfloat) AIE_HOST_BROADCASTS(v16accfloat) AIE_HOST_BROADCASTS(v32accfloat)
AIE_HOST_PARTS(v2cacc64) AIE_HOST_PARTS(v4cacc64) AIE_HOST_PARTS(v8cacc64)
// clang-format on
#undef AIE_HOST_NUMBERS
#undef AIE_HOST_BROADCASTS
#undef AIE_HOST_PARTS

                                                                            AIE_HOST_INLINE v64int8
    broadcast_s8(int x) {
  return broadcast_to_v64int8(static_cast<int8_t>(x));
}
AIE_HOST_INLINE v64uint8 broadcast_u8(unsigned x) {
  return broadcast_to_v64uint8(static_cast<uint8_t>(x));
}
AIE_HOST_INLINE v32int16 broadcast_s16(int x) {
  return broadcast_to_v32int16(static_cast<int16_t>(x));
}
AIE_HOST_INLINE v32uint16 broadcast_u16(unsigned x) {
  return broadcast_to_v32uint16(static_cast<uint16_t>(x));
}
AIE_HOST_INLINE v16int32 broadcast_s32(int x) { return broadcast_to_v16int32(x); }
AIE_HOST_INLINE v16uint32 broadcast_u32(unsigned x) { return broadcast_to_v16uint32(x); }
AIE_HOST_INLINE v32bfloat16 broadcast_bfloat16(bfloat16 x) { return broadcast_to_v32bfloat16(x); }
AIE_HOST_INLINE v16float broadcast_float(float x) { return broadcast_to_v16float(x); }
template <class T, unsigned N>
AIE_HOST_INLINE auto broadcast_elem(const aie::detail::native_vector<T, N> &v, int i) {
  return aie::detail::all_of<aie::detail::native_vector<T, N>>(
      v.lane.get(static_cast<unsigned>(i)));
}

template <class T, unsigned N>
AIE_HOST_INLINE auto concat(const aie::detail::native_vector<T, N> &a,
                            const aie::detail::native_vector<T, N> &b) {
  return aie::concat(a, b).to_native();
}
template <class T, unsigned N>
AIE_HOST_INLINE auto concat(const aie::detail::native_vector<T, N> &a,
                            const aie::detail::native_vector<T, N> &b,
                            const aie::detail::native_vector<T, N> &c,
                            const aie::detail::native_vector<T, N> &d) {
  return aie::concat(a, b, c, d).to_native();
}
template <class S, unsigned N>
AIE_HOST_INLINE auto concat(const aie::detail::native_accum<S, N> &a,
                            const aie::detail::native_accum<S, N> &b) {
  return aie::concat(a, b).to_native();
}
template <class S, unsigned N>
AIE_HOST_INLINE auto concat(const aie::detail::native_accum<S, N> &a,
                            const aie::detail::native_accum<S, N> &b,
                            const aie::detail::native_accum<S, N> &c,
                            const aie::detail::native_accum<S, N> &d) {
  return aie::concat(a, b, c, d).to_native();
}

// (a, b) as one value, a low, shifted right by k elements; the low half.
template <class T, unsigned N>
AIE_HOST_INLINE auto shift(const aie::detail::native_vector<T, N> &a,
                           const aie::detail::native_vector<T, N> &b, int k) {
  aie::detail::count_move(1);
  aie::detail::native_vector<T, N> out;
  aie::detail::by_lanes(out.lane, [&](unsigned i) {
    const unsigned from = i + static_cast<unsigned>(k);
    return from < N ? a.lane.get(from) : b.lane.get((from - N) % N);
  });
  return out;
}
template <class T, unsigned N>
AIE_HOST_INLINE auto shift_bytes(const aie::detail::native_vector<T, N> &a,
                                 const aie::detail::native_vector<T, N> &b, int n) {
  using Bytes =
      aie::detail::native_vector<uint8_t, aie::detail::native_vector<T, N>::total_bits / 8>;
  return aie::detail::native_vector<T, N>(shift(Bytes(a), Bytes(b), n));
}
