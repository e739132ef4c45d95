// Intrinsics of the vector ALU: add, sub, logic, min, max, compares, select, and their forms that
// also return a mask. Masks have bit i for lane i; bits above the lanes are 0.
#pragma once

#include "bitwise.hpp"
#include "compare.hpp"

namespace aie::detail {

template <unsigned N>
AIE_HOST_INLINE auto mask_bits(const mask<N> &m) {
  if constexpr (N == 64)
    return static_cast<unsigned long long>(m.to_uint64());
  else
    return static_cast<unsigned>(m.to_uint32());
}
template <unsigned N, class Bits>
AIE_HOST_INLINE mask<N> mask_from(Bits bits) {
  return mask<N>::from_uint64(static_cast<uint64_t>(bits));
}
template <unsigned N>
using mask_word = std::conditional_t<N == 64, unsigned long long, unsigned>;

// The compares of the instruction: no +0 is added to bf16 here.
template <bool Less, class T, unsigned N>
AIE_HOST_INLINE mask<N> native_order(const native_vector<T, N> &a, const native_vector<T, N> &b,
                                     bool sign) {
  count_alu(wholes<T, N>);
  const vector<T, N> x(a), y(b);
  if constexpr (Less)
    return takes_second<Extreme::largest>(x, y, sign);
  else
    return takes_second<Extreme::least>(x, y, sign);
}

}  // namespace aie::detail

#define AIE_HOST_BOTH(name, call)                                        \
  template <class T, unsigned N>                                         \
  AIE_HOST_INLINE auto name(const aie::detail::native_vector<T, N> &a,   \
                            const aie::detail::native_vector<T, N> &b) { \
    return (call).to_native();                                           \
  }
AIE_HOST_BOTH(add, aie::add(a, b))
AIE_HOST_BOTH(sub, aie::sub(a, b))
AIE_HOST_BOTH(band, aie::bit_and(a, b))
AIE_HOST_BOTH(bor, aie::bit_or(a, b))
AIE_HOST_BOTH(bxor, aie::bit_xor(a, b))
AIE_HOST_BOTH(min, aie::min(a, b))
AIE_HOST_BOTH(max, aie::max(a, b))
AIE_HOST_BOTH(maxdiff, aie::maxdiff(a, b))
#undef AIE_HOST_BOTH

template <class T, unsigned N>
AIE_HOST_INLINE auto min(const aie::detail::native_vector<T, N> &a,
                         const aie::detail::native_vector<T, N> &b, bool sgn) {
  return aie::min(a, b, sgn).to_native();
}
template <class T, unsigned N>
AIE_HOST_INLINE auto max(const aie::detail::native_vector<T, N> &a,
                         const aie::detail::native_vector<T, N> &b, bool sgn) {
  return aie::max(a, b, sgn).to_native();
}
template <class T, unsigned N>
AIE_HOST_INLINE auto neg(const aie::detail::native_vector<T, N> &v) {
  return aie::neg(v).to_native();
}
template <class T, unsigned N>
AIE_HOST_INLINE auto abs(const aie::detail::native_vector<T, N> &v) {
  return aie::abs(v).to_native();
}
template <class T, unsigned N>
AIE_HOST_INLINE auto bneg(const aie::detail::native_vector<T, N> &v) {
  return aie::bit_not(v).to_native();
}

template <class S, unsigned N>
AIE_HOST_INLINE auto add(const aie::detail::native_accum<S, N> &a,
                         const aie::detail::native_accum<S, N> &b) {
  return aie::add(a, b).to_native();
}
template <class S, unsigned N>
AIE_HOST_INLINE auto sub(const aie::detail::native_accum<S, N> &a,
                         const aie::detail::native_accum<S, N> &b) {
  return aie::sub(a, b).to_native();
}
template <class S, unsigned N>
AIE_HOST_INLINE auto neg(const aie::detail::native_accum<S, N> &a) {
  return aie::neg(a).to_native();
}
// -(a) + -(b), and -(a) - b's negation, as the chip's flag forms name them.
template <class S, unsigned N>
AIE_HOST_INLINE auto negadd(const aie::detail::native_accum<S, N> &a,
                            const aie::detail::native_accum<S, N> &b) {
  return aie::sub(b, a).to_native();
}

#define AIE_HOST_COMPARE(name, less, first, second, flip)                               \
  template <class T, unsigned N>                                                        \
  AIE_HOST_INLINE auto name(const aie::detail::native_vector<T, N> &a,                  \
                            const aie::detail::native_vector<T, N> &b,                  \
                            bool sgn = aie::detail::element<T>::is_signed) {            \
    return aie::detail::mask_bits(aie::detail::native_order<less>(first, second, sgn)); \
  }
AIE_HOST_COMPARE(lt, true, a, b, )
AIE_HOST_COMPARE(ge, false, a, b, )
AIE_HOST_COMPARE(gt, true, b, a, )
AIE_HOST_COMPARE(le, false, b, a, )
#undef AIE_HOST_COMPARE

template <class T, unsigned N>
AIE_HOST_INLINE auto eq(const aie::detail::native_vector<T, N> &a,
                        const aie::detail::native_vector<T, N> &b) {
  if constexpr (aie::detail::element<T>::is_floating)
    return le(a, b) & ge(a, b);
  else
    return aie::detail::mask_bits(aie::eq(a, b));
}
template <class T, unsigned N>
AIE_HOST_INLINE auto ne(const aie::detail::native_vector<T, N> &a,
                        const aie::detail::native_vector<T, N> &b) {
  return aie::detail::mask_bits(~aie::detail::mask_from<N>(eq(a, b)));
}
template <class T, unsigned N>
AIE_HOST_INLINE auto eqz(const aie::detail::native_vector<T, N> &v) {
  return eq(v, aie::zeros<T, N>().to_native());
}
template <class T, unsigned N>
AIE_HOST_INLINE auto ltz(const aie::detail::native_vector<T, N> &v) {
  return lt(v, aie::zeros<T, N>().to_native());
}
template <class T, unsigned N>
AIE_HOST_INLINE auto gtz(const aie::detail::native_vector<T, N> &v) {
  return gt(v, aie::zeros<T, N>().to_native());
}

// Lane i is b where bit i is set.
template <class T, unsigned N, class Bits>
  requires std::is_integral_v<Bits>
AIE_HOST_INLINE auto sel(const aie::detail::native_vector<T, N> &a,
                         const aie::detail::native_vector<T, N> &b, Bits bits) {
  return aie::select(a, b, aie::detail::mask_from<N>(bits)).to_native();
}
// a - b where bit i is set, a + b elsewhere.
template <class T, unsigned N, class Bits>
AIE_HOST_INLINE auto addsub(const aie::detail::native_vector<T, N> &a,
                            const aie::detail::native_vector<T, N> &b, Bits bits) {
  return sel(add(a, b), sub(a, b), bits);
}

// Forms that return the mask of the compare they make, by reference.
#define AIE_HOST_WITH_MASK(name, mask_call, result_call)               \
  template <class T, unsigned N>                                       \
  AIE_HOST_INLINE auto name(const aie::detail::native_vector<T, N> &a, \
                            const aie::detail::native_vector<T, N> &b, \
                            aie::detail::mask_word<N> &cmp) {          \
    cmp = mask_call;                                                   \
    return result_call;                                                \
  }
AIE_HOST_WITH_MASK(max_lt, lt(a, b), max(a, b))
AIE_HOST_WITH_MASK(min_ge, ge(a, b), min(a, b))
AIE_HOST_WITH_MASK(maxdiff_lt, lt(a, b), maxdiff(a, b))
AIE_HOST_WITH_MASK(sub_lt, lt(a, b), sub(a, b))
AIE_HOST_WITH_MASK(sub_ge, ge(a, b), sub(a, b))
#undef AIE_HOST_WITH_MASK

template <class T, unsigned N>
AIE_HOST_INLINE auto abs_gtz(const aie::detail::native_vector<T, N> &v,
                             aie::detail::mask_word<N> &cmp) {
  cmp = gtz(v);
  return abs(v);
}
template <class T, unsigned N>
AIE_HOST_INLINE auto neg_gtz(const aie::detail::native_vector<T, N> &v,
                             aie::detail::mask_word<N> &cmp) {
  cmp = gtz(v);
  return neg(v);
}
template <class T, unsigned N>
AIE_HOST_INLINE auto bneg_ltz(const aie::detail::native_vector<T, N> &v,
                              aie::detail::mask_word<N> &cmp) {
  cmp = ltz(v);
  return bneg(v);
}

// Operators of the compiler's own integer vectors; aie::vector has none (aie_api/operators.hpp).
namespace aie::detail {

#define AIE_HOST_OPERATOR(op, call)                                             \
  template <class T, unsigned N>                                                \
  AIE_HOST_INLINE native_vector<T, N> operator op(const native_vector<T, N> &a, \
                                                  const native_vector<T, N> &b) \
    requires(is_real_integer<T>)                                                \
  {                                                                             \
    return (call).to_native();                                                  \
  }
AIE_HOST_OPERATOR(+, aie::add(a, b))
AIE_HOST_OPERATOR(-, aie::sub(a, b))
AIE_HOST_OPERATOR(&, aie::bit_and(a, b))
AIE_HOST_OPERATOR(|, aie::bit_or(a, b))
AIE_HOST_OPERATOR(^, aie::bit_xor(a, b))
#undef AIE_HOST_OPERATOR

}  // namespace aie::detail

AIE_HOST_INLINE int clb(int x) { return __builtin_clrsb(x) + 1; }
AIE_HOST_INLINE int clz(unsigned x) { return x == 0 ? 32 : __builtin_clz(x); }

// A pointer moved by bytes.
template <class P>
AIE_HOST_INLINE P *byte_incr(P *p, int bytes) {
  return (P *)((char *)p + bytes);
}
using addr_t = uint32_t;
// Two- and three-dimensional addressing, in bytes.
template <class P>
AIE_HOST_INLINE P *add_2d_byte(P *p, int inc2, int num1, addr_t &count, int inc1) {
  aie::detail::count_scalar(1);
  const bool wraps = static_cast<int>(count) == num1;
  count = wraps ? 0 : count + 1;
  return byte_incr(p, wraps ? inc2 : inc1);
}
template <class P>
AIE_HOST_INLINE P *add_2d_ptr(P *p, int inc2, int num1, addr_t &count, int inc1) {
  return add_2d_byte(p, inc2 * int(sizeof(P)), num1, count, inc1 * int(sizeof(P)));
}
template <class P>
AIE_HOST_INLINE P *add_3d_byte(P *p, int inc3, int num1, addr_t &count1, int inc1, int num2,
                               addr_t &count2, int inc2) {
  aie::detail::count_scalar(1);
  if (static_cast<int>(count1) != num1) {
    ++count1;
    return byte_incr(p, inc1);
  }
  count1 = 0;
  if (static_cast<int>(count2) != num2) {
    ++count2;
    return byte_incr(p, inc2);
  }
  count2 = 0;
  return byte_incr(p, inc3);
}
