// Attention of 64 queries, over the keys in pieces of 32, without ever holding all scores.
//
// A core keeps, for its 64 queries: the queries, and for each query a reference score, the sum of
// the powers e^(score - reference) so far, and the values weighted by those powers so far. The
// order of calls:
//
//   attention_begin_bf16           twice, 32 queries each: take the queries, forget the last ones
//   attention_length_bf16_i32      where the number of keys is known at run time only
//   attention_weights_bf16         for each piece of keys: the powers of its 64 x 32 scores
//     or attention_weights_masked_bf16: the same, with a number to add to each score
//   attention_accumulate_bf16_f32  for the piece of values beside it
//   attention_finish_f32_bf16      twice, 32 queries each: weighted values over sum
//
// Everything is computed transposed: scores are K Q', results V' P'. So a query is a column of
// every 4x4 block: maxima and sums over keys are element-wise but for two rotations at the end, and
// blocks of powers are operands of the next product as they stand, since two 4x4 blocks one below
// the other are one 8x4 block.
//
// A piece (of queries, keys, values, or results) is 32 rows x 64 columns of bf16 in blocks of 4x8;
// blocks follow one another row by row, and so do the elements of a block. All arrays are 32-byte
// aligned and do not overlap. Other layouts:
//
//   queries      [16 groups of 4][8 blocks of columns][8 columns][4 queries] bf16, times
//                1/8 = 1/sqrt(64)
//   weights      [16 groups][8 blocks of keys][4 keys][4 queries] bf16
//   reference    [16 groups][4 copies][4 queries] float
//   sums         [16 groups][4 keys mod 4][4 queries] float
//   accumulated  [16 groups][16 blocks of columns][4 columns][4 queries] float
//
// domain    a mask may hold -inf; a query that it hides every key from gets 0. A score more than 87
//           below the reference weighs nothing. A result is NaN where the formula, given NaN or
//           infinity, makes it NaN or infinite: a hidden key's value can do that too.
// numerics  products accumulate in fp32, as do sums; powers are good to 2^-12 (power_of_e.hpp) and
//           rounded once, to be operands. Sets crRnd: nearest-even.
// contract  aie_kernels/contracts.py: ATTENTION_BEGIN_BF16 and its siblings
#include <aie_api/aie.hpp>
#include <algorithm>
#include <limits>

#include "aie_kernel_utils.h"
#include "power_of_e.hpp"

namespace {

constexpr unsigned width = 64;
constexpr unsigned piece_rows = 32;

constexpr unsigned lanes = pair_lanes;  // of a 4x4 block
constexpr unsigned block_rows = 4;
constexpr unsigned query_groups_per_piece = piece_rows / block_rows;
constexpr unsigned key_blocks = piece_rows / block_rows;
constexpr unsigned wide_blocks = width / 8;    // blocks of 8 columns
constexpr unsigned narrow_blocks = width / 4;  // blocks of 4 columns
constexpr unsigned wide_lanes = block_rows * 8;

// Query groups and key blocks (or column blocks) whose products stay in registers together: 4 x 4
// accumulators of 512 bits, 16 of the core's 18.
constexpr unsigned unroll = 4;
constexpr unsigned query_groups = 16;

constexpr float lowest_bfloat16 = -3.3895314e38f;
constexpr float minus_infinity = -std::numeric_limits<float>::infinity();

// The reference moves only when a score exceeds it by more than this: e^8 = 2981 costs bf16 and
// fp32 no precision, and moving it means multiplying everything accumulated.
constexpr float allowed_excess = 8.0f;

// The largest power is at least 1, so a smaller sum is that of a query that sees no key.
constexpr float half_of_the_least_sum = 0.5f;

using ScoreBlock = aie::mmul<4, 8, 4, bfloat16, bfloat16, accfloat>;
using FloatVector = aie::vector<float, lanes>;

inline aie::accum<accfloat, lanes> accumulator_of(FloatVector v) {
  return aie::accum<accfloat, lanes>(v);
}

// Lane l of the result is `combine` over all lanes that belong to the query of lane l (l modulo 4).
template <typename Vector, typename Combine>
inline Vector over_keys_of_a_block(Vector v, Combine combine) {
  v = combine(v, aie::shuffle_down_rotate(v, 8));
  return combine(v, aie::shuffle_down_rotate(v, 4));
}

// Scores of four groups of queries against the piece's keys, into scores[group][key block][16].
// `start(key block, group)` is what a block of scores begins with.
template <typename Start>
inline void write_scores(const bfloat16 *__restrict keys, const bfloat16 *__restrict queries,
                         float *__restrict scores, Start start) {
  for (unsigned first_block = 0; first_block < key_blocks; first_block += unroll) {
    ScoreBlock blocks[unroll][unroll];
    AIE_LOOP_UNROLL_FULL
    for (unsigned i = 0; i < unroll; ++i) {
      AIE_LOOP_UNROLL_FULL
      for (unsigned j = 0; j < unroll; ++j) blocks[i][j] = start(first_block + i, j);
    }

    AIE_PREPARE_FOR_PIPELINING
    AIE_LOOP_MIN_ITERATION_COUNT(8)
    for (unsigned k = 0; k < wide_blocks; ++k) {
      aie::vector<bfloat16, wide_lanes> key_block[unroll], query_block[unroll];
      AIE_LOOP_UNROLL_FULL
      for (unsigned i = 0; i < unroll; ++i)
        key_block[i] =
            aie::load_v<wide_lanes>(keys + ((first_block + i) * wide_blocks + k) * wide_lanes);
      AIE_LOOP_UNROLL_FULL
      for (unsigned j = 0; j < unroll; ++j)
        query_block[j] = aie::load_v<wide_lanes>(queries + (j * wide_blocks + k) * wide_lanes);
      AIE_LOOP_UNROLL_FULL
      for (unsigned i = 0; i < unroll; ++i) {
        AIE_LOOP_UNROLL_FULL
        for (unsigned j = 0; j < unroll; ++j) blocks[i][j].mac(key_block[i], query_block[j]);
      }
    }

    AIE_LOOP_UNROLL_FULL
    for (unsigned i = 0; i < unroll; ++i) {
      AIE_LOOP_UNROLL_FULL
      for (unsigned j = 0; j < unroll; ++j)
        aie::store_v(scores + (j * key_blocks + first_block + i) * lanes,
                     blocks[i][j].to_vector<float>());
    }
  }
}

// Scores of keys that do not exist become minus infinity: lanes 4*key + query.
inline void forget_scores_from(int32_t valid_keys, float *scores) {
  const FloatVector nothing = aie::broadcast<float, lanes>(minus_infinity);
  for (unsigned group = 0; group < unroll; ++group) {
    for (unsigned block = valid_keys / block_rows; block < key_blocks; ++block) {
      const int32_t valid_rows = valid_keys - int32_t(block * block_rows);
      const uint32_t valid_lanes = valid_rows > 0 ? (1u << (4 * valid_rows)) - 1 : 0;
      float *place = scores + (group * key_blocks + block) * lanes;
      const auto keep = aie::mask<lanes>::from_uint32(valid_lanes);
      aie::store_v(place, aie::select(nothing, aie::load_v<lanes>(place), keep));
    }
  }
}

// Multiplies the sums and weighted values of one group of queries by e^difference.
inline void rescale(const FloatVector &difference, float *__restrict sums,
                    float *__restrict accumulated) {
  const FloatVector factor = power_of_e(accumulator_of(difference)).to_vector<float>();
  aie::store_v(sums, aie::mul(aie::load_v<lanes>(sums), factor).to_vector<float>());
  AIE_PREPARE_FOR_PIPELINING
  for (unsigned block = 0; block < narrow_blocks; ++block) {
    float *place = accumulated + block * lanes;
    aie::store_v(place, aie::mul(aie::load_v<lanes>(place), factor).to_vector<float>());
  }
}

// The reference of one group of queries, moved with all that depends on it if a score asks for it.
inline FloatVector settle_reference(const float *__restrict scores, float *__restrict reference,
                                    float *__restrict sums, float *__restrict accumulated) {
  const auto larger = [](const FloatVector &x, const FloatVector &y) -> FloatVector {
    return aie::max(x, y);
  };
  FloatVector top = aie::load_v<lanes>(scores);
  AIE_PREPARE_FOR_PIPELINING
  for (unsigned block = 1; block < key_blocks; ++block)
    top = larger(top, aie::load_v<lanes>(scores + block * lanes));
  top = over_keys_of_a_block(top, larger);

  const FloatVector old_reference = aie::load_v<lanes>(reference);
  const FloatVector excess = aie::sub(top, old_reference);
  if (aie::gt(excess, aie::broadcast<float, lanes>(allowed_excess)).empty()) return old_reference;
  const FloatVector new_reference = larger(top, old_reference);
  const FloatVector nothing_yet = aie::broadcast<float, lanes>(lowest_bfloat16);
  if (!aie::eq(old_reference, nothing_yet).full())
    rescale(aie::sub(old_reference, new_reference), sums, accumulated);
  aie::store_v(reference, new_reference);
  return new_reference;
}

// weights[key block][16] = e^(score - reference). Adds them to the sums as they are rounded: what
// is rounded off then cancels in the quotient.
inline void write_powers(const float *__restrict scores, const FloatVector &reference,
                         bfloat16 *__restrict weights, float *__restrict sums) {
  aie::accum<accfloat, lanes> sum = accumulator_of(aie::load_v<lanes>(sums));
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(8)
  for (unsigned block = 0; block < key_blocks; ++block) {
    const PairVector power =
        power_of_e(aie::sub(accumulator_of(aie::load_v<lanes>(scores + block * lanes)), reference))
            .to_vector<bfloat16>();
    aie::store_v(weights + block * lanes, power);
    sum = aie::mac(sum, power, bf16_in_every_lane(1.0f));
  }
  aie::store_v(sums, sum.to_vector<float>());
}

// `start(key block, group)` as in write_scores, the group counted from the first of all.
template <typename Start>
inline void write_weights(const bfloat16 *__restrict keys, const bfloat16 *__restrict queries,
                          bfloat16 *__restrict weights, float *__restrict reference,
                          float *__restrict sums, float *__restrict accumulated, int32_t valid_keys,
                          Start start) {
  aie::set_rounding(aie::rounding_mode::conv_even);
  alignas(aie::vector_decl_align) float scores[unroll * key_blocks * lanes];
  for (unsigned first = 0; first < query_groups; first += unroll) {
    write_scores(keys, queries + first * wide_blocks * wide_lanes, scores,
                 [&](unsigned block, unsigned group) { return start(block, first + group); });
    if (valid_keys < int32_t(piece_rows)) forget_scores_from(std::max(valid_keys, 0), scores);

    for (unsigned i = 0; i < unroll; ++i) {
      const unsigned group = first + i;
      const float *group_scores = scores + i * key_blocks * lanes;
      const FloatVector settled =
          settle_reference(group_scores, reference + group * lanes, sums + group * lanes,
                           accumulated + group * narrow_blocks * lanes);
      write_powers(group_scores, settled, weights + group * key_blocks * lanes,
                   sums + group * lanes);
    }
  }
}

}  // namespace

// piece   begins with a number, int32: how many keys there are in all.
// length  [8], of which the first becomes that number.
extern "C" void attention_length_bf16_i32(const bfloat16 *piece, int32_t *length) {
  constexpr unsigned vector_bfloat16s = 16;
  aie::store_v(length, aie::load_v<vector_bfloat16s>(piece).cast_to<int32_t>());
}

// half  0 or 1: which 32 of the 64 queries `piece` brings.
extern "C" void attention_begin_bf16(const bfloat16 *__restrict piece, bfloat16 *__restrict queries,
                                     float *__restrict reference, float *__restrict sums,
                                     float *__restrict accumulated, int32_t half) {
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  const bfloat16 one_over_root_of_width = 0.125f;
  const unsigned first = half * query_groups_per_piece;
  queries += first * wide_blocks * wide_lanes;
  AIE_PREPARE_FOR_PIPELINING
  for (unsigned block = 0; block < query_groups_per_piece * wide_blocks; ++block) {
    const aie::vector<bfloat16, wide_lanes> columns_by_queries =
        aie::transpose(aie::load_v<wide_lanes>(piece + block * wide_lanes), 4, 8);
    const aie::accum<accfloat, wide_lanes> scaled =
        aie::mul(columns_by_queries, one_over_root_of_width);
    aie::store_v(queries + block * wide_lanes, scaled.to_vector<bfloat16>());
  }

  const FloatVector lowest = aie::broadcast<float, lanes>(lowest_bfloat16);
  const FloatVector zeros = aie::zeros<float, lanes>();
  for (unsigned group = first; group < first + query_groups_per_piece; ++group) {
    aie::store_v(reference + group * lanes, lowest);
    aie::store_v(sums + group * lanes, zeros);
    AIE_PREPARE_FOR_PIPELINING
    for (unsigned block = 0; block < narrow_blocks; ++block)
      aie::store_v(accumulated + (group * narrow_blocks + block) * lanes, zeros);
  }
  event1();
}

// valid_keys  how many keys of the piece exist; 32 or more: all of them, 0 or less: none.
extern "C" void attention_weights_bf16(const bfloat16 *keys, const bfloat16 *queries,
                                       bfloat16 *weights, float *reference, float *sums,
                                       float *accumulated, int32_t valid_keys) {
  event0();
  write_weights(keys, queries, weights, reference, sums, accumulated, valid_keys,
                [](unsigned, unsigned) { return ScoreBlock(aie::zeros<accfloat, lanes>()); });
  event1();
}

// mask  [8 blocks of keys][8 blocks of queries][4 keys][8 queries] bf16, added to the scores.
extern "C" void attention_weights_masked_bf16(const bfloat16 *keys, const bfloat16 *queries,
                                              const bfloat16 *mask, bfloat16 *weights,
                                              float *reference, float *sums, float *accumulated,
                                              int32_t valid_keys) {
  event0();
  write_weights(
      keys, queries, weights, reference, sums, accumulated, valid_keys,
      [mask](unsigned block, unsigned group) {
        const aie::vector<bfloat16, wide_lanes> two_groups =
            aie::load_v<wide_lanes>(mask + (block * query_groups / 2 + group / 2) * wide_lanes);
        const aie::vector<bfloat16, lanes> one_group =
            group % 2 == 0 ? aie::filter_even(two_groups, 4) : aie::filter_odd(two_groups, 4);
        return ScoreBlock(aie::accum<accfloat, lanes>(one_group));
      });
  event1();
}

extern "C" void attention_accumulate_bf16_f32(const bfloat16 *__restrict values,
                                              const bfloat16 *__restrict weights,
                                              float *__restrict accumulated) {
  constexpr unsigned eights_of_keys = piece_rows / 8;
  event0();
  for (unsigned group = 0; group < query_groups; group += unroll) {
    for (unsigned column = 0; column < narrow_blocks; column += unroll) {
      ScoreBlock blocks[unroll][unroll];
      AIE_LOOP_UNROLL_FULL
      for (unsigned i = 0; i < unroll; ++i) {
        AIE_LOOP_UNROLL_FULL
        for (unsigned j = 0; j < unroll; ++j)
          blocks[i][j] = ScoreBlock(
              aie::load_v<lanes>(accumulated + ((group + j) * narrow_blocks + column + i) * lanes));
      }

      AIE_PREPARE_FOR_PIPELINING
      AIE_LOOP_MIN_ITERATION_COUNT(4)
      for (unsigned k = 0; k < eights_of_keys; ++k) {
        aie::vector<bfloat16, wide_lanes> value_block[unroll], weight_block[unroll];
        AIE_LOOP_UNROLL_FULL
        for (unsigned i = 0; i < unroll; i += 2) {
          // Two 4x8 blocks one below the other, 8 keys x 8 columns, transposed: two 4x8 operands.
          const bfloat16 *place = values + (2 * k * wide_blocks + (column + i) / 2) * wide_lanes;
          const aie::vector<bfloat16, 2 * wide_lanes> columns_by_keys =
              aie::transpose(aie::concat(aie::load_v<wide_lanes>(place),
                                         aie::load_v<wide_lanes>(place + wide_blocks * wide_lanes)),
                             8, 8);
          value_block[i] = columns_by_keys.extract<wide_lanes>(0);
          value_block[i + 1] = columns_by_keys.extract<wide_lanes>(1);
        }
        AIE_LOOP_UNROLL_FULL
        for (unsigned j = 0; j < unroll; ++j)
          weight_block[j] =
              aie::load_v<wide_lanes>(weights + ((group + j) * eights_of_keys + k) * wide_lanes);
        AIE_LOOP_UNROLL_FULL
        for (unsigned i = 0; i < unroll; ++i) {
          AIE_LOOP_UNROLL_FULL
          for (unsigned j = 0; j < unroll; ++j) blocks[i][j].mac(value_block[i], weight_block[j]);
        }
      }

      AIE_LOOP_UNROLL_FULL
      for (unsigned i = 0; i < unroll; ++i) {
        AIE_LOOP_UNROLL_FULL
        for (unsigned j = 0; j < unroll; ++j)
          aie::store_v(accumulated + ((group + j) * narrow_blocks + column + i) * lanes,
                       blocks[i][j].to_vector<float>());
      }
    }
  }
  event1();
}

// half  0 or 1: which 32 of the 64 queries `piece` takes.
extern "C" void attention_finish_f32_bf16(const float *__restrict accumulated,
                                          const float *__restrict sums, bfloat16 *__restrict piece,
                                          int32_t half) {
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  for (unsigned i = 0; i < query_groups_per_piece; ++i) {
    const unsigned group = half * query_groups_per_piece + i;
    const FloatVector sum = over_keys_of_a_block(
        FloatVector(aie::load_v<lanes>(sums + group * lanes)),
        [](FloatVector x, FloatVector y) -> FloatVector { return aie::add(x, y); });
    const FloatVector one_over_sum =
        aie::inv(FloatVector(aie::max(sum, aie::broadcast<float, lanes>(half_of_the_least_sum))));
    AIE_PREPARE_FOR_PIPELINING
    for (unsigned block = 0; block < wide_blocks; ++block) {
      const float *place = accumulated + (group * narrow_blocks + 2 * block) * lanes;
      const aie::vector<bfloat16, lanes> upper =
          aie::mul(aie::load_v<lanes>(place), one_over_sum).to_vector<bfloat16>();
      const aie::vector<bfloat16, lanes> lower =
          aie::mul(aie::load_v<lanes>(place + lanes), one_over_sum).to_vector<bfloat16>();
      aie::store_v(piece + (i * wide_blocks + block) * wide_lanes,
                   aie::transpose(aie::concat(upper, lower), 8, 4));
    }
  }
  event1();
}
