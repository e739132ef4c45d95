// arith on integers: results wrap.
//
// What MLIR leaves undefined (division by zero, the least number by -1, a shift by the width or
// more) is found before it is computed (undefined.hpp); the result is 0 here, the least number
// where that is the quotient, so that both simulators go on alike. The chip's is unknown.
#pragma once

#include "numbers.hpp"

namespace ironbird::op {

template <typename T>
T addi(T a, T b) {
  return wrapped<T>(uint64_t(a) + uint64_t(b));
}
template <typename T>
T subi(T a, T b) {
  return wrapped<T>(uint64_t(a) - uint64_t(b));
}
template <typename T>
T muli(T a, T b) {
  return wrapped<T>(uint64_t(a) * uint64_t(b));
}

// In 64 bits; for i64 the least number by -1 would not fit.
template <typename T>
T divsi(T a, T b) {
  const int64_t x = as_signed(a), y = as_signed(b);
  if (y == 0) return T(0);
  return wrapped<T>(y == -1 ? 0 - uint64_t(x) : uint64_t(x / y));
}
template <typename T>
T remsi(T a, T b) {
  const int64_t x = as_signed(a), y = as_signed(b);
  return y == 0 || y == -1 ? T(0) : wrapped<T>(uint64_t(x % y));
}
template <typename T>
T divui(T a, T b) {
  return as_unsigned(b) == 0 ? T(0) : wrapped<T>(as_unsigned(a) / as_unsigned(b));
}
template <typename T>
T remui(T a, T b) {
  return as_unsigned(b) == 0 ? T(0) : wrapped<T>(as_unsigned(a) % as_unsigned(b));
}
template <typename T>
bool rounds_down(T a, T b) {
  return remsi<T>(a, b) != 0 && (as_signed(a) < 0) != (as_signed(b) < 0);
}
template <typename T>
T floordivsi(T a, T b) {
  return subi<T>(divsi<T>(a, b), rounds_down<T>(a, b) ? T(1) : T(0));
}
template <typename T>
T ceildivsi(T a, T b) {
  const bool up = remsi<T>(a, b) != 0 && !rounds_down<T>(a, b);
  return addi<T>(divsi<T>(a, b), up ? T(1) : T(0));
}
template <typename T>
T ceildivui(T a, T b) {
  return addi<T>(divui<T>(a, b), remui<T>(a, b) != 0 ? T(1) : T(0));
}

template <typename T>
T andi(T a, T b) {
  return static_cast<T>(a & b);
}
template <typename T>
T ori(T a, T b) {
  return static_cast<T>(a | b);
}
template <typename T>
T xori(T a, T b) {
  return static_cast<T>(a ^ b);
}

template <typename T>
constexpr int width = std::is_same_v<T, bool> ? 1 : 8 * static_cast<int>(sizeof(T));
template <typename T>
bool in_width(T b) {
  return as_unsigned(b) < static_cast<Unsigned<decltype(as_signed(b))>>(width<T>);
}
template <typename T>
T shli(T a, T b) {
  return in_width<T>(b) ? wrapped<T>(uint64_t(a) << as_unsigned(b)) : T(0);
}
template <typename T>
T shrsi(T a, T b) {
  return in_width<T>(b) ? wrapped<T>(uint64_t(as_signed(a) >> as_unsigned(b))) : T(0);
}
template <typename T>
T shrui(T a, T b) {
  return in_width<T>(b) ? wrapped<T>(as_unsigned(a) >> as_unsigned(b)) : T(0);
}

template <typename T>
T maxsi(T a, T b) {
  return as_signed(a) > as_signed(b) ? a : b;
}
template <typename T>
T minsi(T a, T b) {
  return as_signed(a) < as_signed(b) ? a : b;
}
template <typename T>
T maxui(T a, T b) {
  return as_unsigned(a) > as_unsigned(b) ? a : b;
}
template <typename T>
T minui(T a, T b) {
  return as_unsigned(a) < as_unsigned(b) ? a : b;
}
template <typename T>
T absi(T a) {
  return as_signed(a) < 0 ? subi<T>(T(0), a) : a;
}

// How many zeros stand before the first one, behind the last one, and how many ones there are.
template <typename T>
T ctlz(T a) {
  return static_cast<T>(std::countl_zero(uint64_t(as_unsigned(a))) - (64 - width<T>));
}
template <typename T>
T cttz(T a) {
  const int count = std::countr_zero(uint64_t(as_unsigned(a)));
  return static_cast<T>(count > width<T> ? width<T> : count);
}
template <typename T>
T ctpop(T a) {
  return static_cast<T>(std::popcount(uint64_t(as_unsigned(a))));
}

}  // namespace ironbird::op
