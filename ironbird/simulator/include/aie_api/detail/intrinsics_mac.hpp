// Multiply-accumulate intrinsics: mul_ / mac_ / msc_ / negmul_ / addmac_ of every block shape, and
// the element-wise and sliding ones.
//
// Integer operands take an optional sign flag after each. _conf forms add flags: zero_acc, shift16
// (the accumulator >> 16 first), sub_mul, sub_acc1 (and sub_acc2 for addmac).
#pragma once

#include "lut.hpp"
#include "mmul.hpp"
#include "sliding.hpp"

namespace aie::detail {

// The first Count lanes, read as the integer type of the given signedness.
template <class To, unsigned Count, class T, unsigned N>
AIE_HOST_INLINE lanes<To, Count> low_lanes(const native_vector<T, N> &v) {
  static_assert(Count <= N, "the operand has too few lanes for this multiplication");
  lanes<To, Count> out;
  by_lanes(out, [&](unsigned i) {
    if constexpr (std::is_same_v<To, T>)
      return v.lane.get(i);
    else
      return static_cast<To>(v.lane.get(i));
  });
  return out;
}

// Calls f with the signed or the unsigned form of T.
template <class T, class F>
AIE_HOST_INLINE auto by_sign(bool sign, F f) {
  if constexpr (!std::is_integral_v<T>) {
    return f(T{});
  } else {
    if (sign) return f(std::make_signed_t<T>{});
    return f(std::make_unsigned_t<T>{});
  }
}

template <class Acc>
AIE_HOST_INLINE Acc zero_accum() {
  Acc acc;
  by_lanes(acc.lane, [](unsigned) { return typename Acc::value_type{}; });
  return acc;
}

// What a product does to its first operand: nothing, or its sign flipped for msc and negmul.
template <class T, unsigned Count>
AIE_HOST_INLINE void flip_lanes(lanes<T, Count> &v) {
  by_lanes(v, [&](unsigned i) {
    const T x = v.get(i);
    if constexpr (std::is_same_v<T, bfloat16>)
      return bfloat16::from_bits(x.bits ^ 0x8000);
    else
      return x;
  });
}

template <unsigned M, unsigned K, unsigned N, class TA, unsigned NA, class TB, unsigned NB,
          class Acc>
AIE_HOST_INLINE Acc block_mac(const native_vector<TA, NA> &a, bool sign_a,
                              const native_vector<TB, NB> &b, bool sign_b, const Acc &start,
                              bool subtract) {
  using Lane = typename Acc::value_type;
  if constexpr (element<TA>::is_floating)
    count_mac_float(1);
  else
    count_mac_integer(1);
  Acc acc = start;
  by_sign<TA>(sign_a, [&](auto x_type) {
    by_sign<TB>(sign_b, [&](auto y_type) {
      auto x = low_lanes<decltype(x_type), M * K>(a);
      const auto y = low_lanes<decltype(y_type), K * N>(b);
      if constexpr (element<TA>::is_floating) {
        if (subtract) flip_lanes(x);
        block_product_sum<M, K, N>(acc.lane, x, y);
      } else if (subtract) {
        auto products = zero_accum<Acc>();
        block_product_sum<M, K, N>(products.lane, x, y);
        by_lanes(acc.lane, [&](unsigned i) {
          return lane_sum<true>(Lane(acc.lane.get(i)), Lane(products.lane.get(i)));
        });
      } else {
        block_product_sum<M, K, N>(acc.lane, x, y);
      }
    });
  });
  return acc;
}

template <class A>
AIE_HOST_INLINE A conf_start(A acc, int zero_acc, int shift16, int sub_acc) {
  by_lanes(acc.lane, [&](unsigned i) {
    auto x = acc.lane.get(i);
    if (zero_acc) x = {};
    if constexpr (std::is_integral_v<decltype(x)>) {
      if (shift16) x = x >> 16;
    }
    return sub_acc ? lane_negated(x) : x;
  });
  return acc;
}

// The accumulator that a block of these operands is kept in.
template <unsigned M, unsigned K, unsigned N, class TA, class TB>
struct block_accum {
  static constexpr MmulShape shape = mmul_shape<M, K, N, TA, TB>();
  static_assert(shape.storage_bits != 0,
                "AIE2 has no multiplication of this shape for these element types");
  using storage = std::conditional_t<element<TA>::is_floating, accfloat,
                                     std::conditional_t<shape.storage_bits == 64, acc64, acc32>>;
  using type = native_accum<storage, M * N>;
};

}  // namespace aie::detail

#define AIE_HOST_A const aie::detail::native_vector<TA, NA> &a
#define AIE_HOST_B const aie::detail::native_vector<TB, NB> &b
#define AIE_HOST_BLOCK_ACC(M, K, N) typename aie::detail::block_accum<M, K, N, TA, TB>::type
#define AIE_HOST_TYPED template <class TA, unsigned NA, class TB, unsigned NB>
#define AIE_HOST_SGN(T) aie::detail::element<T>::is_signed

#define AIE_HOST_BLOCK(M, K, N)                                                                    \
  AIE_HOST_TYPED AIE_HOST_INLINE auto mul_##M##x##K##_##K##x##N(AIE_HOST_A, int sa, AIE_HOST_B,    \
                                                                int sb) {                          \
    using Acc = AIE_HOST_BLOCK_ACC(M, K, N);                                                       \
    return aie::detail::block_mac<M, K, N>(a, sa, b, sb, aie::detail::zero_accum<Acc>(), false);   \
  }                                                                                                \
  AIE_HOST_TYPED AIE_HOST_INLINE auto mul_##M##x##K##_##K##x##N(AIE_HOST_A, AIE_HOST_B) {          \
    return mul_##M##x##K##_##K##x##N(a, AIE_HOST_SGN(TA), b, AIE_HOST_SGN(TB));                    \
  }                                                                                                \
  AIE_HOST_TYPED AIE_HOST_INLINE auto negmul_##M##x##K##_##K##x##N(AIE_HOST_A, int sa, AIE_HOST_B, \
                                                                   int sb) {                       \
    using Acc = AIE_HOST_BLOCK_ACC(M, K, N);                                                       \
    return aie::detail::block_mac<M, K, N>(a, sa, b, sb, aie::detail::zero_accum<Acc>(), true);    \
  }                                                                                                \
  AIE_HOST_TYPED AIE_HOST_INLINE auto negmul_##M##x##K##_##K##x##N(AIE_HOST_A, AIE_HOST_B) {       \
    return negmul_##M##x##K##_##K##x##N(a, AIE_HOST_SGN(TA), b, AIE_HOST_SGN(TB));                 \
  }                                                                                                \
  AIE_HOST_TYPED AIE_HOST_INLINE auto mac_##M##x##K##_##K##x##N(                                   \
      AIE_HOST_A, int sa, AIE_HOST_B, int sb, const AIE_HOST_BLOCK_ACC(M, K, N) & acc) {           \
    return aie::detail::block_mac<M, K, N>(a, sa, b, sb, acc, false);                              \
  }                                                                                                \
  AIE_HOST_TYPED AIE_HOST_INLINE auto mac_##M##x##K##_##K##x##N(                                   \
      AIE_HOST_A, AIE_HOST_B, const AIE_HOST_BLOCK_ACC(M, K, N) & acc) {                           \
    return aie::detail::block_mac<M, K, N>(a, AIE_HOST_SGN(TA), b, AIE_HOST_SGN(TB), acc, false);  \
  }                                                                                                \
  AIE_HOST_TYPED AIE_HOST_INLINE auto msc_##M##x##K##_##K##x##N(                                   \
      AIE_HOST_A, int sa, AIE_HOST_B, int sb, const AIE_HOST_BLOCK_ACC(M, K, N) & acc) {           \
    return aie::detail::block_mac<M, K, N>(a, sa, b, sb, acc, true);                               \
  }                                                                                                \
  AIE_HOST_TYPED AIE_HOST_INLINE auto msc_##M##x##K##_##K##x##N(                                   \
      AIE_HOST_A, AIE_HOST_B, const AIE_HOST_BLOCK_ACC(M, K, N) & acc) {                           \
    return aie::detail::block_mac<M, K, N>(a, AIE_HOST_SGN(TA), b, AIE_HOST_SGN(TB), acc, true);   \
  }                                                                                                \
  AIE_HOST_TYPED AIE_HOST_INLINE auto mac_##M##x##K##_##K##x##N##_conf(                            \
      AIE_HOST_A, AIE_HOST_B, const AIE_HOST_BLOCK_ACC(M, K, N) & acc, int zero_acc, int shift16,  \
      int sub_mul, int sub_acc1) {                                                                 \
    return aie::detail::block_mac<M, K, N>(                                                        \
        a, AIE_HOST_SGN(TA), b, AIE_HOST_SGN(TB),                                                  \
        aie::detail::conf_start(acc, zero_acc, shift16, sub_acc1), sub_mul);                       \
  }                                                                                                \
  AIE_HOST_TYPED AIE_HOST_INLINE auto mac_##M##x##K##_##K##x##N##_conf(                            \
      AIE_HOST_A, int sa, AIE_HOST_B, int sb, const AIE_HOST_BLOCK_ACC(M, K, N) & acc,             \
      int zero_acc, int shift16, int sub_mul, int sub_acc1) {                                      \
    return aie::detail::block_mac<M, K, N>(                                                        \
        a, sa, b, sb, aie::detail::conf_start(acc, zero_acc, shift16, sub_acc1), sub_mul);         \
  }                                                                                                \
  AIE_HOST_TYPED AIE_HOST_INLINE auto addmac_##M##x##K##_##K##x##N(                                \
      AIE_HOST_A, AIE_HOST_B, const AIE_HOST_BLOCK_ACC(M, K, N) & acc1,                            \
      const AIE_HOST_BLOCK_ACC(M, K, N) & acc2) {                                                  \
    static_assert(                                                                                 \
        !aie::detail::element<TA>::is_floating,                                                    \
        "addmac of float blocks is not modelled: both accumulators meet in one rounding step");    \
    return aie::detail::block_mac<M, K, N>(a, AIE_HOST_SGN(TA), b, AIE_HOST_SGN(TB),               \
                                           add(acc1, acc2), false);                                \
  }
AIE_HOST_BLOCK(4, 8, 8)
AIE_HOST_BLOCK(4, 16, 8)
AIE_HOST_BLOCK(4, 4, 8)
AIE_HOST_BLOCK(4, 2, 8)
AIE_HOST_BLOCK(2, 8, 8)
AIE_HOST_BLOCK(4, 8, 4)
AIE_HOST_BLOCK(2, 4, 8)
AIE_HOST_BLOCK(4, 4, 4)
AIE_HOST_BLOCK(4, 2, 4)
#undef AIE_HOST_BLOCK

// ---- element by element. `_2` forms sum two products a lane: lanes i and Lanes + i of the
// operands.

namespace aie::detail {

template <unsigned Lanes, unsigned Pairs, class Acc, class TA, unsigned NA, class TB, unsigned NB>
AIE_HOST_INLINE Acc element_mac(const native_vector<TA, NA> &a, const native_vector<TB, NB> &b,
                                const Acc &start, bool subtract, const Acc *second = nullptr) {
  static_assert(NA >= Lanes * Pairs && NB >= Lanes * Pairs,
                "the operands have too few lanes for this multiplication");
  using Lane = typename Acc::value_type;
  Acc acc = start;
  if constexpr (frame_build) {
    by_lanes(acc.lane, [&](unsigned i) { return start.lane.get(i); });
  } else if constexpr (std::is_same_v<TA, bfloat16>) {
    count_mac_float(1);
    static_assert(Lanes == 16);
    f32x16 x[Pairs], y[Pairs];
    for (unsigned p = 0; p < Pairs; ++p) {
      x[p] = subtract ? flip_sign(a.lane.group(p)) : a.lane.group(p);
      y[p] = b.lane.group(p);
    }
    if (second == nullptr)
      acc.lane.set_group(0, mac16<Pairs>(start.lane.group(0), x, y, hazard_of(x, y)));
    else if constexpr (silicon)
      acc.lane.set_group(0, mac16_silicon<Pairs, true>(start.lane.group(0), second->lane.group(0),
                                                       x, y, hazard_of(x, y)));
    else
      acc.lane.set_group(
          0, mac16<Pairs>(start.lane.group(0), x, y, hazard_of(x, y)) + second->lane.group(0));
  } else {
    count_mac_integer(1);
    by_lanes(acc.lane, [&](unsigned i) {
      Lane sum = start.lane.get(i);
      if (second != nullptr) sum = lane_sum<false>(sum, second->lane.get(i));
      for (unsigned p = 0; p < Pairs; ++p)
        sum = subtract ? lane_product_sum<Term::subtract>(sum, a.lane.get(p * Lanes + i),
                                                          b.lane.get(p * Lanes + i))
                       : lane_product_sum<Term::add>(sum, a.lane.get(p * Lanes + i),
                                                     b.lane.get(p * Lanes + i));
      return sum;
    });
  }
  return acc;
}

template <class T>
struct element_accum {
  using type = acc32;
};
template <>
struct element_accum<bfloat16> {
  using type = accfloat;
};
template <unsigned Lanes, class T>
using element_accum_t = native_accum<std::conditional_t<Lanes == 16 && std::is_integral_v<T>, acc64,
                                                        typename element_accum<T>::type>,
                                     Lanes>;

}  // namespace aie::detail

#define AIE_HOST_ELEMENT(name, Lanes, Pairs)                                                    \
  AIE_HOST_TYPED AIE_HOST_INLINE auto mul_##name(AIE_HOST_A, AIE_HOST_B) {                      \
    using Acc = aie::detail::element_accum_t<Lanes, TA>;                                        \
    return aie::detail::element_mac<Lanes, Pairs>(a, b, aie::detail::zero_accum<Acc>(), false); \
  }                                                                                             \
  AIE_HOST_TYPED AIE_HOST_INLINE auto negmul_##name(AIE_HOST_A, AIE_HOST_B) {                   \
    using Acc = aie::detail::element_accum_t<Lanes, TA>;                                        \
    return aie::detail::element_mac<Lanes, Pairs>(a, b, aie::detail::zero_accum<Acc>(), true);  \
  }                                                                                             \
  AIE_HOST_TYPED AIE_HOST_INLINE auto mac_##name(                                               \
      AIE_HOST_A, AIE_HOST_B, const aie::detail::element_accum_t<Lanes, TA> &acc) {             \
    return aie::detail::element_mac<Lanes, Pairs>(a, b, acc, false);                            \
  }                                                                                             \
  AIE_HOST_TYPED AIE_HOST_INLINE auto msc_##name(                                               \
      AIE_HOST_A, AIE_HOST_B, const aie::detail::element_accum_t<Lanes, TA> &acc) {             \
    return aie::detail::element_mac<Lanes, Pairs>(a, b, acc, true);                             \
  }                                                                                             \
  AIE_HOST_TYPED AIE_HOST_INLINE auto addmac_##name(                                            \
      AIE_HOST_A, AIE_HOST_B, const aie::detail::element_accum_t<Lanes, TA> &acc1,              \
      const aie::detail::element_accum_t<Lanes, TA> &acc2) {                                    \
    return aie::detail::element_mac<Lanes, Pairs>(a, b, acc1, false, &acc2);                    \
  }
AIE_HOST_ELEMENT(elem_32, 32, 1)
AIE_HOST_ELEMENT(elem_32_2, 32, 2)
AIE_HOST_ELEMENT(elem_16_2, 16, 2)
#undef AIE_HOST_ELEMENT

// fp32, emulated.
AIE_HOST_INLINE v16accfloat mul_elem_16(const v16float &a, const v16float &b) {
  return aie::mul(a, b).to_native();
}
AIE_HOST_INLINE v16accfloat negmul_elem_16(const v16float &a, const v16float &b) {
  return aie::negmul(a, b).to_native();
}
AIE_HOST_INLINE v16accfloat mac_elem_16(const v16float &a, const v16float &b,
                                        const v16accfloat &acc) {
  return aie::mac(acc, a, b).to_native();
}
AIE_HOST_INLINE v16accfloat msc_elem_16(const v16float &a, const v16float &b,
                                        const v16accfloat &acc) {
  return aie::msc(acc, a, b).to_native();
}

// ---- sliding windows: lane l = sum over p of a[l + p] * b[p]

#define AIE_HOST_CONV(Lanes, Points, Acc)                                                    \
  AIE_HOST_TYPED AIE_HOST_INLINE Acc mac_conv_##Lanes##x##Points(AIE_HOST_A, AIE_HOST_B,     \
                                                                 const Acc &acc) {           \
    aie::detail::count_mac_integer(1);                                                       \
    Acc out = acc;                                                                           \
    aie::detail::slide<aie::detail::Term::add, Points, 1, 1, 1>(out.lane, b, 0, a, 0, true); \
    return out;                                                                              \
  }                                                                                          \
  AIE_HOST_TYPED AIE_HOST_INLINE Acc mul_conv_##Lanes##x##Points(AIE_HOST_A, AIE_HOST_B) {   \
    return mac_conv_##Lanes##x##Points(a, b, aie::detail::zero_accum<Acc>());                \
  }
AIE_HOST_CONV(32, 8, v32acc32)
AIE_HOST_CONV(16, 4, v16acc64)
#undef AIE_HOST_CONV
#undef AIE_HOST_A
#undef AIE_HOST_B
#undef AIE_HOST_BLOCK_ACC
#undef AIE_HOST_TYPED
#undef AIE_HOST_SGN
