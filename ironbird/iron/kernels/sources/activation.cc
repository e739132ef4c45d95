// SYMBOL: y[i] = OPERATION(x[i]); relu, leaky_relu, sigmoid, tanh, silu, gelu, exp.
// SYMBOL, GATED=1: z[i] = OPERATION(x[i]) * y[i], such as swiglu with silu.
//
// x, y, z   [n] bf16, 32-byte aligned, not overlapping. n is ELEMENTS, or the last argument where
//           ELEMENTS is not defined; a positive multiple of 16.
// domain    exp: -80 to 88, smaller ones count as -80. The others: every finite bf16.
// numerics  tanh and e^x from the tables of lut_based_ops.h; everything between in fp32, rounded to
//           nearest even. Sets crRnd: floor where the table of e^x is read.
// contract  ironbird/iron/kernels/activation.py
#include <lut_based_ops.h>

#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"

#ifndef SLOPE
#define SLOPE 0.01f
#endif

namespace {

constexpr int32_t lanes = 16;
using Vector = aie::vector<bfloat16, lanes>;

inline Vector product(const Vector &x, const Vector &y) {
  return aie::mul(x, y).template to_vector<bfloat16>();
}

inline Vector times(const Vector &x, float factor) {
  return product(x, aie::broadcast<bfloat16, lanes>(bfloat16(factor)));
}

namespace operation {

[[maybe_unused]] inline Vector relu(const Vector &x) {
  return aie::max(x, aie::zeros<bfloat16, lanes>());
}

[[maybe_unused]] inline Vector leaky_relu(const Vector &x) { return aie::max(x, times(x, SLOPE)); }

[[maybe_unused]] inline Vector tanh(const Vector &x) { return getTanhBf16(x); }

// 1 / (1 + e^-x) = tanh(x / 2) / 2 + 1 / 2
[[maybe_unused]] inline Vector sigmoid(const Vector &x) {
  const Vector half = aie::broadcast<bfloat16, lanes>(bfloat16(0.5f));
  aie::accum<accfloat, lanes> sum(half);
  return aie::mac(sum, tanh(times(x, 0.5f)), half).template to_vector<bfloat16>();
}

[[maybe_unused]] inline Vector silu(const Vector &x) { return product(x, sigmoid(x)); }

// x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))), arXiv:1606.08415 section 2. The cubic part
// saturates tanh long before it overflows, so x is held to +-16 there.
[[maybe_unused]] inline Vector gelu(const Vector &x) {
  const Vector top = aie::broadcast<bfloat16, lanes>(bfloat16(16.0f));
  const Vector held = aie::max(aie::min(x, top), aie::neg(top));
  const Vector weight = aie::broadcast<bfloat16, lanes>(bfloat16(0.044715f));
  const Vector one = aie::broadcast<bfloat16, lanes>(bfloat16(1.0f));
  aie::accum<accfloat, lanes> bracket(one);
  bracket = aie::mac(bracket, product(held, held), weight);
  const Vector inner = times(product(held, bracket.template to_vector<bfloat16>()), 0.7978845608f);
  aie::accum<accfloat, lanes> sum(one);
  sum = aie::mac(sum, tanh(inner), one);
  return product(times(x, 0.5f), sum.template to_vector<bfloat16>());
}

[[maybe_unused]] inline Vector exp(const Vector &x) {
  const Vector least = aie::broadcast<bfloat16, lanes>(bfloat16(-80.0f));
  const aie::accum<accfloat, lanes> power = getExpBf16(aie::max(x, least));
  return power.template to_vector<bfloat16>();
}

constexpr bool reads_exponentials(Vector (*function)(const Vector &)) { return function == exp; }

}  // namespace operation

inline void activate(const bfloat16 *__restrict x, [[maybe_unused]] const bfloat16 *__restrict gate,
                     bfloat16 *__restrict y, int32_t element_count) {
  aie::set_rounding(operation::reads_exponentials(operation::OPERATION)
                        ? aie::rounding_mode::floor
                        : aie::rounding_mode::conv_even);
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(1)
  for (int32_t first = 0; first < element_count; first += lanes) {
    Vector result = operation::OPERATION(aie::load_v<lanes>(x + first));
#if GATED
    result = product(result, aie::load_v<lanes>(gate + first));
#endif
    aie::store_v(y + first, result);
  }
}

}  // namespace

#if GATED
extern "C" void SYMBOL(const bfloat16 *x, const bfloat16 *gate, bfloat16 *y) {
  static_assert(ELEMENTS % lanes == 0, "ELEMENTS is not whole vectors");
  event0();
  activate(x, gate, y, ELEMENTS);
  event1();
}
#elif defined(ELEMENTS)
extern "C" void SYMBOL(const bfloat16 *x, bfloat16 *y) {
  static_assert(ELEMENTS % lanes == 0, "ELEMENTS is not whole vectors");
  event0();
  activate(x, nullptr, y, ELEMENTS);
  event1();
}
#else
extern "C" void SYMBOL(const bfloat16 *x, bfloat16 *y, int32_t element_count) {
  event0();
  activate(x, nullptr, y, element_count);
  event1();
}
#endif
