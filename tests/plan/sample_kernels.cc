// The kernels that mlir-aie's samples call and do not bring along.
#include <stdint.h>

extern "C" {

void copy_line(const bfloat16 *x, bfloat16 *y, int32_t count) {
  for (int32_t i = 0; i < count; ++i) y[i] = x[i];
}

void pass(const int32_t *x, int32_t *y) {
  for (int32_t i = 0; i < 16; ++i) y[i] = x[i] + 1;
}

// Lines have 32 pixels in both samples; one of them does not say so.
void blur2(const uint8_t *upper, const uint8_t *lower, uint8_t *soft) {
  for (int32_t i = 0; i < 32; ++i) soft[i] = (upper[i] + 3 * lower[i]) / 4;
}

void blur3(const uint8_t *upper, const uint8_t *middle, const uint8_t *lower, uint8_t *soft) {
  for (int32_t i = 0; i < 32; ++i) soft[i] = (upper[i] + 2 * middle[i] + lower[i]) / 4;
}

void clear_f32(float *c) {
  for (int32_t i = 0; i < 8 * 16; ++i) c[i] = 0.0f;
}

// A is 2 x 2 blocks of 4 x 4, B 2 x 4, C 2 x 4; blocks lie one after another.
void mac_bf16_f32(const bfloat16 *a, const bfloat16 *b, float *c) {
  for (int32_t row = 0; row < 2; ++row)
    for (int32_t column = 0; column < 4; ++column)
      for (int32_t step = 0; step < 2; ++step)
        for (int32_t i = 0; i < 16; ++i)
          for (int32_t k = 0; k < 4; ++k)
            c[(row * 4 + column) * 16 + i] += float(a[(row * 2 + step) * 16 + i / 4 * 4 + k]) *
                                              float(b[(step * 4 + column) * 16 + k * 4 + i % 4]);
}
}
