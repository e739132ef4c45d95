// SYMBOL: y = e^(x - max(x)) / sum(e^(x - max(x))) over one row.
//
// x, y      [ELEMENTS] bf16, 32-byte aligned, not overlapping. ELEMENTS a multiple of 16.
// domain    finite x. An element more than 80 below the largest counts as 80 below.
// numerics  powers from the tables of getExpBf16; their sum and its inverse in fp32. Sets crRnd.
// contract  ironbird/iron/kernels/normalisation.py: softmax
#include <lut_based_ops.h>

#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"

extern "C" void SYMBOL(const bfloat16 *__restrict x, bfloat16 *__restrict y) {
  constexpr int32_t lanes = 16;
  static_assert(ELEMENTS % lanes == 0, "ELEMENTS is not whole vectors");
  using Vector = aie::vector<bfloat16, lanes>;
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  Vector top = aie::load_v<lanes>(x);
  for (int32_t first = lanes; first < ELEMENTS; first += lanes)
    top = aie::max(top, aie::load_v<lanes>(x + first));
  const bfloat16 largest = aie::reduce_max(top);
  const Vector largests = aie::broadcast<bfloat16, lanes>(largest);
  const Vector least = aie::broadcast<bfloat16, lanes>(bfloat16(-80.0f));
  for (int32_t first = 0; first < ELEMENTS; first += lanes)
    aie::store_v(y + first, aie::max(aie::sub(aie::load_v<lanes>(x + first), largests), least));

  // The table's index is right in floor mode only.
  aie::set_rounding(aie::rounding_mode::floor);
  aie::accum<accfloat, lanes> sum = aie::zeros<accfloat, lanes>();
  AIE_PREPARE_FOR_PIPELINING
  for (int32_t first = 0; first < ELEMENTS; first += lanes) {
    const aie::accum<accfloat, lanes> power = getExpBf16(aie::load_v<lanes>(y + first));
    const Vector rounded = power.to_vector<bfloat16>();
    aie::store_v(y + first, rounded);
    sum = aie::add(sum, rounded);
  }
  aie::set_rounding(aie::rounding_mode::conv_even);

  // The inverse as two bf16 parts: 16 bits of it instead of 8.
  const float inverse = aie::inv(aie::reduce_add(sum.to_vector<float>()));
  const bfloat16 upper = inverse;
  const bfloat16 lower = inverse - float(upper);
  AIE_PREPARE_FOR_PIPELINING
  for (int32_t first = 0; first < ELEMENTS; first += lanes) {
    const Vector power = aie::load_v<lanes>(y + first);
    aie::accum<accfloat, lanes> share = aie::mul(power, aie::broadcast<bfloat16, lanes>(upper));
    share = aie::mac(share, power, aie::broadcast<bfloat16, lanes>(lower));
    aie::store_v(y + first, share.to_vector<bfloat16>());
  }
  event1();
}
