#include <cstdint>

// fill_i16: y[i] = value. scaled_sum_i16: y[i] += factor * x[i]. Both on `count` elements.
extern "C" void fill_i16(int16_t *y, int16_t value, int32_t count) {
  for (int32_t i = 0; i < count; ++i) y[i] = value;
}

extern "C" void scaled_sum_i16(const int16_t *x, int16_t *y, int32_t factor, int32_t count) {
  for (int32_t i = 0; i < count; ++i) y[i] = static_cast<int16_t>(y[i] + factor * x[i]);
}
