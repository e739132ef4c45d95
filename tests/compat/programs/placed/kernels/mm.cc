#include <cstdint>

// The sizes that matmul_on_four_cores.py is written for: A is M x K, B is K x N, all row-major.
constexpr int M = 8, K = 16, N = 8;

extern "C" void zero_i32(int32_t *c) {
  for (int i = 0; i < M * N; ++i) c[i] = 0;
}

// C += A * B
extern "C" void matmul_i16_i32(const int16_t *a, const int16_t *b, int32_t *c) {
  for (int row = 0; row < M; ++row)
    for (int column = 0; column < N; ++column)
      for (int i = 0; i < K; ++i) c[row * N + column] += a[row * K + i] * b[i * N + column];
}
