// gelu_i8: y[i] = the entry of x[i] in a table of 256 results, made by the host for the scales of x
// and y.
//
// x, y           [element_count] int8, 32-byte aligned, not overlapping.
// table          [2][32 rows][2][8] int16, 32-byte aligned: the results for x = -128..127, every
//                row of eight twice and all of it twice, for four lookups at a time. The low byte
//                of an entry counts.
// element_count  elements, not bytes; a positive multiple of 32 (whole vectors; no scalar tail).
// exact          bit-equal to the table.
// contract       aie_kernels/contracts.py: GELU_I8
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"

namespace {

constexpr unsigned lanes = 32;
constexpr unsigned entry_count = 256;
constexpr unsigned words_of_copy = 2 * entry_count;
constexpr int entry_of_zero = 128;

using Table = aie::lut<4, int8_t>;

}  // namespace

extern "C" void gelu_i8(const int8_t *__restrict x, const int16_t *__restrict table,
                        int8_t *__restrict y, int32_t element_count) {
  event0();
  const aie::parallel_lookup<int8_t, Table> results(
      Table(entry_count, table, table + words_of_copy), 0, entry_of_zero);
  AIE_PREPARE_FOR_PIPELINING
  for (int32_t first = 0; first < element_count; first += lanes)
    aie::store_v(y + first, results.fetch(aie::load_v<lanes>(x + first)));
  event1();
}
