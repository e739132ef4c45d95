// SYMBOL: z[i] = OPERATION(x[i], y[i]); add, mul, bit_and or bit_or.
//
// x, y, z   [n] of TYPE, 32-byte aligned; z overlaps neither x nor y. n is ELEMENTS, or the last
//           argument where ELEMENTS is not defined; a positive multiple of one 256-bit vector.
// numerics  integers wrap. bf16 is added and multiplied in fp32, and rounded once to nearest even.
//           Sets crRnd and crSat.
// contract  ironbird/iron/kernels/elementwise.py, image.py
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"

namespace {

constexpr int32_t lanes = 32 / sizeof(TYPE);

// Templates: only the operation asked for must exist for TYPE.
namespace operation {
template <typename V>
inline V add(const V &x, const V &y) {
  return aie::add(x, y);
}
template <typename V>
inline V mul(const V &x, const V &y) {
  return aie::mul(x, y).template to_vector<TYPE>();
}
template <typename V>
inline V both(const V &x, const V &y) {
  return aie::bit_and(x, y);
}
template <typename V>
inline V either(const V &x, const V &y) {
  return aie::bit_or(x, y);
}
}  // namespace operation

inline void combine(const TYPE *__restrict x, const TYPE *__restrict y, TYPE *__restrict z,
                    int32_t element_count) {
  aie::set_rounding(aie::rounding_mode::conv_even);
  aie::set_saturation(aie::saturation_mode::none);
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(1)
  for (int32_t first = 0; first < element_count; first += lanes)
    aie::store_v(z + first, operation::OPERATION(aie::load_v<lanes>(x + first),
                                                 aie::load_v<lanes>(y + first)));
}

}  // namespace

#ifdef ELEMENTS
extern "C" void SYMBOL(const TYPE *x, const TYPE *y, TYPE *z) {
  static_assert(ELEMENTS % lanes == 0, "ELEMENTS is not whole vectors");
  event0();
  combine(x, y, z, ELEMENTS);
  event1();
}
#else
extern "C" void SYMBOL(const TYPE *x, const TYPE *y, TYPE *z, int32_t element_count) {
  event0();
  combine(x, y, z, element_count);
  event1();
}
#endif
