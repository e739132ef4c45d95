// reduce_max_i32: largest[0] = max(largest[0], x[0], ..., x[element_count - 1]).
//
// x              [element_count] int32, 32-byte aligned.
// largest        [1] int32, read and written: the largest element of the pieces seen so far.
// element_count  elements, not bytes; a positive multiple of 16 (whole vectors; no scalar tail).
// exact          bit-equal to the reference.
// contract       aie_kernels/contracts.py: REDUCE_MAX_I32
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"

extern "C" void reduce_max_i32(const int32_t *__restrict x, int32_t *__restrict largest,
                               int32_t element_count) {
  constexpr int32_t lanes = 16;
  event0();
  aie::vector<int32, lanes> best = aie::broadcast<int32, lanes>(largest[0]);
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(1)
  for (int32_t first = 0; first < element_count; first += lanes)
    best = aie::max(best, aie::load_v<lanes>(x + first));
  largest[0] = aie::reduce_max(best);
  event1();
}
