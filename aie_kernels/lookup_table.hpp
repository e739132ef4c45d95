// 16-bit entries as the load units want them for aie::parallel_lookup: rows of 16 bytes of entries,
// each followed by a copy for the other bank. A kernel holds two such tables, ab and cd.
#pragma once

#include <cstdint>

template <unsigned EntryCount>
struct alignas(32) LookupRows {
  static constexpr unsigned in_row = 8;
  static_assert(EntryCount % in_row == 0, "a lookup table has whole rows");

  int16_t words[2 * EntryCount] = {};

  constexpr explicit LookupRows(const int16_t (&entries)[EntryCount]) {
    for (unsigned i = 0; i < EntryCount; ++i) {
      const unsigned place = 2 * in_row * (i / in_row) + i % in_row;
      words[place] = words[place + in_row] = entries[i];
    }
  }
};
