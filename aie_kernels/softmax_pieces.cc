// Softmax of a row in pieces: each is seen once to know the row, and once to get its shares.
//
//   softmax_begin_f32          forget the last row
//   softmax_fold_bf16_f32      for each piece: know its largest element and its sum of powers too
//   softmax_merge_f32          where cores have folded different pieces: know what the other knows
//   softmax_shares_bf16        for each piece: y = its elements of the whole row's softmax
//
// x, y           [element_count] bf16, 32-byte aligned, not overlapping: one piece.
// state, other   [2][16] float: the largest element so far, in every lane; and for each lane the
//                sum of its powers e^(element - largest).
// element_count  elements, not bytes; a positive multiple of 32 (whole vectors; no scalar tail).
// domain         as softmax.cc: minus infinity weighs nothing, with NaN or infinity the row is NaN.
// numerics       as softmax.cc; a sum multiplied by a power is good to 2^-12 of itself each time.
//                Sets crRnd: nearest-even.
// contract       aie_kernels/contracts.py: SOFTMAX_BEGIN_F32 and its siblings
#include "softmax.hpp"

namespace {

using FloatVector = aie::vector<float, pair_lanes>;

inline FloatVector everywhere(float number) { return aie::broadcast<float, pair_lanes>(number); }

// The sums relative to `largest`, which is not below the largest element they are relative to.
inline PairAccumulator sums_relative_to(float largest, const float *__restrict state) {
  const PairAccumulator own(FloatVector(aie::load_v<pair_lanes>(state)));
  const FloatVector factor = power_of_e(aie::sub(own, in_every_lane(largest))).to_vector<float>();
  return aie::mul(FloatVector(aie::load_v<pair_lanes>(state + pair_lanes)), factor);
}

inline void store(float largest, const PairAccumulator &sums, float *__restrict state) {
  aie::store_v(state, everywhere(largest));
  aie::store_v(state + pair_lanes, sums.to_vector<float>());
}

}  // namespace

extern "C" void softmax_begin_f32(float *state) {
  event0();
  store(lowest_bfloat16, aie::zeros<accfloat, pair_lanes>(), state);
  event1();
}

extern "C" void softmax_fold_bf16_f32(const bfloat16 *x, float *state, int32_t element_count) {
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  const WholeRow piece{x};
  const float largest = std::max(largest_element(piece, element_count), state[0]);
  store(largest, add_powers(sums_relative_to(largest, state), piece, largest, element_count),
        state);
  event1();
}

extern "C" void softmax_merge_f32(const float *other, float *state) {
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  const float largest = std::max(other[0], state[0]);
  store(largest, aie::add(sums_relative_to(largest, other), sums_relative_to(largest, state)),
        state);
  event1();
}

extern "C" void softmax_shares_bf16(const bfloat16 *x, const float *state, bfloat16 *y,
                                    int32_t element_count) {
  event0();
  aie::set_rounding(aie::rounding_mode::conv_even);
  const float sum = aie::reduce_add(FloatVector(aie::load_v<pair_lanes>(state + pair_lanes)));
  const Pair one_over_sum = inverse_of_sum(sum);
  const WholeRow piece{x};
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(2)
  for (int32_t first = 0; first < element_count; first += pair_lanes)
    aie::store_v(y + first, share(Pair(power_below(state[0], piece, first)), one_over_sum));
  event1();
}
