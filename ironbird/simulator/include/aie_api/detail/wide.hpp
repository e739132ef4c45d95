// Sixteen 32-bit lanes as two host vectors of eight, for g++ on a host without 512-bit vectors: g++
// takes vectors wider than the host's apart lane by lane, thirty times slower. clang halves them by
// itself.
#pragma once

#include <stdint.h>

#include <utility>

namespace aie::detail {

template <class T>
struct wide {
  typedef T half __attribute__((vector_size(32)));
  typedef int32_t mask __attribute__((vector_size(32)));

  half low, high;

  wide() = default;
  [[gnu::always_inline]] wide(half l, half h) : low(l), high(h) {}
  template <class U>
  [[gnu::always_inline]] explicit wide(const wide<U> &other)
      : low((half)other.low), high((half)other.high) {}

  [[gnu::always_inline]] T operator[](int i) const { return i < 8 ? low[i] : high[i - 8]; }
  [[gnu::always_inline]] T &operator[](int i) { return reinterpret_cast<T *>(this)[i]; }
};

#define AIE_HOST_WIDE(op)                                                                          \
  template <class T>                                                                               \
  [[gnu::always_inline]] inline wide<T> operator op(const wide<T> &a, const wide<T> &b) {          \
    return {a.low op b.low, a.high op b.high};                                                     \
  }                                                                                                \
  template <class T>                                                                               \
  [[gnu::always_inline]] inline wide<T> operator op(const wide<T> &a, std::type_identity_t<T> b) { \
    return {a.low op b, a.high op b};                                                              \
  }                                                                                                \
  template <class T>                                                                               \
  [[gnu::always_inline]] inline wide<T> operator op(std::type_identity_t<T> a, const wide<T> &b) { \
    return {a op b.low, a op b.high};                                                              \
  }                                                                                                \
  template <class T>                                                                               \
  [[gnu::always_inline]] inline wide<T> &operator op## = (wide<T> & a, const wide<T> &b) {         \
    return a = a op b;                                                                             \
  }
AIE_HOST_WIDE(+)
AIE_HOST_WIDE(-)
AIE_HOST_WIDE(*)
AIE_HOST_WIDE(&)
AIE_HOST_WIDE(|)
AIE_HOST_WIDE(^)
#undef AIE_HOST_WIDE

#define AIE_HOST_WIDE(op)                                                                       \
  template <class T>                                                                            \
  [[gnu::always_inline]] inline wide<int32_t> operator op(const wide<T> &a, const wide<T> &b) { \
    using mask = typename wide<T>::mask;                                                        \
    return {(mask)(a.low op b.low), (mask)(a.high op b.high)};                                  \
  }
AIE_HOST_WIDE(<)
AIE_HOST_WIDE(>)
AIE_HOST_WIDE(<=)
AIE_HOST_WIDE(>=)
AIE_HOST_WIDE(==)
#undef AIE_HOST_WIDE

template <class T>
[[gnu::always_inline]] inline wide<T> operator<<(const wide<T> &a, int n) {
  return {a.low << n, a.high << n};
}
template <class T>
[[gnu::always_inline]] inline wide<T> operator>>(const wide<T> &a, int n) {
  return {a.low >> n, a.high >> n};
}
template <class T>
[[gnu::always_inline]] inline wide<T> operator~(const wide<T> &a) {
  return {~a.low, ~a.high};
}

template <class T>
[[gnu::always_inline]] inline wide<T> choose(const wide<int32_t> &mask, const wide<T> &a,
                                             const wide<T> &b) {
  return {mask.low ? a.low : b.low, mask.high ? a.high : b.high};
}

// Eight lanes of two wide values laid end to end, the first of them lane First of the result.
template <auto Index, unsigned First, class Half, unsigned... I>
[[gnu::always_inline]] inline Half pick_half(Half v0, Half v1, Half w0, Half w1,
                                             std::integer_sequence<unsigned, I...>) {
  constexpr bool from_v = ((Index(First + I) < 16) && ...);
  constexpr bool from_w = ((Index(First + I) >= 16) && ...);
  if constexpr (from_v) {
    return __builtin_shufflevector(v0, v1, static_cast<int>(Index(First + I))...);
  } else if constexpr (from_w) {
    return __builtin_shufflevector(w0, w1, static_cast<int>(Index(First + I) - 16)...);
  } else {
    Half of_v = __builtin_shufflevector(v0, v1, static_cast<int>(Index(First + I) % 16)...);
    Half of_w = __builtin_shufflevector(w0, w1, static_cast<int>(Index(First + I) % 16)...);
    return __builtin_shufflevector(of_v, of_w,
                                   static_cast<int>(Index(First + I) < 16 ? I : 8 + I)...);
  }
}

}  // namespace aie::detail
