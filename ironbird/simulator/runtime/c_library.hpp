// math on floats, and the remainder: as the C library computes them, bf16 and f16 in f32.
//
// The last bits of the chip's are unknown. Apart from floats.hpp, because few core programs call
// them, and reading <cmath> takes longer than compiling a core program.
#pragma once

#include <cmath>

#include "numbers.hpp"

namespace ironbird::op {

template <typename T>
T remf(T a, T b) {
  return static_cast<T>(std::fmod(Wide<T>(a), Wide<T>(b)));
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
