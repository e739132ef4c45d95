// arith and math on floats: IEEE, bf16 and f16 computed in f32 and rounded once.
//
// A core has no scalar float unit (AM020 ch4); its compiler emulates one. Whether that emulation
// keeps denormals, and the last bits of `math`, are unknown: assumed are IEEE and the C library.
#pragma once

#include <cmath>

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
T remf(T a, T b) {
  return static_cast<T>(std::fmod(Wide<T>(a), Wide<T>(b)));
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
  return a != a ? a : b != b ? b : a == b ? (std::signbit(Wide<T>(a)) ? b : a) : a > b ? a : b;
}
template <typename T>
T minimumf(T a, T b) {
  return a != a ? a : b != b ? b : a == b ? (std::signbit(Wide<T>(a)) ? a : b) : a < b ? a : b;
}

template <typename T>
T absf(T a) {
  return static_cast<T>(std::fabs(Wide<T>(a)));
}
template <typename T>
T ceil(T a) {
  return static_cast<T>(std::ceil(Wide<T>(a)));
}
template <typename T>
T cos(T a) {
  return static_cast<T>(std::cos(Wide<T>(a)));
}
template <typename T>
T erf(T a) {
  return static_cast<T>(std::erf(Wide<T>(a)));
}
template <typename T>
T exp(T a) {
  return static_cast<T>(std::exp(Wide<T>(a)));
}
template <typename T>
T exp2(T a) {
  return static_cast<T>(std::exp2(Wide<T>(a)));
}
template <typename T>
T floor(T a) {
  return static_cast<T>(std::floor(Wide<T>(a)));
}
template <typename T>
T fma(T a, T b, T c) {
  return static_cast<T>(std::fma(Wide<T>(a), Wide<T>(b), Wide<T>(c)));
}
template <typename T>
T log(T a) {
  return static_cast<T>(std::log(Wide<T>(a)));
}
template <typename T>
T log2(T a) {
  return static_cast<T>(std::log2(Wide<T>(a)));
}
template <typename T>
T powf(T a, T b) {
  return static_cast<T>(std::pow(Wide<T>(a), Wide<T>(b)));
}
template <typename T>
T round(T a) {
  return static_cast<T>(std::round(Wide<T>(a)));
}
template <typename T>
T roundeven(T a) {
  return static_cast<T>(std::nearbyint(Wide<T>(a)));
}
template <typename T>
T rsqrt(T a) {
  return static_cast<T>(Wide<T>(1) / std::sqrt(Wide<T>(a)));
}
template <typename T>
T sin(T a) {
  return static_cast<T>(std::sin(Wide<T>(a)));
}
template <typename T>
T sqrt(T a) {
  return static_cast<T>(std::sqrt(Wide<T>(a)));
}
template <typename T>
T tanh(T a) {
  return static_cast<T>(std::tanh(Wide<T>(a)));
}
template <typename T>
T trunc(T a) {
  return static_cast<T>(std::trunc(Wide<T>(a)));
}
template <typename T>
T atan(T a) {
  return static_cast<T>(std::atan(Wide<T>(a)));
}
template <typename T>
T expm1(T a) {
  return static_cast<T>(std::expm1(Wide<T>(a)));
}
template <typename T>
T log10(T a) {
  return static_cast<T>(std::log10(Wide<T>(a)));
}
template <typename T>
T log1p(T a) {
  return static_cast<T>(std::log1p(Wide<T>(a)));
}
template <typename T>
T tan(T a) {
  return static_cast<T>(std::tan(Wide<T>(a)));
}
template <typename T>
T atan2(T a, T b) {
  return static_cast<T>(std::atan2(Wide<T>(a), Wide<T>(b)));
}
template <typename T>
T copysign(T a, T b) {
  return static_cast<T>(std::copysign(Wide<T>(a), Wide<T>(b)));
}

}  // namespace ironbird::op
