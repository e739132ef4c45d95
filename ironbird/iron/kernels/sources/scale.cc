// SYMBOL: y[i] = x[i] * factor[0], modulo 2^bits of TYPE.
//
// x, y           [element_count] of TYPE (int16 or int32), 32-byte aligned, not overlapping.
// factor         [1] int32; of int16 elements its low 16 bits count.
// element_count  elements, not bytes; with VECTORIZED=1 a positive multiple of 16.
// exact          bit-equal to the reference. Sets crSat.
// contract       ironbird/iron/kernels/elementwise.py: scale
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"

extern "C" void SYMBOL(const TYPE *__restrict x, TYPE *__restrict y,
                       const int32_t *__restrict factor, int32_t element_count) {
  event0();
  const TYPE by = static_cast<TYPE>(factor[0]);
#if VECTORIZED
  constexpr int32_t lanes = 16;
  aie::set_saturation(aie::saturation_mode::none);
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(1)
  for (int32_t first = 0; first < element_count; first += lanes)
    aie::store_v(y + first,
                 aie::mul(aie::load_v<lanes>(x + first), by).template to_vector<TYPE>(0));
#else
  for (int32_t i = 0; i < element_count; ++i)
    y[i] = static_cast<TYPE>(static_cast<uint32_t>(x[i]) * static_cast<uint32_t>(by));
#endif
  event1();
}
