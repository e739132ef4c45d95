// scale_i32: y[i] = x[i] * factor, modulo 2^32.
//
// x, y           [element_count] int32, 32-byte aligned, not overlapping.
// element_count  elements, not bytes; a positive multiple of 16 (whole vectors; no scalar tail).
// exact          bit-equal to the reference; the product is taken in 64 bits and its low 32 kept.
//                Sets crSat.
// contract       aie_kernels/contracts.py: SCALE_I32
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"

extern "C" void scale_i32(const int32_t *__restrict x, int32_t *__restrict y, int32_t factor,
                          int32_t element_count) {
  constexpr int32_t lanes = 16;
  event0();
  aie::set_saturation(aie::saturation_mode::none);
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(1)
  for (int32_t first = 0; first < element_count; first += lanes) {
    const aie::accum<acc64, lanes> product = aie::mul(aie::load_v<lanes>(x + first), factor);
    aie::store_v(y + first, product.to_vector<int32>(0));
  }
  event1();
}
