// The casts of arith: from one type of number to another.
#pragma once

#include <cstring>
#include <limits>

#include "numbers.hpp"

namespace ironbird::op {

template <typename T, typename S>
T trunci(S a) {
  return wrapped<T>(static_cast<uint64_t>(a));
}
template <typename T, typename S>
T extsi(S a) {
  return static_cast<T>(as_signed(a));
}
template <typename T, typename S>
T extui(S a) {
  return static_cast<T>(as_unsigned(a));
}
template <typename T, typename S>
T index_cast(S a) {
  return extsi<T, S>(a);
}
template <typename T, typename S>
T index_castui(S a) {
  return extui<T, S>(a);
}
template <typename T, typename S>
T extf(S a) {
  return static_cast<T>(Wide<S>(a));
}
template <typename T, typename S>
T truncf(S a) {
  return static_cast<T>(a);
}
template <typename T, typename S>
T sitofp(S a) {
  return static_cast<T>(static_cast<Wide<T>>(extsi<int64_t, S>(a)));
}
template <typename T, typename S>
T uitofp(S a) {
  return static_cast<T>(static_cast<Wide<T>>(as_unsigned(a)));
}
// Out of range is undefined in MLIR; assumed to saturate, NaN to give 0.
template <typename T, typename Limits, typename S>
T saturated(S a) {
  const auto value = static_cast<double>(Wide<S>(a));
  if (value != value) return 0;
  const auto low = static_cast<double>(std::numeric_limits<Limits>::min());
  const auto high = static_cast<double>(std::numeric_limits<Limits>::max());
  if (value <= low) return static_cast<T>(std::numeric_limits<Limits>::min());
  if (value >= high) return static_cast<T>(std::numeric_limits<Limits>::max());
  return static_cast<T>(static_cast<Limits>(value));
}
template <typename T, typename S>
T fptosi(S a) {
  return saturated<T, T>(a);
}
template <typename T, typename S>
T fptoui(S a) {
  return saturated<T, Unsigned<T>>(a);
}
template <typename T, typename S>
T bitcast(S a) {
  T result;
  static_assert(sizeof(T) == sizeof(S));
  std::memcpy(&result, &a, sizeof a);
  return result;
}

}  // namespace ironbird::op
