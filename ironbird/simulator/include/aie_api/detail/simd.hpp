// Host vectors: what g++ and clang both call vector_size types, and the few operations they lack.
//
// Everything has a portable form; a builtin stands beside it behind its feature test, and
// IRONBIRD_PORTABLE selects the portable form so that a test can compare the two.
#pragma once

#include <stdint.h>

#include <utility>

#if !defined(IRONBIRD_PORTABLE)
#define IRONBIRD_PORTABLE 0
#endif

namespace aie::detail {

template <class T, unsigned N>
using simd [[gnu::vector_size(N * sizeof(T)), gnu::may_alias, gnu::aligned(alignof(T))]] = T;

using f32x16 = float __attribute__((vector_size(64)));
using i32x16 = int32_t __attribute__((vector_size(64)));
using u32x16 = uint32_t __attribute__((vector_size(64)));
using u16x16 = uint16_t __attribute__((vector_size(32)));
using f32x8 = float __attribute__((vector_size(32)));
using i32x8 = int32_t __attribute__((vector_size(32)));

inline constexpr u32x16 splat(uint32_t x) { return u32x16{} + x; }

// Lanes picked by compile-time index from one vector or from two laid end to end.
template <auto Index, class V, unsigned... I>
[[gnu::always_inline]] inline auto pick(V v, V w, std::integer_sequence<unsigned, I...>) {
  return __builtin_shufflevector(v, w, static_cast<int>(Index(I))...);
}
template <unsigned N, auto Index, class V>
[[gnu::always_inline]] inline auto pick(V v, V w) {
  return pick<Index>(v, w, std::make_integer_sequence<unsigned, N>{});
}

[[gnu::always_inline]] inline u32x16 max_unsigned(u32x16 a, u32x16 b) {
  return a > b ? a : b;
}

// Whether the sign bit of any lane is set.
[[gnu::always_inline]] inline bool any_sign(u32x16 v) {
#if defined(__AVX512F__) && !IRONBIRD_PORTABLE
  return __builtin_ia32_cmpd512_mask((i32x16)v, i32x16{}, 1 /* less than */, (uint16_t)-1) != 0;
#else
  using u64x8 = uint64_t __attribute__((vector_size(64)));
  const u64x8 pairs = (u64x8)v;
  uint64_t all = 0;
  for (int i = 0; i < 8; ++i)
    all |= pairs[i];
  return (all & 0x8000000080000000u) != 0;
#endif
}

// Bit i is the sign of lane i.
[[gnu::always_inline]] inline uint32_t sign_mask(u32x16 v) {
#if defined(__AVX512F__) && !IRONBIRD_PORTABLE
  return (uint16_t)__builtin_ia32_cmpd512_mask((i32x16)v, i32x16{}, 1 /* less than */, (uint16_t)-1);
#else
  uint32_t bits = 0;
  for (int i = 0; i < 16; ++i)
    bits |= (v[i] >> 31) << i;
  return bits;
#endif
}

// Nearest integer, ties to even; |x| < 2^31. Relies on the host's default rounding direction.
[[gnu::always_inline]] inline i32x16 nearest_integer(f32x16 x) {
#if defined(__AVX512F__) && !IRONBIRD_PORTABLE
  return (i32x16)__builtin_ia32_cvtps2dq512_mask(x, i32x16{}, (uint16_t)-1, 4 /* current */);
#else
  // Adding and subtracting 2^23 with the sign of x leaves an integer; from 2^23 on x is one already.
  const u32x16 bits = (u32x16)x;
  const f32x16 magic = (f32x16)((bits & 0x80000000u) | 0x4B000000u);
  const f32x16 rounded = (x + magic) - magic;
  const i32x16 large = (i32x16)((bits & 0x7FFFFFFFu) >= splat(0x4B000000u));
  return __builtin_convertvector(large ? x : rounded, i32x16);
#endif
}

// a*b + c, rounded once where the host can. A product of two bf16 is exact in fp32 unless it
// underflows, so without the instruction only products below 2^-126 can differ.
[[gnu::always_inline]] inline f32x16 fused(f32x16 a, f32x16 b, f32x16 c) {
#if defined(__clang__) && defined(__FMA__) && !IRONBIRD_PORTABLE
  return __builtin_elementwise_fma(a, b, c);
#elif defined(__AVX512F__) && !IRONBIRD_PORTABLE
  return __builtin_ia32_vfmaddps512_mask(a, b, c, (uint16_t)-1, 4);
#else
  f32x16 r;
  for (int i = 0; i < 16; ++i)
    r[i] = __builtin_fmaf(a[i], b[i], c[i]);
  return r;
#endif
}

}  // namespace aie::detail
