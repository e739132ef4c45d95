// add, sub, neg, abs and the multiply families, element by element.
//
// Integers wrap in vectors and in accumulators and saturate nowhere but in saturating_add / _sub.
// bf16 is widened, computed as fp32 and narrowed by crRnd. Products are always accumulators.
#pragma once

#include "float_emulation.hpp"
#include "memory.hpp"

namespace aie {

namespace detail {

// a + b (or a - b) without overflow, whatever the lanes are.
template <bool Subtract, class T>
AIE_HOST_INLINE T lane_sum(T a, T b) {
  if constexpr (element<T>::is_complex) {
    return T{lane_sum<Subtract>(a.real, b.real), lane_sum<Subtract>(a.imag, b.imag)};
  } else if constexpr (element<T>::is_floating) {
    const float x = a, y = Subtract ? -float(b) : float(b);
    return T(silicon ? add_lane(x, y) : x + y);
  } else if constexpr (is_nibble<T>) {
    const int sum = Subtract ? int(a) - int(b) : int(a) + int(b);
    return T(int(
        Saturation::of(ironbird::current_core->saturation, 4, element<T>::is_signed).apply(sum)));
  } else {
    using U = std::make_unsigned_t<T>;
    return static_cast<T>(Subtract ? static_cast<U>(U(a) - U(b)) : static_cast<U>(U(a) + U(b)));
  }
}

template <bool Subtract, class T, unsigned N>
AIE_HOST_INLINE void sum_lanes(lanes<T, N> &out, const lanes<T, N> &a, const lanes<T, N> &b) {
  if constexpr (element<T>::is_floating && !element<T>::is_complex)
    by_groups(out, [&](unsigned g) {
      return Subtract ? sub16(a.group(g), b.group(g)) : add16(a.group(g), b.group(g));
    });
  else
    by_lanes(out, [&](unsigned i) { return lane_sum<Subtract>(a.get(i), b.get(i)); });
}

template <class T, unsigned N>
AIE_HOST_INLINE void count_sum() {
  if constexpr (element<T>::is_floating) {
    count_mac_float(parts_of(N, 16));
    if constexpr (element<T>::bits == 16) count_convert(3 * parts_of(N, 16));
  } else {
    count_alu(wholes<T, N>);
  }
}

}  // namespace detail

template <class A, class B>
  requires detail::VectorPair<A, B>
AIE_HOST_INLINE auto add(const A &a, const B &b) {
  using V = detail::operands_t<A, B>;
  detail::count_sum<typename V::value_type, V::size()>();
  V out;
  detail::sum_lanes<false>(out.lane, detail::lifted<V>(a).lane, detail::lifted<V>(b).lane);
  return out;
}
template <class A, class B>
  requires detail::VectorPair<A, B>
AIE_HOST_INLINE auto sub(const A &a, const B &b) {
  using V = detail::operands_t<A, B>;
  detail::count_sum<typename V::value_type, V::size()>();
  V out;
  detail::sum_lanes<true>(out.lane, detail::lifted<V>(a).lane, detail::lifted<V>(b).lane);
  return out;
}

namespace detail {

// What stands on the other side of an accumulator: an accumulator, a vector or an element.
template <class A, class X>
AIE_HOST_INLINE A as_accum(const X &x) {
  if constexpr (AnyAccum<X>) {
    return A(static_cast<const typename A::native_type &>(x));
  } else if constexpr (AnyVector<X>) {
    A acc;
    ups(acc.lane, x.lane, 0, element<typename X::value_type>::is_signed);
    return acc;
  } else {
    A acc;
    const auto value = static_cast<element_value_t<X>>(x);
    by_lanes(acc.lane, [&](unsigned) { return static_cast<typename A::value_type>(value); });
    return acc;
  }
}

template <class A>
AIE_HOST_INLINE void count_accum_sum() {
  if constexpr (A::is_floating_point())
    count_mac_float(parts_of(A::size(), 16));
  else
    count_mac_integer(parts_of(A::bits(), 1024));
}

// The accumulator as the caller named it; a native one has its storage tag.
template <class A>
struct accum_type {
  using type = accum_of<A>;
};
template <class Tag, unsigned N>
struct accum_type<accum<Tag, N>> {
  using type = accum<Tag, N>;
};
template <class A>
using accum_type_t = typename accum_type<A>::type;

}  // namespace detail

template <detail::AnyAccum A, class X>
AIE_HOST_INLINE auto add(const A &acc, const X &x) {
  using R = detail::accum_type_t<A>;
  detail::count_accum_sum<R>();
  R out;
  detail::sum_lanes<false>(out.lane, acc.lane, detail::as_accum<R>(x).lane);
  return out;
}
template <detail::AnyAccum A, class X>
AIE_HOST_INLINE auto sub(const A &acc, const X &x) {
  using R = detail::accum_type_t<A>;
  detail::count_accum_sum<R>();
  R out;
  detail::sum_lanes<true>(out.lane, acc.lane, detail::as_accum<R>(x).lane);
  return out;
}

namespace detail {

template <class T>
AIE_HOST_INLINE T lane_negated(T x) {
  if constexpr (element<T>::is_complex)
    return T{lane_negated(x.real), lane_negated(x.imag)};
  else if constexpr (element<T>::is_floating)
    return T(negate_lane(float(x)));
  else
    return lane_sum<true>(T(0), x);
}

template <class T, unsigned N>
AIE_HOST_INLINE void negate(lanes<T, N> &out, const lanes<T, N> &v) {
  if constexpr (element<T>::is_floating && !element<T>::is_complex)
    by_groups(out, [&](unsigned g) { return neg16(v.group(g)); });
  else
    by_lanes(out, [&](unsigned i) { return lane_negated(v.get(i)); });
}

}  // namespace detail

template <detail::AnyVector V>
AIE_HOST_INLINE auto neg(const V &v) {
  detail::count_sum<typename V::value_type, V::lane_count>();
  detail::vector_of<V> out;
  detail::negate(out.lane, v.lane);
  return out;
}
template <detail::AnyAccum A>
AIE_HOST_INLINE auto neg(const A &acc) {
  using R = detail::accum_type_t<A>;
  detail::count_accum_sum<R>();
  R out;
  detail::negate(out.lane, acc.lane);
  return out;
}

// -min stays min; floats lose their sign (a model: unknown on silicon for -0 and NaN).
template <detail::AnyVector V>
AIE_HOST_INLINE auto abs(const V &v) {
  using T = typename V::value_type;
  static_assert(!detail::element<T>::is_complex, "aie::abs: not defined for complex vectors");
  detail::count_alu(detail::wholes<T, V::lane_count>);
  detail::vector_of<V> out;
  detail::by_lanes(out.lane, [&](unsigned i) {
    const T x = v.lane.get(i);
    if constexpr (std::is_same_v<T, bfloat16>)
      return bfloat16::from_bits(x.bits & 0x7FFF);
    else if constexpr (std::is_same_v<T, float>)
      return std::bit_cast<float>(std::bit_cast<uint32_t>(x) & detail::magnitude_bits);
    else if constexpr (detail::element<T>::is_signed)
      return x < T(0) ? detail::lane_negated(x) : x;
    else
      return x;
  });
  return out;
}

namespace detail {

template <bool Subtract, class V>
AIE_HOST_INLINE V saturated_sum(const V &a, const V &b) {
  using T = typename V::value_type;
  static_assert(is_real_integer<T>, "aie::saturating_add / _sub exist for integers only");
  count_mac_integer(parts_of(V::size(), 32));
  count_convert(2 * wholes<T, V::size()>);
  const Saturation limit =
      Saturation::of(ironbird::current_core->saturation, element<T>::bits, element<T>::is_signed);
  V out;
  by_lanes(out.lane, [&](unsigned i) {
    const int64_t x = a.lane.get(i), y = b.lane.get(i);
    return static_cast<T>(limit.apply(Subtract ? x - y : x + y));
  });
  return out;
}

}  // namespace detail

// Saturates by crSat; in mode none it wraps.
template <class A, class B>
  requires detail::VectorPair<A, B>
AIE_HOST_INLINE auto saturating_add(const A &a, const B &b) {
  using V = detail::operands_t<A, B>;
  return detail::saturated_sum<false>(detail::lifted<V>(a), detail::lifted<V>(b));
}
template <class A, class B>
  requires detail::VectorPair<A, B>
AIE_HOST_INLINE auto saturating_sub(const A &a, const B &b) {
  using V = detail::operands_t<A, B>;
  return detail::saturated_sum<true>(detail::lifted<V>(a), detail::lifted<V>(b));
}

template <class A, class B>
  requires(std::is_arithmetic_v<A> && std::is_arithmetic_v<B>)
AIE_HOST_INLINE auto add(A a, B b) {
  return a + b;
}
template <class A, class B>
  requires(std::is_arithmetic_v<A> && std::is_arithmetic_v<B>)
AIE_HOST_INLINE auto sub(A a, B b) {
  return a - b;
}

}  // namespace aie
