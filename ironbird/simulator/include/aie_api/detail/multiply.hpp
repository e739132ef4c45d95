// mul, negmul, mac, msc, their squares, and the operand wrappers.
#pragma once

#include "arithmetic.hpp"

namespace aie {

namespace detail {

enum class Term { add, subtract };

// acc ± a*b for integers and complex integers: exact, then modulo the lane.
template <Term Sign, class Lane, class A, class B>
AIE_HOST_INLINE Lane lane_product_sum(Lane acc, A a, B b) {
  if constexpr (element<Lane>::is_complex) {
    using Part = typename element<Lane>::part;
    const auto parts = [](auto x, Part &re, Part &im) {
      if constexpr (element<decltype(x)>::is_complex) {
        re = static_cast<Part>(x.real);
        im = static_cast<Part>(x.imag);
      } else {
        re = static_cast<Part>(x);
        im = 0;
      }
    };
    Part ar, ai, br, bi;
    parts(a, ar, ai);
    parts(b, br, bi);
    const Part re = ar * br - ai * bi, im = ar * bi + ai * br;
    return lane_sum<Sign == Term::subtract>(acc, Lane{re, im});
  } else {
    using U = std::make_unsigned_t<Lane>;
    const U product = static_cast<U>(static_cast<Lane>(a)) * static_cast<U>(static_cast<Lane>(b));
    return static_cast<Lane>(Sign == Term::add ? U(acc) + product : U(acc) - product);
  }
}

// One group of sixteen float lanes: bf16 by bf16 is a native step, anything else is emulated.
template <Term Sign, bool Native>
AIE_HOST_INLINE f32x16 group_product_sum(f32x16 acc, f32x16 a, f32x16 b, bool has_acc) {
  if constexpr (Native) return mac16(acc, Sign == Term::add ? a : flip_sign(a), b);
  if (!has_acc) return Sign == Term::add ? float_mul16(a, b) : neg16(float_mul16(a, b));
  return Sign == Term::add ? float_mac16(acc, a, b) : float_msc16(acc, a, b);
}

template <bool Imaginary, class T, unsigned N>
AIE_HOST_INLINE lanes<float, N> component(const lanes<T, N> &v) {
  lanes<float, N> out;
  by_lanes(out, [&](unsigned i) -> float {
    if constexpr (element<T>::is_complex)
      return Imaginary ? float(v.get(i).imag) : float(v.get(i).real);
    else
      return Imaginary ? 0.0f : float(v.get(i));
  });
  return out;
}

template <Term Sign, bool Native, unsigned N>
AIE_HOST_INLINE void complex_product_sum(lanes<cfloat, N> &acc, const lanes<float, N> &ar,
                                         const lanes<float, N> &ai, const lanes<float, N> &br,
                                         const lanes<float, N> &bi) {
  constexpr Term other = Sign == Term::add ? Term::subtract : Term::add;
  lanes<float, N> re = component<false>(acc), im = component<true>(acc);
  by_groups(re, [&](unsigned g) {
    const f32x16 first =
        group_product_sum<Sign, Native>(re.group(g), ar.group(g), br.group(g), true);
    return group_product_sum<other, Native>(first, ai.group(g), bi.group(g), true);
  });
  by_groups(im, [&](unsigned g) {
    const f32x16 first =
        group_product_sum<Sign, Native>(im.group(g), ar.group(g), bi.group(g), true);
    return group_product_sum<Sign, Native>(first, ai.group(g), br.group(g), true);
  });
  by_lanes(acc, [&](unsigned i) { return cfloat{re.get(i), im.get(i)}; });
}

// acc = (has_acc ? acc : 0) ± a*b
template <Term Sign, class Lane, unsigned N, class A, class B>
AIE_HOST_INLINE void product_sum(lanes<Lane, N> &acc, const lanes<A, N> &a, const lanes<B, N> &b,
                                 bool has_acc) {
  constexpr bool native = std::is_same_v<typename element<A>::part, bfloat16> &&
                          std::is_same_v<typename element<B>::part, bfloat16>;
  if constexpr (!element<Lane>::is_floating) {
    by_lanes(acc, [&](unsigned i) {
      return lane_product_sum<Sign>(has_acc ? acc.get(i) : Lane{}, a.get(i), b.get(i));
    });
  } else if constexpr (element<Lane>::is_complex) {
    if (!has_acc) by_lanes(acc, [](unsigned) { return Lane{}; });
    complex_product_sum<Sign, native>(acc, component<false>(a), component<true>(a),
                                      component<false>(b), component<true>(b));
  } else {
    by_groups(acc, [&](unsigned g) {
      const f32x16 start = has_acc ? acc.group(g) : f32x16{};
      return group_product_sum<Sign, native>(start, a.group(g), b.group(g), has_acc);
    });
  }
}

template <class A, class B, class Tag, unsigned N>
AIE_HOST_INLINE void count_product() {
  constexpr unsigned wide =
      element<A>::bits > element<B>::bits ? element<A>::bits : element<B>::bits;
  constexpr bool is_long = std::is_same_v<storage_tag<Tag>, acc64>;
  if constexpr (element<A>::is_complex || element<B>::is_complex) {
    count_mac_integer(parts_of(N, 8));
  } else if constexpr (std::is_same_v<A, bfloat16> && std::is_same_v<B, bfloat16>) {
    count_mac_float(parts_of(N, 16));
  } else if constexpr (element<A>::is_floating) {
    count_mac_float(float_product_vector * parts_of(N, 16));
    count_move(float_product_move * parts_of(N, 16));
    count_convert(float_product_convert * parts_of(N, 16));
  } else if constexpr (wide <= 16) {
    count_mac_integer(parts_of(N, is_long ? 16 : 32));
  } else {
    constexpr unsigned steps = element<A>::bits == 32 && element<B>::bits == 32 ? 4 : 2;
    count_mac_integer(steps * parts_of(N, 16));
    count_move(steps * parts_of(N, 16));
  }
}

// The lanes that an operand of a product contributes: a vector's, or an element in its own type.
template <unsigned N, class X>
AIE_HOST_INLINE auto factor(const X &x) {
  if constexpr (AnyVector<X>) {
    static_assert(X::lane_count == N, "mul: both operands must have the same number of elements");
    return vector_of<X>(x);
  } else {
    using E = element_value_t<X>;
    using T = std::conditional_t<std::is_same_v<E, double>, float, E>;
    native_vector<T, N> filled;
    by_lanes(filled.lane, [&](unsigned) { return static_cast<T>(static_cast<E>(x)); });
    return filled;
  }
}

template <class A, class B>
struct product_lanes {
  static constexpr unsigned value = B::lane_count;
};
template <AnyVector A, class B>
struct product_lanes<A, B> {
  static constexpr unsigned value = A::lane_count;
};

template <Term Sign, class Tag, class A, class B>
AIE_HOST_INLINE auto product(const A &a, const B &b) {
  constexpr unsigned N = product_lanes<A, B>::value;
  const auto x = factor<N>(a);
  const auto y = factor<N>(b);
  using TA = typename decltype(x)::value_type;
  using TB = typename decltype(y)::value_type;
  using R = tag_or_default<Tag, TA, TB>;
  count_product<TA, TB, R, N>();
  accum<R, N> out;
  product_sum<Sign>(out.lane, x.lane, y.lane, false);
  return out;
}
template <Term Sign, class Acc, class A, class B>
AIE_HOST_INLINE auto product_onto(const Acc &acc, const A &a, const B &b) {
  using R = accum_type_t<Acc>;
  const auto x = factor<R::size()>(a);
  const auto y = factor<R::size()>(b);
  count_product<typename decltype(x)::value_type, typename decltype(y)::value_type, typename R::tag,
                R::size()>();
  R out(acc);
  product_sum<Sign>(out.lane, x.lane, y.lane, true);
  return out;
}

}  // namespace detail

// ---- operand wrappers

template <class X>
struct op_sub {
  X operand;
  explicit op_sub(const X &x) : operand(x) {}
};
template <class X>
struct op_add {
  X operand;
  explicit op_add(const X &x) : operand(x) {}
};
template <class X>
struct op_none {
  X operand;
  explicit op_none(const X &x) : operand(x) {}
};
// The accumulator, or zero where the flag is set.
template <class X>
struct op_zero {
  X operand;
  bool zero;
  explicit op_zero(const X &x, bool is_zero = true) : operand(x), zero(is_zero) {}
};
// The vector with its elements read as signed iff the flag is set.
template <class X>
struct op_sign {
  X operand;
  bool sign;
  explicit op_sign(const X &x, bool is_signed) : operand(x), sign(is_signed) {}
};

namespace detail {

template <class X>
AIE_HOST_INLINE const X &start_of(const X &acc) {
  return acc;
}
template <class X>
AIE_HOST_INLINE X start_of(const op_add<X> &op) {
  return op.operand;
}
template <class X>
AIE_HOST_INLINE X start_of(const op_none<X> &op) {
  return op.operand;
}
template <class X>
AIE_HOST_INLINE X start_of(const op_sub<X> &op) {
  X negated;
  negate(negated.lane, op.operand.lane);
  return negated;
}
template <class X>
AIE_HOST_INLINE X start_of(const op_zero<X> &op) {
  X start = op.operand;
  if (op.zero) by_lanes(start.lane, [](unsigned) { return typename X::value_type{}; });
  return start;
}

// Calls f with the operand; for op_sign with the vector cast to the signedness of the flag.
template <class X, class F>
AIE_HOST_INLINE auto with_operand(const X &x, F f) {
  return f(x);
}
template <class X, class F>
AIE_HOST_INLINE auto with_operand(const op_none<X> &op, F f) {
  return f(op.operand);
}
template <class X, class F>
AIE_HOST_INLINE auto with_operand(const op_add<X> &op, F f) {
  return f(op.operand);
}
template <class X, class F>
AIE_HOST_INLINE auto with_operand(const op_sign<X> &op, F f) {
  using T = typename X::value_type;
  if (op.sign) return f(op.operand.template cast_to<std::make_signed_t<T>>());
  return f(op.operand.template cast_to<std::make_unsigned_t<T>>());
}

}  // namespace detail

// ---- the families

template <class Tag = accauto, class A, class B>
  requires(!(std::is_arithmetic_v<A> && std::is_arithmetic_v<B>))
AIE_HOST_INLINE auto mul(const A &a, const B &b) {
  return detail::with_operand(a, [&](const auto &x) {
    return detail::with_operand(
        b, [&](const auto &y) { return detail::product<detail::Term::add, Tag>(x, y); });
  });
}
template <class Tag = accauto, class A, class B>
AIE_HOST_INLINE auto negmul(const A &a, const B &b) {
  return detail::with_operand(a, [&](const auto &x) {
    return detail::with_operand(
        b, [&](const auto &y) { return detail::product<detail::Term::subtract, Tag>(x, y); });
  });
}
template <class Acc, class A, class B>
  requires(!std::is_arithmetic_v<Acc>)
AIE_HOST_INLINE auto mac(const Acc &acc, const A &a, const B &b) {
  return detail::with_operand(a, [&](const auto &x) {
    return detail::with_operand(b, [&](const auto &y) {
      return detail::product_onto<detail::Term::add>(detail::start_of(acc), x, y);
    });
  });
}
template <class Acc, class A, class B>
  requires(!std::is_arithmetic_v<Acc>)
AIE_HOST_INLINE auto msc(const Acc &acc, const A &a, const B &b) {
  return detail::with_operand(a, [&](const auto &x) {
    return detail::with_operand(b, [&](const auto &y) {
      return detail::product_onto<detail::Term::subtract>(detail::start_of(acc), x, y);
    });
  });
}
template <class Tag = accauto, class V>
AIE_HOST_INLINE auto mul_square(const V &v) {
  return mul<Tag>(v, v);
}
template <class Acc, class V>
AIE_HOST_INLINE auto mac_square(const Acc &acc, const V &v) {
  return mac(acc, v, v);
}
template <class Acc, class V>
AIE_HOST_INLINE auto msc_square(const Acc &acc, const V &v) {
  return msc(acc, v, v);
}

template <class A, class B>
  requires(std::is_arithmetic_v<A> && std::is_arithmetic_v<B>)
AIE_HOST_INLINE auto mul(A a, B b) {
  return a * b;
}
template <class C, class A, class B>
  requires(std::is_arithmetic_v<C> && std::is_arithmetic_v<A> && std::is_arithmetic_v<B>)
AIE_HOST_INLINE auto mac(C c, A a, B b) {
  return c + a * b;
}
template <class C, class A, class B>
  requires(std::is_arithmetic_v<C> && std::is_arithmetic_v<A> && std::is_arithmetic_v<B>)
AIE_HOST_INLINE auto msc(C c, A a, B b) {
  return c - a * b;
}

}  // namespace aie
