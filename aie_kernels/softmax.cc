// softmax_bf16: y = e^(x - max(x)) / sum(e^(x - max(x))) over one row.
// softmax_prefix_bf16: over the row's first elements; the others get 0, whatever they hold.
// softmax_masked_bf16: of x + mask.
//
// x, mask, y     [element_count] bf16, 32-byte aligned, not overlapping.
// valid_count    [8], of which the first is how many elements count: 0 or less for none.
// element_count  elements, not bytes; a positive multiple of 32 (whole vectors; no scalar tail),
//                at most 4,096.
// memory         8 KiB: the lower parts of a row's powers, whose upper parts wait in y.
// domain         an element more than 87 below the largest gets 0, so the lowest bf16 masks, and
//                minus infinity does. A row in which nothing counts gets zeros. With a NaN or plus
//                infinity that counts, the whole row is NaN.
// numerics       powers to 2^-12 (power_of_e.hpp), their sum and its inverse in fp32; rounded once.
//                Sets crRnd: nearest-even.
// contract       aie_kernels/contracts.py: SOFTMAX_BF16 and its siblings
#include "softmax.hpp"

#include <limits>

namespace {

constexpr int32_t longest_row = 4096;

struct Prefix {
  const bfloat16 *__restrict x;
  int32_t valid_count;

  template <unsigned Lanes>
  aie::vector<bfloat16, Lanes> at(int32_t first) const {
    const int32_t valid = std::clamp(valid_count - first, 0, int32_t(Lanes));
    const bfloat16 nothing = -std::numeric_limits<float>::infinity();
    return aie::select(aie::broadcast<bfloat16, Lanes>(nothing), aie::load_v<Lanes>(x + first),
                       aie::mask<Lanes>::from_uint32(uint32_t((uint64_t(1) << valid) - 1)));
  }
  WideVector wide(int32_t first) const { return at<wide_lanes>(first); }
  PairAccumulator exact(int32_t first) const { return PairAccumulator(at<pair_lanes>(first)); }
};

struct Masked {
  const bfloat16 *__restrict x;
  const bfloat16 *__restrict mask;

  WideVector wide(int32_t first) const {
    return aie::add(aie::load_v<wide_lanes>(x + first), aie::load_v<wide_lanes>(mask + first));
  }
  PairAccumulator exact(int32_t first) const {
    return aie::add(PairAccumulator(PairVector(aie::load_v<pair_lanes>(x + first))),
                    PairVector(aie::load_v<pair_lanes>(mask + first)));
  }
};

alignas(aie::vector_decl_align) bfloat16 lower_parts[longest_row];

// Powers in two parts, because a power kept in y alone would be rounded twice. Returns their sum.
template <typename Row>
inline float write_powers(const Row &row, bfloat16 *__restrict y, bfloat16 *__restrict lower,
                          float largest, int32_t element_count) {
  PairAccumulator sum = aie::zeros<accfloat, pair_lanes>();
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(2)
  for (int32_t first = 0; first < element_count; first += pair_lanes) {
    const PairAccumulator power = power_below(largest, row, first);
    sum = aie::add(sum, power);
    const Pair parts(power);
    aie::store_v(y + first, parts.upper);
    aie::store_v(lower + first, parts.lower);
  }
  return aie::reduce_add(sum.to_vector<float>());
}

inline void powers_to_shares(bfloat16 *__restrict y, const bfloat16 *__restrict lower, float sum,
                             int32_t element_count) {
  const Pair one_over_sum = inverse_of_sum(sum);
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(2)
  for (int32_t first = 0; first < element_count; first += pair_lanes) {
    const Pair power(aie::load_v<pair_lanes>(y + first), aie::load_v<pair_lanes>(lower + first));
    aie::store_v(y + first, share(power, one_over_sum));
  }
}

template <typename Row>
inline void write_softmax(const Row &row, bfloat16 *__restrict y, int32_t element_count) {
  aie::set_rounding(aie::rounding_mode::conv_even);
  const float largest = largest_element(row, element_count);
  const float sum = write_powers(row, y, lower_parts, largest, element_count);
  powers_to_shares(y, lower_parts, sum, element_count);
}

}  // namespace

extern "C" void softmax_bf16(const bfloat16 *x, bfloat16 *y, int32_t element_count) {
  event0();
  write_softmax(WholeRow{x}, y, element_count);
  event1();
}

extern "C" void softmax_prefix_bf16(const bfloat16 *x, const int32_t *valid_count, bfloat16 *y,
                                    int32_t element_count) {
  event0();
  write_softmax(Prefix{x, *valid_count}, y, element_count);
  event1();
}

extern "C" void softmax_masked_bf16(const bfloat16 *x, const bfloat16 *mask, bfloat16 *y,
                                    int32_t element_count) {
  event0();
  write_softmax(Masked{x, mask}, y, element_count);
  event1();
}
