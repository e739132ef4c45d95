// Operators between vectors, elements and accumulators, for `using namespace aie::operators`.
#pragma once

#include "aie.hpp"

namespace aie::operators {

#define AIE_HOST_BINARY(op, function)                        \
  template <class A, class B>                                \
    requires detail::VectorPair<A, B>                        \
  AIE_HOST_INLINE auto operator op(const A &a, const B &b) { \
    return aie::function(a, b);                              \
  }
AIE_HOST_BINARY(+, add)
AIE_HOST_BINARY(-, sub)
AIE_HOST_BINARY(&, bit_and)
AIE_HOST_BINARY(|, bit_or)
AIE_HOST_BINARY(^, bit_xor)
AIE_HOST_BINARY(<, lt)
AIE_HOST_BINARY(>, gt)
AIE_HOST_BINARY(<=, le)
AIE_HOST_BINARY(>=, ge)
AIE_HOST_BINARY(==, eq)
AIE_HOST_BINARY(!=, neq)
#undef AIE_HOST_BINARY

#define AIE_HOST_ASSIGN(op, function)                \
  template <detail::AnyVector A, class B>            \
  AIE_HOST_INLINE A &operator op(A &a, const B &b) { \
    return a = aie::function(a, b);                  \
  }
AIE_HOST_ASSIGN(+=, add)
AIE_HOST_ASSIGN(-=, sub)
AIE_HOST_ASSIGN(&=, bit_and)
AIE_HOST_ASSIGN(|=, bit_or)
AIE_HOST_ASSIGN(^=, bit_xor)
#undef AIE_HOST_ASSIGN

template <detail::AnyAccum A, class X>
AIE_HOST_INLINE auto operator+(const A &acc, const X &x) {
  return aie::add(acc, x);
}
template <detail::AnyAccum A, class X>
AIE_HOST_INLINE auto operator-(const A &acc, const X &x) {
  return aie::sub(acc, x);
}
template <detail::AnyVector V>
AIE_HOST_INLINE auto operator-(const V &v) {
  return aie::neg(v);
}
template <detail::AnyVector V>
AIE_HOST_INLINE auto operator~(const V &v) {
  return aie::bit_not(v);
}
template <detail::AnyVector V>
AIE_HOST_INLINE auto operator<<(const V &v, unsigned shift) {
  return aie::upshift(v, shift);
}
template <detail::AnyVector V>
AIE_HOST_INLINE auto operator>>(const V &v, unsigned shift) {
  return aie::downshift(v, shift);
}

}  // namespace aie::operators
