// load_lut_*: sixteen gathers of 64 bits from the four copies of a table (lut.hpp has the layout).
//
// Offsets count twice the entry's byte position inside a row. Bits beyond the entry's bank are
// don't-care on the chip and poison here. That offsets inside a row behave so is derived, not
// measured.
#pragma once

#include "native.hpp"

namespace aie::detail {

template <unsigned EntryBytes>
AIE_HOST_INLINE uint64_t gather(const void *ab, const void *cd, unsigned lane, int32_t offset) {
  const char *address = static_cast<const char *>((lane & 2) != 0 ? cd : ab) + offset;
  const uintptr_t a = reinterpret_cast<uintptr_t>(address);
  const unsigned in_bank = ((a & 31) >> 1) & ~(EntryBytes - 1);
  const char *from =
      reinterpret_cast<const char *>((a & ~uintptr_t{31}) + 16 * (lane & 1) + in_bank);
  uint64_t bits = poison_pattern * 0x0001000100010001u;
  __builtin_memcpy(&bits, from, in_bank > 8 ? 16 - in_bank : 8);
  return bits;
}

template <unsigned EntryBytes, class V>
AIE_HOST_INLINE void load_lut_2x(const void *ab, const void *cd, const v16int32 &offsets, V &low,
                                 V &high) {
  static_assert(V::total_bits == 512, "load_lut_2x: the results have 512 bits each");
  count<&SlotCounts::load_both>(4);
  lanes<int64_t, 8> first, second;
  by_lanes(first,
           [&](unsigned i) { return int64_t(gather<EntryBytes>(ab, cd, i, offsets.lane.get(i))); });
  by_lanes(second, [&](unsigned i) {
    return int64_t(gather<EntryBytes>(ab, cd, i + 8, offsets.lane.get(i + 8)));
  });
  copy_bits(low.lane, first);
  copy_bits(high.lane, second);
}

}  // namespace aie::detail

#define AIE_HOST_LUT(name, bytes)                                                                  \
  template <class V>                                                                               \
  AIE_HOST_INLINE void load_lut_2x_##name(const void *ab, const void *cd, const v16int32 &offsets, \
                                          V &out1, V &out2) {                                      \
    aie::detail::load_lut_2x<bytes>(ab, cd, offsets, out1, out2);                                  \
  }                                                                                                \
  template <class V>                                                                               \
  AIE_HOST_INLINE void load_lut_##name(const void *ab, const void *cd, const v16int32 &offsets,    \
                                       V &out) {                                                   \
    V unused;                                                                                      \
    aie::detail::load_lut_2x<bytes>(ab, cd, offsets, out, unused);                                 \
  }
AIE_HOST_LUT(int8, 2)
AIE_HOST_LUT(int16, 4)
AIE_HOST_LUT(int32, 8)
AIE_HOST_LUT(float, 8)
#undef AIE_HOST_LUT
