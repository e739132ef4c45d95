// The compiler's own vector and accumulator types (v16int32, v32bfloat16, v16accfloat ...), and the
// tags of accumulators. aie::vector and aie::accum derive from them, so intrinsics accept both.
//
// Native types are trivial: locals are uninitialised, statics are zero, sizeof is that of the chip.
#pragma once

#include "lanes.hpp"

// Tags that users write; the lanes they are stored in on AIE2 are named by `storage_tag`.
struct acc16 {};
struct acc24 {};
struct acc32 {};
struct acc40 {};
struct acc48 {};
struct acc56 {};
struct acc64 {};
struct cacc16 {};
struct cacc24 {};
struct cacc32 {};
struct cacc40 {};
struct cacc48 {};
struct cacc56 {};
struct cacc64 {};
struct accfloat {};
struct caccfloat {};
struct accauto {};

namespace aie::detail {

template <class Tag>
struct accumulator {
  static constexpr bool known = false;
};
template <class Storage, class Lane, unsigned Bits>
struct accumulator_of {
  static constexpr bool known = true;
  using storage = Storage;
  using lane = Lane;
  static constexpr unsigned value_bits = Bits;
  static constexpr bool is_complex = element<Lane>::is_complex;
  static constexpr bool is_floating = element<Lane>::is_floating;
};
// clang-format off
template <> struct accumulator<acc16> : accumulator_of<acc32, int32_t, 16> {};
template <> struct accumulator<acc24> : accumulator_of<acc32, int32_t, 24> {};
template <> struct accumulator<acc32> : accumulator_of<acc32, int32_t, 32> {};
template <> struct accumulator<acc40> : accumulator_of<acc64, int64_t, 40> {};
template <> struct accumulator<acc48> : accumulator_of<acc64, int64_t, 48> {};
template <> struct accumulator<acc56> : accumulator_of<acc64, int64_t, 56> {};
template <> struct accumulator<acc64> : accumulator_of<acc64, int64_t, 64> {};
template <> struct accumulator<cacc16> : accumulator_of<cacc64, cint64, 16> {};
template <> struct accumulator<cacc24> : accumulator_of<cacc64, cint64, 24> {};
template <> struct accumulator<cacc32> : accumulator_of<cacc64, cint64, 32> {};
template <> struct accumulator<cacc40> : accumulator_of<cacc64, cint64, 40> {};
template <> struct accumulator<cacc48> : accumulator_of<cacc64, cint64, 48> {};
template <> struct accumulator<cacc56> : accumulator_of<cacc64, cint64, 56> {};
template <> struct accumulator<cacc64> : accumulator_of<cacc64, cint64, 64> {};
template <> struct accumulator<accfloat> : accumulator_of<accfloat, float, 32> {};
template <> struct accumulator<caccfloat> : accumulator_of<caccfloat, cfloat, 32> {};
// clang-format on

template <class Tag>
using storage_tag = typename accumulator<Tag>::storage;
template <class Tag>
using accumulator_lane = typename accumulator<Tag>::lane;

template <class Storage, unsigned N>
struct native_accum;

template <class T, unsigned N>
struct native_vector {
  using value_type = T;
  static constexpr unsigned lane_count = N;
  static constexpr bool is_native_vector = true;
  static constexpr unsigned total_bits = N * element<T>::bits;

  lanes<T, N> lane;

  native_vector() = default;
  // A cast between native types of one size keeps the bits.
  template <class U, unsigned M>
    requires(!(std::is_same_v<U, T> && M == N) && M * element<U>::bits == total_bits)
  AIE_HOST_INLINE explicit native_vector(const native_vector<U, M> &other) {
    copy_bits(lane, other.lane);
  }
  template <class S, unsigned M>
  AIE_HOST_INLINE explicit native_vector(const native_accum<S, M> &other);

  static constexpr unsigned size() { return N; }
  AIE_HOST_INLINE T get_lane(unsigned i) const { return lane.get(i); }
};

template <class Storage, unsigned N>
struct native_accum {
  using value_type = accumulator_lane<Storage>;
  using storage = Storage;
  static constexpr unsigned lane_count = N;
  static constexpr bool is_native_accum = true;
  static constexpr unsigned total_bits = N * element<value_type>::bits;

  lanes<value_type, N> lane;

  native_accum() = default;
  template <class U, unsigned M>
    requires(M * element<U>::bits == total_bits)
  AIE_HOST_INLINE explicit native_accum(const native_vector<U, M> &other) {
    copy_bits(lane, other.lane);
  }
  template <class S, unsigned M>
    requires(!(std::is_same_v<S, Storage> && M == N) &&
             native_accum<S, M>::total_bits == total_bits)
  AIE_HOST_INLINE explicit native_accum(const native_accum<S, M> &other) {
    copy_bits(lane, other.lane);
  }

  AIE_HOST_INLINE value_type get_lane(unsigned i) const { return lane.get(i); }
};

template <class T, unsigned N>
template <class S, unsigned M>
AIE_HOST_INLINE native_vector<T, N>::native_vector(const native_accum<S, M> &other) {
  copy_bits(lane, other.lane);
}

template <class V>
concept AnyVector = requires { V::is_native_vector; };
template <class A>
concept AnyAccum = requires { A::is_native_accum; };

// 256-bit halves and 512-bit vectors of N lanes of T; 128 bits count as one half.
template <class T, unsigned N>
inline constexpr unsigned halves = parts_of(N * element<T>::bits, 256);
template <class T, unsigned N>
inline constexpr unsigned wholes = parts_of(N * element<T>::bits, 512);

}  // namespace aie::detail

// clang-format off
using v32int4 = aie::detail::native_vector<int4, 32>;       using v64int4 = aie::detail::native_vector<int4, 64>;
using v128int4 = aie::detail::native_vector<int4, 128>;     using v256int4 = aie::detail::native_vector<int4, 256>;
using v32uint4 = aie::detail::native_vector<uint4, 32>;     using v64uint4 = aie::detail::native_vector<uint4, 64>;
using v128uint4 = aie::detail::native_vector<uint4, 128>;   using v256uint4 = aie::detail::native_vector<uint4, 256>;
using v4int8 = aie::detail::native_vector<int8_t, 4>;       using v8int8 = aie::detail::native_vector<int8_t, 8>;
using v16int8 = aie::detail::native_vector<int8_t, 16>;     using v32int8 = aie::detail::native_vector<int8_t, 32>;
using v64int8 = aie::detail::native_vector<int8_t, 64>;     using v128int8 = aie::detail::native_vector<int8_t, 128>;
using v4uint8 = aie::detail::native_vector<uint8_t, 4>;     using v8uint8 = aie::detail::native_vector<uint8_t, 8>;
using v16uint8 = aie::detail::native_vector<uint8_t, 16>;   using v32uint8 = aie::detail::native_vector<uint8_t, 32>;
using v64uint8 = aie::detail::native_vector<uint8_t, 64>;   using v128uint8 = aie::detail::native_vector<uint8_t, 128>;
using v2int16 = aie::detail::native_vector<int16_t, 2>;     using v4int16 = aie::detail::native_vector<int16_t, 4>;
using v8int16 = aie::detail::native_vector<int16_t, 8>;     using v16int16 = aie::detail::native_vector<int16_t, 16>;
using v32int16 = aie::detail::native_vector<int16_t, 32>;   using v64int16 = aie::detail::native_vector<int16_t, 64>;
using v2uint16 = aie::detail::native_vector<uint16_t, 2>;   using v4uint16 = aie::detail::native_vector<uint16_t, 4>;
using v8uint16 = aie::detail::native_vector<uint16_t, 8>;   using v16uint16 = aie::detail::native_vector<uint16_t, 16>;
using v32uint16 = aie::detail::native_vector<uint16_t, 32>; using v64uint16 = aie::detail::native_vector<uint16_t, 64>;
using v2int32 = aie::detail::native_vector<int32_t, 2>;     using v4int32 = aie::detail::native_vector<int32_t, 4>;
using v8int32 = aie::detail::native_vector<int32_t, 8>;     using v16int32 = aie::detail::native_vector<int32_t, 16>;
using v32int32 = aie::detail::native_vector<int32_t, 32>;
using v2uint32 = aie::detail::native_vector<uint32_t, 2>;   using v4uint32 = aie::detail::native_vector<uint32_t, 4>;
using v8uint32 = aie::detail::native_vector<uint32_t, 8>;   using v16uint32 = aie::detail::native_vector<uint32_t, 16>;
using v32uint32 = aie::detail::native_vector<uint32_t, 32>;
using v4bfloat16 = aie::detail::native_vector<bfloat16, 4>;   using v8bfloat16 = aie::detail::native_vector<bfloat16, 8>;
using v16bfloat16 = aie::detail::native_vector<bfloat16, 16>; using v32bfloat16 = aie::detail::native_vector<bfloat16, 32>;
using v64bfloat16 = aie::detail::native_vector<bfloat16, 64>;
using v4float = aie::detail::native_vector<float, 4>;       using v8float = aie::detail::native_vector<float, 8>;
using v16float = aie::detail::native_vector<float, 16>;     using v32float = aie::detail::native_vector<float, 32>;
using v2cint16 = aie::detail::native_vector<cint16, 2>;     using v4cint16 = aie::detail::native_vector<cint16, 4>;
using v8cint16 = aie::detail::native_vector<cint16, 8>;     using v16cint16 = aie::detail::native_vector<cint16, 16>;
using v32cint16 = aie::detail::native_vector<cint16, 32>;
using v2cint32 = aie::detail::native_vector<cint32, 2>;     using v4cint32 = aie::detail::native_vector<cint32, 4>;
using v8cint32 = aie::detail::native_vector<cint32, 8>;     using v16cint32 = aie::detail::native_vector<cint32, 16>;
using v4cbfloat16 = aie::detail::native_vector<cbfloat16, 4>;   using v8cbfloat16 = aie::detail::native_vector<cbfloat16, 8>;
using v16cbfloat16 = aie::detail::native_vector<cbfloat16, 16>; using v32cbfloat16 = aie::detail::native_vector<cbfloat16, 32>;
using v2cfloat = aie::detail::native_vector<cfloat, 2>;     using v4cfloat = aie::detail::native_vector<cfloat, 4>;
using v8cfloat = aie::detail::native_vector<cfloat, 8>;     using v16cfloat = aie::detail::native_vector<cfloat, 16>;
using v8acc32 = aie::detail::native_accum<acc32, 8>;        using v16acc32 = aie::detail::native_accum<acc32, 16>;
using v32acc32 = aie::detail::native_accum<acc32, 32>;      using v4acc64 = aie::detail::native_accum<acc64, 4>;
using v8acc64 = aie::detail::native_accum<acc64, 8>;        using v16acc64 = aie::detail::native_accum<acc64, 16>;
using v4accfloat = aie::detail::native_accum<accfloat, 4>;  using v8accfloat = aie::detail::native_accum<accfloat, 8>;
using v16accfloat = aie::detail::native_accum<accfloat, 16>; using v32accfloat = aie::detail::native_accum<accfloat, 32>;
using v2cacc64 = aie::detail::native_accum<cacc64, 2>;      using v4cacc64 = aie::detail::native_accum<cacc64, 4>;
using v8cacc64 = aie::detail::native_accum<cacc64, 8>;      using v4caccfloat = aie::detail::native_accum<caccfloat, 4>;
using v8caccfloat = aie::detail::native_accum<caccfloat, 8>; using v16caccfloat = aie::detail::native_accum<caccfloat, 16>;
// clang-format on
