// Moving lanes: shuffles, transposes, filters, interleaving; real and imaginary parts.
#pragma once

#include "memory.hpp"

namespace aie {

namespace detail {

// out[i] = source(i): a lane by index, or an undefined one where `source` says -1.
template <class V, class F>
AIE_HOST_INLINE auto permuted(const V &v, unsigned moves, F source) {
  using R = vector_of<V>;
  count_move(moves);
  R out;
  for (unsigned i = 0; i < R::size(); ++i) {
    const int from = source(static_cast<int>(i));
    if (from >= 0) out.lane.set(i, v.lane.get(static_cast<unsigned>(from)));
  }
  return out;
}

template <class V>
inline constexpr unsigned shift_moves = wholes<typename V::value_type, V::lane_count>;

AIE_HOST_INLINE void check_shift(unsigned n, unsigned lane_count) {
  if (n > lane_count) complain("aie::shuffle_up / _down by more lanes than the vector has");
}

}  // namespace detail

template <detail::AnyVector V>
AIE_HOST_INLINE auto shuffle_up(const V &v, unsigned n) {
  detail::check_shift(n, V::lane_count);
  return detail::permuted(v, detail::shift_moves<V>,
                          [n](int i) { return i >= int(n) ? i - int(n) : -1; });
}
template <detail::AnyVector V>
AIE_HOST_INLINE auto shuffle_up_rotate(const V &v, unsigned n) {
  detail::check_shift(n, V::lane_count);
  constexpr int lanes = V::lane_count;
  return detail::permuted(v, detail::shift_moves<V>,
                          [n](int i) { return (i - int(n) + lanes) % lanes; });
}
template <detail::AnyVector V>
AIE_HOST_INLINE auto shuffle_up_replicate(const V &v, unsigned n) {
  detail::check_shift(n, V::lane_count);
  return detail::permuted(v, detail::shift_moves<V> + 1,
                          [n](int i) { return i >= int(n) ? i - int(n) : 0; });
}
template <detail::AnyVector V>
AIE_HOST_INLINE auto shuffle_down(const V &v, unsigned n) {
  detail::check_shift(n, V::lane_count);
  constexpr int lanes = V::lane_count;
  return detail::permuted(v, detail::shift_moves<V>,
                          [n](int i) { return i + int(n) < lanes ? i + int(n) : -1; });
}
template <detail::AnyVector V>
AIE_HOST_INLINE auto shuffle_down_rotate(const V &v, unsigned n) {
  detail::check_shift(n, V::lane_count);
  constexpr int lanes = V::lane_count;
  return detail::permuted(v, detail::shift_moves<V>, [n](int i) { return (i + int(n)) % lanes; });
}
template <detail::AnyVector V>
AIE_HOST_INLINE auto shuffle_down_replicate(const V &v, unsigned n) {
  detail::check_shift(n, V::lane_count);
  constexpr int lanes = V::lane_count;
  return detail::permuted(v, detail::shift_moves<V> + 1,
                          [n](int i) { return i + int(n) < lanes ? i + int(n) : lanes - 1; });
}
// The freed lanes come from the end of `fill` (up) or from its start (down).
template <detail::AnyVector V, detail::AnyVector F>
AIE_HOST_INLINE auto shuffle_up_fill(const V &v, const F &fill, unsigned n) {
  detail::check_shift(n, V::lane_count);
  detail::count_move(detail::shift_moves<V>);
  detail::vector_of<V> out;
  detail::by_lanes(out.lane, [&](unsigned i) {
    return i >= n ? v.lane.get(i - n) : fill.lane.get(V::lane_count - n + i);
  });
  return out;
}
template <detail::AnyVector V, detail::AnyVector F>
AIE_HOST_INLINE auto shuffle_down_fill(const V &v, const F &fill, unsigned n) {
  detail::check_shift(n, V::lane_count);
  detail::count_move(detail::shift_moves<V>);
  detail::vector_of<V> out;
  detail::by_lanes(out.lane, [&](unsigned i) {
    return i + n < V::lane_count ? v.lane.get(i + n) : fill.lane.get(i + n - V::lane_count);
  });
  return out;
}

template <detail::AnyVector V>
AIE_HOST_INLINE auto reverse(const V &v) {
  return detail::permuted(v, 3, [](int i) { return int(V::lane_count) - 1 - i; });
}

// R x C row major to C x R row major.
template <detail::AnyVector V>
AIE_HOST_INLINE auto transpose(const V &v, unsigned rows, unsigned columns) {
  if (rows * columns != V::lane_count)
    detail::complain("aie::transpose: rows times columns must be the number of lanes");
  constexpr unsigned moves = V::total_bits <= 512 ? 1 : 2;
  return detail::permuted(
      v, moves, [=](int i) { return int(unsigned(i) % rows * columns + unsigned(i) / rows); });
}

namespace detail {

template <class V>
AIE_HOST_INLINE auto filtered(const V &v, unsigned step, unsigned odd) {
  static_assert(V::total_bits >= 256,
                "aie::filter_even / _odd: the result must have 128 bits or more");
  count_move(parts_of(V::total_bits, 1024));
  vector<typename V::value_type, V::lane_count / 2> out;
  by_lanes(out.lane,
           [&](unsigned i) { return v.lane.get((2 * (i / step) + odd) * step + i % step); });
  return out;
}

}  // namespace detail

// Chunks 0, 2, 4 ... of `step` elements; filter_odd the others.
template <detail::AnyVector V>
AIE_HOST_INLINE auto filter_even(const V &v, unsigned step = 1) {
  return detail::filtered(v, step, 0);
}
template <detail::AnyVector V>
AIE_HOST_INLINE auto filter_odd(const V &v, unsigned step = 1) {
  return detail::filtered(v, step, 1);
}

// z = v[0:s], w[0:s], v[s:2s], w[s:2s] ...; its two halves.
template <detail::AnyVector V, detail::AnyVector W>
AIE_HOST_INLINE auto interleave_zip(const V &v, const W &w, unsigned step) {
  using R = detail::vector_of<V>;
  constexpr unsigned N = V::lane_count;
  detail::count_move(2);
  const auto at = [&](unsigned i) {
    const unsigned block = i / (2 * step), inside = i % (2 * step);
    return inside < step ? v.lane.get(block * step + inside)
                         : w.lane.get(block * step + inside - step);
  };
  R first, second;
  detail::by_lanes(first.lane, [&](unsigned i) { return at(i); });
  detail::by_lanes(second.lane, [&](unsigned i) { return at(N + i); });
  return std::pair(first, second);
}
// The inverse: the even chunks of (v, w), and the odd ones.
template <detail::AnyVector V, detail::AnyVector W>
AIE_HOST_INLINE auto interleave_unzip(const V &v, const W &w, unsigned step) {
  using R = detail::vector_of<V>;
  constexpr unsigned N = V::lane_count;
  detail::count_move(2);
  const auto at = [&](unsigned i) { return i < N ? v.lane.get(i) : w.lane.get(i - N); };
  R even, odd;
  detail::by_lanes(even.lane, [&](unsigned i) { return at(2 * (i / step) * step + i % step); });
  detail::by_lanes(odd.lane,
                   [&](unsigned i) { return at((2 * (i / step) + 1) * step + i % step); });
  return std::pair(even, odd);
}

namespace detail {

template <bool Imaginary, class V>
AIE_HOST_INLINE auto part_of(const V &v) {
  using T = typename V::value_type;
  static_assert(element<T>::is_complex, "aie::real / aie::imag: the vector must be complex");
  count_move(1);
  vector<typename element<T>::part, V::lane_count> out;
  by_lanes(out.lane,
           [&](unsigned i) { return Imaginary ? v.lane.get(i).imag : v.lane.get(i).real; });
  return out;
}

}  // namespace detail

template <detail::AnyVector V>
AIE_HOST_INLINE auto real(const V &v) {
  return detail::part_of<false>(v);
}
template <detail::AnyVector V>
AIE_HOST_INLINE auto imag(const V &v) {
  return detail::part_of<true>(v);
}

}  // namespace aie
