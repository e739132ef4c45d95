// SYMBOL: one row of a 3x3 filter, y = sum of weights times neighbours, over 2^12; edges repeat.
//
// above, here, below  [WIDTH] uint8, neighbouring rows. y [WIDTH] uint8, not overlapping.
// weights             [9] int16 in 4.12 fixed point, row by row.
// exact               bit-equal to the reference: rounded towards minus infinity, held to 0..255.
// contract            ironbird/iron/kernels/image.py: filter2d
#include <aie_api/aie.hpp>

extern "C" void SYMBOL(const uint8_t *__restrict above, const uint8_t *__restrict here,
                       const uint8_t *__restrict below, uint8_t *__restrict y,
                       const int16_t *__restrict weights) {
  event0();
  const uint8_t *rows[3] = {above, here, below};
  for (int32_t column = 0; column < WIDTH; ++column) {
    int32_t sum = 0;
    for (int32_t row = 0; row < 3; ++row)
      for (int32_t step = 0; step < 3; ++step) {
        const int32_t from = std::min(std::max(column + step - 1, 0), WIDTH - 1);
        sum += weights[3 * row + step] * rows[row][from];
      }
    y[column] = static_cast<uint8_t>(std::min(std::max(sum >> 12, 0), 255));
  }
  event1();
}
