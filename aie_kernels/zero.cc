// zero_f32, zero_i32: y[i] = 0.
//
// y              [element_count], 32-byte aligned.
// element_count  elements, not bytes; a positive multiple of 16 (whole vectors; no scalar tail).
// exact          +0 everywhere.
// contract       aie_kernels/contracts.py: zero("f32", ...), zero("i32", ...)
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"

namespace {

template <typename Element>
inline void zero(Element *__restrict y, int32_t element_count) {
  constexpr int32_t lanes = 16;
  const aie::vector<Element, lanes> zeros = aie::zeros<Element, lanes>();
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(1)
  for (int32_t first = 0; first < element_count; first += lanes) aie::store_v(y + first, zeros);
}

}  // namespace

extern "C" void zero_f32(float *y, int32_t element_count) {
  event0();
  zero(y, element_count);
  event1();
}

extern "C" void zero_i32(int32_t *y, int32_t element_count) {
  event0();
  zero(y, element_count);
  event1();
}
