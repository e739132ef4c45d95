// SYMBOL: y[i] = x[i] above `threshold` ? `largest` : 0, and the four other modes of image
// libraries.
//
// x, y           [element_count] uint8, 32-byte aligned, not overlapping.
// element_count  elements, not bytes; a positive multiple of 32.
// threshold, largest  0 to 255.
// mode           0 largest or 0; 1 0 or largest; 2 cut at the threshold; 3 x or 0; 4 0 or x. The
//                first of each pair is for elements above the threshold.
// exact          bit-equal to the reference.
// contract       ironbird/iron/kernels/image.py: threshold
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"

extern "C" void SYMBOL(const uint8_t *__restrict x, uint8_t *__restrict y, int32_t element_count,
                       int16_t threshold, int16_t largest, uint8_t mode) {
  constexpr int32_t lanes = 32;
  using Vector = aie::vector<uint8_t, lanes>;
  event0();
  const Vector limits = aie::broadcast<uint8_t, lanes>(static_cast<uint8_t>(threshold));
  const Vector tops = aie::broadcast<uint8_t, lanes>(static_cast<uint8_t>(largest));
  const Vector zeros = aie::zeros<uint8_t, lanes>();
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(1)
  for (int32_t first = 0; first < element_count; first += lanes) {
    const Vector values = aie::load_v<lanes>(x + first);
    const aie::mask<lanes> above = aie::lt(limits, values);
    // select takes its second operand where the mask is set.
    const Vector if_above = mode == 0 ? tops : mode == 2 ? limits : mode == 3 ? values : zeros;
    const Vector otherwise = mode == 1 ? tops : mode == 2 || mode == 4 ? values : zeros;
    aie::store_v(y + first, aie::select(otherwise, if_above, above));
  }
  event1();
}
