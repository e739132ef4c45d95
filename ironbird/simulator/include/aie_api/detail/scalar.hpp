// The element types of a core: AIE's integer names, int4, bfloat16 and the complex pairs.
//
// bfloat16 converts from float by crRnd at run time, because the compiler for the chip uses the
// vector conversion for it; constants are rounded to nearest even, because that compiler folds them
// (llvm-aie AIELegalizerHelper.cpp).
#pragma once

#include <stdint.h>

#include <bit>
#include <limits>
#include <type_traits>

#include "rounding.hpp"

using int8 = int8_t;
using int16 = int16_t;
using int32 = int32_t;
using int64 = int64_t;
using uint8 = uint8_t;
using uint16 = uint16_t;
using uint32 = uint32_t;
using uint64 = uint64_t;

struct bfloat16 {
  uint16_t bits;

  bfloat16() = default;
  template <class U>
    requires std::is_arithmetic_v<U>
  AIE_HOST_INLINE constexpr bfloat16(U value) : bits(narrow(static_cast<float>(value))) {}

  static constexpr bfloat16 from_bits(uint16_t bits) {
    bfloat16 made{};
    made.bits = bits;
    return made;
  }
  AIE_HOST_INLINE constexpr operator float() const {
    return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16);
  }

  constexpr bfloat16 &operator+=(float x) { return *this = bfloat16(float(*this) + x); }
  constexpr bfloat16 &operator-=(float x) { return *this = bfloat16(float(*this) - x); }
  constexpr bfloat16 &operator*=(float x) { return *this = bfloat16(float(*this) * x); }
  constexpr bfloat16 &operator/=(float x) { return *this = bfloat16(float(*this) / x); }

 private:
  AIE_HOST_INLINE static constexpr uint16_t narrow(float value) {
    const uint32_t bits = std::bit_cast<uint32_t>(value);
    if (std::is_constant_evaluated() || __builtin_constant_p(value))
      return aie::detail::NarrowRounding::of(rnd_conv_even).apply(bits);
    return aie::detail::current_narrowing().apply(bits);
  }
};

namespace aie::detail {

// The order of the vector compare: sign and magnitude, so -0 < +0; a NaN is in no order.
constexpr bool is_nan(bfloat16 x) { return (x.bits & 0x7FFF) > 0x7F80; }
constexpr int32_t order_of(bfloat16 x) {
  return (x.bits & 0x8000) ? -static_cast<int32_t>(x.bits & 0x7FFF) - 1 : x.bits;
}
AIE_HOST_INLINE constexpr bool native_lt(bfloat16 a, bfloat16 b) {
  return !is_nan(a) && !is_nan(b) && order_of(a) < order_of(b);
}
AIE_HOST_INLINE constexpr bool native_ge(bfloat16 a, bfloat16 b) {
  return !is_nan(a) && !is_nan(b) && order_of(a) >= order_of(b);
}

}  // namespace aie::detail

// Scalar compares are vector compares of one lane, so 0 == -0 is false (llvm-aie
// AIELegalizerHelper.cpp).
constexpr bool operator<(bfloat16 a, bfloat16 b) { return aie::detail::native_lt(a, b); }
constexpr bool operator>(bfloat16 a, bfloat16 b) { return aie::detail::native_lt(b, a); }
constexpr bool operator>=(bfloat16 a, bfloat16 b) { return aie::detail::native_ge(a, b); }
constexpr bool operator<=(bfloat16 a, bfloat16 b) { return aie::detail::native_ge(b, a); }
constexpr bool operator==(bfloat16 a, bfloat16 b) { return a >= b && b >= a; }
constexpr bool operator!=(bfloat16 a, bfloat16 b) { return !(a == b); }

// Without it the primary template would answer 0 to everything.
template <>
struct std::numeric_limits<bfloat16> {
  static constexpr bool is_specialized = true, is_signed = true, is_integer = false;
  static constexpr bool has_infinity = true, has_quiet_NaN = true;
  static constexpr int digits = 8, radix = 2;
  static constexpr bfloat16 lowest() { return bfloat16::from_bits(0xFF7F); }
  static constexpr bfloat16 max() { return bfloat16::from_bits(0x7F7F); }
  static constexpr bfloat16 min() { return bfloat16::from_bits(0x0080); }
  static constexpr bfloat16 denorm_min() { return bfloat16::from_bits(0x0001); }
  static constexpr bfloat16 epsilon() { return bfloat16::from_bits(0x3C00); }
  static constexpr bfloat16 infinity() { return bfloat16::from_bits(0x7F80); }
  static constexpr bfloat16 quiet_NaN() { return bfloat16::from_bits(0x7FC0); }
};

// Four bits in a byte of their own as scalars; packed two to a byte in vectors and in memory.
struct int4 {
  int8_t value;
  int4() = default;
  constexpr int4(int x) : value(static_cast<int8_t>(static_cast<int8_t>(x << 4) >> 4)) {}
  constexpr operator int() const { return value; }
};
struct uint4 {
  uint8_t value;
  uint4() = default;
  constexpr uint4(int x) : value(static_cast<uint8_t>(x & 15)) {}
  constexpr operator int() const { return value; }
};
using int4_t = int4;
using uint4_t = uint4;

template <class Part>
struct alignas(2 * sizeof(Part)) complex_pair {
  Part real, imag;
  friend constexpr bool operator==(const complex_pair &a, const complex_pair &b) {
    return a.real == b.real && a.imag == b.imag;
  }
};
using cint16 = complex_pair<int16_t>;
using cint32 = complex_pair<int32_t>;
using cint64 = complex_pair<int64_t>;
using cbfloat16 = complex_pair<bfloat16>;
using cfloat = complex_pair<float>;
using cint16_t = cint16;
using cint32_t = cint32;

namespace aie::detail {

template <class T>
struct element {
  static constexpr bool known = std::is_integral_v<T> || std::is_same_v<T, float>;
  static constexpr unsigned bits = 8 * sizeof(T);
  static constexpr bool is_signed = std::is_signed_v<T>;
  static constexpr bool is_complex = false;
  static constexpr bool is_floating = std::is_same_v<T, float>;
  using part = T;
};
template <>
struct element<bfloat16> {
  static constexpr bool known = true, is_signed = true, is_complex = false, is_floating = true;
  static constexpr unsigned bits = 16;
  using part = bfloat16;
};
template <>
struct element<int4> {
  static constexpr bool known = true, is_signed = true, is_complex = false, is_floating = false;
  static constexpr unsigned bits = 4;
  using part = int4;
};
template <>
struct element<uint4> {
  static constexpr bool known = true, is_signed = false, is_complex = false, is_floating = false;
  static constexpr unsigned bits = 4;
  using part = uint4;
};
template <class Part>
struct element<complex_pair<Part>> {
  static constexpr bool known = true, is_signed = true, is_complex = true;
  static constexpr bool is_floating = element<Part>::is_floating;
  static constexpr unsigned bits = 2 * element<Part>::bits;
  using part = Part;
};

template <class T>
inline constexpr bool is_nibble = element<T>::bits == 4;
template <class T>
inline constexpr bool is_real_integer = !element<T>::is_floating && !element<T>::is_complex;

}  // namespace aie::detail
