// top_k_i32: the `count` highest of some ranks, and where they stand.
// top_k_merge_i32: of two such lists, the `count` highest.
//
// ranks          [element_count] int32, 32-byte aligned, read and written: what is taken is left at
//                the least int32, which stands for "not to be chosen".
// first_id       the id of ranks[0]; the others follow.
// best           [2 * count] int32: ranks from the highest down, then their ids. Of equal ranks the
//                lowest id comes first. Where fewer may be chosen: the least int32, and id -1.
// theirs, ours   as best, and neither overlaps it; no id is in both.
// element_count  elements, not bytes; a positive multiple of 16 (whole vectors; no scalar tail).
// count          positive; ranks are read `count` times, so it is meant to be small.
// exact          bit-equal to the reference.
// contract       aie_kernels/contracts.py: TOP_K_I32, TOP_K_MERGE_I32
#include <aie_api/aie.hpp>

#include "aie_kernel_utils.h"

namespace {

constexpr int32_t lanes = 16;
constexpr int32_t least = -0x7FFFFFFF - 1;
constexpr int32_t most = 0x7FFFFFFF;

using Lanes = aie::vector<int32, lanes>;

alignas(aie::vector_decl_align) constexpr int32_t lane_numbers[lanes] = {
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

inline Lanes all(int32_t number) { return aie::broadcast<int32, lanes>(number); }

// Where the highest rank stands, the first of equal ones.
inline int32_t place_of_highest(const int32_t *__restrict ranks, int32_t element_count) {
  Lanes highest = all(least), place = all(0), here = aie::load_v<lanes>(lane_numbers);
  AIE_PREPARE_FOR_PIPELINING
  AIE_LOOP_MIN_ITERATION_COUNT(1)
  for (int32_t first = 0; first < element_count; first += lanes) {
    const auto [higher, is_new] = aie::max_cmp(highest, aie::load_v<lanes>(ranks + first));
    highest = higher;
    place = aie::select(place, here, is_new);
    here = aie::add(here, all(lanes));
  }
  const auto is_highest = aie::eq(highest, all(aie::reduce_max(highest)));
  return aie::reduce_min(aie::select(all(most), place, is_highest));
}

}  // namespace

extern "C" void top_k_i32(int32_t *__restrict ranks, int32_t *__restrict best, int32_t first_id,
                          int32_t element_count, int32_t count) {
  event0();
  for (int32_t taken = 0; taken < count; ++taken) {
    const int32_t place = place_of_highest(ranks, element_count);
    const int32_t rank = ranks[place];
    best[taken] = rank;
    best[count + taken] = rank == least ? -1 : first_id + place;
    ranks[place] = least;
  }
  event1();
}

extern "C" void top_k_merge_i32(const int32_t *__restrict theirs, const int32_t *__restrict ours,
                                int32_t *__restrict best, int32_t count) {
  event0();
  for (int32_t taken = 0, from_them = 0; taken < count; ++taken) {
    const int32_t from_us = taken - from_them;
    const int32_t their_rank = theirs[from_them], their_id = theirs[count + from_them];
    const int32_t our_rank = ours[from_us], our_id = ours[count + from_us];
    const bool is_theirs = their_rank > our_rank || (their_rank == our_rank && their_id < our_id);
    best[taken] = is_theirs ? their_rank : our_rank;
    best[count + taken] = is_theirs ? their_id : our_id;
    from_them += is_theirs;
  }
  event1();
}
