// layer_norm_i8: LayerNorm of one row of int8 numbers that comes packed with its gain and bias.
//
// packed         [3][element_count] int8, 32-byte aligned: x, gain, bias.
// steps          [4] fp32: epsilon in squares of a step of x; then, in steps of y, a step of gain
//                and a step of bias, each at most 1; the last is not read.
// y              [element_count] int8, 32-byte aligned: rounded to nearest, ties to even, clamped.
// element_count  elements of x, not bytes; a positive multiple of 32 up to 1,024.
// numerics       sum and sum of squares as integers, exact. Then fp32, factors being pairs of bf16,
//                16 bits together (bf16_pair.hpp). Sets crRnd: nearest-even.
// contract       aie_kernels/contracts.py: LAYER_NORM_I8
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"
#include "bf16_pair.hpp"

namespace {

struct Moments {
  float mean, variance;
};

inline Moments moments_of(const int8_t *__restrict x, int32_t element_count) {
  constexpr unsigned wide_lanes = 32;
  const aie::vector<int8_t, wide_lanes> ones = aie::broadcast<int8_t, wide_lanes>(1);
  aie::accum<acc32, wide_lanes> sums = aie::zeros<acc32, wide_lanes>();
  aie::accum<acc32, wide_lanes> squares = aie::zeros<acc32, wide_lanes>();
  AIE_PREPARE_FOR_PIPELINING
  for (int32_t first = 0; first < element_count; first += wide_lanes) {
    const aie::vector<int8_t, wide_lanes> value = aie::load_v<wide_lanes>(x + first);
    sums = aie::mac(sums, value, ones);
    squares = aie::mac(squares, value, value);
  }
  const int64_t count = element_count;
  const int64_t sum = aie::reduce_add(sums.to_vector<int32_t>());
  const int64_t sum_of_squares = aie::reduce_add(squares.to_vector<int32_t>());
  return {float(sum) / float(count),
          float(count * sum_of_squares - sum * sum) / float(count * count)};
}

inline PairVector as_bfloat16(const int8_t *__restrict x) {
  return aie::to_float<bfloat16>(aie::load_v<pair_lanes>(x));
}

}  // namespace

extern "C" void layer_norm_i8(const int8_t *__restrict packed, const float *__restrict steps,
                              int8_t *__restrict y, int32_t element_count) {
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  const Moments row = moments_of(packed, element_count);
  const aie::vector<float, pair_lanes> mean = aie::broadcast<float, pair_lanes>(row.mean);
  const Pair gain_step(inverse_root(row.variance + steps[0]) * steps[1]);
  const Pair bias_step(steps[2]);
  const int8_t *__restrict gain = packed + element_count;
  const int8_t *__restrict bias = gain + element_count;
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(2)
  for (int32_t first = 0; first < element_count; first += pair_lanes) {
    const Pair centred(aie::sub(PairAccumulator(as_bfloat16(packed + first)), mean));
    const Pair normalised(product(centred, gain_step));
    PairAccumulator result = aie::zeros<accfloat, pair_lanes>();
    result = add_product(result, bias_step, as_bfloat16(bias + first));
    result = add_product(result, normalised, as_bfloat16(gain + first));
    aie::store_v(y + first, aie::to_fixed<int8_t>(result.to_vector<float>()));
  }
  event1();
}
