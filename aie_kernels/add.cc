// add_i32: z[i] = x[i] + y[i], modulo 2^32.
// add_bf16: z[i] = x[i] + y[i], added in fp32 and rounded once, nearest-even, to bf16.
//
// x, y, z        [element_count], 32-byte aligned; z overlaps neither x nor y.
// element_count  elements, not bytes; a positive multiple of 16 (whole vectors; no scalar tail).
// numerics       add_i32 is bit-equal to the reference. add_bf16 aligns the smaller operand to the
//                larger before it adds: see the contract for what that costs. Sets crRnd.
// contract       aie_kernels/contracts.py: ADD_I32, ADD_BF16
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"

namespace {

constexpr int32_t lanes = 16;

template <typename Element>
inline void add(const Element *__restrict x, const Element *__restrict y, Element *__restrict z,
                int32_t element_count) {
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(1)
  for (int32_t first = 0; first < element_count; first += lanes)
    aie::store_v(z + first, aie::add(aie::load_v<lanes>(x + first), aie::load_v<lanes>(y + first)));
}

}  // namespace

extern "C" void add_i32(const int32_t *x, const int32_t *y, int32_t *z, int32_t element_count) {
  event0();
  add(x, y, z, element_count);
  event1();
}

extern "C" void add_bf16(const bfloat16 *x, const bfloat16 *y, bfloat16 *z, int32_t element_count) {
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  add(x, y, z, element_count);
  event1();
}
