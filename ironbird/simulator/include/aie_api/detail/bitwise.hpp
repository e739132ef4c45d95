// Bit operations and shifts of integer vectors. Shifts go through an accumulator, so they round by
// crRnd and saturate by crSat.
#pragma once

#include "arithmetic.hpp"

namespace aie {

namespace detail {

template <class V, class F>
AIE_HOST_INLINE V bitwise(const V &a, const V &b, unsigned operations, F f) {
  using T = typename V::value_type;
  static_assert(is_real_integer<T>, "bit operations exist for integers only");
  count_alu(operations * wholes<T, V::size()>);
  V out;
  by_lanes(out.lane, [&](unsigned i) { return static_cast<T>(f(a.lane.get(i), b.lane.get(i))); });
  return out;
}

}  // namespace detail

template <class A, class B>
  requires detail::VectorPair<A, B>
AIE_HOST_INLINE auto bit_and(const A &a, const B &b) {
  using V = detail::operands_t<A, B>;
  return detail::bitwise(detail::lifted<V>(a), detail::lifted<V>(b), 1,
                         [](auto x, auto y) { return x & y; });
}
template <class A, class B>
  requires detail::VectorPair<A, B>
AIE_HOST_INLINE auto bit_or(const A &a, const B &b) {
  using V = detail::operands_t<A, B>;
  return detail::bitwise(detail::lifted<V>(a), detail::lifted<V>(b), 1,
                         [](auto x, auto y) { return x | y; });
}
// Five operations on the chip: it has and, or and not.
template <class A, class B>
  requires detail::VectorPair<A, B>
AIE_HOST_INLINE auto bit_xor(const A &a, const B &b) {
  using V = detail::operands_t<A, B>;
  return detail::bitwise(detail::lifted<V>(a), detail::lifted<V>(b), 5,
                         [](auto x, auto y) { return x ^ y; });
}
template <detail::AnyVector V>
AIE_HOST_INLINE auto bit_not(const V &v) {
  const detail::vector_of<V> x(v);
  return detail::bitwise(x, x, 1, [](auto p, auto) { return ~p; });
}

namespace detail {

// UPS by `up`, SRS by `down`, in 64-bit accumulators.
template <class V>
AIE_HOST_INLINE V through_accumulator(const V &v, int up, int down, bool is_signed) {
  using T = typename V::value_type;
  static_assert(is_real_integer<T>, "shifts exist for integers only");
  count_convert(2 * parts_of(V::size(), 32));
  if (up < 0 || up > 59 || down < 0 || down > 59) complain_of_shift(up < 0 || up > 59 ? up : down);
  lanes<int64_t, V::size()> acc;
  ups(acc, v.lane, up, is_signed);
  V out;
  srs_real(out.lane, acc, down, is_signed);
  return out;
}

}  // namespace detail

template <detail::AnyVector V>
AIE_HOST_INLINE auto upshift(const V &v, unsigned shift) {
  using R = detail::vector_of<V>;
  return detail::through_accumulator(R(v), static_cast<int>(shift), 0, R::is_signed());
}
// Rounds by crRnd: an arithmetic shift only in floor mode.
template <detail::AnyVector V>
AIE_HOST_INLINE auto downshift(const V &v, unsigned shift) {
  using R = detail::vector_of<V>;
  return detail::through_accumulator(R(v), 0, static_cast<int>(shift), R::is_signed());
}
template <detail::AnyVector V>
AIE_HOST_INLINE auto logical_downshift(const V &v, unsigned shift) {
  using R = detail::vector_of<V>;
  return detail::through_accumulator(R(v), 0, static_cast<int>(shift), false);
}

}  // namespace aie
