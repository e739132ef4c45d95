// passthrough_i32: y[i] = x[i].
//
// x, y           [element_count] int32, 32-byte aligned, not overlapping.
// element_count  elements, not bytes; a positive multiple of 16 (whole vectors; no scalar tail).
// exact          bit-equal to the reference.
// contract       aie_kernels/contracts.py: PASSTHROUGH_I32
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"

extern "C" void passthrough_i32(const int32_t *__restrict x, int32_t *__restrict y,
                                int32_t element_count) {
  constexpr int32_t lanes = 16;
  event0();
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(1)
  for (int32_t first = 0; first < element_count; first += lanes)
    aie::store_v(y + first, aie::load_v<lanes>(x + first));
  event1();
}
