// SYMBOL: z[0] = the larger of x[0] and y[0].
//
// x, y, z   [1] of TYPE.
// contract  ironbird/iron/kernels/reduction.py: compute_max
#include <aie_api/aie.hpp>

extern "C" void SYMBOL(const TYPE *x, const TYPE *y, TYPE *z) {
  event0();
  z[0] = x[0] > y[0] ? x[0] : y[0];
  event1();
}
