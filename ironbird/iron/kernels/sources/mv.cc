// SYMBOL: c += A * b, modulo 2^32.
//
// a         [DIM_M][DIM_K] int16, row-major, 32-byte aligned. b [DIM_K] int16. c [DIM_M] int32.
// sizes     DIM_K a multiple of 16.
// exact     bit-equal to the reference.
// contract  ironbird/iron/kernels/matrix.py: mv
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"

extern "C" void SYMBOL(const int16_t *__restrict a, const int16_t *__restrict b,
                       int32_t *__restrict c) {
  constexpr int32_t lanes = 16;
  static_assert(DIM_K % lanes == 0, "DIM_K is not whole vectors");
  event0();
  aie::set_saturation(aie::saturation_mode::none);
  for (int32_t row = 0; row < DIM_M; ++row) {
    aie::accum<acc64, lanes> sum = aie::zeros<acc64, lanes>();
    AIE_PREPARE_FOR_PIPELINING
    AIE_LOOP_MIN_ITERATION_COUNT(1)
    for (int32_t first = 0; first < DIM_K; first += lanes)
      sum =
          aie::mac(sum, aie::load_v<lanes>(a + row * DIM_K + first), aie::load_v<lanes>(b + first));
    const int32_t product = aie::reduce_add(sum.to_vector<int32_t>(0));
    c[row] = static_cast<int32_t>(static_cast<uint32_t>(c[row]) + static_cast<uint32_t>(product));
  }
  event1();
}
