#include <stdint.h>

extern "C" {

void saturate_i32(int32_t *in, int32_t *out, int32_t limit, int32_t count) {
  for (int i = 0; i < count; i++) out[i] = in[i] > limit ? limit : in[i] < -limit ? -limit : in[i];
}

void negate_i32(int32_t *in, int32_t *out, int32_t count) {
  for (int i = 0; i < count; i++) out[i] = -in[i];
}
}
