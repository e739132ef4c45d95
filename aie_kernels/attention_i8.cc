// attention_i8: y = softmax(q k' step) v over 64 queries and 64 keys of 64 numbers, all int8.
//
// packed     [3][64 rows][64] int8: q, k and v, each in blocks of 4x8, row by row, as its elements.
// steps      [8] float, of which two count: what one step of q k' is worth as an exponent (q's
//            scale x k's scale / 8), and what one step of v is worth in steps of y (v's scale over
//            y's). Positive, finite.
// y          [64 rows][64] int8, in blocks of 4x8 like q. All 32-byte aligned, not overlapping.
// numerics   scores are exact int32. A weight is 255 e^(score - the query's largest), rounded to
//            an integer: the power is good to 2^-12, so 1 in 1000 weights is rounded the other
//            way. Weighted values and the weights' sum are exact int32; their quotient is fp32,
//            rounded once to nearest even, and saturated. Sets crRnd: nearest-even.
// contract   aie_kernels/contracts.py: ATTENTION_I8
//
// Everything is computed transposed, as in attention.cc: scores are K Q', results V' P', so a query
// is a column of every 4x8 block, and two blocks of weights are one operand of the next product.
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"
#include "power_of_e.hpp"

namespace {

constexpr unsigned side = 64;
constexpr unsigned matrix_elements = side * side;
constexpr unsigned queries_at_a_time = 8;
constexpr unsigned key_blocks = side / 4;
constexpr unsigned wide_blocks = side / 8;
constexpr unsigned block_elements = 4 * 8;
constexpr unsigned square_elements = 8 * 8;
constexpr float largest_weight = 255.0f;

using ScoreBlock = aie::mmul<4, 8, 8, int8_t, int8_t>;
using ValueBlock = aie::mmul<4, 8, 8, int8_t, uint8_t>;
using Block = aie::vector<int8_t, block_elements>;
using Square = aie::vector<int8_t, square_elements>;
using Numbers = aie::vector<int32_t, block_elements>;
using FloatVector = aie::vector<float, pair_lanes>;

// The 8 x 8 elements of rows 8 * row and of columns 8 * column, turned over.
inline Square turned_square(const int8_t *__restrict matrix, unsigned row, unsigned column) {
  const int8_t *place = matrix + (2 * row * wide_blocks + column) * block_elements;
  return aie::transpose(aie::concat(aie::load_v<block_elements>(place),
                                    aie::load_v<block_elements>(place + side * 8 / 2)),
                        8, 8);
}

// Lane l of the result is `combine` over all lanes that belong to the query of lane l (l modulo 8).
template <typename Combine>
inline Numbers over_keys_of_a_block(Numbers v, Combine combine) {
  v = combine(v, aie::shuffle_down_rotate(v, 16));
  return combine(v, aie::shuffle_down_rotate(v, 8));
}

// scores[key block][4 keys][8 queries], and each query's largest.
inline Numbers write_scores(const int8_t *__restrict queries, const int8_t *__restrict keys,
                            unsigned group, int32_t *__restrict scores) {
  Square query_square[wide_blocks];
  AIE_LOOP_UNROLL_FULL
  for (unsigned column = 0; column < wide_blocks; ++column)
    query_square[column] = turned_square(queries, group, column);
  Numbers largest;
  for (unsigned block = 0; block < key_blocks; ++block) {
    ScoreBlock score;
    AIE_PREPARE_FOR_PIPELINING
    AIE_LOOP_MIN_ITERATION_COUNT(8)
    for (unsigned column = 0; column < wide_blocks; ++column)
      score.mac(aie::load_v<block_elements>(keys + (block * wide_blocks + column) * block_elements),
                query_square[column]);
    const Numbers numbers = score.to_vector<int32_t>();
    aie::store_v(scores + block * block_elements, numbers);
    largest = block == 0 ? numbers : aie::max(largest, numbers);
  }
  return over_keys_of_a_block(
      largest, [](const Numbers &x, const Numbers &y) -> Numbers { return aie::max(x, y); });
}

// 255 e^(difference * step) of differences below zero, to nearest.
inline aie::vector<int16_t, pair_lanes> weight(const aie::vector<int32_t, pair_lanes> &difference,
                                               const Pair &step) {
  const PairAccumulator number(FloatVector(aie::to_float<float>(difference)));
  const Pair power(power_of_e(product(Pair(number), step)));
  return aie::to_fixed<int16_t>(product(power, Pair(largest_weight)).to_vector<float>());
}

// weights[key block][4 keys][8 queries], and each query's sum of them.
inline Numbers write_weights(const int32_t *__restrict scores, const Numbers &largest,
                             const Pair &step, uint8_t *__restrict weights) {
  const aie::vector<uint8_t, block_elements> ones = aie::broadcast<uint8_t, block_elements>(1);
  aie::accum<acc32, block_elements> sums = aie::zeros<acc32, block_elements>();
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(16)
  for (unsigned block = 0; block < key_blocks; ++block) {
    const Numbers difference =
        aie::sub(aie::load_v<block_elements>(scores + block * block_elements), largest);
    const aie::vector<int16_t, block_elements> both =
        aie::concat(weight(difference.extract<pair_lanes>(0), step),
                    weight(difference.extract<pair_lanes>(1), step));
    const aie::vector<uint8_t, block_elements> rounded = both.cast_to<uint16_t>().pack<uint8_t>();
    aie::store_v(weights + block * block_elements, rounded);
    sums = aie::mac(sums, rounded, ones);
  }
  return over_keys_of_a_block(
      sums.to_vector<int32_t>(),
      [](const Numbers &x, const Numbers &y) -> Numbers { return aie::add(x, y); });
}

// Sums of weighted values, times `factor` of their query, as int8.
inline Block narrowed(const Numbers &sums, const FloatVector &factor) {
  const auto half = [&](unsigned i) -> aie::vector<int8_t, pair_lanes> {
    const FloatVector number = aie::to_float<float>(sums.extract<pair_lanes>(i));
    return aie::to_fixed<int8_t>(aie::mul(number, factor).to_vector<float>());
  };
  return aie::concat(half(0), half(1));
}

// Columns 8 * column of the results of eight queries.
inline Square results(const int8_t *__restrict values, const uint8_t *__restrict weights,
                      unsigned column, const FloatVector &factor) {
  ValueBlock upper, lower;
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(8)
  for (unsigned keys = 0; keys < side / 8; ++keys) {
    const Square columns_by_keys = turned_square(values, keys, column);
    const auto of_weights = aie::load_v<square_elements>(weights + keys * square_elements);
    upper.mac(columns_by_keys.extract<block_elements>(0), of_weights);
    lower.mac(columns_by_keys.extract<block_elements>(1), of_weights);
  }
  return aie::transpose(aie::concat(narrowed(upper.to_vector<int32_t>(), factor),
                                    narrowed(lower.to_vector<int32_t>(), factor)),
                        8, 8);
}

}  // namespace

extern "C" void attention_i8(const int8_t *__restrict packed, const float *__restrict steps,
                             int8_t *__restrict y) {
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  const Pair step(steps[0]);
  const FloatVector step_of_y = aie::broadcast<float, pair_lanes>(steps[1]);
  const int8_t *keys = packed + matrix_elements;
  const int8_t *values = keys + matrix_elements;
  alignas(aie::vector_decl_align) int32_t scores[key_blocks * block_elements];
  alignas(aie::vector_decl_align) uint8_t weights[key_blocks * block_elements];
  for (unsigned group = 0; group < side / queries_at_a_time; ++group) {
    const Numbers largest = write_scores(packed, keys, group, scores);
    const Numbers sums = write_weights(scores, largest, step, weights);
    const FloatVector sum = aie::to_float<float>(sums.extract<pair_lanes>(0));
    const FloatVector factor = aie::mul(step_of_y, aie::inv(sum)).to_vector<float>();
    for (unsigned column = 0; column < wide_blocks; ++column) {
      const Square eight_rows = results(values, weights, column, factor);
      int8_t *place = y + (2 * group * wide_blocks + column) * block_elements;
      aie::store_v(place, eight_rows.extract<block_elements>(0));
      aie::store_v(place + side * 8 / 2, eight_rows.extract<block_elements>(1));
    }
  }
  event1();
}
