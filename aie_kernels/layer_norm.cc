// layer_norm_bf16: y = (x - mean(x)) / sqrt(variance(x) + 1e-5) * gain + bias over one row.
// layer_norm_plain_bf16: the same without gain and bias.
//
// x, y           [element_count] bf16, 32-byte aligned, not overlapping.
// gain_and_bias  [2][element_count] bf16, 32-byte aligned: all gains, then all biases.
// element_count  elements, not bytes; a positive multiple of 32 (whole vectors; no scalar tail).
// domain         every finite x; magnitudes below 2^-100 may count as zero. Rows whose largest
//                magnitude is above 2^50 are computed 2^70 times smaller, so that their squares
//                stay finite. One NaN or infinity makes a row NaN.
// numerics       statistics in fp32, the variance from x - mean. Factors are pairs of bf16, 16 bits
//                together (bf16_pair.hpp). Sets crRnd: nearest-even.
// contract       aie_kernels/contracts.py: LAYER_NORM_BF16, LAYER_NORM_PLAIN_BF16
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"
#include "bf16_pair.hpp"

namespace {

constexpr unsigned lanes = pair_lanes;
constexpr float epsilon = 1e-5f;
constexpr float largest_with_safe_squares = 0x1p50f;
constexpr float scale_of_larger_rows = 0x1p-70f;

using Vector = PairVector;
using Accumulator = PairAccumulator;

struct Statistics {
  Vector scale;  // what x is multiplied by before the mean is taken off
  aie::vector<float, lanes> mean;
  Pair inverse_deviation;
};

inline float largest_magnitude(const bfloat16 *__restrict x, int32_t element_count) {
  constexpr unsigned wide_lanes = 2 * lanes;
  aie::vector<bfloat16, wide_lanes> largest = aie::zeros<bfloat16, wide_lanes>();
  AIE_PREPARE_FOR_PIPELINING
  for (int32_t first = 0; first < element_count; first += wide_lanes)
    largest = aie::max(largest, aie::abs(aie::load_v<wide_lanes>(x + first)));
  return float(aie::reduce_max(largest));
}

inline float scaled_sum(const bfloat16 *__restrict x, const Vector &scale, int32_t element_count) {
  Accumulator sum = aie::zeros<accfloat, lanes>();
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(2)
  for (int32_t first = 0; first < element_count; first += lanes)
    sum = aie::mac(sum, aie::load_v<lanes>(x + first), scale);
  return aie::reduce_add(sum.to_vector<float>());
}

inline Pair centred(const bfloat16 *__restrict x, const Vector &scale,
                    const aie::vector<float, lanes> &mean) {
  const Accumulator scaled = aie::mul(aie::load_v<lanes>(x), scale);
  return Pair(aie::sub(scaled, mean));
}

inline float sum_of_squares(const bfloat16 *__restrict x, const Vector &scale,
                            const aie::vector<float, lanes> &mean, int32_t element_count) {
  Accumulator sum = aie::zeros<accfloat, lanes>();
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(2)
  for (int32_t first = 0; first < element_count; first += lanes) {
    const Pair part = centred(x + first, scale, mean);
    sum = aie::mac(sum, part.upper, part.upper);
    sum = aie::mac(sum, part.upper, part.lower);
    sum = aie::mac(sum, part.lower, part.upper);
  }
  return aie::reduce_add(sum.to_vector<float>());
}

inline Statistics statistics_of(const bfloat16 *__restrict x, int32_t element_count) {
  const bool is_large = largest_magnitude(x, element_count) > largest_with_safe_squares;
  const bfloat16 factor = is_large ? scale_of_larger_rows : 1.0f;
  const Vector scale = aie::broadcast<bfloat16, lanes>(factor);
  const float mean = scaled_sum(x, scale, element_count) / float(element_count);
  const aie::vector<float, lanes> means = aie::broadcast<float, lanes>(mean);
  const float variance = sum_of_squares(x, scale, means, element_count) / float(element_count);
  return {scale, means, Pair(inverse_root(variance + (is_large ? 0.0f : epsilon)))};
}

inline Accumulator normalised(const bfloat16 *__restrict x, const Statistics &row) {
  return product(centred(x, row.scale, row.mean), row.inverse_deviation);
}

}  // namespace

extern "C" void layer_norm_bf16(const bfloat16 *__restrict x,
                                const bfloat16 *__restrict gain_and_bias, bfloat16 *__restrict y,
                                int32_t element_count) {
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  const Statistics row = statistics_of(x, element_count);
  const bfloat16 *__restrict bias = gain_and_bias + element_count;
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(2)
  for (int32_t first = 0; first < element_count; first += lanes) {
    const Pair part(normalised(x + first, row));
    const Vector gain = aie::load_v<lanes>(gain_and_bias + first);
    const Accumulator start(Vector(aie::load_v<lanes>(bias + first)));
    const Accumulator result = add_product(start, part, gain);
    aie::store_v(y + first, result.to_vector<bfloat16>());
  }
  event1();
}

extern "C" void layer_norm_plain_bf16(const bfloat16 *__restrict x, bfloat16 *__restrict y,
                                      int32_t element_count) {
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  const Statistics row = statistics_of(x, element_count);
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(2)
  for (int32_t first = 0; first < element_count; first += lanes)
    aie::store_v(y + first, normalised(x + first, row).to_vector<bfloat16>());
  event1();
}
