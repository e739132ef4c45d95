// SYMBOL: z[i] = alpha x[i] + beta y[i] + gamma, held to 0..255.
//
// x, y, z        [element_count] uint8, not overlapping.
// element_count  elements, not bytes; at least 1.
// alpha, beta    2.14 fixed point. gamma  whole.
// exact          bit-equal to the reference: the sum of products is rounded towards minus infinity.
// contract       ironbird/iron/kernels/image.py: add_weighted
#include <aie_api/aie.hpp>

extern "C" void SYMBOL(const uint8_t *__restrict x, const uint8_t *__restrict y,
                       uint8_t *__restrict z, int32_t element_count, int16_t alpha, int16_t beta,
                       int16_t gamma) {
  event0();
  for (int32_t i = 0; i < element_count; ++i) {
    const int32_t sum = ((alpha * x[i] + beta * y[i]) >> 14) + gamma;
    z[i] = static_cast<uint8_t>(std::min(std::max(sum, 0), 255));
  }
  event1();
}
