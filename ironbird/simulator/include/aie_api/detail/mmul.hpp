// aie::mmul<M, K, N, A, B, Tag>: a block of a matrix product, kept in accumulators.
#pragma once

#include "mmul_shapes.hpp"
#include "mmul_step.hpp"
#include "multiply.hpp"

namespace aie {

// B given transposed (N x K), or A (K x M).
template <class X>
struct op_transpose {
  X operand;
  explicit op_transpose(const X &x) : operand(x) {}
};

namespace detail {

template <unsigned M, unsigned K, unsigned N, class Lane, class A, class B>
AIE_HOST_INLINE void block_product_sum(lanes<Lane, M * N> &c, const lanes<A, M * K> &a,
                                       const lanes<B, K * N> &b) {
  constexpr bool whole_groups = M * N % 16 == 0 && N <= 16;
  if constexpr (frame_build) {
    by_lanes(c, [&](unsigned i) { return c.get(i); });
  } else if constexpr (std::is_same_v<Lane, float>) {
    static_assert(whole_groups);
    float_mmul<M, K, N>(c, a, b);
  } else if constexpr (std::is_same_v<Lane, cfloat>) {
    for (unsigned m = 0; m < M; ++m)
      for (unsigned n = 0; n < N; ++n) {
        cfloat &lane = c.e[m * N + n];
        lane = {complex_float_lane<false>(lane.real, a.e + m * K, b.e + n, N, K),
                complex_float_lane<true>(lane.imag, a.e + m * K, b.e + n, N, K)};
      }
  } else if constexpr (whole_groups && !element<Lane>::is_complex && element<A>::bits <= 16 &&
                       element<B>::bits <= 16) {
    const Chunks<i32x16, A, M * K> x(a);
    const Chunks<i32x16, B, K * N> y(b);
    [&]<unsigned... G>(std::integer_sequence<unsigned, G...>) {
      (integer_group<K, N, G>(c, x, y, std::make_integer_sequence<unsigned, K>{}), ...);
    }(std::make_integer_sequence<unsigned, M * N / 16>{});
  } else {
    for (unsigned m = 0; m < M; ++m)
      for (unsigned k = 0; k < K; ++k)
        for (unsigned n = 0; n < N; ++n)
          c.set(m * N + n,
                lane_product_sum<Term::add>(c.get(m * N + n), a.get(m * K + k), b.get(k * N + n)));
  }
}

template <unsigned Rows, unsigned Columns, class X>
AIE_HOST_INLINE const X &block_operand(const X &x) {
  return x;
}
template <unsigned Rows, unsigned Columns, class X>
AIE_HOST_INLINE X block_operand(const op_transpose<X> &op) {
  X out;
  by_lanes(out.lane,
           [&](unsigned i) { return op.operand.lane.get(i % Columns * Rows + i / Columns); });
  return out;
}
template <unsigned Rows, unsigned Columns, class X>
AIE_HOST_INLINE X block_operand(const op_none<X> &op) {
  return op.operand;
}

}  // namespace detail

template <unsigned M_Elems, unsigned K_Elems, unsigned N_Elems, class TypeA, class TypeB = TypeA,
          class AccumTag = accauto>
class mmul {
  static constexpr detail::MmulShape shape =
      detail::mmul_shape<M_Elems, K_Elems, N_Elems, TypeA, TypeB>();
  static_assert(shape.storage_bits != 0,
                "aie::mmul: AIE2 has no block of this shape for these element types");
  static constexpr bool is_complex =
      detail::element<TypeA>::is_complex || detail::element<TypeB>::is_complex;
  static constexpr bool is_floating = detail::element<TypeA>::is_floating;
  using storage_class = std::conditional_t<
      is_floating, std::conditional_t<is_complex, caccfloat, accfloat>,
      std::conditional_t<is_complex, cacc64,
                         std::conditional_t<shape.storage_bits == 64, acc64, acc32>>>;
  using requested = std::conditional_t<std::is_same_v<AccumTag, accauto>, storage_class, AccumTag>;
  static_assert(detail::accumulator<requested>::is_floating == is_floating,
                "aie::mmul: float blocks accumulate in accfloat, integer blocks in acc32 or acc64");
  static_assert(is_floating || is_complex || shape.storage_bits == 64 ||
                    sizeof(detail::accumulator_lane<requested>) == 4,
                "aie::mmul: AIE2 keeps a block of this shape in 32-bit accumulators");

 public:
  static constexpr unsigned M = M_Elems, K = K_Elems, N = N_Elems;
  static constexpr unsigned size_A = M * K, size_B = K * N, size_C = M * N;
  static constexpr unsigned size() { return size_C; }
  using accum_type = accum<storage_class, size_C>;
  using vector_A_type = vector<TypeA, size_A>;
  using vector_B_type = vector<TypeB, size_B>;

  // The first mac of a fresh block is a mul.
  AIE_HOST_INLINE mmul() { clear(); }
  AIE_HOST_INLINE mmul(const accum_type &acc) : acc_(acc) {}
  template <class T>
  AIE_HOST_INLINE explicit mmul(const vector<T, size_C> &v, int shift = 0) : acc_(v, shift) {}
  template <class X>
  AIE_HOST_INLINE explicit mmul(const op_zero<X> &op) : acc_(detail::start_of(op)) {}
  AIE_HOST_INLINE mmul &operator=(const accum_type &acc) {
    acc_ = acc;
    return *this;
  }

  template <class A, class B>
  AIE_HOST_INLINE void mac(const A &a, const B &b) {
    count();
    const auto &x = detail::block_operand<M, K>(a);
    const auto &y = detail::block_operand<K, N>(b);
    static_assert(std::is_same_v<typename std::remove_cvref_t<decltype(x)>::value_type, TypeA> &&
                      std::is_same_v<typename std::remove_cvref_t<decltype(y)>::value_type, TypeB>,
                  "aie::mmul: the vectors must have the element types of the block");
    detail::block_product_sum<M, K, N>(acc_.lane, x.lane, y.lane);
  }
  template <class A, class B>
  AIE_HOST_INLINE void mul(const A &a, const B &b) {
    clear();
    mac(a, b);
  }

  template <class T>
  AIE_HOST_INLINE vector<T, size_C> to_vector(int shift = 0) const {
    return acc_.template to_vector<T>(shift);
  }
  template <class T>
  AIE_HOST_INLINE vector<T, size_C> to_vector_sign(bool sign, int shift = 0) const {
    return acc_.template to_vector_sign<T>(sign, shift);
  }
  AIE_HOST_INLINE accum_type to_accum() const { return acc_; }
  AIE_HOST_INLINE operator accum_type() const { return acc_; }
  AIE_HOST_INLINE const accum_type &data() const { return acc_; }

 private:
  AIE_HOST_INLINE void clear() {
    detail::by_lanes(acc_.lane, [](unsigned) { return typename accum_type::value_type{}; });
  }
  static AIE_HOST_INLINE void count() {
    if constexpr (std::is_same_v<TypeA, float>) {
      detail::count_mac_float(shape.macs * detail::float_product_vector);
      detail::count_convert(shape.macs * detail::float_product_convert);
    } else if constexpr (is_floating) {
      detail::count_mac_float(shape.macs);
    } else {
      detail::count_mac_integer(shape.macs);
    }
    if constexpr (shape.macs > 1) detail::count_move(shape.macs / 2);
  }

  accum_type acc_;
};

template <unsigned M, unsigned K, unsigned N, class A, class B>
AIE_HOST_INLINE auto mmul_fn(const A &a, const B &b) {
  mmul<M, K, N, typename A::value_type, typename B::value_type> block;
  block.mul(a, b);
  return block.to_accum();
}
template <unsigned M, unsigned K, unsigned N, class C, class A, class B>
AIE_HOST_INLINE auto mmac_fn(const C &c, const A &a, const B &b) {
  mmul<M, K, N, typename A::value_type, typename B::value_type> block(c);
  block.mac(a, b);
  return block.to_accum();
}

}  // namespace aie
