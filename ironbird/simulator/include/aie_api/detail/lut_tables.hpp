// The tables behind lut_based_ops.h, computed at compile time from their formulas, in the layout of
// lut.hpp.
//
//   exp, integer part   bf16(e^k), k = i below 128, i - 256 from there; 88..127 hold 0x7EF9, <= -93
//   hold 0 exp, fraction       bf16(e^(f / 256)) inverse mantissa    round(128 * (2 / (1 + m / 128)
//   - 1)), entry 0 is 0 tanh                32 segments of a quarter: the slope of the chord as a
//   bf16, the offset that halves the
//                       largest error; {0, -1} and {0, 1} outermost, {1, 0} around zero. A fit of
//                       our own: the bits of mlir-aie's table are not known, its published error
//                       bounds are met
#pragma once

#include "lut.hpp"

namespace aie::detail {

constexpr double exp_of(double x) {
  // Halved until the series is short, squared back.
  int halvings = 0;
  while (x > 0.25 || x < -0.25) {
    x /= 2;
    ++halvings;
  }
  double term = 1, sum = 1;
  for (int i = 1; i < 16; ++i) {
    term *= x / i;
    sum += term;
  }
  for (; halvings > 0; --halvings) sum *= sum;
  return sum;
}

// The nearest bf16 of a positive number, denormals included.
constexpr uint16_t bf16_bits_of(double x) {
  if (x < 0x1p-126) {
    const double units = x * 0x1p133;
    const int down = static_cast<int>(units);
    const double rest = units - down;
    return static_cast<uint16_t>(down + (rest > 0.5 || (rest == 0.5 && down % 2 == 1) ? 1 : 0));
  }
  return NarrowRounding::of(rnd_conv_even).apply(std::bit_cast<uint32_t>(static_cast<float>(x)));
}

struct alignas(32) ShortTable {
  int16_t entry[512];
};

// 256 entries in rows of eight and a copy of the row.
template <class F>
constexpr ShortTable duplicated(F entry_of) {
  ShortTable table{};
  for (int i = 0; i < 256; ++i)
    for (int copy = 0; copy < 2; ++copy)
      table.entry[16 * (i / 8) + 8 * copy + i % 8] = static_cast<int16_t>(entry_of(i));
  return table;
}

inline constexpr ShortTable exp_integer_table = duplicated([](int i) -> uint16_t {
  const int k = i < 128 ? i : i - 256;
  if (k >= 88) return 0x7EF9;
  return k <= -93 ? 0 : bf16_bits_of(exp_of(k));
});
inline constexpr ShortTable exp_fraction_table =
    duplicated([](int f) { return bf16_bits_of(exp_of(f / 256.0)); });

struct alignas(32) FloatTable {
  float entry[128];
};

constexpr double tanh_of(double x) {
  const double e = exp_of(2 * x);
  return (e - 1) / (e + 1);
}
constexpr FloatTable make_tanh_table() {
  FloatTable table{};
  for (int segment = 0; segment < 32; ++segment) {
    const double left = (segment - 16) / 4.0, right = left + 0.25;
    double slope = 4 * (tanh_of(right) - tanh_of(left));
    slope = nearest_bf16(static_cast<float>(slope));
    double least = tanh_of(left) - slope * left, most = least;
    for (int step = 1; step <= 16; ++step) {
      const double x = left + step / 64.0, rest = tanh_of(x) - slope * x;
      least = rest < least ? rest : least;
      most = rest > most ? rest : most;
    }
    double offset = (least + most) / 2;
    if (segment == 0 || segment == 31) {
      slope = 0;
      offset = segment == 0 ? -1 : 1;
    }
    if (segment == 15 || segment == 16) {
      slope = 1;
      offset = 0;
    }
    for (int copy = 0; copy < 2; ++copy) {
      table.entry[8 * (segment / 2) + 4 * copy + 2 * (segment % 2)] = static_cast<float>(slope);
      table.entry[8 * (segment / 2) + 4 * copy + 2 * (segment % 2) + 1] =
          static_cast<float>(offset);
    }
  }
  return table;
}
inline constexpr FloatTable tanh_table = make_tanh_table();

struct InverseTable {
  unsigned char entry[128];
};
constexpr InverseTable make_inverse_table() {
  InverseTable table{};
  for (int m = 1; m < 128; ++m)
    table.entry[m] = static_cast<unsigned char>(128 * (2 / (1 + m / 128.0) - 1) + 0.5);
  return table;
}
inline constexpr InverseTable inverse_table = make_inverse_table();

}  // namespace aie::detail
