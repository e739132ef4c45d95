// SYMBOL: y[i] = x[i] as TYPE_OUT.
//
// x, y      [ELEMENTS], 32-byte aligned, not overlapping. ELEMENTS a multiple of 16.
// numerics  to bf16 rounded to nearest even; to float exact. Sets crRnd.
// contract  ironbird/iron/kernels/movement.py: convert_copy
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"

extern "C" void SYMBOL(const TYPE *__restrict x, TYPE_OUT *__restrict y) {
  constexpr int32_t lanes = 16;
  static_assert(ELEMENTS % lanes == 0, "ELEMENTS is not whole vectors");
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(1)
  for (int32_t first = 0; first < ELEMENTS; first += lanes) {
    const aie::accum<accfloat, lanes> wide(aie::load_v<lanes>(x + first));
    aie::store_v(y + first, wide.to_vector<TYPE_OUT>());
  }
  event1();
}
