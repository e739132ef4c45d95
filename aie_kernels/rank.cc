// rank_f32_i32: ranks[i] = the place of logits[i] among the float32 numbers, 0 for either zero.
//
// logits         [element_count] float32, 32-byte aligned.
// forbidden      [... words of 32 bits] int32: bit i % 32 of word first_word + i / 32 is set where
//                logits[i] may not be chosen; its rank is then the least int32.
// ranks          [element_count] int32, 32-byte aligned.
// first_word     words of `forbidden` that belong to others and stand before.
// element_count  elements, not bytes; a positive multiple of 32 (whole words of `forbidden`).
// exact          bit-equal to the reference. A NaN of either sign ranks above plus infinity.
// contract       aie_kernels/contracts.py: RANK_F32_I32
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"

namespace {

constexpr int32_t lanes = 16;
constexpr int32_t word_bits = 32;
constexpr int32_t magnitude_bits = 0x7FFFFFFF;
constexpr int32_t infinity = 0x7F800000;
constexpr int32_t rank_of_nan = 0x7FFFFFFF;
constexpr int32_t rank_of_forbidden = -0x7FFFFFFF - 1;

using Ranks = aie::vector<int32, lanes>;

inline Ranks all(int32_t number) { return aie::broadcast<int32, lanes>(number); }

// A float is a sign and a magnitude; compared as two's complement, magnitudes of negatives turn
// round.
inline Ranks ranked(const Ranks &bits, const aie::mask<lanes> &forbidden) {
  const Ranks magnitude = aie::bit_and(bits, all(magnitude_bits));
  const Ranks number = aie::select(magnitude, aie::sub(all(0), magnitude), aie::lt(bits, all(0)));
  const Ranks or_nan = aie::select(number, all(rank_of_nan), aie::gt(magnitude, all(infinity)));
  return aie::select(or_nan, all(rank_of_forbidden), forbidden);
}

}  // namespace

extern "C" void rank_f32_i32(const float *__restrict logits, const int32_t *__restrict forbidden,
                             int32_t *__restrict ranks, int32_t first_word, int32_t element_count) {
  event0();
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(1)
  for (int32_t first = 0; first < element_count; first += word_bits) {
    const uint32_t word = forbidden[first_word + first / word_bits];
    const aie::vector<float, lanes> low = aie::load_v<lanes>(logits + first);
    const aie::vector<float, lanes> high = aie::load_v<lanes>(logits + first + lanes);
    aie::store_v(ranks + first,
                 ranked(low.cast_to<int32>(), aie::mask<lanes>::from_uint32(word & 0xFFFF)));
    aie::store_v(ranks + first + lanes,
                 ranked(high.cast_to<int32>(), aie::mask<lanes>::from_uint32(word >> lanes)));
  }
  event1();
}
