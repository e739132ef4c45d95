// Attention of one query over the keys in pieces of 32: what a decoder does for each new position.
//
// The order of calls, for each head of each window:
//
//   attention_row_begin_bf16      takes the query and forgets the last one
//   attention_row_append_bf16     twice: hands on the new key, then the new value
//   attention_row_fold_bf16_f32   for each piece of keys and values
//   attention_row_finish_f32_bf16 weighted values over the sum of weights
//
// The multiplier's blocks want four queries where there is one, so it stands in four columns and
// everything is computed four times; reading keys and values takes longer than that. As in
// attention.cc all is transposed: scores are K q', results V' p'. All arrays are 32-byte aligned
// and do not overlap. Layouts:
//
//   rows         [64] the query, or [3][64]: query, key and value of the new position; of
//                four cores in turn, each of which begins at its own `offset`, in elements
//   piece        [32 positions][key 64 | value 64] bf16 in blocks of 4x8, row by row
//   bounds       like rows; at `offset` two int32: the first key seen, and the end of those
//   queries      [8 blocks of columns][8 columns][4 copies] bf16, times 1/8 = 1/sqrt(64)
//   reference    [16 copies] float: the largest score so far
//   sums         [4 keys mod 4][4 copies] float: of the powers e^(score - reference)
//   accumulated  [16 blocks of columns][4 columns][4 copies] float: values weighted by the powers
//
// domain    at least one key is seen. A score more than 87 below the reference weighs nothing. A
//           value that is NaN or infinite makes the result NaN, even if its key is not seen. In
//           another operand it may spoil one of the four copies, and not the one that is read.
// numerics  products and sums in fp32; powers are good to 2^-12 (power_of_e.hpp) and rounded once,
//           to be operands. Sets crRnd: nearest-even.
// contract  aie_kernels/contracts.py: ATTENTION_ROW_BEGIN_BF16 and its siblings
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"
#include "power_of_e.hpp"

namespace {

constexpr unsigned width = 64;
constexpr unsigned piece_rows = 32;
constexpr unsigned lanes = pair_lanes;  // of a 4x4 block
constexpr unsigned block_rows = 4;
constexpr unsigned key_blocks = piece_rows / block_rows;
constexpr unsigned wide_blocks = width / 8;          // blocks of 8 columns
constexpr unsigned narrow_blocks = width / 4;        // blocks of 4 columns
constexpr unsigned wide_lanes = block_rows * 8;      // of a 4x8 block
constexpr unsigned blocks_of_row = 2 * wide_blocks;  // of the key, then of the value
constexpr unsigned unroll = 8;                       // accumulators of 512 bits
constexpr float lowest_bfloat16 = -3.3895314e38f;

using Product = aie::mmul<4, 8, 4, bfloat16, bfloat16, accfloat>;
using FloatVector = aie::vector<float, lanes>;

// Lane l of the result is `combine` over the lanes of all keys of a block for the copy of lane l.
template <typename Combine>
inline FloatVector over_keys_of_a_block(FloatVector v, Combine combine) {
  v = combine(v, aie::shuffle_down_rotate(v, 8));
  return combine(v, aie::shuffle_down_rotate(v, 4));
}

inline FloatVector larger(const FloatVector &x, const FloatVector &y) { return aie::max(x, y); }
inline FloatVector sum_of(const FloatVector &x, const FloatVector &y) { return aie::add(x, y); }

// scores[key block][4 keys][4 copies].
inline void write_scores(const bfloat16 *__restrict piece, const bfloat16 *__restrict queries,
                         float *__restrict scores) {
  Product blocks[key_blocks];
  AIE_LOOP_UNROLL_FULL
  for (unsigned i = 0; i < key_blocks; ++i) blocks[i] = Product(aie::zeros<accfloat, lanes>());
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(8)
  for (unsigned k = 0; k < wide_blocks; ++k) {
    const aie::vector<bfloat16, wide_lanes> query =
        aie::load_v<wide_lanes>(queries + k * wide_lanes);
    AIE_LOOP_UNROLL_FULL
    for (unsigned i = 0; i < key_blocks; ++i)
      blocks[i].mac(aie::load_v<wide_lanes>(piece + (i * blocks_of_row + k) * wide_lanes), query);
  }
  AIE_LOOP_UNROLL_FULL
  for (unsigned i = 0; i < key_blocks; ++i)
    aie::store_v(scores + i * lanes, blocks[i].to_vector<float>());
}

// Scores of keys outside [first, end), counted within the piece, become the lowest number.
inline void forget_scores_outside(int32_t first, int32_t end, float *scores) {
  const FloatVector lowest = aie::broadcast<float, lanes>(lowest_bfloat16);
  const uint64_t below_end = end >= int32_t(piece_rows) ? 0xFFFFFFFFull : (1ull << end) - 1;
  const uint32_t seen = below_end & ~((1ull << (first > 0 ? first : 0)) - 1);
  for (unsigned block = 0; block < key_blocks; ++block) {
    uint32_t lanes_seen = 0;
    for (unsigned key = 0; key < block_rows; ++key)
      if (seen >> (block * block_rows + key) & 1) lanes_seen |= 0xFu << (block_rows * key);
    float *place = scores + block * lanes;
    const auto keep = aie::mask<lanes>::from_uint32(lanes_seen);
    aie::store_v(place, aie::select(lowest, aie::load_v<lanes>(place), keep));
  }
}

// Moves the reference to the largest score, and with it all that depends on it.
inline FloatVector settle_reference(const float *__restrict scores, float *__restrict reference,
                                    float *__restrict sums, float *__restrict accumulated) {
  FloatVector top = aie::load_v<lanes>(scores);
  AIE_PREPARE_FOR_PIPELINING
  for (unsigned block = 1; block < key_blocks; ++block)
    top = larger(top, aie::load_v<lanes>(scores + block * lanes));
  const FloatVector old_reference = aie::load_v<lanes>(reference);
  top = larger(over_keys_of_a_block(top, larger), old_reference);

  const FloatVector factor =
      power_of_e(PairAccumulator(aie::sub(old_reference, top))).to_vector<float>();
  aie::store_v(sums, aie::mul(aie::load_v<lanes>(sums), factor).to_vector<float>());
  AIE_PREPARE_FOR_PIPELINING
  for (unsigned block = 0; block < narrow_blocks; ++block) {
    float *place = accumulated + block * lanes;
    aie::store_v(place, aie::mul(aie::load_v<lanes>(place), factor).to_vector<float>());
  }
  aie::store_v(reference, top);
  return top;
}

// weights[key block][16] = e^(score - reference). Adds them to the sums as they are rounded: what
// is rounded off then cancels in the quotient.
inline void write_powers(const float *__restrict scores, const FloatVector &reference,
                         bfloat16 *__restrict weights, float *__restrict sums) {
  PairAccumulator sum(FloatVector(aie::load_v<lanes>(sums)));
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(8)
  for (unsigned block = 0; block < key_blocks; ++block) {
    const PairAccumulator score(FloatVector(aie::load_v<lanes>(scores + block * lanes)));
    const PairVector power = power_of_e(aie::sub(score, reference)).to_vector<bfloat16>();
    aie::store_v(weights + block * lanes, power);
    sum = aie::mac(sum, power, bf16_in_every_lane(1.0f));
  }
  aie::store_v(sums, sum.to_vector<float>());
}

inline void accumulate(const bfloat16 *__restrict values, const bfloat16 *__restrict weights,
                       float *__restrict accumulated) {
  for (unsigned column = 0; column < narrow_blocks; column += unroll) {
    Product blocks[unroll];
    AIE_LOOP_UNROLL_FULL
    for (unsigned i = 0; i < unroll; ++i)
      blocks[i] = Product(aie::load_v<lanes>(accumulated + (column + i) * lanes));
    AIE_PREPARE_FOR_PIPELINING
    AIE_LOOP_MIN_ITERATION_COUNT(4)
    for (unsigned eight = 0; eight < piece_rows / 8; ++eight) {
      const aie::vector<bfloat16, wide_lanes> weight =
          aie::load_v<wide_lanes>(weights + eight * wide_lanes);
      AIE_LOOP_UNROLL_FULL
      for (unsigned i = 0; i < unroll; i += 2) {
        // Two 4x8 blocks one below the other, 8 keys x 8 columns, transposed: two 4x8 operands.
        const bfloat16 *place =
            values + (2 * eight * blocks_of_row + (column + i) / 2) * wide_lanes;
        const aie::vector<bfloat16, 2 * wide_lanes> columns_by_keys =
            aie::transpose(aie::concat(aie::load_v<wide_lanes>(place),
                                       aie::load_v<wide_lanes>(place + blocks_of_row * wide_lanes)),
                           8, 8);
        blocks[i].mac(columns_by_keys.extract<wide_lanes>(0), weight);
        blocks[i + 1].mac(columns_by_keys.extract<wide_lanes>(1), weight);
      }
    }
    AIE_LOOP_UNROLL_FULL
    for (unsigned i = 0; i < unroll; ++i)
      aie::store_v(accumulated + (column + i) * lanes, blocks[i].to_vector<float>());
  }
}

}  // namespace

extern "C" void attention_row_begin_bf16(const bfloat16 *__restrict rows,
                                         bfloat16 *__restrict queries, float *__restrict reference,
                                         float *__restrict sums, float *__restrict accumulated,
                                         int32_t offset) {
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  const bfloat16 one_over_root_of_width = 0.125f;
  for (unsigned column = 0; column < width; column += lanes) {
    const PairVector scaled =
        aie::mul(aie::load_v<lanes>(rows + offset + column), one_over_root_of_width)
            .to_vector<bfloat16>();
    const auto twice = aie::interleave_zip(scaled, scaled, 1);
    const auto lower = aie::interleave_zip(twice.first, twice.first, 2);
    const auto upper = aie::interleave_zip(twice.second, twice.second, 2);
    aie::store_v(queries + 4 * column, aie::concat(lower.first, lower.second));
    aie::store_v(queries + 4 * column + wide_lanes, aie::concat(upper.first, upper.second));
  }
  const FloatVector zeros = aie::zeros<float, lanes>();
  aie::store_v(reference, FloatVector(aie::broadcast<float, lanes>(lowest_bfloat16)));
  aie::store_v(sums, zeros);
  AIE_PREPARE_FOR_PIPELINING
  for (unsigned block = 0; block < narrow_blocks; ++block)
    aie::store_v(accumulated + block * lanes, zeros);
  event1();
}

// offset  of the key in `rows`, or of the value.
extern "C" void attention_row_append_bf16(const bfloat16 *__restrict rows,
                                          bfloat16 *__restrict part, int32_t offset) {
  event0();
  for (unsigned column = 0; column < width; column += wide_lanes)
    aie::store_v(part + column, aie::load_v<wide_lanes>(rows + offset + column));
  event1();
}

// number  of the piece: its first key is the 32 number-th.
extern "C" void attention_row_fold_bf16_f32(const bfloat16 *__restrict piece,
                                            const bfloat16 *__restrict queries,
                                            const bfloat16 *__restrict bounds,
                                            float *__restrict reference, float *__restrict sums,
                                            float *__restrict accumulated, int32_t offset,
                                            int32_t number) {
  event0();
  const auto words = aie::load_v<lanes>(bounds + offset).cast_to<int32_t>();
  const int32_t first = int32_t(words.get(0)) - number * int32_t(piece_rows);
  const int32_t end = int32_t(words.get(1)) - number * int32_t(piece_rows);
  if (first < int32_t(piece_rows) && end > 0) {
    aie::set_rounding(aie::rounding_mode::conv_even);
    alignas(aie::vector_decl_align) float scores[key_blocks * lanes];
    alignas(aie::vector_decl_align) bfloat16 weights[key_blocks * lanes];
    write_scores(piece, queries, scores);
    if (first > 0 || end < int32_t(piece_rows)) forget_scores_outside(first, end, scores);
    const FloatVector settled = settle_reference(scores, reference, sums, accumulated);
    write_powers(scores, settled, weights, sums);
    accumulate(piece + wide_blocks * wide_lanes, weights, accumulated);
  }
  event1();
}

extern "C" void attention_row_finish_f32_bf16(const float *__restrict accumulated,
                                              const float *__restrict sums,
                                              bfloat16 *__restrict result) {
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  const FloatVector one_over_sum =
      aie::inv(over_keys_of_a_block(FloatVector(aie::load_v<lanes>(sums)), sum_of));
  AIE_PREPARE_FOR_PIPELINING
  for (unsigned block = 0; block < wide_blocks; ++block) {
    const float *place = accumulated + 2 * block * lanes;
    const PairVector upper =
        aie::mul(FloatVector(aie::load_v<lanes>(place)), one_over_sum).to_vector<bfloat16>();
    const PairVector lower = aie::mul(FloatVector(aie::load_v<lanes>(place + lanes)), one_over_sum)
                                 .to_vector<bfloat16>();
    const aie::vector<bfloat16, wide_lanes> copies =
        aie::transpose(aie::concat(upper, lower), 8, 4);
    aie::store_v(result + block * 8, copies.extract<8>(0));
  }
  event1();
}
