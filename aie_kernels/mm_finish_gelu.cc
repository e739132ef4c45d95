// mm_finish_gelu_f32_bf16: y = c Phi(c) for a tile of sums, Phi the normal distribution function.
//
// For x > 0 it is x + gelu(-x), for the others gelu(-|x|), so half of gelu.cc's table is enough,
// and positive sums keep what fp32 knows of them.
//
// c         [DIM_M x DIM_N] float, y [DIM_M x DIM_N] bf16, both in blocks of 4x4 (mm.hpp).
// alignment 32-byte aligned, not overlapping.
// sizes     DIM_M a multiple of 4, DIM_N of 8.
// domain    every float. gelu(inf) = inf, gelu(-inf) = -0, NaN stays NaN.
// numerics  |x| is rounded to bf16 before Phi; two roundings to nearest even more where x > 0.
//           gelu(-|x|) below the smallest normal number, 1.2e-38, is 0. Sets crRnd.
// memory    13 KiB of tables: four copies, one for each of the four lookups at a time.
// contract  aie_kernels/contracts.py: MM_FINISH_GELU_F32_BF16
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"
#include "gelu_table.hpp"
#include "lookup_table.hpp"

#if !defined(DIM_M) || !defined(DIM_N)
#error "set the tile's size: -DDIM_M= -DDIM_N="
#endif

namespace {

constexpr unsigned lanes = 32;
static_assert(DIM_M % 4 == 0 && DIM_N % 8 == 0, "the tile is not whole vectors");

constexpr int16_t magnitude_bits = 0x7fff;
constexpr int16_t smallest_normal = 0x0080;
constexpr int16_t infinity = 0x7f80;

using Sums = aie::accum<accfloat, lanes>;
using Ranks = aie::vector<int16_t, lanes>;
using Table = aie::lut<4, int16_t>;

struct StepsOfNegatives {
  int16_t entries[gelu_rank_count] = {};

  constexpr StepsOfNegatives() {
    for (int i = 0; i < gelu_rank_count; ++i) entries[i] = gelu_steps[gelu_rank_count + i];
  }
};
constexpr StepsOfNegatives steps_of_negatives;
constexpr LookupRows<gelu_rank_count> steps_ab(steps_of_negatives.entries);
constexpr LookupRows<gelu_rank_count> steps_cd(steps_of_negatives.entries);

inline Ranks all(int16_t number) { return aie::broadcast<int16_t, lanes>(number); }

}  // namespace

extern "C" void mm_finish_gelu_f32_bf16(const float *__restrict c, bfloat16 *__restrict y) {
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  const aie::parallel_lookup<int16_t, Table> steps(
      Table(gelu_rank_count, steps_ab.words, steps_cd.words));
  AIE_PREPARE_FOR_PIPELINING
  for (unsigned first = 0; first < DIM_M * DIM_N; first += lanes) {
    const Sums sums(aie::load_v<lanes>(c + first));
    const Ranks bits = sums.to_vector<bfloat16>().cast_to<int16_t>();
    const Ranks magnitude = aie::bit_and(bits, all(magnitude_bits));
    const Ranks within = aie::min(aie::max(magnitude, all(gelu_first_rank)), all(gelu_last_rank));
    const Ranks entry = aie::sub(within, all(gelu_first_rank));
    const Ranks fewer = aie::concat(steps.fetch(entry.extract<lanes / 2>(0)),
                                    steps.fetch(entry.extract<lanes / 2>(1)));
    const Ranks nearer = aie::sub(magnitude, fewer);
    const Ranks normal = aie::select(nearer, all(0), aie::lt(nearer, all(smallest_normal)));
    const Ranks tail = aie::select(normal, magnitude, aie::gt(magnitude, all(infinity)));
    const Ranks of_negative = aie::bit_or(tail, all(~magnitude_bits));
    const Ranks of_positive =
        aie::add(sums, of_negative.cast_to<bfloat16>()).to_vector<bfloat16>().cast_to<int16_t>();
    const Ranks result = aie::select(of_positive, of_negative, aie::lt(bits, all(0)));
    aie::store_v(y + first, result.cast_to<bfloat16>());
  }
  event1();
}
