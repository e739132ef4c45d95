// Kernels for the simulator's tests: right ones, and one for each defect that a run can find.
#include <stdint.h>

extern "C" {

void add_three(const int32_t *x, int32_t *y, int32_t count) {
  for (int32_t i = 0; i < count; ++i) y[i] = x[i] + 3;
}

void accumulate(const int32_t *x, int32_t *y, int32_t count) {
  for (int32_t i = 0; i < count; ++i) y[i] += x[i];
}

void three_too_many(const int32_t *x, int32_t *y, int32_t count) {
  for (int32_t i = 0; i < count + 3; ++i) y[i] = x[0];
}

void crash(const int32_t *, int32_t *, int32_t) { *reinterpret_cast<volatile int32_t *>(8) = 1; }

void large_frame(const int32_t *x, int32_t *y, int32_t count) {
  volatile int32_t copy[600];
  for (int32_t i = 0; i < count; ++i) copy[i] = x[i];
  for (int32_t i = 0; i < count; ++i) y[i] = copy[i] + 3;
}

void never_ends(const int32_t *, int32_t *, int32_t) {
  for (volatile int32_t go = 1; go;) {
  }
}

// Statics are the core's own memory.
void count_calls(const int32_t *, int32_t *y, int32_t count) {
  static int32_t calls = 0;
  ++calls;
  for (int32_t i = 0; i < count; ++i) y[i] = calls;
}

// What it reads is not written, but no result depends on it.
void half(const int32_t *x, int32_t *y, int32_t count) {
  for (int32_t i = 0; i < count / 2; ++i) y[i] = x[i];
}

int32_t first_of(const int32_t *x, int32_t *y, int32_t count) {
  for (int32_t i = 0; i < count; ++i) y[i] = x[i] + 3;
  return x[0];
}
}
