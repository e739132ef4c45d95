// SYMBOL: rotate neighbouring pairs of a row: (x0, x1) -> (x0 c - x1 s, x1 c + x0 s).
//
// x, y      [ELEMENTS] bf16, 32-byte aligned, not overlapping. ELEMENTS a multiple of 32.
// angles    [ELEMENTS] bf16: the cosine and the sine of each pair, one after the other.
// numerics  products and their sum in fp32, rounded once to nearest even. Sets crRnd.
// contract  ironbird/iron/kernels/normalisation.py: rope
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"

extern "C" void SYMBOL(const bfloat16 *__restrict x, const bfloat16 *__restrict angles,
                       bfloat16 *__restrict y) {
  constexpr int32_t lanes = 32;
  static_assert(ELEMENTS % lanes == 0, "ELEMENTS is not whole vectors");
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(1)
  for (int32_t first = 0; first < ELEMENTS; first += lanes) {
    const aie::vector<bfloat16, lanes> pairs = aie::load_v<lanes>(x + first);
    const aie::vector<bfloat16, lanes> turns = aie::load_v<lanes>(angles + first);
    const auto even = aie::filter_even(pairs), odd = aie::filter_odd(pairs);
    const auto cosine = aie::filter_even(turns), sine = aie::filter_odd(turns);
    const auto real = aie::msc(aie::mul(even, cosine), odd, sine);
    const auto imaginary = aie::mac(aie::mul(odd, cosine), even, sine);
    const auto [low, high] = aie::interleave_zip(real.template to_vector<bfloat16>(),
                                                 imaginary.template to_vector<bfloat16>(), 1);
    aie::store_v(y + first, aie::concat(low, high));
  }
  event1();
}
