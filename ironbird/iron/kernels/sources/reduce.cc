// SYMBOL: y[0] = OPERATION over x; add (modulo 2^32), min or max.
//
// x              [element_count] of TYPE, 32-byte aligned.
// y              [1] of TYPE.
// element_count  elements, not bytes; a positive multiple of 16.
// exact          bit-equal to the reference for int32; bf16 has min and max only.
// contract       ironbird/iron/kernels/reduction.py
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"

namespace {

constexpr int32_t lanes = 16;
using Vector = aie::vector<TYPE, lanes>;

namespace add {
template <typename V>
inline V combine(const V &x, const V &y) {
  return aie::add(x, y);
}
template <typename V>
inline TYPE across(const V &x) {
  return aie::reduce_add(x);
}
}  // namespace add
namespace min {
template <typename V>
inline V combine(const V &x, const V &y) {
  return aie::min(x, y);
}
template <typename V>
inline TYPE across(const V &x) {
  return aie::reduce_min(x);
}
}  // namespace min
namespace max {
template <typename V>
inline V combine(const V &x, const V &y) {
  return aie::max(x, y);
}
template <typename V>
inline TYPE across(const V &x) {
  return aie::reduce_max(x);
}
}  // namespace max

}  // namespace

extern "C" void SYMBOL(const TYPE *__restrict x, TYPE *__restrict y, int32_t element_count) {
  event0();
  Vector so_far = aie::load_v<lanes>(x);
  AIE_PREPARE_FOR_PIPELINING
  for (int32_t first = lanes; first < element_count; first += lanes)
    so_far = OPERATION::combine(so_far, aie::load_v<lanes>(x + first));
  y[0] = OPERATION::across(so_far);
  event1();
}
