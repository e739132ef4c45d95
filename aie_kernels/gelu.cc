// gelu_bf16: y = x Phi(x), Phi the normal distribution function: GELU by the exact erf.
//
// x, y           [element_count] bf16, 32-byte aligned, not overlapping.
// element_count  elements, not bytes; a positive multiple of 32 (whole vectors; no scalar tail).
// domain         every bf16. gelu(inf) = inf, gelu(-inf) = -0, NaN stays the NaN it is.
// exact          the bf16 nearest to the float64 result; below the smallest normal number it is a
//                zero of the sign of x. Integer arithmetic on the bits, so no rounding mode
//                matters.
// memory         26 KiB of tables: four copies, one for each of the four lookups at a time.
// contract       aie_kernels/contracts.py: GELU_BF16
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"
#include "gelu_table.hpp"
#include "lookup_table.hpp"

namespace {

constexpr unsigned lanes = 32;
constexpr int16_t magnitude_bits = 0x7fff;
constexpr int16_t smallest_normal = 0x0080;
constexpr int16_t infinity = 0x7f80;

using Ranks = aie::vector<int16_t, lanes>;
using Table = aie::lut<4, int16_t>;

constexpr unsigned entry_count = 2 * gelu_rank_count;
constexpr LookupRows<entry_count> steps_ab(gelu_steps);
constexpr LookupRows<entry_count> steps_cd(gelu_steps);

inline Ranks all(int16_t number) { return aie::broadcast<int16_t, lanes>(number); }

// Where the steps of a magnitude stand: the positive half of the table, or the negative.
inline Ranks entry_of(const Ranks &magnitude, const aie::mask<lanes> &is_negative) {
  const Ranks within = aie::min(aie::max(magnitude, all(gelu_first_rank)), all(gelu_last_rank));
  return aie::add(within, aie::select(all(-gelu_first_rank), all(gelu_rank_count - gelu_first_rank),
                                      is_negative));
}

}  // namespace

extern "C" void gelu_bf16(const bfloat16 *__restrict x, bfloat16 *__restrict y,
                          int32_t element_count) {
  event0();
  const aie::parallel_lookup<int16_t, Table> steps(
      Table(entry_count, steps_ab.words, steps_cd.words));
  AIE_PREPARE_FOR_PIPELINING
  for (int32_t first = 0; first < element_count; first += lanes) {
    const Ranks bits = aie::load_v<lanes>(x + first).cast_to<int16_t>();
    const Ranks magnitude = aie::bit_and(bits, all(magnitude_bits));
    const Ranks entry = entry_of(magnitude, aie::lt(bits, all(0)));
    const Ranks fewer = aie::concat(steps.fetch(entry.extract<lanes / 2>(0)),
                                    steps.fetch(entry.extract<lanes / 2>(1)));
    const Ranks nearer = aie::sub(magnitude, fewer);
    const Ranks normal = aie::select(nearer, all(0), aie::lt(nearer, all(smallest_normal)));
    const Ranks result = aie::select(normal, magnitude, aie::gt(magnitude, all(infinity)));
    const Ranks sign = aie::bit_and(bits, all(~magnitude_bits));
    aie::store_v(y + first, aie::bit_or(result, sign).cast_to<bfloat16>());
  }
  event1();
}
