// Cycles of a kernel call from the slots that its counting build used: the affine law
// cycles = call + loops * enter + initiation interval * iterations.
// ironbird/simulator/interpreter/kernel_cost.py computes the same numbers.
#pragma once

#include <algorithm>
#include <cstdint>

#include "../include/ironbird/core.hpp"
#include "timing_constants.hpp"

namespace ironbird {

// Bundles that cannot be fewer: each slot issues one operation a cycle, loads two.
inline int64_t bundles(const SlotCounts &slots) {
  const auto loads = static_cast<int64_t>((slots.load + slots.load_a + 1) / 2 + slots.load_both);
  const auto shared_port = static_cast<int64_t>(slots.alu_results + slots.move);
  return std::max({loads, static_cast<int64_t>(slots.load_a), static_cast<int64_t>(slots.store),
                   static_cast<int64_t>(slots.vector), static_cast<int64_t>(slots.move),
                   static_cast<int64_t>(slots.convert), static_cast<int64_t>(slots.scalar),
                   shared_port});
}

inline int64_t kernel_cycles(const CoreState &counted, int64_t argument_bytes,
                             int32_t compiler_class) {
  const CompilerClass &model = timing::compiler_classes[compiler_class];
  const int64_t everything = bundles(counted.slots);
  // A kernel without vector code shows no slots: assumed scalar, one pass over its arguments.
  if (counted.slots.vector + counted.slots.load + counted.slots.store == 0)
    return timing::kernel_call_cycles + argument_bytes / 4 * timing::scalar_element_cycles;
  int64_t in_loops = 0;
  int64_t cycles = timing::kernel_call_cycles;
  for (int32_t index = 0; index < counted.loop_count; ++index) {
    const LoopCounts &loop = counted.loops[index];
    const int64_t ideal = bundles(loop.slots);
    // Of several marks on one loop only the innermost has work; nor has a loop that holds loops.
    if (ideal == 0) continue;
    const int64_t percent =
        loop.slots.mac_float > loop.slots.mac_integer ? model.float_percent : model.integer_percent;
    in_loops += ideal;
    cycles += ideal * percent / 100 + static_cast<int64_t>(loop.entries) * model.loop_enter_cycles;
  }
  const int64_t outside = std::max<int64_t>(everything - in_loops, 0);
  return cycles + outside * model.straight_percent / 100;
}

}  // namespace ironbird
