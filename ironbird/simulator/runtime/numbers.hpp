// The types of numbers in emitted core programs: bfloat16, vectors, and how each type computes.
#pragma once

#include <bit>
#include <cstdint>
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

// The integer whose arithmetic a type's is, before it is wrapped: an i1 is 0 or -1 where signed.
template <typename T>
auto as_signed(T value) {
  if constexpr (std::is_same_v<T, bool>)
    return static_cast<int8_t>(value ? -1 : 0);
  else
    return value;
}
template <typename T>
auto as_unsigned(T value) {
  if constexpr (std::is_same_v<T, bool>)
    return static_cast<uint8_t>(value);
  else
    return static_cast<Unsigned<T>>(value);
}
template <typename T>
T wrapped(uint64_t value) {
  if constexpr (std::is_same_v<T, bool>)
    return (value & 1) != 0;
  else
    return static_cast<T>(value);
}

}  // namespace ironbird
