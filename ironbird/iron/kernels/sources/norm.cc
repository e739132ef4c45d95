// SYMBOL, CENTRED=0: y = x / sqrt(mean(x^2) + EPSILON) over one row (RMS norm, arXiv:1910.07467).
// SYMBOL, CENTRED=1: y = (x - mean(x)) / sqrt(variance(x) + EPSILON) (layer norm,
// arXiv:1607.06450).
//
// x, y      [ELEMENTS] bf16, 32-byte aligned, not overlapping. ELEMENTS a multiple of 16.
// numerics  sums of products in fp32; the mean and the scale rounded to bf16 before they are
// applied.
//           Sets crRnd.
// contract  ironbird/iron/kernels/normalisation.py: rms_norm, layer_norm
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"

extern "C" void SYMBOL(const bfloat16 *__restrict x, bfloat16 *__restrict y) {
  constexpr int32_t lanes = 16;
  static_assert(ELEMENTS % lanes == 0, "ELEMENTS is not whole vectors");
  using Vector = aie::vector<bfloat16, lanes>;
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  aie::accum<accfloat, lanes> squares = aie::zeros<accfloat, lanes>();
#if CENTRED
  aie::accum<accfloat, lanes> sum = aie::zeros<accfloat, lanes>();
  AIE_PREPARE_FOR_PIPELINING
  for (int32_t first = 0; first < ELEMENTS; first += lanes)
    sum = aie::add(sum, aie::load_v<lanes>(x + first));
  const bfloat16 mean = aie::reduce_add(sum.to_vector<float>()) / float(ELEMENTS);
  const Vector means = aie::broadcast<bfloat16, lanes>(mean);
  AIE_PREPARE_FOR_PIPELINING
  for (int32_t first = 0; first < ELEMENTS; first += lanes)
    aie::store_v(y + first, aie::sub(aie::load_v<lanes>(x + first), means));
  const bfloat16 *centred = y;
#else
  const bfloat16 *centred = x;
#endif
  AIE_PREPARE_FOR_PIPELINING
  for (int32_t first = 0; first < ELEMENTS; first += lanes) {
    const Vector values = aie::load_v<lanes>(centred + first);
    squares = aie::mac(squares, values, values);
  }
  const float mean_square = aie::reduce_add(squares.to_vector<float>()) / float(ELEMENTS);
  const bfloat16 scale = aie::invsqrt(mean_square + EPSILON);
  const Vector scales = aie::broadcast<bfloat16, lanes>(scale);
  AIE_PREPARE_FOR_PIPELINING
  for (int32_t first = 0; first < ELEMENTS; first += lanes)
    aie::store_v(
        y + first,
        aie::mul(aie::load_v<lanes>(centred + first), scales).template to_vector<bfloat16>());
  event1();
}
