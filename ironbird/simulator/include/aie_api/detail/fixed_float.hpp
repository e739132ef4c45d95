// to_fixed and to_float. bf16 to int16 / int32 is an instruction that floors; everything else adds
// and subtracts constants whose last place is the integer wanted (aie_api
// detail/aie2/elementary.hpp).
#pragma once

#include "elementary.hpp"

namespace aie {

namespace detail {

// clamp(floor(x * 2^shift)) in 32 bits; NaN gives the largest.
AIE_HOST_INLINE int32_t floor_to_int(float x, int shift) {
  const double scaled =
      double(x) * std::bit_cast<double>(static_cast<uint64_t>(1023 + shift) << 52);
  const double low = __builtin_floor(scaled);
  const double clamped =
      low < 2147483648.0 ? (low < -2147483648.0 ? -2147483648.0 : low) : 2147483647.0;
  return static_cast<int32_t>(clamped);
}

// 2^(23 + 16 piece) * (1 + 2^-7) * 2^-shift: one last place of it is 2^(16 piece - shift).
AIE_HOST_INLINE float magic_constant(int piece, int shift) {
  return std::bit_cast<float>(static_cast<uint32_t>(0x4B01 + 0x0800 * piece - 128 * shift) << 16);
}
AIE_HOST_INLINE int32_t float_bits(float x) { return std::bit_cast<int32_t>(x); }
AIE_HOST_INLINE float sum_of(float a, float b) { return lane_sum<false>(a, b); }
AIE_HOST_INLINE float difference_of(float a, float b) { return lane_sum<true>(a, b); }

template <class To>
AIE_HOST_INLINE To clamped_to(int64_t x) {
  return static_cast<To>(Saturation::of(1, element<To>::bits, element<To>::is_signed).apply(x));
}

// Integer multiples of 2^(16 piece - shift) in x, to nearest even.
AIE_HOST_INLINE int32_t piece_of(float x, int piece, int shift) {
  const float magic = magic_constant(piece, shift);
  return static_cast<int32_t>(static_cast<uint32_t>(float_bits(sum_of(x, magic))) -
                              static_cast<uint32_t>(float_bits(magic)));
}
AIE_HOST_INLINE float float_of_piece(int32_t value, int piece, int shift) {
  const float magic = magic_constant(piece, shift);
  return difference_of(std::bit_cast<float>(float_bits(magic) + value), magic);
}

template <class To>
AIE_HOST_INLINE To fixed_lane(float x, int shift) {
  if constexpr (element<To>::bits <= 16) {
    return clamped_to<To>(piece_of(x, 0, shift));
  } else {
    using Half = std::conditional_t<element<To>::is_signed, int16_t, uint16_t>;
    const int64_t high = clamped_to<Half>(piece_of(x, 1, shift));
    const float rest = difference_of(x, float_of_piece(static_cast<int32_t>(high), 1, shift));
    return clamped_to<To>(high * 65536 + clamped_to<int16_t>(piece_of(rest, 0, shift)));
  }
}

// The value as 16-bit pieces, the highest signed, added from high to low.
template <class From>
AIE_HOST_INLINE float float_lane(From x, int shift) {
  constexpr int bits = element<From>::bits;
  if constexpr (bits <= 16) {
    return float_of_piece(x, 0, shift);
  } else {
    constexpr int pieces = bits / 16;
    const int64_t wide = static_cast<int64_t>(x);
    const int32_t top = element<From>::is_signed
                            ? static_cast<int16_t>(wide >> (bits - 16))
                            : static_cast<int32_t>((wide >> (bits - 16)) & 0xFFFF);
    float sum = float_of_piece(top, pieces - 1, shift);
    for (int piece = pieces - 2; piece >= 0; --piece)
      sum = sum_of(
          sum, float_of_piece(static_cast<int32_t>(wide >> (16 * piece) & 0xFFFF), piece, shift));
    return sum;
  }
}

template <class To, unsigned N, class From>
AIE_HOST_INLINE void float_lanes(lanes<To, N> &out, const lanes<From, N> &v, int shift) {
  static_assert(
      is_real_integer<From> && (std::is_same_v<To, float> || std::is_same_v<To, bfloat16>),
      "aie::to_float: from integers to float or bfloat16");
  count_mac_float(3 * parts_of(N, 16));
  count_move(4 * parts_of(N, 16));
  count_convert(3 * parts_of(N, 16));
  by_lanes(out, [&](unsigned i) { return To(float_lane(v.get(i), shift)); });
}

}  // namespace detail

template <class To = int32_t, detail::AnyVector V>
AIE_HOST_INLINE auto to_fixed(const V &v, int shift = 0) {
  using T = typename V::value_type;
  static_assert(std::is_same_v<T, float> || std::is_same_v<T, bfloat16>,
                "aie::to_fixed: from float or bfloat16");
  vector<To, V::lane_count> out;
  if constexpr (std::is_same_v<T, bfloat16> &&
                (std::is_same_v<To, int16_t> || std::is_same_v<To, int32_t>)) {
    detail::count_convert(detail::parts_of(V::lane_count, 16));
    if constexpr (sizeof(To) == 2) detail::count_move(detail::parts_of(V::lane_count, 16));
    detail::by_lanes(out.lane, [&](unsigned i) {
      return static_cast<To>(detail::floor_to_int(float(v.lane.get(i)), shift));
    });
  } else {
    detail::count_mac_float(4 * detail::parts_of(V::lane_count, 16));
    detail::count_move(5 * detail::parts_of(V::lane_count, 16));
    detail::count_convert(3 * detail::parts_of(V::lane_count, 16));
    detail::by_lanes(
        out.lane, [&](unsigned i) { return detail::fixed_lane<To>(float(v.lane.get(i)), shift); });
  }
  return out;
}
template <class To = int32_t, class E>
  requires std::is_same_v<E, float>
AIE_HOST_INLINE To to_fixed(E x, int shift = 0) {
  return detail::fixed_lane<To>(x, shift);
}
template <class To = int32_t, class E>
  requires std::is_same_v<E, bfloat16>
AIE_HOST_INLINE To to_fixed(E x, int shift = 0) {
  return to_fixed<To>(detail::filled<bfloat16, 16>(x), shift).lane.get(0);
}

template <class To = float, detail::AnyVector V>
AIE_HOST_INLINE auto to_float(const V &v, int shift = 0) {
  vector<To, V::lane_count> out;
  detail::float_lanes(out.lane, v.lane, shift);
  return out;
}
template <class To = float, detail::AnyAccum A>
AIE_HOST_INLINE auto to_float(const A &acc, int shift = 0) {
  vector<To, A::lane_count> out;
  detail::float_lanes(out.lane, acc.lane, shift);
  return out;
}
template <class To = float, class E>
  requires std::is_integral_v<E>
AIE_HOST_INLINE To to_float(E x, int shift = 0) {
  return To(detail::float_lane(x, shift));
}

}  // namespace aie
