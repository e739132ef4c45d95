// arith on floats: IEEE, bf16 and f16 computed in f32 and rounded once.
//
// A core has no scalar float unit (AM020 ch4); its compiler emulates one. Whether that emulation
// keeps denormals is unknown: assumed is IEEE.
#pragma once

#include "numbers.hpp"

namespace ironbird::op {

template <typename T>
T addf(T a, T b) {
  return static_cast<T>(Wide<T>(a) + Wide<T>(b));
}
template <typename T>
T subf(T a, T b) {
  return static_cast<T>(Wide<T>(a) - Wide<T>(b));
}
template <typename T>
T mulf(T a, T b) {
  return static_cast<T>(Wide<T>(a) * Wide<T>(b));
}
template <typename T>
T divf(T a, T b) {
  return static_cast<T>(Wide<T>(a) / Wide<T>(b));
}
template <typename T>
T negf(T a) {
  return static_cast<T>(-Wide<T>(a));
}
template <typename T>
T maxnumf(T a, T b) {
  return a != a ? b : b != b ? a : a > b ? a : b;
}
template <typename T>
T minnumf(T a, T b) {
  return a != a ? b : b != b ? a : a < b ? a : b;
}
template <typename T>
T maximumf(T a, T b) {
  return a != a ? a : b != b ? b : a == b ? (__builtin_signbit(Wide<T>(a)) ? b : a) : a > b ? a : b;
}
template <typename T>
T minimumf(T a, T b) {
  return a != a ? a : b != b ? b : a == b ? (__builtin_signbit(Wide<T>(a)) ? a : b) : a < b ? a : b;
}

}  // namespace ironbird::op
