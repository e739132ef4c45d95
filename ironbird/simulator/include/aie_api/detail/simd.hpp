// Host vectors: what g++ and clang both call vector_size types, and the few operations they lack.
//
// Everything has a portable form; a builtin stands beside it behind its feature test, and
// IRONBIRD_PORTABLE selects the portable form so that a test can compare the two.
#pragma once

#include <stdint.h>

#include <type_traits>
#include <utility>

#include "wide.hpp"

#if !defined(IRONBIRD_PORTABLE)
#define IRONBIRD_PORTABLE 0
#endif

namespace aie::detail {

// A typedef in a class, because clang drops `aligned` from an alias template and would then load
// and store 32-byte aligned storage as if it were 64-byte aligned.
template <class T, unsigned N>
struct simd_of {
  typedef T type __attribute__((vector_size(N * sizeof(T)), may_alias, aligned(alignof(T))));
};
template <class T, unsigned N>
using simd = typename simd_of<T, N>::type;

// Whether sixteen lanes are two host vectors.
#if !defined(__clang__) && !defined(__AVX512F__)
#define AIE_HOST_HALVES 1
using f32x16 = wide<float>;
using i32x16 = wide<int32_t>;
using u32x16 = wide<uint32_t>;
#else
#define AIE_HOST_HALVES 0
using f32x16 = float __attribute__((vector_size(64)));
using i32x16 = int32_t __attribute__((vector_size(64)));
using u32x16 = uint32_t __attribute__((vector_size(64)));
#endif
using u16x16 = uint16_t __attribute__((vector_size(32)));
using f32x8 = float __attribute__((vector_size(32)));
using i32x8 = int32_t __attribute__((vector_size(32)));

[[gnu::always_inline]] inline u32x16 splat(uint32_t x) { return u32x16{} + x; }

#if !AIE_HOST_HALVES
template <class V>
[[gnu::always_inline]] inline V choose(i32x16 mask, V a, V b) {
  return mask ? a : b;
}
#endif

// Sixteen lanes in memory at any address.
template <class V, class T>
[[gnu::always_inline]] inline V load16(const T *p) {
#if AIE_HOST_HALVES
  const auto *from =
      reinterpret_cast<const std::remove_reference_t<decltype(std::declval<V>()[0])> *>(p);
  using Lane = std::remove_cvref_t<decltype(*from)>;
  return V(*(const simd<Lane, 8> *)from, *(const simd<Lane, 8> *)(from + 8));
#else
  return *(const simd<std::remove_cvref_t<decltype(V{}[0])>, 16> *)p;
#endif
}
template <class V, class T>
[[gnu::always_inline]] inline void store16(T *p, const V &v) {
#if AIE_HOST_HALVES
  using Lane = std::remove_cvref_t<decltype(v.low[0])>;
  *(simd<Lane, 8> *)p = v.low;
  *(simd<Lane, 8> *)((char *)p + 32) = v.high;
#else
  *(simd<std::remove_cvref_t<decltype(V{}[0])>, 16> *)p = v;
#endif
}

// Lane by lane to the lanes of V: integers to float, 8 and 16 bits to 32.
template <class V, class From>
[[gnu::always_inline]] inline V convert16(const From &x) {
#if AIE_HOST_HALVES
  using Half = decltype(V::low);
  if constexpr (requires { x.low; })
    return V(__builtin_convertvector(x.low, Half), __builtin_convertvector(x.high, Half));
  else
    return V(
        __builtin_convertvector(__builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7), Half),
        __builtin_convertvector(__builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15), Half));
#else
  return __builtin_convertvector(x, V);
#endif
}
// The low 16 bits of each lane.
[[gnu::always_inline]] inline u16x16 low_halves(u32x16 x) {
#if AIE_HOST_HALVES
  using u16x8 = uint16_t __attribute__((vector_size(16)));
  const u16x8 low = __builtin_convertvector(x.low, u16x8),
              high = __builtin_convertvector(x.high, u16x8);
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
#else
  return __builtin_convertvector(x, u16x16);
#endif
}

// Lanes picked by compile-time index from one vector or from two laid end to end.
template <auto Index, class V, unsigned... I>
[[gnu::always_inline]] inline auto pick(V v, V w, std::integer_sequence<unsigned, I...>) {
  return __builtin_shufflevector(v, w, static_cast<int>(Index(I))...);
}
template <unsigned N, auto Index, class V>
[[gnu::always_inline]] inline V pick(V v, V w) {
  static_assert(N == 16);
#if AIE_HOST_HALVES
  using Eight = std::make_integer_sequence<unsigned, 8>;
  return V(pick_half<Index, 0>(v.low, v.high, w.low, w.high, Eight{}),
           pick_half<Index, 8>(v.low, v.high, w.low, w.high, Eight{}));
#else
  return pick<Index>(v, w, std::make_integer_sequence<unsigned, N>{});
#endif
}

[[gnu::always_inline]] inline u32x16 max_unsigned(u32x16 a, u32x16 b) {
#if AIE_HOST_HALVES
  return choose(a > b, a, b);
#else
  return a > b ? a : b;
#endif
}

// Whether the sign bit of any lane is set.
[[gnu::always_inline]] inline bool any_sign(u32x16 v) {
#if defined(__AVX512F__) && !IRONBIRD_PORTABLE
  return __builtin_ia32_cmpd512_mask((i32x16)v, i32x16{}, 1 /* less than */, (uint16_t)-1) != 0;
#else
#if AIE_HOST_HALVES
  using u64x4 = uint64_t __attribute__((vector_size(32)));
  const u64x4 pairs = (u64x4)(v.low | v.high);
  constexpr int count = 4;
#else
  using u64x8 = uint64_t __attribute__((vector_size(64)));
  const u64x8 pairs = (u64x8)v;
  constexpr int count = 8;
#endif
  uint64_t all = 0;
  for (int i = 0; i < count; ++i) all |= pairs[i];
  return (all & 0x8000000080000000u) != 0;
#endif
}

// Bit i is the sign of lane i.
[[gnu::always_inline]] inline uint32_t sign_mask(u32x16 v) {
#if defined(__AVX512F__) && !IRONBIRD_PORTABLE
  return (uint16_t)__builtin_ia32_cmpd512_mask((i32x16)v, i32x16{}, 1 /* less than */,
                                               (uint16_t)-1);
#else
  uint32_t bits = 0;
  for (int i = 0; i < 16; ++i) bits |= (v[i] >> 31) << i;
  return bits;
#endif
}

// Nearest integer, ties to even; |x| < 2^31. Relies on the host's default rounding direction.
[[gnu::always_inline]] inline i32x16 nearest_integer(f32x16 x) {
#if defined(__AVX512F__) && !IRONBIRD_PORTABLE
  return (i32x16)__builtin_ia32_cvtps2dq512_mask(x, i32x16{}, (uint16_t)-1, 4 /* current */);
#elif AIE_HOST_HALVES && defined(__AVX2__) && !IRONBIRD_PORTABLE
  return {(i32x16::half)__builtin_ia32_cvtps2dq256(x.low),
          (i32x16::half)__builtin_ia32_cvtps2dq256(x.high)};
#else
  // Adding and subtracting 2^23 with the sign of x leaves an integer; from 2^23 on x is one
  // already.
  const u32x16 bits = (u32x16)x;
  const f32x16 magic = (f32x16)((bits & 0x80000000u) | 0x4B000000u);
  const f32x16 rounded = (x + magic) - magic;
  const i32x16 large = (i32x16)((bits & 0x7FFFFFFFu) >= splat(0x4B000000u));
  return convert16<i32x16>(choose(large, x, rounded));
#endif
}

// a*b + c, rounded once.
[[gnu::always_inline]] inline f32x16 fused(f32x16 a, f32x16 b, f32x16 c) {
#if defined(__clang__) && defined(__FMA__) && !IRONBIRD_PORTABLE
  return __builtin_elementwise_fma(a, b, c);
#elif defined(__AVX512F__) && !IRONBIRD_PORTABLE
  return __builtin_ia32_vfmaddps512_mask(a, b, c, (uint16_t)-1, 4);
#elif AIE_HOST_HALVES && defined(__FMA__) && !IRONBIRD_PORTABLE
  return {__builtin_ia32_vfmaddps256(a.low, b.low, c.low),
          __builtin_ia32_vfmaddps256(a.high, b.high, c.high)};
#else
  f32x16 r;
  for (int i = 0; i < 16; ++i) r[i] = __builtin_fmaf(a[i], b[i], c[i]);
  return r;
#endif
}

// The same for a and b that hold bf16 values. Their product is exact in fp32 unless it underflows,
// so a host without the instruction multiplies and adds; it differs only for products below 2^-126.
[[gnu::always_inline]] inline f32x16 fused_bf16(f32x16 a, f32x16 b, f32x16 c) {
#if defined(__FMA__)
  return fused(a, b, c);
#else
  return a * b + c;
#endif
}

}  // namespace aie::detail
