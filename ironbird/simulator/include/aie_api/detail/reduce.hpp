// Reductions over the lanes of a vector, in the order of the chip's implementation where it
// matters.
#pragma once

#include "compare.hpp"
#include "multiply.hpp"

namespace aie {

namespace detail {

constexpr unsigned levels_of(unsigned n) { return n <= 1 ? 0 : 1 + levels_of((n + 1) / 2); }

// Lane i of the upper half onto lane i of the lower half, until one is left.
template <unsigned N>
AIE_HOST_INLINE float tree_sum(lanes<float, N> v) {
  if constexpr (N == 1) {
    return v.get(0);
  } else {
    lanes<float, N / 2> half;
    by_lanes(half, [&](unsigned i) { return lane_sum<false>(v.get(i), v.get(i + N / 2)); });
    return tree_sum(half);
  }
}

// 16-lane groups left to right in each half, then the halves, then the tree.
template <unsigned N>
AIE_HOST_INLINE float float_sum(const lanes<float, N> &v) {
  if constexpr (N <= 16 || frame_build) {
    return tree_sum(v);
  } else {
    constexpr unsigned groups = N / 16, first_half = groups / 2;
    f32x16 low = v.group(0), high = v.group(first_half);
    for (unsigned g = 1; g < first_half; ++g) {
      low = add16(low, v.group(g));
      high = add16(high, v.group(first_half + g));
    }
    lanes<float, 16> sum;
    sum.set_group(0, add16(low, high));
    return tree_sum(sum);
  }
}

// Lane r of the result is element At of row r of the 4 x 8 view of 32 lanes.
template <unsigned At>
struct ElementOfRow {
  constexpr unsigned operator()(unsigned l) const { return l % 4 * 8 + At; }
};

// The sums of the four rows, 32 lanes after 32 lanes, each row inside one step of the multiplier.
template <unsigned N>
AIE_HOST_INLINE f32x16 row_sums(const lanes<bfloat16, N> &v) {
  f32x16 sums{}, ones[8];
  for (f32x16 &one : ones) one = f32x16{} + 1.0f;
  for (unsigned g = 0; g < parts_of(N, 16); g += 2) {
    const f32x16 low = v.group(g), high = 16 * g + 16 < N ? v.group(g + 1) : f32x16{};
    [&]<unsigned... At>(std::integer_sequence<unsigned, At...>) {
      const f32x16 x[] = {pick<16, ElementOfRow<At>{}>(low, high)...};
      sums = mac16<8>(sums, x, ones, operand_hazard(low) | operand_hazard(high));
    }(std::make_integer_sequence<unsigned, 8>{});
  }
  return sums;
}

// Row sums, then (row 0 + row 2) + (row 1 + row 3), then one narrowing.
template <unsigned N>
AIE_HOST_INLINE bfloat16 bf16_sum(const lanes<bfloat16, N> &v) {
  if constexpr (frame_build) {
    return v.get(0);
  } else {
    const f32x16 row = row_sums(v);
    if constexpr (N == 8) return bfloat16(row[0]);
    if constexpr (N == 16) return bfloat16(lane_sum<false>(row[0], row[1]));
    return bfloat16(
        lane_sum<false>(lane_sum<false>(row[0], row[2]), lane_sum<false>(row[1], row[3])));
  }
}

}  // namespace detail

template <detail::AnyVector V>
AIE_HOST_INLINE typename V::value_type reduce_add(const V &v) {
  using T = typename V::value_type;
  constexpr unsigned levels = detail::levels_of(V::lane_count);
  if constexpr (std::is_same_v<T, float>) {
    detail::count_mac_float(levels);
    detail::count_move(levels + 1);
    return detail::float_sum(v.lane);
  } else if constexpr (std::is_same_v<T, bfloat16>) {
    detail::count_mac_float(detail::parts_of(V::lane_count, 32) + 2);
    detail::count_move(3);
    detail::count_convert(1);
    return detail::bf16_sum(v.lane);
  } else {
    detail::count_alu(levels);
    detail::count_move(levels + 1);
    T sum = v.lane.get(0);
    for (unsigned i = 1; i < V::lane_count; ++i) sum = detail::lane_sum<false>(sum, v.lane.get(i));
    return sum;
  }
}
template <detail::AnyVector V>
AIE_HOST_INLINE auto add_reduce(const V &v) {
  return reduce_add(v);
}

// Lane k is the sum of vector k; the other lanes are undefined.
template <detail::AnyVector V, class... Rest>
AIE_HOST_INLINE auto reduce_add_v(const V &first, const Rest &...rest) {
  static_assert(
      std::has_single_bit(1 + sizeof...(rest)) && 1 + sizeof...(rest) <= V::lane_count,
      "aie::reduce_add_v: the number of vectors must be a power of two, at most the lanes");
  detail::vector_of<V> out;
  unsigned k = 0;
  out.lane.set(k++, reduce_add(first));
  (out.lane.set(k++, reduce_add(rest)), ...);
  return out;
}

namespace detail {

// Halves compared lane by lane until one is left, as the chip does it: the order decides only NaNs.
template <Extreme E, class T, unsigned N>
AIE_HOST_INLINE T tree_extreme(const native_vector<T, N> &v) {
  if constexpr (N == 1) {
    return v.lane.get(0);
  } else {
    native_vector<T, N / 2> low, high;
    by_lanes(low.lane, [&](unsigned i) { return v.lane.get(i); });
    by_lanes(high.lane, [&](unsigned i) { return v.lane.get(i + N / 2); });
    native_vector<T, N / 2> out;
    extreme_lanes<E>(out, low, high, element<T>::is_signed);
    return tree_extreme<E>(out);
  }
}

template <class V>
AIE_HOST_INLINE void count_extreme() {
  count_alu(levels_of(V::lane_count));
  count_move(levels_of(V::lane_count) + 1);
}

}  // namespace detail

template <detail::AnyVector V>
AIE_HOST_INLINE typename V::value_type reduce_max(const V &v) {
  detail::count_extreme<V>();
  return detail::tree_extreme<detail::Extreme::largest, typename V::value_type, V::lane_count>(v);
}
template <detail::AnyVector V>
AIE_HOST_INLINE typename V::value_type reduce_min(const V &v) {
  detail::count_extreme<V>();
  return detail::tree_extreme<detail::Extreme::least, typename V::value_type, V::lane_count>(v);
}
template <detail::AnyVector V>
AIE_HOST_INLINE auto max_reduce(const V &v) {
  return reduce_max(v);
}
template <detail::AnyVector V>
AIE_HOST_INLINE auto min_reduce(const V &v) {
  return reduce_min(v);
}

// The product of all lanes, wrapping in the default accumulator.
template <detail::AnyVector V>
AIE_HOST_INLINE auto reduce_mul(const V &v) {
  using T = typename V::value_type;
  static_assert(
      detail::is_real_integer<T>,
      "aie::reduce_mul: the order of float products on the chip is unknown; write the loop");
  using Lane = detail::accumulator_lane<typename detail::default_tag<T, T>::type>;
  Lane product = 1;
  for (unsigned i = 0; i < V::lane_count; ++i)
    product = detail::lane_product_sum<detail::Term::add>(Lane(0), product,
                                                          static_cast<Lane>(v.lane.get(i)));
  return product;
}

}  // namespace aie
