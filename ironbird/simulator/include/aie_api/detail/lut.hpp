// Lookup tables: the layout in memory, parallel_lookup and linear_approx.
//
// A row is 32 bytes: 16 bytes of entries and a copy of them for the other bank; a table exists
// twice, ab and cd, for two pairs of banks. Lane i reads cd iff bit 1 of i is set and the copy iff
// i is odd (llvm-aie aiev2_addr.h), so kernels must keep the four copies equal; so does this model,
// by reading the copy that the chip reads.
#pragma once

#include "fixed_float.hpp"

namespace aie {

// Ways is the number of lookups at a time; AIE2 does four.
template <unsigned Ways, class OffsetType, class SlopeType = OffsetType>
struct lut {
  static_assert(Ways == 4, "aie::lut: AIE2 does four lookups at a time");
  using offset_type = OffsetType;
  using slope_type = SlopeType;

  unsigned elements;
  const void *ab, *cd;

  lut(unsigned element_count, const void *table_ab, const void *table_cd)
      : elements(element_count), ab(table_ab), cd(table_cd) {}
};

enum class lut_oor_policy { saturate, truncate };

namespace detail {

// Where lane `lane` finds entry `entry` of a table whose entries have `entry_bytes` bytes.
AIE_HOST_INLINE const char *entry_address(const void *ab, const void *cd, unsigned lane,
                                          unsigned entry, unsigned entry_bytes) {
  const unsigned in_row = 16 / entry_bytes;
  const char *table = static_cast<const char *>((lane & 2) != 0 ? cd : ab);
  return table + 32 * (entry / in_row) + 16 * (lane & 1) + entry_bytes * (entry % in_row);
}

template <class T>
AIE_HOST_INLINE T read_as(const char *p) {
  T value;
  __builtin_memcpy(&value, p, sizeof(T));
  return value;
}

AIE_HOST_INLINE int clamped_index(int64_t index, unsigned elements) {
  return index < 0 ? 0 : index >= int64_t(elements) ? int(elements) - 1 : int(index);
}

AIE_HOST_INLINE void count_gathers(unsigned lane_count) {
  count<&SlotCounts::load_both>(parts_of(lane_count, 4));
  count_alu(2 * parts_of(lane_count, 16));
}

}  // namespace detail

// out[i] = table[v[i] >> step_bits + bias]. Entries of 1- and 2-byte values take 2 bytes.
template <class T, class Lut, lut_oor_policy Policy = lut_oor_policy::saturate>
class parallel_lookup {
  using Value = typename Lut::offset_type;
  static_assert(std::is_same_v<T, int8_t> || std::is_same_v<T, uint8_t> ||
                    std::is_same_v<T, int16_t> || std::is_same_v<T, uint16_t>,
                "aie::parallel_lookup: the index must be an 8- or 16-bit integer");
  static constexpr unsigned entry_bytes = sizeof(Value) <= 2 ? 2 : sizeof(Value);
  // The hardware index counts twice the entry's bytes; the shift register is off by that much.
  static constexpr int offset_bits = entry_bytes == 2 ? 2 : entry_bytes == 4 ? 3 : 4;

 public:
  parallel_lookup(const Lut &table, int step_bits = 0, int bias = 0)
      : table_(table), step_bits_(step_bits), bias_(std::is_signed_v<T> ? bias : 0) {}

  template <unsigned M = 0, detail::AnyVector V>
  AIE_HOST_INLINE auto fetch(const V &v) const {
    static_assert(std::is_same_v<typename V::value_type, T>,
                  "parallel_lookup::fetch: index vector of another type");
    constexpr unsigned N = M == 0 ? V::lane_count : M;
    detail::count_gathers(N);
    detail::count_convert(2 * detail::parts_of(N, 16));
    detail::count_move(detail::parts_of(N, 16));
    detail::lanes<T, N> index;
    detail::by_lanes(index, [&](unsigned i) { return v.lane.get(i); });
    vector<Value, N> out;
    detail::by_lanes(out.lane, [&](unsigned i) {
      return detail::read_as<Value>(
          detail::entry_address(table_.ab, table_.cd, i, entry_of(index.get(i)), entry_bytes));
    });
    return out;
  }

 private:
  AIE_HOST_INLINE unsigned entry_of(T x) const {
    const int shift = step_bits_ - offset_bits;
    const int32_t mode = ironbird::current_core->rounding;
    if (mode != rnd_floor && (x & ((1 << step_bits_) - 1)) != 0)
      detail::complain(
          "parallel_lookup: with crRnd other than floor the low step_bits of the index must be 0");
    const int64_t offset =
        shift <= 0 ? int64_t(x) << -shift
                   : detail::ShiftRounding::of(mode, shift).template apply<int64_t>(x, shift);
    const int64_t entry = (offset >> offset_bits) + bias_;
    if constexpr (Policy == lut_oor_policy::truncate)
      return static_cast<unsigned>(entry) & (table_.elements - 1);
    else
      return static_cast<unsigned>(detail::clamped_index(entry, table_.elements));
  }

  Lut table_;
  int step_bits_, bias_;
};

// out[i] = slope * x + offset of the segment that x lies in; entries are {slope, offset}.
template <class T, class Lut>
class linear_approx {
  using Offset = typename Lut::offset_type;
  static constexpr bool is_float = std::is_same_v<T, bfloat16>;
  static_assert(
      is_float ? std::is_same_v<Offset, float>
               : (std::is_same_v<T, int8_t> && std::is_same_v<Offset, int8_t>) ||
                     (std::is_same_v<T, int16_t> &&
                      (std::is_same_v<Offset, int16_t> || std::is_same_v<Offset, int32_t>)),
      "aie::linear_approx: int8 with int8, int16 with int16 or int32, bfloat16 with float offsets");
  static constexpr unsigned lane_count = sizeof(T) == 1 ? 32 : 16;
  static constexpr unsigned entry_bytes = 2 * sizeof(Offset);
  using Tag =
      std::conditional_t<is_float, accfloat, std::conditional_t<sizeof(T) == 1, acc32, acc64>>;

 public:
  linear_approx(const Lut &table, int step_bits, int bias = 0, int shift_offset = 0)
      : table_(table), step_bits_(step_bits), bias_(bias), shift_offset_(shift_offset) {}

  template <detail::AnyVector V>
  AIE_HOST_INLINE accum<Tag, lane_count> compute(const V &v) const {
    static_assert(std::is_same_v<typename V::value_type, T> && V::lane_count == lane_count,
                  "linear_approx::compute: 32 lanes of int8, otherwise 16");
    detail::count_gathers(lane_count);
    detail::count_alu(2);
    detail::count_move(3);
    detail::count_load(1);
    detail::count_store(1);
    detail::count_convert(1);
    accum<Tag, lane_count> out;
    if constexpr (is_float) {
      detail::count_mac_float(1);
      native_slopes slope;
      detail::by_lanes(slope, [&](unsigned i) {
        return bfloat16::from_bits(detail::read_as<uint32_t>(address(i, segment(v.lane.get(i)))) >>
                                   16);
      });
      detail::by_lanes(out.lane, [&](unsigned i) {
        return detail::read_as<float>(address(i, segment(v.lane.get(i))) + sizeof(float));
      });
      detail::product_sum<detail::Term::add>(out.lane, slope, v.lane, true);
    } else {
      detail::count_mac_integer(1);
      detail::by_lanes(out.lane, [&](unsigned i) {
        const int64_t x = v.lane.get(i);
        const char *entry =
            address(i, detail::clamped_index((x >> step_bits_) + bias_, table_.elements));
        const int64_t slope = detail::read_as<Offset>(entry),
                      offset = detail::read_as<Offset>(entry + sizeof(Offset));
        const int64_t rest = x & ((int64_t{1} << step_bits_) - 1);
        return static_cast<typename accum<Tag, lane_count>::value_type>(slope * rest +
                                                                        (offset << shift_offset_));
      });
    }
    return out;
  }

 private:
  using native_slopes = detail::lanes<bfloat16, 16>;

  AIE_HOST_INLINE unsigned segment(bfloat16 x) const {
    return detail::clamped_index(int64_t(detail::floor_to_int(float(x), -step_bits_)) + bias_,
                                 table_.elements);
  }
  AIE_HOST_INLINE const char *address(unsigned lane, unsigned entry) const {
    return detail::entry_address(table_.ab, table_.cd, lane, entry, entry_bytes);
  }

  Lut table_;
  int step_bits_, bias_, shift_offset_;
};

}  // namespace aie
