// SYMBOL: y[column][row] = x[row][column].
//
// x         [ROWS][COLUMNS] of TYPE. y  [COLUMNS][ROWS], not overlapping.
// speed     one element at a time: the DMA transposes elements of 32 bits for nothing.
// contract  ironbird/iron/kernels/movement.py: transpose
#include <aie_api/aie.hpp>

extern "C" void SYMBOL(const TYPE *__restrict x, TYPE *__restrict y) {
  event0();
  for (int32_t row = 0; row < ROWS; ++row)
    for (int32_t column = 0; column < COLUMNS; ++column)
      y[column * ROWS + row] = x[row * COLUMNS + column];
  event1();
}
