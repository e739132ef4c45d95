// SYMBOL: y[i] = x[i].
//
// x, y           [element_count] of TYPE, 32-byte aligned, not overlapping.
// element_count  elements, not bytes; a positive multiple of one 256-bit vector.
// contract       ironbird/iron/kernels/elementwise.py: passthrough
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"

extern "C" void SYMBOL(const TYPE *__restrict x, TYPE *__restrict y, int32_t element_count) {
  constexpr int32_t lanes = 32 / sizeof(TYPE);
  event0();
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(1)
  for (int32_t first = 0; first < element_count; first += lanes)
    aie::store_v(y + first, aie::load_v<lanes>(x + first));
  event1();
}
