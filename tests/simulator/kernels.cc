// Kernels for the simulator's tests: right ones, and one for each defect that a run can find.
#include <stdint.h>

#include <ironbird/core.hpp>

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

// Its last results are made of what lies behind x.
void reads_too_far(const int32_t *x, int32_t *y, int32_t count) {
  for (int32_t i = 0; i < count; ++i) y[i] = x[i + 2];
}

// It looks behind x, and makes nothing of it.
void looks_too_far(const int32_t *x, int32_t *y, int32_t count) {
  volatile int32_t seen = 0;
  for (int32_t i = 0; i < count; ++i) {
    seen = x[i + 2];
    y[i] = x[i] + 3;
  }
}

void crash(const int32_t *, int32_t *, int32_t) { *reinterpret_cast<volatile int32_t *>(8) = 1; }

void large_frame(const int32_t *x, int32_t *y, int32_t count) {
  volatile int32_t copy[600];
  for (int32_t i = 0; i < count; ++i) copy[i] = x[i];
  for (int32_t i = 0; i < count; ++i) y[i] = copy[i] + 3;
}

// Its own frame is small; what it calls is not.
[[gnu::noinline]] static int32_t sum_of_copy(const int32_t *x, int32_t count) {
  volatile int32_t copy[300];
  for (int32_t i = 0; i < count; ++i) copy[i] = x[i];
  int32_t sum = 0;
  for (int32_t i = 0; i < count; ++i) sum += copy[i];
  return sum;
}
void calls_deep(const int32_t *x, int32_t *y, int32_t count) {
  for (int32_t i = 0; i < count; ++i) y[i] = sum_of_copy(x, count) + i;
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

// 512 bits at a time to the neighbour, and from it. They wait inside C++.
void to_cascade(const int32_t *x, int32_t count) {
  ironbird::CoreState &core = *ironbird::current_core;
  for (int32_t i = 0; i < count; i += 16) core.cascade_write(core.host, x + i);
}

void from_cascade(int32_t *y, int32_t count) {
  for (int32_t i = 0; i < count; i += 16) {
    ironbird::CoreState &core = *ironbird::current_core;
    core.cascade_read(core.host, y + i);
    for (int32_t lane = i; lane < i + 16; ++lane) y[lane] += 3;
  }
}

void to_stream(const int32_t *x, int32_t *, int32_t) {
  ironbird::CoreState &core = *ironbird::current_core;
  core.stream_write(core.host, 1, x[0], false);
}

void from_stream(const int32_t *, int32_t *y, int32_t) {
  ironbird::CoreState &core = *ironbird::current_core;
  y[0] = core.stream_read(core.host, 0, nullptr);
}

// The core's own lock 5 (53 as the core numbers its tile's): taken and given back.
void with_lock(const int32_t *x, int32_t *y, int32_t count) {
  ironbird::CoreState &core = *ironbird::current_core;
  core.lock_acquire(core.host, 48 + 5, -1);
  for (int32_t i = 0; i < count; ++i) y[i] = x[i] + 3;
  core.lock_release(core.host, 48 + 5, 1);
}
}
