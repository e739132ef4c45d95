// SYMBOL: one row of a 3x3 convolution with zeros beyond the sides, requantised as conv2dk1.
//
// above, here, below  [IN_CHANNELS / 8][WIDTH][8] of TYPE, neighbouring rows.
// weights             [OUT_CHANNELS / 8][IN_CHANNELS / 8][3][3][8 in][8 out] int8.
// y                   [OUT_CHANNELS / 8][WIDTH][8] uint8.
// edge                0: the first row, nothing above it; 2: the last, nothing below; else 1.
// scale               right shift, 0 to 31; rounds half up. y is held to 0..255.
// exact               bit-equal to the reference.
// contract            ironbird/iron/kernels/convolution.py: conv2dk3
#include <aie_api/aie.hpp>

extern "C" void SYMBOL(const TYPE *__restrict above, const TYPE *__restrict here,
                       const TYPE *__restrict below, const int8_t *__restrict weights,
                       uint8_t *__restrict y, int32_t edge, int32_t scale) {
  event0();
  const TYPE *rows[3] = {edge == 0 ? nullptr : above, here, edge == 2 ? nullptr : below};
  for (int32_t out = 0; out < OUT_CHANNELS; ++out)
    for (int32_t column = 0; column < WIDTH; ++column) {
      int32_t sum = 0;
      for (int32_t in = 0; in < IN_CHANNELS; ++in) {
        const int8_t *taps =
            weights + ((out / 8 * (IN_CHANNELS / 8) + in / 8) * 9) * 64 + in % 8 * 8 + out % 8;
        for (int32_t row = 0; row < 3; ++row)
          for (int32_t step = 0; step < 3; ++step) {
            const int32_t from = column + step - 1;
            if (rows[row] == nullptr || from < 0 || from >= WIDTH) continue;
            sum += taps[(3 * row + step) * 64] * rows[row][(in / 8 * WIDTH + from) * 8 + in % 8];
          }
      }
      const int32_t rounded = scale == 0 ? sum : (sum + (1 << (scale - 1))) >> scale;
      y[(out / 8 * WIDTH + column) * 8 + out % 8] =
          static_cast<uint8_t>(std::min(std::max(rounded, 0), 255));
    }
  event1();
}
