// Rounding and saturation as two or three numbers, so that a loop over lanes has no branch on the
// mode.
//
// Shifting x right by n and rounding is floor(x / 2^n) plus a carry; the carry is 1 iff the n bits
// that leave, plus an addend, reach 2^n. Each mode is an addend for even results, one for negative
// x and one for odd results. Narrowing fp32 to bf16 is the same on the magnitude of the bits, with
// the directed modes mirrored for negative numbers: floor goes towards minus infinity (mlir-aie PR
// 3587, measured).
#pragma once

#include <bit>
#include <limits>

#include "control.hpp"

namespace aie::detail {

// Addend = base + (x < 0 ? if_negative : 0) + (floor(x / 2^n) odd ? if_odd : 0), in 0 .. 2^n - 1.
struct ShiftRounding {
  int64_t base = 0, if_negative = 0, if_odd = 0;

  static constexpr ShiftRounding of(int32_t mode, int shift) {
    if (shift <= 0) return {};
    const int64_t half = int64_t{1} << (shift - 1);
    const int64_t all = 2 * half - 1;
    switch (mode) {
      case rnd_ceil:
        return {all, 0, 0};
      case rnd_sym_floor:
        return {0, all, 0};
      case rnd_sym_ceil:
        return {all, -all, 0};
      case rnd_neg_inf:
        return {half - 1, 0, 0};
      case rnd_pos_inf:
        return {half, 0, 0};
      case rnd_sym_zero:
        return {half - 1, 1, 0};
      case rnd_sym_inf:
        return {half, -1, 0};
      case rnd_conv_even:
        return {half - 1, 0, 1};
      case rnd_conv_odd:
        return {half, 0, -1};
      default:
        return {};
    }
  }

  // x / 2^shift rounded; Wide is int32_t with shift <= 30, or int64_t with shift <= 62.
  template <class Wide>
  constexpr Wide apply(Wide x, int shift) const {
    const Wide down = x >> shift;
    const Wide mask = (Wide{1} << shift) - 1;
    const Wide addend = static_cast<Wide>(base) + (x < 0 ? static_cast<Wide>(if_negative) : 0) +
                        ((down & 1) ? static_cast<Wide>(if_odd) : 0);
    using Bits = std::make_unsigned_t<Wide>;
    return down +
           static_cast<Wide>((static_cast<Bits>(x & mask) + static_cast<Bits>(addend)) >> shift);
  }
};

// What a mode keeps of a value that is too large for `bits` bits: a clamp, or nothing (wrap).
struct Saturation {
  int64_t low = std::numeric_limits<int64_t>::min();
  int64_t high = std::numeric_limits<int64_t>::max();

  static constexpr Saturation of(int32_t mode, unsigned bits, bool is_signed) {
    if (mode == 0 || bits >= 64) return {};
    if (!is_signed) return {0, static_cast<int64_t>((uint64_t{1} << bits) - 1)};
    const int64_t high = static_cast<int64_t>((uint64_t{1} << (bits - 1)) - 1);
    return {mode == 3 ? -high : -high - 1, high};
  }

  constexpr int64_t apply(int64_t x) const { return x < low ? low : x > high ? high : x; }
};

// fp32 bits to bf16 bits.
struct NarrowRounding {
  uint32_t if_positive = 0, if_negative = 0, if_odd = 0;

  static constexpr NarrowRounding of(int32_t mode) {
    constexpr uint32_t half = 0x8000, below = 0x7FFF, all = 0xFFFF;
    switch (mode) {
      case rnd_floor:
        return {0, all, 0};
      case rnd_ceil:
        return {all, 0, 0};
      case rnd_sym_ceil:
        return {all, all, 0};
      case rnd_neg_inf:
        return {below, half, 0};
      case rnd_pos_inf:
        return {half, below, 0};
      case rnd_sym_zero:
        return {below, below, 0};
      case rnd_sym_inf:
        return {half, half, 0};
      case rnd_conv_even:
        return {below, below, 1};
      case rnd_conv_odd:
        return {half, half, 0xFFFFFFFFu};
      default:
        return {};
    }
  }

  // A NaN keeps its upper half, made non-zero; infinities stay; overflow goes where the mode says.
  constexpr uint16_t apply(uint32_t bits) const {
    const uint32_t upper = bits >> 16;
    const uint32_t addend = ((bits >> 31) ? if_negative : if_positive) + ((upper & 1) ? if_odd : 0);
    const uint32_t rounded = (bits + addend) >> 16;
    const uint32_t nan = upper | ((upper & 0x7F) == 0 ? 1u : 0u);
    return static_cast<uint16_t>((bits & 0x7FFFFFFFu) > 0x7F800000u ? nan : rounded);
  }
};

inline constexpr NarrowRounding narrow_roundings[16] = {
    NarrowRounding::of(0),  NarrowRounding::of(1),  NarrowRounding::of(2),  NarrowRounding::of(3),
    NarrowRounding::of(4),  NarrowRounding::of(5),  NarrowRounding::of(6),  NarrowRounding::of(7),
    NarrowRounding::of(8),  NarrowRounding::of(9),  NarrowRounding::of(10), NarrowRounding::of(11),
    NarrowRounding::of(12), NarrowRounding::of(13), NarrowRounding::of(14), NarrowRounding::of(15)};

AIE_HOST_INLINE NarrowRounding current_narrowing() {
  return narrow_roundings[ironbird::current_core->rounding & 15];
}

}  // namespace aie::detail
