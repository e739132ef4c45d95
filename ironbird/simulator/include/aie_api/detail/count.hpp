// What the counting build records: issue slots per operation and the loops that the author marked.
//
// In every other build `count` is empty. Counts follow the table "native operations per API call"
// that the timing model is fitted to; public functions count, the functions in detail never do.
#pragma once

#include <stdio.h>
#include <stdlib.h>

#include <ironbird/core.hpp>

#define AIE_HOST_INLINE __attribute__((always_inline)) inline

namespace aie::detail {

using ironbird::SlotCounts;

template <auto Slot>
AIE_HOST_INLINE void count([[maybe_unused]] uint64_t operations) {
#if IRONBIRD_COUNT
  ironbird::CoreState &core = *ironbird::current_core;
  core.slots.*Slot += operations;
  if (core.current_loop >= 0) core.loops[core.current_loop].slots.*Slot += operations;
#endif
}

AIE_HOST_INLINE void count_load(unsigned halves) { count<&SlotCounts::load>(halves); }
AIE_HOST_INLINE void count_store(unsigned halves) { count<&SlotCounts::store>(halves); }
AIE_HOST_INLINE void count_move(unsigned n) { count<&SlotCounts::move>(n); }
AIE_HOST_INLINE void count_convert(unsigned n) { count<&SlotCounts::convert>(n); }
AIE_HOST_INLINE void count_scalar(unsigned n) { count<&SlotCounts::scalar>(n); }
AIE_HOST_INLINE void count_alu(unsigned n) {
  count<&SlotCounts::vector>(n);
  count<&SlotCounts::alu_results>(n);
}
AIE_HOST_INLINE void count_mac_integer(unsigned n) {
  count<&SlotCounts::vector>(n);
  count<&SlotCounts::mac_integer>(n);
}
AIE_HOST_INLINE void count_mac_float(unsigned n) {
  count<&SlotCounts::vector>(n);
  count<&SlotCounts::mac_float>(n);
}

// Vectors of 512 bits, 256-bit halves, or groups of `lanes`, rounded up.
constexpr unsigned parts_of(unsigned whole, unsigned part) { return (whole + part - 1) / part; }

// A kernel did something the chip does not do, or does differently from what the author meant.
[[gnu::cold, gnu::noinline]] inline void complain(const char *text) {
  ironbird::CoreState &core = *ironbird::current_core;
  if (core.complain != nullptr)
    core.complain(core.host, text);
  else
    fprintf(stderr, "ironbird: %s\n", text);
}

[[noreturn, gnu::cold, gnu::noinline]] inline void no_callback(const char *intrinsic) {
  fprintf(stderr, "ironbird: %s needs a core with that port; none is bound to this kernel\n",
          intrinsic);
  abort();
}

// The slot of a marked loop; -1 once more than `max_loops` places are marked.
[[gnu::noinline]] inline int32_t find_loop(const char *file, int32_t line, bool pipelined) {
  ironbird::CoreState &core = *ironbird::current_core;
  for (int32_t i = 0; i < core.loop_count; ++i)
    if (core.loops[i].line == line && core.loops[i].file == file) return i;
  if (core.loop_count == ironbird::max_loops) return -1;
  const int32_t index = core.loop_count++;
  core.loops[index] = {};
  core.loops[index].file = file;
  core.loops[index].line = line;
  core.loops[index].pipelined = pipelined ? 1 : 0;
  return index;
}

// Stands around a marked loop: `for (LoopScope loop(...); loop.once();) for (...) body`. As a
// statement of its own it can be the body of an unbraced `if`, it captures no `else`, and marks may
// be stacked.
class LoopScope {
 public:
  LoopScope(const char *file, int32_t line, bool pipelined)
      : outer_(ironbird::current_core->current_loop) {
    const int32_t index = find_loop(file, line, pipelined);
    if (index >= 0) ++ironbird::current_core->loops[index].entries;
    ironbird::current_core->current_loop = index;
  }
  ~LoopScope() { ironbird::current_core->current_loop = outer_; }
  bool once() { return !left_ && (left_ = true); }

 private:
  int32_t outer_;
  bool left_ = false;
};

// Stands between `for (...)` and its body, where the chess pragmas stand:
// `for (...) if (LoopIteration loop(...); false) {} else body`.
class LoopIteration {
 public:
  LoopIteration(const char *file, int32_t line, bool pipelined)
      : outer_(ironbird::current_core->current_loop) {
    const int32_t index = find_loop(file, line, pipelined);
    if (index >= 0) ++ironbird::current_core->loops[index].iterations;
    ironbird::current_core->current_loop = index;
  }
  ~LoopIteration() { ironbird::current_core->current_loop = outer_; }

 private:
  int32_t outer_;
};

}  // namespace aie::detail
