// shuffle(a, b, mode): the chip's 48 permutations, all by one formula.
//
// T<B>_<R>x<C>[_lo|_hi]: (a, b) as B-bit elements, a first, seen as R rows of C columns, transposed
// and read row by row; _lo and _hi are the first and the second 512 bits. Without a suffix only a
// is used, and a smaller matrix repeats over it. Agrees with the byte table xdna-emu recorded on
// silicon.
#pragma once

#include "native.hpp"

// clang-format off
inline constexpr int T8_64x2_lo = 0;
inline constexpr int T8_64x2_hi = 1;
inline constexpr int T16_32x2_lo = 2;
inline constexpr int T16_32x2_hi = 3;
inline constexpr int T32_16x2_lo = 4;
inline constexpr int T32_16x2_hi = 5;
inline constexpr int T64_8x2_lo = 6;
inline constexpr int T64_8x2_hi = 7;
inline constexpr int T128_4x2_lo = 8;
inline constexpr int T128_4x2_hi = 9;
inline constexpr int T256_2x2_lo = 10;
inline constexpr int T256_2x2_hi = 11;
inline constexpr int T128_2x4_lo = 12;
inline constexpr int T128_2x4_hi = 13;
inline constexpr int T64_2x8_lo = 14;
inline constexpr int T64_2x8_hi = 15;
inline constexpr int T32_2x16_lo = 16;
inline constexpr int T32_2x16_hi = 17;
inline constexpr int T16_2x32_lo = 18;
inline constexpr int T16_2x32_hi = 19;
inline constexpr int T8_2x64_lo = 20;
inline constexpr int T8_2x64_hi = 21;
inline constexpr int T512_1x2_lo = 22;
inline constexpr int T512_1x2_hi = 23;
inline constexpr int T16_16x4_lo = 24;
inline constexpr int T16_16x4_hi = 25;
inline constexpr int T16_4x16_lo = 26;
inline constexpr int T16_4x16_hi = 27;
inline constexpr int T16_8x4 = 28;
inline constexpr int T16_4x8 = 29;
inline constexpr int T32_8x4_lo = 30;
inline constexpr int T32_8x4_hi = 31;
inline constexpr int T32_4x8_lo = 32;
inline constexpr int T32_4x8_hi = 33;
inline constexpr int T32_4x4 = 34;
inline constexpr int T8_8x8 = 35;
inline constexpr int T8_16x4 = 36;
inline constexpr int T8_4x16 = 37;
inline constexpr int T16_1x2_flip = 38;
inline constexpr int T16_4x4 = 39;
inline constexpr int T16_4x2 = 40;
inline constexpr int T16_2x4 = 41;
inline constexpr int T16_8x2 = 42;
inline constexpr int T16_2x8 = 43;
inline constexpr int T16_16x2 = 44;
inline constexpr int T16_2x16 = 45;
inline constexpr int T8_8x4 = 46;
inline constexpr int T8_4x8 = 47;
inline constexpr int DINTLV_lo_8o16 = T8_64x2_lo;
inline constexpr int INTLV_lo_8o16 = T8_2x64_lo;
inline constexpr int DINTLV_hi_8o16 = T8_64x2_hi;
inline constexpr int INTLV_hi_8o16 = T8_2x64_hi;
inline constexpr int DINTLV_lo_16o32 = T16_32x2_lo;
inline constexpr int INTLV_lo_16o32 = T16_2x32_lo;
inline constexpr int DINTLV_hi_16o32 = T16_32x2_hi;
inline constexpr int INTLV_hi_16o32 = T16_2x32_hi;
inline constexpr int DINTLV_lo_32o64 = T32_16x2_lo;
inline constexpr int INTLV_lo_32o64 = T32_2x16_lo;
inline constexpr int DINTLV_hi_32o64 = T32_16x2_hi;
inline constexpr int INTLV_hi_32o64 = T32_2x16_hi;
inline constexpr int DINTLV_lo_64o128 = T64_8x2_lo;
inline constexpr int INTLV_lo_64o128 = T64_2x8_lo;
inline constexpr int DINTLV_hi_64o128 = T64_8x2_hi;
inline constexpr int INTLV_hi_64o128 = T64_2x8_hi;
inline constexpr int DINTLV_lo_128o256 = T128_4x2_lo;
inline constexpr int INTLV_lo_128o256 = T128_2x4_lo;
inline constexpr int DINTLV_hi_128o256 = T128_4x2_hi;
inline constexpr int INTLV_hi_128o256 = T128_2x4_hi;
inline constexpr int DINTLV_lo_256o512 = T256_2x2_lo;
inline constexpr int INTLV_lo_256o512 = T256_2x2_lo;
inline constexpr int DINTLV_hi_256o512 = T256_2x2_hi;
inline constexpr int INTLV_hi_256o512 = T256_2x2_hi;
inline constexpr int DINTLV_lo_512o1024 = T512_1x2_lo;
inline constexpr int INTLV_lo_512o1024 = T512_1x2_lo;
inline constexpr int DINTLV_hi_512o1024 = T512_1x2_hi;
inline constexpr int INTLV_hi_512o1024 = T512_1x2_hi;
inline constexpr int shuffle_T8_64x2_lo = T8_64x2_lo;
inline constexpr int shuffle_T8_64x2_hi = T8_64x2_hi;
inline constexpr int shuffle_T16_32x2_lo = T16_32x2_lo;
inline constexpr int shuffle_T16_32x2_hi = T16_32x2_hi;
inline constexpr int shuffle_T32_16x2_lo = T32_16x2_lo;
inline constexpr int shuffle_T32_16x2_hi = T32_16x2_hi;
inline constexpr int shuffle_T64_8x2_lo = T64_8x2_lo;
inline constexpr int shuffle_T64_8x2_hi = T64_8x2_hi;
inline constexpr int shuffle_T128_4x2_lo = T128_4x2_lo;
inline constexpr int shuffle_T128_4x2_hi = T128_4x2_hi;
inline constexpr int shuffle_T256_2x2_lo = T256_2x2_lo;
inline constexpr int shuffle_T256_2x2_hi = T256_2x2_hi;
inline constexpr int shuffle_T128_2x4_lo = T128_2x4_lo;
inline constexpr int shuffle_T128_2x4_hi = T128_2x4_hi;
inline constexpr int shuffle_T64_2x8_lo = T64_2x8_lo;
inline constexpr int shuffle_T64_2x8_hi = T64_2x8_hi;
inline constexpr int shuffle_T32_2x16_lo = T32_2x16_lo;
inline constexpr int shuffle_T32_2x16_hi = T32_2x16_hi;
inline constexpr int shuffle_T16_2x32_lo = T16_2x32_lo;
inline constexpr int shuffle_T16_2x32_hi = T16_2x32_hi;
inline constexpr int shuffle_T8_2x64_lo = T8_2x64_lo;
inline constexpr int shuffle_T8_2x64_hi = T8_2x64_hi;
inline constexpr int shuffle_T512_1x2_lo = T512_1x2_lo;
inline constexpr int shuffle_T512_1x2_hi = T512_1x2_hi;
inline constexpr int shuffle_T16_16x4_lo = T16_16x4_lo;
inline constexpr int shuffle_T16_16x4_hi = T16_16x4_hi;
inline constexpr int shuffle_T16_4x16_lo = T16_4x16_lo;
inline constexpr int shuffle_T16_4x16_hi = T16_4x16_hi;
inline constexpr int shuffle_T16_8x4 = T16_8x4;
inline constexpr int shuffle_T16_4x8 = T16_4x8;
inline constexpr int shuffle_T32_8x4_lo = T32_8x4_lo;
inline constexpr int shuffle_T32_8x4_hi = T32_8x4_hi;
inline constexpr int shuffle_T32_4x8_lo = T32_4x8_lo;
inline constexpr int shuffle_T32_4x8_hi = T32_4x8_hi;
inline constexpr int shuffle_T32_4x4 = T32_4x4;
inline constexpr int shuffle_T8_8x8 = T8_8x8;
inline constexpr int shuffle_T8_16x4 = T8_16x4;
inline constexpr int shuffle_T8_4x16 = T8_4x16;
inline constexpr int shuffle_T16_1x2_flip = T16_1x2_flip;
inline constexpr int shuffle_T16_4x4 = T16_4x4;
inline constexpr int shuffle_T16_4x2 = T16_4x2;
inline constexpr int shuffle_T16_2x4 = T16_2x4;
inline constexpr int shuffle_T16_8x2 = T16_8x2;
inline constexpr int shuffle_T16_2x8 = T16_2x8;
inline constexpr int shuffle_T16_16x2 = T16_16x2;
inline constexpr int shuffle_T16_2x16 = T16_2x16;
inline constexpr int shuffle_T8_8x4 = T8_8x4;
inline constexpr int shuffle_T8_4x8 = T8_4x8;

namespace aie::detail {

struct ShuffleMode {
  unsigned bits, rows, columns, half;
};
inline constexpr ShuffleMode shuffle_modes[48] = {
    {8, 64, 2, 0}, {8, 64, 2, 1}, {16, 32, 2, 0}, {16, 32, 2, 1}, {32, 16, 2, 0}, {32, 16, 2, 1},
    {64, 8, 2, 0}, {64, 8, 2, 1}, {128, 4, 2, 0}, {128, 4, 2, 1}, {256, 2, 2, 0}, {256, 2, 2, 1},
    {128, 2, 4, 0}, {128, 2, 4, 1}, {64, 2, 8, 0}, {64, 2, 8, 1}, {32, 2, 16, 0}, {32, 2, 16, 1},
    {16, 2, 32, 0}, {16, 2, 32, 1}, {8, 2, 64, 0}, {8, 2, 64, 1}, {512, 1, 2, 0}, {512, 1, 2, 1},
    {16, 16, 4, 0}, {16, 16, 4, 1}, {16, 4, 16, 0}, {16, 4, 16, 1}, {16, 8, 4, 0}, {16, 4, 8, 0},
    {32, 8, 4, 0}, {32, 8, 4, 1}, {32, 4, 8, 0}, {32, 4, 8, 1}, {32, 4, 4, 0}, {8, 8, 8, 0},
    {8, 16, 4, 0}, {8, 4, 16, 0}, {16, 1, 2, 0}, {16, 4, 4, 0}, {16, 4, 2, 0}, {16, 2, 4, 0},
    {16, 8, 2, 0}, {16, 2, 8, 0}, {16, 16, 2, 0}, {16, 2, 16, 0}, {8, 8, 4, 0}, {8, 4, 8, 0},
};
// clang-format on

struct ShuffleBytes {
  uint8_t from[48][64];
};
// The byte of (a, b) that each byte of the result is.
constexpr ShuffleBytes make_shuffle_bytes() {
  ShuffleBytes table{};
  for (int mode = 0; mode < 48; ++mode) {
    const ShuffleMode m = shuffle_modes[mode];
    const unsigned element_bytes = m.bits / 8, block = m.rows * m.columns;
    for (unsigned i = 0; i < 64; ++i) {
      const unsigned at = (i + 64 * m.half) / element_bytes, inside = at % block;
      const unsigned source = mode == T16_1x2_flip
                                  ? at ^ 1
                                  : at - inside + inside % m.rows * m.columns + inside / m.rows;
      table.from[mode][i] = static_cast<uint8_t>(source * element_bytes + i % element_bytes);
    }
  }
  return table;
}
inline constexpr ShuffleBytes shuffle_bytes = make_shuffle_bytes();

}  // namespace aie::detail

template <class T, unsigned N>
AIE_HOST_INLINE auto shuffle(const aie::detail::native_vector<T, N> &a,
                             const aie::detail::native_vector<T, N> &b, int mode) {
  static_assert(aie::detail::native_vector<T, N>::total_bits == 512,
                "shuffle: the operands must have 512 bits");
  if (mode < 0 || mode >= 48) {
    aie::detail::complain("shuffle: the mode is not one of the 48 of AIE2");
    mode = 0;
  }
  aie::detail::count_move(1);
  aie::detail::lanes<uint8_t, 64> low, high, moved;
  aie::detail::copy_bits(low, a.lane);
  aie::detail::copy_bits(high, b.lane);
  aie::detail::by_lanes(moved, [&](unsigned i) {
    const unsigned from = aie::detail::shuffle_bytes.from[mode][i];
    return from < 64 ? low.get(from) : high.get(from - 64);
  });
  aie::detail::native_vector<T, N> out;
  aie::detail::copy_bits(out.lane, moved);
  return out;
}
template <class T, unsigned N>
AIE_HOST_INLINE auto shuffle(const aie::detail::native_vector<T, N> &a, int mode) {
  return shuffle(a, a, mode);
}
