// Compares to masks, select, min and max.
//
// bf16 orders by sign and magnitude of the bits (-0 < +0, a NaN in no order); the compare functions
// first add +0 to their first operand, min and max do not. float compares the difference, narrowed
// to bf16, with zero (llvm-aie aiev2_vadd.h). In fast numerics floats compare as on the host.
#pragma once

#include "arithmetic.hpp"
#include "mask.hpp"

namespace aie {

namespace detail {

// Sign bits of lanes that are in the named order.
AIE_HOST_INLINE i32x16 order_key(f32x16 x) {
  const i32x16 bits = (i32x16)x;
  return bits ^ ((bits >> 31) & (int32_t)magnitude_bits);
}
AIE_HOST_INLINE i32x16 is_nan16(f32x16 x) {
  return (i32x16)(((u32x16)x & magnitude_bits) > splat(exponent_bits));
}
AIE_HOST_INLINE i32x16 native_lt16(f32x16 a, f32x16 b) {
  return (order_key(a) < order_key(b)) & ~is_nan16(a) & ~is_nan16(b);
}
AIE_HOST_INLINE i32x16 native_ge16(f32x16 a, f32x16 b) {
  return (order_key(a) >= order_key(b)) & ~is_nan16(a) & ~is_nan16(b);
}
AIE_HOST_INLINE i32x16 float_lt16(f32x16 a, f32x16 b) {
  if constexpr (!silicon) return (i32x16)(a < b);
  return (i32x16)(through_bf16(sub16(a, b)) < f32x16{});
}
AIE_HOST_INLINE i32x16 float_ge16(f32x16 a, f32x16 b) {
  if constexpr (!silicon) return (i32x16)(a >= b);
  return (i32x16)(through_bf16(sub16(a, b)) >= f32x16{});
}

enum class Order { lt, ge, gt, le };

// As aie::lt and so on: the first operand of a bf16 compare has +0 added.
template <Order O, class T>
AIE_HOST_INLINE i32x16 ordered16(f32x16 a, f32x16 b) {
  if constexpr (std::is_same_v<T, bfloat16>) {
    const f32x16 first = through_bf16(add16(a, f32x16{}));
    if constexpr (O == Order::lt) return native_lt16(first, b);
    if constexpr (O == Order::ge) return native_ge16(first, b);
    if constexpr (O == Order::gt) return native_lt16(b, first);
    if constexpr (O == Order::le) return native_ge16(b, first);
  } else {
    if constexpr (O == Order::lt) return float_lt16(a, b);
    if constexpr (O == Order::ge) return float_ge16(a, b);
    if constexpr (O == Order::gt) return float_lt16(b, a);
    if constexpr (O == Order::le) return float_ge16(b, a);
  }
}

template <unsigned N, class F>
AIE_HOST_INLINE mask<N> mask_by_groups([[maybe_unused]] F of_group) {
  mask<N> m;
#if IRONBIRD_FRAME
  m.assign(0, ironbird_frame_place[0] != 0);
#else
  for (unsigned g = 0; g < parts_of(N, 16); ++g)
    m.template insert_bits<16>(g, sign_mask((u32x16)of_group(g)));
#endif
  return m;
}

template <Order O, class V>
AIE_HOST_INLINE auto compared(const V &a, const V &b) {
  using T = typename V::value_type;
  static_assert(!element<T>::is_complex, "complex vectors compare with eq and neq only");
  if constexpr (element<T>::is_floating) {
    count_mac_float(parts_of(V::size(), 16));
    count_convert(2 * parts_of(V::size(), 16));
    count_alu(wholes<T, V::size()>);
    return mask_by_groups<V::size()>(
        [&](unsigned g) { return ordered16<O, T>(a.lane.group(g), b.lane.group(g)); });
  } else {
    count_alu(wholes<T, V::size()>);
    return mask_of<V::size()>([&](unsigned i) {
      const T x = a.lane.get(i), y = b.lane.get(i);
      return O == Order::lt ? x < y : O == Order::ge ? x >= y : O == Order::gt ? y < x : y >= x;
    });
  }
}

template <class V>
AIE_HOST_INLINE auto equal_lanes(const V &a, const V &b) {
  using T = typename V::value_type;
  if constexpr (element<T>::is_floating && !element<T>::is_complex) {
    return compared<Order::le>(a, b) & compared<Order::ge>(a, b);
  } else {
    count_alu(wholes<T, V::size()>);
    return mask_of<V::size()>([&](unsigned i) { return a.lane.get(i) == b.lane.get(i); });
  }
}

}  // namespace detail

#define AIE_HOST_COMPARE(name)                                                                \
  template <class A, class B>                                                                 \
    requires detail::VectorPair<A, B>                                                         \
  AIE_HOST_INLINE auto name(const A &a, const B &b) {                                         \
    using V = detail::operands_t<A, B>;                                                       \
    return detail::compared<detail::Order::name>(detail::lifted<V>(a), detail::lifted<V>(b)); \
  }                                                                                           \
  template <class A, class B>                                                                 \
    requires(std::is_arithmetic_v<A> && std::is_arithmetic_v<B>)                              \
  AIE_HOST_INLINE bool name(A a, B b)
AIE_HOST_COMPARE(lt) { return a < b; }
AIE_HOST_COMPARE(ge) { return a >= b; }
AIE_HOST_COMPARE(gt) { return a > b; }
AIE_HOST_COMPARE(le) { return a <= b; }
#undef AIE_HOST_COMPARE

template <class A, class B>
  requires detail::VectorPair<A, B>
AIE_HOST_INLINE auto eq(const A &a, const B &b) {
  using V = detail::operands_t<A, B>;
  return detail::equal_lanes(detail::lifted<V>(a), detail::lifted<V>(b));
}
template <class A, class B>
  requires detail::VectorPair<A, B>
AIE_HOST_INLINE auto neq(const A &a, const B &b) {
  return ~eq(a, b);
}
template <class A, class B>
  requires detail::VectorPair<A, B>
AIE_HOST_INLINE bool equal(const A &a, const B &b) {
  return eq(a, b).full();
}
template <class A, class B>
  requires detail::VectorPair<A, B>
AIE_HOST_INLINE bool not_equal(const A &a, const B &b) {
  return !eq(a, b).full();
}
template <class E, detail::AnyVector V>
AIE_HOST_INLINE bool contains(const E &x, const V &v) {
  return !eq(x, v).empty();
}

// Lane i is b where the mask is set, a elsewhere.
template <class A, class B, unsigned N>
AIE_HOST_INLINE auto select(const A &a, const B &b, const mask<N> &m) {
  const auto choose = [&](const auto &x, const auto &y) {
    using T = typename std::remove_cvref_t<decltype(x)>::value_type;
    detail::count_alu(detail::wholes<T, N>);
    vector<T, N> out;
    detail::by_lanes(out.lane, [&](unsigned i) {
      const T p = x.lane.get(i), q = y.lane.get(i);
      return m.test(i) ? q : p;
    });
    return out;
  };
  if constexpr (detail::AnyVector<A> || detail::AnyVector<B>) {
    using V = detail::operands_t<A, B>;
    static_assert(V::size() == N, "aie::select: the mask must have as many lanes as the vectors");
    return choose(detail::lifted<V>(a), detail::lifted<V>(b));
  } else {
    using V = vector<detail::element_value_t<A>, N>;
    return choose(detail::lifted<V>(a), detail::lifted<V>(b));
  }
}

namespace detail {

enum class Extreme { least, largest };

// The mask bit of the native operation: max sets it where a < b, min where a >= b; either takes b
// there.
template <Extreme E, class V>
AIE_HOST_INLINE auto takes_second(const V &a, const V &b, bool sign) {
  using T = typename V::value_type;
  if constexpr (std::is_same_v<T, bfloat16>) {
    return mask_by_groups<V::size()>([&](unsigned g) {
      const f32x16 x = a.lane.group(g), y = b.lane.group(g);
      return E == Extreme::largest ? native_lt16(x, y) : native_ge16(x, y);
    });
  } else if constexpr (std::is_same_v<T, float>) {
    return mask_by_groups<V::size()>([&](unsigned g) {
      const f32x16 x = a.lane.group(g), y = b.lane.group(g);
      return E == Extreme::largest ? float_lt16(x, y) : float_ge16(x, y);
    });
  } else {
    return mask_of<V::size()>([&](unsigned i) {
      const auto x = a.lane.get(i), y = b.lane.get(i);
      if constexpr (is_nibble<T>) {
        return E == Extreme::largest ? x < y : x >= y;
      } else {
        using S = std::make_signed_t<T>;
        using U = std::make_unsigned_t<T>;
        const bool less = sign ? S(x) < S(y) : U(x) < U(y);
        return E == Extreme::largest ? less : !less;
      }
    });
  }
}

template <Extreme E, class V>
AIE_HOST_INLINE void extreme_lanes(V &out, const V &a, const V &b, bool sign) {
  using T = typename V::value_type;
  if constexpr (frame_build) {
    by_lanes(out.lane, [&](unsigned i) { return b.lane.get(i); });
  } else if constexpr (element<T>::is_floating) {
    // Choosing keeps bits, so bf16 goes back without rounding.
    for (unsigned g = 0; g < group_count<T, V::size()>; ++g) {
      const f32x16 x = a.lane.group(g), y = b.lane.group(g);
      i32x16 second;
      if constexpr (std::is_same_v<T, bfloat16>)
        second = E == Extreme::largest ? native_lt16(x, y) : native_ge16(x, y);
      else
        second = E == Extreme::largest ? float_lt16(x, y) : float_ge16(x, y);
      out.lane.set_group_exact(g, choose(second, y, x));
    }
  } else {
    by_lanes(out.lane, [&](unsigned i) {
      const T x = a.lane.get(i), y = b.lane.get(i);
      if constexpr (is_nibble<T>) {
        return (E == Extreme::largest ? x < y : x >= y) ? y : x;
      } else {
        using S = std::make_signed_t<T>;
        using U = std::make_unsigned_t<T>;
        const T by_sign = E == Extreme::largest ? (S(x) < S(y) ? y : x) : (S(x) < S(y) ? x : y);
        const T by_bits = E == Extreme::largest ? (U(x) < U(y) ? y : x) : (U(x) < U(y) ? x : y);
        return sign ? by_sign : by_bits;
      }
    });
  }
}

template <Extreme E, class V>
AIE_HOST_INLINE V extreme(const V &a, const V &b, bool sign) {
  count_alu(wholes<typename V::value_type, V::size()>);
  V out;
  extreme_lanes<E>(out, a, b, sign);
  return out;
}

}  // namespace detail

template <class A, class B>
  requires detail::VectorPair<A, B>
AIE_HOST_INLINE auto max(const A &a, const B &b,
                         bool sign = detail::operands_t<A, B>::is_signed()) {
  using V = detail::operands_t<A, B>;
  return detail::extreme<detail::Extreme::largest>(detail::lifted<V>(a), detail::lifted<V>(b),
                                                   sign);
}
template <class A, class B>
  requires detail::VectorPair<A, B>
AIE_HOST_INLINE auto min(const A &a, const B &b,
                         bool sign = detail::operands_t<A, B>::is_signed()) {
  using V = detail::operands_t<A, B>;
  return detail::extreme<detail::Extreme::least>(detail::lifted<V>(a), detail::lifted<V>(b), sign);
}
template <class T>
  requires std::is_arithmetic_v<T>
AIE_HOST_INLINE T max(T a, T b) {
  return a < b ? b : a;
}
template <class T>
  requires std::is_arithmetic_v<T>
AIE_HOST_INLINE T min(T a, T b) {
  return b < a ? b : a;
}

template <class A, class B>
  requires detail::VectorPair<A, B>
AIE_HOST_INLINE auto max_cmp(const A &a, const B &b) {
  using V = detail::operands_t<A, B>;
  const V x = detail::lifted<V>(a), y = detail::lifted<V>(b);
  return std::tuple(max(x, y),
                    detail::takes_second<detail::Extreme::largest>(x, y, V::is_signed()));
}
template <class A, class B>
  requires detail::VectorPair<A, B>
AIE_HOST_INLINE auto min_cmp(const A &a, const B &b) {
  using V = detail::operands_t<A, B>;
  const V x = detail::lifted<V>(a), y = detail::lifted<V>(b);
  return std::tuple(min(x, y), detail::takes_second<detail::Extreme::least>(x, y, V::is_signed()));
}
// a - b where that is positive, else 0.
template <class A, class B>
  requires detail::VectorPair<A, B>
AIE_HOST_INLINE auto maxdiff(const A &a, const B &b) {
  using V = detail::operands_t<A, B>;
  using T = typename V::value_type;
  static_assert(detail::is_real_integer<T>, "aie::maxdiff exists for integers only");
  const V x = detail::lifted<V>(a), y = detail::lifted<V>(b);
  detail::count_alu(detail::wholes<T, V::size()>);
  V out;
  detail::by_lanes(out.lane, [&](unsigned i) {
    const T p = x.lane.get(i), q = y.lane.get(i);
    return p > q ? detail::lane_sum<true>(p, q) : T(0);
  });
  return out;
}
template <detail::AnyVector V, class Lo, class Hi>
AIE_HOST_INLINE auto clamp(const V &v, const Lo &low, const Hi &high) {
  return min(max(v, low), high);
}

}  // namespace aie
