// SYMBOL: y[i] = 0.
//
// y         [ELEMENTS] of TYPE, 32-byte aligned.
// sizes     ELEMENTS a multiple of one 256-bit vector.
// contract  ironbird/iron/kernels/elementwise.py: zero
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"

extern "C" void SYMBOL(TYPE *__restrict y) {
  constexpr int32_t lanes = 32 / sizeof(TYPE);
  static_assert(ELEMENTS % lanes == 0, "ELEMENTS is not whole vectors");
  event0();
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(1)
  for (int32_t first = 0; first < ELEMENTS; first += lanes)
    aie::store_v(y + first, aie::zeros<TYPE, lanes>());
  event1();
}
