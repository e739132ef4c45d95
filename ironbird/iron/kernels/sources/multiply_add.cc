// SYMBOL, AXPY=0: z[i] = x[i] * y[i] + addend[i].
// SYMBOL, AXPY=1: z[i] = factor[0] * x[i] + y[i]; addend is factor, [1] float.
//
// x, y, z   [ELEMENTS] bf16, 32-byte aligned; z overlaps none of the others. ELEMENTS a multiple of
//           16.
// numerics  one multiply-add in fp32, rounded once to nearest even; the factor is rounded to bf16
//           first. Sets crRnd.
// contract  ironbird/iron/kernels/elementwise.py: mul_add, axpy
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"

#if AXPY
#define ADDEND float
#else
#define ADDEND bfloat16
#endif

extern "C" void SYMBOL(const bfloat16 *__restrict x, const bfloat16 *__restrict y,
                       const ADDEND *__restrict addend, bfloat16 *__restrict z) {
  constexpr int32_t lanes = 16;
  static_assert(ELEMENTS % lanes == 0, "ELEMENTS is not whole vectors");
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
#if AXPY
  const bfloat16 factor = addend[0];
  const aie::vector<bfloat16, lanes> factors = aie::broadcast<bfloat16, lanes>(factor);
#endif
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(1)
  for (int32_t first = 0; first < ELEMENTS; first += lanes) {
    const aie::vector<bfloat16, lanes> x_lanes = aie::load_v<lanes>(x + first);
    const aie::vector<bfloat16, lanes> y_lanes = aie::load_v<lanes>(y + first);
#if AXPY
    aie::accum<accfloat, lanes> sum(y_lanes);
    sum = aie::mac(sum, x_lanes, factors);
#else
    aie::accum<accfloat, lanes> sum(aie::load_v<lanes>(addend + first));
    sum = aie::mac(sum, x_lanes, y_lanes);
#endif
    aie::store_v(z + first, sum.to_vector<bfloat16>());
  }
  event1();
}
#undef ADDEND
