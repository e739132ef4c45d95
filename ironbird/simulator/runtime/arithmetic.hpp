// The operations of core programs on C++ numbers, named as MLIR names them. Integers wrap. Where
// MLIR leaves a result undefined (division by zero, a shift by the width) the chip's result is
// unknown; it is 0 here, so that both simulators agree.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

namespace ironbird {

// bfloat16 as core code computes with it: in fp32, rounded to nearest-even after every operation
// (assumed: the chip has no scalar bf16 arithmetic, its compiler emulates it).
struct BFloat16 {
  uint16_t bits = 0;

  BFloat16() = default;
  explicit BFloat16(float value) {
    const auto word = std::bit_cast<uint32_t>(value);
    if (value != value) {
      bits = static_cast<uint16_t>((word >> 16) | 0x40);
      return;
    }
    bits = static_cast<uint16_t>((word + 0x7FFF + (word >> 16 & 1)) >> 16);
  }
  explicit BFloat16(double value) : BFloat16(static_cast<float>(value)) {}
  operator float() const { return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16); }
};

template <typename Element, int Count>
struct Lanes {
  Element lane[Count];
};

template <typename Result, int Count, typename Function, typename... Sources>
Lanes<Result, Count> each_lane(Function function, const Sources &...sources) {
  Lanes<Result, Count> result;
  for (int lane = 0; lane < Count; ++lane) result.lane[lane] = function(sources.lane[lane]...);
  return result;
}

template <typename T>
using Unsigned = std::make_unsigned_t<T>;

// How a float type computes: bf16 and f16 in fp32.
template <typename T>
using Wide = std::conditional_t<std::is_same_v<T, double>, double, float>;

namespace op {

template <typename T>
T addi(T a, T b) {
  return static_cast<T>(a + b);
}
template <typename T>
T subi(T a, T b) {
  return static_cast<T>(a - b);
}
template <typename T>
T muli(T a, T b) {
  return static_cast<T>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
}
template <typename T>
T divsi(T a, T b) {
  if (b == 0) return 0;
  return b == -1 ? static_cast<T>(0 - a) : static_cast<T>(a / b);
}
template <typename T>
T remsi(T a, T b) {
  return b == 0 || b == -1 ? T(0) : static_cast<T>(a % b);
}
template <typename T>
T divui(T a, T b) {
  return b == 0 ? T(0) : static_cast<T>(Unsigned<T>(a) / Unsigned<T>(b));
}
template <typename T>
T remui(T a, T b) {
  return b == 0 ? T(0) : static_cast<T>(Unsigned<T>(a) % Unsigned<T>(b));
}
template <typename T>
T floordivsi(T a, T b) {
  const T quotient = divsi<T>(a, b);
  return remsi<T>(a, b) != 0 && (a < 0) != (b < 0) ? static_cast<T>(quotient - 1) : quotient;
}
template <typename T>
T ceildivsi(T a, T b) {
  const T quotient = divsi<T>(a, b);
  return remsi<T>(a, b) != 0 && (a < 0) == (b < 0) ? static_cast<T>(quotient + 1) : quotient;
}
template <typename T>
T ceildivui(T a, T b) {
  return static_cast<T>(divui<T>(a, b) + (remui<T>(a, b) != 0 ? 1 : 0));
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
bool in_width(T b) {
  return b >= 0 && b < static_cast<T>(8 * sizeof(T));
}
template <typename T>
T shli(T a, T b) {
  return in_width<T>(b) ? static_cast<T>(static_cast<uint64_t>(a) << b) : T(0);
}
template <typename T>
T shrsi(T a, T b) {
  return in_width<T>(b) ? static_cast<T>(a >> b) : T(0);
}
template <typename T>
T shrui(T a, T b) {
  return in_width<T>(b) ? static_cast<T>(Unsigned<T>(a) >> b) : T(0);
}
template <typename T>
T maxsi(T a, T b) {
  return a > b ? a : b;
}
template <typename T>
T minsi(T a, T b) {
  return a < b ? a : b;
}
template <typename T>
T maxui(T a, T b) {
  return Unsigned<T>(a) > Unsigned<T>(b) ? a : b;
}
template <typename T>
T minui(T a, T b) {
  return Unsigned<T>(a) < Unsigned<T>(b) ? a : b;
}
template <typename T>
T absi(T a) {
  return a < 0 ? static_cast<T>(0 - a) : a;
}

template <typename T>
bool cmpi_eq(T a, T b) {
  return a == b;
}
template <typename T>
bool cmpi_ne(T a, T b) {
  return a != b;
}
template <typename T>
bool cmpi_slt(T a, T b) {
  return a < b;
}
template <typename T>
bool cmpi_sle(T a, T b) {
  return a <= b;
}
template <typename T>
bool cmpi_sgt(T a, T b) {
  return a > b;
}
template <typename T>
bool cmpi_sge(T a, T b) {
  return a >= b;
}
template <typename T>
auto bare(T a) {
  if constexpr (std::is_same_v<T, bool>)
    return a;
  else
    return static_cast<Unsigned<T>>(a);
}
template <typename T>
bool cmpi_ult(T a, T b) {
  return bare(a) < bare(b);
}
template <typename T>
bool cmpi_ule(T a, T b) {
  return bare(a) <= bare(b);
}
template <typename T>
bool cmpi_ugt(T a, T b) {
  return bare(a) > bare(b);
}
template <typename T>
bool cmpi_uge(T a, T b) {
  return bare(a) >= bare(b);
}

template <typename T>
bool unordered(T a, T b) {
  return a != a || b != b;
}
template <typename T>
bool cmpf_false(T, T) {
  return false;
}
template <typename T>
bool cmpf_oeq(T a, T b) {
  return a == b;
}
template <typename T>
bool cmpf_ogt(T a, T b) {
  return a > b;
}
template <typename T>
bool cmpf_oge(T a, T b) {
  return a >= b;
}
template <typename T>
bool cmpf_olt(T a, T b) {
  return a < b;
}
template <typename T>
bool cmpf_ole(T a, T b) {
  return a <= b;
}
template <typename T>
bool cmpf_one(T a, T b) {
  return a < b || a > b;
}
template <typename T>
bool cmpf_ord(T a, T b) {
  return !unordered(a, b);
}
template <typename T>
bool cmpf_ueq(T a, T b) {
  return unordered(a, b) || a == b;
}
template <typename T>
bool cmpf_ugt(T a, T b) {
  return unordered(a, b) || a > b;
}
template <typename T>
bool cmpf_uge(T a, T b) {
  return unordered(a, b) || a >= b;
}
template <typename T>
bool cmpf_ult(T a, T b) {
  return unordered(a, b) || a < b;
}
template <typename T>
bool cmpf_ule(T a, T b) {
  return unordered(a, b) || a <= b;
}
template <typename T>
bool cmpf_une(T a, T b) {
  return !(a == b);
}
template <typename T>
bool cmpf_uno(T a, T b) {
  return unordered(a, b);
}
template <typename T>
bool cmpf_true(T, T) {
  return true;
}

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
  return a != a ? a : b != b ? b : a > b ? a : b;
}
template <typename T>
T minimumf(T a, T b) {
  return a != a ? a : b != b ? b : a < b ? a : b;
}

template <typename T, typename S>
T select(bool c, S a, S b) {
  return c ? a : b;
}
template <typename T, typename S>
T trunci(S a) {
  if constexpr (std::is_same_v<T, bool>)
    return (a & 1) != 0;
  else
    return static_cast<T>(a);
}
template <typename T, typename S>
T extsi(S a) {
  if constexpr (std::is_same_v<S, bool>)
    return a ? T(-1) : T(0);
  else
    return static_cast<T>(a);
}
template <typename T, typename S>
T extui(S a) {
  return static_cast<T>(bare(a));
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
  return static_cast<T>(static_cast<Wide<T>>(bare(a)));
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

}  // namespace op
}  // namespace ironbird
